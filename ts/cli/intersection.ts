/** `intersection`: whether every two quorums share a node, with two that do not if there are any. */

import { jsonOf, type Naming } from '../study/naming.js'
import { readingOf } from '../study/study.js'
import type { Reading } from './input.js'
import type { Answer } from './output.js'
import type { Session } from './session.js'
import { paragraph } from './table.js'

export async function intersection(session: Session, { network }: Reading, naming: Naming): Promise<Answer> {
  const { options } = session
  const { hasQuorum, hasQuorumIntersection, isExact, disjointQuorums, engine } = await session.ask(
    'quorum intersection',
    1,
    (bounds) =>
      network.analyzeQuorumIntersection({ ...readingOf(options), ...bounds, faultyNodes: options.faulty })
  )
  const facts = { hasQuorum, hasQuorumIntersection: isExact ? hasQuorumIntersection : null }
  return {
    text: (look) => {
      const { colors } = look
      if (!isExact)
        return colors.magenta('Not known: no two disjoint quorums were found, nor that there are none.')
      if (!hasQuorum) return `${colors.red('NO: there is no quorum.')} Nobody can agree on anything.`
      if (hasQuorumIntersection) return `${colors.green('Yes:')} every two quorums share a node.`
      const quorums = (disjointQuorums ?? []).map((quorum) => paragraph(look, naming.listFully(quorum), 2, 4))
      return [`${colors.red('NO:')} two quorums share no node.`, ...quorums].join('\n\n')
    },
    json: jsonOf({ ...facts, disjointQuorums, engine }, naming),
    rows: [facts],
    unproven: isExact ? [] : ['quorum intersection'],
    verdict: !isExact ? 'unknown' : hasQuorumIntersection ? 'safe' : 'unsafe'
  }
}
