/** The body of the answer about what changed between two networks: `diff` of the command line, in the names of these endpoints. */

import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger'

import type { Finding } from '../../../index.js'
import type { Change, Direction, Sided } from '../../study/changes.js'
import { checkOf, type Check } from '../../study/check.js'
import type { Comparison } from '../../study/comparison.js'
import type { QuorumSetDifference, Threshold } from '../../study/quorum-set-changes.js'
import { factsOf, unprovenIn, type Counted, type Study } from '../../study/study.js'
import { ENGINE, FbasQuorumSetAnswer, FINDINGS, NAMES, SIZE } from './responses.js'

const CHECKS = ['safe', 'unsafe', 'unknown'] satisfies Check[]
const SIDES = ['before', 'after'] as const
const FACT = { type: Boolean, nullable: true } as const
const BEST = 'null: there is none or, where that is not proven, none is known'

type Side = (typeof SIDES)[number]

/** What the study calls a figure, and what the answer does: names of fields of a network, or of what is counted in it. */
const FIGURES: Record<string, string> = {
  verdict: 'verdict',
  hasQuorum: 'has_quorum',
  hasQuorumIntersection: 'quorum_intersection',
  hasHalted: 'has_halted',
  hasSymmetricTopTier: 'has_symmetric_top_tier',
  topTierSize: 'top_tier_size',
  blockingSetsMinSize: 'blocking_sets_min_size',
  blockingSetsFilteredMinSize: 'blocking_sets_filtered_min_size',
  splittingSetsMinSize: 'splitting_sets_min_size',
  quorumsMinSize: 'quorums_min_size',
  historyCriticalMinSize: 'history_critical_min_size'
}

/** Sizes of a network, counted in one way. */
export class FbasCountedAnswer {
  @ApiProperty(NAMES)
  top_tier!: string[]

  @ApiProperty({ type: 'integer' })
  top_tier_size!: number

  @ApiProperty({ ...SIZE, description: `The size of a smallest blocking set; ${BEST}` })
  blocking_sets_min_size!: number | null

  @ApiProperty({ ...SIZE, description: `The same with the faulty nodes down; ${BEST}` })
  blocking_sets_filtered_min_size!: number | null

  @ApiProperty({ ...SIZE, description: `The size of a smallest splitting set; ${BEST}` })
  splitting_sets_min_size!: number | null

  @ApiProperty({ ...SIZE, description: `The size of a smallest quorum; ${BEST}` })
  quorums_min_size!: number | null

  @ApiProperty({ ...SIZE, description: `The size of a smallest history-critical set; ${BEST}` })
  history_critical_min_size!: number | null

  @ApiProperty({ description: 'All of them are proven; false only with `anytime`' })
  is_exact!: boolean

  static of(study: Study, counted: Counted): FbasCountedAnswer {
    const { topTier, blockingSets, blockingSetsFiltered, splittingSets, quorums, historyCritical } = counted
    return {
      top_tier: topTier.topTier,
      top_tier_size: topTier.topTierSize,
      blocking_sets_min_size: blockingSets.minSize,
      blocking_sets_filtered_min_size: blockingSetsFiltered.minSize,
      splitting_sets_min_size: splittingSets.minSize,
      quorums_min_size: quorums.minSize,
      history_critical_min_size: historyCritical.minSize,
      is_exact: unprovenIn({ ...study, counted: [counted] }).length === 0
    }
  }
}

/** One of two networks that are compared. */
@ApiExtraModels(FbasCountedAnswer)
export class FbasComparedAnswer {
  @ApiProperty({ enum: CHECKS, description: 'safe: quorums intersect, and it has not halted' })
  verdict!: Check

  @ApiProperty({ ...FACT, description: 'null: no quorum set is known' })
  has_quorum!: boolean | null

  @ApiProperty({
    ...FACT,
    description: 'Whether a quorum exists and every two share a node; null: not proven, or none is known'
  })
  quorum_intersection!: boolean | null

  @ApiProperty({
    ...FACT,
    description: 'Whether no quorum is left with the faulty nodes down; null: not proven, or none is known'
  })
  has_halted!: boolean | null

  @ApiProperty({ ...FACT, description: 'null: no quorum set is known' })
  has_symmetric_top_tier!: boolean | null

  @ApiProperty({ ...NAMES, description: 'The nodes that are taken for down: public keys, sorted' })
  faulty_nodes!: string[]

