/**
 * A file of results that grows as they come, survives being killed, and is put in the order of time once it is whole.
 *
 * A result is one line, written at once, so that a process that is killed leaves half a line at most: that is dropped when the work goes on.
 * In the end the file is written anew beside itself and takes its own place in one step.
 */

import { open, readFile, realpath, rename, stat, truncate, type FileHandle } from 'node:fs/promises'

import { Failure } from '../failure.js'
import { notWritten } from '../output.js'
import { headOf, lineOf, recordIn, type Format, type Record } from './records.js'
import { inOrder } from './snapshots.js'

export class ResultsFile {
  /** By what snapshots are called; the last one counts. */
  readonly records = new Map<string, Record>()
  readonly #file: string
  readonly #format: Format
  readonly #handle: FileHandle

  private constructor(file: string, format: Format, handle: FileHandle) {
    this.#file = file
    this.#format = format
    this.#handle = handle
  }

  /** Opens it with what it has. A file that is something else is left as it is. */
  static async open(called: string, format: Format): Promise<ResultsFile> {
    try {
      const file = await realpath(called).catch(() => called)
      const found = await stat(file).catch(() => undefined)
      if (found !== undefined && !found.isFile()) throw new Failure(`${file}: expected a file to write to`)
      const text = found === undefined ? '' : await readFile(file, 'utf8')
      const whole = text.slice(0, text.lastIndexOf('\n') + 1)
      const records = recordsIn(file, whole, format)
      if (whole === '' && text !== '' && !isBeginning(text, format)) throw notOurs(file, 1)
      if (whole.length < text.length) await truncate(file, Buffer.byteLength(whole))
      const results = new ResultsFile(file, format, await open(file, 'a'))
      for (const record of records) results.records.set(String(record.snapshot), record)
      if (whole === '') await results.#handle.appendFile(headOf(format))
      return results
    } catch (error) {
      if (error instanceof Failure) throw error
      throw notWritten(called, error)
    }
  }

  /** Adds a result. */
  async add(record: Record): Promise<void> {
    this.records.set(String(record.snapshot), record)
    try {
      await this.#handle.appendFile(lineOf(record, this.#format))
    } catch (error) {
      throw notWritten(this.#file, error)
    }
  }

  /** Puts the results in the order of time, each once. */
  async finish(): Promise<void> {
    const records = [...this.records.values()].sort((one, other) => inOrder(placeOf(one), placeOf(other)))
    const beside = `${this.#file}.unfinished`
    try {
      const { mode } = await this.#handle.stat()
      await this.#handle.close()
      const handle = await open(beside, 'w', mode)
      await handle.appendFile(headOf(this.#format))
      for (const record of records) await handle.appendFile(lineOf(record, this.#format))
      await handle.sync()
      await handle.close()
      await rename(beside, this.#file)
    } catch (error) {
      throw notWritten(this.#file, error)
    }
  }
}

function placeOf({ time, snapshot }: Record): [string, string] {
  return [String(time), String(snapshot)]
}

function recordsIn(file: string, text: string, format: Format): Record[] {
  const lines = text.split('\n').slice(0, -1)
  const head = headOf(format).trim()
  if (lines.length > 0 && head !== '' && lines.shift() !== head) throw notOurs(file, 1)
  return lines.map((line, index) => {
    const record = recordIn(line, format)
    if (record === undefined) throw notOurs(file, index + (head === '' ? 1 : 2))
    return record
  })
}

/** What the first line begins with, but for its digits. */
const FIRST_RECORD = '{"time":"0000-00-00T00:00:00.000Z","timeFrom":"'

/** Whether half a line, and nothing else, can only be our first one. */
function isBeginning(text: string, format: Format): boolean {
  if (format === 'csv') return headOf(format).startsWith(text)
  const begun = text.slice(0, FIRST_RECORD.length).replace(/\d/g, '0')
  return FIRST_RECORD.startsWith(begun)
}

function notOurs(file: string, line: number): Failure {
  return new Failure(`${file}: line ${line} is no result of this command in this format; name another file`)
}
