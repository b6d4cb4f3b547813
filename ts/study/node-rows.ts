/**
 * All nodes, those that are only named in quorum sets among them, a row each: what is known of it in this network, and with whom it shares its
 * quorum set.
 *
 * Quorum sets are numbered, the one that most nodes have first, so that nodes that ask for the same show as such.
 */

import type { QuorumSet } from '../../index.js'
import { leftOutBeside } from './doubts.js'
import { NODES, ORGANIZATIONS } from './groupings.js'
import { standing } from './quorum-set-changes.js'
import type { Study } from './study.js'

/** Where a node stands in the network. Of most that are not in the core it is not asked whether they are in any quorum. */
export type Standing =
  | 'in the top tier'
  | 'in the core'
  | 'not in the core'
  /** A quorum all by itself, which counts for nothing. */
  | 'left out'
  /** Nothing satisfies its quorum set, or nobody is but those that are left out. */
  | 'in no quorum'
  | 'no quorum exists'

/** A node with what is known of it. */
export interface NodeRow {
  key: string
  name: string
  /** Absent: it has none. */
  organization: string | undefined
  /** Absent: nothing is known of its quorum set, so not where it stands either. */
  standing: Standing | undefined
  /** Otherwise it is only named in quorum sets. */
  isListed: boolean
  /** Whether it is taken to be down. */
  isDown: boolean
  /** Absent: not known. */
  quorumSet: NumberedSet | undefined
}

/** Where a node stands, in words, with what it does. */
export function stateText(
  { standing, isListed, isDown }: NodeRow,
  condition = isDown ? 'down' : 'up'
): string {
  return [
    standing ?? 'not known',
    ...(isListed ? [] : ['not listed']),
    ...(condition === 'up' ? [] : [condition])
  ].join(', ')
}

/** Why the answers are the same when a node is down or lies, as far as that is known; absent: they may be others. */
export function whyTheSame(
  { standing, isListed }: NodeRow,
  condition: 'down' | 'malicious',
  study: Pick<Study, 'unknownNodes' | 'counted'>
): string | undefined {
  const without = 'Every quorum that has it contains one without it.'
  switch (standing) {
    case 'in the top tier':
      return undefined
    case 'in the core':
      // Who counts on it may be led astray. And of a top tier that is not proven it may be.
      return condition === 'down' && study.counted[0].topTier.isExact ? without : undefined
    case 'not in the core':
      return without
    case 'left out':
      return 'It is left out anyway: a quorum by itself that no other node in a quorum names.'
    case 'in no quorum':
      return 'It is in no quorum anyway.'
    case 'no quorum exists':
      return 'There is no quorum anyway.'
    case undefined:
      return study.unknownNodes === 'dead'
        ? `It is ${isListed ? '' : 'not listed, and '}taken to be in no quorum anyway, as its quorum set is not known.`
        : undefined
  }
}

/** A quorum set that some nodes have. */
export interface NumberedSet {
  /** From 1. */
  number: number
  quorumSet: QuorumSet
  /** Public keys of those who have it, in the order of the nodes. */
  nodes: string[]
}

/** Quorum sets, those that most nodes have first, by the public keys of those who have them. The order of entries is of no interest. */
export function numberedSets(nodes: Study['nodes']): Map<string, NumberedSet> {
  const byText = new Map<string, Omit<NumberedSet, 'number'>>()
  for (const { publicKey, quorumSet } of nodes) {
    if (quorumSet == null) continue
    const text = standing(quorumSet)
    const known = byText.get(text)
    if (known === undefined) byText.set(text, { quorumSet, nodes: [publicKey] })
    else known.nodes.push(publicKey)
  }
  const ordered = [...byText.values()].sort((a, b) => b.nodes.length - a.nodes.length)
  return new Map(
    ordered.flatMap((set, index) => set.nodes.map((key) => [key, { number: index + 1, ...set }] as const))
  )
}

/** The quorum sets alone, in their order. */
export function differentSets(nodes: Study['nodes']): NumberedSet[] {
  return [...new Map([...numberedSets(nodes).values()].map((set) => [set.number, set])).values()].sort(
    (a, b) => a.number - b.number
  )
}

/** All nodes, by organization and name; those without an organization last. `sets` are theirs, where they are at hand. */
export function nodeRows(study: Study, sets = numberedSets(study.nodes)): NodeRow[] {
  const { nodes, directory, faultyNodes } = study
  const tier = study.counted.find(({ grouping }) => grouping.key === NODES.key)?.topTier.topTier ?? []
  const [inTier, core, down] = [new Set(tier), new Set(study.core), new Set(faultyNodes)]
  const leftOut = new Set(leftOutBeside(study))
  const standingOf = (key: string): Standing => {
    if (inTier.has(key)) return 'in the top tier'
    if (core.has(key)) return 'in the core'
    if (leftOut.has(key)) return 'left out'
    const set = sets.get(key)?.quorumSet
    if (set !== undefined && set.threshold > set.validators.length + set.innerQuorumSets.length)
      return 'in no quorum'
    if (core.size > 0) return 'not in the core'
    return leftOut.size > 0 ? 'in no quorum' : 'no quorum exists'
  }
  const listed = new Set(nodes.map(({ publicKey }) => publicKey))
  const rows = directory.nodes.map((key): NodeRow => {
    const label = directory.labelOf(key, ORGANIZATIONS)
    const quorumSet = sets.get(key)
    return {
      key,
      name: directory.name(key),
      organization: directory.isAlone(label, ORGANIZATIONS)
        ? undefined
        : directory.name(label, ORGANIZATIONS),
      standing: quorumSet === undefined && !core.has(key) ? undefined : standingOf(key),
      isListed: listed.has(key),
      isDown: down.has(key),
      quorumSet
    }
  })
  const before = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return rows.sort((a, b) => {
    const [ofA, ofB] = [a.organization, b.organization]
    if (ofA !== ofB) return ofA === undefined ? 1 : ofB === undefined ? -1 : before(ofA, ofB)
    return before(a.name, b.name)
  })
}
