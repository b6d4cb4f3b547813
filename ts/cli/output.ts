/**
 * How answers are written: text for people, or one of three formats for programs. Data goes to standard output, everything said about it to
 * standard error.
 */

import { stringify } from 'csv-stringify/sync'
import pc from 'picocolors'

import type { Format } from './options.js'
import { visible, visibleJson, visibleLines } from '../study/visible.js'

/** A row of what is one table for a program. */
export type Row = Record<string, string | number | boolean | null | undefined>

/** What a command has found out. */
export interface Answer {
  /** For people. */
  text: (look: Look) => string
  /** For programs: all of it. */
  json: unknown
  /** For programs, a line each: what is in the table. */
  rows: Iterable<Row> | AsyncIterable<Row>
  /** The same with lists in it, for formats that have them. Absent: the rows. */
  records?: Iterable<unknown> | AsyncIterable<unknown>
  /** What is not proven, a line each. */
  unproven: string[]
  /** What `--check` makes of it. */
  verdict: 'safe' | 'unsafe' | 'unknown'
}

/** How text for people looks. */
export interface Look {
  colors: ReturnType<typeof pc.createColors>
  /** Columns that a line may have. */
  width: number
}

const WIDEST = 110
const WIDTH_OF_PIPES = 100

/** How text on standard output looks: colors and the terminal's width on a terminal, unless the environment says otherwise. */
export function look(): Look {
  const { stdout, env } = process
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0'
  // Never undefined, which would leave it to the library, and that colors pipes where `CI` is set.
  const hasColors = !env.NO_COLOR && (forced || (stdout.isTTY === true && stdout.hasColors()))
  return {
    colors: pc.createColors(hasColors),
    width: Math.max(40, Math.min(stdout.isTTY ? stdout.columns || WIDTH_OF_PIPES : WIDTH_OF_PIPES, WIDEST))
  }
}

/** Writes an answer to standard output. */
export async function write(answer: Answer, format: Format): Promise<void> {
  switch (format) {
    case 'table':
      return print(`${answer.text(look())}\n`)
    case 'json':
      return print(`${jsonText(answer.json, 2)}\n`)
    case 'ndjson':
      for await (const record of answer.records ?? answer.rows) await print(`${jsonText(record)}\n`)
      return
    case 'csv':
      return writeCsv(answer.rows)
  }
}

/** Writes text and waits until it is gone. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) =>
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  )
}

/** Says something to people that is not the answer. */
export function say(message: string): void {
  process.stderr.write(`${visibleLines(message)}\n`)
}

/** JSON text; JSON knows no bigints, so they are texts. */
export function jsonText(value: unknown, indent?: number): string {
  const withoutBigints = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
  return visibleJson(JSON.stringify(value, withoutBigints, indent))
}

async function writeCsv(rows: Answer['rows']): Promise<void> {
  let header = true
  for await (const row of rows) {
    const cells = Object.entries(row).map(([name, cell]) => [
      name,
      typeof cell === 'string' ? visible(cell) : cell
    ])
    // A cell that begins like a formula would be one in a spreadsheet.
    await print(
      stringify([Object.fromEntries(cells)], {
        header,
        escape_formulas: true,
        cast: { boolean: (value) => String(value) }
      })
    )
    header = false
  }
}
