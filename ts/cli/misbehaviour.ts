/** `intact` and `critical`: who can go on whatever some nodes do, and which groups are one misconfiguration away from a split. */

import { doubted } from '../study/check.js'
import { doubtsIn } from '../study/doubts.js'
import { groupingOf } from '../study/groupings.js'
import { checkOfCritical, saidOfCritical, saidOfIntact } from '../study/misbehaviour.js'
import { jsonOf, type Naming } from '../study/naming.js'
import { readingOf } from '../study/study.js'
import type { Reading } from './input.js'
import type { Answer } from './output.js'
import { answerText, findingsOf } from './said.js'
import type { Session } from './session.js'
import { paragraph } from './table.js'

/** `intact`: who is intact, and who befouled. */
export async function intact(session: Session, { network }: Reading, naming: Naming): Promise<Answer> {
  const { options } = session
  const result = await session.ask('intact nodes', 1, (bounds) =>
    network.analyzeIntactNodes({
      ...readingOf(options),
      ...bounds,
      faultyNodes: options.faulty,
      illBehaved: options.illBehaved ?? []
    })
  )
  const findings = findingsOf(network, result)
  const rows = [
    ...result.intact.map((node) => ({ node: naming.forPrograms(node), isIntact: true })),
    ...result.befouled.map((node) => ({ node: naming.forPrograms(node), isIntact: false }))
  ]
  return {
    text: (look) =>
      answerText(look, saidOfIntact(result, findings), findings, options, naming, [
        ...(result.intact.length === 0 ? [] : [paragraph(look, naming.listFully(result.intact), 2, 2)]),
        ...(result.dispensableSet.length === 0
          ? []
          : [paragraph(look, `The smallest dispensable set: ${naming.listFully(result.dispensableSet)}`)])
      ]),
    json: jsonOf(result, naming),
    rows,
    columns: ['node', 'isIntact'],
    unproven: result.isExact ? [] : ['who is befouled'],
    verdict: 'unknown'
  }
}

/** `critical`: the critical groups among the candidates. */
export async function critical(session: Session, { network }: Reading, naming: Naming): Promise<Answer> {
  const { options } = session
  const grouping = groupingOf(options.groupBy)
  const result = await session.ask(`critical groups, by ${grouping.one}`, 1, (bounds) =>
    network.analyzeCriticalGroups({
      ...readingOf(options),
      ...bounds,
      groupBy: grouping.groupBy,
      faultyNodes: options.faulty,
      ...(options.candidates === undefined ? {} : { candidates: options.candidates })
    })
  )
  const findings = findingsOf(network, result)
  const doubts = doubtsIn(findings, options.unknown ?? 'dead')
  const called = (group: string | null, nodes: string[]) =>
    group === null
      ? naming.list(nodes)
      : naming.name(group, nodes.length === 1 && nodes[0] === group ? undefined : grouping)
  return {
    text: (look) =>
      answerText(look, saidOfCritical(result, findings), findings, options, naming, [
        ...result.groups.flatMap(({ group, nodes, disjointQuorums }) => {
          const [a, b] = disjointQuorums ?? []
          if (a === undefined || b === undefined) return []
          return [
            [
              look.colors.bold(called(group, nodes)),
              paragraph(look, `With it misconfigured, one quorum is ${naming.listFully(a)}`, 2, 4),
              paragraph(look, `and another ${naming.listFully(b)}`, 2, 4)
            ].join('\n')
          ]
        })
      ]),
    json: jsonOf(result, naming, grouping),
    rows: result.groups.map(({ group, nodes, isCritical }) => ({
      group: group === null ? null : naming.forPrograms(group, grouping),
      nodes: nodes.map((node) => naming.forPrograms(node)).join(' '),
      isCritical
    })),
    columns: ['group', 'nodes', 'isCritical'],
    unproven: result.isExact ? [] : ['which groups are critical'],
    verdict: doubted(checkOfCritical(result, findings), doubts, options.unknown !== undefined)
  }
}
