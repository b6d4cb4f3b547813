/** What is written of a snapshot: one flat record, a line of NDJSON or CSV, which can be read again. */

import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'

import { GROUPINGS } from '../../study/groupings.js'
import { FIGURES, type Bounds } from '../../study/record.js'
import { visible } from '../../study/visible.js'
import { jsonText } from '../output.js'
import type { Snapshot } from './snapshots.js'

/** How results are written. */
export const FORMATS = ['ndjson', 'csv'] as const
export type Format = (typeof FORMATS)[number]

type Cell = string | number | boolean | null | string[] | Bounds
/** By the names of the columns. What was read from CSV has texts only. */
export type Record = { [column: string]: Cell }

/** What CSV has. NDJSON also has `bounds` and `topTier`. */
export const COLUMNS = [
  ...['time', 'timeFrom', 'snapshot', 'error'],
  ...['verdict', 'hasQuorum', 'hasQuorumIntersection', 'hasHalted', 'hasSymmetricTopTier', 'doubts'],
  'nodeCount',
  ...GROUPINGS.flatMap(({ key }) => FIGURES.map((figure) => `${key}.${figure}`)),
  ...['withoutData', 'isExact', 'inexact', 'findings', 'hash', 'options', 'timeout', 'engine']
]

/** The record of a snapshot, of whose network this is known. */
export function recordOf(snapshot: Snapshot, more: Record): Record {
  const { time, from } = snapshot.moment
  return { error: null, ...more, time: time.toISOString(), timeFrom: from, snapshot: snapshot.name }
}

/** Where it stands in the order of results. */
export function placeOf({ time, snapshot }: Record): [time: string, name: string] {
  return [String(time), String(snapshot)]
}

/** Whether a record is of a snapshot that could be read. */
export function isRead({ error }: Record): boolean {
  return error === null || error === ''
}

/** Whether all its figures are proven, as far as it has any. */
export function isProven(record: Record): boolean {
  return !isRead(record) || String(record.isExact) === 'true'
}

/** What stands above the records. */
export function headOf(format: Format): string {
  return format === 'csv' ? `${COLUMNS.join(',')}\n` : ''
}

/** A record as a line. */
export function lineOf(record: Record, format: Format): string {
  if (format === 'ndjson') {
    const known = COLUMNS.map((column) => [column, record[column] ?? null])
    const more = { bounds: record.bounds ?? null, topTier: record.topTier ?? null }
    return `${jsonText({ ...Object.fromEntries(known), ...more })}\n`
  }
  const cells = COLUMNS.map((column) => {
    const cell = record[column] ?? null
    if (Array.isArray(cell)) return quoted(visible(cell.join(' ')))
    return typeof cell === 'string' ? quoted(visible(cell)) : cell
  })
  return stringify([cells], { cast: { boolean: (value) => String(value) } })
}

/** A text that begins like a formula would be one in a spreadsheet. With an apostrophe before it, it is not; one more before those that are there. */
function quoted(text: string): string {
  return /^'*[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text
}

/** The text again. */
function unquoted(cell: string): string {
  return /^'+[=+\-@\t\r＝＋－＠]/.test(cell) ? cell.slice(1) : cell
}

/** The record that a line is; nothing where it is none. */
export function recordIn(line: string, format: Format): Record | undefined {
  try {
    const [record] =
      format === 'ndjson'
        ? [JSON.parse(line) as Record]
        : (parse(line, { columns: COLUMNS, cast: unquoted }) as Record[])
    const isOne = typeof record?.snapshot === 'string' && typeof record.time === 'string' && 'hash' in record
    return isOne ? record : undefined
  } catch {
    return undefined
  }
}

/** The format that a file's name asks for. */
export function formatFor(asked: Format | undefined, file: string | undefined): Format {
  if (asked !== undefined) return asked
  if (file === undefined || !/\.csv(?:\.gz)?$/i.test(file)) return 'ndjson'
  return 'csv'
}
