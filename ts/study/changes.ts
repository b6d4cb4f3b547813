/**
 * What changed between two snapshots of a network, as one list: verdicts, sizes, who came and went, quorum sets, findings.
 *
 * A change is what is proven to be another one. What one of the two has no data on at all is not compared, and is told apart.
 */

import type { Finding } from '../../index.js'
import { checkOf } from './check.js'
import { isWithoutHistory, type Doubt } from './doubts.js'
import { isForLackOfQuorum, sizeTextIn } from './facts.js'
import { counted, NODES, ORGANIZATIONS, type Grouping } from './groupings.js'
import { differenceOf, differenceWords, standing, type QuorumSetDifference } from './quorum-set-changes.js'
import { sizeOf, tierSizeOf, type Size } from './sizes.js'
import { factsOf, type Counted, type Study } from './study.js'

/** Whether a figure became better or worse for the network; `other`: it is another one, which is neither. */
export type Direction = 'better' | 'worse' | 'other'

/** A change. `counting` is the key of a grouping. */
export type Change =
  | {
      kind: 'verdict' | 'size'
      counting?: string
      what: string
      old: string
      new: string
      direction: Direction
    }
  | { kind: 'listed' | 'topTier'; counting: string; change: 'joined' | 'left'; member: string }
  /** `lost`: it was known and is not any more; `found`: the other way round. */
  | { kind: 'quorumSet'; change: 'lost' | 'found'; member: string }
  | { kind: 'quorumSet'; change: 'changed'; member: string; difference: QuorumSetDifference }
  | { kind: 'finding'; change: 'new' | 'gone'; code: string; message: string; nodes: string[] }

/** What people call the figures. */
export const FIGURES: Record<string, string> = {
  verdict: 'verdict',
  hasQuorum: 'a quorum exists',
  hasQuorumIntersection: 'every two quorums share a node',
  hasHalted: 'it has halted',
  hasSymmetricTopTier: 'the top tier is symmetric',
  topTierSize: 'top tier',
  blockingSetsMinSize: 'smallest blocking set',
  blockingSetsFilteredMinSize: 'smallest blocking set, filtered',
  splittingSetsMinSize: 'smallest splitting set',
  quorumsMinSize: 'smallest quorum',
  historyCriticalMinSize: 'smallest history-critical set'
}

/** Figures of which more is better, and those of which less is. Of all others, another value is neither. */
const BETTER = {
  more: [
    ...['verdict', 'hasQuorum', 'hasQuorumIntersection'],
    ...[
      'blockingSetsMinSize',
      'blockingSetsFilteredMinSize',
      'splittingSetsMinSize',
      'historyCriticalMinSize'
    ]
  ],
  less: ['hasHalted']
}

/** The earlier of two networks, or the later. */
export type Side = 'old' | 'new'

/** What is said of one of two networks. */
export interface Sided {
  side: Side
  words: string
}

/** The same in a line, by what whoever shows it calls the two. */
export function sidedWords({ side, words }: Sided, called: Record<Side, string>): string {
  return `${called[side]}: ${words}`
}

/**
 * What it means where the data says of no node whether it is down. `'up'`: nobody is, as of a source that is asked again and again, or where
 * somebody says who is down. `'unknown'`: who is down is not known, as of a file that came from anywhere.
 */
export type Silence = 'up' | 'unknown'

/** All changes, the most important first. What silence means is for the caller to say, as the data cannot. */
export function changesBetween(before: Study, after: Study, silence: Silence): Change[] {
  const comparable = pairs(before, after)
  const isKnown = !isNothingKnownOfOne(before, after)
  return [
    ...figures('verdict', undefined, verdicts(before, after, silence), verdicts(after, before, silence)),
    ...comparable.flatMap(([old, now]) =>
      isKnown
        ? figures(
            'size',
            now.grouping.key,
            sizes(before, old, after, silence),
            sizes(after, now, before, silence)
          )
        : []
    ),
    ...comparable.flatMap(([old, now]) => (isKnown ? tierMoves(old, now) : [])),
    ...[NODES, ORGANIZATIONS]
      .filter((grouping) => haveGroups(before, after, grouping))
      .flatMap((grouping) => moves('listed', grouping, labels(before, grouping), labels(after, grouping))),
    ...(isKnown ? quorumSets(before, after) : []),
    ...findings('new', before.findings, after.findings),
    ...findings('gone', after.findings, before.findings)
  ]
}

/** The ways of counting that both have data for. */
function pairs(before: Study, after: Study): [Counted, Counted][] {
  return after.counted.flatMap((now) => {
    const old = before.counted.find(({ grouping }) => grouping.key === now.grouping.key)
    if (old === undefined || !haveGroups(before, after, now.grouping)) return []
    return [[old, now] as [Counted, Counted]]
  })
}

