/** Changes inside of a quorum set, whose sets are named by the way to them: the places of inner sets, from the outermost inwards. */

import type { QuorumSet } from '../../index.js'

/** The way to a set. */
export type Path = number[]

/** What can be done to one set. */
export type Step =
  | { kind: 'threshold'; threshold: number }
  | { kind: 'add'; validator: string }
  | { kind: 'nest'; inner: QuorumSet }
  | { kind: 'leave out'; validator: string }
  /** An inner set, by its place. */
  | { kind: 'cut'; place: number }

/** The quorum set with something done to the one at the end of the way. */
export function changedWithin(set: QuorumSet, [first, ...rest]: Path, step: Step): QuorumSet {
  if (first === undefined) return changed(set, step)
  return {
    ...set,
    innerQuorumSets: set.innerQuorumSets.map((inner, place) =>
      place === first ? changedWithin(inner, rest, step) : inner
    )
  }
}

/** How many entries it has. */
export function entriesOf({ validators, innerQuorumSets }: QuorumSet): number {
  return validators.length + innerQuorumSets.length
}

/** More than half of some nodes. */
export function majorityOf(validators: string[]): QuorumSet {
  return { threshold: Math.floor(validators.length / 2) + 1, validators, innerQuorumSets: [] }
}

function changed(set: QuorumSet, step: Step): QuorumSet {
  switch (step.kind) {
    case 'threshold':
      return { ...set, threshold: step.threshold }
    case 'add':
      return { ...set, validators: [...set.validators, step.validator] }
    case 'nest':
      return { ...set, innerQuorumSets: [...set.innerQuorumSets, step.inner] }
    case 'leave out': {
      const at = set.validators.indexOf(step.validator)
      return reachable({ ...set, validators: set.validators.filter((_, place) => place !== at) })
    }
    case 'cut':
      return reachable({
        ...set,
        innerQuorumSets: set.innerQuorumSets.filter((_, place) => place !== step.place)
      })
  }
}

/** Whoever leaves an entry out does not mean that the rest can never be enough. */
function reachable(set: QuorumSet): QuorumSet {
  return { ...set, threshold: Math.max(1, Math.min(set.threshold, entriesOf(set))) }
}
