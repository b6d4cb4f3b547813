/** How tables, headings and paragraphs look on a terminal: a rule under the header, and nothing else but space. */

import Table from 'cli-table3'
import { wrapAnsi } from 'fast-wrap-ansi'

import type { Look } from './output.js'

type Cell = string | number

const NOTHING = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', right: '', 'right-mid': '' }
}

/** A table of which some columns hold numbers. */
export function table(look: Look, header: string[], rows: Cell[][], numbers: number[] = []): string {
  const table = new Table({
    head: header.map((cell) => look.colors.bold(cell)),
    chars: { ...NOTHING, mid: '─', 'mid-mid': '───', middle: '   ' },
    colAligns: header.map((_, column) => (numbers.includes(column) ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true }
  })
  table.push(...rows)
  return trimmed(table.toString())
}

/** A paragraph, broken between words; lines after the first are indented. */
export function paragraph(look: Look, text: string, indent = 0, hanging = indent + 2): string {
  const lines = text.split('\n').flatMap((line) => {
    const [first = '', ...rest] = wrapAnsi(line, look.width - hanging).split('\n')
    return [' '.repeat(indent) + first, ...rest.map((more) => ' '.repeat(hanging) + more)]
  })
  return trimmed(lines.join('\n'))
}

function trimmed(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
