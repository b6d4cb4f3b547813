/** What is said of one node, as data: where it stands, how few others can do what to it, and what is wrong in its quorum set. */

import type { Finding, MinimalSetResult, NodeResult } from '../../index.js'
import type { Said } from './answers.js'
import type { Check } from './check.js'
import type { Directory } from './directory.js'
import { isNothingKnown } from './doubts.js'
import { counted, NODES, ORGANIZATIONS, type Grouping } from './groupings.js'
import { HALTING_NODE, SPLITTING_OFF, V_BLOCKING, type Kind } from './kinds.js'
import { membersWords } from './members.js'
import { isAtLeast, isExactly, isOpen, sizeOf, unprovenSize, type Size } from './sizes.js'
import { rule } from './verdicts.js'

/** How few others can do something to the node. */
export interface OfNode {
  kind: Kind
  size: Size
  /** In a sentence. */
  words: string
  members: string[]
}

/** A remark, with whom it is about. */
export interface Remark {
  words: string
  members: string[]
  grouping: Grouping
}

/** Where a node stands, in a word or two. */
export type Place = 'top tier' | 'core' | 'follower' | 'in no quorum'

export function placeOf({ isInQuorum, isInCore, isInTopTier }: NodeResult): Place {
  if (!isInQuorum) return 'in no quorum'
  return isInTopTier ? 'top tier' : isInCore ? 'core' : 'follower'
}

/** Where it stands, in a sentence. */
export function saidOfNode(answer: NodeResult, findings: Finding[]): Said {
  if (isNothingKnown(findings)) {
    const rest = 'the data has no quorum set of any node.'
    return { mood: 'unknown', begins: 'Not known:', rest, meaning: '' }
  }
  const open = answer.isTopTierExact ? '' : ' Whether some minimal quorum has it is NOT proven.'
  switch (placeOf(answer)) {
    case 'in no quorum':
      return said('bad', 'In no quorum:', 'it cannot agree on anything as it is.')
    case 'top tier':
      return said('neutral', 'In the top tier:', 'some minimal quorum has it.')
    case 'core':
      return said('neutral', 'In the core:', `the nodes on which everybody depends.${open}`)
    case 'follower':
      return said('neutral', 'A follower:', `it is in a quorum, but not in the core.${open}`)
  }
}

function said(mood: Said['mood'], begins: string, rest: string): Said {
  return { mood, begins, rest, meaning: '' }
}

/** How few others can halt it, block its slices, and split it off. */
export function setsOfNode(
  { isInQuorum, halting, vBlocking, splitting }: NodeResult,
  grouping: Grouping,
  directory: Directory,
  scope: 'core' | 'all'
): OfNode[] {
  const of = (kind: Kind, set: MinimalSetResult, words: (size: Size, who: string) => string): OfNode => {
    const size = sizeOf(set)
    const who = membersWords(size, set.exampleSet, grouping, directory)
    return { kind, size, words: words(size, who), members: set.exampleSet }
  }
  const others = scope === 'core' ? 'the core' : 'anybody'
  return [
    of(HALTING_NODE, halting, (size, who) => {
      if (size.kind === 'none') return 'Nobody else can halt it: it is a quorum alone.'
      return isExactly(size, 0) ? 'It is in no quorum.' : `By stopping, ${who} can halt it.`
    }),
    of(V_BLOCKING, vBlocking, (size, who) => {
      if (size.kind === 'none') return 'Nobody else can block its slices: it needs nobody.'
      return isExactly(size, 0)
        ? 'Its quorum set is not satisfied.'
        : `By stopping, ${who} can block it, before anybody else has stopped for that.`
    }),
    of(SPLITTING_OFF, splitting, (size, who) => {
      if (size.kind === 'none')
        return isInQuorum
          ? 'Nobody can split it off.'
          : 'It is in no quorum, so there is nothing to split off.'
      return isExactly(size, 0)
        ? `It can disagree with ${others} though nobody lies.`
        : `By lying, ${who} can make it disagree with ${others}.`
    })
  ]
}

/** Who depends on it, names it, and is in its reach. */
export function othersOf({ dependents, trustedBy, reach }: NodeResult): Remark[] {
  const remark = (nodes: string[], one: string, many: string): Remark => ({
    words: `${counted(nodes.length, NODES)} ${nodes.length === 1 ? one : many}`,
    members: nodes,
    grouping: NODES
  })
  return [
    remark(dependents, 'is in no quorum without it', 'are in no quorum without it'),
    remark(trustedBy, 'names it', 'name it'),
    remark(reach, 'is in its reach', 'are in its reach')
  ]
}

/** What is wrong in its quorum set for this node, after what it asks for. */
export function remarksOn(answer: NodeResult): Remark[] {
  const { quorumSet, namesItself, deadValidators, deadSets, intolerantSets, stoppedBy } = answer
  if (quorumSet === null) return [{ words: 'Its quorum set is not known.', members: [], grouping: NODES }]
  const itself = namesItself ? 'It names itself.' : 'It does not name itself.'
  const remarks: Remark[] = [
    { words: `It asks for ${rule(quorumSet)}. ${itself}`, members: [], grouping: NODES }
  ]
  if (deadValidators.length > 0) {
    const are = deadValidators.length === 1 ? 'is' : 'are'
    const words = `${counted(deadValidators.length, NODES)} that it names ${are} in no quorum`
    remarks.push({ words, members: deadValidators, grouping: NODES })
  }
  for (const set of deadSets) {
    remarks.push({
      words: `No quorum satisfies its inner set of ${rule(set)}`,
      members: set.validators,
      grouping: NODES
    })
  }
  for (const set of intolerantSets) {
    const words = `One more failure breaks its inner set of ${rule(set)}`
    remarks.push({ words, members: set.validators, grouping: NODES })
  }
  if (stoppedBy.length > 0) {
    remarks.push({ words: 'Each of these halts it alone', members: stoppedBy, grouping: ORGANIZATIONS })
  }
  return remarks
}

/** A node is safe when it is in a quorum, and nobody can split it off without lying. */
export function checkOfNode({ halting, splitting }: NodeResult, findings: Finding[]): Check {
  const sizes = [sizeOf(halting), sizeOf(splitting)]
  if (isNothingKnown(findings)) return 'unknown'
  if (sizes.some((size) => isExactly(size, 0))) return 'unsafe'
  return sizes.every((size) => isAtLeast(size, 1)) ? 'safe' : 'unknown'
}

/** What of an answer about a node is not proven, a line each. */
export function unprovenOfNode(answer: NodeResult, grouping: Grouping): string[] {
  const { isTopTierExact, halting, vBlocking, splitting } = answer
  return [
    ...(isTopTierExact ? [] : ['whether it is in the top tier']),
    ...unprovenSize('smallest set that halts it', sizeOf(halting), grouping),
    ...unprovenSize('smallest v-blocking set', sizeOf(vBlocking), grouping),
    ...unprovenSize('smallest set that splits it off', sizeOf(splitting), grouping)
  ]
}

/** How far it is proven. */
export function proofOfNode(answer: NodeResult): NonNullable<Said['proof']> {
  const sizes = [answer.halting, answer.vBlocking, answer.splitting].map(sizeOf)
  const isWhole = answer.isTopTierExact && !sizes.some(isOpen)
  const words = isWhole
    ? 'Proven smallest; every example was checked against the definition.'
    : 'NOT all proven; every example was checked against the definition.'
  return { isWhole, words }
}
