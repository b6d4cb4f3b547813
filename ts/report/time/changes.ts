/** What is different from the snapshot before, as far as it is proven to be. */

import type { Column, Moment, Shown, State } from './moments.js'
import { COLUMNS } from './moments.js'

/** A difference between two snapshots. */
export type Change =
  | { kind: 'state'; old: State; new: State }
  | { kind: 'figure'; column: Column; old: Shown; new: Shown }
  /** Public keys. */
  | { kind: 'top tier'; change: 'joined' | 'left'; members: string[] }
  /** Whether the top tier is symmetric. */
  | { kind: 'symmetric'; new: boolean }
  /** How many nodes are listed. */
  | { kind: 'listed'; old: number; new: number }

/** The snapshot before this one that could be read. */
export function beforeIn(moments: Moment[], index: number): number | undefined {
  for (let at = index - 1; at >= 0; at--) if (moments[at]?.error === null) return at
  return undefined
}

/** The one to compare with: of a snapshot of which something is known, the last one before of which something was. */
export function comparedWith(moments: Moment[], index: number): number | undefined {
  const [now, read] = [moments[index], beforeIn(moments, index)]
  if (now === undefined || !isKnown(now)) return read
  for (let at = read; at !== undefined; at = beforeIn(moments, at)) {
    const before = moments[at]
    if (before !== undefined && isKnown(before)) return at
  }
  return read
}

/** What is different of two snapshots that were read; the most important first. */
export function changesBetween(old: Moment, now: Moment): Change[] {
  const changes: Change[] = []
  if (old.state !== now.state) changes.push({ kind: 'state', old: old.state, new: now.state })
  const moves = [
    // Who is not in it is known where all of it is.
    ['joined', isWhole(old) ? without(now.tier, old.tier) : []],
    ['left', isWhole(now) ? without(old.tier, now.tier) : []]
  ] as const
  for (const [change, members] of moves) {
    if (members.length > 0 && isKnown(old) && isKnown(now))
      changes.push({ kind: 'top tier', change, members })
  }
  for (const column of COLUMNS) {
    const [was, is] = [old.figures[column], now.figures[column]]
    if (was !== undefined && is !== undefined && isAnother(was, is))
      changes.push({ kind: 'figure', column, old: was, new: is })
  }
  if (old.isSymmetric !== null && now.isSymmetric !== null && old.isSymmetric !== now.isSymmetric)
    changes.push({ kind: 'symmetric', new: now.isSymmetric })
  if (old.nodeCount !== null && now.nodeCount !== null && old.nodeCount !== now.nodeCount)
    changes.push({ kind: 'listed', old: old.nodeCount, new: now.nodeCount })
  return changes
}

/** All differences, each with the snapshot that shows it first, in the order of time. */
export function changesOver(moments: Moment[]): { index: number; change: Change }[] {
  return moments.flatMap((_, index) => changesAt(moments, index).map((change) => ({ index, change })))
}

/** Those of one snapshot. That nothing was known in between is a change of state, to and fro, and of nothing else. */
export function changesAt(moments: Moment[], index: number): Change[] {
  const [now, read] = [moments[index], moments[beforeIn(moments, index) ?? -1]]
  const known = moments[comparedWith(moments, index) ?? -1]
  if (now === undefined || now.error !== null || read === undefined || known === undefined) return []
  return [
    ...changesBetween(read, now).filter(({ kind }) => kind === 'state'),
    ...changesBetween(known, now).filter(({ kind }) => kind !== 'state')
  ]
}

function tierOf({ figures }: Moment): Shown | undefined {
  return figures['node.topTierSize']
}

/** Whether anything is known of who decides. */
function isKnown(moment: Moment): boolean {
  return tierOf(moment)?.kind !== 'no data'
}

function isWhole(moment: Moment): boolean {
  return tierOf(moment)?.kind === 'exactly'
}

/** Whether they are others for sure: where one is open and may be the same, nothing has changed as far as is known. */
function isAnother(old: Shown, now: Shown): boolean {
  const [was, is] = [range(old), range(now)]
  return was !== undefined && is !== undefined && (was[1] < is[0] || is[1] < was[0])
}

/** Of what there is no data there is nothing to compare. */
function range(shown: Shown): [number, number] | undefined {
  switch (shown.kind) {
    case 'exactly':
      return [shown.size, shown.size]
    case 'between':
      return [shown.atLeast, shown.atMost ?? Infinity]
    case 'none':
      return [Infinity, Infinity]
    case 'no quorum':
      return [-1, -1]
    case 'no data':
      return undefined
  }
}

function without(some: string[], others: string[]): string[] {
  const known = new Set(others)
  return some.filter((one) => !known.has(one))
}
