/** `blocking-sets`, `splitting-sets`, `quorums` and `history-critical`: a smallest set of a kind, or all minimal ones. */

import type {
  AnalysisOptions,
  FbasNetwork,
  Finding,
  HistoryCriticalResult,
  MinimalSetResult,
  MinimalSetsIterator,
  QuorumsResult,
  SplittingSetsResult
} from '../../index.js'
import { isWithoutAnswer, saidOfSets } from '../study/answers.js'
import { checkOfHistory, checkOfIntersection, checkOfSize, doubted, type Check } from '../study/check.js'
import { doubtsIn, isNothingKnown } from '../study/doubts.js'
import { intersectionOf, intersectionOfSplitting, type Intersection } from '../study/facts.js'
import { counted, groupingOf, NODES, type Grouping } from '../study/groupings.js'
import * as kinds from '../study/kinds.js'
import type { Kind } from '../study/kinds.js'
import { jsonOf, type Naming } from '../study/naming.js'
import { sizeOf, unprovenSize } from '../study/sizes.js'
import { readingOf } from '../study/study.js'
import type { Reading } from './input.js'
import type { Options } from './options.js'
import type { Answer, Look, Row } from './output.js'
import { answerText, findingsOf, MOST_NAMED } from './said.js'
import type { Session } from './session.js'
import { paragraph, table } from './table.js'

type Result = MinimalSetResult &
  Partial<SplittingSetsResult & QuorumsResult & HistoryCriticalResult> & { findings?: Finding[] }

/** The sets of a kind, and how the addon is asked for them. */
export interface Question {
  kind: Kind
  ask: (network: FbasNetwork, options: AnalysisOptions) => Promise<Result>
  /** All of them, one by one. */
  each: (network: FbasNetwork, options: AnalysisOptions) => MinimalSetsIterator
}

export const BLOCKING: Question = {
  kind: kinds.BLOCKING,
  ask: (network, options) => network.analyzeBlockingSets(options),
  each: (network, options) => network.minimalBlockingSets(options)
}

export const SPLITTING: Question = {
  kind: kinds.SPLITTING,
  ask: (network, options) => network.analyzeSplittingSets(options),
  each: (network, options) => network.minimalSplittingSets(options)
}

export const QUORUMS: Question = {
  kind: kinds.QUORUM,
  ask: (network, options) => network.analyzeQuorums(options),
  each: (network, options) => network.minimalQuorums(options)
}

export const HISTORY_CRITICAL: Question = {
  kind: kinds.HISTORY_CRITICAL,
  ask: (network, options) => network.analyzeHistoryCritical(options),
  each: (network, options) => network.minimalHistoryCriticalSets(options)
}

/** What the addon takes for a limit at most. */
const MOST_SETS = 2 ** 32 - 1
/** Members that a table shows of those that occur most often. */
const MOST_FREQUENT = 20

