/** `POST /analyze/compare` and `/analyze/plan`: what is asked about the two networks in the body, an earlier and a later one. */

import { applyDecorators, Controller, HttpCode, Inject, Post, Query, UseFilters } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'

import { FbasService } from '../fbas.service.js'
import { answer } from './analysis.controller.js'
import { TwoNetworksBody } from './bodies.js'
import { ClientSignal } from './client.js'
import { FbasComparisonAnswer } from './comparison.responses.js'
import { ErrorsFilter } from './errors.filter.js'
import { PATHS_OF_TWO } from './paths.js'
import { FbasPlanAnswer } from './plan.responses.js'
import { ApiProblems } from './problems.js'
import {
  ApiAnalysisQuery,
  optionsOf,
  QUERY_OF_COMPARISON,
  QUERY_OF_PLAN,
  USUAL_IN_COMPARISON
} from './query.js'
import { ApiTwoNetworksBody } from './requests.js'
import type { TwoNetworks } from './two-networks.js'

/** What both endpoints have in common. */
function AboutTwo(name: keyof typeof PATHS_OF_TWO, summary: string, description: string): MethodDecorator {
  return applyDecorators(
    Post(PATHS_OF_TWO[name]),
    HttpCode(200),
    ApiOperation({ operationId: `analyze_${name}`, summary, description }),
    ApiTwoNetworksBody(),
    ApiProblems(400, 413, 415, 500, 503, 504)
  )
}

/** The endpoints about a change from one network to another. */
@ApiTags('change')
@Controller('analyze')
@UseFilters(ErrorsFilter)
export class FbasChangeController {
  constructor(@Inject(FbasService) private readonly service: FbasService) {}

  @AboutTwo(
    'compare',
    'What changed between two networks',
    'Figures that became better or worse, who came and went, and what changed in each quorum set, entry by entry; why that may be no change, and what only one of the two has data on.'
  )
  @ApiAnalysisQuery(QUERY_OF_COMPARISON, USUAL_IN_COMPARISON)
  @ApiOkResponse({ type: FbasComparisonAnswer })
  async compare(
    @TwoNetworksBody() body: TwoNetworks,
    @Query() query: Record<string, unknown>,
    @ClientSignal() signal: AbortSignal
  ): Promise<FbasComparisonAnswer> {
    const { groupBy, ...options } = optionsOf(query, QUERY_OF_COMPARISON)
    const began = performance.now()
    const asked = { ...options, ...(groupBy == null ? {} : { groupBy }), signal }
    const comparison = answer(await this.service.compareNetworks(body.before, body.after, asked))
    return FbasComparisonAnswer.of(comparison, performance.now() - began)
  }

  @AboutTwo(
    'plan',
    'Whether a change is safe, and in which order it can be rolled out',
    'A state on the way is safe if a quorum exists, every two quorums share a node, and no smallest set is below its floor. Says whether any order will do, or else a state that is not safe, and as few rounds as possible that pass none, or that there are none.'
  )
  @ApiAnalysisQuery(QUERY_OF_PLAN)
  @ApiOkResponse({ type: FbasPlanAnswer })
  async plan(
    @TwoNetworksBody() body: TwoNetworks,
    @Query() query: Record<string, unknown>,
    @ClientSignal() signal: AbortSignal
  ): Promise<FbasPlanAnswer> {
    const { floorBlocking, floorSplitting, ...options } = optionsOf(query, QUERY_OF_PLAN)
    const floors = { blocking: floorBlocking ?? null, splitting: floorSplitting ?? null }
    return FbasPlanAnswer.of(
      answer(await this.service.planChange(body.before, body.after, { ...options, floors, signal }))
    )
  }
}
