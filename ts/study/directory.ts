/**
 * Who is who: what people call nodes and groups, and which nodes a group has.
 *
 * Names are claimed by those who bear them, so a name alone never stands for two: where it is not unique, the beginning of the public key or
 * the organization's id stands beside it. That holds among nodes, and among whatever is counted together: groups, and nodes without one.
 */

import type { FbasNetwork, FbasNode, NetworkGroup } from '../../index.js'
import { NODES, ORGANIZATIONS, type Grouping } from './groupings.js'
import { printable } from './visible.js'

/** The groups of a grouping, by label and by the public keys of their nodes. */
interface Groups {
  byLabel: Map<string, NetworkGroup>
  byNode: Map<string, NetworkGroup>
  /** What people call them, by label. */
  names: Map<string, string>
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
  readonly #network: Registry
  /** What each node can be called and nobody else, by public key; the same of organizations by id. */
  readonly #nodeNames: Map<string, string[]>
  readonly #organizationNames: Map<string, string[]>
  /** The organizations that came with the network, by the public keys of their validators. */
  readonly #organizationOf: Map<string, string>
  /** How many of them have no node in the network. */
  readonly #emptyOrganizations: number
  readonly #groups = new Map<string, Groups>()

  /** Of a network that is not disposed of before its groups are asked for the first time. `nodes` are its nodes, where they are at hand. */
  constructor(network: Registry, nodes: FbasNode[] = network.nodes()) {
    this.#network = network
    const names = new Map(nodes.map(({ publicKey, name }) => [publicKey, name]))
    // Nodes that are only named have but their key.
    const keys = network.groups().flatMap(({ nodes }) => nodes)
    this.#nodeNames = unique(new Map(keys.map((id) => [id, callings({ id, name: names.get(id) })])))
    const organizations = network.organizations() ?? []
    this.#organizationNames = unique(new Map(organizations.map((one) => [one.id, callings(one)])))
    this.#organizationOf = new Map(
      organizations.flatMap(({ id, validators }) => validators.map((key) => [key, id] as const))
    )
    this.#emptyOrganizations = organizations.filter(({ validators }) => validators.length === 0).length
  }

  /** What people call a member of a result: a node by its public key, or a group by its label. */
  name(member: string, grouping: Grouping = NODES): string {
    return this.#groupsBy(grouping).names.get(member) ?? printable(member)
  }

  /** Nodes put together by organization, with the organization's name; nodes without one stand alone. */
  byOrganization(publicKeys: string[]): { organization: string | undefined; nodes: string[] }[] {
    const together = new Map<string, { organization: string | undefined; nodes: string[] }>()
    for (const key of publicKeys) {
      const label = this.labelOf(key, ORGANIZATIONS)
      const organization = this.isAlone(label, ORGANIZATIONS) ? undefined : this.name(label, ORGANIZATIONS)
      const group = together.get(label) ?? { organization, nodes: [] }
      group.nodes.push(key)
      together.set(label, group)
    }
    return [...together.values()]
  }

  /** The groups that results can name, nodes without a group among them, sorted by label. */
  groups(grouping: Grouping): NetworkGroup[] {
    return [...this.#groupsBy(grouping).byLabel.values()]
  }

  /** What results call the group of a node. */
  labelOf(publicKey: string, grouping: Grouping): string {
    return this.#groupsBy(grouping).byNode.get(publicKey)?.label ?? publicKey
  }

  /** Whether what results call so is a node without a group, which stands for itself. */
  isAlone(label: string, grouping: Grouping): boolean {
    return this.#groupsBy(grouping).byLabel.get(label)?.isNode ?? true
  }

  /** The public keys of a group. */
  membersOf(label: string, grouping: Grouping): string[] {
    return this.#groupsBy(grouping).byLabel.get(label)?.nodes ?? []
  }

  /** How many of these nodes have a group. */
  dataOn(publicKeys: string[], grouping: Grouping): GroupData {
    return dataAmong(publicKeys, grouping, () => this.groups(grouping))
  }

  /** How many organizations there are, with those that are only derived from nodes. */
  get organizationCount(): number {
    return this.groups(ORGANIZATIONS).filter(({ isNode }) => !isNode).length + this.#emptyOrganizations
  }

  #callingsOf({ label, isNode, nodes: [first = ''] }: NetworkGroup, grouping: string): string[] {
    const called = printable(label)
    if (isNode) return this.#nodeNames.get(label) ?? [called]
    const organization = grouping === ORGANIZATIONS.key ? this.#organizationOf.get(first) : undefined
    const names = organization === undefined ? undefined : this.#organizationNames.get(organization)
    return names ?? [called, `${called} (group)`]
  }

  #groupsBy({ key, groupBy }: Grouping): Groups {
    const known = this.#groups.get(key)
    if (known !== undefined) return known
    const listed = this.#network.groups(groupBy)
    const groups = {
      byLabel: new Map(listed.map((group) => [group.label, group])),
      byNode: new Map(listed.flatMap((group) => group.nodes.map((node) => [node, group] as const))),
      names: firsts(unique(new Map(listed.map((group) => [group.label, this.#callingsOf(group, key)]))))
    }
    this.#groups.set(key, groups)
    return groups
  }
}

/** How many of these nodes are in one of the groups of a grouping. Nodes themselves need none. */
export function dataAmong(publicKeys: string[], { key }: Grouping, groups: () => NetworkGroup[]): GroupData {
  if (key === NODES.key) return { kind: 'all' }
  const grouped = new Set(groups().flatMap(({ isNode, nodes }) => (isNode ? [] : nodes)))
  const without = publicKeys.filter((key) => !grouped.has(key)).length
  if (without === 0) return { kind: 'all' }
  return without === publicKeys.length
    ? { kind: 'missing' }
    : { kind: 'some', without, of: publicKeys.length }
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

/** What one may be called, the shortest first. */
function callings({ id, name }: { id: string; name?: string | null }): string[] {
  const short = shortened(id)
  const called = name == null || name.trim() === '' ? short : printable(name)
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
