/**
 * Bodies of answers: the fields that the Python service's clients read, with what is true in them, and more beside them.
 *
 * Where that service said 0 for "there is none", `min_size` is null; its `total_sets` was 1 for any number.
 */

import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger'

import type {
  BlockingSetsResult,
  CriticalGroup,
  CriticalGroupsResult,
  Finding,
  FullAnalysis,
  HistoryCriticalResult,
  IntactNodesResult,
  MinimalSetResult,
  NodeResult,
  NodesResult,
  QuorumSet,
  QuorumsResult,
  SplittingSetsResult,
  TopTierResult
} from '../../../index.js'
import { HALTING_NODE, INTACT, SPLITTING_OFF, TOP_TIER, V_BLOCKING } from '../../study/kinds.js'

export const NAMES = {
  type: 'array',
  items: { type: 'string' },
  description: 'Public keys or group labels, sorted; empty where there is none'
} as const
export const LISTS = { type: 'array', items: { type: 'array', items: { type: 'string' } } } as const
export const MILLISECONDS = {
  type: 'integer',
  description: 'The time of the analysis, in milliseconds'
} as const
export const SIZE = {
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
export const ENGINE = { description: 'Package, version and semantics that produced the answer' }

/** Something about the data that an operator should know. */
export class FbasFindingAnswer {
  @ApiProperty()
  code!: string

  @ApiProperty()
  message!: string

  @ApiProperty(NAMES)
  nodes!: string[]
}

export const FINDINGS = {
  type: FbasFindingAnswer,
  isArray: true,
  description: 'What an operator should know about the data, the question and the answer'
} as const
const FINDINGS_OF_ONE = {
  ...FINDINGS,
  description: `${FINDINGS.description}; absent in the parts of a full answer, which has them all`
} as const

/** Fields of every answer with minimal sets. */
abstract class WithSets {
  @ApiProperty(SIZE)
  min_size!: number | null

  @ApiPropertyOptional({ ...LISTS, description: 'With `limit`: the sets, by size and names' })
  sets?: string[][]

  @ApiPropertyOptional({ type: Boolean, description: 'With `limit`: whether these are all' })
  is_complete?: boolean

  @ApiPropertyOptional(FINDINGS_OF_ONE)
  findings?: Finding[]

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

  @ApiPropertyOptional(FINDINGS_OF_ONE)
  findings?: Finding[]

  @ApiProperty({ description: 'False: every answer is worked out anew' })
  cache_hit!: boolean

  @ApiProperty(ENGINE)
  engine!: string

  static of({ topTier, topTierSize, findings, executionTimeMs, engine }: TopTierResult): FbasTopTierAnswer {
    return {
      top_tier: topTier,
      top_tier_size: topTierSize,
      ...(findings === undefined ? {} : { findings }),
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

/** A smallest set of a kind. */
export class FbasSmallestSetAnswer {
  @ApiProperty(SIZE)
  min_size!: number | null

  @ApiProperty(NAMES)
  example_set!: string[]

  static of({ minSize, exampleSet }: MinimalSetResult): FbasSmallestSetAnswer {
    return { min_size: minSize, example_set: exampleSet }
  }
}

/** A smallest set that splits a node off. */
export class FbasSplittingOffAnswer extends FbasSmallestSetAnswer {
  @ApiProperty({ ...NAMES, description: 'The side of the node: public keys, sorted' })
  quorum_a!: string[]

  @ApiProperty({ ...NAMES, description: 'The other side: public keys, sorted' })
  quorum_b!: string[]
}

/** A quorum set as it is written. */
export class FbasQuorumSetAnswer {
  @ApiProperty({ type: 'number', description: 'How many entries must be satisfied' })
  threshold!: number

  @ApiProperty({ type: 'array', items: { type: 'string' }, description: 'Entries that are validators' })
  validators!: string[]

  @ApiProperty({ type: () => [FbasQuorumSetAnswer], description: 'Entries that are quorum sets' })
  innerQuorumSets!: QuorumSet[]
}

/** The answer of `/analyze/node`, and of `/analyze/nodes` for each node. */
export class FbasNodeAnswer {
  @ApiProperty({ description: 'The public key' })
  public_key!: string

  @ApiProperty({ description: 'Whether it is in some quorum' })
  is_in_quorum!: boolean

  @ApiProperty({ description: 'Whether it is in the core' })
  is_in_core!: boolean

  @ApiProperty({ description: `Whether it is one of those ${TOP_TIER.can}` })
  is_in_top_tier!: boolean

  @ApiProperty({ type: FbasSmallestSetAnswer, description: HALTING_NODE.definition })
  halting!: FbasSmallestSetAnswer

  @ApiProperty({ type: FbasSmallestSetAnswer, description: V_BLOCKING.definition })
  v_blocking!: FbasSmallestSetAnswer

  @ApiProperty({ type: FbasSplittingOffAnswer, description: SPLITTING_OFF.definition })
  splitting!: FbasSplittingOffAnswer

  @ApiProperty({ ...NAMES, description: 'Others that are in a quorum, but in none without it' })
  dependents!: string[]

  @ApiProperty({ ...NAMES, description: 'Others whose quorum sets name it' })
  trusted_by!: string[]

  @ApiProperty({ ...NAMES, description: 'Whom it names, whom these name, and so on' })
  reach!: string[]

  @ApiProperty({ type: FbasQuorumSetAnswer, nullable: true, description: 'Its quorum set; null: not known' })
  quorum_set!: FbasQuorumSetAnswer | null

  @ApiProperty({ description: 'Whether its quorum set names it' })
  names_itself!: boolean

  @ApiProperty({ ...NAMES, description: 'Validators that its quorum set names and that are in no quorum' })
  dead_validators!: string[]

  @ApiProperty({ type: [FbasQuorumSetAnswer], description: 'Inner sets that no quorum satisfies' })
  dead_sets!: FbasQuorumSetAnswer[]

  @ApiProperty({
    type: [FbasQuorumSetAnswer],
    description: 'Inner sets that are satisfied now, but not when one more of their entries fails'
  })
  intolerant_sets!: FbasQuorumSetAnswer[]

  @ApiProperty({ ...NAMES, description: 'Organizations each of which halts it alone' })
  stopped_by!: string[]

  @ApiPropertyOptional({
    ...FINDINGS,
    description: `${FINDINGS.description}; absent in the answers for every node, which have them beside them`
  })
  findings?: Finding[]

  @ApiProperty(MILLISECONDS)
  execution_time_ms!: number

  @ApiProperty(ENGINE)
  engine!: string

  static of(result: NodeResult): FbasNodeAnswer {
    return { ...FbasNodeAnswer.ofMany(result), findings: result.findings }
  }

  /** Of one of many, which have their findings together. */
  static ofMany(result: NodeResult): FbasNodeAnswer {
    const { quorumA, quorumB } = result.splitting
    return {
      public_key: result.publicKey,
      is_in_quorum: result.isInQuorum,
      is_in_core: result.isInCore,
      is_in_top_tier: result.isInTopTier,
      halting: FbasSmallestSetAnswer.of(result.halting),
      v_blocking: FbasSmallestSetAnswer.of(result.vBlocking),
      splitting: { ...FbasSmallestSetAnswer.of(result.splitting), quorum_a: quorumA, quorum_b: quorumB },
      dependents: result.dependents,
      trusted_by: result.trustedBy,
      reach: result.reach,
      quorum_set: result.quorumSet,
      names_itself: result.namesItself,
      dead_validators: result.deadValidators,
      dead_sets: result.deadSets,
      intolerant_sets: result.intolerantSets,
      stopped_by: result.stoppedBy,
      execution_time_ms: Math.round(result.executionTimeMs),
      engine: result.engine
    }
  }
}

/** The answer of `/analyze/nodes`. */
export class FbasNodesAnswer {
  @ApiProperty({ type: [FbasNodeAnswer] })
  nodes!: FbasNodeAnswer[]

  @ApiProperty(FINDINGS)
  findings!: Finding[]

  @ApiProperty(MILLISECONDS)
  execution_time_ms!: number

  @ApiProperty(ENGINE)
  engine!: string

  static of({ nodes, findings, executionTimeMs, engine }: NodesResult): FbasNodesAnswer {
    return {
      nodes: nodes.map((node) => FbasNodeAnswer.ofMany(node)),
      findings,
      execution_time_ms: Math.round(executionTimeMs),
      engine
    }
  }
}

/** The answer of `/analyze/intact`. */
export class FbasIntactNodesAnswer {
  @ApiProperty({ ...NAMES, description: INTACT.definition })
  intact!: string[]

  @ApiProperty({ ...NAMES, description: 'All others, those in no quorum among them' })
  befouled!: string[]

  @ApiProperty({ ...NAMES, description: 'The smallest dispensable set with the ill-behaved nodes' })
  dispensable_set!: string[]

  @ApiProperty(FINDINGS)
  findings!: Finding[]

  @ApiProperty(MILLISECONDS)
  execution_time_ms!: number

  @ApiProperty(ENGINE)
  engine!: string

  static of(result: IntactNodesResult): FbasIntactNodesAnswer {
    return {
      intact: result.intact,
      befouled: result.befouled,
      dispensable_set: result.dispensableSet,
      findings: result.findings,
      execution_time_ms: Math.round(result.executionTimeMs),
      engine: result.engine
    }
  }
}

/** A group that may be misconfigured. */
export class FbasCriticalGroupAnswer {
  @ApiProperty({ type: String, nullable: true, description: 'Its label; null: no grouping names it' })
  group!: string | null

  @ApiProperty({ ...NAMES, description: 'Its nodes: public keys, sorted' })
  nodes!: string[]

  @ApiProperty({ type: Boolean, nullable: true, description: 'null: quorums do not intersect to begin with' })
  is_critical!: boolean | null

  @ApiProperty({
    ...LISTS,
    nullable: true,
    description: 'Two quorums that are disjoint when it is misconfigured'
  })
  disjoint_quorums!: string[][] | null

  static of({ group, nodes, isCritical, disjointQuorums }: CriticalGroup): FbasCriticalGroupAnswer {
    return { group, nodes, is_critical: isCritical, disjoint_quorums: disjointQuorums }
  }
}

/** The answer of `/analyze/critical-groups`. */
export class FbasCriticalGroupsAnswer {
  @ApiProperty({ type: [FbasCriticalGroupAnswer] })
  groups!: FbasCriticalGroupAnswer[]

  @ApiProperty({ description: 'Whether a quorum exists and every two share a node as it is' })
  quorum_intersection!: boolean

  @ApiProperty(FINDINGS)
  findings!: Finding[]

  @ApiProperty(MILLISECONDS)
  execution_time_ms!: number

  @ApiProperty(ENGINE)
  engine!: string

  static of(result: CriticalGroupsResult): FbasCriticalGroupsAnswer {
    return {
      groups: result.groups.map((group) => FbasCriticalGroupAnswer.of(group)),
      quorum_intersection: result.hasQuorumIntersection,
      findings: result.findings,
      execution_time_ms: Math.round(result.executionTimeMs),
      engine: result.engine
    }
  }
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

  @ApiProperty(FINDINGS)
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
  findings,
  executionTimeMs,
  engine
}: MinimalSetResult & { engine: string; findings?: Finding[] }) {
  return {
    min_size: minSize,
    ...(sets === undefined ? {} : { sets, is_complete: isComplete === true }),
    total: totalSets === undefined ? null : Number(totalSets),
    exact: totalSets === undefined ? null : String(totalSets),
    ...(findings === undefined ? {} : { findings }),
    execution_time_ms: Math.round(executionTimeMs),
    engine
  }
}
