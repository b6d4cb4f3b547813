/** Waits for a promise no longer than a given time, so that nobody waits for a Redis that does not answer. */

import { setTimeout as sleep } from 'node:timers/promises'

/** What a promise comes to, or nothing where it fails or takes longer. */
export async function inTime<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  const isThere = new AbortController()
  const late = sleep(milliseconds, undefined, { signal: isThere.signal }).catch(() => undefined)
  try {
    return await Promise.race([promise.catch(() => undefined), late])
  } finally {
    isThere.abort()
  }
}
