/**
 * Who is who: what people call nodes and groups, and which nodes a group has.
 *
 * Names are claimed by those who bear them, so a name alone never stands for two: where it is not unique, the beginning of the public key or
 * the organization's id stands beside it.
 */

import type { FbasNode, FbasOrganization } from '../../index.js'
import { groupsOf, NODES, ORGANIZATIONS, type Grouping } from './groupings.js'
import { printable } from './visible.js'

export class Directory {
  readonly #nodes: FbasNode[]
  readonly #organizations: FbasOrganization[] | undefined
  readonly #nodeNames: Map<string, string>
  readonly #organizationNames: Map<string, string>
  readonly #groups = new Map<string | undefined, Map<string, string>>()

  constructor(nodes: FbasNode[], organizations: FbasOrganization[] | undefined) {
    this.#nodes = nodes
    this.#organizations = organizations
    const listed = new Set(nodes.map(({ publicKey }) => publicKey))
    // Nodes that are only named have but their key.
    const named = nodes.flatMap(({ quorumSet }) => (quorumSet ? [...validatorsIn(quorumSet)] : []))
    const unlisted = [...new Set(named)].filter((key) => !listed.has(key))
    this.#nodeNames = unique([
      ...nodes.map(({ publicKey, name }) => ({ id: publicKey, name })),
      ...unlisted.map((id) => ({ id, name: null }))
    ])
    this.#organizationNames = unique(organizations ?? [])
  }

  /** What people call a member of a result: a node by its public key, or a group by its label. */
  name(member: string, grouping: Grouping = NODES): string {
    const ofOrganization = grouping.key === ORGANIZATIONS.key && this.#organizationNames.get(member)
    if (ofOrganization) return ofOrganization
    // A node without a group stands for itself.
    const isNode = grouping.key === NODES.key || this.groups(grouping).get(member) === member
    return (isNode && this.#nodeNames.get(member)) || printable(member)
  }

  /** Nodes put together by organization, with the organization's name; nodes without one stand alone. */
  byOrganization(publicKeys: string[]): { organization: string | undefined; nodes: string[] }[] {
    const labels = this.groups(ORGANIZATIONS)
    const together = new Map<string, { organization: string | undefined; nodes: string[] }>()
    for (const key of publicKeys) {
      const label = labels.get(key) ?? key
      const organization = label === key ? undefined : this.name(label, ORGANIZATIONS)
      const group = together.get(label) ?? { organization, nodes: [] }
      group.nodes.push(key)
      together.set(label, group)
    }
    return [...together.values()]
  }

  /** The label of each node's group by public key. */
  groups(grouping: Grouping): Map<string, string> {
    let groups = this.#groups.get(grouping.groupBy)
    if (groups === undefined) {
      groups = groupsOf(this.#nodes, this.#organizations, grouping)
      this.#groups.set(grouping.groupBy, groups)
    }
    return groups
  }

  /** The public keys of a group. */
  membersOf(label: string, grouping: Grouping): string[] {
    return [...this.groups(grouping)].flatMap(([key, group]) => (group === label ? [key] : []))
  }

  /** How many organizations there are, with those that are only derived from nodes. */
  get organizationCount(): number {
    const labels = [...this.groups(ORGANIZATIONS)].flatMap(([key, label]) => (key === label ? [] : [label]))
    return new Set([...labels, ...(this.#organizations ?? []).map(({ id }) => id)]).size
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
