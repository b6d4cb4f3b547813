// What a parsed network says of itself: its nodes, its organizations, and who is counted with whom.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FbasNetwork, type FbasNode } from '../index.js'
import { flat, fourOrganizations, quorumSet } from './networks.js'

const SET = quorumSet(2, ['A', 'B', 'X'], [quorumSet(1, ['C'])])
const NODES: FbasNode[] = [
  { publicKey: 'B', name: 'Bee', isp: 'One', geoData: { countryCode: 'DE' }, quorumSet: SET },
  { publicKey: 'A', isp: 'One', extra: { deep: [1, null] }, quorumSet: SET },
  { publicKey: 'C', quorumSet: null }
]

test('nodes come back in the order of the input, the first of each key, with all that they had', () => {
  const again: FbasNode = { publicKey: 'A', name: 'another', quorumSet: quorumSet(1, ['A']) }
  const network = FbasNetwork.loadSync([...NODES, again])
  assert.deepEqual(network.nodes(), NODES)
  assert.equal(network.nodes().length, network.nodeCount)
  assert.equal(network.organizations(), null)
})

test('nodes are the same whatever format they came in', () => {
  const stellarCore = {
    nodes: NODES.map(({ publicKey, quorumSet: set, ...attributes }) => ({
      node: publicKey,
      ...attributes,
      qset: set ? { t: 2, v: ['X', { t: 1, v: ['C'] }, 'B', 'A'] } : null
    }))
  }
  const pythonFbas = {
    validators: NODES.map(({ publicKey, quorumSet: set, ...attrs }) => ({
      id: publicKey,
      attrs,
      qset: set ? 'q' : null
    })),
    qsets: { q: { threshold: 2, members: ['X', 'B', 'i', 'A'] }, i: { threshold: 1, members: ['C'] } }
  }
  for (const network of [NODES, { nodes: NODES }, stellarCore, pythonFbas]) {
    assert.deepEqual(FbasNetwork.loadSync(network).nodes(), NODES)
    assert.deepEqual(FbasNetwork.loadSync(JSON.stringify(network)).nodes(), NODES)
  }
})

test('what comes back has the figures of what went in', () => {
  const { nodes, organizations } = fourOrganizations()
  const unusable = { publicKey: 'zero', quorumSet: quorumSet(0, ['unlisted']) }
  const network = FbasNetwork.loadSync([...nodes, unusable], organizations)
  const again = FbasNetwork.loadSync(network.nodes(), network.organizations())
  assert.deepEqual(again.findings, network.findings)
  assert.deepEqual(again.performAnalysisSync(), network.performAnalysisSync())
})

test('organizations are those that were given, beside the nodes or with them', () => {
  const nodes = flat(['A', 'B'], 1)
  const inside = [{ id: 'in', validators: ['B', 'A', 'not there'] }]
  const beside = [
    { id: 'one', name: 'One', validators: ['A'] },
    { id: 'two', name: null, validators: ['A', 'B'] }
  ]
  assert.deepEqual(FbasNetwork.loadSync({ nodes, organizations: inside }).organizations(), [
    { id: 'in', name: null, validators: ['A', 'B'] }
  ])
  assert.deepEqual(FbasNetwork.loadSync({ nodes, organizations: inside }, beside).organizations(), [
    { id: 'one', name: 'One', validators: ['A'] },
    { id: 'two', name: null, validators: ['B'] }
  ])
  assert.deepEqual(FbasNetwork.loadSync({ nodes, organizations: [] }).organizations(), [])
})

test('groups have every node that results can name, sorted by label', () => {
  const network = FbasNetwork.loadSync(NODES)
  assert.deepEqual(network.groups('isp'), [
    { label: 'C', nodes: ['C'], isNode: true },
    { label: 'One', nodes: ['A', 'B'], isNode: false },
    { label: 'X', nodes: ['X'], isNode: true }
  ])
  for (const absent of [undefined, null]) {
    const alone = (key: string) => ({ label: key, nodes: [key], isNode: true })
    assert.deepEqual(network.groups(absent), ['A', 'B', 'C', 'X'].map(alone))
  }
})

test('a group that is called like a node without one is told apart, in results as well', () => {
  const nodes = flat(['GAA', 'A', 'B'], 2).map((node) =>
    node.publicKey === 'GAA' ? node : { ...node, isp: 'GAA' }
  )
  const network = FbasNetwork.loadSync(nodes)
  assert.deepEqual(network.groups('isp'), [
    { label: 'GAA', nodes: ['GAA'], isNode: true },
    { label: 'GAA (group)', nodes: ['A', 'B'], isNode: false }
  ])
  assert.deepEqual(network.analyzeTopTierSync({ groupBy: 'isp' }).topTier, ['GAA', 'GAA (group)'])
  assert.deepEqual(network.analyzeBlockingSetsSync({ groupBy: 'isp' }).exampleSet, ['GAA (group)'])
})

test('a grouping that is none, and a network that was disposed of, are refused', () => {
  const network = FbasNetwork.loadSync(NODES)
  for (const groupBy of [5, '', {}]) {
    assert.throws(() => network.groups(groupBy as string), {
      code: 'INVALID_INPUT',
      message: /^groupBy: expected a string/
    })
  }
  network[Symbol.dispose]()
  for (const call of [() => network.nodes(), () => network.organizations(), () => network.groups()]) {
    assert.throws(call, { code: 'INVALID_INPUT', message: /disposed of/ })
  }
})
