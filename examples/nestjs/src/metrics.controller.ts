// What Prometheus fetches.

import { Controller, Get, Header } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import { collectDefaultMetrics, register } from 'prom-client'

@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor() {
    collectDefaultMetrics()
  }

  @Get()
  @Header('content-type', register.contentType)
  metrics(): Promise<string> {
    return register.metrics()
  }
}
