/** `plan`: whether a change is safe, and in which order it can be rolled out. Dangerous states first, then the rounds, then the sizes on the way. */

import { planChange, type FbasNode, type Finding, type Plan, type QuorumSet } from '../../index.js'
import { Directory } from '../study/directory.js'
import { isNothingKnown, LEFT_OUT, ofUnknown, unknownIn, type Doubt } from '../study/doubts.js'
import { counted, NODES, ORGANIZATIONS } from '../study/groupings.js'
import { namingOf, type Naming } from '../study/naming.js'
import {
  checkOfPlan,
  checkOfPlanOtherwise,
  doings,
  isQuorumAlone,
  newMistakes,
  nothingKnownOf,
  saidOfPlan,
  whyUnsafe,
  type Unknown
} from '../study/plan.js'
import type { Reading } from './input.js'
import type { Answer, Look } from './output.js'
import { concerned, doubtsForPrograms, doubtsText, noted } from './said.js'
import type { Session } from './session.js'
import { tree } from './symmetric.js'
import { paragraph } from './table.js'
import {
  askedFor,
  dangerText,
  doubtsOfWay,
  leftOutOf,
  notesOf,
  roundsText,
  stagesText,
  unsafeForPrograms,
  wayOf,
  type Way
} from './way.js'

export async function plan(session: Session, before: Reading, after: Reading): Promise<Answer> {
  const { options } = session
  const way = wayOf(options, { nodes: [...before.nodes, ...after.nodes] })
  const { unit, counting } = way
  const unknown = unknownBetween(before, after)
  const directory = Directory.of(after.network.withNodesOf(before.network))
  const result = await session.ask(`change by ${unit.many}, counting ${counting.many}`, 1, (bounds) =>
    planChange(before.network, after.network, { ...askedFor(options, way), ...bounds })
  )
  const { executionTimeMs: _, ...told } = result
  const { doubts, verdict } = await doubtsOfWay(
    [...before.network.findings, ...after.network.findings],
    result,
    options.unknown,
    checkOfPlan(result),
    () => checkOfPlanOtherwise(result)
  )
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
  const isAnyAlone =
    options.countOneNodeQuorums !== true &&
    [...before.nodes, ...after.nodes].some(
      (node) => isQuorumAlone(node) && options.faulty?.includes(node.publicKey) !== true
    )
  return {
    text: (look) =>
      text(look, {
        ...{ ...way, result, before, after, directory, naming, mistakes, leftOut, isAnyAlone },
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
    verdict
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

interface Told extends Unknown, Way {
  result: Plan
  /** The nodes that have another organization in the end. */
  moved: string[]
  before: Reading
  after: Reading
  /** Who is who in both. */
  directory: Directory
  naming: Naming
  doubts: Doubt[]
  /** What is found in the later network alone. */
  mistakes: Finding[]
  /** Who is left out of the earlier network. */
  leftOut: Finding[]
  /** Whether some node that is up is a quorum alone in either network. */
  isAnyAlone: boolean
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
    ...stagesText(look, result, counting, told)
  ].join('\n\n')

  function done(label: string, isOfEach: boolean): string {
    return doings(directory.membersOf(label, unit), before.nodes, after.nodes, isOfEach).join('; ')
  }
}

/** The state that is not safe, and why. */
function danger(look: Look, told: Told): string[] {
  const { result, unit, counting, floors, directory, naming } = told
  const { unsafeState, units } = result
  if (unsafeState === null) return []
  const { changed } = unsafeState
  const waiting = units.filter((label) => !changed.includes(label))
  const named = (labels: string[]) => naming.list(labels, unit)
  const when =
    changed.length === 0
      ? 'Before anybody has changed'
      : waiting.length === 0
        ? 'When all have changed'
        : `When ${named(changed)} ${changed.length === 1 ? 'has' : 'have'} changed, and ${named(waiting)} ${waiting.length === 1 ? 'has' : 'have'} not`
  const why = whyUnsafe(unsafeState, floors, counting, told, directory, told.isAnyAlone)
  return [dangerText(look, `${when},`, why, unsafeState, naming)]
}