export async function sets(
  question: Question,
  session: Session,
  reading: Reading,
  naming: Naming
): Promise<Answer> {
  const { options } = session
  const { kind } = question
  const grouping = groupingOf(options.groupBy)
  const isListed = options.limit !== undefined
  // One by one they are written as they are found; all at once they are held.
  const isStreamed = isListed && (options.format === 'ndjson' || options.format === 'csv')
  const common: AnalysisOptions = {
    ...readingOf(options),
    groupBy: grouping.groupBy,
    faultyNodes: options.faulty,
    ...(kind === kinds.SPLITTING ? { scope: options.scope } : {})
  }
  const limit = isListed ? { limit: Math.min(options.limit ?? 0, MOST_SETS) } : {}
  const about = `${kind.many}, counting ${grouping.many}`
  // Where they are written as they are found, the size of a smallest one is what is known if it ends before the first.
  const result = await session.ask(about, isStreamed ? 2 : 1, (bounds) =>
    question.ask(reading.network, { ...common, ...bounds, ...(isStreamed ? {} : limit) })
  )
  const unproven = notProven(kind, result, grouping)
  const isNothing = isWithoutAnswer(kind, result, findingsOf(reading.network, result))
  const found = () =>
    isNothing
      ? []
      : isStreamed
        ? session.each(about, (bounds) => question.each(reading.network, { ...common, ...limit, ...bounds }))
        : listedIn(result)
  return {
    text: (look) => text(look, { kind, result, grouping, options, reading, naming }),
    json: jsonOf(result, naming, grouping),
    rows: rows(found(), (member) => naming.forPrograms(member, grouping)),
    columns: ['set', 'size', 'member'],
    records: records(found(), (member) => naming.forPrograms(member, grouping)),
    unproven,
    verdict: checkOn(kind, result, reading, options)
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
  const size = unprovenSize(`smallest ${kind.one}`, sizeOf(result), grouping)
  const open = intersectionIn(kind, result)?.kind === 'open' ? ['whether every two quorums share a node'] : []
  const isCut = result.isComplete === false && result.totalSets === undefined
  const found = result.sets?.length ?? 0
  return [
    ...size,
    ...open,
    ...(isCut && size.length === 0 ? [`minimal ${kind.many}: more than the ${found} listed may exist`] : [])
  ]
}

/** What the answer says of quorum intersection; absent: nothing. */
function intersectionIn(kind: Kind, result: Result, nothingKnown = false): Intersection | undefined {
  if (kind === kinds.QUORUM) return intersectionOf(result as QuorumsResult, nothingKnown)
  if (kind === kinds.SPLITTING) return intersectionOfSplitting(result as SplittingSetsResult, nothingKnown)
  return undefined
}

function checkOn(kind: Kind, result: Result, { network }: Reading, { unknown }: Options): Check {
  const findings = findingsOf(network, result)
  const intersection = intersectionIn(kind, result, isNothingKnown(findings))
  if (isNothingKnown(findings)) return 'unknown'
  // Disjoint quorums are disjoint however unknown nodes are read.
  if (intersection?.kind === 'disjoint') return 'unsafe'
  return doubted(check(), doubtsIn(findings, unknown ?? 'dead'), unknown !== undefined)

  function check(): Check {
    switch (kind) {
      case kinds.QUORUM:
        return intersection === undefined ? 'unknown' : checkOfIntersection(intersection)
      case kinds.SPLITTING:
        return intersection?.kind === 'no quorum' ? 'unsafe' : checkOfSize(result)
      case kinds.HISTORY_CRITICAL:
        return checkOfHistory(result, findings)
      default:
        return checkOfSize(result)
    }
  }
}

interface Shown {
  kind: Kind
  result: Result
  grouping: Grouping
  options: Options
  reading: Reading
  naming: Naming
}

function text(look: Look, shown: Shown): string {
  const { kind, result, grouping, options, reading, naming } = shown
  const findings = findingsOf(reading.network, result)
  const intersection = intersectionIn(kind, result, isNothingKnown(findings))
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
  const said = saidOfSets(kind, result, intersection, grouping, reading.directory, findings, options.scope)
  // Where nothing is known there are no sets to tell of either.
  if (isWithoutAnswer(kind, result, findings)) return answerText(look, said, findings, options, naming)
  return answerText(look, said, findings, options, naming, [
    ...(kind === kinds.HISTORY_CRITICAL ? archives(look, findings, naming) : []),
    ...(result.exampleSet.length > 0
      ? [paragraph(look, `For example: ${naming.listFully(result.exampleSet, grouping)}`)]
      : []),
    ...witnesses,
    ...counts(look, kind, result, grouping, naming),
    ...list(look, kind, result, grouping, options, naming)
  ])
}

/** Of which archives nobody knows where they are. */
function archives(look: Look, findings: Finding[], naming: Naming): string[] {
  return findings
    .filter(({ code }) => code === 'HISTORY_WITHOUT_URL')
    .map(({ message, nodes }) =>
      paragraph(
        look,
        `${message} They are ${counted(nodes.length, NODES)}: ${naming.list(nodes, NODES, MOST_NAMED)}`
      )
    )
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
      `Minimal ${kind.many}: ${totalSets.toLocaleString('en')}${bySize.length === 0 ? '' : ` (${bySize.join(', ')})`}`
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
  if (sets.length === 0) return isComplete === true ? [] : [`No minimal ${kind.one} was found in time.`]
  const rows = sets.map((set, index) => [index + 1, set.length, naming.list(set, grouping)])
  const width = String(sets.length).length + 8
  const lines = rows.map(([number, size, members]) =>
    paragraph(look, `${String(number).padStart(width - 8)}  (${size})  ${members}`, 0, width)
  )
  const some =
    sets.length === 1 ? `The first minimal ${kind.one}` : `The first ${sets.length} minimal ${kind.many}`
  const whole = isComplete === true ? `All minimal ${kind.many}` : some
  return [[look.colors.bold(whole), ...lines].join('\n')]
}
