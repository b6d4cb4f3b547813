/**
 * Whom the nodes of a network name in their quorum sets, put together so that it can be seen at a glance, by the form that bears it:
 *
 * - `hub`: all ask for the same, which stands in the middle of their organizations.
 * - `circle`: nodes with the same quorum set are a cluster, of each organization by itself; clusters with the same one stand together; lines lead to
 *   whom they name.
 * - `matrix`: where lines would be too many to follow, organization against organization.
 *
 * Drawn is the core, on which everybody else depends. Without a core it is all nodes that have a quorum set, as many as can be told apart.
 */

import type { QuorumSet } from '../../../index.js'
import { validatorsIn } from '../../study/directory.js'
import { ORGANIZATIONS } from '../../study/groupings.js'
import { listOf, sortedBy } from '../../study/listing.js'
import { numberedSets, type NumberedSet } from '../../study/node-rows.js'
import type { Study } from '../../study/study.js'
import { weightOf } from './weight.js'

/** Nodes of one organization, or one without any; in a circle, nodes of one organization, or without any, with the same quorum set. */
export interface Cluster {
  label: string
  name: string
  /** Public keys, sorted by name. */
  nodes: string[]
  /** How many of its nodes satisfy it, where the whole network agrees on that. */
  rule?: string
  /** The quorum set that all of its nodes have; absent: they have several, or it is not known. */
  quorumSet?: NumberedSet
}

/** An end of a line: a cluster as a whole, or one of its nodes. */
export interface End {
  cluster: number
  node?: string
}

/** "Is named in the quorum sets of": from who trusts, a whole cluster, to who is trusted. */
export interface Line {
  from: End
  to: End
  /** The other way round as well. */
  isMutual: boolean
}

/** How the row trusts the column. */
export interface Cell {
  row: number
  column: number
  /** How many nodes of the row name a node of the column. */
  named: number
  /** Of the slices of those, the share that has a node of the column, on average. */
  share: number
  /** Whether all of these slices do: without the column none of them is satisfied. */
  isNeeded: boolean
}

/** What there is to draw. */
export interface Trust {
  form: 'hub' | 'circle' | 'matrix'
  clusters: Cluster[]
  /** The quorum set that all of them share; then the lines go without saying, and there are none. */
  shared: QuorumSet | null
  /** Of a circle. */
  lines: Line[]
  /** Of a matrix: who names whom. */
  cells: Cell[]
  /** Whether this is the core. */
  isCore: boolean
  /** Nodes that are listed and not drawn. */
  others: number
  /** Nodes of the core, or of those that have a quorum set, for whom there is no room. */
  leftOut: number
  /** For each drawn node, the drawn nodes that it names. */
  namedBy: Map<string, Set<string>>
}

/** More cannot be told apart on a page. */
const MOST_NODES = 400
const MOST_ROWS = 60
/** Clusters that stand round a hub one by one. */
const MOST_SPOKES = 40
/** Clusters and lines that a circle bears. */
export const MOST_IN_A_CIRCLE = 30
const MOST_LINES = 90
/** Names of nodes without an organization that are one cluster. */
const MOST_TOLD = 4

/** What the picture of trust hangs on. */
export type Trusting = Pick<Study, 'nodes' | 'directory' | 'core' | 'symmetricTopTier'>

