/** The formats that `convert` writes beside explorers' own. */

import type {
  FbasNode,
  PythonFbasNetwork,
  QuorumSet,
  StellarCoreQuorum,
  StellarCoreQuorumSet
} from '../../index.js'

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
      ...(quorumSet == null ? {} : { qset: set(quorumSet) })
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
    qset: quorumSet == null ? null : named(quorumSet),
    attrs
  }))
  return { validators, qsets }
}
