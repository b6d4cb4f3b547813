/** What Prometheus is told of the queue. */

import { getQueueToken } from '@nestjs/bullmq'
import { Inject, Injectable } from '@nestjs/common'
import type { Queue } from 'bullmq'
import { Counter, Gauge } from 'prom-client'

import { shared } from '../fbas.metrics.js'
import { FBAS_SETTINGS, type FbasSettings } from '../fbas.settings.js'
import { countsOf } from './queue.counts.js'
import { FBAS_QUEUE } from './queue.options.js'

/** What can become of a network. */
const OUTCOMES = ['completed', 'failed', 'given back', 'lost']

/** The metrics of the queue, in the registry of `FbasModule`. */
@Injectable()
export class FbasQueueMetrics {
  /**
   * `fbas_queue_finished_total{outcome}`: what became of networks in this process: 'completed'; 'failed', each attempt; 'given back' when it was
   * asked to end; 'lost', whose worker, whichever it was, gave no sign of life.
   */
  readonly finished: Counter<'outcome'>
  /** `fbas_queue_networks{state}`: how many are on the queue when Prometheus asks: 'waiting', 'active', 'delayed', 'failed'. */
  readonly networks: Gauge<'state'>

  constructor(
    @Inject(FBAS_SETTINGS) { registry }: FbasSettings,
    @Inject(getQueueToken(FBAS_QUEUE)) queue: Queue
  ) {
    const registers = [registry]
    this.finished = shared(
      registry,
      'fbas_queue_finished_total',
      (name) =>
        new Counter({
          name,
          help: 'Networks by what became of them here',
          labelNames: ['outcome'],
          registers
        })
    )
    // A rate tells nothing of a series that begins with its first network.
    for (const outcome of OUTCOMES) this.finished.inc({ outcome }, 0)
    // One of an application before this one would ask a queue that is closed.
    registry.removeSingleMetric('fbas_queue_networks')
    this.networks = new Gauge({
      name: 'fbas_queue_networks',
      help: 'Networks on the queue',
      labelNames: ['state'],
      registers,
      async collect() {
        this.reset()
        // Where Redis does not answer nothing is known, and the other metrics must not wait.
        for (const [state, count] of Object.entries((await countsOf(queue)) ?? {})) this.set({ state }, count)
      }
    })
  }
}
