// What comes in: every form of input gives the same answer, bad input an error that says where, odd but legal data a finding.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fbas from '../index.js'
import { TWO_OF_THREE, fourOrganizations, quorumSet } from './networks.js'

type Rejection = Error & { code?: string }

/** The error that a call is rejected with; fails if it throws instead, or succeeds. */
async function rejection(call: () => Promise<unknown>): Promise<Rejection> {
  const promise = call()
  return promise.then(
    () => assert.fail('the call should be rejected'),
    (error: Rejection) => error
  )
}

async function assertInvalid(call: () => Promise<unknown>, message: RegExp) {
  const error = await rejection(call)
  assert.ok(error instanceof Error)
  assert.equal(error.code, 'INVALID_INPUT', error.message)
  assert.match(error.message, message)
  assert.ok(error.message.length < 2000, 'an error message does not repeat the input')
  // The process and later calls are unharmed.
  assert.equal((await fbas.analyzeBlockingSets(TWO_OF_THREE)).minSize, 2)
}

const node = (quorumSet: unknown) => JSON.stringify([{ publicKey: 'A', quorumSet }])
const ofType = (value: unknown) => value as fbas.NodesInput

test('text, bytes and objects give the same answer', async () => {
  const { nodes, organizations } = fourOrganizations()
  const text = JSON.stringify(nodes)
  const expected = await fbas.performAnalysis(nodes, organizations)
  assert.deepEqual(await fbas.performAnalysis(text, JSON.stringify(organizations)), expected)
  assert.deepEqual(
    await fbas.performAnalysis(Buffer.from(text), Buffer.from(JSON.stringify(organizations))),
    expected
  )
  assert.deepEqual(await fbas.performAnalysis(new TextEncoder().encode(text), organizations), expected)
  assert.deepEqual(await fbas.performAnalysis(`\uFEFF${text}`, organizations), expected)
  const reversed = await fbas.performAnalysis([...nodes].reverse(), [...organizations].reverse())
  assert.deepEqual(reversed, expected, 'the order of the input does not matter')
})

test('bytes may be changed as soon as the call has returned', async () => {
  const bytes = Buffer.from(JSON.stringify(TWO_OF_THREE))
  const promise = fbas.analyzeBlockingSets(bytes)
  bytes.fill(0x20)
  assert.equal((await promise).minSize, 2)
})

test('text that is not JSON', async () => {
  await assertInvalid(() => fbas.analyzeTopTier('no JSON'), /^nodes: expected an array of nodes/)
  await assertInvalid(() => fbas.analyzeTopTier(''), /^nodes: an empty text, expected an array of nodes/)
  await assertInvalid(() => fbas.analyzeTopTier('[{"publicKey": "A"}'), /^nodes/)
  await assertInvalid(() => fbas.analyzeTopTier('[] []'), /^nodes: .*trailing characters/)
  await assertInvalid(() => fbas.analyzeTopTier(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d])), /^nodes/)
  await assertInvalid(
    () => fbas.analyzeTopTier([], 'no JSON'),
    /^organizations: expected an array of organizations/
  )
  await assertInvalid(() => fbas.preprocess('{'), /^nodes/)
  await assertInvalid(() => fbas.FbasNetwork.load('{'), /^nodes/)
})

test('a string of 50 MB', async () => {
  await assertInvalid(() => fbas.analyzeTopTier('x'.repeat(50_000_000)), /^nodes: expected an array/)
  await assertInvalid(
    () => fbas.analyzeTopTier(`["${'x'.repeat(50_000_000)}"]`),
    /^nodes\[0\]: .*expected a node/
  )
})

