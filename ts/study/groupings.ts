/** What is counted, what it is called, and who belongs to what: the same rules as in the addon, which returns labels only. */

import type { FbasNode, FbasOrganization } from '../../index.js'

/** A way to count. */
export interface Grouping {
  /** What an analysis result calls it: `node`, or what `--group-by` says. */
  key: string
  groupBy: string | undefined
  one: string
  many: string
}

export const NODES: Grouping = { key: 'node', groupBy: undefined, one: 'node', many: 'nodes' }
export const ORGANIZATIONS: Grouping = named('organization', 'organization', 'organizations')
export const COUNTRIES: Grouping = named('country', 'country', 'countries')
export const PROVIDERS: Grouping = named('isp', 'provider', 'providers')

/** The four that explorers show. */
export const GROUPINGS = [NODES, ORGANIZATIONS, COUNTRIES, PROVIDERS]

/** The grouping that `--group-by` means: one of the four, or the dotted path of any attribute. */
export function groupingOf(groupBy: string | undefined): Grouping {
  const known = GROUPINGS.find(({ key }) => key === (groupBy ?? NODES.key))
  return known ?? named(groupBy ?? '', `${groupBy} group`, `${groupBy} groups`)
}

/** A number of what is counted, in words. */
export function counted(count: number, { one, many }: Pick<Grouping, 'one' | 'many'>): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

/** The label of each node's group by public key. A node without a group stands for itself. */
export function groupsOf(
  nodes: FbasNode[],
  organizations: FbasOrganization[] | undefined,
  { groupBy }: Grouping
): Map<string, string> {
  const groups = new Map(nodes.map(({ publicKey }) => [publicKey, publicKey]))
  if (groupBy === ORGANIZATIONS.groupBy && organizations !== undefined) {
    // Of two organizations that list a validator the first counts.
    for (const { id, validators } of [...organizations].reverse()) {
      for (const key of validators) if (groups.has(key)) groups.set(key, id)
    }
    return groups
  }
  const path = pathOf(groupBy, nodes)
  const isName = groupBy === COUNTRIES.groupBy || groupBy === PROVIDERS.groupBy
  const isAttribute = !GROUPINGS.some((known) => known.groupBy === groupBy)
  const labels = new Map<string, string>()
  for (const node of nodes) {
    const label = path
      .map((attribute) => text(node, attribute, isAttribute))
      .find((found) => found !== undefined)
    if (label === undefined) continue
    // Names that differ only by commas or a full stop at the end are one, called as its first node says.
    const key = isName ? label.replaceAll(',', '').replace(/\.$/, '') : label
    if (!labels.has(key)) labels.set(key, label)
    groups.set(node.publicKey, labels.get(key) ?? label)
  }
  return groups
}

function named(groupBy: string, one: string, many: string): Grouping {
  return { key: groupBy, groupBy, one, many }
}

/** The attributes that name a node's group, the first that it has. */
function pathOf(groupBy: string | undefined, nodes: FbasNode[]): string[] {
  switch (groupBy) {
    case undefined:
      return []
    case ORGANIZATIONS.groupBy:
      // A domain is what nodes claim, an id what somebody has verified: where there are ids, domains do not count.
      return nodes.some((node) => text(node, 'organizationId') !== undefined)
        ? ['organizationId']
        : ['homeDomain']
    case COUNTRIES.groupBy:
      return ['geoData.countryName', 'geoData.countryCode']
    default:
      return [groupBy]
  }
}

function text(node: FbasNode, path: string, isAttribute = false): string | undefined {
  let value: unknown = node
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  // Only of an attribute that somebody asked for is it known that it may be something else than a name.
  if (isAttribute && (typeof value === 'number' || typeof value === 'boolean')) return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}