/** What is not compared, as one of the two has no data on it at all, so that what comes of it is no change. */
export function incomparable(before: Study, after: Study, silence: Silence): Sided[] {
  const sides = [
    ['old', before, after],
    ['new', after, before]
  ] as const
  return sides.flatMap(([side, one, other]) => {
    const groupings = [ORGANIZATIONS, ...after.counted.map(({ grouping }) => grouping)]
    const missing = [...new Map(groupings.map((grouping) => [grouping.key, grouping])).values()].filter(
      (grouping) => hasGroups(other, grouping) && !hasGroups(one, grouping)
    )
    const isNothing = isNothingKnownOfOne(before, after) && isUnknown(one)
    const words = [
      ...(isNothing
        ? [
            'It has no usable quorum set of any node: verdicts, sizes, top tiers and quorum sets are not compared.'
          ]
        : []),
      ...missing.map(
        (grouping) => `It has no data on ${grouping.many}: what counts or lists them is not compared.`
      ),
      ...(!isNothing && isWithoutHistory(one.findings) && !isWithoutHistory(other.findings)
        ? ['It does not say which history archives have errors: history-critical sets are not compared.']
        : []),
      ...(!isNothing && isUnsaid(one, silence) && !isUnsaid(other, silence)
        ? [
            'It does not say which nodes are down: the verdict, whether it has halted, and filtered sizes are not compared.'
          ]
        : [])
    ]
    return words.map((words) => ({ side, words }))
  })
}

function isUnknown({ intersection }: Study): boolean {
  return intersection.kind === 'nothing known'
}

function isNothingKnownOfOne(before: Study, after: Study): boolean {
  return isUnknown(before) !== isUnknown(after)
}

/** Whether both have groups of a kind. Where neither has, nodes stand for themselves, and what is said of them is all there is to say. */
function haveGroups(before: Study, after: Study, grouping: Grouping): boolean {
  return [before, after].every((study) => hasGroups(study, grouping))
}

/** Whether any listed node has such a group. */
function hasGroups({ nodes, directory }: Study, grouping: Grouping): boolean {
  const keys = nodes.map(({ publicKey }) => publicKey)
  return directory.dataOn(keys, grouping).kind !== 'missing'
}

/** Whether it is left to the data who is down, the data says it of no node, and that means that it is not known. */
function isUnsaid({ nodes, faultyBy }: Study, silence: Silence): boolean {
  // stellar-core says it by a node's status.
  const says = (node: Study['nodes'][number]) => node.isValidating != null || 'status' in node
  return silence !== 'up' && faultyBy === 'data' && !nodes.some(says)
}

/** Why what is said of one of two networks may be otherwise. */
export interface SidedDoubt extends Sided {
  /** Public keys of the nodes that it hangs on. */
  nodes: string[]
}

/** Why what changed may not be a change of the network: of each side what makes it doubtful, and quorum sets that are not known any more. */
export function doubtsOfChanges(before: Study, after: Study): SidedDoubt[] {
  // Of one alone it is said that it is not compared.
  const isOfOne = isNothingKnownOfOne(before, after)
  const members = isOfOne ? [] : inBoth(before, after)
  const lost = members.flatMap(({ member, was, is }) => (was !== null && is === null ? member : []))
  const of = (side: Side) => (study: Study) => [
    ...(isUnknown(study) && !isOfOne
      ? [
          {
            side,
            words: 'The data has no usable quorum set of any node, so nothing is known of this network.',
            nodes: []
          }
        ]
      : []),
    ...study.doubts.map(({ words, nodes }: Doubt) => ({ side, words, nodes }))
  ]
  return [
    ...of('old')(before),
    ...of('new')(after),
    ...(lost.length === 0
      ? []
      : [
          {
            side: 'new' as const,
            words: `The quorum sets of ${counted(lost.length, NODES)} were known before and are not any more: other changes may come of that.`,
            nodes: lost
          }
        ])
  ]
}

/** A figure of a network that is followed. */
export interface Followed {
  /** What of the data it rests on: only with the same is it the same figure. */
  basis: string
  /** Whether it is proven, and neither unknown nor a stand-in for that there is none. */
  isKnown: boolean
}

