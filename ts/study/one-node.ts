/** What is said of one node, as data: where it stands, how few others can do what to it, and what is wrong in its quorum set. */

import type { Finding, MinimalSetResult, NodeResult } from '../../index.js'
import { NOTHING_KNOWN, type Said } from './answers.js'
import type { Check } from './check.js'
import type { Directory } from './directory.js'
import { isNothingKnown } from './doubts.js'
import { capitalized, counted, NODES, ORGANIZATIONS, type Grouping } from './groupings.js'
import { HALTING_NODE, SPLITTING_OFF, V_BLOCKING, type Kind } from './kinds.js'
import { membersWords } from './members.js'
import { isAtLeast, isExactly, isOpen, sizeOf, unprovenSize, type Size } from './sizes.js'
import { rule } from './rule.js'

/** How few others can do something to the node. */
export interface OfNode {
  kind: Kind
  size: Size
  /** Whether it is another one with unknown nodes read the other way, or there was no time to see. */
  isInDoubt: boolean
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

/** Who takes no part, whatever it asks for, by public keys. */
export interface Away {
  /** Nodes that are a quorum all by themselves and are left out. */
  leftOut: string[]
  /** Nodes that somebody said are down. */
  down: string[]
}

/** Where a node stands, in a word or two. */
export type Place = 'top tier' | 'core' | 'follower' | 'in no quorum' | 'left out' | 'down'

export function placeOf(
  { publicKey, isInQuorum, isInCore, isInTopTier }: NodeResult,
  { leftOut, down }: Away
): Place {
  if (down.includes(publicKey)) return 'down'
  if (leftOut.includes(publicKey)) return 'left out'
  if (!isInQuorum) return 'in no quorum'
  return isInTopTier ? 'top tier' : isInCore ? 'core' : 'follower'
}

/** What there is to say of the quorum set of a node that has none to go by: nobody knows it, or it is none. */
function unknownWords({ publicKey }: NodeResult, findings: Finding[]): string {
  return concerns('ZERO_THRESHOLD', publicKey, findings)
    ? 'its quorum set has a threshold of 0, so it counts as unknown.'
    : 'its quorum set is not known.'
}

function concerns(code: Finding['code'], key: string, findings: Finding[]): boolean {
  return findings.some((finding) => finding.code === code && finding.nodes.includes(key))
}

/** Where it stands, in a sentence. */
export function saidOfNode(answer: NodeResult, away: Away, findings: Finding[]): Said {
  if (isNothingKnown(findings)) return NOTHING_KNOWN
  const open = isTierOpen(answer) ? ' Whether some minimal quorum has it is NOT proven.' : ''
  const isUp = concerns('REPORTED_DOWN', answer.publicKey, findings)
  const said = (mood: Said['mood'], begins: string, rest: string): Said => ({
    ...{ mood, begins, rest },
    meaning: isUp ? 'The data reports it as down; here it is taken to be up.' : ''
  })
  switch (placeOf(answer, away)) {
    case 'down':
      return said('bad', 'Down:', 'it is taken to be in no quorum.')
    case 'left out':
      return said('bad', 'Left out:', 'it is a quorum all by itself, and is taken to be in none with others.')
    case 'in no quorum':
      return said(
        'bad',
        'In no quorum:',
        answer.quorumSet === null ? unknownWords(answer, findings) : 'it cannot agree on anything as it is.'
      )
    case 'top tier':
      return said('neutral', 'In the top tier:', 'some minimal quorum has it.')
    case 'core':
      return said('neutral', 'In the core:', `the nodes on which everybody depends.${open}`)
    case 'follower':
      return said('neutral', 'A follower:', `it is in a quorum, but not in the core.${open}`)
  }
}

/** Whether it takes no part: then nobody else's doing is asked for, nor what it asks for. */
export function isAway(place: Place | undefined): boolean {
  return place === 'down' || place === 'left out'
}

/** Whether some minimal quorum may have it, or none. */
function isTierOpen({ isInQuorum, isTopTierExact }: NodeResult): boolean {
  return isInQuorum && !isTopTierExact
}

/** How few others can halt it, block its slices, and split it off: from no quorum there is nothing to split off, which takes no time to see. */
export function sizesOfNode({ isInQuorum, halting, vBlocking, splitting }: NodeResult) {
  const splittingSize: Size = isInQuorum ? sizeOf(splitting) : { kind: 'none' }
  return { halting: sizeOf(halting), vBlocking: sizeOf(vBlocking), splitting: splittingSize }
}

/** What is looked for beside a node, by the field that has its size. */
export const KINDS_OF_NODE = {
  halting: HALTING_NODE,
  vBlocking: V_BLOCKING,
  splitting: SPLITTING_OFF
} as const
export type KindOfNode = keyof typeof KINDS_OF_NODE

/** The sizes that are others with unknown nodes read the other way, or of which there was no time to see. */
export function doubtedSizes({ findings }: NodeResult): KindOfNode[] {
  const ofReading = findings.filter(({ unknownNodes }) => unknownNodes !== undefined)
  const fields = ofReading.flatMap((finding) => finding.fields)
  const kinds = Object.keys(KINDS_OF_NODE) as KindOfNode[]
  return kinds.filter((kind) => fields.includes(`${kind}.minSize`))
}

/** The same in words. */
export function setsOfNode(
  answer: NodeResult,
  grouping: Grouping,
  directory: Directory,
  scope: 'core' | 'all',
  findings: Finding[]
): OfNode[] {
  const { isInQuorum, quorumSet, halting, vBlocking, splitting } = answer
  const sizes = sizesOfNode(answer)
  const [others, some] = scope === 'core' ? ['the core', 'the core'] : ['anybody', 'somebody']
  const doubted = doubtedSizes(answer).map((kind) => KINDS_OF_NODE[kind])
  const of = (
    kind: (typeof doubted)[number],
    size: Size,
    { exampleSet: members }: MinimalSetResult,
    none: string,
    zero: string,
    doing: string,
    can: (who: string) => string
  ): OfNode => {
    const words = () => {
      if (size.kind === 'none') return none
      if (isExactly(size, 0)) return zero
      if (isOpen(size) && size.atMost === null) {
        // It may be that nobody can.
        return size.atLeast === 0
          ? `Who can ${doing} is not known.`
          : `It takes at least ${counted(size.atLeast, grouping)} to ${doing}, if anybody can.`
      }
      return can(membersWords(size, members, grouping, directory))
    }
    return { kind, size, isInDoubt: doubted.includes(kind), words: words(), members }
  }
  return [
    of(
      HALTING_NODE,
      sizes.halting,
      halting,
      'Nobody else can halt it: it is a quorum alone.',
      'It is in no quorum.',
      'halt it by stopping',
      (who) => `By stopping, ${who} can halt it.`
    ),
    of(
      V_BLOCKING,
      sizes.vBlocking,
      vBlocking,
      'Nobody else can block its slices: it needs nobody.',
      quorumSet === null ? capitalized(unknownWords(answer, findings)) : 'Its quorum set is not satisfied.',
      'block it by stopping',
      (who) => `By stopping, ${who} can block it, before anybody else has stopped for that.`
    ),
    of(
      SPLITTING_OFF,
      sizes.splitting,
      splitting,
      isInQuorum
        ? `Nobody can make it disagree with ${others}.`
        : 'It is in no quorum, so there is nothing to split off.',
      `It can disagree with ${some} though nobody lies.`,
      'split it off by lying',
      (who) => `By lying, ${who} can make it disagree with ${some}.`
    )
  ]
}

/** Who depends on it, names it, and is in its reach; of one that takes no part, who names it. */
export function othersOf(answer: NodeResult, away: Away): Remark[] {
  const { dependents, trustedBy, reach, quorumSet } = answer
  const remark = (nodes: string[], one: string, many: string): Remark => ({
    words: `${counted(nodes.length, NODES)} ${nodes.length === 1 ? one : many}`,
    members: nodes,
    grouping: NODES
  })
  const naming = remark(trustedBy, 'names it', 'name it')
  if (isAway(placeOf(answer, away))) return [naming]
  return [
    remark(dependents, 'is in a quorum only with it', 'are in a quorum only with it'),
    naming,
    quorumSet === null
      ? { words: 'Its reach is not known.', members: [], grouping: NODES }
      : remark(reach, 'is in its reach', 'are in its reach')
  ]
}

/** What is found in the data of one node alone, about its quorum set. */
const IN_THE_DATA: [Finding['code'], string][] = [
  [
    'UNREACHABLE_THRESHOLD',
    'It, or a set inside it, asks for more entries than it lists: nothing satisfies that.'
  ],
  [
    'LOW_THRESHOLD',
    'It, or a set inside it, has a threshold of at most half of its entries: one half satisfies it as well as the other.'
  ],
  ['ZERO_THRESHOLD', 'A set inside it has a threshold of 0: that counts as satisfied.'],
  ['DUPLICATE_ENTRY', 'It names a node more than once: each mention counts.'],
  ['NESTING_TOO_DEEP', 'It is nested deeper than the 5 levels that stellar-core accepts.']
]

/** What is wrong in its quorum set for this node, after what it asks for. */
export function remarksOn(answer: NodeResult, findings: Finding[]): Remark[] {
  const { publicKey, quorumSet, namesItself, deadValidators, deadSets, intolerantSets, stoppedBy } = answer
  const remark = (words: string): Remark => ({ words, members: [], grouping: NODES })
  if (quorumSet === null) return [remark(capitalized(unknownWords(answer, findings)))]
  const itself = namesItself ? 'It names itself.' : 'It does not name itself.'
  const remarks = [
    remark(`It asks for ${rule(quorumSet)}. ${itself}`),
    ...IN_THE_DATA.filter(([code]) => concerns(code, publicKey, findings)).map(([, words]) => remark(words))
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
export function checkOfNode(answer: NodeResult, findings: Finding[]): Check {
  const { halting, splitting } = sizesOfNode(answer)
  const sizes = [halting, splitting]
  if (isNothingKnown(findings)) return 'unknown'
  if (sizes.some((size) => isExactly(size, 0))) return 'unsafe'
  return sizes.every((size) => isAtLeast(size, 1)) ? 'safe' : 'unknown'
}

/** What of an answer about a node is not proven, a line each. */
export function unprovenOfNode(answer: NodeResult, grouping: Grouping): string[] {
  const { halting, vBlocking, splitting } = sizesOfNode(answer)
  return [
    ...(isTierOpen(answer) ? ['whether it is in the top tier'] : []),
    ...unprovenSize('smallest set that halts it', halting, grouping),
    ...unprovenSize('smallest v-blocking set', vBlocking, grouping),
    ...unprovenSize('smallest set that splits it off', splitting, grouping)
  ]
}

/** How far it is proven. Of sizes that no set is told of, no example was checked. */
export function proofOfNode(answer: NodeResult): NonNullable<Said['proof']> {
  const { halting, vBlocking, splitting } = answer
  const isWhole = !isTierOpen(answer) && !Object.values(sizesOfNode(answer)).some(isOpen)
  const hasExample = [halting, vBlocking, splitting].some(({ exampleSet }) => exampleSet.length > 0)
  if (!hasExample) return { isWhole, words: isWhole ? 'Proven.' : 'NOT all proven.' }
  const words = isWhole
    ? 'Proven smallest; every example was checked against the definition.'
    : 'NOT all proven; every example was checked against the definition.'
  return { isWhole, words }
}
