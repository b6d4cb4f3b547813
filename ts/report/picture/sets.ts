/** The sets that the picture can show: for each figure, who is in an example of it, and what part each node has. */

import type { QuorumSet } from '../../../index.js'
import { isHistoryMissing } from '../../study/figures.js'
import { NODES, type Grouping } from '../../study/groupings.js'
import { sizeOf, tierSizeOf, type Size } from '../../study/sizes.js'
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
  /** Is in the quorum that would have no good archive left. */
  | 'unarchived'

/** An example of a figure. */
export interface Shown {
  id: string
  kind: Kind
  grouping: Grouping
  size: Size
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
  unarchived: 'in the quorum that has no other good archive'
}

/** All of them, by kind and then by what is counted. Where no set exists or is known, or there is no data, there is nothing to show. */
export function setsIn(study: Study): Shown[] {
  if (study.intersection.kind === 'no quorum' || study.intersection.kind === 'nothing known') return []
  const withData = study.counted.filter(({ data }) => data.kind !== 'missing')
  const kinds = KINDS.filter((kind) => kind !== 'history-critical' || !isHistoryMissing(study))
  return kinds.flatMap((kind) => withData.flatMap((counted) => setOf(study, counted, kind) ?? []))
}

/** What is shown until somebody chooses: the two quorums of a network that is split, otherwise the top tier. */
export function openingSet({ intersection }: Study, sets: Shown[]): Shown | undefined {
  const split = sets.find(({ kind }) => kind === 'splitting')
  return intersection.kind === 'disjoint' && split !== undefined ? split : sets[0]
}

/** What is shown: the set that was chosen, as long as there is one of that id. */
export function shownSet(study: Study, sets: Shown[], chosen: string | undefined): Shown | undefined {
  return sets.find(({ id }) => id === chosen) ?? openingSet(study, sets)
}

function setOf(study: Study, counted: Counted, kind: Kind): Shown | undefined {
  const { grouping } = counted
  const shown = (size: Size, members: string[], ...parts: [Part, string[]][]): Shown => ({
    id: `show-${kind}-${study.counted.indexOf(counted)}`,
    ...{ kind, grouping, size, members },
    parts: together(parts)
  })
  const nodesOf = (members: string[]) =>
    members.flatMap((member) => study.directory.membersOf(member, grouping))
  switch (kind) {
    case 'top-tier': {
      const { topTier } = counted.topTier
      if (topTier.length === 0) return undefined
      // Of a group, only those nodes that are in the top tier themselves.
      const tier = study.counted.find(({ grouping }) => grouping.key === NODES.key)?.topTier.topTier
      const nodes = new Set(tier)
      const inTier = nodesOf(topTier).filter((key) => tier === undefined || nodes.has(key))
      return shown(tierSizeOf(counted.topTier), topTier, ['tier', inTier])
    }
    case 'blocking': {
      const { exampleSet } = counted.blockingSets
      const size = sizeOf(counted.blockingSets)
      return isKnown(size) ? shown(size, exampleSet, ['stopped', nodesOf(exampleSet)]) : undefined
    }
    case 'filtered': {
      if (study.faultyNodes.length === 0) return undefined
      const { exampleSet } = counted.blockingSetsFiltered
      const size = sizeOf(counted.blockingSetsFiltered)
      const parts: [Part, string[]][] = [
        ['stopped', nodesOf(exampleSet)],
        ['down', study.faultyNodes]
      ]
      return isKnown(size) ? shown(size, exampleSet, ...parts) : undefined
    }
    case 'splitting': {
      const { exampleSet, quorumA, quorumB } = counted.splittingSets
      const size = sizeOf(counted.splittingSets)
      if (!isKnown(size)) return undefined
      const sides = [new Set(quorumA), new Set(quorumB)]
      const liars = new Set(nodesOf(exampleSet).filter((key) => lies(study, key, sides)))
      const honest = (quorum: string[]) => quorum.filter((key) => !liars.has(key))
      const parts: [Part, string[]][] = [
        ['liar', [...liars]],
        ['side-a', honest(quorumA)],
        ['side-b', honest(quorumB)]
      ]
      return shown(size, exampleSet, ...parts)
    }
    case 'history-critical': {
      const { exampleSet, quorum } = counted.historyCritical
      const size = sizeOf(counted.historyCritical)
      const archives = nodesOf(exampleSet).filter((key) => quorum.includes(key))
      return isKnown(size)
        ? shown(size, exampleSet, ['archive', archives], ['unarchived', quorum])
        : undefined
    }
  }
}

/** Whether a set of it is known. */
function isKnown(size: Size): boolean {
  return size.kind === 'exactly' || (size.kind === 'between' && size.atMost !== null)
}

/** Of a group in a splitting set, some nodes may be honest: those on one side only, which gives them what they ask for. */
function lies({ nodes }: Study, key: string, sides: Set<string>[]): boolean {
  const taken = sides.filter((side) => side.has(key))
  const [only] = taken
  if (only === undefined || taken.length > 1) return only !== undefined
  const quorumSet = nodes.find(({ publicKey }) => publicKey === key)?.quorumSet
  return quorumSet == null || !satisfied(quorumSet, only)
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
