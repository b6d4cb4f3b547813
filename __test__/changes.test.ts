// Changes of a network: made, and planned.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import * as fbas from '../index.js'
import type { FbasNode, PlanOptions } from '../index.js'
import { flat, fourOrganizations, hard, quorumSet, TWO_OF_THREE } from './networks.js'

const asking = (sets: Record<string, [number, string[]]>): FbasNode[] =>
  Object.entries(sets).map(([publicKey, [threshold, validators]]) => ({
    publicKey,
    quorumSet: quorumSet(threshold, validators)
  }))

// Four nodes that all rely on A and B, and later on C and D.
const ON_AB = asking({ A: [2, ['A', 'B']], B: [2, ['A', 'B']], C: [2, ['A', 'B']], D: [2, ['A', 'B']] })
const ON_CD = asking({ A: [2, ['C', 'D']], B: [2, ['C', 'D']], C: [2, ['C', 'D']], D: [2, ['C', 'D']] })

/** Organizations of one validator each, of which every node asks for so many. */
const organizations = (ids: string[], listeners: string[], threshold: number): FbasNode[] =>
  listeners.map((publicKey) => ({
    publicKey,
    organizationId: publicKey.toLowerCase(),
    quorumSet: quorumSet(threshold, ids)
  }))

/** What hangs on unknown nodes in an answer: whom it hangs on, and the fields that it names. */
const hanging = ({ findings }: { findings: fbas.Finding[] }) =>
  findings
    .filter(({ code }) => code === 'VERDICT_DEPENDS_ON_UNKNOWN_NODES')
    .map(({ nodes, fields, unknownNodes }) => ({ nodes, fields, unknownNodes }))

