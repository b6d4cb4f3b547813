/** `analyze`: everything, with the verdicts in plain words. */

import { checkOf } from '../study/check.js'
import { columnsOf, dataNotes, figureText, listedWords } from '../study/figures.js'
import { listOf } from '../study/listing.js'
import { jsonOf, type Naming } from '../study/naming.js'
import { rowsOf } from '../study/record.js'
import { factsOf, study, unprovenIn, type Study } from '../study/study.js'
import { verdictsOn, type Culprit, type Mood, type Verdict } from '../study/verdicts.js'
import { findingsText } from './findings.js'
import type { Reading } from './input.js'
import type { Answer, Look } from './output.js'
import { doubtsForPrograms, doubtsText } from './said.js'
import type { Session } from './session.js'
import { paragraph, table } from './table.js'

export async function analyze(session: Session, reading: Reading, naming: Naming): Promise<Answer> {
  const all = await study(session, reading)
  const unproven = unprovenIn(all)
  return {
    text: (look) => text(look, all, naming, unproven),
    json: forPrograms(all, naming),
    rows: rowsOf(all),
    unproven,
    verdict: checkOf(all)
  }
}

/** The same shape for programs: by what is counted, what the functions of the package return. */
function forPrograms(study: Study, naming: Naming): object {
  const { counted, core, symmetricTopTier, findings, engine } = study
  const groupings = counted.map(({ grouping }) => grouping)
  const named = (results: object) => jsonOf(results, naming, undefined, groupings) as object
  return {
    title: study.title,
    sources: study.sources,
    nodeCount: study.nodes.length,
    organizationCount: study.directory.organizationCount,
    verdict: checkOf(study),
    ...factsOf(study),
    doubts: doubtsForPrograms(study.doubts, naming),
    ...named({ faultyNodes: [...study.faultyNodes].sort(), core, symmetricTopTier }),
    counting: named(
      Object.fromEntries(counted.map(({ grouping, data, ...answers }) => [grouping.key, answers]))
    ),
    ...named({ findings, engine })
  }
}

/** The four groupings' table. */
export function figures(look: Look, study: Study): string {
  const columns = columnsOf(study)
  const header = ['counting', ...columns.map(({ kind }) => kind.column)]
  const rows = study.counted.map((counted) => [
    counted.grouping.many,
    ...columns.map((column) => figureText(study, counted, column))
  ])
  const numbers = columns.map((_, index) => index + 1)
  const notes = dataNotes(study).map(({ words }) => paragraph(look, words))
  return [table(look, header, rows, numbers), ...(notes.length === 0 ? [] : ['', ...notes])].join('\n')
}

function text(look: Look, study: Study, naming: Naming, unproven: string[]): string {
  const { colors } = look
  const isNothing = study.intersection.kind === 'nothing known'
  // Where nothing is known, more time would tell nothing.
  const open = isNothing ? [] : unproven
  const proven = isNothing
    ? 'Nothing is proven, as nothing is known.'
    : open.length === 0
      ? 'Exact: every size is proven, every witness was checked against the definition.'
      : 'NOT exact. Not proven:'
  return [
    `${colors.bold(naming.title(study.title))}: ${listedWords(study)}`,
    figures(look, study),
    legend(look, study),
    ...verdictsOn(study).map((verdict) => verdictText(look, verdict, naming)),
    findingsText(look, study.findings, naming),
    [
      paragraph(
        look,
        `Source: ${listOf(study.sources.map(naming.title))}\nEngine: ${study.engine}\n${proven}`
      ),
      ...open.map((line) => paragraph(look, line, 2, 4))
    ].join('\n')
  ].join('\n\n')
}

function legend(look: Look, study: Study): string {
  return columnsOf(study)
    .map(
      ({ kind: { column, fewest } }) =>
        `${look.colors.dim(column.padEnd(18))}  ${paragraph(look, fewest, 20, 20).trimStart()}`
    )
    .join('\n')
}

function verdictText(look: Look, verdict: Verdict, naming: Naming): string {
  const { colors } = look
  const tint: Record<Mood, (text: string) => string> = {
    good: colors.green,
    caution: colors.yellow,
    bad: colors.red,
    unknown: colors.magenta,
    neutral: String
  }
  const { culprits } = verdict
  return [
    `${colors.bold(verdict.question)} ${tint[verdict.mood](verdict.answer)}`,
    ...doubtsText(look, verdict.doubts, naming, 2),
    paragraph(look, verdict.meaning, 2, 2),
    ...(culprits.kind === 'nobody'
      ? []
      : [`  ${culprits.are}:`, ...culprits.listed.map((culprit) => culpritText(look, culprit, naming))])
  ].join('\n')
}

function culpritText(look: Look, culprit: Culprit, naming: Naming): string {
  switch (culprit.kind) {
    case 'set':
      return paragraph(look, `${culprit.size}: ${naming.listFully(culprit.members, culprit.grouping)}`, 4, 6)
    case 'no set known':
      return paragraph(look, culprit.size, 4, 6)
    case 'no data':
      return paragraph(look, culprit.words, 4, 6)
  }
}
