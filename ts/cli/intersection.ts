/** `intersection`: whether every two quorums share a node, with two that do not if there are any. */

import type { Finding, QuorumIntersectionResult } from '../../index.js'
import { checkOfIntersection, doubted } from '../study/check.js'
import { saidOfIntersection } from '../study/answers.js'
import { doubtsIn, isNothingKnown } from '../study/doubts.js'
import { intersectionOf } from '../study/facts.js'
import { jsonOf, type Naming } from '../study/naming.js'
import { readingOf } from '../study/study.js'
import type { Reading } from './input.js'
import type { Answer } from './output.js'
import { answerText, findingsOf } from './said.js'
import type { Session } from './session.js'
import { paragraph } from './table.js'

export async function intersection(session: Session, { network }: Reading, naming: Naming): Promise<Answer> {
  const { options } = session
  const answer: QuorumIntersectionResult & { findings?: Finding[] } = await session.ask(
    'quorum intersection',
    1,
    (bounds) =>
      network.analyzeQuorumIntersection({ ...readingOf(options), ...bounds, faultyNodes: options.faulty })
  )
  const findings = findingsOf(network, answer)
  const known = intersectionOf(answer, isNothingKnown(findings))
  const { hasQuorum, hasQuorumIntersection, disjointQuorums, engine } = answer
  const facts = { hasQuorum, hasQuorumIntersection: isOpen(known.kind) ? null : hasQuorumIntersection }
  const doubts = doubtsIn(findings, options.unknown ?? 'dead')
  return {
    text: (look) =>
      answerText(look, saidOfIntersection(answer, findings), findings, options, naming, [
        known.kind === 'disjoint'
          ? known.quorums.map((quorum) => paragraph(look, naming.listFully(quorum), 2, 4)).join('\n\n')
          : ''
      ]),
    json: jsonOf({ ...facts, disjointQuorums, findings: answer.findings, engine }, naming),
    rows: [facts],
    unproven: known.kind === 'open' ? ['whether every two quorums share a node'] : [],
    verdict:
      known.kind === 'disjoint'
        ? 'unsafe'
        : doubted(checkOfIntersection(known), doubts, options.unknown !== undefined)
  }
}

function isOpen(kind: ReturnType<typeof intersectionOf>['kind']): boolean {
  return kind === 'open' || kind === 'nothing known'
}
