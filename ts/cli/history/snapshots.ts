/**
 * Which snapshots there are: in files, folders and what patterns match, with the organizations that lie beside them, in the order of time.
 *
 * A file whose name has the word "organizations" has those of the snapshot in its folder whose name is the same but for this word, "nodes" and
 * what separates words: `nodes.json` and `organizations.json`, `2021-03-04.json` and `2021-03-04-organizations.json.gz`.
 */

import { createReadStream, rmSync } from 'node:fs'
import { mkdtemp, open, readdir, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip } from 'node:zlib'

import { glob, isDynamicPattern } from 'tinyglobby'

import { listOf } from '../../study/listing.js'
import { visible } from '../../study/visible.js'
import { Failure, notRead, reasonOf } from '../failure.js'
import { isAddress, withoutSecrets } from '../fetch.js'
import { unpacked } from '../unpacked.js'
import { timeInContent, timeInName, type Moment } from './moment.js'

/** A snapshot that there is, readable or not. */
export interface Snapshot {
  /** What results call it: its path, with the number of its line where the file has many. */
  name: string
  file: string
  /** Where it stands in a file of many, in bytes: `in` is that file, unpacked. */
  line: { in: string; begin: number; length: number } | undefined
  /** A file. */
  organizations: string | undefined
  moment: Moment
  /** Why it cannot be analyzed, if that is known already. */
  error: string | undefined
}

/** What is read of a folder. */
const READ = /\.(?:nd)?json(?:\.gz|\.br)?$/i
const MANY = /\.ndjson(?:\.gz|\.br)?$/i
const ORGANIZATIONS = /organi[sz]ations?/i
const NEWLINE = 0x0a

/** Those in these paths. `except` are files that are none, `forAll` the organizations of those that have none beside them. */
export async function snapshotsIn(
  paths: string[],
  except: string[],
  forAll: string | undefined
): Promise<Snapshot[]> {
  const excluded = new Set(
    [...except, ...(forAll === undefined ? [] : [forAll])].map((file) => resolve(file))
  )
  const files = new Set<string>()
  for (const path of paths) {
    for (const file of await filesIn(path)) if (!excluded.has(resolve(file))) files.add(file)
  }
  const beside = new Beside()
  const snapshots: Snapshot[] = []
  for (const file of files) {
    if (ORGANIZATIONS.test(basename(file))) continue
    const organizations = (await beside.of(file)) ?? forAll
    if (MANY.test(file)) snapshots.push(...(await linesOf(file, organizations)))
    else snapshots.push(await snapshotOf(file, organizations))
  }
  for (const file of files) {
    if (!ORGANIZATIONS.test(basename(file)) || beside.used.has(file)) continue
    snapshots.push({
      ...(await snapshotOf(file, undefined)),
      error: 'the organizations of no snapshot beside them'
    })
  }
  if (snapshots.length === 0) throw new Failure(`${listOf(paths)}: no snapshots there`)
  return snapshots.sort((one, other) =>
    inOrder([one.moment.time.toISOString(), one.name], [other.moment.time.toISOString(), other.name])
  )
}

/** Made when it is needed, as that is felt when a command begins. */
let numeric: Intl.Collator | undefined

/** The order of results: by time and, where that is the same, by name. */
export function inOrder(one: [time: string, name: string], other: [time: string, name: string]): number {
  if (one[0] !== other[0]) return one[0] < other[0] ? -1 : 1
  numeric ??= new Intl.Collator('en', { numeric: true })
  const byNumber = numeric.compare(one[1], other[1])
  return byNumber !== 0 ? byNumber : one[1] < other[1] ? -1 : Number(one[1] > other[1])
}

/** The JSON text of a file or of a line in it, unpacked. */
export async function textOf(file: string, line?: Snapshot['line']): Promise<Uint8Array> {
  if (line === undefined) return wholeOf(file)
  const handle = await open(line.in).catch((error: unknown) => {
    throw notRead(file, error)
  })
  try {
    const { buffer } = await handle.read(Buffer.alloc(line.length), 0, line.length, line.begin)
    return buffer
  } finally {
    await handle.close()
  }
}

async function wholeOf(file: string): Promise<Uint8Array> {
  try {
    return await unpacked(await readFile(file), file)
  } catch (error) {
    throw notRead(file, error)
  }
}

/** The files that a path stands for, as they are called from here. */
async function filesIn(path: string): Promise<string[]> {
  if (path === '-') {
    throw new Failure('-: snapshots are files; what comes on standard input goes into one, as .ndjson')
  }
  if (isAddress(path)) {
    throw new Failure(
      `${withoutSecrets(path)}: an address has one network, for \`analyze\`; snapshots are files`
    )
  }
  const found = await stat(path).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && isDynamicPattern(path)) return undefined
    throw notRead(path, error)
  })
  if (found === undefined) {
    const files = await glob(path, { expandDirectories: false })
    if (files.length === 0) throw new Failure(`${path}: no such file`)
    return files.map(called).sort()
  }
  if (!found.isDirectory()) return [called(path)]
  const files: string[] = []
  const names = await readdir(path, { recursive: true }).catch((error: unknown) => {
    throw notRead(path, error)
  })
  for (const name of names) {
    const isHidden = name.split(sep).some((part) => part.startsWith('.'))
    if (isHidden || !READ.test(name)) continue
    const file = join(path, name)
    // What cannot be looked at is a snapshot that cannot be read.
    const isFolder = await stat(file).then(
      (found) => found.isDirectory(),
      () => false
    )
    if (!isFolder) files.push(called(file))
  }
  return files.sort()
}

