/** Two networks beside each other: what changed and in which direction, why that may be no change, and what nobody can say. */

import type { FbasNetwork } from '../../index.js'
import {
  changesBetween,
  doubtsOfChanges,
  incomparable,
  type Change,
  type Side,
  type Sided,
  type SidedDoubt,
  type Silence
} from './changes.js'
import { doubted, type Check } from './check.js'
import { studyNetwork, unprovenIn, type NetworkStudyOptions, type Study } from './study.js'

/** What is said of two networks. */
export interface Comparison {
  before: Study
  after: Study
  /** All changes, the most important first; figures with their direction, quorum sets with what changed in them. */
  changes: Change[]
  /** Why what changed may not be a change of the network. */
  doubts: SidedDoubt[]
  /** What only one of the two has data on. */
  notCompared: Sided[]
  /** What is not proven, and so may have changed. */
  unproven: Sided[]
  /** What `diff --check changed` and `--check worse` make of it: `unsafe` where something has, `unknown` where something may have. */
  checks: { changed: Check; worse: Check }
  /** Package, version and semantics that produced the figures. */
  engine: string
}

/** How two networks are compared: as `studyNetwork` asks about each of them. */
export type ComparisonOptions = Omit<NetworkStudyOptions, 'title' | 'sources'>

/** Compares what is known of two networks. What silence on who is down means is for the caller to say, as the data cannot. */
export function comparisonOf(before: Study, after: Study, silence: Silence): Comparison {
  const known = {
    ...{ before, after },
    changes: changesBetween(before, after, silence),
    doubts: doubtsOfChanges(before, after),
    notCompared: incomparable(before, after, silence),
    unproven: [...unprovenOf('old', before), ...unprovenOf('new', after)],
    engine: after.engine
  }
  return { ...known, checks: checksOf(known) }
}

function unprovenOf(side: Side, study: Study): Sided[] {
  return unprovenIn(study).map((words) => ({ side, words }))
}

/**
 * Unsafe where something is proven to have changed, or to have become worse; not known where what is not proven, not compared, or in doubt may
 * have.
 */
function checksOf({
  before,
  after,
  changes,
  doubts,
  notCompared,
  unproven
}: Omit<Comparison, 'checks'>): Comparison['checks'] {
  const undecided = unproven.length > 0 || notCompared.length > 0 ? 'unknown' : 'safe'
  const ifDoubted = (check: Check) => doubted(check, doubts, before.isReadingChosen && after.isReadingChosen)
  const worse = changes.filter((change) => 'direction' in change && change.direction === 'worse')
  // The verdict has its doubts in it.
  const isVerdictWorse = worse.some((change) => 'what' in change && change.what === 'verdict')
  return {
    // What the data says is another thing than before, whatever is in doubt.
    changed: changes.length > 0 ? 'unsafe' : ifDoubted(undecided),
    worse: isVerdictWorse ? 'unsafe' : ifDoubted(worse.length > 0 ? 'unsafe' : undecided)
  }
}

/**
 * Asks everything about both networks, at the same time, and compares the answers. Options are those of `studyNetwork`, for both. Of a network
 * that says of no node whether it is down, that is not known.
 */
export async function compareNetworks(
  before: FbasNetwork,
  after: FbasNetwork,
  options: ComparisonOptions = {}
): Promise<Comparison> {
  // Each begins with what takes time on the main thread, which is free for others in between.
  const later = new Promise((resolve) => setTimeout(resolve)).then(() =>
    studyNetwork(after, { ...options, title: 'after' })
  )
  const [old, now] = await Promise.all([studyNetwork(before, { ...options, title: 'before' }), later])
  return comparisonOf(old, now, 'unknown')
}
