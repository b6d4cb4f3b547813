/**
 * Decides which figures of a watched network became worse or better: each figure is compared with the scan in which it was last known.
 *
 * That is not always the scan before. Where a figure was not proven in time, or the data did not say what it rests on, the older scan stays
 * the one to compare with, so that nothing becomes worse unnoticed in between. A change is reported once: from then on the figure is
 * compared with what it is now.
 */

import type { FbasNode, FbasOrganization } from '../../../index.js'
import { nameOf, followed, type Change } from '../../study/changes.js'
import { comparisonOf, type Comparison } from '../../study/comparison.js'
import type { Study } from '../../study/study.js'

/** A network as it was read. */
export interface Kept {
  /** When, as ISO 8601. */
  time: string
  nodes: FbasNode[]
  organizations: FbasOrganization[] | undefined
  /** What is known of it; absent: it is to be asked first. */
  study?: Study
}

/** A network as it is now. */
export interface Scan extends Kept {
  study: Study
  /** `network.hash()`. */
  hash: string
}

/** Of a source that is asked again and again, whom it does not report as down is up. */
const SILENCE = 'up'

export type FigureChange = Extract<Change, { direction: unknown }>

/** What is other than it was for sure. */
export interface Changed {
  worse: FigureChange[]
  better: FigureChange[]
  /** Comparisons with the scans in which what is worse was last known, the latest of them last. */
  comparisons: Comparison[]
}

export class Baselines {
  /** By the name of a figure and what it rests on: the scan in which it was last known. */
  readonly #scans: Map<string, Kept>

  /** @param studied Asks about a network that is only kept. */
  constructor(
    kept: Iterable<[figure: string, network: Kept]>,
    private readonly studied: (kept: Kept) => Promise<Study>
  ) {
    this.#scans = new Map(kept)
  }

  /** Compares a scan with those before it, and is then ready for the next. */
  async next(now: Scan): Promise<Changed> {
    const figures = new Map(
      [...followed(now.study, SILENCE)].map(([name, { basis, isKnown }]) => [
        name,
        { key: `${name}, by ${basis}`, isKnown }
      ])
    )
    const changed: Changed = { worse: [], better: [], comparisons: [] }
    const scans = [...new Set(this.#scans.values())].sort((one, other) => (one.time < other.time ? -1 : 1))
    const moved = new Set<string>()
    for (const scan of scans) {
      scan.study ??= await this.studied(scan)
      const comparison = comparisonOf(scan.study, now.study, SILENCE)
      const own = comparison.changes.filter((change): change is FigureChange => {
        if (!('direction' in change)) return false
        const key = figures.get(nameOf(change))?.key
        return key !== undefined && this.#scans.get(key) === scan
      })
      const worse = own.filter(({ direction }) => direction === 'worse')
      const better = own.filter(({ direction }) => direction === 'better')
      changed.worse.push(...worse)
      changed.better.push(...better)
      if (worse.length > 0) changed.comparisons.push(comparison)
      for (const change of [...worse, ...better]) moved.add(nameOf(change))
    }
    for (const [name, { key, isKnown }] of figures) if (isKnown || moved.has(name)) this.#scans.set(key, now)
    return changed
  }

  entries(): [figure: string, network: Kept][] {
    return [...this.#scans.entries()]
  }
}
