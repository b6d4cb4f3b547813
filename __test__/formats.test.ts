// The formats that networks come in: each is recognised, says the same, and is refused with its own JSON path.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fbas from '../index.js'
import type { FbasNode, QuorumSet, StellarCoreQuorumSet } from '../index.js'
import { TWO_OF_THREE, flat, fourOrganizations } from './networks.js'

const { nodes, organizations } = fourOrganizations()

/** As stellar-core writes it: validators and inner sets in one list. */
function inStellarCore({ threshold, validators, innerQuorumSets }: QuorumSet): StellarCoreQuorumSet {
  return { t: threshold, v: [...validators, ...innerQuorumSets.map(inStellarCore)] }
}

function stellarCore(nodes: FbasNode[]): fbas.StellarCoreQuorum {
  const node = ({ publicKey, quorumSet, ...rest }: FbasNode) => ({
    ...rest,
    distance: 1,
    heard: 24773195,
    node: publicKey,
    ...(quorumSet === undefined ? { status: 'missing' } : { qset: quorumSet && inStellarCore(quorumSet) })
  })
  const summary = {
    critical: null,
    intersection: true,
    last_check_ledger: 24773187,
    node_count: nodes.length
  }
  return Object.assign(summary, { nodes: nodes.map(node) })
}

function pythonFbas(nodes: FbasNode[]): fbas.PythonFbasNetwork {
  const qsets: fbas.PythonFbasNetwork['qsets'] = {}
  const named = ({ threshold, validators, innerQuorumSets }: QuorumSet): string => {
    const members = [...validators, ...innerQuorumSets.map(named)]
    const id = `${threshold} of ${members.join()}`
    qsets[id] = { threshold, members }
    return id
  }
  const validators = nodes.map(({ publicKey, quorumSet, ...attrs }) => ({
    id: publicKey,
    qset: quorumSet ? named(quorumSet) : null,
    attrs: { ...attrs, publicKey }
  }))
  return { validators, qsets }
}

test('every format says the same, as objects and as text', async () => {
  const unknown = [
    ...nodes,
    { publicKey: 'nobody knows what this one asks for' },
    { publicKey: 'nor this', quorumSet: null }
  ]
  const expected = await fbas.analyzeFull(unknown, organizations, { groupBy: 'organization' })
  const inAll: [string, fbas.NetworkInput, typeof organizations | null][] = [
    ["explorer's network", { nodes: unknown, organizations }, null],
    ["explorer's network, organizations passed", { nodes: unknown, organizations: [] }, organizations],
    ['stellar-core', stellarCore(unknown), organizations],
    ['python-fbas', pythonFbas(unknown), organizations]
  ]
  const withoutTimes = (value: unknown) =>
    JSON.parse(
      JSON.stringify(value, (key, value) =>
        key === 'executionTimeMs' ? 0 : typeof value === 'bigint' ? String(value) : value
      )
    )
  for (const [format, network, given] of inAll) {
    for (const input of [
      network,
      JSON.stringify(network),
      Buffer.from(`\uFEFF ${JSON.stringify(network)}`)
    ]) {
      const found = await fbas.analyzeFull(input, given, { groupBy: 'organization' })
      assert.deepEqual(withoutTimes(found), withoutTimes(expected), format)
    }
    const preprocessed = (await fbas.preprocess(network)).nodes
    assert.deepEqual(
      preprocessed.map(({ publicKey, quorumSet }) => ({ publicKey, quorumSet })),
      nodes.map(({ publicKey, quorumSet }) => ({ publicKey, quorumSet })),
      format
    )
  }
})

test('properties of nodes can be grouped by in every format', async () => {
  for (const network of [{ nodes }, stellarCore(nodes), pythonFbas(nodes)]) {
    const { topTier } = await fbas.analyzeTopTier(network, null, { groupBy: 'homeDomain' })
    assert.deepEqual(topTier, ['p.example', 'q.example', 'r.example', 's.example'])
  }
  const distances = await fbas.analyzeTopTier(stellarCore(TWO_OF_THREE), null, { groupBy: 'distance' })
  assert.deepEqual(distances.topTier, ['1'])
})

