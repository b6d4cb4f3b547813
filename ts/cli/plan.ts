/** `plan`: whether a change is safe, and in which order it can be rolled out. Dangerous states first, then the rounds, then the sizes on the way. */

import {
  planChange,
  type FbasNode,
  type Finding,
  type Plan,
  type PlanRound,
  type PlanStage,
  type QuorumSet
} from '../../index.js'
import { checkedBothWays, type Check } from '../study/check.js'
import { Directory } from '../study/directory.js'
import { doubtsIn, isNothingKnown, LEFT_OUT, ofUnknown, unknownIn } from '../study/doubts.js'
import { counted, groupingOf, NODES, ORGANIZATIONS, type Grouping } from '../study/groupings.js'
import { listOf } from '../study/listing.js'
import { namingOf, type Naming } from '../study/naming.js'
import {
  checkOfPlan,
  checkOfPlanOtherwise,
  doings,
  newMistakes,
  nothingKnownOf,
  readingOfSizes,
  saidOfPlan,
  stageCells,
  whyUnsafe,
  type Unknown
} from '../study/plan.js'
import { readingOf } from '../study/study.js'
import type { Reading } from './input.js'
import type { Answer, Look } from './output.js'
import { concerned, doubtsForPrograms, doubtsText, noted, NOTES } from './said.js'
import type { Session } from './session.js'
import { tree } from './symmetric.js'
import { paragraph, table } from './table.js'
import { attributeNamed } from './understood.js'

export async function plan(session: Session, before: Reading, after: Reading): Promise<Answer> {
  const { options } = session
  const named = (text: string) => attributeNamed(text, { nodes: [...before.nodes, ...after.nodes] }, '--unit')
  const unit = options.unit === undefined ? ORGANIZATIONS : groupingOf(named(options.unit))
  // Sizes count what changes at once, unless something else is asked for.
  const counting = options.groupBy === undefined ? unit : groupingOf(options.groupBy)
  const floors = { blocking: options.floorBlocking, splitting: options.floorSplitting }
  const unknown = unknownBetween(before, after)
  const directory = Directory.of(after.network.withNodesOf(before.network))
  const result = await session.ask(`change by ${unit.many}, counting ${counting.many}`, 1, (bounds) =>
    planChange(before.network, after.network, {
      ...readingOf(options),
      unit: unit.groupBy ?? 'node',
      groupBy: counting.groupBy,
      scope: options.scope,
      faultyNodes: options.faulty,
      floors,
      ...bounds
    })
  )
  const { executionTimeMs: _, ...told } = result
  const isNothing = [before, after].some(({ network }) => isNothingKnown(network.findings))
  // Where somebody decided how unknown nodes are read, the other reading is no doubt.
  const ofReading = options.unknown === undefined ? result.findings : []
  const findings = [...before.network.findings, ...after.network.findings, ...ofReading]
  const doubts = isNothing ? [] : doubtsIn(findings, 'dead')
  const naming = namingOf(options, directory)
  const units = (labels: string[]) => labels.map((label) => naming.forPrograms(label, unit))
  const rounds = (result.order ?? []).map((round) => ({ ...round, units: units(round.units) }))
  const { unsafeState } = result
  const [there, here] = await Promise.all(
    [before, after].map(async (reading) => [
      ...reading.network.findings,
      ...(await leftOutOf(session, reading))
    ])
  )
  const listed = before.nodes.map(({ publicKey }) => publicKey)
  const mistakes = newMistakes(there ?? [], here ?? [], listed)
  const leftOut = (there ?? []).filter(({ code }) => code === LEFT_OUT)
  return {
    text: (look) =>
      text(look, {
        ...{ result, before, after, unit, counting, floors, directory, naming, mistakes, leftOut },
        moved: [unit, counting].some(({ key }) => key === ORGANIZATIONS.key)
          ? movedBetween(before, after)
          : [],
        doubts,
        unknown: unknown.length,
        chosen: options.unknown
      }),
    json: {
      ...told,
      unit: unit.key,
      counting: counting.key,
      doubts: doubtsForPrograms(doubts, naming),
      units: units(result.units),
      unsafeState: unsafeForPrograms(unsafeState, naming, units),
      order: result.order === null ? null : rounds,
      newFindings: mistakes.map((finding) => ({
        ...finding,
        nodes: finding.nodes.map((node) => naming.forPrograms(node))
      }))
    },
    rows: rounds.flatMap((round, index) => round.units.map((unit) => ({ round: index + 1, unit }))),
    columns: ['round', 'unit'],
    records: rounds.map((round, index) => ({ round: index + 1, ...round })),
    unproven: unproven(result),
    verdict: await check()
  }

  async function check(): Promise<Check> {
    if (isNothing) return 'unknown'
    return checkedBothWays(checkOfPlan(result), doubts, options.unknown !== undefined, () =>
      Promise.resolve(checkOfPlanOtherwise(result))
    )
  }
}