test('values of the wrong type, named by their JSON path', async () => {
  for (const value of [5, true, {}, null, undefined, () => [], new Float64Array(2), new ArrayBuffer(8)]) {
    await assertInvalid(() => fbas.analyzeTopTier(ofType(value)), /^nodes: .*expected an array of nodes/)
  }
  const organizations = (value: unknown) => value as fbas.OrganizationsInput
  await assertInvalid(() => fbas.analyzeTopTier([], organizations(5)), /^organizations: .*expected an array/)
  await assertInvalid(() => fbas.analyzeTopTier('{}'), /^nodes: .*expected an array of nodes/)
  await assertInvalid(() => fbas.analyzeTopTier('[5]'), /^nodes\[0\]: .*expected a node/)
  await assertInvalid(() => fbas.analyzeTopTier('[{}]'), /^nodes\[0\]: missing field `publicKey`/)
  await assertInvalid(
    () => fbas.analyzeTopTier('[{"publicKey":5}]'),
    /^nodes\[0\]\.publicKey: .*expected a string/
  )
  await assertInvalid(
    () => fbas.analyzeTopTier('[{"publicKey":""}]'),
    /^nodes\[0\]\.publicKey: .*expected a string of 1/
  )
  await assertInvalid(() => fbas.analyzeTopTier(node(5)), /^nodes\[0\]\.quorumSet: .*expected a quorum set/)
  await assertInvalid(
    () => fbas.analyzeTopTier(node({ validators: [] })),
    /^nodes\[0\]\.quorumSet: missing field `threshold`/
  )
  await assertInvalid(() => fbas.analyzeTopTier(node({ threshold: 1 })), /missing field `validators`/)
  await assertInvalid(
    () => fbas.analyzeTopTier(node({ threshold: 1, validators: ['A', 5] })),
    /^nodes\[0\]\.quorumSet\.validators\[1\]: .*expected a string/
  )
  await assertInvalid(
    () =>
      fbas.analyzeTopTier(node(quorumSet(1, [], [{ threshold: -1, validators: [], innerQuorumSets: [] }]))),
    /^nodes\[0\]\.quorumSet\.innerQuorumSets\[0\]\.threshold: /
  )
  await assertInvalid(
    () => fbas.analyzeTopTier('[{"publicKey":"A","isp":5}]'),
    /^nodes\[0\]\.isp: .*expected a string/
  )
  await assertInvalid(
    () => fbas.analyzeTopTier('[{"publicKey":"A","geoData":{"countryName":5}}]'),
    /^nodes\[0\]\.geoData\.countryName: /
  )
  await assertInvalid(
    () => fbas.analyzeTopTier([], '[{"id":"o"}]'),
    /^organizations\[0\]: missing field `validators`/
  )
})

test('thresholds that are no thresholds', async () => {
  const threshold = (value: string) =>
    `[{"publicKey":"A","quorumSet":{"threshold":${value},"validators":[]}}]`
  for (const value of [
    '-1',
    '1.5',
    '9007199254740992',
    '18446744073709551616',
    '1e400',
    '"1"',
    'null',
    'true'
  ]) {
    await assertInvalid(() => fbas.analyzeTopTier(threshold(value)), /^nodes\[0\]\.quorumSet\.threshold/)
  }
  for (const value of [NaN, Infinity]) {
    const nodes = [{ publicKey: 'A', quorumSet: quorumSet(value, []) }]
    await assertInvalid(
      () => fbas.analyzeTopTier(nodes),
      /threshold: .*expected a whole number from 0 to 9007199254740991/
    )
  }
})

test('nesting a thousand deep', async () => {
  const open = '{"threshold":1,"validators":["A"],"innerQuorumSets":['
  const deep = (levels: number) =>
    `[{"publicKey":"A","quorumSet":${open.repeat(levels)}${']}'.repeat(levels)}}]`
  await assertInvalid(() => fbas.analyzeTopTier(deep(1000)), /expected quorum sets nested at most 32 deep/)
  assert.equal((await fbas.analyzeTopTier(deep(32))).topTierSize, 1)
  const network = await fbas.FbasNetwork.load(deep(6))
  assert.ok(network.findings.some(({ code }) => code === 'NESTING_TOO_DEEP'))
})

test('objects that cannot be written as JSON', async () => {
  const cyclic: fbas.FbasNode = { publicKey: 'A' }
  cyclic.self = cyclic
  await assertInvalid(() => fbas.analyzeTopTier([cyclic]), /^nodes: cannot be written as JSON/)
  await assertInvalid(
    () => fbas.analyzeTopTier([{ publicKey: 'A', big: 1n }]),
    /^nodes: cannot be written as JSON/
  )
})

test('a validator listed twice, two nodes with one key: legal, with a finding', async () => {
  const nodes = [
    { publicKey: 'A', quorumSet: quorumSet(2, ['A', 'A', 'B']) },
    { publicKey: 'B', quorumSet: quorumSet(2, ['A', 'B']) },
    { publicKey: 'B', quorumSet: quorumSet(1, ['B']) }
  ]
  const network = await fbas.FbasNetwork.load(nodes)
  assert.equal(network.nodeCount, 2)
  const finding = (code: string) => network.findings.find((finding) => finding.code === code)?.nodes
  assert.deepEqual(finding('DUPLICATE_ENTRY'), ['A'])
  assert.deepEqual(finding('DUPLICATE_NODE'), ['B'])
  // A counts twice in its own set, so it is a quorum; the second B, who would be one too, does not count.
  assert.deepEqual((await network.analyzeTopTier()).topTier, ['A'])
})

