/**
 * The steps as the fragment of the page's address, so that a link shows somebody else the same. No server sees a fragment. It names the network
 * that the steps are about by its hash; what it holds may be anything, as anybody can write one.
 */

import type { FbasNode, QuorumSet } from '../../index.js'
import { shortened, type Edit } from './edits.js'

const PREFIX = '#steps='

/** What a fragment says. */
export type Linked =
  | { kind: 'nothing' }
  | { kind: 'steps'; edits: Edit[] }
  /** Of another network than this page is about. */
  | { kind: 'elsewhere' }
  | { kind: 'unreadable' }

/** The fragment for some steps; empty for none. */
export async function fragmentOf(edits: Edit[], network: string): Promise<string> {
  if (edits.length === 0) return ''
  const text = JSON.stringify({ network, edits: shortened(edits) })
  const packed = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'))
  const base64 = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(''))
  return PREFIX + base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** The steps that a fragment holds. */
export async function stepsIn(fragment: string, network: string): Promise<Linked> {
  if (!fragment.startsWith(PREFIX)) return { kind: 'nothing' }
  try {
    const base64 = fragment.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/')
    const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    const text = await through(packed, new DecompressionStream('deflate-raw'))
    const linked = JSON.parse(new TextDecoder().decode(text)) as { network?: unknown; edits?: unknown } | null
    if (!Array.isArray(linked?.edits) || !linked.edits.every(isEdit)) return { kind: 'unreadable' }
    if (linked.network !== network) return { kind: 'elsewhere' }
    return { kind: 'steps', edits: linked.edits }
  } catch {
    return { kind: 'unreadable' }
  }
}

/** Bytes as they come out of a stream that packs or unpacks them. */
export async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer())
}

function isEdit(value: unknown): value is Edit {
  const { kind, nodes, condition, quorumSet, node } = (value ?? {}) as Record<string, unknown>
  switch (kind) {
    case 'condition':
      return areTexts(nodes) && ['up', 'down', 'malicious'].includes(condition as string)
    case 'quorumSet':
      return areTexts(nodes) && (quorumSet === null || isQuorumSet(quorumSet))
    case 'add':
      return isNode(node)
    case 'remove':
      return areTexts(nodes)
    default:
      return false
  }
}

function isQuorumSet(value: unknown): value is QuorumSet {
  const { threshold, validators, innerQuorumSets } = (value ?? {}) as Record<string, unknown>
  return (
    Number.isInteger(threshold) &&
    areTexts(validators) &&
    Array.isArray(innerQuorumSets) &&
    innerQuorumSets.every(isQuorumSet)
  )
}

function isNode(value: unknown): value is FbasNode {
  const { publicKey, quorumSet = null } = (value ?? {}) as Record<string, unknown>
  return typeof publicKey === 'string' && (quorumSet === null || isQuorumSet(quorumSet))
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
