/**
 * Delivers announcements to one listener, each once and in their order. A delivery that fails is repeated: after a second, and then at
 * growing intervals.
 */

import type { Announcement } from './announcement.js'

/** Somebody who is told. */
export interface Listener {
  kind: 'command' | 'webhook'
  /** What people are told of it, without what may be secret. */
  called: string
  /** Rejects where it did not take it. */
  tell(announcement: Announcement): Promise<void>
}

const FIRST_MS = 1000
const MOST_MS = 300_000

export class Outlet {
  #delivering: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #delayMs = FIRST_MS

  /**
   * @param pending What is yet to be told.
   * @param remembered Resolves when what is pending is remembered, which comes first.
   * @param isKeptOn Whether what was not taken is told again without anybody asking.
   * @param told Hears of each try, with the error where it was not taken, and is waited for.
   */
  constructor(
    readonly listener: Listener,
    readonly pending: Announcement[],
    private readonly remembered: () => Promise<void> | undefined,
    private readonly isKeptOn: boolean,
    private readonly told: (error?: unknown) => Promise<void>
  ) {}

  /** Tells all that is pending, until one is not taken. */
  deliver(): Promise<void> {
    this.#delivering ??= this.#inOrder().finally(() => (this.#delivering = undefined))
    return this.#delivering
  }

  async #inOrder(): Promise<void> {
    clearTimeout(this.#timer)
    for (let next = this.pending[0]; next !== undefined; next = this.pending[0]) {
      try {
        await this.remembered()
        await this.listener.tell(next)
      } catch (error) {
        if (this.isKeptOn) this.#timer = setTimeout(() => void this.deliver(), this.#delayMs)
        this.#delayMs = Math.min(this.#delayMs * 2, MOST_MS)
        return this.told(error)
      }
      this.#delayMs = FIRST_MS
      this.pending.shift()
      await this.told()
    }
  }
}
