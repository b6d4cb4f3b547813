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
import { Directory, type GroupData } from './directory.js'
import { doubtsIn, isNothingKnown, type Doubt } from './doubts.js'
import { activityOf, intersectionOf, type Activity, type Intersection } from './facts.js'
import { COUNTRIES, groupingOf, NODES, ORGANIZATIONS, PROVIDERS, type Grouping } from './groupings.js'
import { sizeOf, tierSizeOf, unprovenSize } from './sizes.js'

/** What of a network is asked: the addon's or, on a web page, that of the worker. */
export type AskedNetwork = Pick<
  FbasNetwork,
  'analyzeCore' | 'analyzeFull' | 'analyzeBlockingSets' | 'analyzeSymmetricTopTier'
>

/** A network that can be asked about, and what people call it. */
export interface Studied {
  title: string
  /** Files and addresses that it was read from. */
  sources: string[]
  network: AskedNetwork
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
  /** Whether it takes questions before it has answered those before them. */
  readonly takesAhead?: boolean
  /** `left` is how many questions are yet to be asked, this one included. */
  ask<T extends object>(
    about: string,
    left: number,
    question: (bounds: AnalysisOptions) => Promise<T>
  ): Promise<T>
}

/** What is answered when counting one thing. */
export interface Answered extends Pick<
  FullAnalysis,
  'topTier' | 'blockingSets' | 'splittingSets' | 'quorums' | 'historyCritical'
> {
  grouping: Grouping
  /** With the faulty nodes down; the same as `blockingSets` where there are none. */
  blockingSetsFiltered: BlockingSetsResult
}

/** What is known when counting one thing. */
export interface Counted extends Answered {
  /** How many nodes of the core have a group, or of all nodes where there is no core. */
  data: GroupData
}

/** All answers about a network, which need no names. */
export interface Answers {
  faultyNodes: string[]
  /** Who says that they are down: the data, by `isValidating`, or whoever asks. */
  faultyBy: 'data' | 'options'
  unknownNodes: 'dead' | 'free'
  /** Whether somebody decided how unknown nodes are read; otherwise it is a doubt where the other reading has another verdict. */
  isReadingChosen: boolean
  scope: 'core' | 'all'
  /** Whether nodes that are a quorum all by themselves are left out. */
  ignoresOneNodeQuorums: boolean
  /** One a way of counting: nodes, organizations, countries and providers, or the one that was asked for. */
  counted: [Answered, ...Answered[]]
  symmetricTopTier: QuorumSet | null
  intersection: Intersection
  activity: Activity
  /** Whether it has halted however unknown nodes are read: what else may hang on them, that does not. */
  isHaltedEitherWay: boolean
  doubts: Doubt[]
  findings: Finding[]
  engine: string
}

/** Everything about a network. */
export interface Study extends Answers, Omit<Studied, 'network'> {
  counted: [Counted, ...Counted[]]
  /** Public keys. */
  core: string[]
}

/** Asks everything. `others` is how many more networks will be asked about. */
export async function study(asker: Asker, studied: Studied, others = 0): Promise<Study> {
  const { title, sources, network, nodes, directory } = studied
  const [{ core }, answers] = await Promise.all([
    network.analyzeCore(readingOf(asker.options)),
    answersAbout(asker, network, notValidating(studied), others)
  ])
  // Groups are asked for while the network is there.
  directory.groups(ORGANIZATIONS)
  const concerned = core.length > 0 ? core : nodes.map(({ publicKey }) => publicKey)
  const withData = (answered: Answered): Counted => ({
    ...answered,
    data: directory.dataOn(concerned, answered.grouping)
  })
  const [first, ...more] = answers.counted
  const counted: [Counted, ...Counted[]] = [withData(first), ...more.map(withData)]
  return { ...answers, title, sources, nodes, directory, core, counted }
}

/**
 * Asks all questions about a network.
 *
 * @param down Who is down as far as the data tells.
 * @param others How many more networks will be asked about.
 */
