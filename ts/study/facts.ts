/** What is true or false of a network as far as it is proven: whether quorums intersect, and whether it has halted. */

import type { MinimalSetResult, QuorumsResult, SplittingSetsResult } from '../../index.js'
import { isAtLeast, isExactly, sizeOf, sizeText, type Size } from './sizes.js'

/** Whether every two quorums share a node. */
export type Intersection =
  /** No quorum set is known, so nobody can say. */
  | { kind: 'nothing known' }
  | { kind: 'no quorum' }
  /** Every two share a node, proven. */
  | { kind: 'intersect' }
  /** These two do not. */
  | { kind: 'disjoint'; quorums: [string[], string[]] }
  /** Neither is proven. */
  | { kind: 'open' }

/** Whether it can close ledgers. */
export type Activity = 'nothing known' | 'running' | 'halted' | 'open'

/** What an answer about quorums says. */
export function intersectionOf(
  answer: Pick<QuorumsResult, 'hasQuorum' | 'hasQuorumIntersection' | 'disjointQuorums'>,
  nothingKnown: boolean
): Intersection {
  const { hasQuorum, hasQuorumIntersection, disjointQuorums } = answer
  if (nothingKnown) return { kind: 'nothing known' }
  if (!hasQuorum) return { kind: 'no quorum' }
  if (hasQuorumIntersection) return { kind: 'intersect' }
  return disjointQuorums === null ? { kind: 'open' } : { kind: 'disjoint', quorums: disjointQuorums }
}

/** What an answer about splitting sets says. */
export function intersectionOfSplitting(answer: SplittingSetsResult, nothingKnown: boolean): Intersection {
  const { hasQuorumIntersection, quorumA, quorumB } = answer
  const size = sizeOf(answer)
  if (nothingKnown) return { kind: 'nothing known' }
  if (hasQuorumIntersection) return { kind: 'intersect' }
  if (isExactly(size, 0)) return { kind: 'disjoint', quorums: [quorumA, quorumB] }
  return size.kind === 'none' ? { kind: 'no quorum' } : { kind: 'open' }
}

/** What an answer about blocking sets says. */
export function activityOf(
  answer: Pick<MinimalSetResult, 'minSize' | 'isExact' | 'lowerBound'>,
  nothingKnown: boolean
): Activity {
  const size = sizeOf(answer)
  if (nothingKnown) return 'nothing known'
  if (isExactly(size, 0)) return 'halted'
  return isAtLeast(size, 1) ? 'running' : 'open'
}

/** Whether no set exists for there is no quorum, so that this is no merit and like no number. */
export function isForLackOfQuorum(size: Size, { kind }: Intersection): boolean {
  return size.kind === 'none' && kind === 'no quorum'
}

/** A size for a table, of a network of which that is known. */
export function sizeTextIn(intersection: Intersection, size: Size): string {
  return isForLackOfQuorum(size, intersection) ? 'no quorum' : sizeText(size)
}
