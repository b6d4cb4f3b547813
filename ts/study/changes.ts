/** What changed between two snapshots of a network, as one list: verdicts, sizes, who came and went, quorum sets, findings. */

import type { Finding, QuorumSet } from '../../index.js'
import { checkOf } from './check.js'
import type { Doubt } from './doubts.js'
import { counted, NODES, ORGANIZATIONS, type Grouping } from './groupings.js'
import { sizeOf, sizeText, tierSizeOf, type Size } from './sizes.js'
import { factsOf, type Counted, type Study } from './study.js'

/** A change. `counting` is the key of a grouping. */
export type Change =
  | { kind: 'verdict' | 'size'; counting?: string; what: string; old: string; new: string }
  | { kind: 'listed' | 'topTier'; counting: string; change: 'joined' | 'left'; member: string }
  /** `lost`: it was known and is not any more; `found`: the other way round. */
  | { kind: 'quorumSet'; change: 'changed' | 'lost' | 'found'; member: string }
  | { kind: 'finding'; change: 'new' | 'gone'; code: string; message: string; nodes: string[] }

/** All changes, the most important first. */
export function changesBetween(before: Study, after: Study): Change[] {
  return [
    ...figures('verdict', undefined, verdicts(before), verdicts(after)),
    ...pairs(before, after).flatMap(([old, now]) =>
      figures('size', now.grouping.key, sizes(before, old), sizes(after, now))
    ),
    ...pairs(before, after).flatMap(([old, now]) =>
      moves('topTier', now.grouping, old.topTier.topTier, now.topTier.topTier)
    ),
    ...[NODES, ORGANIZATIONS].flatMap((grouping) =>
      moves('listed', grouping, labels(before, grouping), labels(after, grouping))
    ),
    ...quorumSets(before, after),
    ...findings('new', before.findings, after.findings),
    ...findings('gone', after.findings, before.findings)
  ]
}

function pairs(before: Study, after: Study): [Counted, Counted][] {
  return after.counted.flatMap((now) => {
    const old = before.counted.find(({ grouping }) => grouping.key === now.grouping.key)
    return old === undefined ? [] : [[old, now] as [Counted, Counted]]
  })
}

/** Why what changed may not be a change of the network: of each side what makes it doubtful, and quorum sets that are not known any more. */
export function doubtsOfChanges(
  before: Study,
  after: Study
): { side: 'old' | 'new'; words: string; nodes: string[] }[] {
  const lost = quorumSets(before, after).flatMap((change) => (change.change === 'lost' ? change.member : []))
  const of = (side: 'old' | 'new') => (study: Study) => [
    ...(study.intersection.kind === 'nothing known'
      ? [
          {
            side,
            words: 'The data has no quorum set of any node, so nothing is known of this network.',
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

function figures(
  kind: 'verdict' | 'size',
  counting: string | undefined,
  old: Record<string, string>,
  now: Record<string, string>
): Change[] {
  return Object.entries(now).flatMap(([what, value]) => {
    const before = old[what] ?? ''
    return before === value
      ? []
      : [{ kind, ...(counting === undefined ? {} : { counting }), what, old: before, new: value }]
  })
}

function verdicts(study: Study): Record<string, string> {
  const { hasQuorum, hasQuorumIntersection, hasHalted } = factsOf(study)
  const known = (fact: boolean | null) => (fact === null ? NOT_KNOWN : String(fact))
  return {
    verdict: checkOf(study),
    hasQuorum: known(hasQuorum),
    hasQuorumIntersection: known(hasQuorumIntersection),
    hasHalted: known(hasHalted),
    hasSymmetricTopTier: known(hasQuorum === null ? null : study.symmetricTopTier !== null)
  }
}

const NOT_KNOWN = 'not known'

/** Where there is no quorum, or nothing is known, that no set exists is no merit. */
function sizes({ intersection }: Study, counted: Counted): Record<string, string> {
  const text = (size: Size) => {
    if (intersection.kind === 'nothing known') return NOT_KNOWN
    return size.kind === 'none' && intersection.kind === 'no quorum' ? 'no quorum' : sizeText(size)
  }
  return {
    topTierSize: text(tierSizeOf(counted.topTier)),
    blockingSetsMinSize: text(sizeOf(counted.blockingSets)),
    blockingSetsFilteredMinSize: text(sizeOf(counted.blockingSetsFiltered)),
    splittingSetsMinSize: text(sizeOf(counted.splittingSets)),
    quorumsMinSize: text(sizeOf(counted.quorums)),
    historyCriticalMinSize: text(sizeOf(counted.historyCritical))
  }
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

function quorumSets(before: Study, after: Study): Extract<Change, { kind: 'quorumSet' }>[] {
  const old = new Map(before.nodes.map(({ publicKey, quorumSet }) => [publicKey, quorumSet ?? null]))
  return after.nodes.flatMap(({ publicKey, quorumSet }) => {
    const was = old.get(publicKey)
    const is = quorumSet ?? null
    if (was === undefined || (was === null && is === null)) return []
    const change =
      was === null ? 'found' : is === null ? 'lost' : standing(was) === standing(is) ? undefined : 'changed'
    return change === undefined ? [] : [{ kind: 'quorumSet', change, member: publicKey }]
  })
}

/** A quorum set as text that does not hang on the order of its entries. */
function standing({ threshold, validators, innerQuorumSets }: QuorumSet): string {
  return JSON.stringify([threshold, [...validators].sort(), innerQuorumSets.map(standing).sort()])
}

/** The findings of one side, each with the nodes that it did not concern on the other. */
function findings(change: 'new' | 'gone', there: Finding[], here: Finding[]): Change[] {
  return here.flatMap(({ code, message, nodes }) => {
    const same = there.find((other) => other.code === code && other.message === message)
    const concerned = same === undefined ? nodes : without(nodes, same.nodes)
    return same !== undefined && concerned.length === 0
      ? []
      : [{ kind: 'finding', change, code, message, nodes: concerned } as const]
  })
}

function without(some: string[], others: string[]): string[] {
  const known = new Set(others)
  return some.filter((one) => !known.has(one))
}
