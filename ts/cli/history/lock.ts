/**
 * Lets only one run at a time write to a file of results: a lock file beside it names the process that does.
 *
 * The lock file is removed when its process ends, unless that is killed. The next run then finds that there is no such process, and takes
 * the lock over at once. That is why the lock names a process and has no date of expiry as that of proper-lockfile has. Whether a process of
 * another machine still runs cannot be told.
 */

import { rmSync } from 'node:fs'
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { hostname, uptime } from 'node:os'

import { visible } from '../../study/visible.js'
import { Failure } from '../failure.js'
import { jsonText } from '../output.js'

/** Who writes. */
interface Holder {
  pid: number
  host: string
  /** When it began. */
  since: string
}

/** How long somebody may take from making the file to writing who it is. */
const MAKING_MS = 10_000
/** How far clocks may be set. */
const SLACK_MS = 60_000

export class Lock {
  readonly #file: string
  readonly #text: string
  readonly #release = (): void => rmSync(this.#file, { force: true })

  private constructor(file: string, text: string) {
    this.#file = file
    this.#text = text
  }

  /** Takes the lock of a file. Where somebody else has it, that is told. */
  static async of(output: string): Promise<Lock> {
    const file = `${output}.lock`
    const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
    const lock = new Lock(file, jsonText(holder))
    while (!(await lock.#made())) {
      const text = await readFile(file, 'utf8').catch(() => undefined)
      if (text === undefined) continue
      if (!(await isLeft(file, text))) throw held(output, file, holderIn(text))
      await takenAway(file, text)
    }
    process.on('exit', lock.#release)
    return lock
  }

  /** Lets others write. */
  release(): void {
    process.off('exit', this.#release)
    this.#release()
  }

  /** Whether it was made now. */
  async #made(): Promise<boolean> {
    const handle = await open(this.#file, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
      return undefined
    })
    if (handle === undefined) return false
    await handle.writeFile(this.#text)
    await handle.close()
    return true
  }
}

function holderIn(text: string): Holder | undefined {
  try {
    const { pid, host, since } = JSON.parse(text) as Partial<Holder>
    const isOne = Number.isInteger(pid) && typeof host === 'string' && typeof since === 'string'
    return isOne ? ({ pid, host, since } as Holder) : undefined
  } catch {
    return undefined
  }
}

/** Whether whoever made it is gone for sure. */
async function isLeft(file: string, text: string): Promise<boolean> {
  const holder = holderIn(text)
  if (holder === undefined) {
    const made = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0
    )
    return Date.now() - made > MAKING_MS
  }
  if (holder.host !== hostname()) return false
  // This process has none yet, so one with its number was another.
  if (holder.pid === process.pid) return true
  const booted = Date.now() - uptime() * 1000
  if (Date.parse(holder.since) < booted - SLACK_MS) return true
  try {
    process.kill(holder.pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Takes away what was left, unless another run has been faster and it is that one's now. */
async function takenAway(file: string, left: string): Promise<void> {
  const aside = `${file}.${process.pid}`
  try {
    await rename(file, aside)
  } catch {
    return
  }
  if ((await readFile(aside, 'utf8')) !== left) await link(aside, file).catch(() => {})
  await rm(aside)
}

function held(output: string, file: string, holder: Holder | undefined): Failure {
  const { pid, host, since } = holder ?? {}
  const who =
    holder === undefined
      ? 'another process writes to it'
      : `process ${pid}${host === hostname() ? '' : ` of ${visible(String(host))}`} has been writing to it since ${visible(String(since))}`
  return new Failure(
    `${output}: ${who}; wait for its end or name another file (if no such process is there, remove ${file})`
  )
}
