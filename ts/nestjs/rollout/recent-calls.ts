/** What became of the calls within a sliding window, and which limit they break. */

import type { RollBackLimits } from './rollout.options.js'

/** How a call ended. */
export type Outcome = 'answered' | 'failed' | 'timed out'

interface Call {
  at: number
  outcome: Outcome
  slow: boolean
}

/** More calls than this are not remembered: their shares say enough. */
const MOST_CALLS = 10_000

export class RecentCalls {
  private calls: Call[] = []
  private failingSince: number | undefined

  constructor(private readonly limits: Required<RollBackLimits>) {}

  /** Adds a call that ended now and took so long. Times are in milliseconds. */
  add(outcome: Outcome, took: number, now: number): void {
    this.calls.push({ at: now, outcome, slow: took > this.limits.p95Ms })
    const first = this.calls.findIndex(({ at }) => at > now - this.limits.windowMs)
    this.calls.splice(0, Math.max(first < 0 ? this.calls.length : first, this.calls.length - MOST_CALLS))
    if (outcome === 'answered') this.failingSince = undefined
    else this.failingSince ??= now
  }

  /** Forgets everything. */
  clear(): void {
    this.calls = []
    this.failingSince = undefined
  }

  /** Whether there are enough calls for their shares to mean something. */
  get areEnough(): boolean {
    return this.calls.length >= this.limits.minimumCalls
  }

  /** The first limit that is broken, in words. */
  broken(now: number): string | undefined {
    const { errorRate, timeoutRate, p95Ms, unavailableMs } = this.limits
    if (this.failingSince !== undefined && now - this.failingSince >= unavailableMs) {
      return `no answer for ${seconds(now - this.failingSince)}`
    }
    if (!this.areEnough) return undefined
    const share = (is: (call: Call) => boolean) => this.calls.filter(is).length / this.calls.length
    const failed = share(({ outcome }) => outcome === 'failed')
    if (failed > errorRate) return `${percent(failed)} of ${this.calls.length} calls failed`
    const timedOut = share(({ outcome }) => outcome === 'timed out')
    if (timedOut > timeoutRate) return `${percent(timedOut)} of ${this.calls.length} calls took too long`
    const slow = share((call) => call.slow)
    if (slow > 0.05) return `${percent(slow)} of ${this.calls.length} calls took more than ${seconds(p95Ms)}`
    return undefined
  }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`