export async function answersAbout(
  asker: Asker,
  network: AskedNetwork,
  down: string[],
  others = 0
): Promise<Answers> {
  const { options } = asker
  const [firstGrouping, ...groupings] = groupingsOf(options)
  const faultyNodes = options.faulty ?? down
  const questions = (1 + groupings.length) * (faultyNodes.length > 0 ? 2 : 1)
  const common = readingOf(options)
  let left = questions * (others + 1)

  const begun = [asked(firstGrouping)] satisfies [unknown]
  for (const grouping of groupings) {
    if (asker.takesAhead !== true) await begun.at(-1)
    begun.push(asked(grouping))
  }
  const [first, ...more] = await Promise.all(begun)
  const { symmetricTopTier } = first.answer.symmetricTopTier
  const counted: [Answered, ...Answered[]] = [first.answered, ...more.map(({ answered }) => answered)]

  const all = merged([first, ...more].flatMap(({ findings }) => findings))
  const nothingKnown = isNothingKnown(all)
  const unknownNodes = options.unknown ?? 'dead'
  const activity = activityOf(first.answered.blockingSetsFiltered, nothingKnown)
  return {
    ...{ faultyNodes, unknownNodes, counted, symmetricTopTier },
    faultyBy: options.faulty === undefined ? 'data' : 'options',
    isReadingChosen: options.unknown !== undefined,
    scope: options.scope ?? 'core',
    ignoresOneNodeQuorums: options.countOneNodeQuorums !== true,
    intersection: intersectionOf(first.answered.quorums, nothingKnown),
    activity,
    isHaltedEitherWay: activity === 'halted' && !(await hasQuorum(network, options, faultyNodes)),
    doubts: doubtsIn(all, unknownNodes),
    findings: all,
    engine: first.answer.engine
  }

  async function asked(grouping: Grouping) {
    const { groupBy, many } = grouping
    const full = asker.ask(`counting ${many}`, left--, (bounds) =>
      network.analyzeFull({ ...common, ...bounds, groupBy, scope: options.scope })
    )
    if (asker.takesAhead !== true) await full
    const filtered =
      faultyNodes.length === 0
        ? full.then(({ blockingSets }) => blockingSets)
        : asker.ask(`counting ${many}, some nodes down`, left--, (bounds) =>
            network.analyzeBlockingSets({ ...common, ...bounds, groupBy, faultyNodes })
          )
    const [answer, blockingSetsFiltered] = await Promise.all([full, filtered])
    const findings: [Grouping, Finding[]][] = [
      [grouping, answer.findings],
      [grouping, ofFiltered(blockingSetsFiltered, answer)]
    ]
    const { topTier, blockingSets, splittingSets, quorums, historyCritical } = answer
    const sets = { topTier, blockingSets, blockingSetsFiltered, splittingSets, quorums, historyCritical }
    return { answer, findings, answered: { grouping, ...sets } satisfies Answered }
  }
}

/** Of what is found with nodes down, only that verdicts hang on unknown nodes is something new. */
function ofFiltered(
  filtered: BlockingSetsResult & { findings?: Finding[] },
  { blockingSets }: FullAnalysis
): Finding[] {
  if (filtered === blockingSets) return []
  return (filtered.findings ?? [])
    .filter(({ code }) => code === 'VERDICT_DEPENDS_ON_UNKNOWN_NODES' || code === 'NOT_EXACT')
    .map((finding) => ({ ...finding, message: `With the faulty nodes down: ${finding.message}` }))
}

/** How `studyNetwork` asks. The names mean what they mean in `AnalysisOptions`. */
export interface NetworkStudyOptions extends Pick<
  AnalysisOptions,
  | 'unknownNodes'
  | 'scope'
  | 'faultyNodes'
  | 'ignoreOneNodeQuorums'
  | 'timeoutMs'
  | 'anytime'
  | 'signal'
  | 'threads'
> {
  /** What people call the network. */
  title?: string
  /** Where it comes from. */
  sources?: string[]
  /** Count by this alone. Absent: nodes, organizations, countries and providers. */
  groupBy?: string
}

/**
 * Studies a parsed network: what reports, verdicts and differences are made from. The network may be disposed of afterwards. Nodes whose
 * `isValidating` is false are taken to be down unless `faultyNodes` says who is; nodes that are a stray quorum all by themselves are left out
 * unless `ignoreOneNodeQuorums` is false. Rejects like the analyses.
 */
export async function studyNetwork(network: FbasNetwork, options: NetworkStudyOptions = {}): Promise<Study> {
  const { title = 'The network', sources = [] } = options
  const asked: StudyOptions = {
    groupBy: options.groupBy,
    unknown: options.unknownNodes,
    scope: options.scope,
    faulty: options.faultyNodes,
    countOneNodeQuorums: options.ignoreOneNodeQuorums === false
  }
  const asker = askerWithin(asked, options)
  const nodes = network.nodes()
  return study(asker, { title, sources, network, nodes, directory: Directory.of(network, nodes) })
}

