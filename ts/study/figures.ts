/** The figures of a study as one table: a row for each way of counting, a column for each kind of set. */

import { isWithoutHistory } from './doubts.js'
import { any, counted, NODES } from './groupings.js'
import { BLOCKING, FILTERED, HISTORY_CRITICAL, SPLITTING, TOP_TIER, type Kind } from './kinds.js'
import { sizeOf, tierSizeOf, type Size } from './sizes.js'
import type { Counted, Study } from './study.js'

/** A column of the table. */
export interface Column {
  kind: Kind
  size: (counted: Counted) => Size
}

const COLUMNS: Column[] = [
  { kind: TOP_TIER, size: ({ topTier }) => tierSizeOf(topTier) },
  { kind: BLOCKING, size: ({ blockingSets }) => sizeOf(blockingSets) },
  { kind: FILTERED, size: ({ blockingSetsFiltered }) => sizeOf(blockingSetsFiltered) },
  { kind: SPLITTING, size: ({ splittingSets }) => sizeOf(splittingSets) },
  { kind: HISTORY_CRITICAL, size: ({ historyCritical }) => sizeOf(historyCritical) }
]

/** The columns that say something about this network. Without any quorum set it has no sizes, whatever an answer calls smallest. */
export function columnsOf({ faultyNodes, intersection }: Study): Column[] {
  const columns = COLUMNS.filter(({ kind }) => kind !== FILTERED || faultyNodes.length > 0)
  if (intersection.kind !== 'nothing known') return columns
  return columns.map(({ kind }) => ({ kind, size: () => NOT_KNOWN }))
}

const NOT_KNOWN: Size = { kind: 'between', atLeast: 0, atMost: null }

/** What is to be known before the figures are believed: who is down, and where nodes stand for themselves. */
export function dataNotes(study: Study): string[] {
  const { core, faultyNodes, faultyBy, findings, intersection } = study
  const nodes = core.length > 0 ? 'nodes of the core' : 'nodes'
  const are = faultyNodes.length === 1 ? 'is' : 'are'
  const saysWho = faultyBy === 'data' ? ', as the data says (isValidating false)' : ''
  return [
    ...(faultyNodes.length === 0
      ? []
      : [`Filtered: ${counted(faultyNodes.length, NODES)} ${are} taken to be down${saysWho}.`]),
    ...(isWithoutHistory(findings) && intersection.kind !== 'no quorum'
      ? ['No data on history archives: none is relied on.']
      : []),
    ...study.counted.flatMap(({ grouping, data }) => {
      switch (data.kind) {
        case 'all':
          return []
        case 'missing':
          return [
            `No data on ${grouping.many}: none of the ${nodes} has ${any(grouping)}, each counts by itself.`
          ]
        case 'some':
          return [
            `${data.without} of the ${data.of} ${nodes} ${data.without === 1 ? 'has' : 'have'} no ${grouping.one}; each counts by itself.`
          ]
      }
    })
  ]
}
