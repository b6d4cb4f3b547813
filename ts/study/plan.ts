/** What a plan says of a change: the verdict, why a state is not safe, what each unit does, and what the network is like on the way. */

import type {
  AnalysisMergedResult,
  FbasNode,
  Finding,
  Plan,
  PlanStage,
  QuorumSet,
  UnsafeState
} from '../../index.js'
import { findingsBeyond } from './changes.js'
import type { Check } from './check.js'
import type { Directory } from './directory.js'
import { hangsOnReading, isOfStage, LEFT_OUT, mayHangOnReading, ofUnknown, READ_AS } from './doubts.js'
import { any, counted, NODES, type Grouping } from './groupings.js'
import { membersWords } from './members.js'

/** In a pipeline nobody keeps an order, so a change is safe where any will do. */
export function checkOfPlan({ anyOrderIsSafe }: Pick<Plan, 'anyOrderIsSafe'>): Check {
  switch (anyOrderIsSafe) {
    case true:
      return 'safe'
    case false:
      return 'unsafe'
    case null:
      return 'unknown'
  }
}

/** The same with unknown nodes read the other way, where it is unsafe read as it was. */
export function checkOfPlanOtherwise({ findings }: Pick<Plan, 'findings'>): Check {
  const isOfOrder = (field: string) => field === 'anyOrderIsSafe'
  if (hangsOnReading(findings, isOfOrder)) return 'safe'
  return mayHangOnReading(findings, isOfOrder) ? 'unknown' : 'unsafe'
}

/** Findings that a change can bring about by mistake. */
const MISTAKES = [
  ...['UNKNOWN_VALIDATOR', 'ZERO_THRESHOLD', 'UNREACHABLE_THRESHOLD', 'LOW_THRESHOLD', 'NESTING_TOO_DEEP'],
  ...['DUPLICATE_ENTRY', 'SELF_EXCLUDED', LEFT_OUT]
]

/**
 * What is found of the later network alone. Of those who go it is known that they are not there, and not that somebody mistyped a key.
 *
 * @param listed Who is listed in the earlier network, by public keys.
 */
export function newMistakes(there: Finding[], here: Finding[], listed: string[]): Finding[] {
  const before = new Set(listed)
  const told = here.filter(({ code }) => MISTAKES.includes(code))
  return findingsBeyond(there, told).flatMap((finding) => {
    const isGone = (key: string) => finding.code === 'UNKNOWN_VALIDATOR' && before.has(key)
    const [gone, nodes] = [finding.nodes.filter(isGone), finding.nodes.filter((key) => !isGone(key))]
    return [
      ...(nodes.length === 0 ? [] : [{ ...finding, nodes }]),
      ...(gone.length === 0 ? [] : [{ ...finding, message: STILL_NAMED, nodes: gone }])
    ]
  })
}

/** What is said of those who go while others count on them. */
const STILL_NAMED = 'Quorum sets go on naming these nodes, which go: thresholds that count on them stay.'

/** What is said, and how it reads. */
export interface SaidOfPlan {
  mood: 'good' | 'bad' | 'unknown' | 'neutral'
  words: string
}

/** Where a network has nothing that could be planned with. */
export function nothingKnownOf(title: string): SaidOfPlan {
  return { mood: 'unknown', words: `Not known: ${title} has no usable quorum set of any node.` }
}

/** The answer in a sentence. `directory` is of both networks. */
export function saidOfPlan(plan: Plan, unit: Grouping, directory: Directory): SaidOfPlan {
  const { units, anyOrderIsSafe, unsafeState, order, allAtOnce } = plan
  if (units.length === 0 && anyOrderIsSafe === true) {
    return {
      mood: 'neutral',
      words: 'Nothing changes: whoever is known to ask for something asks for the same in both networks.'
    }
  }
  const those = membersWords({ kind: 'exactly', size: units.length }, units, unit, directory)
  if (anyOrderIsSafe === null) {
    return {
      mood: 'unknown',
      words: `Not known: whether ${those} may change in any order was not proven in time.`
    }
  }
  if (anyOrderIsSafe) {
    const changing = units.length === 1 ? `${those} may change` : `${those} may change in any order`
    return { mood: 'good', words: `Safe: ${changing}.` }
  }
  if (unsafeState !== null && unsafeState.changed.length === 0) {
    return { mood: 'bad', words: 'Not safe: the network is not safe before anybody changes.' }
  }
  if (unsafeState !== null && unsafeState.changed.length === units.length) {
    return { mood: 'bad', words: 'Not safe: the network is not safe when all have changed.' }
  }
  if (order !== null) {
    return {
      mood: 'bad',
      words: `Not in any order: there are unsafe states on the way. ${counted(order.length, ROUND)} avoid them.`
    }
  }
  return allAtOnce
    ? {
        mood: 'bad',
        words: `In no order: whatever the order, a state on the way is not safe. All ${those} would have to change at once.`
      }
    : {
        mood: 'bad',
        words: 'Not in any order: there are unsafe states on the way. A safe order was not found in time.'
      }
}

const ROUND = { one: 'round', many: 'rounds' }

/** What a size counts, of whose members nobody tells who they are: groups or, where there are such, nodes without one. */
function countedWords(size: number, counting: Grouping, directory: Directory): string {
  if (counting.key === NODES.key) return counted(size, counting)
  const areAlone = directory.groups(counting).map(({ isNode }) => isNode)
  if (!areAlone.includes(true)) return counted(size, counting)
  if (!areAlone.includes(false)) return `${counted(size, NODES)} without ${any(counting)}`
  return `${counted(size, counting)} (or nodes without one)`
}

