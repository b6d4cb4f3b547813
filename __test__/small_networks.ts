// Small networks, as nasty as explorers' JSON may be, and what is so of them: worked out by trying all sets of nodes, straight from the
// definitions and without the package.

/** A quorum set as explorers write it. */
export interface SmallQuorumSet {
  threshold: number
  validators: string[]
  innerQuorumSets?: SmallQuorumSet[]
}

/** A node as explorers write it. */
export interface SmallNode {
  publicKey: string
  quorumSet?: SmallQuorumSet
  isp?: string | null
  geoData?: { countryCode?: string; countryName?: string | null } | null
}

/** An organization as explorers write it; lists may overlap and name anybody. */
export interface SmallOrganization {
  id: string
  name: string
  validators: string[]
}

export interface SmallNetwork {
  nodes: SmallNode[]
  organizations: SmallOrganization[]
  /** Some of the nodes and some that nobody knows. */
  faultyNodes: string[]
}

/** What nodes can be counted by, in the order of `MergeBy`. */
export const GROUPINGS = ['node', 'organization', 'isp', 'country'] as const
export type Grouping = (typeof GROUPINGS)[number]

/** The same network for the same seed. */
export function smallNetwork(seed: number): SmallNetwork {
  return new Generator(seed).network()
}

/** Public keys whose order by bytes is neither the order of the alphabet nor that of length. */
const KEYS = ['B', 'C', 'C1', 'C10', 'C2', 'a', 'd']
const ISPS = ['One, Inc.', 'One Inc', 'One Inc..', 'Two', 'two,', '', ',', null]
const COUNTRIES = ['Atlantis', 'Atlantis.', 'At,lantis', 'Utopia', '', '.', null]
const UNKNOWN = ['unknown', 'stranger']

class Generator {
  private state: number

  constructor(seed: number) {
    this.state = Math.imul(seed + 1, 0x9e3779b1)
  }

  network(): SmallNetwork {
    const keys = this.shuffled(KEYS).slice(0, this.chance(0.1) ? this.upTo(3) : 3 + this.upTo(4))
    const teams = this.teams(keys)
    const quorumSets = this.quorumSets(keys, teams)
    // Most networks have one or two oddities, few have many: where everything is odd, there is no quorum.
    const oddity = this.pick([0, 0.1, 0.3])
    const nodes = keys.map((publicKey) => {
      const node: SmallNode = { publicKey, ...this.place() }
      const quorumSet = quorumSets.get(publicKey)
      if (quorumSet !== undefined && !this.chance(oddity / 4)) {
        node.quorumSet = this.chance(oddity) ? this.odd(publicKey, quorumSet, keys) : quorumSet
      }
      return node
    })
    return {
      nodes: this.shuffled(nodes),
      organizations: this.organizations(keys, teams),
      faultyNodes: [...keys, ...UNKNOWN].filter(() => this.chance(0.25))
    }
  }

  /** Splits the keys up as organizations would be. */
  private teams(keys: string[]): string[][] {
    const size = this.pick([2, 3, 3])
    const count = Math.ceil(keys.length / size)
    return Array.from({ length: count }, (_, team) => keys.slice(team * size, (team + 1) * size))
  }

