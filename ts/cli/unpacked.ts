/** What is packed is read as what it was: by gzip wherever it comes from, as its first bytes tell, and by Brotli, which they do not, by the name of a file. */

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
