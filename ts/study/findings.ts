/** Findings as people are told them: what lacks groups is one thing, however many ways of counting lack them. */

import type { Finding } from '../../index.js'
import { enumerated, groupingOf } from './groupings.js'

/** The same, with those on groups put together where the first of them stands. Programs get each by itself. */
export function toldTogether(findings: Finding[]): Finding[] {
  const [first, ...more] = findings.filter(({ code }) => code === 'NO_GROUP_DATA')
  if (first === undefined || more.length === 0) return findings
  const ways = [first, ...more].map(({ groupBy }) => groupingOf(groupBy).many)
  // How it is counted is all that differs.
  const message = `Counting ${enumerated(ways, 'and')}${first.message.slice(`Counting ${ways.slice(0, 1).join()}`.length)}`
  return findings.flatMap((finding) =>
    finding === first ? { ...first, message } : more.includes(finding) ? [] : finding
  )
}
