// Stopping, and staying out of the way: signals, time limits, the event loop, many calls at once.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { getEventListeners, once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

import * as fbas from '../index.js'
import { TWO_OF_THREE, hard } from './networks.js'

type Rejection = fbas.FbasError

// Tens of seconds of work, so that it is still under way whenever a test looks.
const HARD = JSON.stringify(hard(40))
const ROOT = join(__dirname, '..')

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

test('a time limit rejects, with the bounds so far', async () => {
  const error = await rejectionOf(fbas.analyzeSplittingSets(HARD, null, { timeoutMs: 1000 }))
  assert.equal(error.code, 'TIMEOUT')
  assert.ok(error.lowerBound !== undefined && error.upperBound !== undefined)
  assert.ok(error.upperBound === null || error.lowerBound < error.upperBound)
  const result = await fbas.analyzeBlockingSets(TWO_OF_THREE, null, { timeoutMs: 60_000 })
  assert.equal(result.minSize, 2)
})

test('with anytime, a time limit and a signal resolve with bounds', async () => {
  const late = await fbas.analyzeSplittingSets(HARD, null, { timeoutMs: 1000, anytime: true })
  const controller = new AbortController()
  const promise = fbas.analyzeSplittingSets(HARD, null, { signal: controller.signal, anytime: true })
  setTimeout(() => controller.abort(), 1000)
  for (const { minSize, lowerBound, isExact, exampleSet } of [late, await promise]) {
    assert.equal(isExact, false)
    assert.ok(minSize === null || lowerBound < minSize)
    assert.equal(exampleSet.length, minSize ?? 0)
  }
  const none = await fbas.analyzeBlockingSets(HARD, null, { signal: AbortSignal.abort(), anytime: true })
  assert.deepEqual([none.minSize, none.lowerBound, none.isExact], [null, 0, false])
})

test('a figure that is not proven in time has a finding, and the others have their values', async () => {
  const result = await fbas.performAnalysis(HARD, null, { timeoutMs: 6000, anytime: true })
  const open = result.findings.filter(({ code }) => code === 'NOT_EXACT').flatMap(({ fields }) => fields)
  assert.ok(open.includes('node.splittingSetsMinSize'))
  assert.ok(
    open.every((field) => field.endsWith('.splittingSetsMinSize')),
    open.join('; ')
  )
  const { minSize } = await fbas.analyzeBlockingSets(HARD)
  assert.equal(result.node.blockingSetsMinSize, minSize)
  assert.equal(result.node.topTierSize, 120)
})

test('progress tells bounds that only get better, not too often, and not after the end', async () => {
  const told: { at: number; progress: fbas.Progress }[] = []
  const onProgress = (progress: fbas.Progress) => told.push({ at: performance.now(), progress })
  await rejectionOf(fbas.analyzeSplittingSets(HARD, null, { timeoutMs: 2000, onProgress }))
  const count = told.length
  assert.ok(count >= 2, `${count} calls`)
  await sleep(100)
  assert.equal(told.length, count)
  assert.ok(told[count - 1]!.at - told[0]!.at >= (count - 1) * 49, 'every 50 ms at most, delays apart')
  told.forEach(({ progress }, index) => {
    const before = told[index - 1]?.progress
    assert.equal(progress.analysis, 'splittingSets')
    assert.ok(progress.elapsedMs >= (before?.elapsedMs ?? 0))
    assert.ok(progress.lowerBound >= (before?.lowerBound ?? 0))
    assert.ok((progress.upperBound ?? Infinity) <= (before?.upperBound ?? Infinity))
  })
})

test('a progress function that throws breaks nothing and becomes a warning', async () => {
  const warned = once(process, 'warning')
  const onProgress = () => {
    throw new Error('a defect of the caller')
  }
  const options = { timeoutMs: 500, anytime: true, onProgress }
  assert.equal((await fbas.analyzeSplittingSets(HARD, null, options)).isExact, false)
  const [warning] = await warned
  assert.equal(warning.message, 'a defect of the caller')
})

test('a process that exits does not wait for an analysis', async () => {
  const script = `
    const fbas = require('./index.js')
    fbas.analyzeSplittingSets(require('fs').readFileSync(0)).catch(() => {})
    setTimeout(() => process.exit(7), 200)`
  const child = spawn(process.execPath, ['-e', script], { cwd: ROOT })
  child.stdin.end(HARD)
  const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(30_000) })
  assert.equal(code, 7)
})

test('a worker can be terminated in mid-analysis', async () => {
  const script = `
    const { parentPort, workerData } = require('node:worker_threads')
    const fbas = require(workerData.addon)
    for (let call = 0; call < 6; call++) fbas.analyzeSplittingSets(workerData.network).catch(() => {})
    parentPort.postMessage('started')`
  const workerData = { addon: join(ROOT, 'index.js'), network: HARD }
  const worker = new Worker(script, { eval: true, workerData })
  await once(worker, 'message')
  await sleep(50)
  const isOver = worker.terminate().then(() => true)
  assert.ok(await Promise.race([isOver, sleep(30_000, false, { ref: false })]))
  assert.equal((await fbas.analyzeBlockingSets(TWO_OF_THREE)).minSize, 2)
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
