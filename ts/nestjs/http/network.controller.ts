/** `GET /api/v1/network/history-critical`: the same question about the network that the application knows at the moment. */

import { Controller, Get, Inject, NotFoundException, Query, UseFilters } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'

import { FbasService } from '../fbas.service.js'
import { answer } from './analysis.controller.js'
import { ClientSignal } from './client.js'
import { ErrorsFilter } from './errors.filter.js'
import { FBAS_HTTP_OPTIONS, type FbasHttpOptions } from './http.options.js'
import { ApiProblems } from './problems.js'
import { ApiAnalysisQuery, optionsOf, QUERY_OF_SETS } from './query.js'
import { FbasHistoryCriticalAnswer } from './responses.js'

/** Answers about the application's own network. */
@ApiTags('network')
@Controller('api/v1/network')
@UseFilters(ErrorsFilter)
export class FbasNetworkController {
  constructor(
    @Inject(FbasService) private readonly service: FbasService,
    @Inject(FBAS_HTTP_OPTIONS) private readonly options: FbasHttpOptions
  ) {}

  @Get('history-critical')
  @ApiOperation({
    operationId: 'network_historyCritical',
    summary: 'How few archives keep the history of the current network'
  })
  @ApiAnalysisQuery(QUERY_OF_SETS)
  @ApiOkResponse({ type: FbasHistoryCriticalAnswer })
  @ApiProblems(400, 404, 500, 503, 504)
  async historyCritical(
    @Query() query: Record<string, unknown>,
    @ClientSignal() signal: AbortSignal
  ): Promise<FbasHistoryCriticalAnswer> {
    const options = { ...optionsOf(query, QUERY_OF_SETS), signal }
    if (this.options.networkSource === undefined) {
      throw new NotFoundException('this application provides no network')
    }
    const { nodes, organizations } = await this.options.networkSource(signal)
    return FbasHistoryCriticalAnswer.of(
      answer(await this.service.analyzeHistoryCritical(nodes, organizations, options))
    )
  }
}
