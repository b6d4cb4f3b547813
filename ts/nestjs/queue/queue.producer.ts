/**
 * Puts the networks of histories on the queue, and waits until a worker has analyzed them.
 *
 * Events of the queue tell of results at once, but nothing depends on them: for each network that is waited for, the producer also looks
 * into the queue, every few seconds and whenever Redis is there again. A network that Redis knows nothing of, because it has forgotten it or
 * its result was removed, is put on the queue again. So a result can be worked out twice, but never be missing.
 */

import { setTimeout as sleep } from 'node:timers/promises'

import { getQueueToken } from '@nestjs/bullmq'
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common'
import { QueueEvents, type Queue } from 'bullmq'
import { err, ok, type Result } from 'neverthrow'

import type { NetworkRecord } from '../../study/record.js'
import { aborted, asFbasError, fbasError, messageOf, type FbasError } from '../fbas.error.js'
import { FbasService } from '../fbas.service.js'
import { FbasHistory } from '../history/fbas.history.js'
import type { HistoryBackend, HistoryWork } from '../history/history.backend.js'
import { closed, patient } from './queue.connection.js'
import { errorOf, idOf, pack, type QueueJob } from './queue.job.js'
import { FBAS_QUEUE, FBAS_QUEUE_SETTINGS, type FbasQueueSettings } from './queue.options.js'
import { Turns } from './turns.js'

/** How long to wait before a full queue is looked at again. */
const FULL_MS = 200
/** Somebody who waits for a network. */
interface Waiting {
  job: QueueJob
  answered: HistoryWork['answered']
  settle: (outcome: Result<NetworkRecord, FbasError>) => void
}

@Injectable()
export class FbasQueueProducer implements HistoryBackend, OnApplicationBootstrap, OnModuleDestroy {
  readonly atOnce: number
  private readonly logger = new Logger(FbasQueueProducer.name)
  private readonly waiting = new Map<string, Set<Waiting>>()
  /** One after the other, or all would see the same room. */
  private readonly turns = new Turns()
  private events: QueueEvents | undefined
  private timer: NodeJS.Timeout | undefined
  private isLooking = false
  private isEnding = false

  constructor(
    @Inject(getQueueToken(FBAS_QUEUE)) private readonly queue: Queue<QueueJob, NetworkRecord>,
    @Inject(FBAS_QUEUE_SETTINGS) private readonly settings: FbasQueueSettings,
    @Inject(FbasService) private readonly service: FbasService,
    @Inject(FbasHistory) private readonly history: FbasHistory
  ) {
    this.atOnce = settings.atOnce
    // Only what it says: the error itself may hold the command, and the command a password.
    queue.on('error', ({ message }) => this.logger.warn({ event: 'queue error', message }))
    history.onQueue(this)
  }

  onApplicationBootstrap(): void {
    const { connection, prefix } = this.queue.opts as Pick<FbasQueueSettings, 'connection' | 'prefix'>
    if (connection === undefined) {
      throw new Error(
        'no Redis is named: connection, FBAS_REDIS_URL, or BullModule.forRoot of the application'
      )
    }
    if (!this.history.isOnQueue) return
    const events = new QueueEvents(FBAS_QUEUE, {
      connection: patient(connection, () => this.isEnding),
      ...(prefix === undefined ? {} : { prefix })
    })
    events.on('error', ({ message }) => this.logger.warn({ event: 'queue error', message }))
    const look = ({ jobId }: { jobId: string }): void => void this.look(jobId).catch(() => {})
    // Results that are not kept are told here and nowhere else.
    events.on('completed', ({ jobId, returnvalue }) => {
      const record = returnvalue as unknown as NetworkRecord | undefined
      if (typeof record?.hash === 'string') this.settle(jobId, ok(record))
      else look({ jobId })
    })
    events.on('failed', ({ jobId, failedReason }) => this.settle(jobId, err(errorOf(failedReason))))
    events.on('duplicated', look)
    events.on('progress', ({ jobId, data }) => {
      const { answered, questions } = data as { answered: number; questions: number }
      for (const waiting of this.waiting.get(jobId) ?? []) waiting.answered(answered, questions)
    })
    this.events = events
    this.timer = setInterval(() => void this.lookAll(), this.settings.lookMs)
  }

