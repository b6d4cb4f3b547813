/**
 * Who is who: what people call nodes and groups, and which nodes a group has.
 *
 * Names are claimed by those who bear them, so a name alone never stands for two: where it is not unique, the beginning of the public key or
 * the organization's id stands beside it.
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

export class Directory {
  readonly #network: FbasNetwork
  readonly #nodeNames: Map<string, string>
  readonly #organizationNames: Map<string, string>
  /** The organizations that came with the network, by the public keys of their validators. */
  readonly #organizationOf: Map<string, string>
  /** How many of them have no node in the network. */
  readonly #emptyOrganizations: number
  readonly #groups = new Map<string, Groups>()

  /** Of a network that is not disposed of before its groups are asked for the first time. */
  constructor(network: FbasNetwork) {
    this.#network = network
    const names = new Map(network.nodes().map(({ publicKey, name }) => [publicKey, name]))
    // Nodes that are only named have but their key.
    const keys = network.groups().flatMap(({ nodes }) => nodes)
    this.#nodeNames = unique(keys.map((id) => ({ id, name: names.get(id) })))
    const organizations = network.organizations() ?? []
    this.#organizationNames = unique(organizations)
    this.#organizationOf = new Map(
      organizations.flatMap(({ id, validators }) => validators.map((key) => [key, id] as const))
    )
    this.#emptyOrganizations = organizations.filter(({ validators }) => validators.length === 0).length
  }

  /** What people call a member of a result: a node by its public key, or a group by its label. */
  name(member: string, grouping: Grouping = NODES): string {
    const group = this.#groupsBy(grouping).byLabel.get(member)
    if (group === undefined) return printable(member)
    if (group.isNode) return this.#nodeNames.get(member) ?? printable(member)
    const [first = ''] = group.nodes
    const organization = grouping.key === ORGANIZATIONS.key ? this.#organizationOf.get(first) : undefined
    return organization === undefined
      ? printable(member)
      : (this.#organizationNames.get(organization) ?? printable(member))
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
    const { byNode } = this.#groupsBy(grouping)
    const without = publicKeys.filter((key) => byNode.get(key)?.isNode ?? true).length
    if (grouping.key === NODES.key || without === 0) return { kind: 'all' }
    return without === publicKeys.length
      ? { kind: 'missing' }
      : { kind: 'some', without, of: publicKeys.length }
  }

  /** How many organizations there are, with those that are only derived from nodes. */
  get organizationCount(): number {
    return this.groups(ORGANIZATIONS).filter(({ isNode }) => !isNode).length + this.#emptyOrganizations
  }

  #groupsBy({ key, groupBy }: Grouping): Groups {
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

function unique(bearers: { id: string; name?: string | null }[]): Map<string, string> {
  const candidates = bearers.map(({ id, name }) => {
    const short = shortened(id)
    const called = name == null || name.trim() === '' ? short : printable(name)
    return { id, names: [called, `${called} (${short})`, `${called} (${printable(id)})`] }
  })
  const bearersOf = new Map<string, Set<string>>()
  for (const { id, names } of candidates) {
    for (const name of names) bearersOf.set(name, (bearersOf.get(name) ?? new Set()).add(id))
  }
  return new Map(
    candidates.map(({ id, names }) => [id, names.find((name) => bearersOf.get(name)?.size === 1) ?? id])
  )
}
