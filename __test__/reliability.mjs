// Does the addon stay a good guest for long? `npm run reliability` takes all of it and prints the figures; a part by itself, with
// another number: `npm run reliability -- aborts 100`. V8's young generation is kept small, as it grows for a long time by itself. Ends with status 1 if a figure is not what it should be.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'

const require = createRequire(import.meta.url)
const example = new URL('../examples/network/', import.meta.url)
const nodes = readFileSync(new URL('stellar-2025-11.json', example))
const organizations = readFileSync(new URL('organizations-2025-11.json', example))

/** Reproducible random numbers below `limit` (mulberry32). */
let seed = 1
function random(limit) {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit)
}

/** Organizations of three that leave each other out at random: many seconds of work. */
function hard() {
  const members = (id) => [0, 1, 2].map((index) => `org${id}n${index}`)
  const list = []
  for (let id = 0; id < 40; id++) {
    const inner = []
    for (let other = 0; other < 40; other++) {
      if (other !== id && random(10) < 3) continue
      inner.push({ threshold: 2, validators: members(other), innerQuorumSets: [] })
    }
    const threshold = inner.length - Math.floor((inner.length - 1) / 3)
    for (const publicKey of members(id)) {
      list.push({ publicKey, quorumSet: { threshold, validators: [], innerQuorumSets: inner } })
    }
  }
  return JSON.stringify(list)
}

const megabytes = (bytes) => bytes / 2 ** 20
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]

/** The resident memory after a collection; the median of some looks, as it is noisy. */
async function residentMemory() {
  const looks = []
  for (let look = 0; look < 5; look++) {
    globalThis.gc?.()
    await sleep(20)
    looks.push(process.memoryUsage.rss())
  }
  return median(looks)
}

/** Threads of this process, where the system tells. */
const threads = () => (existsSync('/proc/self/task') ? readdirSync('/proc/self/task').length : undefined)

