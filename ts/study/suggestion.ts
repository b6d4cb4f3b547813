/** What a suggestion says of a network: what is wrong with it today, how many have to adopt a quorum set, and whether `--check` is content. */

import type { FbasNode, QuorumSet, Suggestion } from '../../index.js'
import type { Check } from './check.js'
import type { Directory } from './directory.js'
import { hangsOnReading, mayHangOnReading } from './doubts.js'
import { counted, NODES, type Grouping } from './groupings.js'
import { membersWords } from './members.js'
import { ASIDE, type SaidOfPlan } from './plan.js'
import { isExactly, sizeOf, sizeWords } from './sizes.js'

type Known = Pick<Suggestion, 'danger' | 'minSize' | 'lowerBound' | 'isExact'>

/** How many have to adopt it. What is not proven of the order is no doubt about that. */
function neededIn({ minSize, lowerBound, isExact }: Known): ReturnType<typeof sizeOf> {
  return sizeOf({ minSize, lowerBound, isExact: isExact || minSize === lowerBound })
}

/** A network that needs no adopters is safe as it is. */
export function checkOfSuggestion(suggestion: Known): Check {
  if (suggestion.danger !== null) return 'unsafe'
  return isExactly(neededIn(suggestion), 0) ? 'safe' : 'unknown'
}

/** The same with unknown nodes read the other way, where it is unsafe read as it was: in another danger, how many have to adopt it is not told. */
export function checkOfSuggestionOtherwise({ findings }: Pick<Suggestion, 'findings'>): Check {
  const isOfDanger = (field: string) => field === 'danger'
  const isOfSize = (field: string) => field === 'minSize'
  if (mayHangOnReading(findings, isOfDanger)) return 'unknown'
  return hangsOnReading(findings, isOfDanger) && hangsOnReading(findings, isOfSize) ? 'safe' : 'unsafe'
}

/** What is wrong today, as a clause. */
const WRONG = {
  split: 'two quorums share no node',
  halt: 'there is no quorum',
  floor: 'a size is below its floor'
}

/**
 * The answer in a sentence or two.
 *
 * @param isAnyLeftOut Whether some node is left out as a quorum all by itself.
 */
export function saidOfSuggestion(
  suggestion: Suggestion,
  unit: Grouping,
  directory: Directory,
  isAnyLeftOut: boolean
): SaidOfPlan {
  const { danger, adopters, candidates, quorumSet } = suggestion
  const needed = neededIn(suggestion)
  if (danger === null) {
    return isExactly(needed, 0)
      ? { mood: 'good', words: 'Safe: nobody has to adopt another quorum set.' }
      : { mood: 'unknown', words: 'Not known: whether the network is safe was not proven in time.' }
  }
  const aside = danger === 'halt' && isAnyLeftOut ? ASIDE : ''
  const wrong = `Not safe: ${WRONG[danger]}${aside}.`
  if (adopters !== null) {
    const those = membersWords(needed, adopters, unit, directory)
    const have = adopters.length === 1 && needed.kind === 'exactly' ? 'has' : 'have'
    return {
      mood: 'bad',
      words: `${wrong} It becomes safe when ${those} ${have} adopted the quorum set below.`
    }
  }
  if (needed.kind === 'none') {
    const words =
      quorumSet === null
        ? `${wrong} No quorum set that could be adopted is known.`
        : candidates.length === 0
          ? `${wrong} Everybody who is up and has a usable quorum set asks for the quorum set below already, so adopting it mends nothing.`
          : `${wrong} Whoever else adopts the quorum set below, it does not become safe; nodes that are down or have no usable quorum set are taken not to adopt it.`
    return { mood: 'bad', words }
  }
  return {
    mood: 'bad',
    words: `${wrong} Nobody was found in time whose adopting the quorum set below would make it safe. It would take ${sizeWords(needed, unit)}.`
  }
}

/**
 * The nodes as they are when all that can have adopted the quorum set: those that ask for one today, and are not taken as down. The library has the
 * same rule for whom it counts on.
 */
export function adopting(nodes: FbasNode[], faulty: string[], quorumSet: QuorumSet): FbasNode[] {
  const can = (node: FbasNode) => (node.quorumSet?.threshold ?? 0) > 0 && !faulty.includes(node.publicKey)
  return nodes.map((node) => (can(node) ? { ...node, quorumSet } : node))
}
