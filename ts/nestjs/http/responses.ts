/**
 * Bodies of answers: the fields that the Python service's clients read, with what is true in them, and more beside them.
 *
 * Where that service said 0 for "there is none", `min_size` is null; its `total_sets` was 1 for any number.
 */

import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger'

import type {
  BlockingSetsResult,
  Finding,
  FullAnalysis,
  HistoryCriticalResult,
  MinimalSetResult,
  QuorumsResult,
  SplittingSetsResult,
  TopTierResult
} from '../../../index.js'

const NAMES = {
  type: 'array',
  items: { type: 'string' },
  description: 'Public keys or group labels, sorted; empty where there is none'
} as const
const LISTS = { type: 'array', items: { type: 'array', items: { type: 'string' } } } as const
const MILLISECONDS = { type: 'integer', description: 'The time of the analysis, in milliseconds' } as const
const SIZE = {
  type: 'integer',
  nullable: true,
  description: 'The size of a smallest set; null: there is none'
} as const
const TOTAL = {
  type: 'number',
  nullable: true,
  description:
    'How many inclusion-minimal ones there are; null: not counted (ask with `limit`). Beyond 2^53 the nearest such number'
} as const
const EXACT_TOTAL = {
  type: 'string',
  nullable: true,
  description: 'The same in decimal digits, all of them'
} as const
const ENGINE = { description: 'Package, version and semantics that produced the answer' }

/** Fields of every answer with minimal sets. */
abstract class WithSets {
  @ApiProperty(SIZE)
  min_size!: number | null

  @ApiPropertyOptional({ ...LISTS, description: 'With `limit`: the sets, by size and names' })
  sets?: string[][]

  @ApiPropertyOptional({ type: Boolean, description: 'With `limit`: whether these are all' })
  is_complete?: boolean

  @ApiProperty(MILLISECONDS)
  execution_time_ms!: number

  @ApiProperty(ENGINE)
  engine!: string
}

/** The answer of `/analyze/top-tier`. */
export class FbasTopTierAnswer {
  @ApiProperty(NAMES)
  top_tier!: string[]

  @ApiProperty({ type: 'integer' })
  top_tier_size!: number

  @ApiProperty(MILLISECONDS)
  execution_time_ms!: number

  @ApiProperty({ description: 'False: every answer is worked out anew' })
  cache_hit!: boolean

  @ApiProperty(ENGINE)
  engine!: string

  static of({ topTier, topTierSize, executionTimeMs, engine }: TopTierResult): FbasTopTierAnswer {
    return {
      top_tier: topTier,
      top_tier_size: topTierSize,
      execution_time_ms: Math.round(executionTimeMs),
      cache_hit: false,
      engine
    }
  }
}

/** The answer of `/analyze/blocking-sets`. */
export class FbasBlockingSetsAnswer extends WithSets {
  @ApiProperty(TOTAL)
  total_sets!: number | null

  @ApiProperty(EXACT_TOTAL)
  total_sets_exact!: string | null

  @ApiProperty(NAMES)
  example_set!: string[]

  static of(result: BlockingSetsResult): FbasBlockingSetsAnswer {
    const { total, exact, ...common } = ofSets(result)
    return { ...common, total_sets: total, total_sets_exact: exact, example_set: result.exampleSet }
  }
}

/** The answer of `/analyze/splitting-sets`. */
export class FbasSplittingSetsAnswer extends WithSets {
  @ApiProperty(TOTAL)
  total_sets!: number | null

  @ApiProperty(EXACT_TOTAL)
  total_sets_exact!: string | null

  @ApiProperty(NAMES)
  example_set!: string[]

  @ApiProperty({ description: 'Whether the network is split already: two quorums are disjoint' })
  has_split!: boolean

  static of(result: SplittingSetsResult): FbasSplittingSetsAnswer {
    const { total, exact, ...common } = ofSets(result)
    return {
      ...common,
      total_sets: total,
      total_sets_exact: exact,
      example_set: result.exampleSet,
      has_split: result.minSize === 0
    }
  }
}

/** The answer of `/analyze/quorums`. */
export class FbasQuorumsAnswer extends WithSets {
  @ApiProperty(TOTAL)
  total_quorums!: number | null

  @ApiProperty(EXACT_TOTAL)
  total_quorums_exact!: string | null

  @ApiProperty(NAMES)
  example_quorum!: string[]

