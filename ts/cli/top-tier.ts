/** `top-tier`: who is in some minimal quorum. */

import { saidOfTopTier } from '../study/answers.js'
import { isNothingKnown } from '../study/doubts.js'
import { groupingOf, NODES, ORGANIZATIONS } from '../study/groupings.js'
import { jsonOf, type Naming } from '../study/naming.js'
import { tierSizeOf, unprovenSize } from '../study/sizes.js'
import { readingOf } from '../study/study.js'
import type { Reading } from './input.js'
import type { Answer } from './output.js'
import { answerText, findingsOf } from './said.js'
import type { Session } from './session.js'
import { table } from './table.js'

export async function topTier(session: Session, reading: Reading, naming: Naming): Promise<Answer> {
  const { options } = session
  const { network, directory } = reading
  const grouping = groupingOf(options.groupBy)
  const result = await session.ask(`top tier, counting ${grouping.many}`, 1, (bounds) =>
    network.analyzeTopTier({
      ...readingOf(options),
      groupBy: grouping.groupBy,
      faultyNodes: options.faulty,
      ...bounds
    })
  )
  const isNodes = grouping.key === NODES.key
  const members = result.topTier.map((member) => {
    const organization = directory.labelOf(member, ORGANIZATIONS)
    return {
      name: naming.name(member, grouping),
      organization: directory.isAlone(organization, ORGANIZATIONS)
        ? ''
        : naming.name(organization, ORGANIZATIONS),
      nodes: directory.membersOf(member, grouping).length
    }
  })
  const findings = findingsOf(network, result)
  return {
    text: (look) => {
      const header = isNodes ? ['node', 'organization'] : [grouping.one, 'nodes']
      const rows = members.map(({ name, organization, nodes }) => [name, isNodes ? organization : nodes])
      const sorted = rows.sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0))
      return answerText(
        look,
        saidOfTopTier(result, grouping, directory, findings),
        findings,
        options,
        naming,
        rows.length === 0 ? [] : [table(look, header, sorted, isNodes ? [] : [1])]
      )
    },
    json: jsonOf(result, naming, grouping),
    rows: (isNothingKnown(findings) ? [] : result.topTier).map((member) => ({
      member: naming.forPrograms(member, grouping)
    })),
    columns: ['member'],
    unproven: unprovenSize('top tier', tierSizeOf(result), grouping),
    verdict: 'unknown'
  }
}
