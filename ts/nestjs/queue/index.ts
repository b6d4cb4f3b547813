/**
 * Histories on a queue: any number of machines work out the networks, and `FbasHistory` of `stellar-fbas/nestjs` gives the results as it gives its own. On
 * BullMQ and Redis, through `@nestjs/bullmq`.
 *
 * @module stellar-fbas/nestjs/queue
 */

export { FbasQueueHealthIndicator } from './queue.health.js'
export { FbasQueueMetrics } from './queue.metrics.js'
export { FbasQueueModule } from './queue.module.js'
export {
  FBAS_QUEUE,
  FBAS_QUEUE_OPTIONS,
  FBAS_QUEUE_SETTINGS,
  type FbasQueueOptions,
  type FbasQueueSettings
} from './queue.options.js'
export { FbasQueueWorker } from './queue.worker.js'
export { folderStore, type SnapshotStore } from './snapshot-store.js'