describe('planChange', () => {
  test('what hangs on unknown nodes is said, of the answer and of the sizes', async () => {
    const core = flat(['A', 'B', 'C', 'D'], 3)
    const before = [...core, { publicKey: 'E', quorumSet: quorumSet(3, ['A', 'B', 'C', 'D']) }]
    // Nobody has seen X: if it is up, E and X go their own way.
    const after = [...core, { publicKey: 'E', quorumSet: quorumSet(2, ['E', 'X']) }]
    const plan = await fbas.planChange(before, after)
    assert.equal(plan.anyOrderIsSafe, true)
    const [said, ofSizes] = hanging(plan)
    assert.deepEqual(said, { nodes: ['X'], fields: ['anyOrderIsSafe'], unknownNodes: 'free' })
    assert.deepEqual(ofSizes, {
      nodes: ['X'],
      fields: [
        'after.hasQuorumIntersection',
        'after.figures.topTierSize',
        'after.figures.blockingSetsMinSize',
        'after.figures.splittingSetsMinSize'
      ],
      unknownNodes: 'free'
    })
    assert.match(plan.findings[0]?.message ?? '', /Any order is safe: no instead of yes\.$/)
    const free = await fbas.planChange(before, after, { unknownNodes: 'free' })
    assert.equal(free.anyOrderIsSafe, false)
    // There it ends unsafely, whatever the order; read the other way there is nothing against it.
    assert.deepEqual(
      hanging(free).map(({ fields, unknownNodes }) => [fields.slice(0, 2), unknownNodes]),
      [
        [['anyOrderIsSafe', 'order'], 'dead'],
        [['after.hasQuorumIntersection', 'after.figures.topTierSize'], 'dead']
      ]
    )
    // A node that goes is known not to be there, so it joins nobody.
    assert.deepEqual(hanging(await fbas.planChange([...before, { publicKey: 'X' }], before)), [])
    assert.deepEqual(hanging(await fbas.planChange([...core, { publicKey: 'Y' }], core)), [])
  })

  test('an unsafe state with its quorums, and an order that does not pass it', async () => {
    const plan = await fbas.planChange(ON_AB, ON_CD)
    assert.deepEqual(plan.units, ['A', 'B', 'C', 'D'])
    assert.equal(plan.anyOrderIsSafe, false)
    assert.deepEqual(plan.unsafeState?.changed, ['C', 'D'])
    assert.equal(plan.unsafeState?.reason, 'split')
    assert.deepEqual([...(plan.unsafeState?.disjointQuorums ?? [])].sort(), [
      ['A', 'B'],
      ['C', 'D']
    ])
    assert.equal(plan.unsafeState?.stage.figures.splittingSetsMinSize, 0)
    assert.equal(plan.order?.length, 2)
    // One of A and B at least has changed before the last of C and D.
    const first: { units: string[] } = plan.order?.[0] ?? { units: [] }
    assert.ok(first.units.some((unit) => 'AB'.includes(unit)))
    assert.ok(!(first.units.includes('C') && first.units.includes('D')))
    assert.deepEqual(
      plan.order?.flatMap(({ units }) => units).sort(),
      plan.units,
      'every unit changes in one round'
    )
    assert.ok(plan.order?.every(({ hasQuorumIntersection, isExact }) => hasQuorumIntersection && isExact))
    assert.deepEqual(plan.order?.at(-1)?.after, plan.after.figures)
    assert.equal(plan.before.figures.topTierSize, 2)
    assert.equal(plan.isExact, true)
    assert.equal(plan.allAtOnce, false)
    const { executionTimeMs, ...sync } = fbas.planChangeSync(ON_AB, ON_CD)
    const { executionTimeMs: _, ...answer } = plan
    assert.ok(executionTimeMs >= 0)
    assert.deepEqual(sync, answer)
  })

  test('networks come parsed, as objects or as text, and the answer is the same', async () => {
    const parsed = await Promise.all([ON_AB, ON_CD].map((nodes) => fbas.FbasNetwork.load(nodes)))
    const { executionTimeMs: _, ...expected } = await fbas.planChange(ON_AB, ON_CD)
    for (const [before, after] of [
      parsed,
      [parsed[0], ON_CD],
      [JSON.stringify({ nodes: ON_AB }), Buffer.from(JSON.stringify(ON_CD))]
    ]) {
      const { executionTimeMs: _, ...plan } = await fbas.planChange(before!, after!)
      assert.deepEqual(plan, expected)
    }
  })

  test('a network is told from what only looks like one', async () => {
    for (const forged of [
      Object.create(fbas.FbasNetwork.prototype),
      Object.setPrototypeOf((await fbas.FbasNetwork.load(ON_AB)).minimalQuorums(), fbas.FbasNetwork.prototype)
    ]) {
      await assert.rejects(fbas.planChange(forged, ON_CD), { code: 'INVALID_INPUT', message: /^before: / })
    }
    const gone = await fbas.FbasNetwork.load(ON_AB)
    gone[Symbol.dispose]()
    await assert.rejects(fbas.planChange(ON_CD, gone), {
      code: 'INVALID_INPUT',
      message: /^after: network: /
    })
    await assert.rejects(fbas.planChange(ON_CD, '[{"publicKey": 1}]'), {
      code: 'INVALID_INPUT',
      message: /^after: nodes\[0\]\.publicKey: /
    })
  })

  test('one network has the nodes of both, as a plan counts and names them', async () => {
    const asks = quorumSet(1, ['X'])
    const team = (id: string, ...validators: string[]) => ({ id, validators })
    const node = (publicKey: string, name: string, isp: string) => ({ publicKey, name, isp, quorumSet: asks })
    const earlier = {
      nodes: [node('A', 'old', 'one'), node('B', 'b', 'one'), node('C', 'c', 'two')],
      organizations: [team('first', 'A', 'B'), team('second', 'C')]
    }
    const later = await fbas.FbasNetwork.load(
      [node('A', 'new', 'two'), node('D', 'd', 'one')],
      [team('second', 'A'), team('third', 'D')]
    )
    const both = later.withNodesOf(await fbas.FbasNetwork.load(earlier))
    const told = both
      .nodes()
      .map(({ publicKey, name, isp, quorumSet }) => [publicKey, name, isp, quorumSet !== null])
    assert.deepEqual(told.sort(), [
      ['A', 'new', 'two', true],
      ['B', 'b', 'one', false],
      ['C', 'c', 'two', false],
      ['D', 'd', 'one', true]
    ])
    const groups = (by: fbas.GroupBy) => both.groups(by).map(({ label, nodes }) => [label, ...nodes])
    assert.deepEqual(groups('organization'), [
      ['X', 'X'],
      ['first', 'B'],
      ['second', 'A', 'C'],
      ['third', 'D']
    ])
    assert.deepEqual(groups('isp'), [
      ['X', 'X'],
      ['one', 'B', 'D'],
      ['two', 'A', 'C']
    ])
    assert.deepEqual(later.nodes().length, 2)
    const { units } = await fbas.planChange(earlier, later, { unit: 'organization' })
    assert.deepEqual(units, ['first', 'second', 'third'])
    for (const wrong of [null, 3, [{ publicKey: 1 }], '{']) {
      assert.throws(() => later.withNodesOf(wrong as unknown as FbasNode[]), {
        code: 'INVALID_INPUT',
        message: /^earlier: /
      })
    }
    later[Symbol.dispose]()
    assert.throws(() => later.withNodesOf(earlier), { code: 'INVALID_INPUT', message: /^network: / })
    assert.equal(both.groups('organization').length, 4)
  })

  test('nothing to do, and what is unsafe before or after', async () => {
    const same = await fbas.planChange(TWO_OF_THREE, TWO_OF_THREE)
    assert.deepEqual([same.units, same.order, same.anyOrderIsSafe], [[], [], true])
    const split = [...flat(['A', 'B'], 2), ...flat(['C', 'D'], 2)]
    const { unsafeState, order, allAtOnce } = await fbas.planChange(ON_AB, split)
    assert.deepEqual(unsafeState?.changed, ['C', 'D'])
    assert.deepEqual([order, allAtOnce], [null, false])
    const halted = await fbas.planChange(ON_AB, flat(['A', 'B', 'C'], 9))
    assert.equal(halted.unsafeState?.reason, 'halt')
    assert.equal(halted.unsafeState?.disjointQuorums, null)
    assert.equal(halted.unsafeState?.stage.figures.blockingSetsMinSize, 0)
  })

  test('floors count what groupBy says, and units are what unit says', async () => {
    const seven = ['O1', 'O2', 'O3', 'O4', 'O5', 'O6', 'O7']
    const three = ['N1', 'N2', 'N3']
    const before = organizations(seven, [...seven, ...three], 5)
    const after = organizations([...seven, ...three], [...seven, ...three], 7)
    const options: PlanOptions = { unit: 'organization', groupBy: 'organization' }
    const any = await fbas.planChange(before, after, options)
    assert.equal(any.anyOrderIsSafe, true)
    assert.equal(any.units[0], 'n1')
    assert.equal(any.order?.length, 1)
    const guarded = await fbas.planChange(before, after, { ...options, floors: { splitting: 3 } })
    assert.equal(guarded.anyOrderIsSafe, false)
    assert.equal(guarded.unsafeState?.reason, 'floor')
    assert.equal(guarded.unsafeState?.stage.figures.splittingSetsMinSize, 2)
    assert.ok(guarded.order?.every(({ after }) => after.splittingSetsMinSize >= 3))
    const none = await fbas.planChange(before, after, { ...options, floors: { blocking: 4 } })
    assert.deepEqual([none.order, none.unsafeState?.changed], [null, []], 'the earlier network is below')
  })

  test('what options may not be', async () => {
    const refused = (options: object, message: RegExp) =>
      assert.rejects(fbas.planChange(ON_AB, ON_CD, options as PlanOptions), {
        code: 'INVALID_INPUT',
        message
      })
    await refused({ floors: 2 }, /^options\.floors: expected an object with blocking and splitting$/)
    await refused({ floors: { blocking: -1 } }, /^options\.floors\.blocking: expected a whole number/)
    await refused({ floors: { halting: 1 } }, /^options\.floors\.halting: there is no such floor/)
    await refused({ unit: 3 }, /^options\.unit: expected a string$/)
    await refused({ limit: 3 }, /^options\.limit: means nothing for planChange: /)
    await assert.rejects(fbas.analyzeTopTier(ON_AB, null, { unit: 'isp' } as object), {
      message:
        /^options\.unit: means nothing for analyzeTopTier: only planChange and suggestChange have units$/
    })
    const odd = await fbas.planChange(ON_AB, ON_CD, { faultyNodes: ['X'], unit: 'isp', floors: null })
    assert.deepEqual(
      odd.findings.map(({ code }) => code),
      ['UNKNOWN_FAULTY_NODE', 'NO_GROUP_DATA']
    )
  })

  // Two hard networks with other thresholds.
  const HARD = hard(30)
  const EASIER = HARD.map(({ publicKey, quorumSet: set }) => ({
    publicKey,
    quorumSet: set && { ...set, threshold: set.threshold - 1 }
  }))
  const floors = { blocking: 2, splitting: 6 }

  test(
    'a signal and a time limit stop it, and with anytime it says what it has',
    { timeout: 60_000 },
    async () => {
      const signal = AbortSignal.timeout(300)
      await assert.rejects(fbas.planChange(EASIER, HARD, { floors, signal }), { code: 'ABORT_ERR' })
      await assert.rejects(fbas.planChange(EASIER, HARD, { floors, timeoutMs: 300 }), { code: 'TIMEOUT' })
      const began = Date.now()
      const plan = await fbas.planChange(EASIER, HARD, { floors, timeoutMs: 1000, anytime: true })
      assert.ok(Date.now() - began < 10_000)
      assert.equal(plan.isExact, false)
      assert.equal(plan.units.length, 90)
      assert.deepEqual([plan.anyOrderIsSafe, plan.order, plan.allAtOnce], [null, null, false])
      assert.ok(plan.before.figures.blockingSetsMinSize > 0)
    }
  )

  test('it tells how far it is', { timeout: 60_000 }, async () => {
    const told: fbas.Progress[] = []
    const options = {
      floors,
      timeoutMs: 1000,
      anytime: true,
      onProgress: (news: fbas.Progress) => told.push(news)
    }
    await fbas.planChange(EASIER, HARD, options)
    assert.deepEqual([told[0]?.analysis, told[0]?.phase], ['order', 'states'])
    assert.ok(told.some(({ analysis }) => /^(before|after)\.\w+$/.test(analysis)))
  })
})