/** How many nodes are of unknown quorum set, and how somebody chose that they are read; absent: nobody did. */
export interface Unknown {
  unknown: number
  chosen: 'dead' | 'free' | undefined
}

/** Whether a node is a quorum all by itself. */
export function isQuorumAlone({ publicKey, quorumSet }: FbasNode): boolean {
  const isMet = ({ threshold, validators, innerQuorumSets }: QuorumSet): boolean =>
    validators.filter((key) => key === publicKey).length + innerQuorumSets.filter(isMet).length >= threshold
  return quorumSet != null && quorumSet.threshold > 0 && isMet(quorumSet)
}

/** What is said where nodes that are a quorum all by themselves may be left out. */
export const ASIDE = ', nodes on their own aside'

/**
 * Why a state is not safe. Disjoint quorums are so however unknown nodes are read; another danger may be none, read the other way, which is said
 * where nobody chose how they are read.
 *
 * @param directory Of both networks.
 * @param isAnyAlone Whether some node is a quorum all by itself, before or after, and may be left out of the state.
 */
export function whyUnsafe(
  state: UnsafeState,
  floors: { blocking?: number | undefined; splitting?: number | undefined },
  counting: Grouping,
  { unknown, chosen }: Unknown,
  directory: Directory,
  isAnyAlone: boolean
): string {
  const why = whyAsRead(state, floors, counting, directory, isAnyAlone)
  if (unknown === 0 || chosen !== undefined || state.reason === 'split') return why
  return `${why} (${ofUnknown(unknown)} read as ${READ_AS.dead})`
}

function whyAsRead(
  { reason, stage }: UnsafeState,
  floors: { blocking?: number | undefined; splitting?: number | undefined },
  counting: Grouping,
  directory: Directory,
  isAnyAlone: boolean
): string {
  switch (reason) {
    case 'split':
      return 'two quorums share no node, so it can split with nobody at fault'
    case 'halt':
      return isAnyAlone
        ? `there is no quorum${ASIDE}, so no two nodes can close a ledger together`
        : 'there is no quorum, so no ledger closes'
    case 'floor': {
      const { blockingSetsMinSize: blocking, splittingSetsMinSize: splitting } = stage.figures
      const below = (size: number, can: string, floor: number | undefined) =>
        floor !== undefined && size < floor
          ? [`${countedWords(size, counting, directory)} can ${can} it, which is below the floor of ${floor}`]
          : []
      const low = [
        ...below(blocking, 'halt', floors.blocking),
        ...(stage.hasSplittingSet ? below(splitting, 'split', floors.splitting) : [])
      ]
      return low.length === 0 ? 'a size is below its floor' : low.join(', and ')
    }
  }
}

/** What a network is like on the way, as cells of a table. */
export function stageCells(stage: {
  figures: AnalysisMergedResult
  hasQuorumIntersection: boolean
  hasSplittingSet: boolean
  isExact: boolean
}): [string, string, string, string] {
  const { topTierSize, blockingSetsMinSize, splittingSetsMinSize } = stage.figures
  const known = (text: string) => (stage.isExact ? text : 'not proven')
  // Every quorum has members of the top tier.
  const without = topTierSize === 0 ? 'no quorum' : 'no'
  return [
    known(stage.hasQuorumIntersection ? 'yes' : without),
    known(String(topTierSize)),
    known(String(blockingSetsMinSize)),
    known(stage.hasSplittingSet ? String(splittingSetsMinSize) : 'none')
  ]
}

/** How unknown nodes are read where sizes are told of the way, and whether the other reading has other sizes; nothing where no node is unknown. */
export function readingOfSizes(findings: Finding[], { unknown, chosen }: Unknown): string[] {
  if (unknown === 0) return []
  const read = `These numbers are with ${ofUnknown(unknown)} read as ${READ_AS[chosen ?? 'dead']}.`
  const differs = chosen === undefined && hangsOnReading(findings, isOfStage)
  return [differs ? `${read} Read as ${READ_AS.free}, some are others.` : read]
}

/** What the nodes of a unit do, in words. `isOfEach`: it is told of several units at once that do the same. */
export function doings(keys: string[], before: FbasNode[], after: FbasNode[], isOfEach: boolean): string[] {
  const old = new Map(before.map((node) => [node.publicKey, node]))
  const now = new Map(after.map((node) => [node.publicKey, node]))
  const doings = new Map<string, number>()
  for (const key of keys) {
    const words = doing(old.get(key), now.get(key))
    if (words !== undefined) doings.set(words, (doings.get(words) ?? 0) + 1)
  }
  return [...doings].map(([words, count]) =>
    keys.length === 1 ? words : `${counted(count, NODES)}${isOfEach ? ' of each' : ''}: ${words}`
  )
}

function doing(old: FbasNode | undefined, now: FbasNode | undefined): string | undefined {
  if (old === undefined) return now === undefined ? undefined : `comes with ${asked(now.quorumSet)}`
  if (now === undefined) return `goes with ${asked(old.quorumSet)}`
  if (JSON.stringify(old.quorumSet ?? null) === JSON.stringify(now.quorumSet ?? null)) return undefined
  const [was, is] = [asked(old.quorumSet), asked(now.quorumSet)]
  return was === is ? `other entries, ${is} as before` : `${was} → ${is}`
}

/** The uppermost threshold. */
function asked(set: QuorumSet | null | undefined): string {
  if (set == null) return 'no known quorum set'
  return `${set.threshold} of ${set.validators.length + set.innerQuorumSets.length}`
}
