/**
 * The formats that networks come in, on this side of the addon: names and trust are needed here as well, and `convert` writes them.
 *
 * What arrives here has been read by the addon before, which refuses what is none of these formats, with the JSON path.
 */

import type {
  ExplorerNetwork,
  FbasNode,
  FbasOrganization,
  PythonFbasNetwork,
  QuorumSet,
  StellarCoreQuorum,
  StellarCoreQuorumSet
} from '../../index.js'

/** A network as explorers write it. `organizations` is absent where the text says nothing about them. */
export interface Listed {
  nodes: FbasNode[]
  organizations?: FbasOrganization[] | null
}

/** Reads any of the formats. Of nodes that share a key the first counts. */
export function listed(
  network: FbasNode[] | ExplorerNetwork | StellarCoreQuorum | PythonFbasNetwork
): Listed {
  if (Array.isArray(network)) return { nodes: distinct(network) }
  if ('validators' in network && 'qsets' in network) return { nodes: distinct(fromPythonFbas(network)) }
  const { nodes } = network
  if (isStellarCore(nodes)) return { nodes: distinct(nodes.map(fromStellarCore)) }
  return { nodes: distinct(nodes as FbasNode[]), organizations: (network as ExplorerNetwork).organizations }
}

/** As stellar-core writes it. */
export function inStellarCore(nodes: FbasNode[]): StellarCoreQuorum {
  const set = ({ threshold, validators, innerQuorumSets }: QuorumSet): StellarCoreQuorumSet => ({
    t: threshold,
    v: [...validators, ...innerQuorumSets.map(set)]
  })
  return {
    nodes: nodes.map(({ publicKey, quorumSet, ...attributes }) => ({
      ...attributes,
      node: publicKey,
      ...(quorumSet ? { qset: set(quorumSet) } : {})
    }))
  }
}

/** As python-fbas writes it: quorum sets by id, each once. */
export function inPythonFbas(nodes: FbasNode[]): PythonFbasNetwork {
  const qsets: PythonFbasNetwork['qsets'] = {}
  const ids = new Map<string, string>()
  const named = ({ threshold, validators, innerQuorumSets }: QuorumSet): string => {
    const members = [...validators, ...innerQuorumSets.map(named)]
    const text = JSON.stringify([threshold, members])
    const id = ids.get(text) ?? `_q${ids.size}`
    ids.set(text, id)
    qsets[id] = { threshold, members }
    return id
  }
  const validators = nodes.map(({ publicKey, quorumSet, ...attrs }) => ({
    id: publicKey,
    qset: quorumSet ? named(quorumSet) : null,
    attrs
  }))
  return { validators, qsets }
}

function isStellarCore(nodes: FbasNode[] | StellarCoreQuorum['nodes']): nodes is StellarCoreQuorum['nodes'] {
  const [first] = nodes
  return first !== undefined && 'node' in first && !('publicKey' in first)
}

function fromStellarCore({ node, qset, ...attributes }: StellarCoreQuorum['nodes'][number]): FbasNode {
  return { ...attributes, publicKey: node, quorumSet: qset ? fromStellarCoreSet(qset) : null }
}

function fromStellarCoreSet({ t, v }: StellarCoreQuorumSet): QuorumSet {
  return {
    threshold: t,
    validators: v.filter((entry) => typeof entry === 'string'),
    innerQuorumSets: v.filter((entry) => typeof entry !== 'string').map(fromStellarCoreSet)
  }
}

function fromPythonFbas({ validators, qsets }: PythonFbasNetwork): FbasNode[] {
  const sets = new Map(Object.entries(qsets))
  const writtenOut = (id: string): QuorumSet => {
    const { threshold, members } = sets.get(id) ?? { threshold: 0, members: [] }
    return {
      threshold,
      validators: members.filter((member) => !sets.has(member)),
      innerQuorumSets: members.filter((member) => sets.has(member)).map(writtenOut)
    }
  }
  return validators.map(({ id, qset, attrs }) => ({
    ...attrs,
    publicKey: id,
    quorumSet: qset == null ? null : writtenOut(qset)
  }))
}

function distinct(nodes: FbasNode[]): FbasNode[] {
  const first = new Map<string, FbasNode>()
  for (const node of nodes) if (!first.has(node.publicKey)) first.set(node.publicKey, node)
  return [...first.values()]
}
