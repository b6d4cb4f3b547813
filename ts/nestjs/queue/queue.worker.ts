/**
 * Works on the queue, in the places of this process. What is under way when the process is asked to end is given back, unless it is done within the
 * grace that `FbasModule` allows.
 */

import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common'
import { getQueueToken } from '@nestjs/bullmq'
import { DelayedError, UnrecoverableError, Worker, type Job, type Queue } from 'bullmq'
import { err, type Result } from 'neverthrow'

import type { NetworkRecord } from '../../study/record.js'
import { asFbasError, fbasError, messageOf, type FbasError } from '../fbas.error.js'
import { FbasService } from '../fbas.service.js'
import { FBAS_SETTINGS, type FbasSettings } from '../fbas.settings.js'
import { HistoryHere } from '../history/history.here.js'
import { closed, patient } from './queue.connection.js'
import { reasonOf, unpack, type QueueJob } from './queue.job.js'
import { FbasQueueMetrics } from './queue.metrics.js'
import { FBAS_QUEUE, FBAS_QUEUE_SETTINGS, type FbasQueueSettings } from './queue.options.js'

/** How long what is given back waits, so that it is not this process that takes it again. */
const GIVEN_BACK_MS = 1_000
/** How often news of the work is sent at most. */
const NEWS_MS = 500
/** How often a network may be with a worker that dies before it is taken to be the reason. */
const DEATHS = 3

/** Works on the queue where `worker` says so. */
@Injectable()
export class FbasQueueWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(FbasQueueWorker.name)
  private readonly here: HistoryHere
  private readonly ending = new AbortController()
  private isEnding = false
  private worker: Worker<QueueJob, NetworkRecord> | undefined

  constructor(
    @Inject(FbasService) private readonly service: FbasService,
    @Inject(FBAS_SETTINGS) private readonly fbas: FbasSettings,
    @Inject(FBAS_QUEUE_SETTINGS) private readonly settings: FbasQueueSettings,
    @Inject(FbasQueueMetrics) private readonly metrics: FbasQueueMetrics,
    @Inject(getQueueToken(FBAS_QUEUE)) private readonly queue: Queue
  ) {
    this.here = new HistoryHere(service, fbas)
  }

  /** Whether it takes networks. */
  get isRunning(): boolean {
    return this.worker?.isRunning() ?? false
  }

  /** Begins, unless the addon is missing. */
  onApplicationBootstrap(): void {
    if (!this.settings.worker) return
    // Networks are not there to find out that the addon is missing.
    if (!this.service.status.available) return
    const { connection, prefix } = this.queue.opts as {
      connection: FbasQueueSettings['connection']
      prefix?: string
    }
    const worker = new Worker<QueueJob, NetworkRecord>(FBAS_QUEUE, (job, token) => this.process(job, token), {
      // One of its own: it waits for work, which keeps a connection busy.
      connection: patient(connection ?? {}, () => this.isEnding),
      ...(prefix === undefined ? {} : { prefix }),
      concurrency: this.fbas.maxConcurrent,
      lockDuration: this.settings.lockMs,
      stalledInterval: this.settings.lockMs,
      maxStalledCount: DEATHS
    })
    worker.on('error', ({ message }) => this.logger.warn({ event: 'queue error', message }))
    worker.on('completed', () => this.metrics.finished.inc({ outcome: 'completed' }))
    worker.on('stalled', () => this.metrics.finished.inc({ outcome: 'lost' }))
    worker.on('failed', (job, { message }) => {
      this.metrics.finished.inc({ outcome: 'failed' })
      this.logger.warn({ event: 'network failed', hash: job?.data.hash, attempt: job?.attemptsMade, message })
    })
    this.worker = worker
    this.logger.log({ event: 'working on the queue', atOnce: this.fbas.maxConcurrent })
  }

  /** Takes no more, waits for what is under way as long as `FbasModule` allows, and gives back what is left. */
  async onModuleDestroy(): Promise<void> {
    this.isEnding = true
    const giveBack = () => this.ending.abort(new Error('the application is shutting down'))
    const timer = setTimeout(giveBack, this.fbas.shutdownGraceMs)
    if (this.worker !== undefined) await closed(this.worker.close(), this.fbas.shutdownGraceMs)
    clearTimeout(timer)
  }

  private async process(
    job: Job<QueueJob, NetworkRecord>,
    token: string | undefined
  ): Promise<NetworkRecord> {
    const outcome = await this.workOut(job).catch((thrown: unknown) => err(asFbasError(thrown)))
    if (outcome.isOk()) return outcome.value
    const { error } = outcome
    const { code } = error
    // The work was stopped, not the network at fault.
    if (code === 'ABORT_ERR' || (code === 'UNAVAILABLE' && !this.service.status.available)) {
      this.metrics.finished.inc({ outcome: 'given back' })
      await job.moveToDelayed(Date.now() + GIVEN_BACK_MS, token)
      throw new DelayedError()
    }
    // Another time would not help.
    if (code === 'INVALID_INPUT') throw new UnrecoverableError(reasonOf(error))
    throw new Error(reasonOf(error))
  }

  private async workOut(job: Job<QueueJob, NetworkRecord>): Promise<Result<NetworkRecord, FbasError>> {
    const { hash, question } = job.data
    const { signal } = this.ending
    const { nodes, organizations } = await unpack(await this.packedIn(job.data))
    const loaded = await this.service.patiently('snapshot', signal, (engine) =>
      engine.FbasNetwork.load(nodes, organizations)
    )
    if (loaded.isErr()) return err(loaded.error)
    using network = loaded.value
    let told = performance.now()
    const answered = (answered: number, questions: number): void => {
      if (performance.now() - told < NEWS_MS) return
      told = performance.now()
      // Nothing hangs on it.
      job.updateProgress({ answered, questions }).catch(() => {})
    }
    const snapshot = { nodes, organizations }
    return await this.here.workOut({ hash, network, snapshot, question, signal, answered })
  }

  private async packedIn({ packed, reference }: QueueJob): Promise<Uint8Array> {
    if (packed !== undefined) return Buffer.from(packed, 'base64')
    const { store } = this.settings
    if (store === undefined)
      throw fbasError('INTERNAL', 'the snapshot is in a store, and this worker has none')
    return store.get(reference ?? '').catch((thrown: unknown) => {
      throw fbasError('INTERNAL', `the store has no snapshot for this: ${messageOf(thrown)}`)
    })
  }
}
