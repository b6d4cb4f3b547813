// How calls on a page go: what is refused and how, progress, time limits, being called off, networks and iterators that stay with the worker, and
// a worker that has to be replaced. The page stays awake all the time.

import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'

import { FbasNetwork } from '../../index.js'
import { root } from '../examples.js'
import { fourOrganizations, hard, TWO_PAIRS } from '../networks.js'
import { comparable, dist, missing, open, type Opened } from './page.js'

const example = (name: string) => readFileSync(join(root, 'examples/network', name), 'utf8')
const GIVEN = {
  nodes: example('stellar-2025-11.json'),
  organizations: example('organizations-2025-11.json'),
  four: fourOrganizations(),
  split: TWO_PAIRS,
  // Longer than any test waits.
  hard: hard(30)
}

/** Everything is loaded by its address: nothing is a blob. */
const BY_ADDRESS =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'"

describe('a page', { skip: missing ?? false }, () => {
  let opened: Opened
  before(async () => {
    opened = await open()
    await opened.page.evaluate(`globalThis.given = ${JSON.stringify(GIVEN)}`)
    await opened.page.evaluate(`globalThis.rejected = (promise) => promise.then(
      (value) => ({ resolved: value }),
      ({ name, message, code, cause }) => ({ name, message, code, cause: cause && String(cause) }))`)
  })
  after(() => opened.close())

  /** What an async function on the page comes to. */
  const on = async (body: string): Promise<never> =>
    (await opened.page.evaluate(`(async () => { ${body} })()`)) as never

  test('refuses what the addon refuses, in its words', async () => {
    const messages: { code: string; message: string }[] = await on(`return Promise.all([
      web.analyzeFull('[{"publicKey": 1}]'),
      web.analyzeFull(5),
      web.analyzeFull(given.split, null, { limitt: 3 }),
      web.analyzeFull(given.split, null, { timeoutMs: 'soon' }),
      web.analyzeFull(given.split, null, { signal: 5 }),
      web.analyzeFull(given.split, null, { onProgress: 5 }),
      web.analyzeNode(given.split, null, { node: 'E' }),
      web.preprocess(given.split, null, { signal: 5 }).then(() => { throw { code: 'NONE' } })
    ].map(rejected))`)
    assert.deepEqual(
      messages.map(({ code, message }) => [code, /^(\S+?):/.exec(message ?? '')?.[1]]),
      [
        ['INVALID_INPUT', 'nodes[0].publicKey'],
        ['INVALID_INPUT', 'nodes'],
        ['INVALID_INPUT', 'options.limitt'],
        ['INVALID_INPUT', 'options.timeoutMs'],
        ['INVALID_INPUT', 'options.signal'],
        ['INVALID_INPUT', 'options.onProgress'],
        ['INVALID_INPUT', 'options.node'],
        ['NONE', undefined]
      ]
    )
  })

  test('takes objects and bytes as well as text, and later changes of them change nothing', async () => {
    const [objects, text, bytes]: string[] = await on(`
      const { nodes, organizations } = structuredClone(given.four)
      const asked = [
        web.performAnalysis(nodes, organizations),
        web.performAnalysis(JSON.stringify(nodes), JSON.stringify(organizations)),
        web.performAnalysis(new TextEncoder().encode(JSON.stringify(nodes)), organizations)
      ]
      nodes.length = 0
      return (await Promise.all(asked)).map(${comparable.toString()})`)
    assert.equal(objects, text)
    assert.equal(bytes, text)
    assert.match(objects!, /"topTierSize":12/)
  })

  test('is told progress while the worker works, and what its function throws is an error of the page', async () => {
    const { told, isInTime, errors }: { told: object[]; isInTime: boolean; errors: string[] } = await on(`
      const told = []
      const errors = []
      let isOver = false
      let isInTime = true
      addEventListener('error', (event) => { event.preventDefault(); errors.push(event.message) }, { once: true })
      const onProgress = (progress) => {
        if (isOver) isInTime = false
        if (told.push(progress) === 1) throw new Error('of the page')
      }
      await web.analyzeSplittingSets(given.nodes, given.organizations, { onProgress, certificate: true })
      isOver = true
      return { told, isInTime, errors }`)
    assert.deepEqual(errors, ['Uncaught Error: of the page'])
    assert.ok(told.length > 0 && isInTime)
    assert.deepEqual(Object.keys(told[0]!).sort(), [
      'analysis',
      'elapsedMs',
      'lowerBound',
      'phase',
      'upperBound'
    ])
  })

  test('ends a call when its time is over, whether it works or waits', async () => {
    const found: { code: string }[] = await on(`return Promise.all([
      rejected(web.analyzeSplittingSets(given.hard, null, { timeoutMs: 300 })),
      rejected(web.analyzeSplittingSets(given.hard, null, { timeoutMs: 1 }))])`)
    assert.deepEqual(
      found.map(({ code }) => code),
      ['TIMEOUT', 'TIMEOUT']
    )
  })

  test('gives bounds when the time is over or the call is called off, where that was asked', async () => {
    const [late, off]: { isExact: boolean; lowerBound: number }[] = await on(`
      const late = await web.analyzeSplittingSets(given.hard, null, { timeoutMs: 300, anytime: true })
      const abort = new AbortController()
      const off = web.analyzeSplittingSets(given.hard, null, {
        anytime: true, signal: abort.signal, onProgress: () => abort.abort() })
      return [late, await off]`)
    assert.equal(late!.isExact, false)
    assert.equal(off!.isExact, false)
  })

  test('calls off at once what works and what waits, with the reason, and goes on', async () => {
    const [first, second, third, figures]: never[] = await on(`
      const [working, waiting] = [new AbortController(), new AbortController()]
      const first = rejected(web.analyzeFull(given.hard, null, { signal: working.signal }))
      const second = rejected(web.analyzeFull(given.hard, null, { signal: waiting.signal }))
      const third = rejected(web.analyzeFull(given.hard, null, { signal: AbortSignal.abort('before') }))
      const figures = web.performAnalysis(given.four.nodes, given.four.organizations)
      await new Promise((resolve) => setTimeout(resolve, 200))
      working.abort('enough')
      waiting.abort()
      return [await first, await second, await third, (await figures).node.topTierSize]`)
    assert.deepEqual(first, {
      name: 'AbortError',
      message: 'the analysis was cancelled',
      code: 'ABORT_ERR',
      cause: 'enough'
    })
    assert.match(JSON.stringify(second), /ABORT_ERR.*AbortError: signal is aborted/)
    assert.match(JSON.stringify(third), /ABORT_ERR.*before/)
    assert.equal(figures, 12)
  })

  test('keeps networks with the worker, also where that is replaced', async () => {
    const told: unknown = await on(`
      const network = await web.FbasNetwork.load(given.four.nodes, given.four.organizations)
      const changed = await web.changeNetwork(network, null, { remove: ['p1'] })
      const before = [await network.hash(), await changed.hash(), changed.nodeCount]
      const sets = network.minimalBlockingSets()
      const first = (await sets.next()).value
      // A signal cannot reach an iterator: its worker is replaced.
      const abort = new AbortController()
      const long = (await web.FbasNetwork.load(given.hard)).minimalSplittingSets({ signal: abort.signal })
      const ended = rejected(long.next())
      setTimeout(() => abort.abort(), 300)
      const { code } = await ended
      const rest = []
      for await (const set of sets) rest.push(set)
      const all = []
      for await (const set of network.minimalBlockingSets()) all.push(set)
      const after = [await network.hash(), await changed.hash(), (await changed.nodes()).length]
      network.dispose()
      const gone = await rejected(network.hash())
      const groups = (await changed.groups('country')).map(({ label }) => label)
      return { code, isSame: JSON.stringify(before) === JSON.stringify(after), whole: JSON.stringify([first, ...rest]) === JSON.stringify(all),
        count: all.length, gone: gone.code, groups, end: await long.next() }`)
    assert.deepEqual(told, {
      code: 'ABORT_ERR',
      isSame: true,
      whole: true,
      count: 54,
      gone: 'INVALID_INPUT',
      groups: ['Atlantis', 'p', 'p1', 'q', 'r', 's'],
      end: { done: true, value: undefined }
    })
  })

  test('has all functions of the addon but those that block', async () => {
    const names: string[] = await on('return Object.keys(web)')
    const addon = Object.keys(await import('../../index.js')).filter(
      (name) => !name.endsWith('Sync') && !['default', '__napiBindingTarget', 'module.exports'].includes(name)
    )
    assert.deepEqual(names.filter((name) => name !== 'load').sort(), addon.sort())
  })

  test('complains about nothing', () => assert.deepEqual(opened.complaints, []))
})

