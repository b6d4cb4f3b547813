// Whether the application is ready for traffic, for a load balancer.

import { Controller, Get } from '@nestjs/common'
import { HealthCheck, HealthCheckService } from '@nestjs/terminus'
import { FbasHealthIndicator } from 'stellar-fbas/nestjs'

@Controller('ready')
export class ReadyController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly fbas: FbasHealthIndicator
  ) {}

  @Get()
  @HealthCheck()
  ready() {
    return this.health.check([() => this.fbas.isHealthy('fbas')])
  }
}