test("without organizations, the nodes' ids count or, if there are none, their home domains", async () => {
  const inGroups = flat(['A', 'B', 'C', 'D'], 3).map((node, index) => ({
    ...node,
    homeDomain: index < 2 ? 'two.example' : null
  }))
  const groupsOf = async (nodes: FbasNode[], organizations?: fbas.FbasOrganization[]) =>
    (await fbas.analyzeTopTier(nodes, organizations, { groupBy: 'organization' })).topTier
  assert.deepEqual(await groupsOf(inGroups), ['C', 'D', 'two.example'])
  const withId = inGroups.map((node, index) => (index === 3 ? { ...node, organizationId: 'id' } : node))
  assert.deepEqual(await groupsOf(withId), ['A', 'B', 'C', 'id'], 'a domain is only claimed')
  assert.deepEqual(await groupsOf(withId, []), ['A', 'B', 'C', 'D'], 'there are none')
  const given = await fbas.analyzeTopTier(
    { nodes: withId, organizations: [{ id: 'o', validators: ['A', 'D'] }] },
    null,
    {
      groupBy: 'organization'
    }
  )
  assert.deepEqual(given.topTier, ['B', 'C', 'o'])
})

test('countries and providers that differ by commas or a full stop are one, called as the first node says', async () => {
  const names = ['Amazon.com, Inc.', 'Amazon.com Inc', 'Amazon.com Inc.', 'amazon.com inc']
  const providers = flat(['A', 'B', 'C', 'D'], 3).map((node, index) => ({ ...node, isp: names[index] }))
  const { topTier } = await fbas.analyzeTopTier(providers, null, { groupBy: 'isp' })
  assert.deepEqual(topTier, ['Amazon.com, Inc.', 'amazon.com inc'])
})

test('a wrong document names the place in it', async () => {
  const refused = (document: unknown, message: RegExp) =>
    assert.rejects(() => fbas.analyzeTopTier(JSON.stringify(document)), { code: 'INVALID_INPUT', message })
  await refused(
    {},
    /^nodes: an object of no format that is known, expected an array of nodes, an object with/
  )
  await refused({ validators: [] }, /^nodes: an object of no format/)
  await refused({ nodes: 5 }, /^nodes: .*expected an array of nodes/)
  await refused({ nodes: [{ publicKey: 'A' }, { node: 'B' }] }, /^nodes\[1\]: missing field `publicKey`/)
  await refused(
    { nodes: [], organizations: [{ id: 'o' }] },
    /^organizations\[0\]: missing field `validators`/
  )

  await refused({ nodes: [{ node: 'A' }, { publicKey: 'B' }] }, /^nodes\[1\]: missing field `node`/)
  const set = (qset: unknown) => ({ nodes: [{ node: 'A', qset }] })
  await refused(set({ v: [] }), /^nodes\[0\]\.qset: missing field `t`/)
  await refused(set({ t: -1, v: [] }), /^nodes\[0\]\.qset\.t: .*expected a whole number/)
  await refused(
    set({ t: 1, v: ['A', { t: 1, v: [5] }] }),
    /^nodes\[0\]\.qset\.v\[1\]\.v\[0\]: .*a public key or a quorum set/
  )
  let deep: StellarCoreQuorumSet = { t: 1, v: ['A'] }
  for (let level = 1; level < 32; level++) deep = { t: 1, v: [deep] }
  assert.deepEqual((await fbas.analyzeTopTier(set(deep) as fbas.StellarCoreQuorum)).topTier, ['A'])
  await refused(set({ t: 1, v: [deep] }), /nested at most 32 deep/)

  const python = (qsets: unknown, qset = 'q') => ({ validators: [{ id: 'A', qset }], qsets })
  await refused(python({ q: { threshold: 1 } }), /^qsets\.q: missing field `members`/)
  await refused(python({}), /^validators\[0\]\.qset: expected the id of one of the qsets, found `q`/)
  await refused(python({ q: { threshold: 1, members: ['q'] } }), /^qsets\.q\.members: .*not in a circle/)
  await refused(
    python({ A: { threshold: 1, members: [] } }),
    /^validators\[0\]\.id: a quorum set has the same id/
  )
  // Shared quorum sets, each naming the next one twice, would be two to the power of thirty when written out.
  const shared = Array.from({ length: 30 }, (_, level) => [
    `q${level}`,
    { threshold: 1, members: [`q${level + 1}`, `q${level + 1}`] }
  ])
  const tower = Object.fromEntries([...shared, ['q30', { threshold: 1, members: ['A'] }]])
  await refused(python(tower, 'q0'), /expected at most 1048576 entries/)
  // The next call works.
  assert.equal((await fbas.analyzeTopTier(pythonFbas(TWO_OF_THREE))).topTierSize, 3)
})