/** The nodes of unknown quorum set in either network. */
function unknownBetween(before: Reading, after: Reading): string[] {
  return [...new Set([...unknownBeside(before, after), ...unknownBeside(after, before)])].sort()
}

/** The nodes of unknown quorum set, but those that the other network lists: of them it is known that they are not there. */
function unknownBeside({ network, nodes }: Reading, other: Reading): string[] {
  const absent = new Set(absentFrom(nodes, other.nodes))
  return unknownIn(network.findings, nodes).filter((key) => !absent.has(key))
}

/** The nodes that only the other network lists. */
function absentFrom(nodes: FbasNode[], others: FbasNode[]): string[] {
  const listed = new Set(nodes.map(({ publicKey }) => publicKey))
  return others.map(({ publicKey }) => publicKey).filter((key) => !listed.has(key))
}

/** Findings on nodes that are a quorum all by themselves and that nobody else names: whether they are left out. */
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

/** `config --network`: what the configuration of a node means, and what that would do to the network. */
export async function config(
  session: Session,
  before: Reading,
  { node, quorumSet, after }: { node: string; quorumSet: QuorumSet; after: Reading }
): Promise<Answer> {
  const naming = namingOf(session.options, Directory.of(after.network))
  const answer = await plan(session, before, after)
  const asks = [`${naming.name(node)} would ask for:`, ...tree(quorumSet, naming, '  ')].join('\n')
  return {
    ...answer,
    text: (look) => [asks, answer.text(look)].join('\n\n'),
    json: { node: naming.forPrograms(node), quorumSet, ...(answer.json as object) }
  }
}

