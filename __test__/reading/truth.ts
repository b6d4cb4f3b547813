// What is so of a small network, by trying all sets of nodes: straight from the definitions, and without the package.

import type { FbasNode, QuorumSet } from '../../index.js'
import type { Network } from './networks.js'

/** A set of nodes: bit i stands for node i. */
export type Mask = number

export interface Way {
  unknown: 'dead' | 'free'
  /** Public keys of nodes that are down, dead in all that is asked. */
  faulty: string[]
}

export const GROUPINGS = ['node', 'organization', 'country', 'isp'] as const
export type Grouping = (typeof GROUPINGS)[number]

/** Whom a result can name: a group with its nodes, or a node that stands for itself. */
export interface Unit {
  /** A group's name, an organization's id, or a public key. */
  id: string
  isNode: boolean
  nodes: Mask
}

const members = (set: Mask) => [...Array(31).keys()].filter((node) => ((set >> node) & 1) === 1)
const isInside = (set: Mask, other: Mask) => (set & ~other) === 0
const union = (sets: Mask[]) => sets.reduce((all, set) => all | set, 0)

/** Who is there: keys, and who stands together under each grouping. */
export class Population {
  readonly keys: string[]
  readonly #units: Record<Grouping, Unit[]>

  constructor(readonly network: Network) {
    const listed = network.nodes.map(({ publicKey }) => publicKey)
    const named = network.nodes.flatMap(({ quorumSet }) => (quorumSet ? namedIn(quorumSet) : []))
    this.keys = [...new Set([...listed, ...named])]
    const { nodes, organizations } = network
    const nodeOf = (key: string) => nodes.find(({ publicKey }) => publicKey === key)
    const plain = (name: string | null | undefined) => name?.replaceAll(',', '').replace(/\.$/, '') || null
    this.#units = {
      node: this.#grouped(() => null),
      organization: this.#grouped(
        (key) => organizations.find(({ validators }) => validators.includes(key))?.id ?? null
      ),
      country: this.#grouped((key) => {
        const { countryName, countryCode } = nodeOf(key)?.geoData ?? {}
        return plain(countryName || countryCode)
      }),
      isp: this.#grouped((key) => plain(nodeOf(key)?.isp))
    }
  }

  get all(): Mask {
    return 2 ** this.keys.length - 1
  }

  units(grouping: Grouping): Unit[] {
    return this.#units[grouping]
  }

  /** The units of some nodes, as a set of indices into `units`. */
  touched(nodes: Mask, grouping: Grouping): Mask {
    return union(this.units(grouping).map((unit, index) => ((unit.nodes & nodes) === 0 ? 0 : 1 << index)))
  }

  maskOf(keys: string[]): Mask {
    return union(keys.map((key) => 1 << this.keys.indexOf(key)))
  }

  #grouped(nameOf: (key: string) => string | null): Unit[] {
    const units = new Map<string, Unit>()
    for (const [index, key] of this.keys.entries()) {
      const name = nameOf(key)
      const at = name === null ? `node ${key}` : `group ${name}`
      const unit = units.get(at) ?? { id: name ?? key, isNode: name === null, nodes: 0 }
      unit.nodes |= 1 << index
      units.set(at, unit)
    }
    return [...units.values()]
  }
}

/** A network read in one way. */
export class Truth {
  /** With a usable quorum set. */
  readonly usable: Mask
  /** Of these, those that are up. */
  readonly known: Mask
  readonly free: Mask
  readonly quorums: Mask[]
  readonly live: Mask
  readonly core: Mask
  /** Quorums by themselves that nobody else who is live names; left out. */
  readonly stray: Mask
  /** Who takes no part: those that are down and those that are left out. */
  readonly gone: Mask
  readonly #satisfied: Mask[]
  #splitting: Mask[] | undefined

