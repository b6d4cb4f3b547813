/**
 * How answers are written: text for people, or one of three formats for programs. Data goes to standard output, everything said about it to
 * standard error.
 */

import { writeFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'

import { stringify } from 'csv-stringify/sync'
import pc from 'picocolors'

import { Failure, reasonOf, STATUS } from './failure.js'
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
  /** What their columns are called, where there may be no row to tell. */
  columns?: string[]
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
  const hasColors = (env.NO_COLOR ?? '') === '' && (forced || (stdout.isTTY === true && stdout.hasColors()))
  return {
    colors: pc.createColors(hasColors),
    width: Math.max(
      40,
      Math.min(stdout.isTTY && stdout.columns > 0 ? stdout.columns : WIDTH_OF_PIPES, WIDEST)
    )
  }
}

let lost: NodeJS.ErrnoException | undefined

/** What could not be written does not end the program: its status is still to follow. */
export function listenToOutput(): void {
  process.stdout.on('error', (error) => (lost ??= error))
  // There is nobody to tell.
  process.stderr.on('error', () => {})
}

/** Why some of the answer could not be written, once everything was tried. Whoever reads a pipe may stop reading: that is no error. */
export async function outputError(): Promise<Failure | undefined> {
  // Streams tell their errors a little later.
  await setImmediate()
  if (lost === undefined || lost.code === 'EPIPE') return undefined
  return new Failure(`standard output: ${reasonOf(lost)}`, STATUS.notWritten, { cause: lost })
}

/** Writes an answer to standard output. */
export async function write(answer: Answer, format: Format): Promise<void> {
  switch (format) {
    case 'table':
      await print(`${answer.text(look())}\n`)
      return
    case 'json':
      await print(`${jsonText(answer.json, 2)}\n`)
      return
    case 'ndjson':
      for await (const record of answer.records ?? answer.rows) {
        if (!(await print(`${jsonText(record)}\n`))) return
      }
      return
    case 'csv':
      return writeCsv(answer)
  }
}

/** Writes text and waits until it is gone; false if nothing can be written any more. */
export function print(text: string): Promise<boolean> {
  return new Promise((resolve) => process.stdout.write(text, (error) => resolve(error == null)))
}

/** Writes a file. */
export async function save(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content)
  } catch (error) {
    throw notWritten(file, error)
  }
}

/** What becomes of an error in writing a file or a folder. */
export function notWritten(file: string, error: unknown): Failure {
  const { code } = error as NodeJS.ErrnoException
  const reason = code === 'ENOENT' ? 'no such folder' : reasonOf(error as NodeJS.ErrnoException)
  return new Failure(`${file}: ${reason}`, STATUS.notWritten, { cause: error })
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

async function writeCsv({ rows, columns = [] }: Answer): Promise<void> {
  let header = true
  for await (const row of rows) {
    const cells = Object.entries(row).map(([name, cell]) => [
      name,
      typeof cell === 'string' ? visible(cell) : cell
    ])
    const line = stringify([Object.fromEntries(cells)], {
      header,
      // A cell that begins like a formula would be one in a spreadsheet.
      escape_formulas: true,
      cast: { boolean: (value) => String(value) }
    })
    if (!(await print(line))) return
    header = false
  }
  if (header) await print(stringify([], { header, columns }))
}