describe('changeNetwork', () => {
  const { nodes, organizations: listed } = fourOrganizations()
  const named: FbasNode[] = [
    { publicKey: 'GALICE', name: 'Alice', quorumSet: quorumSet(1, ['GALICE']) },
    { publicKey: 'GBOBX22', name: 'Bob', quorumSet: null },
    { publicKey: 'GBOBY33', name: 'Bob', quorumSet: quorumSet(1, ['GDAVE']) },
    { publicKey: 'GCAROL', quorumSet: null }
  ]
  const setOf = async (key: string, change: fbas.NetworkChange) =>
    (await fbas.changeNetwork(named, null, change)).nodes().find(({ publicKey }) => publicKey === key)
      ?.quorumSet

  test('nodes go, come, ask for something else and move', async () => {
    const change: fbas.NetworkChange = {
      remove: ['p3'],
      add: [
        { publicKey: 't1', organizationId: 't', quorumSet: quorumSet(1, ['p1']) },
        { publicKey: 't2', organizationId: 'q', quorumSet: null }
      ],
      set: { p1: null, t2: quorumSet(2, ['t1', 'p1']) },
      move: { s3: 't', s2: null }
    }
    const changed = await fbas.changeNetwork(nodes, listed, change)
    const keys = changed.nodes().map(({ publicKey }) => publicKey)
    assert.deepEqual(keys, [
      ...nodes.map(({ publicKey }) => publicKey).filter((key) => key !== 'p3'),
      't1',
      't2'
    ])
    const sets = Object.fromEntries(changed.nodes().map(({ publicKey, quorumSet }) => [publicKey, quorumSet]))
    assert.equal(sets.p1, null)
    assert.deepEqual(sets.t2, quorumSet(2, ['p1', 't1']))
    assert.equal(sets.p2?.threshold, 3)
    assert.deepEqual(
      changed.organizations()?.map(({ id, validators }) => [id, validators]),
      [
        ['p', ['p1', 'p2']],
        ['q', ['q1', 'q2', 'q3', 't2']],
        ['r', ['r1', 'r2', 'r3']],
        ['s', ['s1']],
        ['t', ['s3', 't1']]
      ]
    )
    const network = await fbas.FbasNetwork.load(nodes, listed)
    assert.deepEqual((await fbas.changeNetwork(network, null, change)).nodes(), changed.nodes())
    assert.deepEqual(
      fbas.changeNetworkSync(nodes, listed, JSON.stringify(change)).organizations(),
      changed.organizations()
    )
    assert.deepEqual((await fbas.changeNetwork(network, null, {})).nodes(), network.nodes())
  })

  test('who comes belongs to the organization that has listed its key all along', async () => {
    const organizations = [{ id: 'o', name: null, validators: ['A', 'E'] }]
    const nodes = flat(['A', 'B'], 2)
    const of = async (add: FbasNode[], remove: string[] = []) =>
      (await fbas.changeNetwork(nodes, organizations, { add, remove })).organizations()
    assert.deepEqual(await of([]), [{ id: 'o', name: null, validators: ['A'] }])
    const [node] = flat(['E'], 1)
    assert.ok(node !== undefined)
    assert.deepEqual(await of([node], ['A']), [{ id: 'o', name: null, validators: ['E'] }])
    // Its own word counts for more.
    assert.deepEqual(await of([{ ...node, organizationId: 'p' }]), [
      { id: 'o', name: null, validators: ['A'] },
      { id: 'p', name: null, validators: ['E'] }
    ])
  })

  test('where no organizations are listed, nodes say themselves where they belong', async () => {
    const said = named.map((node, index) => ({
      ...node,
      homeDomain: index === 0 ? 'a.example' : 'b.example'
    }))
    const moved = await fbas.changeNetwork(said, null, { move: { GALICE: 'b.example' } })
    assert.deepEqual(
      moved.groups('organization').map(({ label }) => label),
      ['GDAVE', 'b.example']
    )
    await assert.rejects(fbas.changeNetwork(said, null, { move: { GALICE: 'c.example' } }), {
      message: /^change\.move\.GALICE: no organization has the id c\.example/
    })
  })

  test('a quorum set is taken as people paste it', async () => {
    const expected = quorumSet(2, ['GALICE', 'GCAROL'], [quorumSet(1, ['GBOBX22', 'GBOBY33'])])
    const core = { t: 2, v: ['Alice', 'GCAROL', { t: 1, v: ['GBOBX22', 'GBOBY33'] }] }
    const answer = {
      node: 'GCARO',
      qset: { agree: 2, fail_at: 1, hash: '273af2', phase: 'EXTERNALIZE', value: core }
    }
    const older = { '1234': { agree: 2, fail_at: 1, value: core } }
    for (const set of [expected, core, answer, older, { qset: core }]) {
      assert.deepEqual(await setOf('GCAROL', { set: { GCAROL: set as fbas.QuorumSet } }), expected)
    }
    // Who is only named so far is listed from now on.
    assert.deepEqual(await setOf('GDAVE', { set: { GDAVE: { t: 1, v: ['NEW'] } } }), quorumSet(1, ['NEW']))
    assert.deepEqual(
      await setOf('GCAROL', { set: { GCAROL: { t: 1, v: ['GDAVE'] } } }),
      quorumSet(1, ['GDAVE'])
    )
  })

  test('keys as stellar-core abbreviates them', async () => {
    const keys = ['GAAAAB', 'GCCCCD', 'GCCCCE']
    const nodes = keys.map((publicKey) => ({ publicKey, quorumSet: null }))
    const set = (entry: string) => fbas.changeNetwork(nodes, null, { set: { GAAAAB: { t: 1, v: [entry] } } })
    assert.deepEqual((await set('GAAAA')).nodes()[0]?.quorumSet, quorumSet(1, ['GAAAAB']))
    await assert.rejects(set('GCCCC'), {
      message: 'change.set.GAAAAB: GCCCC may be any of 2 nodes; expected a public key'
    })
    await assert.rejects(set('GDDDD'), { message: /no node of the network has a key that begins with GDDDD/ })
  })

  test('what cannot be done is refused with its place', async () => {
    const refused = (change: unknown, message: RegExp) =>
      assert.rejects(fbas.changeNetwork(named, null, change as fbas.NetworkChange), {
        code: 'INVALID_INPUT',
        message
      })
    await refused({ set: { X: null } }, /^change\.set\.X: no node of the network has this public key$/)
    await refused({ set: { GALICE: { t: 1 } } }, /^change\.set\.GALICE: missing field `v`$/)
    await refused({ set: { GALICE: { threshold: -1, validators: [] } } }, /^change\.set\.GALICE\.threshold: /)
    await refused(
      { set: { GALICE: { qset: { agree: 1, value: { t: 'x', v: [] } } } } },
      /^change\.set\.GALICE\.qset\.value\.t: /
    )
    await refused(
      { set: { GALICE: { t: 1, v: ['Bob'] } } },
      /^change\.set\.GALICE: Bob may be any of 2 nodes/
    )
    await refused({ set: { GALICE: 3 } }, /^change\.set\.GALICE: /)
    await refused({ set: [] }, /^change\.set: expected an object of quorum sets by public key$/)
    await refused(
      { add: [{ publicKey: 'GALICE' }] },
      /^change\.add\[0\]\.publicKey: the network lists the node GALICE already/
    )
    await refused({ add: [{ quorumSet: null }] }, /^change\.add\[0\]: missing field `publicKey`/)
    await refused({ remove: ['GDAVE'] }, /^change\.remove\[0\]: the network lists no node GDAVE/)
    await refused({ remove: ['GALICE', 'GALICE'] }, /^change\.remove\[1\]: /)
    await refused(
      { remove: ['GALICE'], set: { GALICE: null } },
      /^change\.set\.GALICE: .*removed by the same change$/
    )
    await refused({ move: { X: 'o' } }, /^change\.move\.X: /)
    await refused({ move: { GALICE: 4 } }, /^change\.move\.GALICE: expected the id of an organization/)
    await refused({ rename: {} }, /^change\.rename: there is no such part of a change/)
    await refused([], /^change: expected an object with set, add, remove and move$/)
    await refused('{', /^change: expected an object with set, add, remove and move as JSON text: /)
    const network = await fbas.FbasNetwork.load(named)
    await assert.rejects(fbas.changeNetwork(network, [], {}), { message: /^organizations: expected none/ })
  })

  test('where a network is asked for, a quorum set says what to do instead', async () => {
    for (const text of ['{"t": 1, "v": ["A"]}', '{"qset": {"agree": 1, "value": {"t": 1, "v": ["A"]}}}']) {
      await assert.rejects(fbas.FbasNetwork.load(text), {
        message: /a change of a network takes it as the quorum set of a node/
      })
    }
  })
})