  private quorumSets(keys: string[], teams: string[][]): Map<string, SmallQuorumSet> {
    const same = (members: string[], set: SmallQuorumSet) => members.map((key) => [key, set] as const)
    switch (
      this.pick(['teams', 'teams', 'deviating', 'deviating', 'flat', 'pool', 'pool', 'parts', 'wild'])
    ) {
      case 'teams':
        return new Map(same(keys, this.ofTeams(teams)))
      case 'deviating': {
        // Members of one organization that ask for something else than their like, which the old package takes for the same.
        const shared = this.ofTeams(teams)
        const sets = new Map(same(keys, shared))
        for (const key of this.shuffled(keys).slice(0, this.upTo(3))) {
          const own = teams.find((team) => team.includes(key)) ?? []
          const inner = this.set(own, [])
          sets.set(
            key,
            this.pick([
              { threshold: 1, validators: [], innerQuorumSets: [inner] },
              inner,
              this.ofTeams(teams)
            ])
          )
        }
        return sets
      }
      case 'flat':
        return new Map(same(keys, this.set(keys, [])))
      case 'pool': {
        // Few different sets, so that members of one organization differ and yet much is alike.
        const pool = [this.ofTeams(teams), this.ofTeams(teams), this.wild(keys, 2)]
        return new Map(keys.map((key) => [key, this.pick(pool)]))
      }
      case 'parts': {
        // Parts that know nothing of each other, and perhaps somebody who follows both.
        const half = Math.ceil(keys.length / 2)
        const parts = [keys.slice(0, half), keys.slice(half)]
        const sets = new Map(parts.flatMap((part) => same(part, this.set(part, []))))
        if (this.chance(0.5)) sets.set(this.pick(keys), this.set(keys, []))
        return sets
      }
      default:
        return new Map(keys.map((key) => [key, this.wild(keys, 3)]))
    }
  }

  /** Most of the organizations, of each most of its members; sometimes one is named otherwise than the rest. */
  private ofTeams(teams: string[][]): SmallQuorumSet {
    const inner = teams.map((team) => this.set(team, []))
    const alone = this.chance(0.2) ? inner.pop() : undefined
    return this.set(alone?.validators ?? [], inner)
  }

  private wild(keys: string[], depth: number): SmallQuorumSet {
    // Few entries: how long the old package takes grows exponentially with them.
    const count = depth > 0 ? this.pick([0, 1, 1, 2]) : 0
    const inner = Array.from({ length: count }, () => this.wild(keys, depth - 1))
    return this.set(
      keys.filter(() => this.chance(inner.length > 0 ? 0.2 : 0.45)),
      inner
    )
  }

  private set(validators: string[], inner: SmallQuorumSet[]): SmallQuorumSet {
    const entries = validators.length + inner.length
    const majority = Math.floor(entries / 2) + 1
    const threshold = this.pick([majority, majority, majority, entries, Math.max(1, entries - 1), 1])
    const set: SmallQuorumSet = { threshold, validators: this.shuffled(validators) }
    if (inner.length > 0 || this.chance(0.5)) set.innerQuorumSets = this.shuffled(inner)
    return set
  }

  private odd(publicKey: string, set: SmallQuorumSet, keys: string[]): SmallQuorumSet {
    const { threshold, validators, innerQuorumSets = [] } = set
    const oddities: (() => SmallQuorumSet)[] = [
      () => ({ ...set, threshold: 0 }),
      () => ({ ...set, threshold: this.pick([threshold + 1, 99, Number.MAX_SAFE_INTEGER]) }),
      () => ({ ...set, threshold: Math.max(1, threshold - 1) }),
      () => ({ threshold: 1, validators: [publicKey, this.pick(keys)] }),
      () => ({ ...set, validators: [...validators, this.pick(UNKNOWN)] }),
      () => ({ ...set, validators: [...validators, ...validators.slice(0, 2)] }),
      () => ({ ...set, validators: [...validators, this.pick(keys)] }),
      () => ({ ...set, validators: validators.filter((key) => key !== publicKey) }),
      () => ({ ...set, innerQuorumSets: [...innerQuorumSets, ...innerQuorumSets.slice(0, 1)] }),
      () => ({ ...set, innerQuorumSets: [...innerQuorumSets, { threshold: 0, validators: [] }] }),
      () => ({ ...set, innerQuorumSets: [...innerQuorumSets, this.set([this.pick(UNKNOWN), ...keys], [])] }),
      () => ({ threshold: 1, validators: [], innerQuorumSets: [set] }),
      () => this.wild(keys, 3)
    ]
    return this.pick(oddities)()
  }

  private place(): Partial<SmallNode> {
    const place: Partial<SmallNode> = {}
    if (this.chance(0.8)) place.isp = this.pick(ISPS)
    if (this.chance(0.8)) {
      place.geoData = this.pick([
        null,
        {},
        { countryCode: 'XX' },
        ...COUNTRIES.map((countryName) => ({ countryName }))
      ])
    }
    return place
  }

