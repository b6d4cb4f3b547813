// Small networks whose answers can be worked out by hand, and one that keeps the solver busy.

import type { FbasNode, FbasOrganization, QuorumSet } from '../index.js'

export function quorumSet(
  threshold: number,
  validators: string[],
  innerQuorumSets: QuorumSet[] = []
): QuorumSet {
  return { threshold, validators, innerQuorumSets }
}

/** Nodes that all ask for `threshold` of all of them. */
export function flat(keys: string[], threshold: number): FbasNode[] {
  return keys.map((publicKey) => ({ publicKey, quorumSet: quorumSet(threshold, keys) }))
}

export const TWO_OF_THREE = flat(['A', 'B', 'C'], 2)
export const ALL_OF_THREE = flat(['A', 'B', 'C'], 3)
export const TWO_PAIRS = [...flat(['A', 'B'], 2), ...flat(['C', 'D'], 2)]

/** Four organizations of three: every node asks for two of three in three of the four. */
export function fourOrganizations(): { nodes: FbasNode[]; organizations: FbasOrganization[] } {
  const organizations = ['p', 'q', 'r', 's'].map((id) => ({
    id,
    name: null,
    validators: [1, 2, 3].map((index) => `${id}${index}`)
  }))
  const shared = quorumSet(
    3,
    [],
    organizations.map(({ validators }) => quorumSet(2, validators))
  )
  const nodes = organizations.flatMap(({ id, validators }) =>
    validators.map((publicKey, index) => ({
      publicKey,
      quorumSet: shared,
      homeDomain: `${id}.example`,
      geoData: { countryName: index === 0 ? 'Atlantis' : id },
      isp: index === 0 ? 'One, Inc.' : null,
      historyArchiveHasError: index !== 0
    }))
  )
  return { nodes, organizations }
}

/**
 * Organizations of three that each leave some others out of their quorum set, in a fixed pattern: small enough to
 * send quickly, hard enough to keep the solver at work for seconds.
 */
export function hard(organizations: number): FbasNode[] {
  const members = (id: number) => [0, 1, 2].map((index) => `org${id}n${index}`)
  let state = 12345
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state / 0x7fffffff
  }
  const nodes: FbasNode[] = []
  for (let id = 0; id < organizations; id++) {
    const trusted = Array.from({ length: organizations }, (_, other) => other).filter(
      (other) => other === id || random() > 0.3
    )
    const inner = trusted.map((other) => quorumSet(2, members(other)))
    const own = quorumSet(inner.length - Math.floor((inner.length - 1) / 3), [], inner)
    nodes.push(...members(id).map((publicKey) => ({ publicKey, quorumSet: own })))
  }
  return nodes
}
