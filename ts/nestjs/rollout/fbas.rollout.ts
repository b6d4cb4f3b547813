/**
 * The change-over from another analyser: which one answers a call, what happens when ours does not, and when to go back.
 *
 * Rolled back, ours still runs beside theirs, so that the calls which lead back are real ones.
 */

import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { Inject, Injectable, Logger } from '@nestjs/common'
import { err, ok, type Result } from 'neverthrow'

import type { AnalysisOptions, NetworkInput, OrganizationsInput } from '../../../index.js'
import { asFbasError, fbasError, type FbasError } from '../fbas.error.js'
import { FbasMetrics } from '../fbas.metrics.js'
import { FbasService } from '../fbas.service.js'
import { FBAS_SETTINGS, type FbasSettings } from '../fbas.settings.js'
import { discrepancies } from './discrepancies.js'
import { RecentCalls } from './recent-calls.js'
import type { AnalysisFigures, RolloutMode } from './rollout.options.js'

/** Options of one call. */
export interface RolloutCallOptions extends AnalysisOptions {
  /**
   * Decides, with mode 'percentage', who answers: the same key has the same answer always, and a key that has ours at some percentage has
   * it at every higher one. The id of a scan, for example. Absent: chance.
   */
  key?: string
}

/** Where the roll-out stands. */
export interface RolloutState {
  /** As configured. */
  mode: RolloutMode
  /** As configured; of meaning with the mode 'percentage'. */
  percentage: number
  /** Since when and why it is rolled back; null: it is not. */
  rolledBack: { since: Date; reason: string } | null
}

type Figures = Result<AnalysisFigures, Error>
type Ours = Result<AnalysisFigures, FbasError>

const WORTH_ANOTHER_TRY: readonly string[] = ['OVERLOADED', 'UNAVAILABLE', 'INTERNAL']

/** Answers with the analyser whose turn it is. */
@Injectable()
export class FbasRollout {
  private readonly logger = new Logger(FbasRollout.name)
  private readonly recent: RecentCalls | undefined
  private rolledBack: RolloutState['rolledBack'] = null

  constructor(
    @Inject(FBAS_SETTINGS) private readonly settings: FbasSettings,
    @Inject(FbasService) private readonly service: FbasService,
    @Inject(FbasMetrics) private readonly metrics: FbasMetrics
  ) {
    const { rollBack, other } = settings.rollout
    if (rollBack !== false && other !== undefined) this.recent = new RecentCalls(rollBack)
    this.metrics.rolledBack.set(0)
  }

  /**
   * The figures of a scan, ours or theirs. An `Err` is the error of whoever was to answer; with the fall-back on, that is theirs once ours
   * has failed. A call that is aborted by its `signal` does not fall back.
   */
  async performAnalysis(
    nodes: NetworkInput,
    organizations?: OrganizationsInput | null,
    { key, ...options }: RolloutCallOptions = {}
  ): Promise<Figures> {
    const call = [nodes, organizations, options] as const
    switch (this.whoseTurn(key)) {
      case 'theirs':
        return this.theirs(...call)
      case 'both': {
        // Theirs first: if it blocks the event loop, that is no time of ours.
        const theirs = this.theirs(...call)
        const ours = this.ours(...call)
        void theirs.then(async (answer) => this.compare(await ours, answer))
        return theirs
      }
      case 'ours':
        return this.oursOrElse(...call)
    }
  }

  /** Where the roll-out stands. */
  get state(): RolloutState {
    const { mode, percentage } = this.settings.rollout
    return { mode, percentage, rolledBack: this.rolledBack }
  }

  /** Goes back to theirs by hand; `resume`, or the options' way back, undoes it. */
  rollBack(reason: string): void {
    if (this.rolledBack !== null) return
    this.rolledBack = { since: new Date(), reason }
    this.recent?.clear()
    this.metrics.rolledBack.set(1)
    this.logger.error({ event: 'rolled back', reason })
  }

  /** Uses ours again as configured. */
  resume(): void {
    if (this.rolledBack === null) return
    this.logger.log({
      event: 'resumed',
      rolledBackSince: this.rolledBack.since,
      reason: this.rolledBack.reason
    })
    this.rolledBack = null
    this.recent?.clear()
    this.metrics.rolledBack.set(0)
  }

  private whoseTurn(key: string = randomUUID()): 'ours' | 'theirs' | 'both' {
    const { mode, percentage } = this.settings.rollout
    if (mode === 'off') return 'theirs'
    if (mode === 'shadow' || this.rolledBack !== null) return 'both'
    return mode === 'on' || place(key) < percentage ? 'ours' : 'theirs'
  }

