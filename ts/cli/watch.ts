/**
 * `watch`: analyzes one network again and again, prints how it is, and announces each change for the worse once.
 *
 * A scan that fails is printed as a line and does not end the watch: the figures of the last good scan stay, and their age grows. Scans do
 * not overlap. Each has the time until the next one, unless an option says otherwise, and what is not proven in it is given as bounds. Where
 * there is a file for the state, an announcement is saved in it before it is sent.
 */

import { setTimeout as sleep } from 'node:timers/promises'

import { FbasNetwork, health } from '../../index.js'
import { Directory } from '../study/directory.js'
import { askerWithin, study, unprovenIn, type Studied, type Study } from '../study/study.js'
import { Failure, failureOf, STATUS, type Status } from './failure.js'
import { named, readingIn, textsFrom, type Reading } from './input.js'
import type { Options } from './options.js'
import { print, say } from './output.js'
import { seenBy } from './seen.js'
import { announcementOf } from './watch/announcement.js'
import { Baselines, type Kept, type Scan } from './watch/baselines.js'
import { Condition, type Outcome } from './watch/condition.js'
import { betterLine, failedLine, scanLine, worseLine, type Format } from './watch/lines.js'
import { command, webhook } from './watch/listeners.js'
import type { Metrics } from './watch/metrics.js'
import { Outlet, type Listener } from './watch/outlet.js'
import type { Place } from './watch/server.js'
import { StateFile, type Remembered } from './watch/state.js'

export interface WatchOptions extends Omit<Options, 'format'> {
  /** Milliseconds. */
  every: number
  once?: boolean
  serve?: Place
  /** A command line. */
  run?: string
  /** An address. */
  webhook?: string
  /** A file. */
  state?: string
  format: Format
}

/** Watches. It ends with `--once`, and where nobody is told anything any more. */
export async function watch(
  nodes: string,
  organizations: string | undefined,
  options: WatchOptions
): Promise<Status> {
  refuse([nodes, organizations, options.organizations], options)
  endOnSignals()
  const watch = await Watch.of(nodes, organizations ?? options.organizations, options)
  return options.once === true ? watch.once() : watch.on()
}

/** What was asked for and cannot be done. */
function refuse(sources: (string | undefined)[], options: WatchOptions): void {
  if (sources.includes('-'))
    throw new Failure('-: what is watched is read again and again, so it is a file or an address')
  if (sources.every((source) => source !== undefined))
    throw new Failure('organizations are named twice, as an argument and by --organizations')
  if (options.once !== true) return
  if (options.serve !== undefined) throw new Failure('--once serves nothing: it ends before anybody asks')
  if ((options.run ?? options.webhook) !== undefined && options.state === undefined)
    throw new Failure('--once knows of no change without --state, which remembers how it was')
}

function endOnSignals(): void {
  const ends = { SIGINT: 'interrupted', SIGTERM: 'terminated' } as const
  for (const [signal, end] of Object.entries(ends)) {
    process.on(signal, () => {
      say(end)
      process.exit(STATUS[end])
    })
  }
}

/** What is told is too old when so many scans, and the time of one, have passed without a good one. */
const MOST_MISSED = 3

class Watch {
  readonly #condition: Condition
  readonly #baselines: Baselines
  readonly #outlets: Outlet[]
  /** There before the first scan, where somebody is to be served. */
  #metrics: Metrics | undefined
  #isUnread = false

