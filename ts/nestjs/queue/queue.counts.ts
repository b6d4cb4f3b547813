/** How many networks are on the queue. */

import type { Queue } from 'bullmq'

import { inTime } from './queue.patience.js'

/** How long it may take to ask. */
const PATIENCE_MS = 1_000

/** By state, or nothing where there is no answer in time. */
export function countsOf(queue: Queue): Promise<Record<string, number> | undefined> {
  return inTime(queue.getJobCounts('waiting', 'active', 'delayed', 'failed'), PATIENCE_MS)
}
