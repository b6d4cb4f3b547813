// The size of the files that a web page has to fetch, as it is sent, and the most that it may be.

import { readFileSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'

/** The most that a page has to fetch, in bytes, packed with brotli as web servers do. */
export const MOST_BYTES = 700_000

/** How many bytes of a file go over the wire. */
export function packed(file) {
  const content = readFileSync(file)
  const params = {
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length
  }
  return brotliCompressSync(content, { params }).length
}
