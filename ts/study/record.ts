/** What is kept of a network whose figures are followed over time: one flat record, the same from the command line and in a backend. */

import type { AnalysisOptions, FbasNetwork } from '../../index.js'
import { checkOf, type Check } from './check.js'
import { dataAmong } from './directory.js'
import { isHistoryMissing } from './figures.js'
import type { Grouping } from './groupings.js'
import { isOpen, sizeOf, tierSizeOf, type Size } from './sizes.js'
import {
  answersAbout,
  factsOf,
  readingOf,
  unprovenIn,
  type Answered,
  type Answers,
  type Asker,
  type Counted,
  type Study
} from './study.js'

/** One of the figures of each way of counting. */
export type Figure =
  | 'topTierSize'
  | 'blockingSetsMinSize'
  | 'blockingSetsFilteredMinSize'
  | 'splittingSetsMinSize'
  | 'quorumsMinSize'
  | 'historyCriticalMinSize'

/** The figures, in the order in which they are written. */
export const FIGURES: Figure[] = [
  'topTierSize',
  'blockingSetsMinSize',
  'blockingSetsFilteredMinSize',
  'splittingSetsMinSize',
  'quorumsMinSize',
  'historyCriticalMinSize'
]

/** By what is counted and which figure: null where no quorum set is known, no such set exists, or none was found in the time there was. */
export type FlatFigures = {
  [Column in `${'node' | 'organization' | 'country' | 'isp'}.${Figure}`]: number | null
}

/** What is proven of figures that are not exact, by their names; at most null: no such set is known. */
export type Bounds = { [column: string]: [atLeast: number, atMost: number | null] }

/** What is known of a network, whenever it was so, with the nodes down that the data reports so. */
export interface NetworkRecord extends FlatFigures {
  /** Whether it is safe: every two quorums share a node, and it has not halted. */
  verdict: Check
  /** Null: not known. */
  hasQuorum: boolean | null
  /** Null: not known. */
  hasQuorumIntersection: boolean | null
  /** Null: not known. */
  hasHalted: boolean | null
  /** Whether the whole top tier shares one quorum set. Null: not known. */
  hasSymmetricTopTier: boolean | null
  /** Codes of what makes the verdict doubtful. */
  doubts: string[]
  /** How many nodes are listed. */
  nodeCount: number
  /**
   * What the data says nothing about: `organization`, `country` or `isp` where no node of the core has one or, without a core, no node at all, so
   * that sizes by it count nodes, and `historyCriticalMinSize` where no archive is known to be good or bad though there may be a quorum.
   */
  withoutData: string[]
  /** Whether all figures are proven. */
  isExact: boolean
  /** What is known of those that are not. */
  inexact: string
  /** The same by the names of the figures. */
  bounds: Bounds
  /** Codes of what was found in the data. */
  findings: string[]
  /** Public keys of the top tier. */
  topTier: string[]
  /** `network.hash()`: networks with the same one have the same record. */
  hash: string
  /** Package, version and semantics that produced the figures. */
  engine: string
}

/** A snapshot and what is known of its network, as `stellar-fbas history` writes it, or why it could not be read. */
export type SnapshotRecord = {
  /** When it was so, as ISO 8601. */
  time: string
  /** Who says that: the name of the file (`name`), what is in it (`content`), or the system that keeps it (`modified`). */
  timeFrom?: string | undefined
  /** What it is called. */
  snapshot: string
  /** What was asked otherwise than by default, in words of the command line. */
  options?: string | null | undefined
} & (({ error: null } & NetworkRecord) | { error: string })

/** What people call a node. */
export interface Called {
  name: string
  /** Its organization, if it has one. */
  organization?: string | undefined
}

/** Asks all that a record says. `hash` is the network's. */
export async function recordAbout(asker: Asker, network: FbasNetwork, hash: string): Promise<NetworkRecord> {
  const answers = await answersAbout(asker, network, network.reportedDown)
  return { ...recordOf(answers, await missingOf(answers, network, asker), network.nodeCount), hash }
}

/**
 * The groupings of which no node of the core, or without a core no node at all, has a group. Most answers show it: where no node that can be in a
 * quorum has a group, none of the core has, and where the top tier has fewer groups than nodes, two of its nodes are in one. To ask the network
 * takes a twentieth of the whole.
 */
async function missingOf(
  { counted, findings }: Answers,
  network: FbasNetwork,
  { options }: Asker
): Promise<Grouping[]> {
  const [first, ...grouped] = counted
  const nodes = first.topTier.topTierSize
  let concerned: string[] | undefined
  const missing: Grouping[] = []
  for (const { grouping, topTier } of grouped) {
    if (topTier.isExact && topTier.topTierSize < nodes) continue
    const isOfAll = findings.some(
      ({ code, groupBy }) => code === 'NO_GROUP_DATA' && groupBy === grouping.groupBy
    )
    if (nodes === 0 || !isOfAll) {
      concerned ??= await concernedIn(network, readingOf(options))
      const { kind } = dataAmong(concerned, grouping, () => network.groups(grouping.groupBy))
      if (kind !== 'missing') continue
    }
    missing.push(grouping)
  }
  return missing
}

