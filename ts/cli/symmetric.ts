/** `symmetric`: the quorum set that the whole top tier shares, if it does. */

import type { QuorumSet } from '../../index.js'
import { saidOfSymmetric } from '../study/answers.js'
import { jsonOf, type Naming } from '../study/naming.js'
import { readingOf } from '../study/study.js'
import type { Reading } from './input.js'
import type { Answer, Row } from './output.js'
import { answerText, findingsOf } from './said.js'
import type { Session } from './session.js'

export async function symmetric(session: Session, { network }: Reading, naming: Naming): Promise<Answer> {
  const { options } = session
  const result = await session.ask('symmetric top tier', 1, (bounds) =>
    network.analyzeSymmetricTopTier({ ...readingOf(options), faultyNodes: options.faulty, ...bounds })
  )
  const { symmetricTopTier } = result
  const findings = findingsOf(network, result)
  const said = saidOfSymmetric({
    ...{ nodes: network.nodes(), symmetricTopTier, findings },
    unknownNodes: options.unknown ?? 'dead'
  })
  return {
    text: (look) =>
      answerText(look, said, findings, options, naming, [
        symmetricTopTier === null ? '' : tree(symmetricTopTier, naming).join('\n')
      ]),
    json: jsonOf(result, naming),
    rows: symmetricTopTier === null ? [] : rows(symmetricTopTier, naming),
    columns: ['place', 'threshold', 'validator'],
    unproven: [],
    verdict: 'unknown'
  }
}

export function tree(
  { threshold, validators, innerQuorumSets }: QuorumSet,
  naming: Naming,
  indent = ''
): string[] {
  const entries = validators.length + innerQuorumSets.length
  return [
    `${indent}${threshold} of ${entries}`,
    ...validators.map((key) => `${indent}  ${naming.name(key)}`),
    ...innerQuorumSets.flatMap((inner) => tree(inner, naming, `${indent}  `))
  ]
}

/** A row for each validator: where it stands in the set, and the threshold there. */
function* rows(
  { threshold, validators, innerQuorumSets }: QuorumSet,
  naming: Naming,
  place = 'top'
): Generator<Row> {
  for (const key of validators) yield { place, threshold, validator: naming.forPrograms(key) }
  for (const [index, inner] of innerQuorumSets.entries()) yield* rows(inner, naming, `${place}.${index + 1}`)
}
