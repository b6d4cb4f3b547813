/**
 * What some steps come to, all together: a change of the network, as `changeNetwork` takes it, and who is down or malicious in the end. The
 * steps are nowhere else interpreted.
 */

import type { FbasNode, NetworkChange, QuorumSet } from '../../index.js'
import type { Edit } from './edits.js'
import type { Start } from './start.js'

/** What becomes of a network. */
export interface Change {
  network: NetworkChange
  /** Public keys, sorted. */
  down: string[]
  malicious: string[]
}

/** @param start Which nodes are listed, and who of them is down, before the first step. */
export function changeOf(edits: Edit[], start: Pick<Start, 'nodes' | 'down'>): Change {
  const conditions = { down: new Set(start.down), malicious: new Set<string>() }
  const set = new Map<string, QuorumSet | null>()
  const added = new Map<string, FbasNode>()
  const removed = new Set<string>()
  const listed = new Set(start.nodes.map(({ publicKey }) => publicKey))
  const forget = (key: string) => {
    conditions.down.delete(key)
    conditions.malicious.delete(key)
    set.delete(key)
    added.delete(key)
  }
  for (const edit of edits) {
    switch (edit.kind) {
      case 'condition':
        for (const key of edit.nodes) {
          conditions.down.delete(key)
          conditions.malicious.delete(key)
          if (edit.condition !== 'up') conditions[edit.condition].add(key)
        }
        break
      case 'quorumSet':
        for (const key of edit.nodes) {
          const newcomer = added.get(key)
          // Others may name one that went: asking for something, it is back.
          removed.delete(key)
          if (newcomer === undefined) set.set(key, edit.quorumSet)
          else added.set(key, { ...newcomer, quorumSet: edit.quorumSet })
        }
        break
      case 'add': {
        const { publicKey: key, quorumSet } = edit.node
        // Who comes back is who it was, and asks for something else.
        if (removed.delete(key)) set.set(key, quorumSet ?? null)
        else added.set(key, edit.node)
        break
      }
      case 'remove':
        for (const key of edit.nodes) {
          // One that came with a step was never listed.
          if (listed.has(key)) removed.add(key)
          forget(key)
        }
        break
    }
  }
  return {
    network: { set: Object.fromEntries(set), add: [...added.values()], remove: [...removed] },
    down: [...conditions.down].sort(),
    malicious: [...conditions.malicious].sort()
  }
}

/** What a node asks for after a change; `nodes` are those of the network before the last steps, or after them. */
export function askedBy(key: string, { network: { set, add } }: Change, nodes: FbasNode[]): QuorumSet | null {
  if (set != null && Object.hasOwn(set, key)) return (set[key] ?? null) as QuorumSet | null
  const newcomer = add?.find(({ publicKey }) => publicKey === key)
  const node = newcomer ?? nodes.find(({ publicKey }) => publicKey === key)
  return node?.quorumSet ?? null
}

/**
 * A network as a file that the command line reads, with who is down in it: of those that are only named, a node that is down is listed. Nobody
 * is malicious in a file.
 */
export function fileOf(nodes: FbasNode[], organizations: unknown, down: string[]): string {
  const unlisted = new Set(down)
  const listed = nodes.map((node) => ({ ...node, isValidating: !unlisted.delete(node.publicKey) }))
  const told = [...listed, ...[...unlisted].map((publicKey) => ({ publicKey, isValidating: false }))]
  const all = organizations === undefined ? { nodes: told } : { nodes: told, organizations }
  return `${JSON.stringify(all, undefined, 2)}\n`
}