  @ApiProperty({ ...NAMES, description: 'The nodes on which everybody else depends: public keys, sorted' })
  core!: string[]

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(FbasCountedAnswer) },
    description:
      'Sizes by what is counted: `node`, `organization`, `country` and `isp`, or what `group_by` says; none where no quorum set is known'
  })
  counting!: Record<string, FbasCountedAnswer>

  @ApiProperty(FINDINGS)
  findings!: Finding[]

  static of(study: Study): FbasComparedAnswer {
    const { hasQuorum, hasQuorumIntersection, hasHalted } = factsOf(study)
    // Where nobody says who asks for whom, a size would be one of no network.
    const counted = study.intersection.kind === 'nothing known' ? [] : study.counted
    return {
      verdict: checkOf(study),
      has_quorum: hasQuorum,
      quorum_intersection: hasQuorumIntersection,
      has_halted: hasHalted,
      has_symmetric_top_tier: hasQuorum === null ? null : study.symmetricTopTier !== null,
      faulty_nodes: [...study.faultyNodes].sort(),
      core: study.core,
      counting: Object.fromEntries(
        counted.map((one) => [one.grouping.key, FbasCountedAnswer.of(study, one)])
      ),
      findings: study.findings
    }
  }
}

/** How many entries of a quorum set must be satisfied, of how many. */
export class FbasThresholdAnswer {
  @ApiProperty({ type: 'number' })
  threshold!: number

  @ApiProperty({ type: 'integer' })
  entries!: number
}

/** Two thresholds that differ. */
export class FbasThresholdChangeAnswer {
  @ApiProperty({ type: FbasThresholdAnswer })
  before!: Threshold

  @ApiProperty({ type: FbasThresholdAnswer })
  after!: Threshold
}

/** What is another in a quorum set than before, entry by entry. */
export class FbasQuorumSetDifferenceAnswer {
  @ApiPropertyOptional({ type: FbasThresholdChangeAnswer, description: 'Absent: it is the same' })
  threshold?: FbasThresholdChangeAnswer

  @ApiProperty({ ...NAMES, description: 'Validators that joined: public keys, sorted' })
  joined!: string[]

  @ApiProperty({ ...NAMES, description: 'Validators that left: public keys, sorted' })
  left!: string[]

  @ApiProperty({ type: [FbasQuorumSetAnswer] })
  inner_sets_joined!: FbasQuorumSetAnswer[]

  @ApiProperty({ type: [FbasQuorumSetAnswer] })
  inner_sets_left!: FbasQuorumSetAnswer[]

  @ApiProperty({ type: () => [FbasInnerSetChangeAnswer], description: 'Inner sets that share members' })
  inner_sets_changed!: FbasInnerSetChangeAnswer[]

  static of(difference: QuorumSetDifference): FbasQuorumSetDifferenceAnswer {
    const { threshold, joined, left, innerSetsJoined, innerSetsLeft, innerSetsChanged } = difference
    return {
      ...(threshold === undefined ? {} : { threshold: { before: threshold.old, after: threshold.new } }),
      joined,
      left,
      inner_sets_joined: innerSetsJoined,
      inner_sets_left: innerSetsLeft,
      inner_sets_changed: innerSetsChanged.map(({ old, new: now, difference }) => ({
        before: old,
        after: now,
        difference: FbasQuorumSetDifferenceAnswer.of(difference)
      }))
    }
  }
}

/** An inner set that is there on both sides, but differs. */
export class FbasInnerSetChangeAnswer {
  @ApiProperty({ type: FbasQuorumSetAnswer })
  before!: FbasQuorumSetAnswer

  @ApiProperty({ type: FbasQuorumSetAnswer })
  after!: FbasQuorumSetAnswer

  @ApiProperty({ type: () => FbasQuorumSetDifferenceAnswer })
  difference!: FbasQuorumSetDifferenceAnswer
}

/** A figure that is another one. */
export class FbasFigureChangeAnswer {
  @ApiProperty({ enum: ['verdict', 'size'] })
  kind!: 'verdict' | 'size'

  @ApiPropertyOptional({ description: 'With `size`: what is counted' })
  counting?: string

  @ApiProperty({ enum: Object.values(FIGURES), description: 'The field of a network that it is' })
  what!: string

  @ApiProperty({ description: 'In words for a table' })
  before!: string

  @ApiProperty({ description: 'In words for a table' })
  after!: string

  @ApiProperty({ enum: ['better', 'worse', 'other'], description: 'For the network; other: neither' })
  direction!: Direction
}

/** Somebody who joined or left. */
export class FbasMemberChangeAnswer {
  @ApiProperty({
    enum: ['listed', 'top_tier'],
    description: 'The nodes or groups of the data, or the top tier'
  })
  kind!: 'listed' | 'top_tier'

  @ApiProperty({ description: 'What is counted' })
  counting!: string

  @ApiProperty({ enum: ['joined', 'left'] })
  change!: 'joined' | 'left'

  @ApiProperty({ description: 'A public key or the label of a group' })
  member!: string
}

/** A node with another quorum set. */
export class FbasQuorumSetChangeAnswer {
  @ApiProperty({ enum: ['quorum_set'] })
  kind!: 'quorum_set'

