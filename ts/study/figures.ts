/** The figures of a study as one table: a row for each way of counting, a column for each kind of set. */

import { isWithoutHistory } from './doubts.js'
import { sizeTextIn } from './facts.js'
import { any, counted, NODES, ORGANIZATIONS } from './groupings.js'
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

/** A note on the data, and what it is about. */
export interface DataNote {
  about: 'nodes that are down' | 'archives' | 'no groups' | 'some groups'
  words: string
}

/** Whether figures of history archives rest on nothing: the data says of no archive whether it is good. */
export function isHistoryMissing({
  findings,
  intersection
}: Pick<Study, 'findings' | 'intersection'>): boolean {
  return isWithoutHistory(findings) && intersection.kind !== 'no quorum'
}

/** Whether a figure of the table rests on nothing: no node that it is about has a group, or no archive is known to be good or bad. */
export function isWithoutData(study: Study, { data }: Counted, { kind }: Column): boolean {
  return data.kind === 'missing' || (kind === HISTORY_CRITICAL && isHistoryMissing(study))
}

/** A figure of the table, as text. */
export function figureText(study: Study, counted: Counted, column: Column): string {
  return isWithoutData(study, counted, column)
    ? 'no data'
    : sizeTextIn(study.intersection, column.size(counted))
}

/** How many nodes are listed, and how many organizations there are: without data on them that is no number. */
export function listedWords(
  { nodes, directory }: Pick<Study, 'nodes' | 'directory'>,
  areListed = ''
): string {
  const { organizationCount } = directory
  const organizations = organizationCount === 0 ? [] : [counted(organizationCount, ORGANIZATIONS)]
  return [`${counted(nodes.length, NODES)}${areListed}`, ...organizations].join(', ')
}

/** Whom the figures are about: the nodes of the core or, where there is none, all of them. */
export function concernedBy({ core }: Study): string {
  return core.length > 0 ? 'nodes of the core' : 'nodes'
}

/** What is to be known before the figures are believed: who is down, and where nodes stand for themselves. */
export function dataNotes(study: Study): DataNote[] {
  const { faultyNodes, faultyBy } = study
  const nodes = concernedBy(study)
  const are = faultyNodes.length === 1 ? 'is' : 'are'
  const saysWho = faultyBy === 'data' ? ', as the data says' : ''
  const down = `Filtered: ${counted(faultyNodes.length, NODES)} ${are} taken to be down${saysWho}.`
  const ofGroups = study.counted.flatMap(({ grouping, data }): DataNote[] => {
    switch (data.kind) {
      case 'all':
        return []
      case 'missing': {
        const words = `No data on ${grouping.many}: none of the ${nodes} has ${any(grouping)}, each counts by itself.`
        return [{ about: 'no groups', words }]
      }
      case 'some': {
        const have = data.without === 1 ? 'has' : 'have'
        const words = `${data.without} of the ${data.of} ${nodes} ${have} no ${grouping.one}; each counts by itself.`
        return [{ about: 'some groups', words }]
      }
    }
  })
  return [
    ...(faultyNodes.length === 0 ? [] : [{ about: 'nodes that are down', words: down } as const]),
    ...(isHistoryMissing(study)
      ? [{ about: 'archives', words: 'No data on history archives: none is relied on.' } as const]
      : []),
    ...ofGroups
  ]
}