  constructor(
    readonly population: Population,
    readonly way: Way,
    readonly withoutStray = true,
    left: Mask = 0
  ) {
    const { unknown, faulty } = way
    const { keys, network } = population
    const nodeOf = (index: number) => network.nodes.find(({ publicKey }) => publicKey === keys[index])
    const setOf = (index: number) => nodeOf(index)?.quorumSet ?? undefined
    const isUsable = (index: number) => (setOf(index)?.threshold ?? 0) > 0
    const down = population.maskOf(faulty.filter((key) => keys.includes(key))) | left
    const usable = union(keys.map((_, index) => (isUsable(index) ? 1 << index : 0)))
    this.usable = usable
    this.gone = down
    this.known = usable & ~down
    this.free = unknown === 'free' ? population.all & ~usable & ~down : 0
    this.#satisfied = Array.from({ length: population.all + 1 }, (_, set) =>
      union(members(usable).map((node) => (this.#isMet(setOf(node) as QuorumSet, set) ? 1 << node : 0)))
    )
    this.quorums = this.#all().filter((set) => this.#isQuorum(set))
    this.live = union(this.quorums)
    const alone = union(this.quorums.filter((set) => members(set).length === 1))
    const names = (node: number) => population.maskOf(namedIn(setOf(node) as QuorumSet))
    this.stray = union(
      members(alone).map((node) =>
        members(this.live & this.known & ~(1 << node)).some((other) => ((names(other) >> node) & 1) === 1)
          ? 0
          : 1 << node
      )
    )
    if (withoutStray && this.stray !== 0) {
      const rest = new Truth(population, { unknown, faulty }, false, left | this.stray)
      ;[this.known, this.free, this.quorums, this.live] = [rest.known, rest.free, rest.quorums, rest.live]
      ;[this.core, this.gone] = [rest.core, rest.gone]
      return
    }
    this.core = this.#components(names)
  }

  get hasQuorum(): boolean {
    return this.quorums.length > 0
  }

  get intersects(): boolean {
    return this.hasQuorum && this.quorums.every((a) => this.quorums.every((b) => (a & b) !== 0))
  }

  isQuorum(set: Mask): boolean {
    return this.quorums.includes(set)
  }

  get minimalQuorums(): Mask[] {
    return minimal(this.quorums)
  }

  topTier(grouping: Grouping): Mask {
    return this.population.touched(union(this.minimalQuorums), grouping)
  }

  /** Whether the nodes of these units stop the network. */
  blocks(units: Mask, grouping: Grouping): boolean {
    const nodes = this.#nodesOf(units, grouping)
    return this.quorums.every((quorum) => (quorum & nodes) !== 0)
  }

  /** Whether some of the nodes of these units can make others diverge. */
  splits(units: Mask, grouping: Grouping): boolean {
    return this.splittingSets.some((set) => isInside(this.population.touched(set, grouping), units))
  }

  /** Whether they have all the good archives of some quorum. */
  isHistoryCritical(units: Mask, grouping: Grouping): boolean {
    return this.quorums.some((quorum) =>
      isInside(this.population.touched(quorum & this.goodArchives, grouping), units)
    )
  }

  /** Whether a quorum is inside their nodes. */
  hasQuorumIn(units: Mask, grouping: Grouping): boolean {
    return this.quorums.some((quorum) => isInside(quorum, this.#nodesOf(units, grouping)))
  }

  get goodArchives(): Mask {
    const { network } = this.population
    return this.population.maskOf(
      network.nodes
        .filter(({ historyArchiveHasError }) => historyArchiveHasError === false)
        .map(({ publicKey }) => publicKey)
    )
  }

  /** All minimal sets of a kind, as sets of units. */
  minimalSets(kind: 'blocking' | 'splitting' | 'quorum' | 'history', grouping: Grouping): Mask[] {
    const touched = (sets: Mask[]) => minimal(sets.map((set) => this.population.touched(set, grouping)))
    switch (kind) {
      case 'quorum':
        return touched(this.quorums)
      case 'history':
        return touched(this.quorums.map((quorum) => quorum & this.goodArchives))
      case 'splitting':
        return touched(this.splittingSets)
      case 'blocking': {
        const live = this.population.touched(this.live, grouping)
        const sets = Array.from({ length: live + 1 }, (_, set) => set).filter((set) => isInside(set, live))
        return minimal(sets.filter((set) => this.blocks(set, grouping)))
      }
    }
  }

  /** The fewest units; null where there is no such set. */
  smallest(kind: 'blocking' | 'splitting' | 'quorum' | 'history', grouping: Grouping): number | null {
    const sizes = this.minimalSets(kind, grouping).map((set) => members(set).length)
    return sizes.length === 0 ? null : Math.min(...sizes)
  }

  get splittingSets(): Mask[] {
    this.#splitting ??= this.#all(0)
      .filter((set) => isInside(set, this.live))
      .filter((set) => this.#diverge(set))
    return this.#splitting
  }

  /** Whether two such sets, A and B, are sides of a split by these nodes. */
  areSides(a: Mask, b: Mask, byzantine: Mask): boolean {
    return this.isSide(a, byzantine) && this.isSide(b, byzantine) && (a & b & ~byzantine) === 0
  }

  /** The quorum set of a node that takes part. */
  quorumSetOf(node: number): QuorumSet | undefined {
    const key = this.population.keys[node]
    const set = this.population.network.nodes.find(({ publicKey }) => publicKey === key)?.quorumSet
    return set != null && ((this.known >> node) & 1) === 1 ? set : undefined
  }

  isMet(set: QuorumSet, by: Mask): boolean {
    return this.#isMet(set, by)
  }

  #diverge(byzantine: Mask): boolean {
    const sides = minimal(
      this.#all()
        .filter((set) => this.isSide(set, byzantine))
        .map((set) => set & ~byzantine)
    )
    return sides.some((a) => sides.some((b) => (a & b) === 0))
  }

  /** Whether it is a side of a split by these nodes, with a known member among those others. */
  isSide(set: Mask, byzantine: Mask, among = this.core): boolean {
    const honest = set & ~byzantine
    return (
      (honest & this.known & among) !== 0 &&
      isInside(honest, this.known | this.free) &&
      isInside(honest & this.known, this.#satisfied[set] ?? 0)
    )
  }

  /** The one quorum set that exactly the nodes of the core that it names have in standard form and no quorum avoids. */
  get symmetric(): { nodes: Mask; set: Form } | null {
    const { network, keys } = this.population
    const forms = new Map<string, { set: Form; holders: Mask }>()
    for (const node of members(this.core & this.known)) {
      const given = network.nodes.find(({ publicKey }) => publicKey === keys[node])?.quorumSet as QuorumSet
      const form = this.#withoutDead(given)
      if (((nodesIn(form) >> node) & 1) === 0) {
        form.threshold += 1
        form.nodes.push(node)
      }
      const text = written(form)
      const holders = (forms.get(text)?.holders ?? 0) | (1 << node)
      forms.set(text, { set: form, holders })
    }
    const clusters = [...forms.values()].filter(({ set, holders }) => nodesIn(set) === holders)
    const [cluster] = clusters
    if (cluster === undefined || clusters.length > 1) return null
    if (this.quorums.some((quorum) => (quorum & cluster.holders) === 0)) return null
    return { nodes: cluster.holders, set: cluster.set }
  }

  #withoutDead({ threshold, validators, innerQuorumSets }: QuorumSet): Form {
    const inner = (innerQuorumSets ?? []).map((set) => this.#withoutDead(set))
    return {
      threshold,
      nodes: validators
        .map((key) => this.population.keys.indexOf(key))
        .filter((node) => ((this.live >> node) & 1) === 1),
      inner: inner.filter((set) => set.threshold <= set.nodes.length + set.inner.length)
    }
  }

  #nodesOf(units: Mask, grouping: Grouping): Mask {
    return union(members(units).map((index) => this.population.units(grouping)[index]?.nodes ?? 0))
  }

  #all(from = 1): Mask[] {
    return Array.from({ length: this.population.all + 1 - from }, (_, set) => set + from)
  }

  #isQuorum(set: Mask): boolean {
    return (
      isInside(set, this.known | this.free) &&
      (set & this.known) !== 0 &&
      isInside(set & this.known, this.#satisfied[set] ?? 0)
    )
  }

  #isMet({ threshold, validators, innerQuorumSets }: QuorumSet, by: Mask): boolean {
    const present = validators.filter((key) => ((by >> this.population.keys.indexOf(key)) & 1) === 1)
    const met = (innerQuorumSets ?? []).filter((inner) => this.#isMet(inner, by))
    return present.length + met.length >= threshold
  }

  #components(names: (node: number) => Mask): Mask {
    const reach = this.population.keys.map((_, node) => {
      let reached = 1 << node
      for (const _ of this.population.keys) {
        reached |= union(members(reached & this.known).map(names)) & this.live
      }
      return reached
    })
    const component = (node: number) =>
      union(members(reach[node] ?? 0).map((other) => (((reach[other] ?? 0) >> node) & 1 ? 1 << other : 0)))
    return union(
      members(this.live)
        .map(component)
        .filter((part) => this.quorums.some((quorum) => isInside(quorum, part | this.free)))
    )
  }
}

/** A quorum set by nodes. */
export interface Form {
  threshold: number
  nodes: number[]
  inner: Form[]
}

/** The text of a quorum set, whatever the order of its entries. */
export function written({ threshold, nodes, inner }: Form): string {
  return `${threshold} of ${[...nodes.map(String), ...inner.map(written)].sort().join(' ')};`
}

function nodesIn({ nodes, inner }: Form): Mask {
  return union([...nodes.map((node) => 1 << node), ...inner.map(nodesIn)])
}

export function namedIn({ validators, innerQuorumSets }: NonNullable<FbasNode['quorumSet']>): string[] {
  return [...validators, ...(innerQuorumSets ?? []).flatMap(namedIn)]
}

/** The distinct sets that have no other one inside. */
export function minimal(sets: Mask[]): Mask[] {
  const distinct = [...new Set(sets)]
  return distinct.filter((set) => !distinct.some((other) => other !== set && isInside(other, set)))
}

export function countOf(set: Mask): number {
  return members(set).length
}
