/** Everything about a network: each question for each way of counting. What `analyze`, `diff` and `report` show. */

import type {
  AnalysisOptions,
  BlockingSetsResult,
  FbasNetwork,
  FbasNode,
  Finding,
  FullAnalysis,
  QuorumSet
} from '../../index.js'
import type { Directory } from './directory.js'
import { GROUPINGS, groupingOf, type Grouping } from './groupings.js'
import { unprovenSize } from './sizes.js'

/** A network that can be asked about, and what people call it. */
export interface Studied {
  title: string
  /** Files and addresses that it was read from. */
  sources: string[]
  network: FbasNetwork
  nodes: FbasNode[]
  directory: Directory
}

/** What is asked about it, and how it is read. */
export interface StudyOptions {
  /** Absent: all of {@link GROUPINGS}. */
  groupBy?: string
  unknown?: 'dead' | 'free'
  scope?: 'core' | 'all'
  /** Public keys. Absent: the nodes that are not validating. */
  faulty?: string[]
  countOneNodeQuorums?: boolean
}

/** Who asks the questions: with which options, and within which bounds. */
export interface Asker {
  readonly options: StudyOptions
  /** `left` is how many questions are yet to be asked, this one included. */
  ask<T extends object>(
    about: string,
    left: number,
    question: (bounds: AnalysisOptions) => Promise<T>
  ): Promise<T>
}

/** What is known when counting one thing. */
export interface Counted extends Pick<
  FullAnalysis,
  'topTier' | 'blockingSets' | 'splittingSets' | 'quorums' | 'historyCritical'
> {
  grouping: Grouping
  /** With the faulty nodes down; the same as `blockingSets` where there are none. */
  blockingSetsFiltered: BlockingSetsResult
}

/** Everything about a network. */
export interface Study extends Omit<Studied, 'network'> {
  faultyNodes: string[]
  unknownNodes: 'dead' | 'free'
  scope: 'core' | 'all'
  /** Whether nodes that are a quorum all by themselves are left out. */
  ignoresOneNodeQuorums: boolean
  /** One a grouping, in the order of {@link GROUPINGS}. */
  counted: Counted[]
  symmetricTopTier: QuorumSet | null
  /** Public keys. */
  core: string[]
  findings: Finding[]
  engine: string
}

/** Asks everything. `others` is how many more networks will be asked about. */
export async function study(asker: Asker, studied: Studied, others = 0): Promise<Study> {
  const { options } = asker
  const { network, nodes } = studied
  const groupings = options.groupBy === undefined ? GROUPINGS : [groupingOf(options.groupBy)]
  const faultyNodes = options.faulty ?? notValidating(studied)
  const questions = groupings.length * (faultyNodes.length > 0 ? 2 : 1)
  let left = questions * (others + 1)

  const common: AnalysisOptions = readingOf(options)
  const counted: Counted[] = []
  const answers: { grouping: Grouping; answer: FullAnalysis }[] = []
  for (const grouping of groupings) {
    const { groupBy, many } = grouping
    const answer = await asker.ask(`counting ${many}`, left--, (bounds) =>
      network.analyzeFull({ ...common, ...bounds, groupBy, scope: options.scope })
    )
    const filtered =
      faultyNodes.length === 0
        ? answer.blockingSets
        : await asker.ask(`counting ${many}, some nodes down`, left--, (bounds) =>
            network.analyzeBlockingSets({ ...common, ...bounds, groupBy, faultyNodes })
          )
    answers.push({ grouping, answer })
    const { topTier, blockingSets, splittingSets, quorums, historyCritical } = answer
    counted.push({
      ...{ grouping, topTier, blockingSets, blockingSetsFiltered: filtered },
      ...{ splittingSets, quorums, historyCritical }
    })
  }
  const { core } = await network.analyzeCore(common)
  const [first] = answers
  if (first === undefined) throw new Error('nothing is counted')
  return {
    title: studied.title,
    sources: studied.sources,
    nodes,
    directory: studied.directory,
    faultyNodes,
    unknownNodes: options.unknown ?? 'dead',
    scope: options.scope ?? 'core',
    ignoresOneNodeQuorums: !options.countOneNodeQuorums,
    counted,
    symmetricTopTier: first.answer.symmetricTopTier.symmetricTopTier,
    core,
    findings: merged(answers),
    engine: first.answer.engine
  }
}

/** How the addon is to read the network; faulty nodes are left to each question. */
export function readingOf({ unknown, countOneNodeQuorums }: StudyOptions): AnalysisOptions {
  return { unknownNodes: unknown ?? 'dead', ignoreOneNodeQuorums: countOneNodeQuorums !== true }
}

/** The nodes that are down as far as an explorer can tell. */
export function notValidating({ nodes }: Pick<Studied, 'nodes'>): string[] {
  return nodes.filter((node) => node.isValidating === false).map(({ publicKey }) => publicKey)
}

/** What of a study is not proven, a line each. */
export function unprovenIn({ counted }: Study): string[] {
  return counted.flatMap(({ grouping, topTier, blockingSets, blockingSetsFiltered, ...more }) => [
    ...(topTier.isExact ? [] : [`top tier, counting ${grouping.many}: more may belong to it`]),
    ...unprovenSize('smallest blocking set', blockingSets, grouping),
    ...(blockingSetsFiltered === blockingSets
      ? []
      : unprovenSize('smallest blocking set, filtered', blockingSetsFiltered, grouping)),
    ...unprovenSize('smallest splitting set', more.splittingSets, grouping),
    ...unprovenSize('smallest quorum', more.quorums, grouping),
    ...unprovenSize('smallest history-critical set', more.historyCritical, grouping)
  ])
}

/** What is true or false of a network, as far as it is proven; absent: it is not. */
export function factsOf({ counted: [first] }: Pick<Study, 'counted'>) {
  if (first === undefined) throw new Error('nothing is counted')
  const { quorums, blockingSetsFiltered } = first
  const isDecided = quorums.hasQuorumIntersection || !quorums.hasQuorum || quorums.disjointQuorums !== null
  return {
    hasQuorum: quorums.hasQuorum,
    hasQuorumIntersection: isDecided ? quorums.hasQuorumIntersection : undefined,
    hasHalted:
      blockingSetsFiltered.minSize === 0 ? true : blockingSetsFiltered.lowerBound > 0 ? false : undefined
  }
}

/** Whether it is safe: quorums intersect and it is running. */
export function verdictOn(study: Pick<Study, 'counted'>): 'safe' | 'unsafe' | 'unknown' {
  const { hasQuorumIntersection, hasHalted } = factsOf(study)
  if (hasQuorumIntersection === false || hasHalted === true) return 'unsafe'
  return hasQuorumIntersection === undefined || hasHalted === undefined ? 'unknown' : 'safe'
}

/** The findings of all answers. What only one way of counting says is marked with it. */
function merged(answers: { grouping: Grouping; answer: FullAnalysis }[]): Finding[] {
  const seen = new Map<string, Finding>()
  const codes = new Set<string>()
  for (const { grouping, answer } of answers) {
    for (const finding of answer.findings) {
      const text = JSON.stringify([finding.code, finding.message, finding.nodes])
      if (seen.has(text)) continue
      const isFirst = !codes.has(finding.code)
      const message = isFirst ? finding.message : `Counting ${grouping.many}: ${finding.message}`
      seen.set(text, { ...finding, message })
    }
    for (const { code } of answer.findings) codes.add(code)
  }
  return [...seen.values()]
}