test('a page that loads everything by its address', { skip: missing ?? false }, async () => {
  const { page, complaints, close } = await open({ module: '/by-url.mjs', policy: BY_ADDRESS })
  const [missingAddress, health, off, ahead] = (await page.evaluate(`(async () => {
    const missing = await web.health().catch(({ message }) => message)
    await web.load({ wasm: '/stellar-fbas.wasm', worker: '/worker.js' })
    // The worker may not look whether it is called off, so it is replaced.
    const abort = new AbortController()
    const long = web.analyzeFull(${JSON.stringify(GIVEN.hard)}, null, { signal: abort.signal }).catch(({ code }) => code)
    setTimeout(() => abort.abort(), 300)
    const off = await long
    // What it had ahead is answered by its successor, but for what was called off meanwhile.
    const network = await web.FbasNetwork.load(...${JSON.stringify([GIVEN.four.nodes, GIVEN.four.organizations])})
    const [working, waiting] = [new AbortController(), new AbortController()]
    const ended = [working, waiting].map(({ signal }) =>
      web.analyzeFull(${JSON.stringify(GIVEN.hard)}, null, { signal }).catch(({ code }) => code))
    const kept = [network.analyzeBlockingSets(), network.analyzeQuorums()]
    await new Promise((resolve) => setTimeout(resolve, 200))
    waiting.abort()
    const codes = [await ended[1]]
    working.abort()
    codes.push(await ended[0])
    const [{ minSize: blocking }, { minSize: quorum }] = await Promise.all(kept)
    return [missing, await web.health(), off, { codes, blocking, quorum }]
  })()`)) as [string, { target: string }, string, unknown]
  await close()
  const network = await FbasNetwork.load(GIVEN.four.nodes, GIVEN.four.organizations)
  const [{ minSize: blocking }, { minSize: quorum }] = [
    await network.analyzeBlockingSets(),
    await network.analyzeQuorums()
  ]
  assert.deepEqual(ahead, { codes: ['ABORT_ERR', 'ABORT_ERR'], blocking, quorum })
  assert.equal(missingAddress, 'no WebAssembly: pass its address to `load`')
  assert.equal(health.target, 'wasm32')
  assert.equal(off, 'ABORT_ERR')
  assert.deepEqual(
    complaints.filter((complaint) => !complaint.includes('blob:')),
    []
  )
})

