/**
 * `suggest`: who has to adopt a quorum set so that the network is safe, and in which order they can. What is wrong today comes first, then what is
 * to be adopted, then the rounds, then the sizes on the way.
 */

import type { Finding, QuorumSet, Suggestion } from '../../index.js'
import { isNothingKnown, unknownIn, type Doubt } from '../study/doubts.js'
import { namingOf, type Naming } from '../study/naming.js'
import { doings, nothingKnownOf, whyUnsafe, type Unknown } from '../study/plan.js'
import {
  adopting,
  checkOfSuggestion,
  checkOfSuggestionOtherwise,
  saidOfSuggestion
} from '../study/suggestion.js'
import { quorumSetNamed } from './change.js'
import { Failure } from './failure.js'
import type { Reading } from './input.js'
import type { Options } from './options.js'
import type { Answer, Look } from './output.js'
import { doubtsForPrograms, doubtsText, noted } from './said.js'
import type { Session } from './session.js'
import { tree } from './symmetric.js'
import { paragraph } from './table.js'
import {
  askedFor,
  dangerText,
  doneText,
  doubtsOfWay,
  leftOutOf,
  notesOf,
  quorumsForPrograms,
  roundsText,
  stagesText,
  unsafeForPrograms,
  wayOf,
  type Way
} from './way.js'

export async function suggest(session: Session, reading: Reading): Promise<Answer> {
  const { options } = session
  const way = wayOf(options, reading)
  const { unit, counting } = way
  const quorumSet = options.quorumSet === undefined ? null : await quorumSetNamed(options.quorumSet, reading)
  const unknown = unknownIn(reading.network.findings, reading.nodes)
  const result = await session
    .ask(`adopters by ${unit.many}, counting ${counting.many}`, 1, (bounds) =>
      reading.network.suggestChange({ ...askedFor(options, way), quorumSet, ...bounds })
    )
    .catch((error: Error) => {
      throw ofFile(error, options)
    })
  const { executionTimeMs: _, ...told } = result
  const naming = namingOf(options, reading.directory)
  const units = (labels: string[]) => labels.map((label) => naming.forPrograms(label, unit))
  const { adopters, order, unsafeState } = result
  const rounds = (order ?? []).map((round, index) => ({
    round: index + 1,
    ...round,
    units: units(round.units)
  }))
  const unordered = order === null && adopters !== null ? [{ round: null, units: units(adopters) }] : []
  const { doubts, verdict } = await doubtsOfWay(
    reading.network.findings,
    result,
    options.unknown,
    checkOfSuggestion(result),
    () => checkOfSuggestionOtherwise(result)
  )
  const leftOut = await leftOutOf(session, reading)
  return {
    text: (look) =>
      text(look, {
        ...{ ...way, result, reading, naming, doubts, leftOut, options },
        unknown: unknown.length,
        chosen: options.unknown
      }),
    json: {
      ...told,
      unit: unit.key,
      counting: counting.key,
      doubts: doubtsForPrograms(doubts, naming),
      candidates: units(result.candidates),
      disjointQuorums: quorumsForPrograms(result.disjointQuorums, naming),
      adopters: adopters === null ? null : units(adopters),
      order: order === null ? null : rounds.map(({ round: _, ...round }) => round),
      unsafeState: unsafeForPrograms(unsafeState, naming, units)
    },
    rows: [...rounds, ...unordered].flatMap(({ round, units }) => units.map((unit) => ({ round, unit }))),
    columns: ['round', 'unit'],
    records: [...rounds, ...unordered],
    unproven: unproven(result),
    verdict
  }
}

/** What is wrong with a quorum set is said of the file that has it. */
function ofFile(error: Error, { quorumSet }: Options): Error {
  const place = 'options.quorumSet'
  if (quorumSet === undefined || !error.message.startsWith(place)) return error
  return new Failure(`${quorumSet}${error.message.slice(place.length)}`, undefined, { cause: error })
}

function unproven({ isExact, minSize, lowerBound, before, after, order }: Suggestion): string[] {
  const stages = [before, ...(after === null ? [] : [after]), ...(order ?? [])]
  const what = minSize === lowerBound ? 'the order of fewest rounds' : 'how few have to adopt it'
  return [...(isExact ? [] : [what]), ...(stages.every((stage) => stage.isExact) ? [] : ['sizes on the way'])]
}

interface Told extends Unknown, Way {
  result: Suggestion
  reading: Reading
  naming: Naming
  doubts: Doubt[]
  /** Who is left out as a quorum alone. */
  leftOut: Finding[]
  options: Options
}

function text(look: Look, told: Told): string {
  const { result, reading, unit, counting, naming, doubts } = told
  const { colors } = look
  const isNothing = isNothingKnown(reading.network.findings)
  const { mood, words } = isNothing
    ? nothingKnownOf(naming.title(reading.title))
    : saidOfSuggestion(result, unit, reading.directory, told.leftOut.length > 0)
  const tint = { good: colors.green, bad: colors.red, unknown: colors.magenta, neutral: colors.bold }[mood]
  const begins = [colors.bold(naming.title(reading.title)), paragraph(look, tint(words), 0, 0)]
  if (isNothing) return begins.join('\n\n')
  return [
    ...begins,
    ...doubtsText(look, doubts, naming),
    ...told.leftOut.map((note) => paragraph(look, noted(note, naming))),
    ...notesOf(look, result.findings, naming),
    ...danger(look, told),
    ...(result.danger === null || result.quorumSet === null
      ? []
      : [
          [
            HEADING[result.adopters === null ? 'tried' : 'adopted'],
            ...tree(result.quorumSet, naming, '  ')
          ].join('\n')
        ]),
    ...way(look, told),
    ...stagesText(look, result, counting, told)
  ].join('\n\n')
}

/** What stands above the quorum set. */
const HEADING = { adopted: 'The quorum set to adopt:', tried: 'The quorum set that was tried:' }

/** What is wrong today, with two quorums if it splits. */
function danger(look: Look, told: Told): string[] {
  const { result, floors, counting, reading, naming } = told
  if (result.danger === null) return []
  const { disjointQuorums, before: stage } = result
  const state = { reason: result.danger, changed: [], disjointQuorums, stage }
  const why = whyUnsafe(state, floors, counting, told, reading.directory, told.leftOut.length > 0)
  return [dangerText(look, 'Today', why, state, naming)]
}

/** Who adopts it, in which order. */
function way(look: Look, { result, reading, unit, naming, options }: Told): string[] {
  const { adopters, order, allAtOnce, quorumSet } = result
  if (adopters === null || adopters.length === 0 || quorumSet === null) return []
  const after = adopting(reading.nodes, options.faulty ?? [], quorumSet)
  const name = (label: string) => naming.name(label, unit)
  const done = (label: string, isOfEach: boolean) =>
    doings(reading.directory.membersOf(label, unit), reading.nodes, after, isOfEach).join('; ')
  if (order !== null) return roundsText(look, order, name, done)
  const how = allAtOnce
    ? 'All at once, as whatever the order, the network is in another danger on the way:'
    : 'These, in an order that was not found in time:'
  return [[how, ...doneText(look, adopters, name, done)].join('\n')]
}
