/** The body of the answer about who has to adopt a quorum set. */

import { ApiProperty } from '@nestjs/swagger'

import type { Finding, Suggestion } from '../../../index.js'
import { FbasRoundAnswer, FbasStageAnswer, FbasUnsafeStateAnswer } from './plan.responses.js'
import { ENGINE, FbasQuorumSetAnswer, FINDINGS, LISTS, MILLISECONDS, NAMES, SIZE } from './responses.js'

/** The answer of `/analyze/suggest`. */
export class FbasSuggestionAnswer {
  @ApiProperty({
    type: FbasQuorumSetAnswer,
    nullable: true,
    description: 'The quorum set to adopt, with public keys; null: no node asks for anything'
  })
  quorum_set!: FbasQuorumSetAnswer | null

  @ApiProperty({
    ...NAMES,
    description: 'The units that can adopt it: public keys or group labels, sorted'
  })
  candidates!: string[]

  @ApiProperty({
    enum: ['split', 'halt', 'floor'],
    nullable: true,
    description:
      'What is wrong today: two quorums share no node, there is no quorum, or a smallest set is below its floor. null: nothing, or with a `lower_bound` of 0 and `is_exact` false that is not proven'
  })
  danger!: Suggestion['danger']

  @ApiProperty({
    ...LISTS,
    nullable: true,
    description: 'With `split`: two quorums that share no node, as public keys, sorted'
  })
  disjoint_quorums!: string[][] | null

  @ApiProperty({
    ...SIZE,
    description:
      'How many units have to adopt it at least; null: whoever does, the network is not safe, or with `is_exact` false none are known'
  })
  min_size!: number | null

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Proven: it takes so many at least' })
  lower_bound!: number

  @ApiProperty({
    description: 'All of it is proven, also what is said of the order; false only with `anytime`'
  })
  is_exact!: boolean

  @ApiProperty({ ...NAMES, nullable: true, description: 'Units that will do, as many as `min_size` says' })
  adopters!: string[] | null

  @ApiProperty({
    type: [FbasRoundAnswer],
    nullable: true,
    description:
      'As few rounds as possible that pass no danger that the network is not in today; the units of a round may adopt it in any order. null: there are none, or with `is_exact` false none was found'
  })
  order!: FbasRoundAnswer[] | null

  @ApiProperty({ description: 'No order avoids other dangers: all of them would have to adopt it at once' })
  all_at_once!: boolean

  @ApiProperty({
    type: FbasUnsafeStateAnswer,
    nullable: true,
    description: 'If not any order avoids other dangers: a state on the way that is in one'
  })
  unsafe_state!: FbasUnsafeStateAnswer | null

  @ApiProperty({ type: FbasStageAnswer, description: 'The network today' })
  before!: FbasStageAnswer

  @ApiProperty({
    type: FbasStageAnswer,
    nullable: true,
    description: 'When the adopters have adopted it'
  })
  after!: FbasStageAnswer | null

  @ApiProperty(FINDINGS)
  findings!: Finding[]

  @ApiProperty(MILLISECONDS)
  execution_time_ms!: number

  @ApiProperty(ENGINE)
  engine!: string

  static of(suggestion: Suggestion): FbasSuggestionAnswer {
    const { order, unsafeState, after } = suggestion
    return {
      quorum_set: suggestion.quorumSet,
      candidates: suggestion.candidates,
      danger: suggestion.danger,
      disjoint_quorums: suggestion.disjointQuorums,
      min_size: suggestion.minSize,
      lower_bound: suggestion.lowerBound,
      is_exact: suggestion.isExact,
      adopters: suggestion.adopters,
      order: order === null ? null : order.map((round) => FbasRoundAnswer.of(round)),
      all_at_once: suggestion.allAtOnce,
      unsafe_state: unsafeState === null ? null : FbasUnsafeStateAnswer.of(unsafeState),
      before: FbasStageAnswer.of(suggestion.before),
      after: after === null ? null : FbasStageAnswer.of(after),
      findings: suggestion.findings,
      execution_time_ms: Math.round(suggestion.executionTimeMs),
      engine: suggestion.engine
    }
  }
}
