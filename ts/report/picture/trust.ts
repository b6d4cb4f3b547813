/**
 * Whom the nodes of a network name in their quorum sets, put together by organization as far as everything in it is alike: so it is a
 * picture of organizations and not a hairball of nodes, and where nodes of one organization differ, it shows.
 *
 * Drawn is the core, on which everybody else depends. Without a core it is all nodes that have a quorum set, as many as can be told apart.
 */

import type { QuorumSet } from '../../../index.js'
import { validatorsIn } from '../../study/directory.js'
import { ORGANIZATIONS } from '../../study/groupings.js'
import type { Study } from '../../study/study.js'

/** Nodes of one organization, or one without any. */
export interface Cluster {
  label: string
  name: string
  /** Public keys, sorted by name. */
  nodes: string[]
  /** How many of its nodes satisfy it, where the whole network agrees on that. */
  rule?: string
}

/** An end of a line: a cluster as a whole, or one of its nodes. */
export interface End {
  cluster: number
  node?: string
}

/** "Is named in the quorum sets of": from who trusts to who is trusted. */
export interface Line {
  from: End
  to: End
  /** The other way round as well. */
  isMutual: boolean
}

/** What there is to draw. */
export interface Trust {
  clusters: Cluster[]
  /** The quorum set that all of them share; then the lines go without saying, and there are none. */
  shared: QuorumSet | null
  lines: Line[]
  /** Whether there are so many lines that none is drawn. */
  isDense: boolean
  /** Whether this is the core. */
  isCore: boolean
  /** Nodes that are listed and not drawn. */
  others: number
  /** For each drawn node, the drawn nodes that it names. */
  namedBy: Map<string, Set<string>>
}

/** More cannot be told apart on a page. */
const MOST_NODES = 400
/** Lines that a picture bears. With more, organizations are taken as wholes; if these are still too many, none is drawn. */
const MOST_LINES = 1_200

export function trustIn(study: Study): Trust {
  const { nodes, directory, core, symmetricTopTier } = study
  const candidates =
    core.length > 0 ? core : nodes.filter((node) => node.quorumSet != null).map((node) => node.publicKey)
  const drawn = candidates.slice(0, MOST_NODES)
  const quorumSets = new Map(nodes.map(({ publicKey, quorumSet }) => [publicKey, quorumSet]))
  const isDrawn = new Set(drawn)
  const namedBy = new Map(
    drawn.map((key) => {
      const quorumSet = quorumSets.get(key)
      const named = quorumSet == null ? [] : [...validatorsIn(quorumSet)]
      return [key, new Set(named.filter((other) => other !== key && isDrawn.has(other)))]
    })
  )

  const members = new Map<string, string[]>()
  for (const key of drawn) {
    const label = directory.labelOf(key, ORGANIZATIONS)
    members.set(label, [...(members.get(label) ?? []), key])
  }
  const clusters = [...members].map(([label, nodes]) => ({
    label,
    name: directory.name(label, ORGANIZATIONS),
    nodes: sortedBy(nodes, (key) => directory.name(key)),
    rule: ruleOf(nodes, symmetricTopTier)
  }))
  const ordered = inOrder(
    sortedBy(clusters, ({ name }) => name),
    namedBy
  )
  const covers = symmetricTopTier !== null && new Set(validatorsIn(symmetricTopTier)).size === drawn.length
  const lines = covers ? [] : linesBetween(ordered, namedBy)
  return {
    clusters: ordered,
    shared: covers ? symmetricTopTier : null,
    lines: lines ?? [],
    isDense: lines === undefined,
    isCore: core.length > 0,
    others: nodes.length - drawn.length,
    namedBy
  }
}

/** The threshold of the inner set that has exactly these nodes. */
function ruleOf(nodes: string[], shared: QuorumSet | null): string | undefined {
  const same = new Set(nodes)
  const inner = shared?.innerQuorumSets.find(
    ({ validators, innerQuorumSets }) =>
      innerQuorumSets.length === 0 &&
      validators.length === same.size &&
      validators.every((key) => same.has(key))
  )
  return inner === undefined ? undefined : `${inner.threshold} of ${inner.validators.length}`
}

/** Round the circle, each beside the one that is most like it in whom it trusts and who trusts it: groups that keep apart show as such. */
function inOrder(clusters: Cluster[], namedBy: Trust['namedBy']): Cluster[] {
  const neighbors = new Map(
    clusters.map((cluster) => {
      const trusts = cluster.nodes.flatMap((key) => [...(namedBy.get(key) ?? [])])
      return [cluster, new Set([...cluster.nodes, ...trusts])]
    })
  )
  const likeness = (a: Cluster, b: Cluster) => {
    const [ofA, ofB] = [neighbors.get(a) ?? new Set(), neighbors.get(b) ?? new Set()]
    const common = [...ofA].filter((key) => ofB.has(key)).length
    return common / (ofA.size + ofB.size - common)
  }
  const left = [...clusters]
  const ordered: Cluster[] = []
  while (left.length > 0) {
    const last = ordered.at(-1)
    let [best, most] = [0, -1]
    for (const [index, cluster] of left.entries()) {
      const alike = last === undefined ? 0 : likeness(last, cluster)
      if (alike > most) [best, most] = [index, alike]
    }
    ordered.push(...left.splice(best, 1))
  }
  return ordered
}

function linesBetween(clusters: Cluster[], namedBy: Trust['namedBy']): Line[] | undefined {
  const pairs = clusters.flatMap((_, from) =>
    clusters.flatMap((_, to) => (from === to ? [] : [[from, to] as const]))
  )
  for (const draw of [between, roughly]) {
    const lines = merged(pairs.flatMap(([from, to]) => draw(clusters, from, to, namedBy)))
    if (lines.length <= MOST_LINES) return lines
  }
  return undefined
}

/** The lines from one cluster to another: one where all nodes name the same, otherwise one from each that names any. */
function between(clusters: Cluster[], from: number, to: number, namedBy: Trust['namedBy']): Line[] {
  const [sources, targets] = [clusters[from]?.nodes ?? [], clusters[to]?.nodes ?? []]
  const named = sources.map((key) => targets.filter((other) => namedBy.get(key)?.has(other)))
  const isAlike = named.every((keys) => keys.join() === named[0]?.join())
  return sources.flatMap((source, index) => {
    const keys = named[index] ?? []
    if (keys.length === 0 || (isAlike && index > 0)) return []
    const start: End = isAlike ? { cluster: from } : { cluster: from, node: source }
    const ends: End[] =
      keys.length === targets.length ? [{ cluster: to }] : keys.map((node) => ({ cluster: to, node }))
    return ends.map((end) => ({ from: start, to: end, isMutual: false }))
  })
}

function roughly(clusters: Cluster[], from: number, to: number, namedBy: Trust['namedBy']): Line[] {
  const line = { from: { cluster: from }, to: { cluster: to }, isMutual: false }
  return between(clusters, from, to, namedBy).length > 0 ? [line] : []
}

/** One line for both directions. */
function merged(lines: Line[]): Line[] {
  const text = ({ cluster, node }: End) => JSON.stringify([cluster, node])
  const all = new Map(lines.map((line) => [`${text(line.from)} ${text(line.to)}`, line]))
  return lines.flatMap((line) => {
    const back = all.has(`${text(line.to)} ${text(line.from)}`)
    if (back && text(line.from) > text(line.to)) return []
    return [{ ...line, isMutual: back }]
  })
}

function sortedBy<T>(items: T[], by: (item: T) => string): T[] {
  return [...items].sort((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0))
}