export function trustIn(study: Trusting): Trust {
  const { nodes, directory, core, symmetricTopTier } = study
  const candidates =
    core.length > 0 ? core : nodes.filter((node) => node.quorumSet != null).map((node) => node.publicKey)
  const drawn = candidates.slice(0, MOST_NODES)
  const namedBy = namedAmong(drawn, study)
  const whole = {
    ...{ isCore: core.length > 0, others: nodes.length - drawn.length, namedBy },
    leftOut: candidates.length - drawn.length,
    ...{ shared: null, lines: [], cells: [] }
  }
  const organizations = inOrder(organizationsOf(drawn, study), namedBy)

  if (symmetricTopTier !== null && new Set(validatorsIn(symmetricTopTier)).size === drawn.length) {
    const clusters = organizations.map((cluster) => ({
      ...cluster,
      rule: ruleOf(cluster.nodes, symmetricTopTier)
    }))
    const isOne = clusters.length === 1 || clusters.length > MOST_SPOKES
    const shown = isOne ? [inOne(clusters, symmetricTopTier)] : clusters
    return { ...whole, form: 'hub', clusters: shown, shared: symmetricTopTier }
  }

  const clusters = alike(organizations, study, namedBy)
  if (clusters.length <= MOST_IN_A_CIRCLE) {
    const lines = linesBetween(clusters, namedBy)
    if (lines.length <= MOST_LINES) return { ...whole, form: 'circle', clusters, lines }
  }

  const rows = mostNamed(organizations, namedBy)
  const inRows = rows.flatMap(({ nodes }) => nodes)
  const others = nodes.length - inRows.length
  const leftOut = candidates.length - inRows.length
  const cells = cellsOf(rows, study)
  return {
    ...whole,
    form: 'matrix',
    clusters: rows,
    cells,
    others,
    leftOut,
    namedBy: namedAmong(inRows, study)
  }
}

function namedAmong(drawn: string[], { nodes }: Trusting): Trust['namedBy'] {
  const quorumSets = new Map(nodes.map(({ publicKey, quorumSet }) => [publicKey, quorumSet]))
  const isDrawn = new Set(drawn)
  return new Map(
    drawn.map((key) => {
      const quorumSet = quorumSets.get(key)
      const named = quorumSet == null ? [] : [...validatorsIn(quorumSet)]
      return [key, new Set(named.filter((other) => other !== key && isDrawn.has(other)))]
    })
  )
}

function organizationsOf(drawn: string[], { directory }: Trusting): Cluster[] {
  const clusters = groupedBy(drawn, (key) => directory.labelOf(key, ORGANIZATIONS)).map((nodes) => {
    const label = directory.labelOf(nodes[0] ?? '', ORGANIZATIONS)
    const name = directory.name(label, ORGANIZATIONS)
    return { label, name, nodes: sortedBy(nodes, (key) => directory.name(key)) }
  })
  return sortedBy(clusters, ({ name }) => name)
}

/**
 * Clusters of nodes with the same quorum set: the parts of organizations, and nodes without an organization together. Those of several
 * organizations that have the same one stand beside each other.
 */
function alike(organizations: Cluster[], study: Trusting, namedBy: Trust['namedBy']): Cluster[] {
  const { directory } = study
  const sets = numberedSets(study.nodes)
  const numberOf = (key: string) => sets.get(key)?.number
  const isAlone = ({ label }: Cluster) => directory.isAlone(label, ORGANIZATIONS)
  const parts = organizations
    .filter((one) => !isAlone(one))
    .flatMap((organization) => {
      const bySet = groupedBy(organization.nodes, (key) => numberOf(key) ?? 0)
      return bySet.map((nodes) => {
        const number = numberOf(nodes[0] ?? '')
        const which = number === undefined ? 'set not known' : `set ${number}`
        return {
          ...organization,
          nodes,
          name: bySet.length === 1 ? organization.name : `${organization.name}, ${which}`
        }
      })
    })
  const alone = organizations.filter(isAlone).flatMap(({ nodes }) => nodes)
  const strangers = groupedBy(alone, (key) => numberOf(key) ?? key).map((nodes) => ({
    label: nodes[0] ?? '',
    name: fewNames(nodes.map((key) => directory.name(key))),
    nodes
  }))
  const clusters = sortedBy([...parts, ...strangers], ({ name }) => name).map((cluster): Cluster => {
    const quorumSet = sets.get(cluster.nodes[0] ?? '')
    return quorumSet === undefined ? cluster : { ...cluster, quorumSet }
  })
  const together = groupedBy(clusters, ({ quorumSet, name }) => quorumSet?.number ?? name)
  const groups = together.map((clusters) => ({ clusters, nodes: clusters.flatMap(({ nodes }) => nodes) }))
  return inOrder(groups, namedBy).flatMap(({ clusters }) => clusters)
}

function fewNames(names: string[]): string {
  const shown = names.slice(0, MOST_TOLD)
  const more = names.length - shown.length
  return `${listOf(shown)}${more > 0 ? ` and ${more} more` : ''}`
}

