/** Reads a network from an explorer's endpoint: within a time, no more than the addon accepts, and never from anything but HTTP. */

import { Failure } from './failure.js'
import { MOST_BYTES } from './unpacked.js'

/** How long an endpoint may take. */
const LIMIT_MS = 30_000

/** Whether a source is an address, and not a file. */
export function isAddress(source: string): boolean {
  return /^https?:\/\//i.test(source)
}

/** An address without what may be secret in it, for people. */
export function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return url.replace(/\/\/[^/]*@/, '//').replace(/[?#].*$/s, '')
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

/** An address as it can be asked for, which no address is that has a name and a password in it: they go into the header that they mean. */
export function askedFor(url: string): { url: string; headers: Record<string, string> } {
  if (!URL.canParse(url)) return { url, headers: {} }
  const address = new URL(url)
  const { username, password } = address
  if (username === '' && password === '') return { url, headers: {} }
  address.username = address.password = ''
  const who = Buffer.from([username, password].map(decoded).join(':')).toString('base64')
  return { url: address.href, headers: { authorization: `Basic ${who}` } }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The body of an answer. Redirects are followed and compression is undone by `fetch` itself. */
export async function fetched(url: string, signal: AbortSignal, mostBytes = MOST_BYTES): Promise<Uint8Array> {
  const name = withoutSecrets(url)
  const limit = AbortSignal.timeout(LIMIT_MS)
  try {
    const asked = askedFor(url)
    const answer = await fetch(asked.url, {
      headers: { accept: 'application/json', ...asked.headers },
      signal: AbortSignal.any([signal, limit])
    })
    if (!answer.ok) throw new Failure(`${name}: ${answer.status} ${answer.statusText}`.trimEnd())
    return await bytesOf(answer, name, mostBytes)
  } catch (error) {
    if (error instanceof Failure) throw error
    signal.throwIfAborted()
    if (limit.aborted) throw new Failure(`${name}: no answer within ${LIMIT_MS / 1000} seconds`)
    throw new Failure(`${name}: ${reasonOf(error)}`)
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

/** What went wrong is in the cause; the message itself says only that it failed. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error
  if (!(cause instanceof Error)) return message
  const { code, name } = cause as NodeJS.ErrnoException
  return [cause.message, code, name].find((text) => text !== undefined && text !== '') ?? 'unknown'
}
