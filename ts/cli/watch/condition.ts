/**
 * Decides whether a watch is up, degraded or down, by the time of its last good scan and the scans that have failed since. Old figures stay
 * until there are new ones.
 */

/** What became of a scan: it is `good` where all that was asked is answered, exactly or with bounds. */
export type Outcome = 'good' | 'unreachable' | 'unreadable' | 'defect'

export class Condition {
  #lastGood: Date | undefined
  #failures = 0
  #lastError: string | undefined

  /** @param mostMs How old may be what is told. */
  constructor(private readonly mostMs: number) {}

  good(time: Date): void {
    this.#lastGood = time
    this.#failures = 0
    this.#lastError = undefined
  }

  failed(error: string): void {
    this.#failures++
    this.#lastError = error
  }

  /** How many have failed since the last good one. */
  get failures(): number {
    return this.#failures
  }

  get lastGood(): Date | undefined {
    return this.#lastGood
  }

  /** Seconds since what is told was read; absent: nothing is. */
  get age(): number | undefined {
    return this.#lastGood === undefined ? undefined : (Date.now() - this.#lastGood.getTime()) / 1000
  }

  /** `degraded`: the last scan failed, and what is told is not too old yet. */
  get status(): 'up' | 'degraded' | 'down' {
    const { age } = this
    if (age === undefined || age * 1000 > this.mostMs) return 'down'
    return this.#failures === 0 ? 'up' : 'degraded'
  }

  get health() {
    return {
      status: this.status,
      lastGoodScan: this.#lastGood?.toISOString() ?? null,
      ageSeconds: this.age ?? null,
      failures: this.#failures,
      lastError: this.#lastError ?? null
    }
  }
}
