/** `intersection`: whether every two quorums share a node, with two that do not if there are any. */

import type { FbasNetwork, QuorumsResult } from '../../index.js'
import type { Reading } from './input.js'
import { jsonOf, type Naming } from './naming.js'
import { readingOf } from './options.js'
import type { Answer } from './output.js'
import type { Session } from './session.js'
import { paragraph } from './table.js'

const FIRST_MS = 250

export async function intersection(session: Session, { network }: Reading, naming: Naming): Promise<Answer> {
  const { hasQuorum, hasQuorumIntersection, disjointQuorums, engine } = await verdict(session, network)
  const isDecided = hasQuorumIntersection || !hasQuorum || disjointQuorums !== null
  const facts = { hasQuorum, hasQuorumIntersection: isDecided ? hasQuorumIntersection : null }
  return {
    text: (look) => {
      const { colors } = look
      if (!isDecided)
        return colors.magenta('Not known: no two disjoint quorums were found, nor that there are none.')
      if (!hasQuorum) return `${colors.red('NO: there is no quorum.')} Nobody can agree on anything.`
      if (hasQuorumIntersection) return `${colors.green('Yes:')} every two quorums share a node.`
      const quorums = (disjointQuorums ?? []).map((quorum) => paragraph(look, naming.listFully(quorum), 2, 4))
      return [`${colors.red('NO:')} two quorums share no node.`, ...quorums].join('\n\n')
    },
    json: jsonOf({ ...facts, disjointQuorums, engine }, naming),
    rows: [facts],
    unproven: isDecided ? [] : ['quorum intersection'],
    verdict: !isDecided ? 'unknown' : hasQuorumIntersection ? 'safe' : 'unsafe'
  }
}

/**
 * The addon finds out about intersection on its way to a smallest quorum, which can take much longer, and remembers it. So it is asked with
 * little time first and then with more, which costs a third more at worst, until this much is known.
 */
async function verdict(session: Session, network: FbasNetwork): Promise<QuorumsResult> {
  const { options } = session
  for (let timeoutMs = FIRST_MS; ; timeoutMs *= 4) {
    const began = performance.now()
    const result = await session.ask('quorum intersection', 1, (bounds) =>
      network.analyzeQuorums({
        ...readingOf(options),
        faultyNodes: options.faulty,
        ...bounds,
        timeoutMs: Math.min(timeoutMs, bounds.timeoutMs ?? Infinity)
      })
    )
    const isDecided = result.isExact || result.hasQuorumIntersection || result.disjointQuorums !== null
    // The end of the whole run's time, or Ctrl-C.
    const isOver = session.end !== undefined || performance.now() - began < timeoutMs
    if (isDecided || isOver) return result
  }
}
