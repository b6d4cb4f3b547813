/** `intact` and `critical`: who can go on whatever some nodes do, and which groups are one misconfiguration away from a split. */

import type { AnalysisOptions, CriticalGroup } from '../../index.js'
import { checkedBothWays } from '../study/check.js'
import { doubtsIn, isNothingKnown } from '../study/doubts.js'
import { groupingOf, NODES } from '../study/groupings.js'
import { checkOfCritical, dispensableWords, saidOfCritical, saidOfIntact } from '../study/misbehaviour.js'
import { jsonOf, type Naming } from '../study/naming.js'
import { readingOf } from '../study/study.js'
import type { Reading } from './input.js'
import type { Answer } from './output.js'
import { answerText, findingsOf } from './said.js'
import { OTHER_WAY, type Session } from './session.js'
import { paragraph } from './table.js'

/** `intact`: who is intact, and who befouled. */
export async function intact(session: Session, { network }: Reading, naming: Naming): Promise<Answer> {
  const { options } = session
  const illBehaved = options.illBehaved ?? []
  const result = await session.ask('intact nodes', 1, (bounds) =>
    network.analyzeIntactNodes({
      ...readingOf(options),
      ...bounds,
      faultyNodes: options.faulty,
      illBehaved
    })
  )
  const findings = findingsOf(network, result)
  const isNothing = isNothingKnown(findings)
  const rows = [
    ...result.intact.map((node) => ({ node: naming.forPrograms(node), isIntact: true })),
    ...result.befouled.map((node) => ({ node: naming.forPrograms(node), isIntact: false }))
  ]
  return {
    text: (look) =>
      answerText(look, saidOfIntact(result, findings, illBehaved), findings, options, naming, [
        ...(result.intact.length === 0 ? [] : [paragraph(look, naming.listFully(result.intact), 2, 2)]),
        ...(result.dispensableSet.length === 0 || isNothing
          ? []
          : [paragraph(look, `${dispensableWords(result)}: ${naming.listFully(result.dispensableSet)}`)])
      ]),
    json: jsonOf(result, naming),
    rows: isNothing ? [] : rows,
    columns: ['node', 'isIntact'],
    unproven: result.isExact ? [] : ['who is befouled'],
    verdict: 'unknown'
  }
}

/** `critical`: the critical groups among the candidates. */
export async function critical(session: Session, { network }: Reading, naming: Naming): Promise<Answer> {
  const { options } = session
  const grouping = groupingOf(options.groupBy)
  const asked = (reading: AnalysisOptions) =>
    session.ask(`critical groups, by ${grouping.one}`, 1, (bounds) =>
      network.analyzeCriticalGroups({
        ...readingOf(options),
        ...bounds,
        groupBy: grouping.groupBy,
        faultyNodes: options.faulty,
        ...(options.candidates === undefined ? {} : { candidates: options.candidates }),
        ...reading
      })
    )
  const result = await asked({})
  const findings = findingsOf(network, result)
  const doubts = doubtsIn(findings, options.unknown ?? 'dead')
  // Nodes and groups beside each other may have the same name.
  const kind = (of: string) => (options.candidates === undefined ? '' : `${of} `)
  const called = ({ group, nodes }: CriticalGroup) => {
    if (group === null) return `${kind('quorum set of')}${naming.list(nodes)}`
    const of = nodes.length === 1 && nodes[0] === group ? NODES : grouping
    return `${kind(of.one)}${naming.name(group, of)}`
  }
  return {
    text: (look) =>
      answerText(look, saidOfCritical(result, findings), findings, options, naming, [
        ...result.groups.flatMap((candidate) => {
          const [a, b] = candidate.disjointQuorums ?? []
          if (a === undefined || b === undefined) return []
          return [
            [
              look.colors.bold(called(candidate)),
              paragraph(look, `With it misconfigured, one quorum is ${naming.listFully(a)}`, 2, 4),
              paragraph(look, `and another ${naming.listFully(b)}`, 2, 4)
            ].join('\n')
          ]
        })
      ]),
    json: jsonOf(result, naming, grouping),
    rows: (isNothingKnown(findings) ? [] : result.groups).map(({ group, nodes, isCritical }) => ({
      group: group === null ? null : naming.forPrograms(group, grouping),
      nodes: nodes.map((node) => naming.forPrograms(node)).join(' '),
      isCritical
    })),
    columns: ['group', 'nodes', 'isCritical'],
    unproven: result.isExact ? [] : ['which groups are critical'],
    verdict: await checkedBothWays(
      checkOfCritical(result, findings),
      doubts,
      options.unknown !== undefined,
      async () => {
        const other = await asked(OTHER_WAY)
        return checkOfCritical(other, findingsOf(network, other))
      }
    )
  }
}
