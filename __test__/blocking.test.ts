// Calls that block, and networks that are disposed of.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fbas from '../index.js'
import { ALL_OF_THREE, TWO_OF_THREE, TWO_PAIRS, fourOrganizations, hard } from './networks.js'

/** The answer without the time that it took. */
function timeless(value: unknown): unknown {
  const kept = (key: string, value: unknown) => {
    if (key === 'executionTimeMs') return undefined
    return typeof value === 'bigint' ? `${value}n` : value
  }
  return JSON.parse(JSON.stringify(value, kept))
}

test('every analysis gives the same in its blocking form', async () => {
  const { nodes, organizations } = fourOrganizations()
  const pairs = [
    [fbas.analyzeTopTier, fbas.analyzeTopTierSync],
    [fbas.analyzeSymmetricTopTier, fbas.analyzeSymmetricTopTierSync],
    [fbas.analyzeBlockingSets, fbas.analyzeBlockingSetsSync],
    [fbas.analyzeSplittingSets, fbas.analyzeSplittingSetsSync],
    [fbas.analyzeQuorums, fbas.analyzeQuorumsSync],
    [fbas.analyzeHistoryCritical, fbas.analyzeHistoryCriticalSync],
    [fbas.analyzeFull, fbas.analyzeFullSync],
    [fbas.performAnalysis, fbas.performAnalysisSync]
  ] as const
  for (const [promised, blocking] of pairs) {
    for (const network of [nodes, TWO_OF_THREE, ALL_OF_THREE, TWO_PAIRS]) {
      const expected = timeless(await promised(network, organizations))
      assert.deepEqual(timeless(blocking(JSON.stringify(network), organizations)), expected, blocking.name)
    }
  }
})

test('a blocking call throws what the other form rejects with', () => {
  const code = (code: string) => (error: fbas.FbasError) => error instanceof Error && error.code === code
  assert.throws(() => fbas.analyzeTopTierSync('[{"publicKey":1}]'), code('INVALID_INPUT'))
  assert.throws(() => fbas.analyzeSplittingSetsSync(hard(40), null, { timeoutMs: 20 }), code('TIMEOUT'))
  const bounds = fbas.analyzeSplittingSetsSync(hard(40), null, { timeoutMs: 20, anytime: true })
  assert.equal(bounds.isExact, false)
})

test('a blocking call refuses what cannot reach it', () => {
  const refused = (option: string) => (error: fbas.FbasError) =>
    error.code === 'INVALID_INPUT' && error.message.startsWith(`options.${option}: `)
  const { signal } = new AbortController()
  assert.throws(() => fbas.analyzeTopTierSync(TWO_OF_THREE, null, { signal }), refused('signal'))
  const onProgress = () => {}
  assert.throws(() => fbas.performAnalysisSync(TWO_OF_THREE, null, { onProgress }), refused('onProgress'))
})

test('a network that is disposed of says so, and calls under way finish', async () => {
  const network = await fbas.FbasNetwork.load(TWO_OF_THREE)
  const underWay = network.analyzeBlockingSets()
  network[Symbol.dispose]()
  network[Symbol.dispose]()
  assert.equal((await underWay).minSize, 2)
  const isDisposed = (error: fbas.FbasError) =>
    error.code === 'INVALID_INPUT' && error.message === 'network: it was disposed of'
  assert.throws(() => network.nodeCount, isDisposed)
  assert.throws(() => network.findings, isDisposed)
  await assert.rejects(network.performAnalysis(), isDisposed)
})

test('a network remembers, and answers the same', async () => {
  const { nodes, organizations } = fourOrganizations()
  const network = await fbas.FbasNetwork.load(nodes, organizations)
  const ways = ['p1', 'p2', 'q1', 'q2', 'r1', 'r2'].map((key) => ({ faultyNodes: [key] }))
  const first = []
  for (const options of ways) first.push(timeless(await network.analyzeFull(options)))
  for (const [index, options] of ways.entries()) {
    assert.deepEqual(timeless(await network.analyzeFull(options)), first[index])
    assert.deepEqual(timeless(await fbas.analyzeFull(nodes, organizations, options)), first[index])
  }
})
