/**
 * Unpacks compressed input: gzip is known by its first bytes or by the name `.gz`, Brotli only by the name `.br`, as its first bytes do not
 * tell.
 */

import { promisify } from 'node:util'
import { brotliDecompress, gunzip } from 'node:zlib'

/** Most bytes of a text, unpacked: what the addon reads at most. */
export const MOST_BYTES = 256 * 1024 * 1024

/** @param name Of the file; absent: of none. */
export async function unpacked(bytes: Uint8Array, name = ''): Promise<Uint8Array> {
  const limit = { maxOutputLength: MOST_BYTES }
  if (/\.br$/i.test(name)) return promisify(brotliDecompress)(bytes, limit)
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b
  return isPacked || /\.gz$/i.test(name) ? promisify(gunzip)(bytes, limit) : bytes
}