/** Somebody who asks with these options, within bounds that all questions share. The time begins now. */
export function askerWithin(
  options: StudyOptions,
  {
    timeoutMs,
    anytime,
    signal,
    threads
  }: Pick<AnalysisOptions, 'timeoutMs' | 'anytime' | 'signal' | 'threads'>
): Asker {
  const began = performance.now()
  return {
    options,
    ask: (_about, left, question) => {
      const rest = timeoutMs === undefined ? undefined : Math.max(0, timeoutMs - (performance.now() - began))
      // With `anytime` no hard question takes the time of the others.
      const bound = rest !== undefined && anytime === true ? rest / left : rest
      return question({ timeoutMs: bound, anytime, signal, threads })
    }
  }
}

/** How the addon is to read the network; faulty nodes are left to each question. */
export function readingOf({ unknown, countOneNodeQuorums }: StudyOptions): AnalysisOptions {
  return { unknownNodes: unknown ?? 'dead', ignoreOneNodeQuorums: countOneNodeQuorums !== true }
}

/** Whether a quorum is left while these nodes are down. Unless somebody decided how unknown nodes are read, they may join any. */
export async function hasQuorum(
  network: AskedNetwork,
  { unknown = 'free', ...options }: StudyOptions,
  faultyNodes: string[]
): Promise<boolean> {
  const { coreSize } = await network.analyzeCore({ ...readingOf({ ...options, unknown }), faultyNodes })
  return coreSize > 0
}

/** The nodes that are down as far as the data tells. */
export function notValidating({ nodes }: Pick<Studied, 'nodes'>): string[] {
  return nodes.filter((node) => node.isValidating === false).map(({ publicKey }) => publicKey)
}

/** What is true or false of a network, for programs; null: it is not known. */
export function factsOf({ intersection, activity, counted: [first] }: Answers) {
  const { kind } = intersection
  return {
    hasQuorum: kind === 'nothing known' ? null : first.quorums.hasQuorum,
    hasQuorumIntersection: kind === 'open' || kind === 'nothing known' ? null : kind === 'intersect',
    hasHalted: activity === 'open' || activity === 'nothing known' ? null : activity === 'halted'
  }
}

/** What of a study is not proven, a line each. */
export function unprovenIn(study: Pick<Answers, 'counted' | 'faultyNodes' | 'intersection'>): string[] {
  return study.counted
    .flatMap((counted) => {
      const { grouping } = counted
      return [
        ...unprovenSize('top tier', tierSizeOf(counted.topTier), grouping),
        ...unprovenSize('smallest blocking set', sizeOf(counted.blockingSets), grouping),
        ...(study.faultyNodes.length === 0
          ? []
          : unprovenSize('smallest blocking set, filtered', sizeOf(counted.blockingSetsFiltered), grouping)),
        ...unprovenSize('smallest splitting set', sizeOf(counted.splittingSets), grouping),
        ...unprovenSize('smallest quorum', sizeOf(counted.quorums), grouping),
        ...unprovenSize('smallest history-critical set', sizeOf(counted.historyCritical), grouping)
      ]
    })
    .concat(study.intersection.kind === 'open' ? ['whether every two quorums share a node'] : [])
}

function groupingsOf({ groupBy }: StudyOptions): [Grouping, ...Grouping[]] {
  return groupBy === undefined ? [NODES, ORGANIZATIONS, COUNTRIES, PROVIDERS] : [groupingOf(groupBy)]
}

/** The findings of all answers. What another way of counting than the first says alone is marked with it. */
function merged(answers: [Grouping, Finding[]][]): Finding[] {
  const seen = new Map<string, Finding>()
  for (const [grouping, findings] of answers) {
    for (const finding of findings) {
      const text = JSON.stringify([finding.code, finding.message, finding.nodes])
      // Who is reported down is taken for down here, where it matters.
      if (seen.has(text) || finding.code === 'REPORTED_DOWN') continue
      const isOfFirst = grouping === answers[0]?.[0]
      // Some name it themselves.
      const message =
        isOfFirst || finding.groupBy != null
          ? finding.message
          : `Counting ${grouping.many}: ${finding.message}`
      seen.set(text, { ...finding, message })
    }
  }
  return [...seen.values()]
}
