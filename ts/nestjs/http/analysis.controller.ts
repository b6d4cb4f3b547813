/** `POST /analyze/...`: the analyses of the network in the body. */

import {
  applyDecorators,
  Controller,
  HttpCode,
  Inject,
  Post,
  Query,
  UseFilters,
  type Type
} from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Result } from 'neverthrow'

import { capitalized } from '../../study/groupings.js'
import {
  BLOCKING,
  CRITICAL,
  EVERY_NODE,
  HISTORY_CRITICAL,
  INTACT,
  ONE_NODE,
  QUORUM,
  SPLITTING,
  SUGGESTION,
  TOP_TIER,
  type Kind
} from '../../study/kinds.js'
import type { FbasError } from '../fbas.error.js'
import { FbasService } from '../fbas.service.js'
import { NetworkBody } from './bodies.js'
import { ClientSignal } from './client.js'
import { AnalysisFailed, ErrorsFilter } from './errors.filter.js'
import { ANALYSIS_PATHS } from './paths.js'
import { ApiProblems } from './problems.js'
import {
  ApiAnalysisQuery,
  optionsOf,
  QUERY_OF_CRITICAL,
  QUERY_OF_INTACT,
  QUERY_OF_NODE,
  QUERY_OF_SETS,
  QUERY_OF_SUGGESTION,
  QUERY_OF_TOP_TIER
} from './query.js'
import { ApiNetworkBody } from './requests.js'
import {
  FbasBlockingSetsAnswer,
  FbasCriticalGroupsAnswer,
  FbasFullAnswer,
  FbasHistoryCriticalAnswer,
  FbasIntactNodesAnswer,
  FbasNodeAnswer,
  FbasNodesAnswer,
  FbasQuorumsAnswer,
  FbasSplittingSetsAnswer,
  FbasTopTierAnswer
} from './responses.js'
import { FbasSuggestionAnswer } from './suggestion.responses.js'

type QueryOfUrl = Record<string, unknown>

/** One endpoint and its description: what is counted, and what that is. */
function Analysis(
  name: keyof typeof ANALYSIS_PATHS,
  { fewest, definition }: Pick<Kind, 'fewest' | 'definition'>,
  type: Type,
  query: string[]
): MethodDecorator {
  const summary = capitalized(fewest)
  return applyDecorators(
    Post(ANALYSIS_PATHS[name]),
    HttpCode(200),
    ApiOperation({ operationId: `analyze_${name}`, summary, description: definition }),
    ApiNetworkBody(),
    ApiAnalysisQuery(query),
    ApiOkResponse({ type }),
    ApiProblems(400, 413, 415, 500, 503, 504)
  )
}

/** The endpoints of the Python service, with its shapes. */
@ApiTags('analysis')
@Controller('analyze')
@UseFilters(ErrorsFilter)
export class FbasAnalysisController {
  constructor(@Inject(FbasService) private readonly service: FbasService) {}

  @Analysis('topTier', TOP_TIER, FbasTopTierAnswer, QUERY_OF_TOP_TIER)
  async topTier(
    @NetworkBody() body: Buffer,
    @Query() query: QueryOfUrl,
    @ClientSignal() signal: AbortSignal
  ) {
    const options = { ...optionsOf(query, QUERY_OF_TOP_TIER), signal }
    return FbasTopTierAnswer.of(answer(await this.service.analyzeTopTier(body, null, options)))
  }

  @Analysis('blockingSets', BLOCKING, FbasBlockingSetsAnswer, QUERY_OF_SETS)
  async blockingSets(
    @NetworkBody() body: Buffer,
    @Query() query: QueryOfUrl,
    @ClientSignal() signal: AbortSignal
  ) {
    const options = { ...optionsOf(query, QUERY_OF_SETS), signal }
    return FbasBlockingSetsAnswer.of(answer(await this.service.analyzeBlockingSets(body, null, options)))
  }

  @Analysis('splittingSets', SPLITTING, FbasSplittingSetsAnswer, QUERY_OF_SETS)
  async splittingSets(
    @NetworkBody() body: Buffer,
    @Query() query: QueryOfUrl,
    @ClientSignal() signal: AbortSignal
  ) {
    const options = { ...optionsOf(query, QUERY_OF_SETS), signal }
    return FbasSplittingSetsAnswer.of(answer(await this.service.analyzeSplittingSets(body, null, options)))
  }

