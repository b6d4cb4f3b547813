// Stopping, and staying out of the way: signals, time limits, the event loop, many calls at once.

import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import * as fbas from '../index.js'
import { TWO_OF_THREE, hard } from './networks.js'

type Rejection = Error & { code?: string }

// Tens of seconds of work, so that it is still under way whenever a test looks.
const HARD = JSON.stringify(hard(40))

async function rejectionOf(promise: Promise<unknown>): Promise<Rejection> {
  return promise.then(
    () => assert.fail('the call should be rejected'),
    (error: Rejection) => error
  )
}

function assertAborted(error: Rejection, cause: unknown) {
  assert.ok(error instanceof Error)
  assert.equal(error.code, 'ABORT_ERR')
  assert.equal(error.name, 'AbortError')
  assert.equal(error.cause, cause)
}

test('a signal that has fired stops the call before it starts', async () => {
  const signal = AbortSignal.abort('why')
  assertAborted(await rejectionOf(fbas.analyzeTopTier(TWO_OF_THREE, null, { signal })), 'why')
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})

test('a signal stops running work, and its listener is removed', async () => {
  const controller = new AbortController()
  const { signal } = controller
  const promise = fbas.analyzeSplittingSets(HARD, null, { signal })
  await sleep(100)
  assert.equal(getEventListeners(signal, 'abort').length, 1)
  const reason = new Error('enough')
  controller.abort(reason)
  assertAborted(await rejectionOf(promise), reason)
  while (getEventListeners(signal, 'abort').length > 0) await sleep(5)
})

test('a signal stops queued work at once', async () => {
  const controllers = Array.from({ length: 12 }, () => new AbortController())
  const promises = controllers.map(({ signal }) => fbas.analyzeSplittingSets(HARD, null, { signal }))
  const rejected = promises.map(rejectionOf)
  // The last ones are still queued behind the first on libuv's pool.
  for (const controller of controllers.reverse()) controller.abort()
  for (const error of await Promise.all(rejected)) assert.equal(error.code, 'ABORT_ERR')
})

test('a signal can be reused for many calls and keeps none of them', async () => {
  const controller = new AbortController()
  const { signal } = controller
  for (let index = 0; index < 20; index++) {
    assert.equal((await fbas.analyzeBlockingSets(TWO_OF_THREE, null, { signal })).minSize, 2)
  }
  while (getEventListeners(signal, 'abort').length > 0) await sleep(5)
  const promise = fbas.analyzeSplittingSets(HARD, null, { signal })
  controller.abort()
  assert.equal((await rejectionOf(promise)).code, 'ABORT_ERR')
})

test('a time limit rejects', async () => {
  const error = await rejectionOf(fbas.analyzeSplittingSets(HARD, null, { timeoutMs: 50 }))
  assert.equal(error.code, 'TIMEOUT')
  const result = await fbas.analyzeBlockingSets(TWO_OF_THREE, null, { timeoutMs: 60_000 })
  assert.equal(result.minSize, 2)
})

test('the event loop turns while a long analysis runs', async () => {
  const controller = new AbortController()
  let isOver = false
  const promise = rejectionOf(fbas.analyzeSplittingSets(HARD, null, { signal: controller.signal })).finally(
    () => (isOver = true)
  )
  let turns = 0
  for (; turns < 20; turns++) await sleep(5)
  assert.equal(isOver, false, 'the analysis is still running')
  controller.abort()
  await promise
})

test('many calls at once all finish', async () => {
  const calls = Array.from({ length: 100 }, (_, index) =>
    fbas.performAnalysis(TWO_OF_THREE, null, { threads: 1 + (index % 4) })
  )
  for (const result of await Promise.all(calls)) assert.equal(result.node.blockingSetsMinSize, 2)
})

test('any number of threads gives the same answer', async () => {
  const nodes = hard(8)
  const expected = await fbas.performAnalysis(nodes, null, { threads: 1 })
  for (const threads of [2, 3, undefined]) {
    assert.deepEqual(await fbas.performAnalysis(nodes, null, { threads }), expected)
  }
})
