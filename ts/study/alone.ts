/**
 * Of whom a single one is enough: the one figure that the headline, the mood of an answer, its badge and its color follow from.
 *
 * Groupings without data are no ways of counting here: there each node stands for itself, which is told of nodes.
 */

import type { MinimalSetResult } from '../../index.js'
import type { GroupData } from './directory.js'
import { NODES, type Grouping } from './groupings.js'
import { oneWord } from './members.js'
import { isAtLeast, isExactly, sizeOf, type Size } from './sizes.js'
import type { Counted, Study } from './study.js'

/** A smallest set, counting one thing. */
export interface Smallest {
  grouping: Grouping
  data: GroupData
  size: Size
  members: string[]
  /** How many single ones are enough; absent: not counted. */
  ones?: number
}

/** The smallest sets of a kind, one a grouping. */
export type Smallests = [Smallest, ...Smallest[]]

/** A single one that is enough. */
export interface One {
  grouping: Grouping
  /** What it is. */
  what: string
  label: string
  /** How many others are enough alone, too; absent: not known. */
  others: number | undefined
}

/** Whether a single one is enough. */
export type Alone =
  /** These are, proven: one of each grouping. `isLater`: these are because of the nodes that are down already. */
  | { kind: 'some'; ones: One[]; isLater: boolean }
  /** It takes two at least, proven, with the nodes that are down as well. */
  | { kind: 'nobody' }
  /** Not proven, counting these. */
  | { kind: 'not known'; open: Smallest[] }

/** The smallest sets of one kind. */
export function smallestOf(study: Study, of: (counted: Counted) => MinimalSetResult): Smallests {
  return eachOf(study, (counted) => {
    const answer = of(counted)
    const { totalSets, sizes = [], exampleSet } = answer
    const ones = sizes.find(({ size }) => size === 1)?.count ?? 0
    return {
      size: sizeOf(answer),
      members: exampleSet,
      ...(totalSets === undefined ? {} : { ones: Number(ones) })
    }
  })
}

/** The smallest sets that halt what is left; absent: no node is down. */
export function whileDown(study: Study): Smallests | undefined {
  if (study.faultyNodes.length === 0) return undefined
  return smallestOf(study, ({ blockingSetsFiltered }) => blockingSetsFiltered)
}

/** Something of each way of counting. */
export function eachOf(
  study: Study,
  of: (counted: Counted) => Pick<Smallest, 'size' | 'members' | 'ones'>
): Smallests {
  const each = (counted: Counted): Smallest => ({
    grouping: counted.grouping,
    data: counted.data,
    ...of(counted)
  })
  const [first, ...rest] = study.counted
  return [each(first), ...rest.map(each)]
}

/** Those with data. Where nothing else was asked for, each node stands for itself. */
export function withData<T extends { data: GroupData }>(sets: [T, ...T[]]): [T, ...T[]] {
  const [first, ...rest] = sets.filter(({ data }) => data.kind !== 'missing')
  return first === undefined ? sets : [first, ...rest]
}

/**
 * Whether a single one is enough, of everything that there is data on.
 *
 * @param whileDown The same sets where some nodes are down already.
 */
export function aloneIn(smallest: Smallests, { directory }: Study, whileDown?: Smallests): Alone {
  const onesOf = (sets: Smallest[]) => {
    const ones = sets.flatMap(({ grouping, size, members: [label], ones }): One[] => {
      if (!isExactly(size, 1) || label === undefined) return []
      const others = ones === undefined ? undefined : ones - 1
      return [{ grouping, label, others, what: oneWord(label, grouping, directory) }]
    })
    // If a single node is, so is its organization, its country and its provider.
    const node = ones.filter(({ grouping }) => grouping.key === NODES.key)
    return node.length > 0 ? node : ones
  }
  const up = withData(smallest)
  const down = whileDown === undefined ? [] : withData(whileDown)
  const [ones, later] = [onesOf(up), onesOf(down)]
  const isOfNodes = (of: One[]) => of.some(({ grouping }) => grouping.key === NODES.key)
  // That one more node is enough as things are is worse than that a whole group is.
  const isWorse = isOfNodes(later) && !isOfNodes(ones)
  if (ones.length > 0 && !isWorse) return { kind: 'some', ones, isLater: false }
  if (later.length > 0) return { kind: 'some', ones: later, isLater: true }
  const open = [...up, ...down].filter(({ size }) => !isAtLeast(size, 2))
  return open.length > 0 ? { kind: 'not known', open } : { kind: 'nobody' }
}

/** What the ones are, each kind once. */
export function onesWords(ones: One[]): string[] {
  return [...new Set(ones.map(({ what }) => what))]
}
