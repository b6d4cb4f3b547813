/** What is going on, on a terminal: which question, how it is looked for, the bounds closing in, and the time. Elsewhere it is silent. */

import type { Progress as Bounds } from '../../index.js'
import { Drawing } from './drawing.js'
import { say } from './output.js'
import { visible } from '../study/visible.js'

/** What is answered sooner needs no progress. */
export const PATIENCE_MS = 300
export const EVERY_MS = 100

/** What results call it, in words. */
const WORDS: Record<string, string> = {
  topTier: 'top tier',
  blockingSets: 'blocking sets',
  splittingSets: 'splitting sets',
  quorums: 'quorums',
  historyCritical: 'history-critical sets'
}

export class Progress {
  readonly #drawing: Drawing | undefined
  readonly #began = performance.now()
  #about = ''
  #latest = new Map<string, Bounds>()
  #timer: NodeJS.Timeout | undefined

  constructor(isWanted: boolean) {
    if (isWanted && process.stderr.isTTY) this.#drawing = new Drawing()
  }

  /** A question is asked. */
  begin(about: string): void {
    this.#about = about
    this.#latest.clear()
    if (this.#drawing === undefined) return
    this.#timer = setTimeout(() => {
      this.#draw()
      this.#timer = setInterval(() => this.#draw(), EVERY_MS)
    }, PATIENCE_MS)
  }

  /** The addon tells how far it is. */
  show(bounds: Bounds): void {
    this.#latest.set(bounds.analysis, bounds)
  }

  /** A word in between, which stays. */
  say(message: string): void {
    this.#drawing?.clear()
    say(message)
  }

  /** The question is answered: nothing of it stays. */
  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#drawing?.end()
  }

  #draw(): void {
    const seconds = ((performance.now() - this.#began) / 1000).toFixed(1)
    const lines = [...this.#latest.values()].map(
      ({ analysis, phase, lowerBound, upperBound }) =>
        `  ${inWords(analysis).padEnd(24)} ${phase.padEnd(10)} ${between(lowerBound, upperBound)}`
    )
    this.#drawing?.draw(
      [`${visible(this.#about)}  ${seconds} s  (Ctrl-C prints what is proven)`, ...lines].join('\n')
    )
  }
}

/** A size that may not be known yet. */
export function between(lowerBound: number, upperBound: number | null): string {
  if (upperBound === null) return `at least ${lowerBound}`
  return lowerBound === upperBound ? String(lowerBound) : `${lowerBound} to ${upperBound}`
}

function inWords(analysis: string): string {
  const [name = '', ...more] = analysis.split(' ')
  return [WORDS[name] ?? name, ...more].join(' ')
}
