// The text of the command line in its parts: paragraphs, tables, lists, and the colors of words.

import assert from 'node:assert/strict'

const ESCAPE = '\u001b'
const CODES = new RegExp(`${ESCAPE}\\[(\\d+)m`, 'g')

export function plain(text: string): string {
  return text.replace(CODES, '')
}

/** The color of a text whose first word is colored. */
export function colorOf(text: string): string | undefined {
  const names: Record<string, string> = {
    ...{ 1: 'bold', 2: 'dim', 31: 'red', 32: 'green', 33: 'yellow', 35: 'magenta' }
  }
  const [, code = ''] = new RegExp(`^${ESCAPE}\\[(\\d+)m`).exec(text) ?? []
  return names[code]
}

/** The parts of an answer, between empty lines. */
export function blocksOf(text: string): string[] {
  assert.ok(text.endsWith('\n'))
  return text.slice(0, -1).split('\n\n')
}

/** One line of what was broken between words. */
export function joined(lines: string[]): string {
  return lines.map((line) => line.trim()).join(' ')
}

/** Lines of the same indentation with what hangs below each of them. */
export function items(lines: string[], indent: number): string[] {
  const all: string[][] = []
  for (const line of lines) {
    const depth = line.length - line.trimStart().length
    if (depth === indent) all.push([line])
    else {
      assert.ok(depth > indent, `not indented by ${indent}: ${line}`)
      all.at(-1)?.push(line)
    }
  }
  return all.map(joined)
}

export interface Table {
  header: string[]
  rows: string[][]
}

/** A table of whose cells none is empty but perhaps the last. */
export function tableIn(block: string): Table {
  const [header = '', rule = '', ...rows] = plain(block).split('\n')
  assert.match(rule, /^─+$/)
  const cells = (line: string) => line.trim().split(/ {3,}/)
  return { header: cells(header), rows: rows.map(cells) }
}
