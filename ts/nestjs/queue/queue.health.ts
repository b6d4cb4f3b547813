/** How the queue is, for Terminus: `health.check([() => queue.isHealthy('queue')])`. */

import { getQueueToken } from '@nestjs/bullmq'
import { Inject, Injectable } from '@nestjs/common'
import type { Queue } from 'bullmq'

import type { FbasHealth } from '../fbas.health.js'
import { countsOf } from './queue.counts.js'
import { FBAS_QUEUE, FBAS_QUEUE_SETTINGS, type FbasQueueSettings } from './queue.options.js'
import { FbasQueueWorker } from './queue.worker.js'

/** Down while Redis does not answer within a second, or this process should work on the queue and does not. */
@Injectable()
export class FbasQueueHealthIndicator {
  constructor(
    @Inject(getQueueToken(FBAS_QUEUE)) private readonly queue: Queue,
    @Inject(FBAS_QUEUE_SETTINGS) private readonly settings: FbasQueueSettings,
    @Inject(FbasQueueWorker) private readonly worker: FbasQueueWorker
  ) {}

  async isHealthy<const Key extends string = 'queue'>(key: Key = 'queue' as Key): Promise<FbasHealth<Key>> {
    const counts = await countsOf(this.queue)
    const isWorking = this.worker.isRunning
    const message =
      counts === undefined
        ? 'Redis does not answer'
        : this.settings.worker && !isWorking
          ? 'this process takes nothing from the queue'
          : undefined
    const health = {
      status: message === undefined ? ('up' as const) : ('down' as const),
      ...(message !== undefined && { message }),
      ...counts,
      working: isWorking
    }
    return { [key]: health } as Record<Key, typeof health>
  }
}