function unproven({ isExact, anyOrderIsSafe, before, after, order }: Plan): string[] {
  const stages = [before, after, ...(order ?? [])]
  return [
    ...(isExact
      ? []
      : [anyOrderIsSafe === null ? 'whether any order is safe' : 'the safe order of fewest rounds']),
    ...(stages.every((stage) => stage.isExact) ? [] : ['sizes on the way'])
  ]
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

/** The nodes that are listed in both networks and have another organization in the later one, or have one in one of them only. */
function movedBetween(before: Reading, after: Reading): string[] {
  const listed = new Set(before.nodes.map(({ publicKey }) => publicKey))
  const labels = (key: string) =>
    [before, after].map(({ directory }) => directory.labelOf(key, ORGANIZATIONS))
  return after.nodes
    .map(({ publicKey }) => publicKey)
    .filter((key) => listed.has(key) && new Set(labels(key)).size > 1)
}

/** That to change the organization of a node is no step of a plan. */
function movedWords(nodes: string[], naming: Naming): string {
  const which = `${counted(nodes.length, NODES)} ${nodes.length === 1 ? 'has' : 'have'}`
  return `In every state a node counts to the organization that it has in the end, and nobody has to do anything for it: ${which} another one there than before, or one in only one of the two networks${concerned(nodes, naming)}.`
}

/** What is to be said of how a change was asked about. What hangs on unknown nodes is said as a doubt. */
export function notesOf(look: Look, findings: Finding[], naming: Naming): string[] {
  const notes = findings.filter(({ code }) => NOTES.includes(code))
  return notes.map((note) => paragraph(look, noted(note, naming, ' in every state')))
}

/** The nodes of unknown quorum set that come or go: that is no step of a plan either. */
function unaskedWords({ result, before, after, unit, directory, naming }: Told): string[] {
  const inUnits = new Set(result.units.flatMap((label) => directory.membersOf(label, unit)))
  const only = (these: Reading, those: Reading, doing: (one: boolean) => string) => {
    const nodes = absentFrom(those.nodes, these.nodes).filter((key) => !inUnits.has(key))
    if (nodes.length === 0) return []
    const one = nodes.length === 1
    return [
      `${ofUnknown(nodes.length)} ${doing(one)}, which changes nothing that is asked for${concerned(nodes, naming)}.`
    ]
  }
  return [
    ...only(before, after, (one) => (one ? 'goes' : 'go')),
    ...only(after, before, (one) => (one ? 'comes' : 'come'))
  ]
}

interface Told extends Unknown {
  result: Plan
  /** The nodes that have another organization in the end. */
  moved: string[]
  before: Reading
  after: Reading
  unit: Grouping
  counting: Grouping
  floors: { blocking: number | undefined; splitting: number | undefined }
  /** Who is who in both. */
  directory: Directory
  naming: Naming
  doubts: ReturnType<typeof doubtsIn>
  /** What is found in the later network alone. */
  mistakes: Finding[]
  /** Who is left out of the earlier network. */
  leftOut: Finding[]
}

function text(look: Look, told: Told): string {
  const { result, before, after, unit, counting, directory, naming, doubts } = told
  const { colors } = look
  const [unknown] = [before, after].filter(({ network }) => isNothingKnown(network.findings))
  const { mood, words } =
    unknown === undefined ? saidOfPlan(result, unit, directory) : nothingKnownOf(naming.title(unknown.title))
  const tint = { good: colors.green, bad: colors.red, unknown: colors.magenta, neutral: colors.bold }[mood]
  const begins = [
    colors.bold(`${naming.title(before.title)} → ${naming.title(after.title)}`),
    paragraph(look, tint(words), 0, 0)
  ]
  if (unknown !== undefined) return begins.join('\n\n')
  return [
    ...begins,
    ...doubtsText(look, doubts, naming),
    ...told.mistakes.map(({ message, nodes }) =>
      paragraph(look, `${colors.magenta('NEW FINDING:')} ${message}${concerned(nodes, naming)}`)
    ),
    ...told.leftOut.map((note) => paragraph(look, `Before: ${noted(note, naming)}`)),
    ...notesOf(look, result.findings, naming),
    ...(told.moved.length > 0 ? [paragraph(look, movedWords(told.moved, naming))] : []),
    ...unaskedWords(told).map((words) => paragraph(look, words)),
    ...danger(look, told),
    ...roundsText(look, result.order ?? [], (label) => naming.name(label, unit), done),
    stagesText(look, counting, stagesOf(result)),
    ...readingOfSizes(result.findings, told).map((words) => paragraph(look, words))
  ].join('\n\n')

  function done(label: string, isOfEach: boolean): string {
    return doings(directory.membersOf(label, unit), before.nodes, after.nodes, isOfEach).join('; ')
  }
}

/** What is said of the network: before, after each round or, where there are none, after all of it. */
export function stagesOf({
  before,
  order,
  after
}: {
  before: PlanStage
  order: PlanRound[] | null
  after: PlanStage | null
}): [string, PlanStage][] {
  return [
    ['before', before],
    ...(order ?? []).map((round, index): [string, PlanStage] => [
      `after round ${index + 1}`,
      { ...round, figures: round.after }
    ]),
    ...(order === null && after !== null ? [['after all', after] satisfies [string, PlanStage]] : [])
  ]
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

/** What the network is like on the way, as a table. */
export function stagesText(
  look: Look,
  counting: Grouping,
  stages: [string, Parameters<typeof stageCells>[0]][]
): string {
  return table(
    look,
    ['', 'quorums intersect', `top tier (${counting.many})`, 'can halt it', 'can split it'],
    stages.map(([when, stage]) => [when, ...stageCells(stage)]),
    [2, 3, 4]
  )
}

/** The state that is not safe, and why. */
function danger(look: Look, told: Told): string[] {
  const { result, unit, counting, floors, directory, naming } = told
  const { unsafeState, units } = result
  if (unsafeState === null) return []
  const { changed, disjointQuorums } = unsafeState
  const waiting = units.filter((label) => !changed.includes(label))
  const named = (labels: string[]) => naming.list(labels, unit)
  const who =
    changed.length === 0
      ? 'Before anybody has changed'
      : waiting.length === 0
        ? 'When all have changed'
        : `When ${named(changed)} ${changed.length === 1 ? 'has' : 'have'} changed, and ${named(waiting)} ${waiting.length === 1 ? 'has' : 'have'} not`
  const quorums = disjointQuorums?.map((quorum) => paragraph(look, naming.list(quorum), 2, 4))
  return [
    [
      paragraph(
        look,
        `${look.colors.red('DANGER:')} ${who}, ${whyUnsafe(unsafeState, floors, counting, told, directory)}.`
      ),
      ...(quorums === undefined ? [] : ['The two quorums:', ...quorums])
    ].join('\n')
  ]
}