/** The core or, where there is none, all nodes. */
async function concernedIn(network: FbasNetwork, reading: AnalysisOptions): Promise<string[]> {
  const { core } = await network.analyzeCore(reading)
  return core.length > 0 ? core : network.nodes().map(({ publicKey }) => publicKey)
}

/** The groupings without data, of those of a study. */
export function missingIn(counted: Pick<Counted, 'grouping' | 'data'>[]): Grouping[] {
  return counted.filter(({ data }) => data.kind === 'missing').map(({ grouping }) => grouping)
}

/** What a record says, from what is answered already and which groupings the data says nothing about. */
export function recordOf(
  answers: Answers,
  missing: Grouping[],
  nodeCount: number
): Omit<NetworkRecord, 'hash'> {
  const inexact = unprovenIn(answers)
  return {
    verdict: checkOf(answers),
    ...factsOf(answers),
    hasSymmetricTopTier:
      answers.intersection.kind === 'nothing known' ? null : answers.symmetricTopTier !== null,
    doubts: codes(answers.doubts),
    nodeCount,
    withoutData: withoutDataIn(answers, missing),
    ...(Object.fromEntries(
      answers.counted.flatMap((answered) =>
        Object.entries(figuresOf(answers, answered)).map(([figure, size]) => [
          `${answered.grouping.key}.${figure}`,
          size
        ])
      )
    ) as FlatFigures),
    isExact: inexact.length === 0,
    inexact: inexact.join('; '),
    bounds: boundsIn(answers),
    findings: codes(answers.findings),
    topTier: answers.counted[0].topTier.topTier,
    engine: answers.engine
  }
}

const SIZES: Record<Figure, (answered: Answered) => Size> = {
  topTierSize: ({ topTier }) => tierSizeOf(topTier),
  blockingSetsMinSize: ({ blockingSets }) => sizeOf(blockingSets),
  blockingSetsFilteredMinSize: ({ blockingSetsFiltered }) => sizeOf(blockingSetsFiltered),
  splittingSetsMinSize: ({ splittingSets }) => sizeOf(splittingSets),
  quorumsMinSize: ({ quorums }) => sizeOf(quorums),
  historyCriticalMinSize: ({ historyCritical }) => sizeOf(historyCritical)
}

/** The sizes that are behind the figures. Of a network of which nothing is known no figure is. */
export function sizesIn<One extends Answered>({
  counted,
  intersection
}: Pick<Answers, 'intersection'> & { counted: One[] }): { answered: One; figure: Figure; size: Size }[] {
  if (intersection.kind === 'nothing known') return []
  return counted.flatMap((answered) =>
    FIGURES.map((figure) => ({ answered, figure, size: SIZES[figure](answered) }))
  )
}

/** What the data says nothing about, and what rests on nothing: the same that tables call "no data". */
function withoutDataIn(answers: Pick<Answers, 'findings' | 'intersection'>, missing: Grouping[]): string[] {
  return [...missing.map(({ key }) => key), ...(isHistoryMissing(answers) ? [WITHOUT_HISTORY] : [])]
}

/** What a record says where figures of history archives rest on nothing. */
const WITHOUT_HISTORY: Figure = 'historyCriticalMinSize'

function boundsIn(answers: Answers): Bounds {
  const open = sizesIn(answers).flatMap(({ answered, figure, size }): [string, Bounds[string]][] =>
    isOpen(size) ? [[`${answered.grouping.key}.${figure}`, [size.atLeast, size.atMost]]] : []
  )
  return Object.fromEntries(open)
}

/** The figures of a way of counting. Where nothing is known of a network, there are none. */
function figuresOf({ intersection }: Pick<Answers, 'intersection'>, answered: Answered) {
  const { topTier, blockingSets, blockingSetsFiltered, splittingSets, quorums, historyCritical } = answered
  const known = <T>(figure: T) => (intersection.kind === 'nothing known' ? null : figure)
  return {
    // Where nobody was found in time, that is no size.
    topTierSize: known(topTier.isExact || topTier.topTierSize > 0 ? topTier.topTierSize : null),
    blockingSetsMinSize: known(blockingSets.minSize),
    blockingSetsFilteredMinSize: known(blockingSetsFiltered.minSize),
    splittingSetsMinSize: known(splittingSets.minSize),
    quorumsMinSize: known(quorums.minSize),
    historyCriticalMinSize: known(historyCritical.minSize)
  } satisfies Record<Figure, number | null>
}

/** The figures, a row for each way of counting; what rests on nothing is named, and what is not exact, with its bounds. */
export function rowsOf(study: Study) {
  return study.counted.map((counted) => {
    const inexact = unprovenIn({ ...study, counted: [counted] })
    return {
      counting: counted.grouping.key,
      ...figuresOf(study, counted),
      withoutData: withoutDataIn(study, missingIn([counted])).join(' '),
      isExact: inexact.length === 0,
      inexact: inexact.join('; ')
    }
  })
}

function codes(all: { code: string }[]): string[] {
  return [...new Set(all.map(({ code }) => code))]
}
