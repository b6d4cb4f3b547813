/**
 * A file of results that grows as they come, survives being killed, and is put in the order of time once it is whole.
 *
 * A result is one line, written at once, so that a process that is killed leaves half a line at most: that is dropped when the work goes on.
 * In the end the file is written anew beside itself and takes its own place in one step. A file that ends with `.gz` grows by a member of gzip for
 * each result, which are one file to every reader, and is packed as a whole in the end.
 */

import { open, readFile, realpath, rename, stat, truncate, type FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip, gunzipSync, gzipSync } from 'node:zlib'

import { Failure, reasonOf } from '../failure.js'
import { notWritten } from '../output.js'
import { Lock } from './lock.js'
import { headOf, lineOf, placeOf, recordIn, type Format, type Record } from './records.js'
import { inOrder } from './snapshots.js'

export class ResultsFile {
  /** By what snapshots are called; the last one counts. */
  readonly records = new Map<string, Record>()
  readonly #file: string
  readonly #format: Format
  readonly #lock: Lock
  #handle: FileHandle | undefined

  private constructor(file: string, format: Format, lock: Lock) {
    this.#file = file
    this.#format = format
    this.#lock = lock
  }

  /** Opens it with what it has, for this run alone. A file that is something else is left as it is. */
  static async open(called: string, format: Format): Promise<ResultsFile> {
    if (/\.br$/i.test(called)) {
      throw new Failure(`${called}: a file that Brotli packs cannot grow; .gz can`)
    }
    if (/\.html?$/i.test(called)) throw new Failure(`${called}: --output is for results as ndjson or csv`)
    let lock: Lock | undefined
    try {
      const file = await realpath(called).catch(() => called)
      const found = await stat(file).catch(() => undefined)
      if (found !== undefined && !found.isFile()) throw new Failure(`${file}: expected a file to write to`)
      lock = await Lock.of(file)
      const results = new ResultsFile(file, format, lock)
      await results.#load()
      return results
    } catch (error) {
      lock?.release()
      if (error instanceof Failure) throw error
      throw notWritten(called, error)
    }
  }

  /** Adds a result. */
  async add(record: Record): Promise<void> {
    this.records.set(String(record.snapshot), record)
    try {
      await this.#append(lineOf(record, this.#format))
    } catch (error) {
      throw notWritten(this.#file, error)
    }
  }

  /** Puts the results in the order of time, each once. */
  async finish(): Promise<void> {
    try {
      await this.#rewrite()
    } catch (error) {
      throw notWritten(this.#file, error)
    }
  }

  /** Lets others write to it, whole or not. */
  async close(): Promise<void> {
    await this.#handle?.close()
    this.#lock.release()
  }

  /** All results, in the order of time. */
  inOrder(): Record[] {
    return [...this.records.values()].sort((one, other) => inOrder(placeOf(one), placeOf(other)))
  }

  get #isPacked(): boolean {
    return /\.gz$/i.test(this.#file)
  }

  async #load(): Promise<void> {
    const found = await readFile(this.#file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      return Buffer.alloc(0)
    })
    const text = (this.#isPacked ? unpacked(this.#file, found) : found).toString('utf8')
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    const records = recordsIn(this.#file, whole, this.#format)
    if (whole === '' && text !== '' && !isBeginning(text, this.#format)) throw notOurs(this.#file, 1)
    for (const record of records) this.records.set(String(record.snapshot), record)
    // Half a member of gzip is not to be found in the file.
    if (this.#isPacked && found.length > 0) await this.#rewrite()
    else if (whole.length < text.length) await truncate(this.#file, Buffer.byteLength(whole))
    this.#handle = await open(this.#file, 'a')
    if (whole === '' && !this.#isPacked) await this.#append(headOf(this.#format))
    if (this.#isPacked && found.length === 0) await this.#append(headOf(this.#format))
  }

  async #append(text: string): Promise<void> {
    await this.#handle?.appendFile(this.#isPacked ? gzipSync(text) : text)
  }

  /** Writes what there is anew. */
  async #rewrite(): Promise<void> {
    const beside = `${this.#file}.unfinished`
    const { mode } = await stat(this.#file)
    await this.#handle?.close()
    this.#handle = undefined
    const handle = await open(beside, 'w', mode)
    const write = async (chunks: AsyncIterable<string | Buffer>): Promise<void> => {
      for await (const chunk of chunks) await handle.appendFile(chunk)
    }
    const lines = Readable.from(this.#lines())
    if (this.#isPacked) await pipeline(lines, createGzip(), write)
    else await write(lines)
    await handle.sync()
    await handle.close()
    await rename(beside, this.#file)
  }

  *#lines(): Generator<string> {
    yield headOf(this.#format)
    for (const record of this.inOrder()) yield lineOf(record, this.#format)
  }
}

/** As far as it goes: the last member may be half of one. */
function unpacked(file: string, bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch (error) {
    throw new Failure(`${file}: ${reasonOf(error as NodeJS.ErrnoException)}; name another file`)
  }
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
