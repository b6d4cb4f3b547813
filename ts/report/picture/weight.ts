/**
 * How much a quorum set hangs on some nodes: the share of its slices that have one of them.
 *
 * A slice takes, at every level, as many entries as the threshold says, and all such choices count alike; an inner set that no choice can satisfy
 * is not taken. For a single node this is the weight that stellar-core gives it when it picks a leader.
 */

import type { QuorumSet } from '../../../index.js'

/** How much a quorum set hangs on some nodes. */
export interface Weight {
  /** Of the slices, those that have one of the nodes: from 0 to 1. */
  share: number
  /** Whether all of them do, which rounding cannot tell. */
  isNeeded: boolean
}

export function weightOf(quorumSet: QuorumSet, nodes: Set<string>): Weight {
  const { without, isAvoidable } = avoiding(quorumSet, nodes)
  return {
    share: isAvoidable ? 1 - without : hasSlices(quorumSet) ? 1 : 0,
    isNeeded: !isAvoidable && hasSlices(quorumSet)
  }
}

interface Avoiding {
  /** The share of slices without any of the nodes. */
  without: number
  /** Whether there is one. */
  isAvoidable: boolean
}

function avoiding({ threshold, validators, innerQuorumSets }: QuorumSet, nodes: Set<string>): Avoiding {
  const inner = innerQuorumSets.filter(hasSlices).map((set) => avoiding(set, nodes))
  const entries = validators.length + inner.length
  const others = validators.filter((key) => !nodes.has(key)).length
  const whole = inner.filter(({ without }) => without === 1).length
  const partly = inner.flatMap(({ without }) => (without > 0 && without < 1 ? [without] : []))
  const isAvoidable = others + inner.filter(({ isAvoidable }) => isAvoidable).length >= threshold
  const all = logOfChoices(entries, threshold)
  const without = products(partly).reduce((sum, product, taken) => {
    const left = threshold - taken
    if (left < 0 || left > others + whole) return sum
    return sum + product * Math.exp(logOfChoices(others + whole, left) - all)
  }, 0)
  return { without: isAvoidable ? Math.min(1, without) : 0, isAvoidable }
}

function hasSlices({ threshold, validators, innerQuorumSets }: QuorumSet): boolean {
  return validators.length + innerQuorumSets.filter(hasSlices).length >= threshold
}

/** For each number of factors, the sum of all products of so many. */
function products(factors: number[]): number[] {
  const sums = [1]
  for (const factor of factors) {
    sums.push(0)
    for (let count = sums.length - 1; count > 0; count--) {
      sums[count] = (sums[count] ?? 0) + factor * (sums[count - 1] ?? 0)
    }
  }
  return sums
}

/** In how many ways some of all can be chosen: its logarithm, as the number may be too large. */
function logOfChoices(all: number, some: number): number {
  const few = Math.min(some, all - some)
  let sum = 0
  for (let index = 0; index < few; index++) sum += Math.log((all - index) / (few - index))
  return sum
}

/** A share in percent. It is not 0 where there is any, nor 100 where it is not the whole. */
export function percentOf(share: number): number {
  return share === 0 ? 0 : Math.min(99, Math.max(1, Math.round(100 * share)))
}