/** The same name however somebody writes it, so that what was done is found again. */
function called(file: string): string {
  const fromHere = relative(process.cwd(), file)
  const name = (fromHere.startsWith('..') ? resolve(file) : fromHere).replaceAll(sep, '/')
  // No name is a formula to a spreadsheet.
  return /^\w|^[./]/.test(name) ? name : `./${name}`
}

/** Files of organizations by the snapshots that they lie beside. */
class Beside {
  readonly #folders = new Map<string, Promise<Map<string, string>>>()
  readonly used = new Set<string>()

  async of(file: string): Promise<string | undefined> {
    const folder = dirname(file)
    const known = this.#folders.get(folder) ?? organizationsIn(folder)
    this.#folders.set(folder, known)
    const found = (await known).get(withoutWords(file))
    if (found !== undefined) this.used.add(found)
    return found
  }
}

async function organizationsIn(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder).catch(() => [])
  const files = names.filter((name) => ORGANIZATIONS.test(name) && READ.test(name) && !MANY.test(name))
  return new Map(files.map((name) => [withoutWords(name), called(join(folder, name))]))
}

/** The words of a file's name that tell snapshots apart. */
function withoutWords(file: string): string {
  const name = basename(file).replace(READ, '').toLowerCase()
  return name
    .split(/organi[sz]ations?|nodes?|[^a-z0-9]+/)
    .filter((word) => word !== '')
    .join(' ')
}

async function snapshotOf(file: string, organizations: string | undefined): Promise<Snapshot> {
  const inName = timeInName(file)
  const moment: Moment = inName === undefined ? await momentIn(file) : { time: inName, from: 'name' }
  return { name: visible(file), file, line: undefined, organizations, moment, error: undefined }
}

/** Of a file whose name has no time. What is wrong with it is told when it is analyzed. */
async function momentIn(file: string): Promise<Moment> {
  const text = await wholeOf(file).catch(() => undefined)
  const time = text === undefined ? undefined : timeInText(text)
  return time === undefined ? modified(file) : { time, from: 'content' }
}

async function modified(file: string): Promise<Moment> {
  const time = await stat(file).then(
    ({ mtime }) => mtime,
    () => new Date(0)
  )
  return { time, from: 'modified' }
}

function timeInText(text: Uint8Array): Date | undefined {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength)
  // An array of nodes has none.
  if (!/^[\s\uFEFF]*\{/.test(bytes.toString('utf8', 0, 64))) return undefined
  try {
    return timeInContent(JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')))
  } catch {
    return undefined
  }
}

/** A snapshot for each line that is not empty. */
async function linesOf(file: string, organizations: string | undefined): Promise<Snapshot[]> {
  const inName = timeInName(file)
  const otherwise: Moment = inName === undefined ? await modified(file) : { time: inName, from: 'name' }
  const snapshots: Snapshot[] = []
  const { lines, text } = await unpackedLines(file)
  let [number, begin] = [0, 0]
  let parts: Buffer[] = []
  const end = (): void => {
    number++
    const line = Buffer.concat(parts)
    if (line.toString('latin1').trim() !== '') {
      const time = timeInText(line)
      const moment: Moment = time === undefined ? otherwise : { time, from: 'content' }
      const name = visible(`${file}:${number}`)
      snapshots.push({
        ...{ name, file, organizations, moment, error: undefined },
        line: { in: text, begin, length: line.length }
      })
    }
    begin += line.length + 1
    parts = []
  }
  try {
    for await (const chunk of lines) {
      let rest = chunk as Buffer
      for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE)) {
        parts.push(rest.subarray(0, at))
        end()
        rest = rest.subarray(at + 1)
      }
      parts.push(rest)
    }
    end()
  } catch (error) {
    const what = reasonOf(error as NodeJS.ErrnoException)
    const name = visible(file)
    snapshots.push({ name, file, line: undefined, organizations, moment: otherwise, error: what })
  }
  return snapshots
}

/** The bytes of a file of many, and the file in which they can be found by their place: for a packed one, a copy. */
async function unpackedLines(file: string): Promise<{ lines: AsyncIterable<unknown>; text: string }> {
  const bytes = createReadStream(file)
  if (/\.ndjson$/i.test(file)) return { lines: bytes, text: file }
  const unpacking: Readable = pipeline(
    bytes,
    /\.gz$/i.test(file) ? createGunzip() : createBrotliDecompress(),
    // Whoever reads hears of it.
    () => {}
  )
  const text = join(await folderForCopies(), String(copies++))
  return { lines: copied(unpacking, text), text }
}

async function* copied(bytes: Readable, text: string): AsyncGenerator<Buffer> {
  const handle = await open(text, 'w')
  try {
    for await (const chunk of bytes) {
      await handle.writeFile(chunk as Buffer)
      yield chunk as Buffer
    }
  } finally {
    await handle.close()
  }
}

let copies = 0
let folder: Promise<string> | undefined

/** Is gone with this process. */
function folderForCopies(): Promise<string> {
  folder ??= mkdtemp(join(tmpdir(), 'stellar-fbas-')).then((path) => {
    process.on('exit', () => rmSync(path, { recursive: true, force: true }))
    return path
  })
  return folder
}