  async workOut({
    hash,
    network,
    snapshot,
    question,
    signal,
    answered
  }: HistoryWork): Promise<Result<NetworkRecord, FbasError>> {
    // It is not needed here, and others hold many.
    network[Symbol.dispose]()
    const { engine } = this.service.status
    const id = idOf(hash, question, engine?.version ?? '')
    let waiting: Waiting | undefined
    let abort = () => {}
    try {
      const job = { hash, question, ...(await this.carried(hash, await pack(snapshot), snapshot)) }
      const outcome = new Promise<Result<NetworkRecord, FbasError>>((resolve) => {
        waiting = { job, answered, settle: resolve }
        this.waiting.set(id, (this.waiting.get(id) ?? new Set()).add(waiting))
        abort = () => resolve(err(aborted(signal.reason)))
        signal.addEventListener('abort', abort, { once: true })
        if (signal.aborted) abort()
        // As often as it takes: looking after it puts it there if this could not.
        this.put(id, job, signal).catch((thrown: unknown) => this.told('not put on the queue', thrown))
      })
      return await outcome
    } catch (thrown) {
      return err(asFbasError(thrown))
    } finally {
      signal.removeEventListener('abort', abort)
      const others = this.waiting.get(id)
      if (waiting !== undefined) others?.delete(waiting)
      if (others?.size === 0) this.waiting.delete(id)
    }
  }

  /** What is on the queue stays there: who asks again finds the results. */
  async onModuleDestroy(): Promise<void> {
    this.isEnding = true
    clearInterval(this.timer)
    const error = fbasError('UNAVAILABLE', 'the application is shutting down')
    for (const all of this.waiting.values()) for (const { settle } of all) settle(err(error))
    if (this.events !== undefined) await closed(this.events.close())
  }

  private async carried(hash: string, packed: Buffer, snapshot: HistoryWork['snapshot']) {
    const { store, inlineBytes } = this.settings
    if (store === undefined || packed.length <= inlineBytes) return { packed: packed.toString('base64') }
    return { reference: await store.put(hash, packed, snapshot) }
  }

  /** Puts a network on the queue as soon as there is room, or finds what became of it already. */
  private put(id: string, job: QueueJob, signal: AbortSignal): Promise<void> {
    return this.turns.take(async () => {
      if (!this.waiting.has(id)) return
      const state = await this.queue.getJobState(id)
      // What failed once, for somebody who asked before, may have another try.
      if (state === 'failed') await this.queue.remove(id)
      else if (state !== 'unknown') return this.look(id)
      while (!signal.aborted && (await this.isFull())) await sleep(FULL_MS)
      if (signal.aborted) return
      await this.add(id, job)
    })
  }

  private async add(id: string, job: QueueJob): Promise<void> {
    const { attempts, backoffMs, keepResults, keepFailures } = this.settings
    await this.queue.add('network', job, {
      jobId: id,
      attempts,
      backoff: { type: 'exponential', delay: backoffMs },
      removeOnComplete: keepResults,
      removeOnFail: keepFailures
    })
  }

  private async isFull(): Promise<boolean> {
    const counts = await this.queue.getJobCounts('waiting', 'delayed', 'prioritized')
    return Object.values(counts).reduce((sum, count) => sum + count, 0) >= this.settings.maxWaiting
  }

  /** Sees what became of a network that somebody waits for. */
  private async look(id: string): Promise<void> {
    if (!this.waiting.has(id)) return
    const state = await this.queue.getJobState(id)
    if (state === 'completed' || state === 'failed') {
      const job = await this.queue.getJob(id)
      if (job === undefined) return
      if (state === 'completed') this.settle(id, ok(job.returnvalue))
      else this.settle(id, err(errorOf(job.failedReason)))
    }
  }

  private settle(id: string, outcome: Result<NetworkRecord, FbasError>): void {
    for (const { settle } of this.waiting.get(id) ?? []) settle(outcome)
  }

  /** Looks after all, one after the other, and puts on the queue again what is not there. */
  private async lookAll(): Promise<void> {
    if (this.isLooking) return
    this.isLooking = true
    try {
      for (const [id, all] of this.waiting) {
        const [first] = all
        await this.look(id)
        if (first === undefined || !this.waiting.has(id) || this.turns.isBusy) continue
        if ((await this.queue.getJobState(id)) === 'unknown' && !(await this.isFull()))
          await this.add(id, first.job)
      }
    } catch (thrown) {
      this.told('not looked after', thrown)
    } finally {
      this.isLooking = false
    }
  }

  private told(what: string, thrown: unknown): void {
    this.logger.warn({ event: 'queue error', message: `${what}: ${messageOf(thrown)}` })
  }
}
