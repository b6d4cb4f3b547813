/**
 * How `plan` and `suggest` ask about a change of a network and tell of it: what changes at once, why the answer may be another one, which state is
 * dangerous, who does what in which round, and what the network is like on the way.
 */

import type { Finding, Plan, PlanOptions, PlanRound, PlanStage, UnsafeState } from '../../index.js'
import { checkedBothWays, type Check } from '../study/check.js'
import { doubtsIn, isNothingKnown, LEFT_OUT, type Doubt } from '../study/doubts.js'
import { groupingOf, ORGANIZATIONS, type Grouping } from '../study/groupings.js'
import { listOf } from '../study/listing.js'
import type { Naming } from '../study/naming.js'
import { readingOfSizes, stageCells, type Unknown } from '../study/plan.js'
import { readingOf } from '../study/study.js'
import type { Reading } from './input.js'
import type { Options } from './options.js'
import type { Look } from './output.js'
import { noted, NOTES } from './said.js'
import type { Session } from './session.js'
import { paragraph, table } from './table.js'
import { attributeNamed } from './understood.js'

/** What changes at once, what sizes count, and below which sizes a state is not safe. */
export interface Way {
  unit: Grouping
  counting: Grouping
  floors: { blocking: number | undefined; splitting: number | undefined }
}

/** What the options say of it. */
export function wayOf(options: Options, reading: Pick<Reading, 'nodes'>): Way {
  const { unit: named, groupBy, floorBlocking: blocking, floorSplitting: splitting } = options
  const unit = named === undefined ? ORGANIZATIONS : groupingOf(attributeNamed(named, reading, '--unit'))
  // Sizes count what changes at once, unless something else is asked for.
  const counting = groupBy === undefined ? unit : groupingOf(groupBy)
  return { unit, counting, floors: { blocking, splitting } }
}

/** The same for the library. */
export function askedFor(options: Options, { unit, counting, floors }: Way): PlanOptions {
  return {
    ...readingOf(options),
    unit: unit.groupBy ?? 'node',
    groupBy: counting.groupBy,
    scope: options.scope,
    faultyNodes: options.faulty,
    floors
  }
}

/**
 * Why an answer may be another one, and what `--check` makes of that. Where nothing is known of a network, there is nothing to doubt.
 *
 * @param found In the data.
 * @param check What the answer says, read as it was, and with unknown nodes read the other way.
 */
export async function doubtsOfWay(
  found: Finding[],
  result: { findings: Finding[] },
  chosen: Unknown['chosen'],
  check: Check,
  otherWay: () => Check
): Promise<{ doubts: Doubt[]; verdict: Check }> {
  if (isNothingKnown(found)) return { doubts: [], verdict: 'unknown' }
  // Where somebody decided how unknown nodes are read, the other reading is no doubt.
  const doubts = doubtsIn([...found, ...(chosen === undefined ? result.findings : [])], 'dead')
  return { doubts, verdict: await checkedBothWays(check, doubts, chosen !== undefined, otherWay) }
}

/** What is found of nodes that are left out, a quorum all by themselves that nobody else names. */
export async function leftOutOf(
  { options }: Session,
  { network }: Pick<Reading, 'network'>
): Promise<Finding[]> {
  const { findings = [] } = await network.analyzeCore({
    ...readingOf(options),
    faultyNodes: options.faulty
  })
  return findings.filter(({ code }) => code === LEFT_OUT)
}

/** A state that is not safe, with nodes and units as programs know them. */
export function unsafeForPrograms(
  state: Plan['unsafeState'],
  naming: Naming,
  units: (labels: string[]) => string[]
): Plan['unsafeState'] {
  if (state === null) return null
  const { changed, disjointQuorums } = state
  return { ...state, changed: units(changed), disjointQuorums: quorumsForPrograms(disjointQuorums, naming) }
}

/** Two quorums, with their nodes as programs know them. */
export function quorumsForPrograms(
  quorums: [string[], string[]] | null,
  naming: Naming
): [string[], string[]] | null {
  if (quorums === null) return null
  const named = (quorum: string[]) => quorum.map((node) => naming.forPrograms(node))
  const [one, other] = quorums
  return [named(one), named(other)]
}

/** What is to be said of how a change was asked about. What hangs on unknown nodes is said as a doubt. */
export function notesOf(look: Look, findings: Finding[], naming: Naming): string[] {
  const notes = findings.filter(({ code }) => NOTES.includes(code))
  return notes.map((note) => paragraph(look, noted(note, naming, ' in every state')))
}

/** A state that is not safe: when, why, and the two quorums if it splits. */
export function dangerText(
  look: Look,
  when: string,
  why: string,
  { disjointQuorums }: Pick<UnsafeState, 'disjointQuorums'>,
  naming: Naming
): string {
  const quorums = disjointQuorums?.map((quorum) => paragraph(look, naming.list(quorum), 2, 4))
  return [
    paragraph(look, `${look.colors.red('DANGER:')} ${when} ${why}.`),
    ...(quorums === undefined ? [] : ['The two quorums:', ...quorums])
  ].join('\n')
}

/** The rounds as a numbered list, each with what its units do. */
export function roundsText(
  look: Look,
  order: Pick<PlanRound, 'units'>[],
  name: (label: string) => string,
  done: (label: string, isOfEach: boolean) => string
): string[] {
  return order.map(({ units }, index) => {
    const number = look.colors.bold(`${index + 1}.`)
    const how = units.length === 1 ? 'By itself:' : 'In any order:'
    return [`${number} ${how}`, ...doneText(look, units, name, done)].join('\n')
  })
}

/** What units do: those together that do the same. */
export function doneText(
  look: Look,
  units: string[],
  name: (label: string) => string,
  done: (label: string, isOfEach: boolean) => string
): string[] {
  const together = new Map<string, string[]>()
  for (const label of units) {
    const words = done(label, false)
    together.set(words, [...(together.get(words) ?? []), label])
  }
  return [...together.values()].map((labels) => {
    const [first = ''] = labels
    return paragraph(look, `${listOf(labels.map(name))}: ${done(first, labels.length > 1)}`, 3, 5)
  })
}

interface Stages {
  before: PlanStage
  order: PlanRound[] | null
  after: PlanStage | null
}

/** What the network is like on the way, as a table, and how unknown nodes are read in it. */
export function stagesText(
  look: Look,
  result: Stages & { findings: Finding[] },
  counting: Grouping,
  unknown: Unknown
): string[] {
  const header = ['', 'quorums intersect', `top tier (${counting.many})`, 'can halt it', 'can split it']
  const rows = stagesOf(result).map(([when, stage]) => [when, ...stageCells(stage)])
  return [
    table(look, header, rows, [2, 3, 4]),
    ...readingOfSizes(result.findings, unknown).map((words) => paragraph(look, words))
  ]
}

/** What there is to say of the network: before, after each round or, where there are none, after all of it. */
function stagesOf({ before, order, after }: Stages): [string, PlanStage][] {
  return [
    ['before', before],
    ...(order ?? []).map((round, index): [string, PlanStage] => [
      `after round ${index + 1}`,
      { ...round, figures: round.after }
    ]),
    ...(order === null && after !== null ? [['after all', after] satisfies [string, PlanStage]] : [])
  ]
}
