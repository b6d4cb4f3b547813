/** How processes hold on to a Redis that is away, and that they let go of it when they end. */

import type { ConnectionOptions } from 'bullmq'

import { inTime } from './queue.patience.js'

/** How long to wait before another try, in milliseconds. */
const SHORTEST_MS = 500
const LONGEST_MS = 10_000
/** How long a connection may take to close. */
const CLOSING_MS = 2_000

/**
 * Options with which commands wait for a Redis that is away, as long as it takes. After the end nobody tries again: BullMQ itself would, without end, where it
 * never was connected. A client that is made already is as its maker wants it.
 */
export function patient(connection: ConnectionOptions, isEnding: () => boolean): ConnectionOptions {
  if (Object.getPrototypeOf(connection) !== Object.prototype) return connection
  const { retryStrategy } = connection as { retryStrategy?: (times: number) => number | void | null }
  return {
    maxRetriesPerRequest: null,
    ...connection,
    retryStrategy: (times: number) => {
      if (isEnding()) return null
      if (retryStrategy !== undefined) return retryStrategy(times)
      return Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(times - 1, 10))
    }
  }
}

/** Waits for something to close, but not for a Redis that does not answer. */
export async function closed(closing: Promise<void>, patienceMs = 0): Promise<void> {
  await inTime(closing, patienceMs + CLOSING_MS)
}
