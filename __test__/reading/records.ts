// The lines of `history`: every field of a snapshot's record held against the truth.

import assert from 'node:assert/strict'

import type { Ended } from '../cli/command.js'
import { bits, GROUPINGS, type About } from './about.js'
import { listed } from './analyzed.js'
import { findingsOf } from './findings.js'
import { CHECKS, ENGINE, FIGURES, rowsIn, unitsOf } from './programs.js'
import { holdStatus, statusOf } from './statuses.js'
import { doesDiffer, SUBJECTS } from './verdicts.js'

/** A record as NDJSON has it. */
type Record = { [column: string]: unknown } & {
  doubts: string[]
  withoutData: string[]
  findings: string[]
  topTier: string[] | null
}

/** The only line that is printed of a network. */
export function holdRecord(about: About, format: 'ndjson' | 'csv', title: string, ended: Ended): void {
  const record = format === 'ndjson' ? (JSON.parse(ended.stdout) as Record) : ofRow(ended.stdout)
  const { truth, down, network, isNothingKnown } = about
  const { nodeCount, verdict, doubts, findings, withoutData, topTier } = record
  assert.deepEqual([record.snapshot, record.error, record.timeFrom], [title, null, 'modified'])
  assert.equal(new Date(String(record.time)).toISOString(), record.time)
  assert.match(String(record.hash), /^[0-9a-f]{64}$/)
  assert.match(String(record.engine), ENGINE)
  assert.equal(record.options, about.chosen === undefined ? '' : `--unknown ${about.chosen}`)
  assert.equal(record.timeout, null)

  assert.equal(verdict, CHECKS[statusOf(about)])
  holdStatus(about, ended.status)
  assert.equal(ended.stderr, `the latest, ${title}: ${String(verdict)}\n`)
  const known = <T>(is: T) => (isNothingKnown ? null : is)
  assert.deepEqual(
    [record.hasQuorum, record.hasQuorumIntersection, record.hasHalted, record.hasSymmetricTopTier],
    [truth.hasQuorum, truth.intersects, !down.hasQuorum, truth.symmetric !== null].map(known),
    'facts'
  )
  assert.equal(nodeCount, network.nodes.length, listed(about))
  for (const grouping of GROUPINGS) {
    for (const [name, kind] of FIGURES) {
      const where = `${grouping}.${name}`
      assert.equal(record[where], known(about.smallest(kind, grouping)), where)
    }
  }
  const without = [
    ...GROUPINGS.filter((grouping) => about.isWithoutData(grouping)),
    ...(about.isHistoryMissing ? ['historyCriticalMinSize'] : [])
  ]
  assert.deepEqual(withoutData, without)
  assert.deepEqual([record.isExact, record.inexact], [true, ''])
  if (format === 'ndjson') {
    assert.deepEqual(record.bounds, {})
    assert.equal(unitsOf(about, topTier ?? []), truth.topTier('node'), bits(truth.topTier('node')).join())
  }

  const isHanging = SUBJECTS.some((subject) => doesDiffer(about, subject))
  assert.equal(doubts.includes('VERDICT_DEPENDS_ON_UNKNOWN_NODES'), isHanging, 'doubts')
  const others = findings.filter((code) => code !== 'VERDICT_DEPENDS_ON_UNKNOWN_NODES')
  const expected = new Set(findingsOf(about).map(({ code }) => code))
  assert.deepEqual([...others].sort(), [...expected].sort(), 'findings')
}

/** The same of a line of CSV, which has texts only. */
function ofRow(text: string): Record {
  const { rows } = rowsIn(text)
  const [row = {}, ...more] = rows
  assert.deepEqual(more, [])
  // As spreadsheets take no formula.
  const { options = '' } = row
  row.options = options.replace(/^'--/, '--')
  const TEXTS = ['inexact', 'options', 'doubts', 'findings', 'withoutData']
  const cells = Object.entries(row).map(([column, cell]): [string, unknown] => {
    if (TEXTS.includes(column)) return [column, cell]
    if (cell === '') return [column, null]
    if (cell === 'true' || cell === 'false') return [column, cell === 'true']
    return [column, /^\d+$/.test(cell) ? Number(cell) : cell]
  })
  const list = (codes = '') => codes.split(' ').filter((code) => code !== '')
  return {
    ...Object.fromEntries(cells),
    doubts: list(row.doubts),
    findings: list(row.findings),
    withoutData: list(row.withoutData),
    topTier: null
  }
}