function groupedBy<T, K>(items: T[], by: (item: T) => K): T[][] {
  const groups = new Map<K, T[]>()
  for (const item of items) groups.set(by(item), [...(groups.get(by(item)) ?? []), item])
  return [...groups.values()]
}

/** As many as there is room for, those whom most nodes name, in the order in which they stand. */
function mostNamed(clusters: Cluster[], namedBy: Trust['namedBy']): Cluster[] {
  if (clusters.length <= MOST_ROWS) return clusters
  const times = new Map<string, number>()
  for (const named of namedBy.values()) {
    for (const key of named) times.set(key, (times.get(key) ?? 0) + 1)
  }
  const most = ({ nodes }: Cluster) => Math.max(...nodes.map((key) => times.get(key) ?? 0))
  const kept = new Set([...clusters].sort((a, b) => most(b) - most(a)).slice(0, MOST_ROWS))
  return clusters.filter((cluster) => kept.has(cluster))
}

/** How each organization trusts each, itself included, as far as it names any of its nodes. */
function cellsOf(rows: Cluster[], { nodes }: Trusting): Cell[] {
  const sets = numberedSets(nodes)
  const columns = rows.map(({ nodes }) => new Set(nodes))
  const known = new Map<string, ReturnType<typeof weightOf> | undefined>()
  const weighed = (key: string, column: number) => {
    const set = sets.get(key)
    if (set === undefined) return undefined
    const text = `${set.number} ${column}`
    if (known.has(text)) return known.get(text)
    const isNamed = [...validatorsIn(set.quorumSet)].some((key) => columns[column]?.has(key))
    const weight = isNamed ? weightOf(set.quorumSet, columns[column] ?? new Set()) : undefined
    known.set(text, weight)
    return weight
  }
  return rows.flatMap((cluster, row) =>
    rows.flatMap((_, column): Cell[] => {
      const weights = cluster.nodes.flatMap((key) => weighed(key, column) ?? [])
      const named = weights.length
      if (named === 0) return []
      const share = weights.reduce((sum, { share }) => sum + share, 0) / named
      return [{ row, column, named, share, isNeeded: weights.every(({ isNeeded }) => isNeeded) }]
    })
  )
}

/** All of them as one cluster, where there is one or where they are too many to stand beside each other. */
function inOne(clusters: Cluster[], { threshold, validators, innerQuorumSets }: QuorumSet): Cluster {
  const rule = `${threshold} of ${validators.length + innerQuorumSets.length}`
  const [first] = clusters
  if (first !== undefined && clusters.length === 1) return { ...first, rule }
  const nodes = clusters.flatMap(({ nodes }) => nodes)
  return { label: '', name: 'All of them', nodes, rule }
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
function inOrder<T extends { nodes: string[] }>(clusters: T[], namedBy: Trust['namedBy']): T[] {
  const neighbors = new Map(
    clusters.map((cluster) => {
      const trusts = cluster.nodes.flatMap((key) => [...(namedBy.get(key) ?? [])])
      return [cluster, new Set([...cluster.nodes, ...trusts])]
    })
  )
  const likeness = (a: T, b: T) => {
    const [ofA, ofB] = [neighbors.get(a) ?? new Set(), neighbors.get(b) ?? new Set()]
    const common = [...ofA].filter((key) => ofB.has(key)).length
    return common / (ofA.size + ofB.size - common)
  }
  const left = [...clusters]
  const ordered: T[] = []
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

/** From each cluster, whose nodes all name the same, to whom they name of each other. */
function linesBetween(clusters: Cluster[], namedBy: Trust['namedBy']): Line[] {
  const lines = clusters.flatMap(({ nodes: [source = ''] }, from) =>
    clusters.flatMap(({ nodes }, to) => {
      if (from === to) return []
      const named = nodes.filter((key) => namedBy.get(source)?.has(key))
      const ends: End[] =
        named.length === nodes.length ? [{ cluster: to }] : named.map((node) => ({ cluster: to, node }))
      return ends.map((end) => ({ from: { cluster: from }, to: end, isMutual: false }))
    })
  )
  return merged(lines)
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