  @ApiProperty({
    enum: ['changed', 'lost', 'found'],
    description: 'lost: it was known and is not any more; found: the other way round'
  })
  change!: 'changed' | 'lost' | 'found'

  @ApiProperty({ description: 'The public key of the node' })
  member!: string

  @ApiPropertyOptional({ type: FbasQuorumSetDifferenceAnswer, description: 'With `changed`' })
  difference?: FbasQuorumSetDifferenceAnswer
}

/** Something about the data that was not so before, or is not any more. */
export class FbasFindingChangeAnswer {
  @ApiProperty({ enum: ['finding'] })
  kind!: 'finding'

  @ApiProperty({ enum: ['new', 'gone'] })
  change!: 'new' | 'gone'

  @ApiProperty()
  code!: string

  @ApiProperty()
  message!: string

  @ApiProperty(NAMES)
  nodes!: string[]
}

/** A change of any kind. */
export type FbasChangeAnswer =
  FbasFigureChangeAnswer | FbasMemberChangeAnswer | FbasQuorumSetChangeAnswer | FbasFindingChangeAnswer

const CHANGES = [
  FbasFigureChangeAnswer,
  FbasMemberChangeAnswer,
  FbasQuorumSetChangeAnswer,
  FbasFindingChangeAnswer
]

/** Why what changed may be no change of the network. */
export class FbasDoubtAnswer {
  @ApiProperty({ enum: SIDES, description: 'The network that it is about' })
  side!: Side

  @ApiProperty()
  message!: string

  @ApiProperty({ ...NAMES, description: 'The nodes that it hangs on: public keys' })
  nodes!: string[]
}

/** What is not compared. */
export class FbasNotComparedAnswer {
  @ApiProperty({ enum: SIDES, description: 'The network that has no data on it' })
  side!: Side

  @ApiProperty()
  message!: string
}

/** What a pipeline makes of it. */
export class FbasChecksAnswer {
  @ApiProperty({ enum: CHECKS, description: 'unsafe: something has changed' })
  changed!: Check

  @ApiProperty({ enum: CHECKS, description: 'unsafe: something has become worse' })
  worse!: Check
}

/** The answer of `/analyze/compare`. */
@ApiExtraModels(...CHANGES)
export class FbasComparisonAnswer {
  @ApiProperty({ type: FbasComparedAnswer, description: 'The earlier network' })
  before!: FbasComparedAnswer

  @ApiProperty({ type: FbasComparedAnswer, description: 'The later network' })
  after!: FbasComparedAnswer

  @ApiProperty({
    type: 'array',
    items: { oneOf: CHANGES.map((change) => ({ $ref: getSchemaPath(change) })) },
    description: 'All changes, the most important first'
  })
  changes!: FbasChangeAnswer[]

  @ApiProperty({ type: FbasChecksAnswer, description: 'unknown: something may have' })
  checks!: FbasChecksAnswer

  @ApiProperty({ type: [FbasDoubtAnswer] })
  doubts!: FbasDoubtAnswer[]

  @ApiProperty({ type: [FbasNotComparedAnswer] })
  not_compared!: FbasNotComparedAnswer[]

  @ApiProperty({ description: 'The time from the call to the answer, in milliseconds', type: 'integer' })
  execution_time_ms!: number

  @ApiProperty(ENGINE)
  engine!: string

  static of(comparison: Comparison, milliseconds: number): FbasComparisonAnswer {
    const { before, after, changes, checks, doubts, notCompared, engine } = comparison
    return {
      before: FbasComparedAnswer.of(before),
      after: FbasComparedAnswer.of(after),
      changes: changes.map(changeOf),
      checks,
      doubts: doubts.map(({ side, words, nodes }) => ({ side: sideOf(side), message: words, nodes })),
      not_compared: notCompared.map(({ side, words }) => ({ side: sideOf(side), message: words })),
      execution_time_ms: Math.round(milliseconds),
      engine
    }
  }
}

function changeOf(change: Change): FbasChangeAnswer {
  switch (change.kind) {
    case 'verdict':
    case 'size': {
      const { old: before, new: after, what, ...rest } = change
      return { ...rest, what: FIGURES[what] ?? what, before, after }
    }
    case 'listed':
      return { ...change, kind: 'listed' }
    case 'topTier':
      return { ...change, kind: 'top_tier' }
    case 'quorumSet': {
      const { change: way, member } = change
      const difference = 'difference' in change ? change.difference : undefined
      return {
        kind: 'quorum_set',
        change: way,
        member,
        ...(difference === undefined ? {} : { difference: FbasQuorumSetDifferenceAnswer.of(difference) })
      }
    }
    case 'finding':
      return change
  }
}

function sideOf(side: Sided['side']): Side {
  return side === 'old' ? 'before' : 'after'
}