/** The figures that can be compared with those of other networks, by the names of {@link nameOf}. */
export function followed(study: Study, silence: Silence): Map<string, Followed> {
  if (isUnknown(study)) return new Map()
  const down = isUnsaid(study, silence) ? 'nothing on who is down' : 'who is down'
  const basis: Record<string, string> = {
    ...{ verdict: down, hasHalted: down, blockingSetsFilteredMinSize: down },
    historyCriticalMinSize: 'archives'
  }
  const named = (figures: Record<string, Figure>, counting?: string) =>
    Object.entries(figures).map(([what, { atLeast, atMost, isNone }]): [string, Followed] => [
      nameOf({ counting, what }),
      { basis: basis[what] ?? 'quorum sets', isKnown: atLeast === atMost && isNone !== true }
    ])
  return new Map([
    ...named(verdicts(study, study, silence)),
    ...study.counted
      .filter(({ grouping }) => hasGroups(study, grouping))
      .flatMap((counted) => named(sizes(study, counted, study, silence), counted.grouping.key))
  ])
}

/** What a table says that another value is for the network. */
export const DIRECTIONS: Record<Direction, string> = { better: 'better', worse: 'worse', other: 'neither' }

/** A value as people tell it. */
export function valueWords(value: string): string {
  return { true: 'yes', false: 'no' }[value] ?? value
}

/** A figure by its name in flat records: `verdict`, `organization.topTierSize`. */
export function nameOf({ counting, what }: { counting?: string | undefined; what: string }): string {
  return counting === undefined ? what : `${counting}.${what}`
}

/** A figure in words, and which values it may have as far as is known. */
interface Figure {
  text: string
  atLeast: number
  atMost: number
  /** It stands for that there is none, or that nobody knows, so that it is neither better nor worse than another. */
  isNone?: boolean
}

/** Figures that are others for sure: where one is open and may be the same, nothing has changed as far as is known. */
function figures(
  kind: 'verdict' | 'size',
  counting: string | undefined,
  old: Record<string, Figure>,
  now: Record<string, Figure>
): Change[] {
  return Object.entries(now).flatMap(([what, value]) => {
    const before = old[what]
    if (before === undefined || (before.atLeast <= value.atMost && value.atLeast <= before.atMost)) return []
    return [
      {
        kind,
        ...(counting === undefined ? {} : { counting }),
        ...{ what, old: before.text, new: value.text, direction: directionOf(what, before, value) }
      }
    ]
  })
}

/** Of figures that are others for sure. */
function directionOf(what: string, old: Figure, now: Figure): Direction {
  if (old.isNone === true || now.isNone === true) return 'other'
  const isMore = now.atLeast > old.atMost
  if (BETTER.more.includes(what)) return isMore ? 'better' : 'worse'
  if (BETTER.less.includes(what)) return isMore ? 'worse' : 'better'
  return 'other'
}

const CHECKS = ['unsafe', 'unknown', 'safe']

/** Those that the data of both says something of. */
function verdicts(study: Study, other: Study, silence: Silence): Record<string, Figure> {
  if (isNothingKnownOfOne(study, other)) return {}
  const { hasQuorum, hasQuorumIntersection, hasHalted } = factsOf(study)
  const fact = (fact: boolean | null): Figure =>
    fact === null ? { text: NOT_KNOWN, atLeast: 0, atMost: 1 } : exactly(String(fact), fact ? 1 : 0)
  const check = checkOf(study)
  // The verdict has in it whether it has halted.
  const isDownSaid = isUnsaid(study, silence) === isUnsaid(other, silence)
  return {
    ...(isDownSaid
      ? { verdict: { ...exactly(check, CHECKS.indexOf(check)), isNone: check === 'unknown' } }
      : {}),
    hasQuorum: fact(hasQuorum),
    hasQuorumIntersection: fact(hasQuorumIntersection),
    ...(isDownSaid ? { hasHalted: fact(hasHalted) } : {}),
    hasSymmetricTopTier: fact(hasQuorum === null ? null : study.symmetricTopTier !== null)
  }
}

function exactly(text: string, value: number): Figure {
  return { text, atLeast: value, atMost: value }
}

const NOT_KNOWN = 'not known'

/**
 * Where there is no quorum, that no set exists is no merit. Where neither says anything of archives, there is no figure of them to compare.
 */
function sizes(study: Study, counted: Counted, other: Study, silence: Silence): Record<string, Figure> {
  const { intersection } = study
  const figure = (size: Size): Figure => {
    const isHalted = isForLackOfQuorum(size, intersection)
    const text = sizeTextIn(intersection, size)
    // No set is no size: neither is like any number, nor like the other.
    if (size.kind === 'none') return { ...exactly(text, isHalted ? -1 : Infinity), isNone: isHalted }
    const [atLeast, atMost] =
      size.kind === 'exactly' ? [size.size, size.size] : [size.atLeast, size.atMost ?? Infinity]
    return { text, atLeast, atMost }
  }
  const hasHistory = ![study, other].some(({ findings }) => isWithoutHistory(findings))
  const hasFiltered = isUnsaid(study, silence) === isUnsaid(other, silence)
  return {
    topTierSize: figure(tierSizeOf(counted.topTier)),
    blockingSetsMinSize: figure(sizeOf(counted.blockingSets)),
    ...(hasFiltered ? { blockingSetsFilteredMinSize: figure(sizeOf(counted.blockingSetsFiltered)) } : {}),
    splittingSetsMinSize: figure(sizeOf(counted.splittingSets)),
    quorumsMinSize: figure(sizeOf(counted.quorums)),
    ...(hasHistory ? { historyCriticalMinSize: figure(sizeOf(counted.historyCritical)) } : {})
  }
}

