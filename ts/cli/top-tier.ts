/** `top-tier`: who is in some minimal quorum. */

import { counted, groupingOf, NODES, ORGANIZATIONS } from '../study/groupings.js'
import { jsonOf, type Naming } from '../study/naming.js'
import { readingOf } from '../study/study.js'
import type { Reading } from './input.js'
import type { Answer } from './output.js'
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
  const organizations = directory.groups(ORGANIZATIONS)
  const members = result.topTier.map((member) => ({
    name: naming.name(member, grouping),
    organization: naming.name(organizations.get(member) ?? member, ORGANIZATIONS),
    isAlone: (organizations.get(member) ?? member) === member,
    nodes: directory.membersOf(member, grouping).length
  }))
  return {
    text: (look) => {
      const size = `${result.isExact ? '' : 'at least '}${counted(result.topTierSize, grouping)}`
      const header = isNodes ? ['node', 'organization'] : [grouping.one, 'nodes listed']
      const rows = members.map(({ name, organization, isAlone, nodes }) =>
        isNodes ? [name, isAlone ? '' : organization] : [name, nodes]
      )
      const sorted = rows.sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0))
      return [
        `${look.colors.bold('Top tier:')} ${size}`,
        ...(rows.length > 0 ? [table(look, header, sorted, isNodes ? [] : [1])] : [])
      ].join('\n\n')
    },
    json: jsonOf(result, naming, grouping),
    rows: result.topTier.map((member) => ({ member: naming.forPrograms(member, grouping) })),
    unproven: result.isExact ? [] : [`top tier: more than these ${result.topTierSize} may belong to it`],
    verdict: 'unknown'
  }
}
