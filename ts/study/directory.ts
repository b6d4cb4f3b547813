/**
 * Who is who: what people call nodes and groups, and which nodes a group has.
 *
 * Names are claimed by those who bear them, so a name alone never stands for two: where it is not unique, the beginning of the public key or
 * the organization's id stands beside it. That holds among nodes, and among whatever is counted together: groups, and nodes without one. Of
 * two networks that are told beside each other it holds among all that are in either.
 */

import type { FbasNetwork, FbasNode, NetworkGroup } from '../../index.js'
import { NODES, ORGANIZATIONS, type Grouping } from './groupings.js'
import { printable } from './visible.js'

/** The groups of a grouping, by label and by the public keys of their nodes. */
interface Groups {
  byLabel: Map<string, NetworkGroup>
  byNode: Map<string, NetworkGroup>
}

/** How many of some nodes have a group. */
export type GroupData =
  | { kind: 'all' }
  | { kind: 'some'; without: number; of: number }
  /** None has one, so each stands for itself. */
  | { kind: 'missing' }

/** What is asked of a network about who is who. */
export type Registry = Pick<FbasNetwork, 'nodes' | 'organizations' | 'groups'>

export class Directory {
  readonly #own: Members
  /** By whose names it is told: its own alone, or beside another's. */
  readonly #names: Names

  private constructor(own: Members, names: Names) {
    this.#own = own
    this.#names = names
  }

  /** Of a network that is not disposed of before its groups are asked for the first time. `nodes` are its nodes, where they are at hand. */
  static of(network: Registry, nodes: FbasNode[] = network.nodes()): Directory {
    const own = new Members(network, nodes)
    return new Directory(own, new Names([own]))
  }

