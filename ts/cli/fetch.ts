/** Reads a network from an explorer's endpoint: within a time, no more than the addon accepts, and never from anything but HTTP. */

import { Failure } from './failure.js'

/** How long an endpoint may take. */
const LIMIT_MS = 30_000
/** Most bytes, unpacked: what the addon reads at most. */
const MOST_BYTES = 256 * 1024 * 1024

/** Whether a source is an address, and not a file. */
export function isAddress(source: string): boolean {
  return /^https?:\/\//i.test(source)
}

/** An address without what may be secret in it, for people. */
export function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return url
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

/** The body of an answer. Redirects are followed and compression is undone by `fetch` itself. */
export async function fetched(url: string, signal: AbortSignal, mostBytes = MOST_BYTES): Promise<Uint8Array> {
  const name = withoutSecrets(url)
  const limit = AbortSignal.timeout(LIMIT_MS)
  try {
    const answer = await fetch(url, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.any([signal, limit])
    })
    if (!answer.ok) throw new Failure(`${name}: ${answer.status} ${answer.statusText}`.trimEnd())
    return await bytesOf(answer, name, mostBytes)
  } catch (error) {
    if (error instanceof Failure) throw error
    signal.throwIfAborted()
    if (limit.aborted) throw new Failure(`${name}: no answer within ${LIMIT_MS / 1000} seconds`)
    // What went wrong is in the cause; the message itself says only that it failed.
    const { message, cause } = error as Error
    throw new Failure(`${name}: ${cause instanceof Error ? reasonOf(cause) : message}`)
  }
}

async function bytesOf(answer: Response, name: string, mostBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of answer.body ?? []) {
    length += chunk.length
    if (length > mostBytes) throw new Failure(`${name}: more than ${mostBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function reasonOf(error: Error & { code?: string }): string {
  return (
    [error.message, error.code, error.name].find((text) => text !== undefined && text !== '') ?? 'unknown'
  )
}
