/** `blocking-sets`, `splitting-sets`, `quorums` and `history-critical`: a smallest set of a kind, or all minimal ones. */

import type {
  AnalysisOptions,
  FbasNetwork,
  HistoryCriticalResult,
  MinimalSetResult,
  MinimalSetsIterator,
  QuorumsResult,
  SplittingSetsResult
} from '../../index.js'
import { counted, groupingOf, NODES, type Grouping } from '../study/groupings.js'
import { jsonOf, type Naming } from '../study/naming.js'
import { sizeWords, unprovenSize } from '../study/sizes.js'
import { readingOf } from '../study/study.js'
import type { Reading } from './input.js'
import type { Options } from './options.js'
import type { Answer, Look, Row } from './output.js'
import type { Session } from './session.js'
import { paragraph, table } from './table.js'

type Result = MinimalSetResult & Partial<SplittingSetsResult & QuorumsResult & HistoryCriticalResult>

/** A kind of sets. */
export interface Kind {
  one: string
  many: string
  /** What a set of this kind can do. */
  meaning: string
  /** What size 0 means. */
  empty: string
  ask: (network: FbasNetwork, options: AnalysisOptions) => Promise<Result>
  /** All of them, one by one. */
  each: (network: FbasNetwork, options: AnalysisOptions) => MinimalSetsIterator
}

export const BLOCKING: Kind = {
  one: 'blocking set',
  many: 'blocking sets',
  meaning: 'When all of it stops, no quorum is left and the network halts.',
  empty: 'The network is halted already: there is nothing left to block.',
  ask: (network, options) => network.analyzeBlockingSets(options),
  each: (network, options) => network.minimalBlockingSets(options)
}

export const SPLITTING: Kind = {
  one: 'splitting set',
  many: 'splitting sets',
  meaning: 'When all of it lies, two others that do not can close different ledgers.',
  empty: 'Two quorums share no node: the network can split with nobody lying.',
  ask: (network, options) => network.analyzeSplittingSets(options),
  each: (network, options) => network.minimalSplittingSets(options)
}

export const QUORUMS: Kind = {
  one: 'quorum',
  many: 'quorums',
  meaning: 'It can close ledgers on its own.',
  empty: '',
  ask: (network, options) => network.analyzeQuorums(options),
  each: (network, options) => network.minimalQuorums(options)
}

export const HISTORY_CRITICAL: Kind = {
  one: 'history-critical set',
  many: 'history-critical sets',
  meaning: 'When all its archives go bad, a quorum is left that has no good one.',
  empty: 'A quorum exists in which nobody has an archive without errors.',
  ask: (network, options) => network.analyzeHistoryCritical(options),
  each: (network, options) => network.minimalHistoryCriticalSets(options)
}

/** What the addon takes for a limit at most. */
const MOST_SETS = 2 ** 32 - 1
/** Members that a table shows of those that occur most often. */
const MOST_FREQUENT = 20

export async function sets(kind: Kind, session: Session, reading: Reading, naming: Naming): Promise<Answer> {
  const { options } = session
  const grouping = groupingOf(options.groupBy)
  const isListed = options.limit !== undefined
  // One by one they are written as they are found; all at once they are held.
  const isStreamed = isListed && (options.format === 'ndjson' || options.format === 'csv')
  const common: AnalysisOptions = {
    ...readingOf(options),
    groupBy: grouping.groupBy,
    faultyNodes: options.faulty,
    ...(kind === SPLITTING ? { scope: options.scope } : {})
  }
  const limit = isListed ? { limit: Math.min(options.limit ?? 0, MOST_SETS) } : {}
  const about = `${kind.many}, counting ${grouping.many}`
  // Where they are written as they are found, the size of a smallest one is what is known if it ends before the first.
  const result = await session.ask(about, isStreamed ? 2 : 1, (bounds) =>
    kind.ask(reading.network, { ...common, ...bounds, ...(isStreamed ? {} : limit) })
  )
  const unproven = notProven(kind, result, grouping)
  const found = () =>
    isStreamed
      ? session.each(about, (bounds) => kind.each(reading.network, { ...common, ...limit, ...bounds }))
      : listedIn(result)
  return {
    text: (look) => text(look, kind, result, grouping, options, naming),
    json: jsonOf(result, naming, grouping),
    rows: rows(found(), (member) => naming.forPrograms(member, grouping)),
    records: records(found(), (member) => naming.forPrograms(member, grouping)),
    unproven,
    verdict: verdictOn(kind, result)
  }
}

/** The sets of an answer: a smallest one if it has no list. */
function listedIn({ sets, minSize, exampleSet }: Result): string[][] {
  return sets ?? (minSize === null ? [] : [exampleSet])
}

async function* records(
  found: Iterable<string[]> | AsyncIterable<string[]>,
  name: (member: string) => string
): AsyncGenerator<{ size: number; set: string[] }> {
  for await (const set of found) yield { size: set.length, set: set.map(name) }
}

