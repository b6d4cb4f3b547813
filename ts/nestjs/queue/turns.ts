/** Runs tasks one after the other, in the order in which they were asked for. */

export class Turns {
  private last: Promise<unknown> = Promise.resolve()
  private count = 0

  /** Whether somebody has a turn or waits for one. */
  get isBusy(): boolean {
    return this.count > 0
  }

  /** Does it when all that were asked for before are done, however they ended. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    this.count++
    const turn = this.last.then(work, work)
    this.last = turn.catch(() => {})
    try {
      return await turn
    } finally {
      this.count--
    }
  }
}
