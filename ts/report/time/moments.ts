/**
 * What the page over time shows: of each snapshot what is known, in types that nobody takes for a number by mistake, and how long it is taken to
 * stay so.
 *
 * A snapshot speaks for the time until the next one. Where that is more than three times as far as usual, nobody was there to look: it speaks for as
 * long as usual, and then there is a gap.
 */

import { GROUPINGS } from '../../study/groupings.js'
import { FIGURES, type Figure, type NetworkRecord, type SnapshotRecord } from '../../study/record.js'
import type { Size } from '../../study/sizes.js'

/** What is known of a figure, if there is one. */
export type Shown = Size | { kind: 'no quorum' } | { kind: 'no data' }

/** What people are told of a snapshot first. `halted`: without two quorums that share no node, which is worse. */
export type State = 'safe' | 'split' | 'halted' | 'unknown' | 'not read'

/** Why a state is not known. */
export type Why = 'nothing known' | 'not proven' | 'in doubt'

/** A column of figures: what is counted, and of what. */
export type Column = keyof Pick<
  NetworkRecord,
  `${'node' | 'organization' | 'country' | 'isp'}.${Figure}` & keyof NetworkRecord
>

/** A snapshot on the page. */
export interface Moment {
  /** Milliseconds since 1970. */
  time: number
  snapshot: string
  state: State
  /** Why it could not be read. */
  error: string | null
  /** Why its state is not known; null: it is. */
  why: Why | null
  /** Codes of what makes its figures doubtful. */
  doubts: string[]
  isSymmetric: boolean | null
  nodeCount: number | null
  /** Empty where it was not read. */
  figures: { [column: string]: Shown }
  /** Public keys of the top tier, as far as they are known. */
  tier: string[]
}

/** How long a snapshot is taken for what is so, in milliseconds since 1970. */
export interface Span {
  begin: number
  end: number
}

/** Snapshots in the order of time, with the spans that they speak for. */
export interface Timeline {
  moments: Moment[]
  spans: Span[]
}

/** Snapshots in a row that are told the same. */
export interface Period extends Span {
  state: State
  /** The first and last of them. */
  first: number
  last: number
}

export const COLUMNS = GROUPINGS.flatMap(({ key }) => FIGURES.map((figure) => `${key}.${figure}` as Column))

const DAY_MS = 86_400_000
/** How many times as far as usual the next snapshot may be. */
const GAP = 3

/** The records as the page shows them, which are in the order of time. */
export function timelineOf(records: SnapshotRecord[]): Timeline {
  const moments = records.map(momentOf)
  const distances = moments.slice(1).flatMap(({ time }, index) => {
    const distance = time - (moments[index]?.time ?? time)
    return distance > 0 ? [distance] : []
  })
  const usual = median(distances) ?? DAY_MS
  const spans = moments.map(({ time }, index) => {
    const next = moments[index + 1]?.time ?? time + usual
    return { begin: time, end: next - time > GAP * usual ? time + usual : next }
  })
  return { moments, spans }
}

/** Where nobody looked. */
export function gapsIn({ spans }: Timeline): Span[] {
  return spans.flatMap(({ end }, index) => {
    const next = spans[index + 1]
    return next !== undefined && next.begin > end ? [{ begin: end, end: next.begin }] : []
  })
}

/** When figures are in doubt. Of which of them that is so, a record does not say. */
export function doubtedIn({ moments, spans }: Timeline): Span[] {
  const doubted: Span[] = []
  for (const [index, { doubts }] of moments.entries()) {
    const { begin, end } = spans[index] ?? { begin: 0, end: 0 }
    const before = doubted.at(-1)
    if (doubts.length === 0) continue
    if (before?.end === begin) before.end = end
    else doubted.push({ begin, end })
  }
  return doubted
}

/** Snapshots that are told the same, with no gap between them. */
export function periodsIn({ moments, spans }: Timeline): Period[] {
  const periods: Period[] = []
  for (const [index, { state }] of moments.entries()) {
    const { begin, end } = spans[index] ?? { begin: 0, end: 0 }
    const before = periods.at(-1)
    if (before?.state === state && before.end === begin) Object.assign(before, { end, last: index })
    else periods.push({ state, begin, end, first: index, last: index })
  }
  return periods
}

function momentOf(record: SnapshotRecord): Moment {
  const { snapshot } = record
  const time = Date.parse(record.time)
  if (!isRead(record)) {
    const nothing = { why: null, doubts: [], isSymmetric: null, nodeCount: null, figures: {}, tier: [] }
    return { time, snapshot, state: 'not read', error: record.error, ...nothing }
  }
  return {
    ...{ time, snapshot, error: null },
    state: stateOf(record),
    why: whyOf(record),
    doubts: record.doubts,
    isSymmetric: record.hasSymmetricTopTier,
    nodeCount: record.nodeCount,
    figures: Object.fromEntries(COLUMNS.map((column) => [column, shown(record, column)])),
    tier: record.topTier
  }
}

export function isRead(record: SnapshotRecord): record is SnapshotRecord & { error: null } & NetworkRecord {
  return record.error === null
}

function stateOf({ verdict, hasQuorumIntersection, hasQuorum }: NetworkRecord): State {
  if (verdict !== 'unsafe') return verdict
  return hasQuorumIntersection === false && hasQuorum === true ? 'split' : 'halted'
}

/** An answer that is there and is not taken for one is in doubt. */
function whyOf({ verdict, hasQuorum, hasQuorumIntersection, hasHalted }: NetworkRecord): Why | null {
  if (verdict !== 'unknown') return null
  if (hasQuorum === null) return 'nothing known'
  const isUnsafe = hasQuorumIntersection === false || hasHalted === true
  const isOpen = hasQuorumIntersection === null || hasHalted === null
  return isOpen && !isUnsafe ? 'not proven' : 'in doubt'
}

function shown(record: NetworkRecord, column: Column): Shown {
  const { hasQuorum, isExact } = record
  // Results that were kept may be of a version that did not say it.
  const withoutData = (record.withoutData as string[] | null) ?? []
  const isMissing = column.split('.').some((part) => withoutData.includes(part))
  if (hasQuorum === null || isMissing) return { kind: 'no data' }
  const bounds = (record.bounds as NetworkRecord['bounds'] | null)?.[column]
  if (bounds !== undefined) return { kind: 'between', atLeast: bounds[0], atMost: bounds[1] }
  // Which of them is not exact was not kept.
  if (!isExact && record.bounds === null) return { kind: 'between', atLeast: 0, atMost: null }
  const size = record[column]
  if (size !== null) return { kind: 'exactly', size }
  return hasQuorum ? { kind: 'none' } : { kind: 'no quorum' }
}

function median(numbers: number[]): number | undefined {
  const sorted = [...numbers].sort((one, other) => one - other)
  return sorted[Math.floor((sorted.length - 1) / 2)]
}