test('a page whose memory runs out during a call', { skip: missing ?? false }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stellar-fbas-'))
  for (const file of ['by-url.mjs', 'worker.js']) copyFileSync(join(dist, file), join(folder, file))
  // Two megabytes more than it begins with.
  writeFileSync(
    join(folder, 'stellar-fbas.wasm'),
    withMemory(readFileSync(join(dist, 'stellar-fbas.wasm')), 32)
  )
  const { page, close } = await open({ folder, module: '/by-url.mjs', policy: BY_ADDRESS })
  try {
    const told: unknown = await page.evaluate(`(async () => {
      await web.load({ wasm: '/stellar-fbas.wasm', worker: '/worker.js' })
      const pairs = ${JSON.stringify(TWO_PAIRS)}
      const sizes = async () => (await web.analyzeBlockingSets(pairs)).minSize
      const network = await web.FbasNetwork.load(pairs)
      const before = await sizes()
      const long = [{ publicKey: 'A', name: 'x'.repeat(2e7) }]
      const { code, message } = await web.analyzeFull(long).catch((error) => error)
      return { before, code, reason: message.split(':')[0], after: await sizes(), kept: (await network.analyzeBlockingSets()).minSize }
    })()`)
    assert.deepEqual(told, { before: 2, code: 'INTERNAL', reason: 'the worker ended', after: 2, kept: 2 })
  } finally {
    await close()
    rmSync(folder, { recursive: true })
  }
})

/** WebAssembly whose memory grows by so many pages and no further. */
function withMemory(wasm: Buffer, pages: number): Buffer {
  const MEMORY = 5
  const CODE = 10
  // A number of the format: seven bits a byte, the lowest first.
  const numberAt = (at: number): [value: number, after: number] => {
    let [value, shift] = [0, 0]
    for (let index = at; ; index++, shift += 7) {
      const byte = wasm[index]!
      value |= (byte & 127) << shift
      if (byte < 128) return [value, index + 1]
    }
  }
  const written = (value: number): number[] =>
    value < 128 ? [value] : [(value & 127) | 128, ...written(value >>> 7)]
  // After the eight bytes of the head: sections, each with its kind and its length.
  for (let at = 8; wasm[at] !== CODE;) {
    const [length, content] = numberAt(at + 1)
    if (wasm[at] === MEMORY) {
      const [least] = numberAt(content + 2)
      const memory = [1, 1, ...written(least), ...written(least + pages)]
      return Buffer.concat([
        wasm.subarray(0, at),
        Buffer.from([MEMORY, ...written(memory.length), ...memory]),
        wasm.subarray(content + length)
      ])
    }
    at = content + length
  }
  throw new Error('this WebAssembly has no memory of its own')
}
