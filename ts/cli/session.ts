/**
 * One run of the command line: its time, its signals, and how the addon is asked.
 *
 * Every question is asked with `anytime`, so that an end from outside, be it Ctrl-C, SIGTERM or the time limit, still brings the bounds proven so far.
 * Without `--anytime` the time limit is one for everything, and what is unproven then is an error; with it, the questions of a command share
 * the time, so that no hard one takes that of the others.
 */

import type { AnalysisOptions, Certificate, MinimalSetsIterator } from '../../index.js'
import { Failure, STATUS } from './failure.js'
import { read, type Reading } from './input.js'
import type { Naming } from '../study/naming.js'
import type { Options } from './options.js'
import type { Answer } from './output.js'
import { Progress } from './progress.js'
import { seenBy } from './seen.js'
import { attributeNamed, nodesNamed } from './understood.js'

/** What a command asks about a network. */
export type Question = (session: Session, reading: Reading, naming: Naming) => Promise<Answer>

/** What ended a run before its time. */
export type End = 'timeout' | 'interrupted' | 'terminated'

/** Unknown nodes read the other way than where nobody chose, only to decide a verdict: of that there is no certificate to write. */
export const OTHER_WAY = { unknownNodes: 'free', certificate: false } as const

export class Session {
  readonly #controller = new AbortController()
  readonly #began = performance.now()
  readonly #progress: Progress
  #end: End | undefined
  #asking = false
  /** What proves the answers so far, if `--certificate` asks for it. */
  readonly certificates: Certificate[] = []

  /** @param options As they were typed, until the network is read that they speak of. */
  constructor(public options: Options) {
    this.#progress = new Progress(options.progress !== false)
    const { timeout, anytime } = options
    // The process does not stay for it.
    if (timeout !== undefined && !anytime) setTimeout(() => this.#stop('timeout'), timeout * 1000).unref()
    process.on('SIGINT', () => this.#interrupt('interrupted'))
    process.on('SIGTERM', () => this.#interrupt('terminated'))
  }

  /** What ended the run before its time; absent: nothing. */
  get end(): End | undefined {
    return this.#end
  }

  /** Fires at the end that comes from outside. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  async read(nodes?: string, organizations = this.options.organizations): Promise<Reading> {
    return this.bounded(async (signal) => {
      const reading = await read(nodes, organizations, signal)
      const { reachableFrom } = this.options
      return reachableFrom === undefined ? reading : seenBy(reachableFrom, reading)
    })
  }

  /** Takes nodes and attributes that the options name for those of the networks that were read. */
  understand(...readings: [Reading, ...Reading[]]): void {
    const { faulty, illBehaved, groupBy } = this.options
    this.options = {
      ...this.options,
      faulty: faulty === undefined ? undefined : nodesNamed('--faulty', faulty, readings),
      illBehaved: illBehaved === undefined ? undefined : nodesNamed('--ill-behaved', illBehaved, readings),
      groupBy: groupBy === undefined ? undefined : attributeNamed(groupBy, readings[0])
    }
  }

  /**
   * Asks the addon a question. `left` is how many questions the command has yet to ask, this one included.
   *
   * @param about What is counted, for the progress display.
   */
  async ask<T extends object>(
    about: string,
    left: number,
    question: (bounds: AnalysisOptions) => Promise<T & { certificate?: Certificate }>
  ): Promise<T> {
    this.#asking = true
    this.#progress.begin(about)
    try {
      const answer = await question({
        ...this.#bounds(left),
        anytime: true,
        certificate: this.options.certificate !== undefined,
        onProgress: (progress) => this.#progress.show(progress)
      })
      if (answer.certificate !== undefined) {
        this.certificates.push(answer.certificate)
        // It is written by itself.
        delete answer.certificate
      }
      return answer
    } finally {
      this.#finish()
    }
  }

  /** Sets as they are found, until the end that comes from outside. */
  async *each(
    about: string,
    sets: (bounds: AnalysisOptions) => MinimalSetsIterator
  ): AsyncGenerator<string[]> {
    const { signal, timeoutMs, threads } = this.#bounds(1)
    this.#asking = true
    // What is drawn in between would wipe out what was written to the same terminal.
    if (!process.stdout.isTTY) this.#progress.begin(about)
    try {
      yield* sets({ signal, timeoutMs, threads })
    } finally {
      this.#finish()
    }
  }

  /** Does what says nothing before it ends: then the time limit is an error. */
  async bounded<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await work(this.signal)
    } catch (error) {
      if (this.#end === 'timeout') throw new Failure('the time limit ran out', STATUS.notProven)
      throw error
    }
  }

  /** What a question may spend, if `left` are yet to be asked. */
  #bounds(left: number) {
    const { timeout, anytime, threads } = this.options
    const leftMs = (timeout ?? Infinity) * 1000 - (performance.now() - this.#began)
    const timeoutMs = anytime && timeout !== undefined ? Math.max(0, leftMs / left) : undefined
    return { signal: this.signal, timeoutMs, threads }
  }

  #finish(): void {
    this.#asking = false
    this.#progress.end()
  }

  #interrupt(end: Exclude<End, 'timeout'>): void {
    // Nothing is proven yet, or somebody is in a hurry.
    if (!this.#asking || this.#end !== undefined) {
      this.#progress.end()
      process.exit(STATUS[end])
    }
    this.#stop(end)
    this.#progress.say(`${end}: what is proven so far follows (Ctrl-C again ends at once)`)
  }

  #stop(end: End): void {
    this.#end ??= end
    this.#controller.abort()
  }
}
