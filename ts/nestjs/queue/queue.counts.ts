/** How many networks are on the queue, asked so that nobody waits for a Redis that does not answer. */

import type { Queue } from 'bullmq'

/** How long it may take. */
const PATIENCE_MS = 1_000

/** By state, or nothing where there is no answer in time. */
export async function countsOf(queue: Queue): Promise<Record<string, number> | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS)
  })
  const counts = queue.getJobCounts('waiting', 'active', 'delayed', 'failed').catch(() => undefined)
  try {
    return await Promise.race([counts, late])
  } finally {
    clearTimeout(timer)
  }
}
