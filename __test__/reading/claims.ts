// What `verify` says: every claim in words, of the network as the claim itself says that it is read.

import assert from 'node:assert/strict'

import { bits, type About, type Grouping } from './about.js'
import { plain } from './blocks.js'
import type { Ended } from '../cli/command.js'
import { rowsIn } from './programs.js'
import { Truth } from './truth.js'

export type Format = 'table' | 'json' | 'csv'

const GROUPED: Record<string, Grouping> = {
  organization: 'organization',
  country: 'country',
  provider: 'isp'
}

/** Holds what is said to be proven of a network; a certificate of another one may be refused. */
export function holdClaims(
  about: About,
  format: Format,
  isOwn: boolean,
  { stdout, stderr, status }: Ended
): void {
  assert.equal(stderr, '')
  const { isValid, problem, claims } = readIn(format, stdout)
  assert.equal(status, isValid ? 0 : 1, 'status')
  if (isOwn) assert.ok(isValid, 'the certificate of this very network is refused')
  if (!isValid) {
    // What is claimed may be told all the same, but as not proven.
    if (format !== 'csv') assert.match(problem ?? '', /\S/)
    return
  }
  const told = claims.map((claim) => holdClaim(about, claim))
  if (!isOwn || about.isNothingKnown) return
  const { truth } = about
  const verdict = !truth.hasQuorum
    ? 'there is no quorum'
    : truth.intersects
      ? 'every two quorums share a node'
      : 'two quorums share no node'
  assert.ok(told.includes(verdict), `${verdict}: not claimed`)
}

function readIn(
  format: Format,
  text: string
): { isValid: boolean; problem: string | null; claims: string[] } {
  if (format === 'json') return JSON.parse(text)
  if (format === 'csv') {
    const { columns, rows } = rowsIn(text)
    assert.deepEqual(columns, ['claim', 'isValid'])
    const valid = new Set(rows.map(({ isValid }) => isValid))
    assert.equal(valid.size, 1)
    return { isValid: valid.has('true'), problem: null, claims: rows.map(({ claim = '' }) => claim) }
  }
  const [first = '', ...lines] = plain(text).trimEnd().split('\n')
  if (first.startsWith('NOT PROVEN: ')) {
    assert.deepEqual(lines, [])
    return { isValid: false, problem: first.slice('NOT PROVEN: '.length), claims: [] }
  }
  assert.equal(first, 'Proven:')
  return { isValid: true, problem: null, claims: lines.map((line) => line.replace(/^ {2}/, '')) }
}

/** The claim without how the network is read, which must be so as it is read. */
function holdClaim({ population }: About, claim: string): string {
  const [, statement = '', down = '', unknown = '', leftOut = ''] =
    /^(.*?); (no node is down|.*? (?:is|are) down); (unknown nodes .*?); (no node is left out|.* left out, .*)$/.exec(
      claim
    ) ?? []
  const named = (text: string, what: RegExp) =>
    text.startsWith('no node') ? [] : text.replace(what, '').split(', ')
  const faulty = named(down, / (is|are) down$/)
  const policies: Record<string, 'dead' | 'free'> = {
    'unknown nodes are in no quorum': 'dead',
    'unknown nodes may join any quorum': 'free'
  }
  const policy = policies[unknown]
  assert.ok(policy !== undefined, claim)
  const alone = named(
    leftOut,
    / (is left out, a quorum by itself|are left out, each a quorum by itself) that no other live node names$/
  )
  const truth = new Truth(population, { unknown: policy, faulty }, alone.length > 0)
  if (alone.length > 0) assert.equal(population.maskOf(alone), truth.stray, claim)
  holdStatement(truth, statement, claim)
  return statement
}

function holdStatement(truth: Truth, statement: string, claim: string): void {
  if (statement === 'there is no quorum') return assert.ok(!truth.hasQuorum, claim)
  if (statement === 'every two quorums share a node') return assert.ok(truth.intersects, claim)
  if (statement === 'two quorums share no node') return assert.ok(truth.hasQuorum && !truth.intersects, claim)
  if (statement === 'no set makes two nodes of the core diverge')
    return assert.deepEqual(truth.splittingSets, [], claim)
  const [, what = '', count, unit, by] =
    /^(the top tier|a smallest [a-z-]+(?: set)?(?: that makes two nodes of the core diverge)?) is of (\d+) (nodes?|groups? by (\w+))$/.exec(
      statement
    ) ?? []
  const grouping = unit?.startsWith('node') ? 'node' : GROUPED[by ?? '']
  assert.ok(grouping !== undefined, claim)
  const kinds = {
    'a smallest quorum': 'quorum',
    'a smallest history-critical set': 'history',
    'a smallest blocking set': 'blocking',
    'a smallest set that makes two nodes of the core diverge': 'splitting'
  } as const
  if (what === 'the top tier') return assert.equal(Number(count), bits(truth.topTier('node')).length, claim)
  const kind = kinds[what as keyof typeof kinds]
  assert.ok(kind !== undefined, claim)
  assert.equal(Number(count), truth.smallest(kind, grouping), claim)
}
