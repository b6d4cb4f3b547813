// What changed between two snapshots: sizes, verdicts, who came and went, quorum sets, findings.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { FbasNode, FbasOrganization } from '../../index.js'
import { flat, fourOrganizations, quorumSet, TWO_OF_THREE, TWO_PAIRS } from '../networks.js'
import { folder, json, lines, output } from './command.js'

const files = folder()
const { nodes, organizations } = fourOrganizations()
const old = files.write('old.json', { nodes, organizations })

/** The same organizations and one more, which everybody has taken in. */
function grown(): { nodes: FbasNode[]; organizations: FbasOrganization[] } {
  const members = ['t1', 't2', 't3']
  const inner = [...organizations, { id: 't', validators: members }].map(({ validators }) =>
    quorumSet(2, validators)
  )
  const shared = quorumSet(4, [], inner)
  const joined = members.map((publicKey) => ({ ...nodes[0], publicKey, homeDomain: 't.example' }))
  return {
    nodes: [...nodes, ...joined].map((node) => ({ ...node, quorumSet: shared })),
    organizations: [...organizations, { id: 't', name: 'Tee', validators: members }]
  }
}

const now = files.write('new.json', grown())

describe('diff', { concurrency: 4 }, () => {
  test('nothing', async () => {
    assert.match(await output(['diff', old, old]), /\n\nNothing changed\.\n$/)
    assert.deepEqual((await json(['diff', old, old])).changes, [])
    // Order is no change.
    const reversed = nodes.map(({ quorumSet: set, ...node }) => ({
      ...node,
      quorumSet: { ...set, innerQuorumSets: [...(set?.innerQuorumSets ?? [])].reverse() }
    }))
    const other = files.write('reversed.json', { nodes: reversed.reverse(), organizations })
    assert.deepEqual((await json(['diff', old, other])).changes, [])
  })

  test('an organization joins: sizes, top tier, nodes, quorum sets', async () => {
    const { changes } = await json(['diff', old, now])
    const has = (change: object) =>
      assert.ok(
        changes.some((found: object) => JSON.stringify(found) === JSON.stringify(change)),
        `${JSON.stringify(change)} is not in\n${changes.map((change: object) => JSON.stringify(change)).join('\n')}`
      )
    has({ kind: 'size', counting: 'node', what: 'topTierSize', old: '12', new: '15', direction: 'other' })
    has({
      ...{ kind: 'size', counting: 'organization', what: 'quorumsMinSize', old: '3', new: '4' },
      direction: 'other'
    })
    has({ kind: 'topTier', counting: 'organization', change: 'joined', member: 't' })
    has({ kind: 'topTier', counting: 'node', change: 'joined', member: 't1' })
    has({ kind: 'listed', counting: 'organization', change: 'joined', member: 't' })
    const joined = [quorumSet(2, ['t1', 't2', 't3'])]
    has({
      ...{ kind: 'quorumSet', change: 'changed', member: 'p1' },
      difference: {
        threshold: { old: { threshold: 3, entries: 4 }, new: { threshold: 4, entries: 5 } },
        ...{ joined: [], left: [], innerSetsJoined: joined, innerSetsLeft: [], innerSetsChanged: [] }
      }
    })
    assert.ok(
      !changes.some(
        ({ kind, member }: { kind: string; member: string }) => kind === 'quorumSet' && member === 't1'
      )
    )

    const back = (await json(['diff', now, old])).changes
    assert.deepEqual(
      back.filter(
        ({ kind, counting }: { kind: string; counting: string }) =>
          kind === 'topTier' && counting === 'organization'
      ),
      [{ kind: 'topTier', counting: 'organization', change: 'left', member: 't' }]
    )
  })

  test('in words', async () => {
    const text = await output(['diff', old, now])
    assert.match(text, /^old\.json → new\.json$/m)
    assert.match(text, /^nodes +top tier +12 +15 +neither$/m)
    assert.match(text, /^ {2}\+ 1 organization: Tee$/m)
    assert.match(text, /^ {2}\+ 3 nodes: Tee \(t1, t2, t3\)$/m)
    assert.match(text, /^ {2}~ 12 nodes: p \(p1, p2, p3\), /m)
    assert.match(text, /^ {6}3 of 4 → 4 of 5\n {6}joined: 2 of 3 of Tee \(t1, t2, t3\)$/m)
    assert.match(await output(['diff', now, old]), /^ {2}- 1 organization: Tee$/m)
  })

  test('verdicts and findings', async () => {
    const four = files.write('four.json', flat(['A', 'B', 'C', 'D'], 3))
    const pairs = files.write('pairs.json', [...TWO_PAIRS, { publicKey: 'X', quorumSet: null }])
    const { changes } = await json(['diff', four, pairs])
    const of = (sort: string) => changes.filter(({ kind }: { kind: string }) => kind === sort)
    assert.deepEqual(of('verdict')[0], {
      ...{ kind: 'verdict', what: 'verdict', old: 'safe', new: 'unsafe' },
      direction: 'worse'
    })
    assert.deepEqual(
      of('finding').map(({ change, code, nodes }: Record<string, unknown>) => [change, code, nodes]),
      [['new', 'UNKNOWN_QUORUM_SET', ['X']]]
    )
    const gone = (await json(['diff', pairs, four])).changes.filter(
      ({ change }: { change: string }) => change === 'gone'
    )
    assert.deepEqual(
      gone.map(({ code }: { code: string }) => code),
      ['UNKNOWN_QUORUM_SET']
    )
  })

  test('a finding that concerns more nodes than before names those', async () => {
    const unknown = (...keys: string[]) => [
      ...TWO_OF_THREE,
      ...keys.map((publicKey) => ({ publicKey, quorumSet: null }))
    ]
    const [one, two] = [files.write('one.json', unknown('X')), files.write('two.json', unknown('X', 'Y'))]
    const findings = (await json(['diff', one, two])).changes.filter(
      ({ kind }: { kind: string }) => kind === 'finding'
    )
    assert.deepEqual(
      findings.map(({ change, nodes }: Record<string, unknown>) => [change, nodes]),
      [['new', ['Y']]]
    )
  })

  test('organizations of each', async () => {
    const bare = files.write('bare.json', nodes)
    const both = files.write('organizations.json', organizations)
    const three = files.write('three.json', organizations.slice(1))
    assert.deepEqual((await json(['diff', bare, bare, '--organizations', both])).changes, [])
    const moved = await json(['diff', bare, bare, '--old-organizations', both, '--new-organizations', three])
    assert.ok(
      moved.changes.some(({ change, member }: Record<string, unknown>) => change === 'left' && member === 'p')
    )
  })

  test('one that came and one that went are told apart where both have one name', async () => {
    const named = (publicKey: string, name?: string) => ({ publicKey, name, quorumSet: quorumSet(1, ['A']) })
    const team = (id: string, key: string) => ({ id, name: 'Team, Inc.', validators: [key] })
    const [went, came, both] = ['GWENT-AND-MORE', 'GCAME-AND-MORE', 'GBOTH-AND-MORE']
    const twins = [
      { nodes: [named(went, 'Twin'), named(both, 'Was')], organizations: [team('w', went)] },
      { nodes: [named(came, 'Twin'), named(both, 'Is')], organizations: [team('c', came)] }
    ].map((network, index) => files.write(`twins-${index}.json`, network))
    const text = await output(['diff', ...twins])
    const kept = text.split('\n').filter((line) => /^ {2}[+-]/.test(line))
    assert.deepEqual(kept, [
      '  + 1 node: Team, Inc. (c) (Twin (GCAME-AN…))',
      '  - 1 node: Team, Inc. (w) (Twin (GWENT-AN…))',
      '  + 1 organization: Team, Inc. (c)',
      '  - 1 organization: Team, Inc. (w)'
    ])
    // What both have is called as in the later one.
    const { changes } = await json(['diff', ...twins, '--names'])
    const members = changes.flatMap(({ member }: { member?: string }) => member ?? [])
    assert.deepEqual(
      new Set(members),
      new Set([...kept.slice(2).map((line) => line.slice(20)), 'Twin (GCAME-AN…)', 'Twin (GWENT-AN…)'])
    )
  })

  test('rows and lines', async () => {
    const rows = await lines(['diff', old, now, '--format', 'csv'])
    assert.equal(rows[0], 'kind,counting,change,what,old,new,member,direction')
    assert.ok(rows.includes('size,node,,topTierSize,12,15,,other'))
    assert.ok(rows.includes('topTier,organization,joined,,,,t,'))
    const records = (await lines(['diff', old, now, '--format', 'ndjson', '--names'])).map((line) =>
      JSON.parse(line)
    )
    assert.equal(records.length, rows.length - 1)
    assert.ok(records.some(({ kind, member }) => kind === 'topTier' && member === 'Tee'))
  })
})