/** Who joined or left for sure: that somebody was not or is not in a top tier is known where all of it is. */
function tierMoves({ topTier: old }: Counted, { topTier: now, grouping }: Counted): Change[] {
  return moves('topTier', grouping, old.topTier, now.topTier).filter((move) =>
    'change' in move && move.change === 'joined' ? old.isExact : now.isExact
  )
}

function moves(kind: 'listed' | 'topTier', grouping: Grouping, old: string[], now: string[]): Change[] {
  const change = (change: 'joined' | 'left') => (member: string) =>
    ({ kind, counting: grouping.key, change, member }) as const
  return [...without(now, old).map(change('joined')), ...without(old, now).map(change('left'))]
}

/** The groups of a grouping that have listed nodes; nodes without a group are not among them. */
function labels({ nodes, directory }: Study, grouping: Grouping): string[] {
  const found = nodes
    .map(({ publicKey }) => directory.labelOf(publicKey, grouping))
    .filter((label) => grouping.key === NODES.key || !directory.isAlone(label, grouping))
  return [...new Set(found)].sort()
}

/** The nodes that both list, with what each asked for and asks for. */
function inBoth(before: Study, after: Study) {
  const old = new Map(before.nodes.map(({ publicKey, quorumSet }) => [publicKey, quorumSet ?? null]))
  return after.nodes.flatMap(({ publicKey: member, quorumSet }) => {
    const was = old.get(member)
    return was === undefined ? [] : [{ member, was, is: quorumSet ?? null }]
  })
}

function quorumSets(before: Study, after: Study): Extract<Change, { kind: 'quorumSet' }>[] {
  // Many nodes change from one and the same set to one and the same other.
  const differences = new Map<string, QuorumSetDifference>()
  return inBoth(before, after).flatMap(({ member, was, is }): Extract<Change, { kind: 'quorumSet' }>[] => {
    if (was === is) return []
    if (was === null) return [{ kind: 'quorumSet', change: 'found', member }]
    if (is === null) return [{ kind: 'quorumSet', change: 'lost', member }]
    const texts = [standing(was), standing(is)]
    if (texts[0] === texts[1]) return []
    const difference = differences.get(texts.join()) ?? differenceOf(was, is)
    differences.set(texts.join(), difference)
    return [{ kind: 'quorumSet', change: 'changed', member, difference }]
  })
}

/** Nodes in whose quorum sets the same changed. */
export interface ChangedAlike {
  /** Public keys. */
  members: string[]
  /** What changed, a line each. */
  words: string[]
}

/** What changed in quorum sets, those together in which the same did. */
export function setsChangedAlike(changes: Change[], names: (keys: string[]) => string): ChangedAlike[] {
  const together = new Map<string, ChangedAlike>()
  for (const change of changes) {
    if (change.kind !== 'quorumSet' || change.change !== 'changed') continue
    const words = differenceWords(change.difference, names)
    const same = together.get(words.join('\n')) ?? { members: [], words }
    same.members.push(change.member)
    together.set(words.join('\n'), same)
  }
  return [...together.values()]
}

/** The findings of one side, each with the nodes that it did not concern on the other. */
export function findingsBeyond(there: Finding[], here: Finding[]): Finding[] {
  return here.flatMap((finding) => {
    const { code, message, nodes } = finding
    const same = there.find((other) => other.code === code && other.message === message)
    const concerned = same === undefined ? nodes : without(nodes, same.nodes)
    return same !== undefined && concerned.length === 0 ? [] : [{ ...finding, nodes: concerned }]
  })
}

function findings(change: 'new' | 'gone', there: Finding[], here: Finding[]): Change[] {
  // What lacks data on groups is told by itself, and goes with the last quorum without any change in the data.
  const told = here.filter(({ code }) => code !== 'NO_GROUP_DATA')
  return findingsBeyond(there, told).map(({ code, message, nodes }) => ({
    kind: 'finding',
    change,
    code,
    message,
    nodes
  }))
}

function without(some: string[], others: string[]): string[] {
  const known = new Set(others)
  return some.filter((one) => !known.has(one))
}
