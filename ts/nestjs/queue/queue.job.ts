/** What travels on the queue: one network, packed or by reference, with what is asked about it; and what an error is called on the way back. */

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'

import type { NetworkInput, OrganizationsInput } from '../../../index.js'
import { fbasError, type FbasError, type FbasErrorCode } from '../fbas.error.js'
import type { HistoryQuestion, HistorySnapshot } from '../history/history.types.js'

/** The data of a job. */
export interface QueueJob {
  hash: string
  question: HistoryQuestion & { timeoutMs: number }
  /** The snapshot, packed, in base64. */
  packed?: string
  /** What the store calls it. */
  reference?: string
}

/** Most bytes of a snapshot, unpacked: what the addon reads at most. */
const MOST_BYTES = 512 * 1024 * 1024
/** What begins a text in a sequence of JSON texts (RFC 7464); no JSON text has it. */
const BEGIN = 0x1e

/** The same for equal work: the same answers of the same version to the same question. */
export function idOf(
  hash: string,
  question: HistoryQuestion & { timeoutMs: number },
  version: string
): string {
  const { unknownNodes, scope, ignoreOneNodeQuorums, timeoutMs } = question
  const asked = [unknownNodes ?? null, scope ?? 'core', ignoreOneNodeQuorums ?? true, timeoutMs, version]
  return `${hash}-${createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 16)}`
}

/** A snapshot as one packed sequence of texts: the nodes and, if there are some, the organizations. */
export async function pack({ nodes, organizations }: HistorySnapshot): Promise<Buffer> {
  const texts = organizations == null ? [nodes] : [nodes, organizations]
  const parts = texts.flatMap((text) => [Buffer.of(BEGIN), bytesOf(text), Buffer.from('\n')])
  return promisify(gzip)(Buffer.concat(parts))
}

/** The snapshot that was packed, or a network as it is. */
export async function unpack(packed: Uint8Array): Promise<{ nodes: Uint8Array; organizations?: Uint8Array }> {
  const isPacked = packed[0] === 0x1f && packed[1] === 0x8b
  const bytes = isPacked ? await promisify(gunzip)(packed, { maxOutputLength: MOST_BYTES }) : packed
  if (bytes[0] !== BEGIN) return { nodes: bytes }
  const second = bytes.indexOf(BEGIN, 1)
  if (second < 0) return { nodes: bytes.subarray(1) }
  return { nodes: bytes.subarray(1, second), organizations: bytes.subarray(second + 1) }
}

function bytesOf(input: NetworkInput | OrganizationsInput): Uint8Array {
  if (input instanceof Uint8Array) return input
  return Buffer.from(typeof input === 'string' ? input : JSON.stringify(input))
}

/** An error as the reason of a failure, in words that `errorOf` understands. */
export function reasonOf({ code, message }: FbasError): string {
  return `${code}: ${message}`
}

/** The error that a reason tells of. What BullMQ says itself has no code: a worker that died while it had the network, too often. */
export function errorOf(reason: string): FbasError {
  const [, code, message] = /^(INVALID_INPUT|TIMEOUT|INTERNAL|UNAVAILABLE): ([^]*)$/.exec(reason) ?? []
  if (code === undefined || message === undefined) return fbasError('INTERNAL', reason)
  return fbasError(code as FbasErrorCode, message)
}
