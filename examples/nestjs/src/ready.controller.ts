// Whether the application, or a worker, is ready: for a load balancer, and for what starts containers.

import { Controller, Get, Optional } from '@nestjs/common'
import { HealthCheck, HealthCheckService } from '@nestjs/terminus'
import { FbasHealthIndicator } from 'stellar-fbas/nestjs'
import { FbasQueueHealthIndicator } from 'stellar-fbas/nestjs/queue'

@Controller('ready')
export class ReadyController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly fbas: FbasHealthIndicator,
    /** Where there is a queue. */
    @Optional() private readonly queue?: FbasQueueHealthIndicator
  ) {}

  @Get()
  @HealthCheck()
  ready() {
    const { fbas, queue } = this
    return this.health.check([
      () => fbas.isHealthy('fbas'),
      ...(queue === undefined ? [] : [() => queue.isHealthy('queue')])
    ])
  }
}
