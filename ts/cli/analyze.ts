/** `analyze`: everything, with the verdicts in plain words. */

import { counted } from '../study/groupings.js'
import { jsonOf, type Naming } from '../study/naming.js'
import { sizeText } from '../study/sizes.js'
import { factsOf, study, unprovenIn, verdictOn, type Study } from '../study/study.js'
import { verdictsOn, type Mood, type Verdict } from '../study/verdicts.js'
import { findingsText } from './findings.js'
import type { Reading } from './input.js'
import type { Answer, Look } from './output.js'
import type { Session } from './session.js'
import { paragraph, table } from './table.js'

export async function analyze(session: Session, reading: Reading, naming: Naming): Promise<Answer> {
  const all = await study(session, reading)
  const unproven = unprovenIn(all)
  return {
    text: (look) => text(look, all, naming, unproven),
    json: jsonOf(
      asJson(all),
      naming,
      undefined,
      all.counted.map(({ grouping }) => grouping)
    ),
    rows: rowsOf(all),
    unproven,
    verdict: verdictOn(all)
  }
}

/** The figures, a row for each way of counting. */
export function rowsOf({ counted }: Study) {
  return counted.map(({ grouping, topTier, blockingSets, blockingSetsFiltered, ...more }) => ({
    counting: grouping.key,
    topTierSize: topTier.topTierSize,
    blockingSetsMinSize: blockingSets.minSize,
    blockingSetsFilteredMinSize: blockingSetsFiltered.minSize,
    splittingSetsMinSize: more.splittingSets.minSize,
    quorumsMinSize: more.quorums.minSize,
    historyCriticalMinSize: more.historyCritical.minSize,
    isExact: [topTier, blockingSets, blockingSetsFiltered, ...Object.values(more)].every(
      ({ isExact }) => isExact
    )
  }))
}

/** The same shape for programs: by what is counted, what the functions of the package return. */
export function asJson(study: Study) {
  const { hasQuorum, hasQuorumIntersection = null, hasHalted = null } = factsOf(study)
  return {
    title: study.title,
    sources: study.sources,
    nodeCount: study.nodes.length,
    organizationCount: study.directory.organizationCount,
    verdict: verdictOn(study),
    hasQuorum,
    hasQuorumIntersection,
    hasHalted,
    faultyNodes: study.faultyNodes,
    core: study.core,
    symmetricTopTier: study.symmetricTopTier,
    counting: Object.fromEntries(study.counted.map(({ grouping, ...answers }) => [grouping.key, answers])),
    findings: study.findings,
    engine: study.engine
  }
}

/** The four groupings' table. */
export function figures(look: Look, { counted, faultyNodes }: Study): string {
  const isFiltered = faultyNodes.length > 0
  const rows = counted.map(({ grouping, topTier, blockingSets, blockingSetsFiltered, ...more }) => [
    grouping.many,
    `${topTier.isExact ? '' : '≥ '}${topTier.topTierSize}`,
    sizeText(blockingSets),
    ...(isFiltered ? [sizeText(blockingSetsFiltered)] : []),
    sizeText(more.splittingSets),
    sizeText(more.historyCritical)
  ])
  const filtered = isFiltered ? ['blocking, filtered'] : []
  const header = ['counting', 'top tier', 'blocking', ...filtered, 'splitting', 'history-critical']
  return table(look, header, rows, [1, 2, 3, 4, 5])
}

function text(look: Look, study: Study, naming: Naming, unproven: string[]): string {
  const { colors } = look
  const nodes = counted(study.nodes.length, { one: 'node', many: 'nodes' })
  const organizations = counted(study.directory.organizationCount, {
    one: 'organization',
    many: 'organizations'
  })
  const proven =
    unproven.length === 0
      ? 'Exact: every size is proven, every witness was checked against the definition.'
      : `NOT exact. Not proven:\n${unproven.map((line) => `  ${line}`).join('\n')}`
  return [
    `${colors.bold(naming.title(study.title))}: ${nodes}, ${organizations}`,
    figures(look, study),
    legend(look, study),
    ...verdictsOn(study).map((verdict) => verdictText(look, verdict, naming)),
    findingsText(look, study.findings, naming),
    paragraph(
      look,
      `Source: ${study.sources.map(naming.title).join(', ')}\nEngine: ${study.engine}\n${proven}`
    )
  ].join('\n\n')
}

function legend(look: Look, { faultyNodes }: Study): string {
  const lines = [
    ['top tier', 'who is in some minimal quorum'],
    ['blocking', 'the fewest that halt the network when they stop'],
    ...(faultyNodes.length > 0
      ? [
          [
            'filtered',
            `the same when ${counted(faultyNodes.length, { one: 'node', many: 'nodes' })} are down already`
          ]
        ]
      : []),
    ['splitting', 'the fewest that, turned malicious, can make the others disagree'],
    ['history-critical', 'the fewest whose archives, gone bad, leave a quorum without a good one']
  ]
  return lines
    .map(
      ([term = '', meaning = '']) =>
        `${look.colors.dim(term.padEnd(16))}  ${paragraph(look, meaning, 18, 18).trimStart()}`
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
  const culprits = verdict.culprits.map(({ grouping, size, members }) =>
    paragraph(look, `${size}: ${naming.listFully(members, grouping)}`, 4, 6)
  )
  return [
    `${colors.bold(verdict.question)} ${tint[verdict.mood](verdict.answer)}`,
    paragraph(look, verdict.meaning, 2, 2),
    ...(verdict.culprits.length > 0 ? [`  ${verdict.culpritsAre}:`, ...culprits] : [])
  ].join('\n')
}
