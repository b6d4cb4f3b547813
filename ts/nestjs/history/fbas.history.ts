/**
 * Many snapshots of a network, one after the other or all of the past: what is known of each, no faster than whoever asks takes it. Networks
 * with the same hash are worked out once.
 */

import { setMaxListeners } from 'node:events'

import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common'
import { err, type Result } from 'neverthrow'

import type { FbasNetwork } from '../../../index.js'
import type { NetworkRecord } from '../../study/record.js'
import { aborted, fbasError, type FbasError } from '../fbas.error.js'
import { FbasService } from '../fbas.service.js'
import { FBAS_SETTINGS, type FbasSettings } from '../fbas.settings.js'
import { concurrently, until } from './concurrently.js'
import type { HistoryBackend } from './history.backend.js'
import { HistoryHere } from './history.here.js'
import type { HistoryOptions, HistoryQuestion, HistoryResult, HistorySnapshot } from './history.types.js'

type Outcome = Result<NetworkRecord, FbasError>

/** How many networks one history remembers: a record takes some kilobytes. */
const REMEMBERED = 10_000

/**
 * Works out histories: in this process, on the addon's threads, in what places other calls leave; or on the queue of `stellar-fbas/nestjs/queue`, if the
 * option `history` of `FbasModule` says so.
 */
@Injectable()
export class FbasHistory implements OnApplicationBootstrap {
  private readonly logger = new Logger(FbasHistory.name)
  private backend: HistoryBackend | undefined

  constructor(
    @Inject(FbasService) private readonly service: FbasService,
    @Inject(FBAS_SETTINGS) private readonly settings: FbasSettings
  ) {
    if (!this.isOnQueue) this.backend = new HistoryHere(service, settings)
  }

  /**
   * Whether others are to work out the networks.
   *
   * @internal
   */
  get isOnQueue(): boolean {
    return this.settings.history === 'queue'
  }

  /**
   * Names who has networks worked out on a queue.
   *
   * @internal
   */
  onQueue(backend: HistoryBackend): void {
    if (this.isOnQueue) this.backend = backend
  }

  /** What was asked for and is not there ends the start. */
  onApplicationBootstrap(): void {
    if (this.backend === undefined)
      throw new Error("history: 'queue' needs FbasQueueModule of stellar-fbas/nestjs/queue")
  }

  /**
   * What is known of each snapshot, as `for await` takes it: a snapshot that cannot be read has an error and does not end the others. Snapshots
   * are taken only as results are. Fails where not all could be worked out: with `ABORT_ERR` when the signal fires, with `UNAVAILABLE` when the
   * application shuts down or the addon could not be loaded, and with whatever the snapshots themselves fail with. What came before stands.
   */
  async *analyze<Snapshot extends HistorySnapshot>(
    snapshots: Iterable<Snapshot> | AsyncIterable<Snapshot>,
    options: HistoryOptions<Snapshot> = {}
  ): AsyncGenerator<HistoryResult<Snapshot>, void, undefined> {
    const ahead = understood(options)
    const { backend } = this
    if (backend === undefined) throw fbasError('UNAVAILABLE', 'the application has not started yet')
    const began = performance.now()
    const run = new Run<Snapshot>(this.service, backend, this.settings.timeoutMs, options)
    const counts = { snapshots: 0, failed: 0 }
    this.logger.log({ event: 'history started' })
    let isWhole = false
    try {
      const results = concurrently(until(run.signal, snapshots), (snapshot) => run.resultOf(snapshot), {
        atOnce: backend.atOnce,
        ahead,
        inOrder: options.order !== 'ready'
      })
      for await (const result of results) {
        counts.snapshots++
        if (result.outcome.isErr()) counts.failed++
        yield result
      }
      isWhole = true
    } catch (thrown) {
      throw options.signal?.aborted ? aborted(options.signal.reason) : thrown
    } finally {
      run.end()
      const event = isWhole ? 'history completed' : 'history ended early'
      const milliseconds = Math.round(performance.now() - began)
      this.logger.log({ event, ...counts, networks: run.networks, milliseconds })
    }
  }
}

/** How many results may wait. Throws where an option makes no sense. */
function understood({ order = 'given', ahead = 64 }: Pick<HistoryOptions, 'order' | 'ahead'>): number {
  if (!['given', 'ready'].includes(order)) {
    throw fbasError('INVALID_INPUT', `order: expected given or ready, found ${JSON.stringify(order)}`)
  }
  if (!Number.isSafeInteger(ahead) || ahead < 0) {
    throw fbasError('INVALID_INPUT', `ahead: expected a whole number of at least 0, found ${ahead}`)
  }
  return ahead
}

/** One history while it is worked out. */
class Run<Snapshot extends HistorySnapshot> {
  private readonly outcomes = new Map<string, Promise<Outcome>>()
  private readonly controller = new AbortController()
  private readonly question: HistoryQuestion & { timeoutMs: number }
  private readonly abort = () => this.controller.abort(this.options.signal?.reason)
  /** How many networks were worked out. */
  networks = 0

  /** Fires when it ends, also before its time. */
  get signal(): AbortSignal {
    return this.controller.signal
  }

  constructor(
    private readonly service: FbasService,
    private readonly backend: HistoryBackend,
    usualMs: number,
    private readonly options: HistoryOptions<Snapshot>
  ) {
    const { unknownNodes, scope, ignoreOneNodeQuorums, timeoutMs = usualMs, signal } = options
    this.question = { unknownNodes, scope, ignoreOneNodeQuorums, timeoutMs }
    // Everything under way listens to it.
    setMaxListeners(0, this.signal)
    signal?.addEventListener('abort', this.abort, { once: true })
    if (signal?.aborted) this.abort()
  }

  /** Stops what is under way. */
  end(): void {
    this.options.signal?.removeEventListener('abort', this.abort)
    this.controller.abort()
  }

  async resultOf(snapshot: Snapshot): Promise<HistoryResult<Snapshot>> {
    const outcome = await this.outcomeOf(snapshot)
    // Nobody may take what was stopped for what was worked out.
    if (outcome.isErr() && ['ABORT_ERR', 'UNAVAILABLE'].includes(outcome.error.code)) throw outcome.error
    return { snapshot, outcome }
  }

  private async outcomeOf(snapshot: Snapshot): Promise<Outcome> {
    const { nodes, organizations } = snapshot
    const loaded = await this.service.patiently('snapshot', this.signal, (engine) =>
      engine.FbasNetwork.load(nodes, organizations)
    )
    if (loaded.isErr()) return err(loaded.error)
    const network = loaded.value
    const hash = network.hash()
    const known = this.outcomes.get(hash)
    const outcome = known ?? this.workOut(hash, network, snapshot)
    if (known === undefined) this.remember(hash, outcome)
    else network[Symbol.dispose]()
    return outcome
  }

  private async workOut(hash: string, network: FbasNetwork, snapshot: Snapshot): Promise<Outcome> {
    this.networks++
    const { question, options, signal } = this
    const answered = (answered: number, questions: number) =>
      options.onProgress?.({ snapshot, answered, questions })
    try {
      return await this.backend.workOut({ hash, network, snapshot, question, signal, answered })
    } finally {
      network[Symbol.dispose]()
    }
  }

  private remember(hash: string, outcome: Promise<Outcome>): void {
    this.outcomes.set(hash, outcome)
    const [oldest] = this.outcomes.keys()
    if (this.outcomes.size > REMEMBERED && oldest !== undefined) this.outcomes.delete(oldest)
  }
}
