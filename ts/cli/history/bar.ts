/** How far it is, on a terminal: a bar, how many a second, and how long it will take. Elsewhere it is silent. */

import { Drawing } from '../drawing.js'
import { EVERY_MS, PATIENCE_MS } from '../progress.js'

const WIDTH = 24
/** How far back the rate looks. */
const WINDOW_MS = 5000

export class Bar {
  readonly #drawing: Drawing | undefined
  readonly #total: number
  readonly #began = performance.now()
  readonly #timer: NodeJS.Timeout | undefined
  #done = 0
  #failed = 0
  #seen: { at: number; done: number }[] = []

  constructor(total: number, isWanted: boolean) {
    this.#total = total
    if (!isWanted || !process.stderr.isTTY) return
    this.#drawing = new Drawing()
    this.#timer = setInterval(() => this.#draw(), EVERY_MS)
  }

  /** Another one is done. */
  step(isFailed: boolean): void {
    this.#done++
    if (isFailed) this.#failed++
  }

  /** Nothing of it stays. */
  end(): void {
    clearInterval(this.#timer)
    this.#drawing?.end()
  }

  #draw(): void {
    const at = performance.now()
    if (at - this.#began < PATIENCE_MS) return
    this.#seen.push({ at, done: this.#done })
    this.#seen = this.#seen.filter((one) => at - one.at <= WINDOW_MS)
    this.#drawing?.draw(barText(this.#done, this.#total, this.#failed, this.#rate(at)))
  }

  /** A second. */
  #rate(at: number): number {
    const first = this.#seen[0] ?? { at: this.#began, done: 0 }
    const since = first.at === at ? { at: this.#began, done: 0 } : first
    return ((this.#done - since.done) / (at - since.at)) * 1000
  }
}

function barText(done: number, total: number, failed: number, rate: number): string {
  const filled = Math.floor((done / total) * WIDTH)
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
  return [
    `${bar}  ${done} of ${total} snapshots`,
    `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} a second`,
    ...(rate > 0 ? [`${duration((total - done) / rate)} left`] : []),
    ...(failed > 0 ? [`${failed} not read`] : [])
  ].join('  ')
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
