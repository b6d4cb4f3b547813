/** What changed between two snapshots of a network, as one list: verdicts, sizes, who came and went, quorum sets, findings. */

import type { Finding, QuorumSet } from '../../index.js'
import { NODES, ORGANIZATIONS, type Grouping } from './groupings.js'
import { sizeText } from './sizes.js'
import { factsOf, verdictOn, type Counted, type Study } from './study.js'

/** A change. `counting` is the key of a grouping. */
export type Change =
  | { kind: 'verdict' | 'size'; counting?: string; what: string; old: string; new: string }
  | { kind: 'listed' | 'topTier'; counting: string; change: 'joined' | 'left'; member: string }
  | { kind: 'quorumSet'; change: 'changed'; member: string }
  | { kind: 'finding'; change: 'new' | 'gone'; code: string; message: string; nodes: string[] }

/** All changes, the most important first. */
export function changesBetween(before: Study, after: Study): Change[] {
  return [
    ...figures('verdict', undefined, verdicts(before), verdicts(after)),
    ...pairs(before, after).flatMap(([old, now]) =>
      figures('size', now.grouping.key, sizes(old), sizes(now))
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
      : [{ kind, ...(counting ? { counting } : {}), what, old: before, new: value }]
  })
}

function verdicts(study: Study): Record<string, string> {
  const { hasQuorum, hasQuorumIntersection, hasHalted } = factsOf(study)
  const known = (fact: boolean | undefined) => (fact === undefined ? 'not proven' : String(fact))
  return {
    verdict: verdictOn(study),
    hasQuorum: known(hasQuorum),
    hasQuorumIntersection: known(hasQuorumIntersection),
    hasHalted: known(hasHalted),
    hasSymmetricTopTier: String(study.symmetricTopTier !== null)
  }
}

function sizes({ topTier, blockingSets, blockingSetsFiltered, ...more }: Counted): Record<string, string> {
  return {
    topTierSize: `${topTier.isExact ? '' : '≥ '}${topTier.topTierSize}`,
    blockingSetsMinSize: sizeText(blockingSets),
    blockingSetsFilteredMinSize: sizeText(blockingSetsFiltered),
    splittingSetsMinSize: sizeText(more.splittingSets),
    quorumsMinSize: sizeText(more.quorums),
    historyCriticalMinSize: sizeText(more.historyCritical)
  }
}

function moves(kind: 'listed' | 'topTier', grouping: Grouping, old: string[], now: string[]): Change[] {
  const change = (change: 'joined' | 'left') => (member: string) =>
    ({ kind, counting: grouping.key, change, member }) as const
  return [...without(now, old).map(change('joined')), ...without(old, now).map(change('left'))]
}

/** The labels of a grouping; nodes without a group are not among them. */
function labels({ directory }: Study, grouping: Grouping): string[] {
  const groups = [...directory.groups(grouping)]
  const listed = grouping.key === NODES.key ? groups : groups.filter(([key, label]) => key !== label)
  return [...new Set(listed.map(([, label]) => label))].sort()
}

function quorumSets(before: Study, after: Study): Change[] {
  const old = new Map(before.nodes.map(({ publicKey, quorumSet }) => [publicKey, standing(quorumSet)]))
  return after.nodes.flatMap(({ publicKey, quorumSet }) => {
    const was = old.get(publicKey)
    return was === undefined || was === standing(quorumSet)
      ? []
      : [{ kind: 'quorumSet', change: 'changed', member: publicKey } as const]
  })
}

/** A quorum set as text that does not hang on the order of its entries. */
function standing(quorumSet: QuorumSet | null | undefined): string {
  if (!quorumSet) return 'unknown'
  const { threshold, validators, innerQuorumSets } = quorumSet
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