  private constructor(
    private readonly nodes: string,
    private readonly organizations: string | undefined,
    private readonly options: WatchOptions,
    private readonly state: StateFile | undefined,
    private readonly remembered: Remembered
  ) {
    const { every, once, run, webhook: address } = options
    this.#condition = new Condition(MOST_MISSED * every + (this.#limitMs ?? 0))
    this.#baselines = new Baselines(remembered.figures, (kept) => this.#studyOf(kept))
    const listeners = [
      ...(run === undefined ? [] : [command(run)]),
      ...(address === undefined ? [] : [webhook(address, health().version)])
    ]
    this.#outlets = listeners.map((listener) => {
      const pending = (remembered.pending[listener.kind] ??= [])
      const settled = () => this.state?.settled
      return new Outlet(listener, pending, settled, once !== true, (error) => this.#told(listener, error))
    })
  }

  static async of(nodes: string, organizations: string | undefined, options: WatchOptions): Promise<Watch> {
    const [state, remembered] =
      options.state === undefined
        ? [undefined, { figures: [], pending: {} }]
        : await StateFile.open(options.state, named(nodes))
    return new Watch(nodes, organizations, options, state, remembered)
  }

  /** Looks once. */
  async once(): Promise<Status> {
    const found = await this.#look()
    await Promise.all(this.#outlets.map((outlet) => outlet.deliver()))
    if (found instanceof Failure) throw found
    if (this.#outlets.some(({ pending }) => pending.length > 0)) return STATUS.notWritten
    return unprovenIn(found).length === 0 ? STATUS.fine : STATUS.notProven
  }

  /** Looks again and again. */
  async on(): Promise<Status> {
    const { serve: place, every } = this.options
    if (place !== undefined) await this.#serve(place)
    for (;;) {
      const began = performance.now()
      await this.#look()
      if (this.#isUnread && place === undefined && this.#outlets.length === 0) return STATUS.fine
      // What was not told before the last end is among it.
      for (const outlet of this.#outlets) void outlet.deliver()
      await sleep(Math.max(0, every - (performance.now() - began)))
    }
  }

  async #serve(place: Place): Promise<void> {
    // Loaded only here: nothing else needs what knows how Prometheus reads.
    const [{ Metrics }, { serve }] = await Promise.all([
      import('./watch/metrics.js'),
      import('./watch/server.js')
    ])
    const kinds = this.#outlets.map(({ listener }) => listener.kind)
    this.#metrics = new Metrics(this.#condition, health().version, kinds, (kind) => this.#pending(kind))
    say(`serving /metrics and /health at ${await serve(place, this.#metrics.registry, this.#condition)}`)
  }

  /** One scan, with all that comes of it; or why there was none, which is told. */
  async #look(): Promise<Study | Failure> {
    const { once, format } = this.options
    const began = new Date()
    const time = began.toISOString()
    let stage: Outcome = 'unreachable'
    try {
      const { signal } = new AbortController()
      const texts = await textsFrom(this.nodes, this.organizations, signal)
      stage = 'unreadable'
      const scan = await this.#scanOf(await this.#readingIn(texts), time)
      stage = 'defect'
      await this.#found(scan, (Date.now() - began.getTime()) / 1000)
      return scan.study
    } catch (error) {
      const failure = failureOf(error)
      const outcome = failure.status === STATUS.badInput ? stage : 'defect'
      this.#condition.failed(failure.message)
      this.#metrics?.failed(outcome)
      if (once !== true) await this.#print(failedLine(time, outcome, failure.message, format))
      return failure
    }
  }

  async #readingIn(texts: Parameters<typeof readingIn>[0]): Promise<Reading> {
    const { reachableFrom } = this.options
    const reading = await readingIn(texts)
    return reachableFrom === undefined ? reading : seenBy(reachableFrom, reading)
  }

  async #scanOf(reading: Reading, time: string): Promise<Scan> {
    const { network, nodes, organizations } = reading
    try {
      const study = await this.#asked(reading)
      return { ...{ time, nodes, organizations }, hash: network.hash(), study }
    } finally {
      network[Symbol.dispose]()
    }
  }

  /** What is known now of a network of before. */
  async #studyOf({ nodes, organizations }: Kept): Promise<Study> {
    const network = await FbasNetwork.load(
      JSON.stringify(nodes),
      organizations === undefined ? null : JSON.stringify(organizations)
    )
    try {
      return await this.#asked({
        title: '',
        sources: [],
        network,
        nodes,
        directory: Directory.of(network, nodes)
      })
    } finally {
      network[Symbol.dispose]()
    }
  }

  #asked(studied: Studied): Promise<Study> {
    const bounds = { timeoutMs: this.#limitMs, anytime: true, threads: this.options.threads }
    return study(askerWithin(this.options, bounds), studied)
  }

  /** How long the questions of a scan may take. */
  get #limitMs(): number | undefined {
    const { timeout, once, every } = this.options
    if (timeout !== undefined) return timeout * 1000
    return once === true ? undefined : every
  }

  /** Remembers and tells what is new. */
  async #found(scan: Scan, seconds: number): Promise<void> {
    const { time, study } = scan
    const { format } = this.options
    const changed = await this.#baselines.next(scan)
    this.#condition.good(new Date(time))
    this.#metrics?.good(study, seconds)
    this.#metrics?.changed([...changed.worse, ...changed.better])
    const announcement =
      changed.worse.length === 0 ? undefined : announcementOf(named(this.nodes), scan, changed)
    if (announcement !== undefined) for (const { pending } of this.#outlets) pending.push(announcement)
    await this.#remember()
    await this.#print(scanLine(scan, format))
    if (announcement !== undefined) await this.#print(worseLine(announcement, format))
    if (changed.better.length > 0) await this.#print(betterLine(time, changed.better, format))
  }

  /** Who was told, or was not, and why. */
  async #told({ kind, called }: Listener, error: unknown): Promise<void> {
    this.#metrics?.told(kind, error === undefined)
    if (error === undefined) await this.#remember()
    else say(`${called} was not told: ${failureOf(error).message}`)
  }

  async #remember(): Promise<void> {
    try {
      await this.state?.save(() => ({ figures: this.#baselines.entries(), pending: this.remembered.pending }))
    } catch (error) {
      if (this.options.once === true) throw error
      this.#metrics?.notSaved()
      say(failureOf(error).message)
    }
  }

  async #print(line: string): Promise<void> {
    if (!this.#isUnread) this.#isUnread = !(await print(line))
  }

  #pending(kind: Listener['kind']): number {
    return this.remembered.pending[kind]?.length ?? 0
  }
}