/** A row for each member of each set. */
async function* rows(
  found: Iterable<string[]> | AsyncIterable<string[]>,
  name: (member: string) => string
): AsyncGenerator<Row> {
  let number = 0
  for await (const set of found) {
    number++
    // The empty set is a set as well.
    const members = set.length === 0 ? [null] : set.map(name)
    for (const member of members) yield { set: number, size: set.length, member }
  }
}

function notProven(kind: Kind, result: Result, grouping: Grouping): string[] {
  const size = unprovenSize(`smallest ${kind.one}`, result, grouping)
  return size.length === 0 && result.isComplete === false && result.totalSets === undefined
    ? [`${kind.many}: more than the ${result.sets?.length ?? 0} that were found may exist`]
    : size
}

function verdictOn(kind: Kind, result: Result): Answer['verdict'] {
  if (kind === QUORUMS) {
    if (result.hasQuorumIntersection) return 'safe'
    return result.hasQuorum && result.disjointQuorums == null ? 'unknown' : 'unsafe'
  }
  if (result.minSize === 0) return 'unsafe'
  if (kind === SPLITTING && result.isExact && !result.hasQuorumIntersection) return 'unsafe'
  return result.isExact || result.lowerBound > 0 ? 'safe' : 'unknown'
}

function text(
  look: Look,
  kind: Kind,
  result: Result,
  grouping: Grouping,
  options: Options,
  naming: Naming
): string {
  const { colors } = look
  const quorums: [string, string[] | undefined][] = [
    ['One side closes ledgers with', result.quorumA],
    ['The other side with', result.quorumB],
    ['The quorum that would be left', result.quorum],
    ['Two quorums share no node; one is', result.disjointQuorums?.[0]],
    ['The other is', result.disjointQuorums?.[1]]
  ]
  const witnesses = quorums.flatMap(([what, members]) =>
    members === undefined || members.length === 0
      ? []
      : [paragraph(look, `${what}: ${naming.listFully(members)}`)]
  )
  return [
    headline(look, kind, result, grouping),
    ...(result.exampleSet.length > 0
      ? [paragraph(look, `For example: ${naming.listFully(result.exampleSet, grouping)}`)]
      : []),
    ...witnesses,
    ...counts(look, kind, result, grouping, naming),
    ...list(look, kind, result, grouping, options, naming),
    colors.dim(
      result.isExact
        ? 'Proven smallest; the witness was checked against the definition.'
        : 'NOT proven smallest.'
    )
  ].join('\n\n')
}

function headline(look: Look, kind: Kind, result: Result, grouping: Grouping): string {
  const { minSize, isExact } = result
  if (minSize === null && isExact) {
    const because = kind === SPLITTING && result.hasQuorumIntersection ? '' : ' There is no quorum.'
    return look.colors.bold(`No ${kind.one} exists.${because}`)
  }
  const size = `${look.colors.bold(`Smallest ${kind.one}:`)} ${sizeWords(result, grouping)}`
  return paragraph(look, `${size}\n${minSize === 0 ? kind.empty : kind.meaning}`, 0, 0)
}

function counts(look: Look, kind: Kind, result: Result, grouping: Grouping, naming: Naming): string[] {
  const { totalSets, sizes = [], occurrences = [] } = result
  if (totalSets === undefined) return []
  const bySize = sizes.map(({ size, count }) => `${count.toLocaleString('en')} of size ${size}`)
  const named = occurrences.map(({ name, ...how }) => ({ name: naming.name(name, grouping), ...how }))
  // Results are sorted by key, people look for names.
  named.sort((a, b) => (a.count === b.count ? (a.name < b.name ? -1 : 1) : a.count < b.count ? 1 : -1))
  const rows = named
    .slice(0, MOST_FREQUENT)
    .map(({ name, count, share }) => [name, count.toLocaleString('en'), `${(share * 100).toFixed(1)} %`])
  const more = named.length - rows.length
  return [
    paragraph(
      look,
      `Minimal ${kind.many}: ${totalSets.toLocaleString('en')} (${bySize.join(', ') || 'none'})`
    ),
    ...(rows.length > 0 ? [table(look, [grouping.one, 'in sets', 'share'], rows, [1, 2])] : []),
    ...(more > 0 ? [`and ${counted(more, grouping)} more`] : [])
  ]
}

function list(
  look: Look,
  kind: Kind,
  { sets, isComplete }: Result,
  grouping: Grouping,
  { limit }: Options,
  naming: Naming
): string[] {
  if (sets === undefined || limit === 0) return []
  const rows = sets.map((set, index) => [index + 1, set.length, naming.list(set, grouping)])
  const width = String(sets.length).length + 8
  const lines = rows.map(([number, size, members]) =>
    paragraph(look, `${String(number).padStart(width - 8)}  (${size})  ${members}`, 0, width)
  )
  const whole = isComplete ? `All minimal ${kind.many}` : `The first ${sets.length} minimal ${kind.many}`
  return [[look.colors.bold(whole), ...lines].join('\n')]
}
