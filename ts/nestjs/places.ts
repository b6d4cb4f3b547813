/**
 * Limits how many analyses run at a time, and how many wait. Calls get a place in the order in which they come; a patient call, such as that
 * of a history, gets one only if no other call wants it.
 *
 * Every analysis holds one of libuv's worker threads, which file access and DNS need as well. Calls beyond the limit wait here, where they
 * can be stopped, and not in libuv's queue.
 */

/** Why there was no place: everything is taken and as many as may wait are waiting, the time ran out, or the signal fired. */
export type NoPlace = 'full' | 'timeout' | 'aborted'

export class Places {
  private taken = 0
  private readonly queue: (() => void)[] = []
  private readonly patient: (() => void)[] = []

  constructor(
    private readonly atOnce: number,
    private readonly waitingAtMost: number,
    private readonly changed: (running: number, waiting: number) => void
  ) {}

  get running(): number {
    return this.taken
  }

  get waiting(): number {
    return this.queue.length
  }

  get full(): boolean {
    return this.taken >= this.atOnce && this.queue.length >= this.waitingAtMost
  }

  /** Takes a place, which `leave` gives back, or says why there is none. */
  async enter(timeoutMs: number, signal: AbortSignal): Promise<NoPlace | undefined> {
    if (signal.aborted) return 'aborted'
    if (this.take()) return undefined
    if (this.full) return 'full'
    return this.wait(this.queue, timeoutMs, signal)
  }

  /** Takes a place as soon as nobody else wants one, however long that takes. */
  async enterPatiently(signal: AbortSignal): Promise<Extract<NoPlace, 'aborted'> | undefined> {
    if (signal.aborted) return 'aborted'
    if (this.take()) return undefined
    return (await this.wait(this.patient, undefined, signal)) === undefined ? undefined : 'aborted'
  }

  /** Gives a place back, to who waits longest. */
  leave(): void {
    const next = this.queue.shift() ?? this.patient.shift()
    if (next === undefined) this.taken--
    this.changed(this.taken, this.queue.length)
    next?.()
  }

  private take(): boolean {
    if (this.taken >= this.atOnce) return false
    this.taken++
    this.changed(this.taken, this.queue.length)
    return true
  }

  private wait(
    queue: (() => void)[],
    timeoutMs: number | undefined,
    signal: AbortSignal
  ): Promise<NoPlace | undefined> {
    return new Promise((resolve) => {
      const end = (why: NoPlace | undefined) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', aborted)
        resolve(why)
      }
      const giveUp = (why: NoPlace) => {
        queue.splice(queue.indexOf(admit), 1)
        this.changed(this.taken, this.queue.length)
        end(why)
      }
      const admit = () => end(undefined)
      const aborted = () => giveUp('aborted')
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => giveUp('timeout'), timeoutMs)
      signal.addEventListener('abort', aborted, { once: true })
      queue.push(admit)
      this.changed(this.taken, this.queue.length)
    })
  }
}