  private organizations(keys: string[], teams: string[][]): SmallOrganization[] {
    const isOdd = this.chance(0.5)
    const lists = isOdd ? teams.filter(() => this.chance(0.8)) : teams
    const all = lists.map((team) => {
      if (!isOdd || this.chance(0.5)) return team
      return [...team, this.pick(keys), ...UNKNOWN.slice(this.upTo(2))]
    })
    if (isOdd && this.chance(0.3)) all.push([])
    if (isOdd && this.chance(0.3)) all.push(keys.filter(() => this.chance(0.4)))
    return this.shuffled(all).map((validators, index) => ({
      id: `${index}`,
      name: isOdd && this.chance(0.3) ? 'Same, Inc.' : `Organization ${index}`,
      validators: this.shuffled(validators)
    }))
  }

  /** Between 0 and 1, by the "mulberry32" generator. */
  private random(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  private chance(probability: number): boolean {
    return this.random() < probability
  }

  /** From 1. */
  private upTo(most: number): number {
    return 1 + Math.floor(this.random() * most)
  }

  private pick<T>(from: readonly T[]): T {
    return from[this.upTo(from.length) - 1] as T
  }

  private shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list]
    return list.map(() => rest.splice(this.upTo(rest.length) - 1, 1)[0] as T)
  }
}

/** A set of nodes: bit i stands for node i. */
type Nodes = number

const has = (set: Nodes, node: number) => ((set >> node) & 1) === 1
const isInside = (set: Nodes, other: Nodes) => (set & ~other) === 0
const members = (set: Nodes) => Array.from({ length: 32 }, (_, node) => node).filter((node) => has(set, node))
const union = (sets: Nodes[]) => sets.reduce((all, set) => all | set, 0)

/** The distinct sets that have no other one inside. */
function minimal(sets: Nodes[]): Nodes[] {
  const distinct = [...new Set(sets)]
  return distinct.filter((set) => !distinct.some((other) => other !== set && isInside(other, set)))
}

/** A list of nodes and what they ask for. */
class System {
  readonly everybody: Nodes
  /** All of them. */
  readonly quorums: Nodes[]

  /** @param taking Who takes part; the others are in no quorum. */
  constructor(
    readonly nodes: SmallNode[],
    taking = (1 << nodes.length) - 1
  ) {
    this.everybody = taking
    this.quorums = this.subsets(taking).filter((set) => this.isQuorum(set, 0))
  }

  subsets(of: Nodes): Nodes[] {
    return Array.from({ length: 1 << this.nodes.length }, (_, set) => set).filter((set) => isInside(set, of))
  }

  /** Whether a set and helpers, who need nothing, satisfy everybody in the set. */
  isQuorum(set: Nodes, helpers: Nodes): boolean {
    return set !== 0 && members(set).every((node) => this.isSatisfied(node, set | helpers))
  }

  isSatisfied(node: number, by: Nodes): boolean {
    const { quorumSet } = this.nodes[node] as SmallNode
    return quorumSet !== undefined && this.isMet(quorumSet, by)
  }

  private isMet({ threshold, validators, innerQuorumSets = [] }: SmallQuorumSet, by: Nodes): boolean {
    const present = validators.filter((key) => has(by, this.indexOf(key)))
    const met = innerQuorumSets.filter((inner) => this.isMet(inner, by))
    return present.length + met.length >= threshold
  }

  /** 31, which is never in a set, for somebody who is not listed. */
  indexOf(publicKey: string): number {
    const index = this.nodes.findIndex((node) => node.publicKey === publicKey)
    return index < 0 ? 31 : index
  }

  /** The strongly connected parts, of those who are in some quorum, that contain a quorum. */
  core(): Nodes {
    const live = union(this.quorums)
    const reached = this.nodes.map((_, from) => {
      let reach = has(live, from) ? 1 << from : 0
      for (const _ of this.nodes) {
        reach |= union(members(reach).map((node) => this.named(this.nodes[node]?.quorumSet))) & live
      }
      return reach
    })
    const parts = members(live).map((node) =>
      union(members(reached[node] ?? 0).map((other) => (has(reached[other] ?? 0, node) ? 1 << other : 0)))
    )
    return union(parts.filter((part) => this.quorums.some((quorum) => isInside(quorum, part))))
  }

