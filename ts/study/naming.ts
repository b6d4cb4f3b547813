/** Names or keys: what members of results are called, by the options and by who reads it. */

import type { Directory } from './directory.js'
import { NODES, ORGANIZATIONS, type Grouping } from './groupings.js'
import { listOf, listedTogether, sorted, sortedTogether, type Together } from './listing.js'
import { printable, visible } from './visible.js'

/** What things are called in one run. */
export interface Naming {
  /** In what is for people. */
  name: (member: string, grouping?: Grouping) => string
  /** Several of them, sorted by name. */
  list: (members: string[], grouping?: Grouping, atMost?: number) => string
  /** The same, and nodes by their organizations. */
  listFully: (members: string[], grouping?: Grouping) => string
  /** In what is for programs. */
  forPrograms: (member: string, grouping?: Grouping) => string
  /** What a file or network is called. */
  title: (text: string) => string
}

/** Names for people, keys for programs, unless the options say one of them for both. */
export function namingOf({ names }: { names?: boolean }, directory: Directory): Naming {
  const isNamed = names !== false
  const name = (member: string, grouping: Grouping = NODES) =>
    isNamed ? directory.name(member, grouping) : visible(member)
  return {
    name,
    list: (members, grouping, atMost = Infinity) => {
      const texts = sorted(members.map((member) => name(member, grouping)))
      return listOf(texts.slice(0, atMost), texts.length - atMost)
    },
    listFully: (members, grouping = NODES) => {
      if (grouping.key !== NODES.key || !isNamed)
        return listOf(sorted(members.map((member) => name(member, grouping))))
      return listedTogether(togetherIn(members, directory))
    },
    forPrograms: (member, grouping = NODES) => (names === true ? directory.name(member, grouping) : member),
    title: printable
  }
}

/** Nodes by what people call them, those of an organization together, sorted as people look for them. */
export function togetherIn(nodes: string[], directory: Directory): Together[] {
  const groups = directory.byOrganization(nodes).map(({ organization, nodes }) => ({
    organization,
    names: sorted(nodes.map((node) => directory.name(node)))
  }))
  return sortedTogether(groups)
}

/** The fields that hold nodes whatever is counted. */
const OF_NODES = new Set([
  ...['quorum', 'quorumA', 'quorumB', 'disjointQuorums', 'symmetricTopTier'],
  ...['nodes', 'faultyNodes', 'core'],
  ...[
    'publicKey',
    'dependents',
    'trustedBy',
    'reach',
    'quorumSet',
    'deadValidators',
    'deadSets',
    'intolerantSets'
  ],
  ...['intact', 'befouled', 'dispensableSet']
])
/** The fields that hold what is counted. */
const OF_COUNTED = new Set(['topTier', 'exampleSet', 'sets', 'criticalSets', 'occurrences', 'group'])
/** The fields that hold organizations whatever is counted. */
const OF_ORGANIZATIONS = new Set(['stoppedBy'])

/**
 * Results as programs get them: without the times, so that the same input gives the same text, and with names if those are wanted.
 *
 * @param grouping What `exampleSet` and the like count; under a key that is the name of a grouping, that grouping.
 */
export function jsonOf(
  results: unknown,
  naming: Naming,
  grouping: Grouping = NODES,
  groupings: Grouping[] = []
): unknown {
  const copy = (value: unknown, grouping: Grouping, members: Grouping | undefined): unknown => {
    if (typeof value === 'string') return members === undefined ? value : naming.forPrograms(value, members)
    if (Array.isArray(value)) return value.map((item) => copy(item, grouping, members))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== 'executionTimeMs')
        .map(([key, value]) => {
          const inner = groupings.find((known) => known.key === key) ?? grouping
          const holds = OF_NODES.has(key)
            ? NODES
            : OF_ORGANIZATIONS.has(key)
              ? ORGANIZATIONS
              : OF_COUNTED.has(key)
                ? inner
                : members
          return [key, copy(value, inner, holds)]
        })
    )
  }
  return copy(results, grouping, undefined)
}
