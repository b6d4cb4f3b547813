/** Decides whether an answer means safe, unsafe or unknown: `--check` and alarms go by that. */

import type { Finding, MinimalSetResult } from '../../index.js'
import { isOfReading, isWithoutHistory, type Doubt } from './doubts.js'
import type { Intersection } from './facts.js'
import { isAtLeast, isExactly, sizeOf } from './sizes.js'
import type { Answers } from './study.js'

export type Check = 'safe' | 'unsafe' | 'unknown'

/** A network is safe when quorums intersect and it has not halted. */
export function checkOf({
  intersection,
  activity,
  isHaltedEitherWay,
  doubts,
  isReadingChosen
}: Answers): Check {
  const decided: Check[] = [checkOfIntersection(intersection), checkOfActivity(activity)]
  // Disjoint quorums are disjoint however unknown nodes are read.
  if (intersection.kind === 'disjoint' || isHaltedEitherWay) return 'unsafe'
  return doubted(
    decided.includes('unsafe') ? 'unsafe' : decided.includes('unknown') ? 'unknown' : 'safe',
    doubts.filter(({ subjects }) => subjects.includes('split') || subjects.includes('halt')),
    isReadingChosen
  )
}

/** Quorums must intersect, and there must be one. */
export function checkOfIntersection({ kind }: Intersection): Check {
  switch (kind) {
    case 'intersect':
      return 'safe'
    case 'disjoint':
    case 'no quorum':
      return 'unsafe'
    case 'open':
    case 'nothing known':
      return 'unknown'
  }
}

/** A smallest set of size 0 is what must not be. */
export function checkOfSize(answer: Pick<MinimalSetResult, 'minSize' | 'isExact' | 'lowerBound'>): Check {
  const size = sizeOf(answer)
  if (isExactly(size, 0)) return 'unsafe'
  return isAtLeast(size, 1) ? 'safe' : 'unknown'
}

/** Archives of which nobody says whether they are good are no reason for an alarm; without a quorum nothing hangs on them. */
export function checkOfHistory(answer: Parameters<typeof checkOfSize>[0], findings: Finding[]): Check {
  const check = checkOfSize(answer)
  return check === 'unsafe' && isWithoutHistory(findings) ? 'unknown' : check
}

/** An answer that hangs on nodes that nobody has seen is none, unless somebody decided how they are read. */
export function doubted(check: Check, doubts: Pick<Doubt, 'words'>[], isReadingChosen: boolean): Check {
  return doubts.length > 0 && !isReadingChosen ? 'unknown' : check
}

/** The same, but what is unsafe with unknown nodes read either way is unsafe, whatever else hangs on that. `otherWay` answers the other way. */
export async function checkedBothWays(
  check: Check,
  doubts: Doubt[],
  isReadingChosen: boolean,
  otherWay: () => Check | Promise<Check>
): Promise<Check> {
  const checked = doubted(check, doubts, isReadingChosen)
  if (check === checked || check !== 'unsafe' || !doubts.every(isOfReading)) return checked
  return (await otherWay()) === 'unsafe' ? 'unsafe' : checked
}

function checkOfActivity(activity: Answers['activity']): Check {
  switch (activity) {
    case 'running':
      return 'safe'
    case 'halted':
      return 'unsafe'
    case 'open':
    case 'nothing known':
      return 'unknown'
  }
}