  named(set: SmallQuorumSet | undefined): Nodes {
    if (set === undefined) return 0
    const listed = members(this.everybody).filter((node) =>
      set.validators.includes(this.nodes[node]?.publicKey ?? '')
    )
    return union([
      ...listed.map((node) => 1 << node),
      ...(set.innerQuorumSets ?? []).map((inner) => this.named(inner))
    ])
  }
}

/** A network without one-node quorums, and of it the core only. */
export class BruteForce {
  private readonly system: System
  private readonly groups: Record<Grouping, Groups>
  private splitting?: Nodes[]

  constructor({ nodes, organizations }: SmallNetwork) {
    const listed = new System(nodes)
    const alone = members(listed.everybody).filter((node) => listed.isSatisfied(node, 1 << node))
    const others = new System(nodes, listed.everybody & ~union(alone.map((node) => 1 << node)))
    const core = new System(nodes, others.core())
    const live = nodes.filter((_, node) => has(union(core.quorums), node))
    const inOrder = live.sort((a, b) => (a.publicKey < b.publicKey ? -1 : 1))
    this.system = new System(inOrder)
    const keys = inOrder.map(({ publicKey }) => publicKey)
    const listedInOrder = nodes.filter(({ publicKey }) => keys.includes(publicKey))
    this.groups = {
      node: new Groups(keys, []),
      organization: new Groups(keys, organizations),
      isp: new Groups(
        keys,
        byName(listedInOrder, ({ isp }) => isp)
      ),
      country: new Groups(
        keys,
        byName(listedInOrder, ({ geoData }) => (geoData?.countryName === '' ? null : geoData?.countryName))
      )
    }
  }

  hasQuorumIntersection(): boolean {
    const { quorums } = this.system
    return quorums.length > 0 && quorums.every((one) => quorums.every((other) => (one & other) !== 0))
  }

  minimalQuorums(grouping: Grouping): string[][] {
    return this.groups[grouping].minimal(this.system.quorums)
  }

  minimalBlockingSets(grouping: Grouping, faultyNodes: string[]): string[][] {
    const { quorums, everybody } = this.system
    if (quorums.length === 0) return []
    const faulty = union(faultyNodes.map((key) => 1 << this.system.indexOf(key))) & everybody
    const candidates = this.system.subsets(everybody & ~faulty)
    return this.groups[grouping].minimal(
      candidates.filter((set) => quorums.every((quorum) => (quorum & (set | faulty)) !== 0))
    )
  }

  minimalSplittingSets(grouping: Grouping): string[][] {
    this.splitting ??= this.splittingSets()
    return this.groups[grouping].minimal(this.splitting)
  }

  private splittingSets(): Nodes[] {
    const { everybody } = this.system
    const splits = (set: Nodes) => {
      const quorums = minimal(
        this.system.subsets(everybody & ~set).filter((rest) => this.system.isQuorum(rest, set))
      )
      return quorums.some((one) => quorums.some((other) => (one & other) === 0))
    }
    return this.system.subsets(everybody).filter(splits)
  }

  topTier(grouping: Grouping): string[] {
    const { idOf, nameOf } = this.groups[grouping]
    const ids = members(union(minimal(this.system.quorums))).map(idOf)
    return members(union(ids.map((id) => 1 << id))).map(nameOf)
  }

  /** The one quorum set that exactly the core nodes it names have in standard form and that no quorum avoids. */
  symmetricTopTier(): SmallQuorumSet | null {
    const { system } = this
    const holders = new Map<string, Nodes>()
    for (const node of members(system.core())) {
      const form = this.standardForm(node)
      holders.set(JSON.stringify(form), (holders.get(JSON.stringify(form)) ?? 0) | (1 << node))
    }
    const clusters = [...holders].filter(([form, nodes]) => namedIn(JSON.parse(form)) === nodes)
    const [cluster] = clusters
    if (cluster === undefined || clusters.length > 1) return null
    const [form, nodes] = cluster
    if (system.quorums.some((quorum) => (quorum & nodes) === 0)) return null
    return this.written(JSON.parse(form))
  }