  @ApiProperty({ description: 'Whether a quorum exists and every two share a node' })
  quorum_intersection!: boolean

  static of(result: QuorumsResult): FbasQuorumsAnswer {
    const { total, exact, ...common } = ofSets(result)
    return {
      ...common,
      total_quorums: total,
      total_quorums_exact: exact,
      example_quorum: result.exampleSet,
      quorum_intersection: result.hasQuorumIntersection
    }
  }
}

/** The answer of `/analyze/history-critical`, and of the network's own endpoint. */
export class FbasHistoryCriticalAnswer extends WithSets {
  @ApiProperty({ ...LISTS, description: 'The sets found: one smallest, or with `limit` all of them' })
  critical_sets!: string[][]

  static of(result: HistoryCriticalResult): FbasHistoryCriticalAnswer {
    const { total: _total, exact: _exact, ...common } = ofSets(result)
    return { critical_sets: result.criticalSets, ...common }
  }
}

/** Something about the data that an operator should know. */
export class FbasFindingAnswer {
  @ApiProperty()
  code!: string

  @ApiProperty()
  message!: string

  @ApiProperty(NAMES)
  nodes!: string[]
}

/** The answer of `/analyze/full`. */
export class FbasFullAnswer {
  @ApiProperty({ type: FbasTopTierAnswer })
  top_tier!: FbasTopTierAnswer

  @ApiProperty({ type: FbasBlockingSetsAnswer })
  blocking_sets!: FbasBlockingSetsAnswer

  @ApiProperty({ type: FbasSplittingSetsAnswer })
  splitting_sets!: FbasSplittingSetsAnswer

  @ApiProperty({ type: FbasQuorumsAnswer })
  quorums!: FbasQuorumsAnswer

  @ApiProperty({ type: FbasHistoryCriticalAnswer })
  history_critical!: FbasHistoryCriticalAnswer

  @ApiProperty({ type: [FbasFindingAnswer], description: 'What an operator should know about the data' })
  findings!: Finding[]

  @ApiProperty(MILLISECONDS)
  total_execution_time_ms!: number

  @ApiProperty(ENGINE)
  engine!: string

  static of(result: FullAnalysis): FbasFullAnswer {
    return {
      top_tier: FbasTopTierAnswer.of(result.topTier),
      blocking_sets: FbasBlockingSetsAnswer.of(result.blockingSets),
      splitting_sets: FbasSplittingSetsAnswer.of(result.splittingSets),
      quorums: FbasQuorumsAnswer.of(result.quorums),
      history_critical: FbasHistoryCriticalAnswer.of(result.historyCritical),
      findings: result.findings,
      total_execution_time_ms: Math.round(result.executionTimeMs),
      engine: result.engine
    }
  }
}

/** The answer of `/health`. */
export class FbasHealthAnswer {
  @ApiProperty({
    enum: ['healthy', 'degraded'],
    description: 'degraded: no engine, no free place, or rolled back'
  })
  status!: 'healthy' | 'degraded'

  @ApiProperty({ description: 'The version of the package; unknown without an engine' })
  version!: string

  @ApiProperty({
    description: 'Whether an engine is available. The name is that of the service that this stands in for'
  })
  python_fbas_available!: boolean

  @ApiProperty({ type: String, nullable: true, description: 'The SAT solver and its version' })
  solver!: string | null

  @ApiProperty({ type: 'integer', description: 'Analyses that are running' })
  running!: number

  @ApiProperty({ type: 'integer', description: 'Analyses that wait for a place' })
  waiting!: number

  @ApiProperty({ type: Boolean, description: 'Whether the roll-out went back to the other analyser' })
  rolled_back!: boolean

  @ApiPropertyOptional({ description: 'Why no engine is available' })
  reason?: string
}

/** The answer to what failed. */
export class FbasProblemAnswer {
  @ApiProperty({ description: 'What was wrong; with 400 the place in the body and what was expected there' })
  detail!: string
}

function ofSets({
  minSize,
  totalSets,
  sets,
  isComplete,
  executionTimeMs,
  engine
}: MinimalSetResult & { engine: string }) {
  return {
    min_size: minSize,
    ...(sets === undefined ? {} : { sets, is_complete: isComplete === true }),
    total: totalSets === undefined ? null : Number(totalSets),
    exact: totalSets === undefined ? null : String(totalSets),
    execution_time_ms: Math.round(executionTimeMs),
    engine
  }
}