  private async oursOrElse(
    nodes: NetworkInput,
    organizations: OrganizationsInput | null | undefined,
    options: AnalysisOptions
  ): Promise<Figures> {
    const { fallback, other } = this.settings.rollout
    const ours = await this.ours(nodes, organizations, options)
    if (ours.isOk() || ours.error.code === 'ABORT_ERR' || !fallback || other === undefined) {
      this.metrics.rolloutCalls.inc({ analyser: 'ours' })
      return ours
    }
    const { code, message } = ours.error
    this.logger.warn({ event: 'fell back', code, message })
    this.metrics.fallbacks.inc({ code })
    return this.theirs(nodes, organizations, options)
  }

  /** Ours, tried again where that can help, and remembered. */
  private async ours(
    nodes: NetworkInput,
    organizations: OrganizationsInput | null | undefined,
    options: AnalysisOptions
  ): Promise<Ours> {
    const { retryAttempts, retryDelayMs } = this.settings.rollout
    const began = performance.now()
    let answer = await this.service.performAnalysis(nodes, organizations, options)
    for (let attempt = 2; attempt <= retryAttempts; attempt++) {
      if (answer.isOk() || !WORTH_ANOTHER_TRY.includes(answer.error.code)) break
      if (await stopped(retryDelayMs * 2 ** (attempt - 2), options.signal)) break
      answer = await this.service.performAnalysis(nodes, organizations, options)
    }
    this.remember(answer, performance.now() - began)
    return answer
  }

  private async theirs(
    nodes: NetworkInput,
    organizations: OrganizationsInput | null | undefined,
    options: AnalysisOptions
  ): Promise<Figures> {
    const { other } = this.settings.rollout
    if (other === undefined) {
      return err(fbasError('UNAVAILABLE', 'ours is switched off, and there is no other analyser'))
    }
    this.metrics.rolloutCalls.inc({ analyser: 'theirs' })
    try {
      const answer = await other(nodes, organizations, options)
      return isResult(answer) ? answer : ok(answer)
    } catch (thrown) {
      return err(thrown instanceof Error ? thrown : new Error(String(thrown)))
    }
  }

  /** Keeps what became of a call, and rolls back or resumes where the limits say so. What the caller aborted says nothing. */
  private remember(answer: Ours, took: number): void {
    if (this.recent === undefined || (answer.isErr() && answer.error.code === 'ABORT_ERR')) return
    const now = performance.now()
    const failed = answer.isErr() ? (answer.error.code === 'TIMEOUT' ? 'timed out' : 'failed') : 'answered'
    this.recent.add(failed, took, now)
    const broken = this.recent.broken(now)
    const { mode, rollBack } = this.settings.rollout
    if (this.rolledBack === null) {
      if (broken !== undefined && mode !== 'shadow') this.rollBack(broken)
      return
    }
    const resumeAfterMs = rollBack === false ? null : rollBack.resumeAfterMs
    if (resumeAfterMs === null || broken !== undefined || !this.recent.areEnough) return
    if (Date.now() - this.rolledBack.since.getTime() >= resumeAfterMs) this.resume()
  }

  private compare(ours: Ours, theirs: Figures): void {
    try {
      if (ours.isErr() || theirs.isErr()) {
        if (ours.isErr() === theirs.isErr()) return
        const failure = (side: Figures) => (side.isErr() ? side.error.message : 'answered')
        this.logger.warn({ event: 'only one answered', ours: failure(ours), theirs: failure(theirs) })
        return
      }
      for (const discrepancy of discrepancies(ours.value, theirs.value)) {
        this.metrics.discrepancies.inc({ figure: discrepancy.figure })
        this.logger.warn({ event: 'discrepancy', ...discrepancy })
      }
    } catch (thrown) {
      this.logger.error({ event: 'answers could not be compared', message: asFbasError(thrown).message })
    }
  }
}

/** Where a key stands between 0 and 100, the same in every process. */
function place(key: string): number {
  const spread = createHash('sha256').update(key).digest().readUInt32BE()
  return (spread / 2 ** 32) * 100
}

/** Waits; true if the signal fired first. */
async function stopped(milliseconds: number, signal: AbortSignal | null | undefined): Promise<boolean> {
  try {
    await sleep(milliseconds, undefined, signal == null ? {} : { signal })
    return false
  } catch {
    return true
  }
}

/** By its methods: the application may have another copy of neverthrow. */
function isResult(answer: AnalysisFigures | Result<AnalysisFigures, Error>): answer is Figures {
  return 'isOk' in answer && typeof answer.isOk === 'function'
}