/** Processor time that the process takes while nothing should run, in milliseconds of a second. */
async function idleTime() {
  const before = process.cpuUsage()
  await sleep(1000)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const parts = {
  /** Consecutive calls of every kind; memory must be flat after the first half. */
  async calls(count = 10_000) {
    const fbas = require('../index.js')
    const kept = await fbas.FbasNetwork.load(nodes, organizations)
    const call = async (index) => {
      const faultyNodes = [`GONE${index}`, 'GCGB2S2KGYARPVIA37HYZXVRM2YZUEXA6S33ZU5BUDC6THSB62LZSTYH']
      if (index % 4 === 0) return fbas.performAnalysis(nodes, organizations, { faultyNodes })
      if (index % 4 === 1) return kept.analyzeFull({ faultyNodes })
      if (index % 4 === 2)
        return kept.performAnalysis({ signal: new AbortController().signal, onProgress() {} })
      return fbas.FbasNetwork.load(nodes.toString(), organizations).then((network) =>
        network.analyzeQuorums()
      )
    }
    const half = count >> 1
    for (let index = 0; index < half; index++) await call(index)
    const warm = await residentMemory()
    for (let index = half; index < count; index++) await call(index)
    const growth = megabytes((await residentMemory()) - warm)
    console.log(
      `${count} calls: ${megabytes(warm).toFixed(0)} MB after half of them, then ${growth.toFixed(1)} MB more`
    )
    assert.ok(growth < 5, 'memory is flat')
  },

  /** Calls aborted at random moments, four at a time, which are all threads that libuv has; nothing may be left running. */
  async aborts(count = 1_000) {
    const fbas = require('../index.js')
    const network = hard()
    // All threads that stay are there afterwards.
    await Promise.all([1, 2, 3, 4, 5].map(() => fbas.performAnalysis(nodes)))
    const before = threads()
    const delays = []
    for (let index = 0; index < count; index += 4) {
      const controller = new AbortController()
      const { signal } = controller
      const kinds = [fbas.analyzeSplittingSets, fbas.performAnalysis, fbas.analyzeFull, fbas.analyzeQuorums]
      const promises = kinds.map((analyze) => analyze(network, null, { signal }))
      await sleep(random(80))
      const start = performance.now()
      controller.abort()
      for (const promise of promises) await assert.rejects(promise, { code: 'ABORT_ERR' })
      // Calls that follow get threads as soon as the aborted ones have left them.
      await Promise.all([1, 2, 3, 4].map(() => fbas.analyzeBlockingSets(nodes)))
      delays.push(performance.now() - start)
    }
    await sleep(100)
    const idle = await idleTime()
    const left = before === undefined ? 'unknown' : threads() - before
    console.log(
      `${count} aborts: four calls that follow are through after ${median(delays).toFixed(0)} ms ` +
        `(slowest ${Math.max(...delays).toFixed(0)} ms); ${left} threads more than before, ` +
        `${idle.toFixed(0)} ms of processor time in the next second`
    )
    assert.ok(idle < 100, 'nothing runs any more')
    assert.ok(left === 'unknown' || left <= 0, 'no thread is left')
  },

  /** Many calls at once, beside one that never ends. */
  async concurrent(count = 100) {
    const fbas = require('../index.js')
    const expected = await fbas.performAnalysis(nodes, organizations)
    const controller = new AbortController()
    const endless = fbas.performAnalysis(hard(), null, { signal: controller.signal })
    const start = performance.now()
    const results = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        fbas.performAnalysis(nodes, organizations, { threads: 1 + (index % 4) })
      )
    )
    const time = performance.now() - start
    for (const result of results) assert.deepEqual(result, expected)
    controller.abort()
    await assert.rejects(endless, { code: 'ABORT_ERR' })
    console.log(`${count} calls at once beside an endless one: all right after ${time.toFixed(0)} ms`)
  },

  /** Workers that load the addon and are terminated in mid-analysis; this thread does not load it before the end. */
  async workers(count = 200) {
    const network = hard()
    const times = []
    for (let index = 0; index < count; index++) {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { network } })
      await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
      await sleep(random(60))
      const start = performance.now()
      await worker.terminate()
      times.push(performance.now() - start)
    }
    const fbas = require('../index.js')
    assert.equal((await fbas.performAnalysis(nodes, organizations)).node.blockingSetsMinSize > 0, true)
    console.log(
      `${count} workers terminated in mid-analysis: ${median(times).toFixed(0)} ms each ` +
        `(slowest ${Math.max(...times).toFixed(0)} ms), ${megabytes(process.memoryUsage.rss()).toFixed(0)} MB in the end`
    )
  },

  /** Inputs made from good ones by small changes; each is either analysed or refused as INVALID_INPUT. */
  async malformed(count = 100_000) {
    const fbas = require('../index.js')
    const good = [nodes.toString(), organizations.toString()]
    const small = JSON.stringify(JSON.parse(good[0]).slice(0, 4))
    const codes = { analysed: 0, refused: 0 }
    for (let done = 0; done < count;) {
      const batch = Array.from({ length: Math.min(500, count - done) }, () => {
        const [first, second] = random(4) > 0 ? [mutated(small), good[1]] : [small, mutated(good[1])]
        return fbas
          .analyzeTopTier(random(2) ? first : Buffer.from(first), second, { timeoutMs: 60_000 })
          .then(
            () => codes.analysed++,
            (error) => {
              assert.equal(error.code, 'INVALID_INPUT', `${error.message}: ${first}`)
              assert.ok(error.message.length > 10)
              codes.refused++
            }
          )
      })
      await Promise.all(batch)
      done += batch.length
    }
    console.log(
      `${count} mutated inputs: ${codes.refused} refused with INVALID_INPUT, ${codes.analysed} still valid`
    )
    assert.ok(codes.refused > count / 4 && codes.analysed > 0)
  }
}

/** The text with one to three bytes, or one to three values, changed. */
function mutated(text) {
  let changes = 1 + random(3)
  if (random(2)) {
    for (; changes > 0; changes--) {
      const at = random(text.length)
      const piece = ['', '"', '{', '}', '[', ']', ',', ':', '0', '-', '\\', '\u0000', 'é', '1e999'][
        random(14)
      ]
      text = text.slice(0, at) + piece + text.slice(at + random(3))
    }
    return text
  }
  const odd = [null, true, -1, 0, 1.5, 1e300, 2 ** 53, '', 'x', [], {}, [null], [[]], { threshold: 1 }]
  const value = JSON.parse(text)
  for (; changes > 0; changes--) {
    let at = value
    for (;;) {
      const keys = Object.keys(at)
      if (keys.length === 0) break
      const key = keys[random(keys.length)]
      if (typeof at[key] !== 'object' || at[key] === null || random(4) === 0) {
        if (random(5) === 0) delete at[key]
        else at[key] = structuredClone(odd[random(odd.length)])
        break
      }
      at = at[key]
    }
  }
  return JSON.stringify(value)
}

if (isMainThread) {
  const [only, count] = process.argv.slice(2)
  for (const [name, part] of Object.entries(parts)) {
    if (only === undefined || only === name) await part(count === undefined ? undefined : Number(count))
  }
} else {
  const fbas = require('../index.js')
  for (let call = 0; call < 3; call++) fbas.analyzeSplittingSets(workerData.network).catch(() => {})
  parentPort.postMessage('started')
}
