/**
 * What became another one in a quorum set, entry by entry. The order of entries says nothing, and an entry counts as often as it is listed.
 *
 * Inner sets that are the same on both sides are put aside. Of the others, those that share the largest part of their members are taken for the
 * same set, changed; an inner set without such a partner joined or left.
 */

import type { QuorumSet } from '../../index.js'
import { validatorsIn } from './directory.js'

/** How many entries must be satisfied, of how many. */
export interface Threshold {
  threshold: number
  entries: number
}

/** What is another in a quorum set than before. */
export interface QuorumSetDifference {
  /** Absent: the same. */
  threshold?: { old: Threshold; new: Threshold }
  /** Validators that are entries now and were not, or not as often: public keys, sorted. */
  joined: string[]
  left: string[]
  innerSetsJoined: QuorumSet[]
  innerSetsLeft: QuorumSet[]
  /** Inner sets that are there on both sides, but differ. `old` and `new` are the sets themselves. */
  innerSetsChanged: { old: QuorumSet; new: QuorumSet; difference: QuorumSetDifference }[]
}

/** What is another in the second than in the first. */
export function differenceOf(old: QuorumSet, now: QuorumSet): QuorumSetDifference {
  const thresholds = { old: thresholdOf(old), new: thresholdOf(now) }
  const { left: setsLeft, joined: setsJoined } = apart(old.innerQuorumSets, now.innerQuorumSets, standing)
  const pairs = partners(setsLeft, setsJoined)
  const isPaired = (set: QuorumSet) => pairs.some((pair) => pair.old === set || pair.new === set)
  return {
    ...(thresholdText(thresholds.old) === thresholdText(thresholds.new) ? {} : { threshold: thresholds }),
    ...apart([...old.validators].sort(), [...now.validators].sort(), (key) => key),
    innerSetsJoined: setsJoined.filter((set) => !isPaired(set)),
    innerSetsLeft: setsLeft.filter((set) => !isPaired(set)),
    innerSetsChanged: pairs.map((pair) => ({ ...pair, difference: differenceOf(pair.old, pair.new) }))
  }
}

/** A quorum set as text that does not hang on the order of its entries. */
export function standing({ threshold, validators, innerQuorumSets }: QuorumSet): string {
  return JSON.stringify([threshold, [...validators].sort(), innerQuorumSets.map(standing).sort()])
}

/** "5 of 7". */
export function thresholdText({ threshold, entries }: Threshold): string {
  return `${threshold} of ${entries}`
}

/** What a quorum set asks for at the top. */
export function thresholdOf({ threshold, validators, innerQuorumSets }: QuorumSet): Threshold {
  return { threshold, entries: validators.length + innerQuorumSets.length }
}

/** A difference in words, a line each part. `names` lists validators as people call them. */
export function differenceWords(
  difference: QuorumSetDifference,
  names: (keys: string[]) => string
): string[] {
  const { threshold, joined, left, innerSetsJoined, innerSetsLeft, innerSetsChanged } = difference
  const set = (one: QuorumSet) => `${thresholdText(thresholdOf(one))} of ${names(membersOf(one))}`
  return [
    ...(threshold === undefined ? [] : [`${thresholdText(threshold.old)} → ${thresholdText(threshold.new)}`]),
    ...(joined.length === 0 ? [] : [`joined: ${names(joined)}`]),
    ...(left.length === 0 ? [] : [`left: ${names(left)}`]),
    ...innerSetsJoined.map((one) => `joined: ${set(one)}`),
    ...innerSetsLeft.map((one) => `left: ${set(one)}`),
    ...innerSetsChanged.map(
      ({ old, difference }) => `in ${set(old)}: ${differenceWords(difference, names).join('; ')}`
    )
  ]
}

/** The same with other names for the validators. */
export function renamed(difference: QuorumSetDifference, name: (key: string) => string): QuorumSetDifference {
  const set = ({ threshold, validators, innerQuorumSets }: QuorumSet): QuorumSet => ({
    threshold,
    validators: validators.map(name),
    innerQuorumSets: innerQuorumSets.map(set)
  })
  return {
    ...difference,
    joined: difference.joined.map(name),
    left: difference.left.map(name),
    innerSetsJoined: difference.innerSetsJoined.map(set),
    innerSetsLeft: difference.innerSetsLeft.map(set),
    innerSetsChanged: difference.innerSetsChanged.map((pair) => ({
      old: set(pair.old),
      new: set(pair.new),
      difference: renamed(pair.difference, name)
    }))
  }
}

function membersOf(set: QuorumSet): string[] {
  return [...new Set(validatorsIn(set))].sort()
}

/** What only one of two lists has, each as often as the other has it less often. */
function apart<T>(old: T[], now: T[], textOf: (one: T) => string): { joined: T[]; left: T[] } {
  return { joined: without(now, old), left: without(old, now) }

  function without(some: T[], others: T[]): T[] {
    const counts = new Map<string, number>()
    for (const other of others) counts.set(textOf(other), (counts.get(textOf(other)) ?? 0) + 1)
    return some.filter((one) => {
      const count = counts.get(textOf(one)) ?? 0
      counts.set(textOf(one), count - 1)
      return count <= 0
    })
  }
}

/** Pairs of sets that share members, those that share the largest part of them first; each set is in one pair at most. */
function partners(left: QuorumSet[], joined: QuorumSet[]): { old: QuorumSet; new: QuorumSet }[] {
  const membersOfJoined = joined.map((set) => new Set(validatorsIn(set)))
  const candidates = left
    .flatMap((old) => {
      const members = new Set(validatorsIn(old))
      return joined.map((now, index) => {
        const others = membersOfJoined[index] ?? new Set()
        const shared = [...members].filter((key) => others.has(key)).length
        const all = members.size + others.size - shared
        const text = standing(old) + standing(now)
        return { old, new: now, share: all === 0 ? 0 : shared / all, text }
      })
    })
    .filter(({ share }) => share > 0)
    .sort((a, b) => (a.share === b.share ? (a.text < b.text ? -1 : 1) : b.share - a.share))
  const taken = new Set<QuorumSet>()
  return candidates.flatMap(({ old, new: now }) => {
    if (taken.has(old) || taken.has(now)) return []
    taken.add(old).add(now)
    return [{ old, new: now }]
  })
}
