/** The body of the answer about a change: whether any order will do, a state that is not safe, and the rounds of an order that is. */

import { ApiProperty } from '@nestjs/swagger'

import type { Finding, Plan, PlanRound, PlanStage, UnsafeState } from '../../../index.js'
import { ENGINE, FINDINGS, LISTS, MILLISECONDS, NAMES, SIZE } from './responses.js'

const COUNTED = 'counted as `group_by` says, with the `faulty_nodes` down'

/** What a network is like on the way from one to another. */
export class FbasStageAnswer {
  @ApiProperty({
    description: 'Whether a quorum exists and every two share a node; false where that is not proven'
  })
  quorum_intersection!: boolean

  @ApiProperty({ type: 'integer', description: `How many are in the top tier, ${COUNTED}` })
  top_tier_size!: number

  @ApiProperty({ type: 'integer', description: `The size of a smallest blocking set, ${COUNTED}` })
  blocking_sets_min_size!: number

  @ApiProperty({
    ...SIZE,
    description: `The size of a smallest splitting set, ${COUNTED}; null: there is none`
  })
  splitting_sets_min_size!: number | null

  @ApiProperty({
    description: 'All of that is proven; false only with `anytime`: sizes are then the best that are known'
  })
  is_exact!: boolean

  static of({ figures, hasQuorumIntersection, hasSplittingSet, isExact }: PlanStage): FbasStageAnswer {
    return {
      quorum_intersection: hasQuorumIntersection,
      top_tier_size: figures.topTierSize,
      blocking_sets_min_size: figures.blockingSetsMinSize,
      splitting_sets_min_size: hasSplittingSet ? figures.splittingSetsMinSize : null,
      is_exact: isExact
    }
  }
}

/** A state that is not safe. */
export class FbasUnsafeStateAnswer {
  @ApiProperty({ ...NAMES, description: 'The units that have changed in it, sorted; the others have not' })
  changed!: string[]

  @ApiProperty({
    enum: ['split', 'halt', 'floor'],
    description: 'Two quorums share no node, there is no quorum, or a smallest set is below its floor'
  })
  reason!: UnsafeState['reason']

  @ApiProperty({
    ...LISTS,
    nullable: true,
    description: 'With `split`: two quorums that share no node, as public keys, sorted'
  })
  disjoint_quorums!: string[][] | null

  @ApiProperty({ type: FbasStageAnswer, description: 'What the network is like in it' })
  stage!: FbasStageAnswer

  static of({ changed, reason, disjointQuorums, stage }: UnsafeState): FbasUnsafeStateAnswer {
    return { changed, reason, disjoint_quorums: disjointQuorums, stage: FbasStageAnswer.of(stage) }
  }
}

/** Units that may change in any order. */
export class FbasRoundAnswer {
  @ApiProperty({ ...NAMES, description: 'The units: public keys or group labels, sorted' })
  units!: string[]

  @ApiProperty({
    type: FbasStageAnswer,
    description: 'What the network is like when all of them have changed'
  })
  after!: FbasStageAnswer

  static of({ units, after, ...stage }: PlanRound): FbasRoundAnswer {
    return { units, after: FbasStageAnswer.of({ ...stage, figures: after }) }
  }
}

/** The answer of `/analyze/plan`. */
export class FbasPlanAnswer {
  @ApiProperty({ ...NAMES, description: 'The units that change: public keys or group labels, sorted' })
  units!: string[]

  @ApiProperty({
    type: Boolean,
    nullable: true,
    description: 'Whether every state between the two networks is safe; null, only with `anytime`: not proven'
  })
  any_order_is_safe!: boolean | null

  @ApiProperty({
    type: FbasUnsafeStateAnswer,
    nullable: true,
    description:
      'If not every state is: one that is not, one of the two networks themselves if one of them is not'
  })
  unsafe_state!: FbasUnsafeStateAnswer | null

  @ApiProperty({
    type: [FbasRoundAnswer],
    nullable: true,
    description:
      'As few rounds as possible, whose states are all safe; the units of a round may change in any order. null: no order is safe, or with `is_exact` false none was found'
  })
  order!: FbasRoundAnswer[] | null

  @ApiProperty({
    description: 'Both networks are safe and no order is: all units would have to change at once'
  })
  all_at_once!: boolean

  @ApiProperty({ type: FbasStageAnswer, description: 'The earlier network' })
  before!: FbasStageAnswer

  @ApiProperty({ type: FbasStageAnswer, description: 'The later network' })
  after!: FbasStageAnswer

  @ApiProperty({
    description:
      'Whether any order will do is proven, and the order, or that there is none; false only with `anytime`'
  })
  is_exact!: boolean

  @ApiProperty(FINDINGS)
  findings!: Finding[]

  @ApiProperty(MILLISECONDS)
  execution_time_ms!: number

  @ApiProperty(ENGINE)
  engine!: string

  static of(plan: Plan): FbasPlanAnswer {
    const { unsafeState, order } = plan
    return {
      units: plan.units,
      any_order_is_safe: plan.anyOrderIsSafe,
      unsafe_state: unsafeState === null ? null : FbasUnsafeStateAnswer.of(unsafeState),
      order: order === null ? null : order.map((round) => FbasRoundAnswer.of(round)),
      all_at_once: plan.allAtOnce,
      before: FbasStageAnswer.of(plan.before),
      after: FbasStageAnswer.of(plan.after),
      is_exact: plan.isExact,
      findings: plan.findings,
      execution_time_ms: Math.round(plan.executionTimeMs),
      engine: plan.engine
    }
  }
}