  /**
   * This one and that of a later network, as they are told beside each other: no name stands for one thing here and for another one there,
   * and what is in both has one name, that of the later one. Each says by itself which nodes a group has, and knows who is only in the other.
   */
  beside(later: Directory): { old: Directory; now: Directory } {
    const names = new Names([later.#own, this.#own])
    return { old: new Directory(this.#own, names), now: new Directory(later.#own, names) }
  }

  /** What people call a member of a result: a node by its public key, or a group by its label. */
  name(member: string, grouping: Grouping = NODES): string {
    const group = this.#groupCalled(member, grouping)
    return group === undefined ? printable(member) : this.#names.of(group, grouping)
  }

  /** Nodes put together by organization, with the organization's name; nodes without one stand alone. */
  byOrganization(publicKeys: string[]): { organization: string | undefined; nodes: string[] }[] {
    const together = new Map<string, { organization: string | undefined; nodes: string[] }>()
    for (const key of publicKeys) {
      const found = this.#groupWith(key, ORGANIZATIONS)
      const label = found?.label ?? key
      const isAlone = found === undefined || found.isNode
      const organization = isAlone ? undefined : this.#names.of(found, ORGANIZATIONS)
      const group = together.get(label) ?? { organization, nodes: [] }
      group.nodes.push(key)
      together.set(label, group)
    }
    return [...together.values()]
  }

  /** The groups that results can name, nodes without a group among them, sorted by label. */
  groups(grouping: Grouping): NetworkGroup[] {
    return [...this.#own.groupsBy(grouping).byLabel.values()]
  }

  /** The public keys of all nodes, of those among them that are not listed but named in quorum sets. */
  get nodes(): string[] {
    return this.groups(NODES).map(({ label }) => label)
  }

  /** What results call the group of a node. */
  labelOf(publicKey: string, grouping: Grouping): string {
    return this.#groupWith(publicKey, grouping)?.label ?? publicKey
  }

  /** Whether what results call so is a node without a group, which stands for itself. */
  isAlone(label: string, grouping: Grouping): boolean {
    return this.#groupCalled(label, grouping)?.isNode ?? true
  }

  /** The public keys of a group. */
  membersOf(label: string, grouping: Grouping): string[] {
    return this.#groupCalled(label, grouping)?.nodes ?? []
  }

  /** How many of these nodes have a group. */
  dataOn(publicKeys: string[], grouping: Grouping): GroupData {
    return dataAmong(publicKeys, grouping, () => this.groups(grouping))
  }

  /** How many organizations there are, with those that are only derived from nodes. */
  get organizationCount(): number {
    return this.groups(ORGANIZATIONS).filter(({ isNode }) => !isNode).length + this.#own.emptyOrganizations
  }

  #groupCalled(label: string, grouping: Grouping): NetworkGroup | undefined {
    return this.#first((members) => members.groupsBy(grouping).byLabel.get(label))
  }

  #groupWith(publicKey: string, grouping: Grouping): NetworkGroup | undefined {
    return this.#first((members) => members.groupsBy(grouping).byNode.get(publicKey))
  }

  /** What it knows by itself, or else from what it is told beside. */
  #first<T>(of: (members: Members) => T | undefined): T | undefined {
    const own = of(this.#own)
    if (own !== undefined) return own
    for (const members of this.#names.told) {
      const found = of(members)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/** What people call the nodes and groups of networks that are told beside each other. */
class Names {
  /** Of what several have, the first with a name says what it is called. */
  readonly told: Members[]
  /** What each node can be called and nobody else, by public key; the same of organizations by id. */
  readonly #nodes: Map<string, string[]>
  readonly #organizations: Map<string, string[]>
  /** What people call the members of a grouping, nodes apart from groups. */
  readonly #byGrouping = new Map<string, Map<string, string>>()

  constructor(told: Members[]) {
    this.told = told
    this.#nodes = unique(callingsOf(told.map(({ nodes }) => nodes)))
    this.#organizations = unique(callingsOf(told.map(({ organizations }) => organizations)))
  }

  of(group: NetworkGroup, grouping: Grouping): string {
    return this.#by(grouping).get(idOf(group)) ?? printable(group.label)
  }

  #by(grouping: Grouping): Map<string, string> {
    const known = this.#byGrouping.get(grouping.key)
    if (known !== undefined) return known
    const callings = new Map<string, string[]>()
    for (const members of this.told) {
      for (const group of members.groupsBy(grouping).byLabel.values()) {
        const id = idOf(group)
        if (!callings.has(id)) callings.set(id, this.#callingsOf(group, grouping, members))
      }
    }
    const names = firsts(unique(callings))
    this.#byGrouping.set(grouping.key, names)
    return names
  }

  #callingsOf(
    { label, isNode, nodes: [first = ''] }: NetworkGroup,
    { key }: Grouping,
    members: Members
  ): string[] {
    const called = printable(label)
    if (isNode) return this.#nodes.get(label) ?? [called]
    const organization = key === ORGANIZATIONS.key ? members.organizationOf.get(first) : undefined
    const names = organization === undefined ? undefined : this.#organizations.get(organization)
    return names ?? [called, `${called} (group)`]
  }
}

/** Who is in one network, and in which group. */
class Members {
  readonly #network: Registry
  readonly #groups = new Map<string, Groups>()
  /** The names of nodes by public key, those that are only named in quorum sets among them; the same of organizations by id. */
  readonly nodes: Named
  readonly organizations: Named
  /** The organizations that came with the network, by the public keys of their validators. */
  readonly organizationOf: Map<string, string>
  /** How many of them have no node in the network. */
  readonly emptyOrganizations: number

  constructor(network: Registry, nodes: FbasNode[]) {
    this.#network = network
    const names = new Map(nodes.map(({ publicKey, name }) => [publicKey, name]))
    const keys = [...this.groupsBy(NODES).byNode.keys()]
    this.nodes = new Map(keys.map((key) => [key, names.get(key)]))
    const organizations = network.organizations() ?? []
    this.organizations = new Map(organizations.map(({ id, name }) => [id, name]))
    this.organizationOf = new Map(
      organizations.flatMap(({ id, validators }) => validators.map((key) => [key, id] as const))
    )
    this.emptyOrganizations = organizations.filter(({ validators }) => validators.length === 0).length
  }

  groupsBy({ key, groupBy }: Grouping): Groups {
    const known = this.#groups.get(key)
    if (known !== undefined) return known
    const listed = this.#network.groups(groupBy)
    const groups = {
      byLabel: new Map(listed.map((group) => [group.label, group])),
      byNode: new Map(listed.flatMap((group) => group.nodes.map((node) => [node, group] as const)))
    }
    this.#groups.set(key, groups)
    return groups
  }
}

/** Names by what tells their bearers apart. */
type Named = Map<string, string | null | undefined>

/** The same thing in two networks; a node and a group are two, whatever results call them. */
function idOf({ isNode, label }: NetworkGroup): string {
  return `${isNode ? 'node' : 'group'} ${label}`
}

/** How many of these nodes are in one of the groups of a grouping. Nodes themselves need none. */
export function dataAmong(publicKeys: string[], { key }: Grouping, groups: () => NetworkGroup[]): GroupData {
  if (key === NODES.key) return { kind: 'all' }
  const grouped = new Set(groups().flatMap(({ isNode, nodes }) => (isNode ? [] : nodes)))
  const without = publicKeys.filter((key) => !grouped.has(key)).length
  // Of nobody at all, too.
  if (without === publicKeys.length) return { kind: 'missing' }
  return without === 0 ? { kind: 'all' } : { kind: 'some', without, of: publicKeys.length }
}

/** What nobody else among them can be called, of each; a bearer of whom nothing is left is called by its id. */
function unique(callings: Map<string, string[]>): Map<string, string[]> {
  const bearers = new Map<string, number>()
  for (const names of callings.values()) {
    for (const name of new Set(names)) bearers.set(name, (bearers.get(name) ?? 0) + 1)
  }
  const own = (id: string, names: string[]) => {
    const left = names.filter((name) => bearers.get(name) === 1)
    return left.length === 0 ? [id] : left
  }
  return new Map([...callings].map(([id, names]) => [id, own(id, names)]))
}

function firsts(names: Map<string, string[]>): Map<string, string> {
  return new Map([...names].map(([id, [first = id]]) => [id, first]))
}

/** What each in one of several networks may be called, by the first that has a name for it. */
function callingsOf(several: Named[]): Map<string, string[]> {
  const ids = new Set(several.flatMap((named) => [...named.keys()]))
  const isName = (name: string | null | undefined): name is string => name != null && name.trim() !== ''
  return new Map([...ids].map((id) => [id, callings(id, several.map((named) => named.get(id)).find(isName))]))
}

/** What one may be called, the shortest first. */
function callings(id: string, name: string | undefined): string[] {
  const short = shortened(id)
  const called = name === undefined ? short : printable(name)
  return [called, `${called} (${short})`, `${called} (${printable(id)})`]
}

/** The validators that a quorum set names, as often as it does. */
export function* validatorsIn({
  validators,
  innerQuorumSets
}: NonNullable<FbasNode['quorumSet']>): Generator<string> {
  yield* validators
  for (const inner of innerQuorumSets) yield* validatorsIn(inner)
}

/** The beginning of a public key. */
export function shortened(key: string): string {
  const text = printable(key)
  return text.length > 12 ? `${text.slice(0, 8)}…` : text
}
