/** The sets that the picture can show: for each figure, who is in an example of it, and what part each node has. */

import type { QuorumSet } from '../../../index.js'
import type { Grouping } from '../../study/groupings.js'
import type { Counted, Study } from '../../study/study.js'

/** What a figure is about. */
export const KINDS = ['top-tier', 'blocking', 'filtered', 'splitting', 'history-critical'] as const
export type Kind = (typeof KINDS)[number]

/** What a node does in a set. */
export type Part =
  /** Belongs to the top tier. */
  | 'tier'
  /** Stops. */
  | 'stopped'
  /** Was down before. */
  | 'down'
  /** Lies. */
  | 'liar'
  /** Closes ledgers with one side, with the other. */
  | 'side-a'
  | 'side-b'
  /** Has one of the archives that go bad. */
  | 'archive'
  /** Would close ledgers that nobody archives. */
  | 'unarchived'

/** An example of a figure. */
export interface Shown {
  id: string
  kind: Kind
  grouping: Grouping
  /** Labels of the grouping. */
  members: string[]
  /** By public key. */
  parts: Map<string, Part[]>
}

/** The words of the legend. */
export const PARTS: Record<Part, string> = {
  tier: 'in the top tier',
  stopped: 'stops',
  down: 'down already',
  liar: 'lies to both sides',
  'side-a': 'one side',
  'side-b': 'the other side',
  archive: 'its archive goes bad',
  unarchived: 'closes ledgers that nobody archives'
}

/** All of them, by kind and then by what is counted. Where no set exists or is known there is nothing to show. */
export function setsIn(study: Study): Shown[] {
  return KINDS.flatMap((kind) => study.counted.flatMap((counted) => setOf(study, counted, kind) ?? []))
}

function setOf(study: Study, counted: Counted, kind: Kind): Shown | undefined {
  const { grouping } = counted
  const shown = (members: string[], ...parts: [Part, string[]][]): Shown => ({
    id: `show-${kind}-${study.counted.indexOf(counted)}`,
    ...{ kind, grouping, members },
    parts: together(parts)
  })
  const nodesOf = (members: string[]) =>
    members.flatMap((member) => study.directory.membersOf(member, grouping))
  switch (kind) {
    case 'top-tier': {
      const { topTier } = counted.topTier
      // Of a group, only those nodes that are in the top tier themselves.
      const nodes = new Set(study.counted[0]?.topTier.topTier)
      const inTier = nodesOf(topTier).filter((key) => nodes.has(key))
      return topTier.length === 0 ? undefined : shown(topTier, ['tier', inTier])
    }
    case 'blocking': {
      const { minSize, exampleSet } = counted.blockingSets
      return minSize === null ? undefined : shown(exampleSet, ['stopped', nodesOf(exampleSet)])
    }
    case 'filtered': {
      if (study.faultyNodes.length === 0) return undefined
      const { minSize, exampleSet } = counted.blockingSetsFiltered
      const stopped = nodesOf(exampleSet)
      return minSize === null
        ? undefined
        : shown(exampleSet, ['stopped', stopped], ['down', study.faultyNodes])
    }
    case 'splitting': {
      const { minSize, exampleSet, quorumA, quorumB } = counted.splittingSets
      if (minSize === null) return undefined
      const sides = [new Set(quorumA), new Set(quorumB)]
      const liars = new Set(nodesOf(exampleSet).filter((key) => lies(study, key, sides)))
      const honest = (quorum: string[]) => quorum.filter((key) => !liars.has(key))
      return shown(exampleSet, ['liar', [...liars]], ['side-a', honest(quorumA)], ['side-b', honest(quorumB)])
    }
    case 'history-critical': {
      const { minSize, exampleSet, quorum } = counted.historyCritical
      const archives = nodesOf(exampleSet).filter((key) => quorum.includes(key))
      return minSize === null ? undefined : shown(exampleSet, ['archive', archives], ['unarchived', quorum])
    }
  }
}

/** Of a group in a splitting set, some nodes may be honest: those on one side only, which gives them what they ask for. */
function lies({ nodes }: Study, key: string, sides: Set<string>[]): boolean {
  const taken = sides.filter((side) => side.has(key))
  const [only] = taken
  if (only === undefined || taken.length > 1) return only !== undefined
  const quorumSet = nodes.find(({ publicKey }) => publicKey === key)?.quorumSet
  return !quorumSet || !satisfied(quorumSet, only)
}

function satisfied({ threshold, validators, innerQuorumSets }: QuorumSet, by: Set<string>): boolean {
  const entries = validators.filter((key) => by.has(key)).length
  return entries + innerQuorumSets.filter((inner) => satisfied(inner, by)).length >= threshold
}

function together(parts: [Part, string[]][]): Map<string, Part[]> {
  const byNode = new Map<string, Part[]>()
  for (const [part, keys] of parts) {
    for (const key of keys) byNode.set(key, [...(byNode.get(key) ?? []), part])
  }
  return byNode
}
