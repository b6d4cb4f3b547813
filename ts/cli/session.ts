/**
 * One run of the command line: its time, Ctrl-C, and how the addon is asked.
 *
 * Every question is asked with `anytime`, so that an end from outside, be it Ctrl-C or the time limit, still brings the bounds proven so far.
 * Without `--anytime` the time limit is one for everything, and what is unproven then is an error; with it, the questions of a command share
 * the time, so that no hard one takes that of the others.
 */

import type { AnalysisOptions, Certificate } from '../../index.js'
import { Failure, STATUS } from './failure.js'
import { read, type Reading } from './input.js'
import type { Options } from './options.js'
import { Progress } from './progress.js'

export class Session {
  readonly #controller = new AbortController()
  readonly #began = performance.now()
  readonly #progress: Progress
  #end: 'timeout' | 'interrupted' | undefined
  #asking = false
  /** What proves the answers so far, if `--certificate` asks for it. */
  readonly certificates: Certificate[] = []

  constructor(readonly options: Options) {
    this.#progress = new Progress(options.progress !== false)
    const { timeout, anytime } = options
    // The process does not stay for it.
    if (timeout !== undefined && !anytime) setTimeout(() => this.#stop('timeout'), timeout * 1000).unref()
    process.on('SIGINT', () => this.#interrupt())
  }

  /** What ended the run before its time; absent: nothing. */
  get end(): 'timeout' | 'interrupted' | undefined {
    return this.#end
  }

  /** Fires at the end that comes from outside. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  async read(nodes?: string, organizations = this.options.organizations): Promise<Reading> {
    return this.bounded((signal) => read(nodes, organizations, signal))
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
    const { timeout, anytime, threads } = this.options
    const leftMs = (timeout ?? Infinity) * 1000 - (performance.now() - this.#began)
    const timeoutMs = anytime && timeout !== undefined ? Math.max(0, leftMs / left) : undefined
    this.#asking = true
    this.#progress.begin(about)
    try {
      const answer = await question({
        anytime: true,
        certificate: this.options.certificate !== undefined,
        signal: this.signal,
        timeoutMs,
        threads,
        onProgress: (progress) => this.#progress.show(progress)
      })
      if (answer.certificate !== undefined) {
        this.certificates.push(answer.certificate)
        // It is written by itself.
        delete answer.certificate
      }
      return answer
    } finally {
      this.#asking = false
      this.#progress.end()
    }
  }

  /** Does what says nothing before it ends: then the time limit is an error. */
  async bounded<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await work(this.signal)
    } catch (error) {
      if (this.#end === 'timeout') throw new Failure('the time limit ran out', STATUS.timedOut)
      throw error
    }
  }

  #interrupt(): void {
    // Nothing is proven yet, or somebody is in a hurry.
    if (!this.#asking || this.#end === 'interrupted') {
      this.#progress.end()
      process.exit(STATUS.interrupted)
    }
    this.#stop('interrupted')
    this.#progress.say('interrupted: what is proven so far follows (Ctrl-C again ends at once)')
  }

  #stop(end: 'timeout' | 'interrupted'): void {
    this.#end ??= end
    this.#controller.abort()
  }
}