  @Analysis(
    'quorums',
    { ...QUORUM, definition: `${QUORUM.definition} Also says whether every two quorums share a node.` },
    FbasQuorumsAnswer,
    QUERY_OF_SETS
  )
  async quorums(
    @NetworkBody() body: Buffer,
    @Query() query: QueryOfUrl,
    @ClientSignal() signal: AbortSignal
  ) {
    const options = { ...optionsOf(query, QUERY_OF_SETS), signal }
    return FbasQuorumsAnswer.of(answer(await this.service.analyzeQuorums(body, null, options)))
  }

  @Analysis('historyCritical', HISTORY_CRITICAL, FbasHistoryCriticalAnswer, QUERY_OF_SETS)
  async historyCritical(
    @NetworkBody() body: Buffer,
    @Query() query: QueryOfUrl,
    @ClientSignal() signal: AbortSignal
  ) {
    const options = { ...optionsOf(query, QUERY_OF_SETS), signal }
    return FbasHistoryCriticalAnswer.of(
      answer(await this.service.analyzeHistoryCritical(body, null, options))
    )
  }

  @Analysis('node', ONE_NODE, FbasNodeAnswer, QUERY_OF_NODE)
  async node(@NetworkBody() body: Buffer, @Query() query: QueryOfUrl, @ClientSignal() signal: AbortSignal) {
    const { node = '', ...options } = optionsOf(query, QUERY_OF_NODE)
    return FbasNodeAnswer.of(answer(await this.service.analyzeNode(body, null, { ...options, node, signal })))
  }

  @Analysis('nodes', EVERY_NODE, FbasNodesAnswer, QUERY_OF_TOP_TIER)
  async nodes(@NetworkBody() body: Buffer, @Query() query: QueryOfUrl, @ClientSignal() signal: AbortSignal) {
    const options = { ...optionsOf(query, QUERY_OF_TOP_TIER), signal }
    return FbasNodesAnswer.of(answer(await this.service.analyzeNodes(body, null, options)))
  }

  @Analysis('intact', INTACT, FbasIntactNodesAnswer, QUERY_OF_INTACT)
  async intact(@NetworkBody() body: Buffer, @Query() query: QueryOfUrl, @ClientSignal() signal: AbortSignal) {
    const { illBehaved = [], ...options } = optionsOf(query, QUERY_OF_INTACT)
    const asked = { ...options, illBehaved, signal }
    return FbasIntactNodesAnswer.of(answer(await this.service.analyzeIntactNodes(body, null, asked)))
  }

  @Analysis('criticalGroups', CRITICAL, FbasCriticalGroupsAnswer, QUERY_OF_CRITICAL)
  async criticalGroups(
    @NetworkBody() body: Buffer,
    @Query() query: QueryOfUrl,
    @ClientSignal() signal: AbortSignal
  ) {
    const options = { ...optionsOf(query, QUERY_OF_CRITICAL), signal }
    return FbasCriticalGroupsAnswer.of(answer(await this.service.analyzeCriticalGroups(body, null, options)))
  }

  @Analysis('suggestion', SUGGESTION, FbasSuggestionAnswer, QUERY_OF_SUGGESTION)
  async suggestion(
    @NetworkBody() body: Buffer,
    @Query() query: QueryOfUrl,
    @ClientSignal() signal: AbortSignal
  ) {
    const { floorBlocking, floorSplitting, ...options } = optionsOf(query, QUERY_OF_SUGGESTION)
    const floors = { blocking: floorBlocking ?? null, splitting: floorSplitting ?? null }
    return FbasSuggestionAnswer.of(
      answer(await this.service.suggestChange(body, null, { ...options, floors, signal }))
    )
  }

  @Analysis(
    'full',
    { fewest: 'every analysis', definition: 'All of the others at once, with what was found in the data.' },
    FbasFullAnswer,
    QUERY_OF_SETS
  )
  async full(@NetworkBody() body: Buffer, @Query() query: QueryOfUrl, @ClientSignal() signal: AbortSignal) {
    const options = { ...optionsOf(query, QUERY_OF_SETS), signal }
    return FbasFullAnswer.of(answer(await this.service.analyzeFull(body, null, options)))
  }
}

/** The value, or an exception that the filter answers with. */
export function answer<T>(result: Result<T, FbasError>): T {
  if (result.isErr()) throw new AnalysisFailed(result.error)
  return result.value
}
