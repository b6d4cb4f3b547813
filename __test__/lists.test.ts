// All minimal sets as JavaScript sees them: lists, counts, and the async iterator.

import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'

import * as fbas from '../index.js'
import { ALL_OF_THREE, TWO_OF_THREE, TWO_PAIRS, flat, fourOrganizations, hard } from './networks.js'

const keys = (count: number) => Array.from({ length: count }, (_, index) => `N${index}`.padStart(4, '0'))

test('lists are in the order of size and names, and say whether they are complete', async () => {
  const blocking = await fbas.analyzeBlockingSets(TWO_OF_THREE, null, { limit: 3 })
  assert.deepEqual(blocking.sets, [
    ['A', 'B'],
    ['A', 'C'],
    ['B', 'C']
  ])
  assert.equal(blocking.isComplete, true)
  assert.equal(blocking.totalSets, 3n)
  const first = await fbas.analyzeBlockingSets(TWO_OF_THREE, null, { limit: 1 })
  assert.deepEqual([first.sets, first.isComplete, first.totalSets], [[['A', 'B']], false, 3n])
  const none = await fbas.analyzeBlockingSets(TWO_OF_THREE, null, { limit: 0 })
  assert.deepEqual([none.sets, none.isComplete, none.totalSets], [[], false, 3n])
})

test('a splitting set that contains one is not minimal, even where sets between the two do not split', async () => {
  const split = await fbas.analyzeSplittingSets(TWO_OF_THREE, null, { limit: 10 })
  assert.deepEqual(split.sets, [['A'], ['B'], ['C']])
  const pairs = await fbas.analyzeSplittingSets(TWO_PAIRS, null, { limit: 10 })
  assert.deepEqual([pairs.sets, pairs.totalSets, pairs.isComplete], [[[]], 1n, true])
  const impossible = await fbas.analyzeSplittingSets(ALL_OF_THREE, null, { limit: 10 })
  assert.deepEqual([impossible.sets, impossible.totalSets, impossible.minSize], [[], 0n, null])
})

test('groups are listed and counted like nodes', async () => {
  const { nodes, organizations } = fourOrganizations()
  const options = { groupBy: 'organization', limit: 100 }
  const quorums = await fbas.analyzeQuorums(nodes, organizations, options)
  assert.deepEqual(quorums.sets, [
    ['p', 'q', 'r'],
    ['p', 'q', 's'],
    ['p', 'r', 's'],
    ['q', 'r', 's']
  ])
  assert.deepEqual(quorums.sizes, [{ size: 3, count: 4n }])
  assert.deepEqual(quorums.occurrences?.[0], { name: 'p', count: 3n, share: 0.75 })
  const byNode = await fbas.analyzeQuorums(nodes, organizations, { limit: 1000 })
  assert.equal(byNode.totalSets, 4n * 27n)
  assert.equal(byNode.sets?.length, 108)
})

test('history-critical sets are listed in both places', async () => {
  const { nodes, organizations } = fourOrganizations()
  for (const node of nodes) node.historyArchiveHasError = node.publicKey.endsWith('3')
  const history = await fbas.analyzeHistoryCritical(nodes, organizations, { limit: 1000 })
  assert.deepEqual(history.criticalSets, history.sets)
  assert.ok(history.sets!.length > 1 && history.isComplete)
  assert.equal(history.totalSets, BigInt(history.sets!.length))
})

test('what nobody can list is counted', async () => {
  const blocking = await fbas.analyzeBlockingSets(flat(keys(100), 67), null, { limit: 2 })
  const binomial = (n: bigint, k: bigint): bigint => (k === 0n ? 1n : (binomial(n - 1n, k - 1n) * n) / k)
  assert.equal(blocking.totalSets, binomial(100n, 34n))
  assert.deepEqual(blocking.sizes, [{ size: 34, count: binomial(100n, 34n) }])
  assert.equal(blocking.occurrences?.length, 100)
  for (const { share } of blocking.occurrences!) assert.ok(Math.abs(share - 0.34) < 1e-12)
  assert.deepEqual(blocking.sets, [keys(34), [...keys(33), keys(35)[34]]])
})

test('without a limit there is no list, and numbers where they are easy', async () => {
  const easy = await fbas.analyzeBlockingSets(TWO_OF_THREE)
  assert.equal(easy.totalSets, 3n)
  assert.ok(!('sets' in easy) && !('isComplete' in easy))
  const { sets, totalSets, minSize } = await fbas.analyzeSplittingSets(hard(16))
  assert.deepEqual([sets, totalSets], [undefined, undefined])
  assert.ok(minSize !== null)
})

test('an iterator hands out every set, and stops when its consumer does', async () => {
  const network = await fbas.FbasNetwork.load(flat(keys(9), 6))
  for (const [all, analyse] of [
    ['minimalQuorums', 'analyzeQuorums'],
    ['minimalBlockingSets', 'analyzeBlockingSets'],
    ['minimalSplittingSets', 'analyzeSplittingSets'],
    ['minimalHistoryCriticalSets', 'analyzeHistoryCritical']
  ] as const) {
    const sets: string[][] = []
    for await (const set of network[all]()) sets.push(set)
    assert.deepEqual(sets, (await network[analyse]({ limit: 1000 })).sets, all)
  }
  const limited: string[][] = []
  for await (const set of network.minimalQuorums({ limit: 5 })) limited.push(set)
  assert.equal(limited.length, 5)

  const iterator = network.minimalQuorums()
  for await (const set of iterator) {
    assert.equal(set.length, 6)
    break
  }
  assert.deepEqual(await iterator.next(), { done: true })
})

test('an iterator over more sets than anybody can hold starts at once', async () => {
  const network = await fbas.FbasNetwork.load(flat(keys(100), 67))
  let count = 0
  for await (const set of network.minimalQuorums()) {
    assert.equal(set.length, 67)
    if (++count === 500) break
  }
  assert.equal(count, 500)
})

test('an iterator can be aborted, runs out of time, and refuses what makes no sense', async () => {
  const network = await fbas.FbasNetwork.load(hard(24))
  const controller = new AbortController()
  const reason = new Error('enough')
  setTimeout(() => controller.abort(reason), 50)
  await assert.rejects(
    async () => {
      for await (const set of network.minimalSplittingSets({ signal: controller.signal })) assert.ok(set)
    },
    { name: 'AbortError', code: 'ABORT_ERR', cause: reason }
  )
  await assert.rejects(
    async () => {
      for await (const set of network.minimalSplittingSets({ timeoutMs: 50 })) assert.ok(set)
    },
    { code: 'TIMEOUT' }
  )
  assert.throws(() => network.minimalQuorums({ anytime: true }), { code: 'INVALID_INPUT' })
  assert.throws(() => network.minimalQuorums({ limit: -1 }), { code: 'INVALID_INPUT' })
  assert.throws(() => network.minimalQuorums({ onProgress: () => {} }), { code: 'INVALID_INPUT' })
})

test('timers fire while an iterator looks for its next set', async () => {
  const network = await fbas.FbasNetwork.load(hard(24))
  const controller = new AbortController()
  const next = network.minimalSplittingSets({ signal: controller.signal }).next()
  const monitor = monitorEventLoopDelay({ resolution: 5 })
  monitor.enable()
  let ticks = 0
  const timer = setInterval(() => ticks++, 5)
  await sleep(300)
  clearInterval(timer)
  monitor.disable()
  controller.abort()
  await assert.rejects(next, { code: 'ABORT_ERR' })
  assert.ok(ticks > 10, `${ticks} ticks`)
})
