/** `GET /health`, at once, whatever is running. */

import { Controller, Get, Inject, UseFilters } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'

import { FbasService } from '../fbas.service.js'
import { FbasRollout } from '../rollout/fbas.rollout.js'
import { ErrorsFilter } from './errors.filter.js'
import { FbasHealthAnswer } from './responses.js'

/** Tells how the analyses are. */
@ApiTags('health')
@Controller('health')
@UseFilters(ErrorsFilter)
export class FbasHealthController {
  constructor(
    @Inject(FbasService) private readonly service: FbasService,
    @Inject(FbasRollout) private readonly rollout: FbasRollout
  ) {}

  @Get()
  @ApiOperation({ operationId: 'health', summary: 'Whether analyses can be had' })
  @ApiOkResponse({ type: FbasHealthAnswer })
  health(): FbasHealthAnswer {
    const { available, reason, engine, running, waiting, overloaded } = this.service.status
    const rolledBack = this.rollout.state.rolledBack !== null
    return {
      status: available && !overloaded && !rolledBack ? 'healthy' : 'degraded',
      version: engine?.version ?? 'unknown',
      python_fbas_available: available,
      solver: engine?.solver ?? null,
      running,
      waiting,
      rolled_back: rolledBack,
      ...(reason !== undefined && { reason })
    }
  }
}
