/** Two networks beside each other: what changed and in which direction, why that may be no change, and what nobody can say. */

import type { FbasNetwork } from '../../index.js'
import {
  changesBetween,
  checkOfChanges,
  doubtsOfChanges,
  incomparable,
  type Change,
  type Incomparable
} from './changes.js'
import type { Check } from './check.js'
import { studyNetwork, unprovenIn, type NetworkStudyOptions, type Study } from './study.js'

/** What is said of two networks. */
export interface Comparison {
  before: Study
  after: Study
  /** All changes, the most important first; figures with their direction, quorum sets with what changed in them. */
  changes: Change[]
  /** Why what changed may not be a change of the network. */
  doubts: { side: 'old' | 'new'; words: string; nodes: string[] }[]
  /** What only one of the two has data on. */
  notCompared: Incomparable[]
  /** What is not proven, a line each. */
  unproven: string[]
  /** What `diff --check changed` and `--check worse` make of it: `unsafe` where something has, `unknown` where something may have. */
  checks: { changed: Check; worse: Check }
  /** Package, version and semantics that produced the figures. */
  engine: string
}

/** Compares what is known of two networks. */
export function comparisonOf(before: Study, after: Study): Comparison {
  const changes = changesBetween(before, after)
  return {
    ...{ before, after, changes },
    doubts: doubtsOfChanges(before, after),
    notCompared: incomparable(before, after),
    unproven: [
      ...unprovenIn(before).map((line) => `old: ${line}`),
      ...unprovenIn(after).map((line) => `new: ${line}`)
    ],
    checks: {
      changed: checkOfChanges('changed', before, after, changes),
      worse: checkOfChanges('worse', before, after, changes)
    },
    engine: after.engine
  }
}

/** Asks everything about both networks, at the same time, and compares the answers. Options are those of `studyNetwork`, for both. */
export async function compareNetworks(
  before: FbasNetwork,
  after: FbasNetwork,
  options: Omit<NetworkStudyOptions, 'title' | 'sources'> = {}
): Promise<Comparison> {
  const [old, now] = await Promise.all([
    studyNetwork(before, { ...options, title: 'before' }),
    studyNetwork(after, { ...options, title: 'after' })
  ])
  return comparisonOf(old, now)
}