test('explorer data as it is', async () => {
  const shared = quorumSet(
    2,
    ['A', 'B', 'nobody crawled (this), one'],
    [quorumSet(1, [], [quorumSet(1, ['C'])])]
  )
  const nodes = [
    ...['A', 'B', 'C'].map((publicKey) => ({
      publicKey,
      quorumSet: shared,
      name: 'Name, with (parentheses)',
      geoData: null,
      isp: null,
      extra: { anything: [1, 2, { deep: null }] }
    })),
    { publicKey: 'D', quorumSet: null, geoData: { countryCode: null, countryName: null } },
    { publicKey: 'E', quorumSet: quorumSet(9007199254740991, []) },
    { publicKey: 'F' }
  ]
  const organizations = [{ id: 'o', name: null, validators: ['A', 'B', 'not there'] }]
  const result = await fbas.performAnalysis(nodes, organizations, { faultyNodes: ['D', 'outside the list'] })
  assert.equal(result.hasQuorumIntersection, true)
  assert.deepEqual([result.node.topTierSize, result.organization.topTierSize], [3, 2])
  const finding = (code: string) => result.findings.find((finding) => finding.code === code)?.nodes
  assert.deepEqual(finding('UNKNOWN_QUORUM_SET'), ['D', 'F'])
  assert.deepEqual(finding('UNKNOWN_VALIDATOR'), ['nobody crawled (this), one'])
  assert.deepEqual(finding('UNREACHABLE_THRESHOLD'), ['E'])
})

test('options that are not what they should be', async () => {
  const invalid = (options: object, message: RegExp) =>
    assertInvalid(() => fbas.analyzeBlockingSets(TWO_OF_THREE, null, options), message)
  await invalid({ groupBy: 5 }, /^options\.groupBy: expected a string/)
  await invalid({ groupBy: '' }, /^options\.groupBy: /)
  await invalid({ faultyNodes: 'A' }, /^options\.faultyNodes: expected an array/)
  await invalid({ faultyNodes: ['A', 5] }, /^options\.faultyNodes\[1\]: /)
  await invalid({ unknownNodes: 'alive' }, /^options\.unknownNodes: expected 'dead' or 'free'/)
  await invalid({ scope: 'everything' }, /^options\.scope: expected 'core' or 'all'/)
  await invalid({ ignoreOneNodeQuorums: 1 }, /^options\.ignoreOneNodeQuorums: expected true or false/)
  await invalid({ timeoutMs: -1 }, /^options\.timeoutMs: /)
  await invalid({ timeoutMs: NaN }, /^options\.timeoutMs: /)
  await invalid({ threads: 0 }, /^options\.threads: /)
  await invalid({ threads: 1.5 }, /^options\.threads: /)
  await invalid({ anytime: 1 }, /^options\.anytime: expected true or false/)
  await invalid({ onProgress: 5 }, /^options\.onProgress: expected a function/)
  await invalid({ signal: 5 }, /^options\.signal: expected an AbortSignal/)
  await invalid({ signal: {} }, /^options\.signal: expected an AbortSignal/)
  await invalid({ grouBy: 'isp' }, /^options\.grouBy: there is no such option/)
  await invalid([], /^options: expected an object/)
  await invalid({ limit: -1 }, /^options\.limit: expected a whole number/)
  await invalid({ limit: 1.5 }, /^options\.limit: expected a whole number/)
  await invalid({ limit: '10' }, /^options\.limit: expected a number/)
  // What makes no sense is refused, never ignored.
  await assertInvalid(() => fbas.performAnalysis([], null, { limit: 1 }), /^options\.limit: .*no sets/)
  for (const listless of [fbas.analyzeTopTier, fbas.analyzeCore]) {
    await assertInvalid(() => listless([], null, { limit: 1 }), /^options\.limit: .*no sets/)
  }
  const grouped = { groupBy: 'isp' }
  await assertInvalid(
    () => fbas.performAnalysis([], null, grouped),
    /^options\.groupBy: .*all four groupings/
  )
  await assertInvalid(() => fbas.analyzeSymmetricTopTier([], null, grouped), /^options\.groupBy: .*of nodes/)
  const absent = {
    groupBy: null,
    faultyNodes: undefined,
    signal: undefined,
    timeoutMs: undefined,
    anytime: false
  }
  assert.equal((await fbas.analyzeBlockingSets(TWO_OF_THREE, null, absent)).minSize, 2)
})