  private standardForm(node: number): StandardForm {
    const form = this.withoutDead(this.system.nodes[node]?.quorumSet as SmallQuorumSet)
    if (has(namedIn(form), node)) return form
    const [threshold, validators, inner] = form
    return [threshold + 1, [...validators, node].sort((a, b) => a - b), inner]
  }

  private withoutDead({ threshold, validators, innerQuorumSets = [] }: SmallQuorumSet): StandardForm {
    const known = validators.map((key) => this.system.indexOf(key)).filter((node) => node < 31)
    const inner = innerQuorumSets
      .map((set) => this.withoutDead(set))
      .filter(([threshold, validators, inner]) => threshold <= validators.length + inner.length)
    return [threshold, known.sort((a, b) => a - b), inner.sort(inStandardOrder)]
  }

  private written([threshold, validators, inner]: StandardForm): SmallQuorumSet {
    const set: SmallQuorumSet = { threshold, validators: validators.map(this.groups.node.nameOf) }
    if (inner.length > 0) set.innerQuorumSets = inner.map((form) => this.written(form))
    return set
  }
}

/** A quorum set of live nodes, everything sorted: threshold, validators, inner sets. */
type StandardForm = [threshold: number, validators: number[], inner: StandardForm[]]

function namedIn([, validators, inner]: StandardForm): Nodes {
  return union([...validators.map((node) => 1 << node), ...inner.map(namedIn)])
}

/** By threshold, then by validators, then by inner sets; of two lists that begin alike the shorter comes first. */
function inStandardOrder(one: StandardForm, other: StandardForm): number {
  return (
    one[0] - other[0] ||
    inOrder(one[1], other[1], (a, b) => a - b) ||
    inOrder(one[2], other[2], inStandardOrder)
  )
}

function inOrder<T>(one: T[], other: T[], compare: (a: T, b: T) => number): number {
  for (const [index, entry] of one.entries()) {
    if (index >= other.length) return 1
    const order = compare(entry, other[index] as T)
    if (order !== 0) return order
  }
  return one.length - other.length
}

/** Which node counts as whom. A group has the index of its first listed core node, a node without a group its own. */
class Groups {
  private readonly ids: number[]
  private readonly names: string[]

  constructor(keys: string[], groups: { name: string; validators: string[] }[]) {
    this.ids = keys.map((_, index) => index)
    this.names = [...keys]
    for (const { name, validators } of groups) {
      const nodes = validators.map((key) => keys.indexOf(key)).filter((node) => node >= 0)
      // The later group takes its nodes from the earlier, but for its first one, which stays where it was.
      nodes.forEach((node, position) => {
        this.names[node] = name
        if (position > 0) this.ids[node] = nodes[0] as number
      })
    }
  }

  readonly idOf = (node: number): number => this.ids[node] as number
  readonly nameOf = (id: number): string => this.names[id] as string

  /** The minimal ones of the sets of groups that come from sets of nodes: by size, then by indices, as names. */
  minimal(sets: Nodes[]): string[][] {
    const ofGroups = sets.map((set) => union(members(set).map((node) => 1 << this.idOf(node))))
    return minimal(ofGroups)
      .map(members)
      .sort((a, b) => a.length - b.length || inOrder(a, b, (one, other) => one - other))
      .map((set) => set.map(this.nameOf))
  }
}

/** Nodes by a name, which counts without its commas and without a full stop at its end. */
function byName(nodes: SmallNode[], nameOf: (node: SmallNode) => string | null | undefined) {
  const groups: { name: string; validators: string[] }[] = []
  for (const node of nodes) {
    const written = nameOf(node)
    if (written === undefined || written === null) continue
    const withoutCommas = written.split(',').join('')
    const name = withoutCommas.endsWith('.') ? withoutCommas.slice(0, -1) : withoutCommas
    const group = groups.find((group) => group.name === name)
    if (group === undefined) groups.push({ name, validators: [node.publicKey] })
    else group.validators.push(node.publicKey)
  }
  return groups
}
