/** `findings`: what a careful operator should know about the data. */

import type { Finding } from '../../index.js'
import { toldTogether } from '../study/findings.js'
import { jsonOf, type Naming } from '../study/naming.js'
import { study } from '../study/study.js'
import type { Reading } from './input.js'
import type { Answer, Look } from './output.js'
import { MOST_NAMED } from './said.js'
import type { Session } from './session.js'
import { paragraph } from './table.js'

/** All of them: those on the data, and those that only an analysis brings up. */
export async function findings(session: Session, reading: Reading, naming: Naming): Promise<Answer> {
  const { findings } = await study(session, reading)
  return {
    text: (look) => findingsText(look, findings, naming),
    json: jsonOf(findings, naming),
    rows: findings.flatMap(({ code, message, nodes }) =>
      (nodes.length === 0 ? [null] : nodes).map((node) => ({
        code,
        message,
        node: node === null ? null : naming.forPrograms(node)
      }))
    ),
    columns: ['code', 'message', 'node'],
    records: jsonOf(findings, naming) as Finding[],
    unproven: [],
    verdict: 'unknown'
  }
}

export function findingsText(look: Look, findings: Finding[], naming: Naming): string {
  const { colors } = look
  if (findings.length === 0) return `${colors.bold('Findings on the data:')} none`
  const lines = toldTogether(findings).map(({ code, message, nodes }) => {
    const concerned =
      nodes.length === 0 ? [] : [`${nodes.length}: ${naming.list(nodes, undefined, MOST_NAMED)}`]
    return [
      `  ${colors.yellow(code)}`,
      paragraph(look, message, 4, 4),
      ...concerned.map((nodes) => paragraph(look, colors.dim(nodes), 4, 6))
    ].join('\n')
  })
  return [colors.bold('Findings on the data:'), ...lines].join('\n')
}
