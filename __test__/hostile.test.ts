// Input that means harm: whatever it is, it is answered within bounded time and memory, or refused with an error that says where. The process
// survives and the next call works.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import * as fbas from '../index.js'
import { TWO_OF_THREE, flat, quorumSet } from './networks.js'

// A node of TypeScript is what a caller promises; these break promises.
const anything = (value: unknown) => value as fbas.FbasNode[]
const options = (value: unknown) => value as fbas.AnalysisOptions

async function nextCallWorks() {
  assert.equal((await fbas.analyzeBlockingSets(TWO_OF_THREE)).minSize, 2)
}

/** A promise that is rejected, never an exception; the form that blocks throws the same. */
async function refused(
  message: RegExp,
  nodes: unknown,
  chosen: unknown = null,
  organizations: unknown = null
): Promise<void> {
  const args = [anything(nodes), organizations as fbas.FbasOrganization[] | null, options(chosen)] as const
  const check = (error: Error & { code?: string }) => {
    assert.ok(error instanceof Error)
    assert.equal(error.code, 'INVALID_INPUT', error.message)
    assert.match(error.message, message)
    assert.ok(error.message.length < 1000, 'an error message does not repeat the input')
    return true
  }
  const promise = fbas.analyzeTopTier(...args)
  await assert.rejects(promise, check)
  assert.throws(() => fbas.analyzeTopTierSync(...args), check)
  await nextCallWorks()
}

/** The same as objects, as a text and as bytes. */
async function refusedInEveryForm(message: RegExp, nodes: unknown) {
  const text = JSON.stringify(nodes)
  for (const form of [nodes, text, Buffer.from(text)]) await refused(message, form)
}

const withSet = (quorumSet: unknown) => anything([{ publicKey: 'A', quorumSet }])

// Every file of tests is a process of its own.
after(() => assert.ok(process.resourceUsage().maxRSS < 1_000_000, 'memory stays far below a gigabyte'))

test('parts that are shared are not written out without bound', async () => {
  let set = quorumSet(1, ['A'])
  for (let level = 0; level < 30; level++) set = quorumSet(1, [], [set, set])
  await refused(/^nodes: cannot be written as JSON.*: more than 8388608 values$/, withSet(set))
  // In attributes, in organizations, and by long texts, too.
  let shared: unknown = 'x'.repeat(1000)
  for (let level = 0; level < 20; level++) shared = { shared, again: shared }
  await refused(/^nodes: cannot be written as JSON.*: it is too long$/, [{ publicKey: 'A', shared }])
  await refused(/^organizations: cannot be written as JSON/, TWO_OF_THREE, null, [{ id: 'o', shared }])
  // Sharing in itself is legal.
  const [node] = flat(['A'], 1) as [fbas.FbasNode]
  assert.equal((await fbas.analyzeTopTier([...TWO_OF_THREE, node, node])).topTierSize, 3)
})

test('quorum sets that name each other, in the format that has ids for them', async () => {
  const tower = (levels: number) => {
    const qsets = Array.from({ length: levels }, (_, level) => {
      const next = level + 1 < levels ? `q${level + 1}` : 'A'
      return [`q${level}`, { threshold: 1, members: [next, next] }]
    })
    return { validators: [{ id: 'A', qset: 'q0' }], qsets: Object.fromEntries(qsets) }
  }
  await refusedInEveryForm(/^qsets\.q\d+\.members: expected at most 1048576 entries/, tower(30))
  await refusedInEveryForm(/^qsets\.q\d+\.members: expected quorum sets nested at most 32 deep/, tower(50))
  assert.deepEqual((await fbas.analyzeTopTier(anything(tower(15)))).topTier, ['A'])
})

test('a million entries', async () => {
  // What bounds cost grows with the square of the entries of a set.
  const tooMany = /^nodes\[0\]\.quorumSet: 1000000 entries, expected at most 4096 in one quorum set$/
  await refusedInEveryForm(tooMany, withSet(quorumSet(1, Array(1_000_000).fill('A'))))
  await refused(/^nodes\[0\]\.quorumSet\.innerQuorumSets\[1\]: /, [
    { publicKey: 'A', quorumSet: quorumSet(1, [], [quorumSet(1, []), quorumSet(1, Array(4097).fill('A'))]) }
  ])
  await refused(/^nodes\[0\]\.qset: 5000 entries/, {
    nodes: [{ node: 'A', qset: { t: 1, v: Array(5000).fill('A') } }]
  })
  const qsets = { q: { threshold: 1, members: Array(5000).fill('A') } }
  await refused(/^qsets\.q\.members: 5000 entries/, { validators: [{ id: 'A', qset: 'q' }], qsets })
  const most = withSet(quorumSet(4096, Array(4096).fill('A')))
  assert.equal((await fbas.analyzeBlockingSets(most)).minSize, 1)
  // A million in all.
  const names = Array.from({ length: 4000 }, (_, index) => `N${index}`)
  const set = quorumSet(3000, names)
  const everybody = names.slice(0, 250).map((publicKey) => ({ publicKey, quorumSet: set }))
  assert.equal((await fbas.analyzeQuorums(everybody)).hasQuorum, false)
  const strangers = names.slice(0, 40).map((key) => ({
    publicKey: key,
    quorumSet: quorumSet(
      1,
      names.map((name) => `${name} of ${key}`)
    )
  }))
  await refusedInEveryForm(/^nodes: 160040 nodes with those that quorum sets name, .* 100000$/, strangers)
})

test('more values than memory should be spent on', async () => {
  const zeros = (count: number) => `[{"publicKey":"A","zeros":[${'0,'.repeat(count)}0]}]`
  await refused(/^nodes: expected at most 8388608 values in one JSON text$/, zeros(9_000_000))
  await refused(/^nodes: expected at most 8388608 values/, Buffer.from(zeros(9_000_000)))
  await refused(/^organizations: expected at most 8388608/, [], null, zeros(9_000_000))
  // Commas in names are none.
  const named = `[{"publicKey":"A","name":"${','.repeat(20_000_000)}"}]`
  assert.equal((await fbas.FbasNetwork.load(named)).nodeCount, 1)
})

test('texts and bytes that are too long are refused before they are copied', async () => {
  await refused(/^nodes: .*at most 268435456 bytes.*: it is too long$/, ' '.repeat((1 << 28) + 1))
  // Characters of three bytes.
  await refused(/^nodes: expected at most 268435456 bytes/, '\u2028'.repeat(90_000_000))
  const bytes = new Uint8Array(new ArrayBuffer((1 << 28) + 1))
  await refused(/^nodes: expected at most 268435456 bytes/, bytes)
  for (const empty of [new Uint8Array(0), '', ' \n']) await refused(/^nodes: an empty text/, empty)
})

test('nesting of a thousand and of a hundred thousand levels', async () => {
  const open = '{"threshold":1,"validators":[],"innerQuorumSets":['
  const text = (levels: number) =>
    `[{"publicKey":"A","quorumSet":${open.repeat(levels)}${']}'.repeat(levels)}}]`
  const objects = (levels: number) => {
    let set = quorumSet(1, [])
    for (let level = 1; level < levels; level++) set = quorumSet(1, [], [set])
    return withSet(set)
  }
  const tooDeep = /^nodes\[0\]\.quorumSet\.innerQuorumSets\[0\].*nested at most 32 deep/
  for (const nodes of [text(1000), Buffer.from(text(1000)), objects(1000), text(100_000)]) {
    await refused(tooDeep, nodes)
  }
  await refused(/^nodes: cannot be written as JSON.*: nested more than 4000 deep/, objects(100_000))
  // Attributes, and what no format knows.
  const brackets = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
  await refused(/^nodes\[0\]\.x\[0\].*recursion limit/, `[{"publicKey":"A","x":${brackets(100_000)}}]`)
  const unread = `{"unread":${brackets(100_000)},"nodes":${JSON.stringify(TWO_OF_THREE)}}`
  assert.equal((await fbas.analyzeTopTier(unread)).topTierSize, 3)
})

test('thresholds at the limits of integers', async () => {
  const findings = async (threshold: number) => {
    const { findings } = await fbas.FbasNetwork.load(withSet(quorumSet(threshold, ['A'])))
    return findings.map(({ code }) => code)
  }
  assert.ok((await findings(0)).includes('ZERO_THRESHOLD'))
  for (const threshold of [2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1]) {
    assert.ok((await findings(threshold)).includes('UNREACHABLE_THRESHOLD'), `${threshold}`)
    const { hasQuorum } = await fbas.analyzeQuorums(withSet(quorumSet(threshold, ['A'])))
    assert.equal(hasQuorum, false)
  }
  const whole = /^nodes\[0\]\.quorumSet\.threshold: .*expected a whole number from 0 to 9007199254740991$/
  for (const threshold of [
    -1,
    -(2 ** 53),
    2 ** 53,
    2 ** 64,
    1e308,
    1.5,
    NaN,
    Infinity,
    -Infinity,
    '1',
    null
  ]) {
    const nodes = withSet({ threshold, validators: ['A'] })
    await refusedInEveryForm(whole, nodes)
    await refused(/^nodes\[0\]\.qset\.t: /, { nodes: [{ node: 'A', qset: { t: threshold, v: [] } }] })
    const qsets = { q: { threshold, members: [] } }
    await refused(/^qsets\.q\.threshold: /, { validators: [{ id: 'A', qset: 'q' }], qsets })
  }
  // One is one, however it is written.
  for (const one of ['1', '1.0', '1e0', '10e-1']) {
    const text = `[{"publicKey":"A","quorumSet":{"threshold":${one},"validators":["A"]}}]`
    assert.deepEqual((await fbas.analyzeTopTier(text)).topTier, ['A'], one)
  }
})

test('keys of any kind', async () => {
  const megabyte = 'k'.repeat(1 << 20)
  await refusedInEveryForm(/^nodes\[0\]\.publicKey: .*1 to 1024 bytes$/, [{ publicKey: megabyte }])
  await refusedInEveryForm(
    /^nodes\[0\]\.quorumSet\.validators\[0\]: .*1 to 1024 bytes$/,
    withSet(quorumSet(1, [megabyte]))
  )
  await refused(/^organizations\[0\]\.id: .*1 to 1024 bytes$/, [], null, [{ id: megabyte, validators: [] }])
  const qsets = { [megabyte]: { threshold: 1, members: [] } }
  await refused(/^qsets.*1 to 1024 bytes$/, { validators: [], qsets })
  const names = [
    '__proto__',
    'constructor',
    'toString',
    'a\0b',
    '\0',
    'k'.repeat(1024),
    '\u{1F600}',
    '\uFFFD'
  ]
  const nodes = flat(names, names.length)
  assert.deepEqual((await fbas.analyzeTopTier(nodes)).topTier, [...names].sort(byBytes))
  const ignoring = await fbas.analyzeTopTier(nodes, null, { faultyNodes: ['__proto__', 'hasOwnProperty'] })
  assert.deepEqual(ignoring.topTier, [])
})

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

test('halves of characters', async () => {
  // In JSON text a half that is written out is an error; in a string it cannot be told apart from the replacement character.
  await refused(/^nodes\[0\]\.publicKey: .*hex escape/, '[{"publicKey":"\\ud800"}]')
  await refused(/^nodes\[0\]\.publicKey: .*hex escape/, [{ publicKey: '\ud800' }])
  await refused(/^nodes\[0\]\.name: .*hex escape/, [{ publicKey: 'A', name: '\udc00\ud800' }])
  const { findings } = await fbas.FbasNetwork.load('[{"publicKey":"\ud800"}]')
  const unknown = findings.find(({ code }) => code === 'UNKNOWN_QUORUM_SET')
  assert.deepEqual(unknown?.nodes, ['\uFFFD'])
  await refused(/^nodes/, Buffer.from([0x5b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x5d]))
})

test('names of properties that mean something to JavaScript', async () => {
  const text =
    '[{"publicKey":"A","__proto__":{"isp":"evil"},"constructor":"c","toString":1,"quorumSet":{"threshold":1,"validators":["A"],"__proto__":{"threshold":9}}}]'
  const [node] = (await fbas.preprocess(text)).nodes
  assert.equal(Object.getPrototypeOf(node), Object.prototype)
  assert.deepEqual(Object.keys(node ?? {}).sort(), [
    '__proto__',
    'constructor',
    'publicKey',
    'quorumSet',
    'toString'
  ])
  assert.equal(node?.isp, undefined)
  assert.equal(({} as { isp?: unknown }).isp, undefined, 'nothing is put on the prototype of all')
  const groupOf = async (groupBy: string) => (await fbas.analyzeTopTier(text, null, { groupBy })).topTier
  for (const [path, group] of [
    ['__proto__.isp', 'evil'],
    ['constructor', 'c'],
    ['toString', '1'],
    ['isp', 'A'],
    ['constructor.name', 'A'],
    ['__proto__.__proto__', 'A'],
    ['.', 'A'],
    ['....', 'A'],
    ['publicKey', 'A'],
    ['\0', 'A'],
    ['.'.repeat(1024), 'A']
  ] as const) {
    assert.deepEqual(await groupOf(path), [group], path)
  }
  await refused(/^options\.groupBy: expected at most 1024 characters$/, text, {
    groupBy: 'a'.repeat(1 << 20)
  })
})

test('code of the caller that throws, whatever it throws', async () => {
  const thrown: [unknown, RegExp][] = [
    [new Error('no'), /: Error: no$/],
    [null, /: null$/],
    [undefined, /: undefined$/],
    [Symbol('s'), /: Symbol\(s\)$/],
    [new Error('x'.repeat(10_000_000)), /: Error: x{100}/],
    [{ toString: () => assert.fail() }, /: something was thrown that cannot be written$/],
    [Object.create(null), /: something was thrown that cannot be written$/]
  ]
  for (const [value, message] of thrown) {
    const throwing = () => {
      throw value
    }
    const getter = Object.defineProperty({ publicKey: 'A' }, 'quorumSet', { get: throwing, enumerable: true })
    const list = Object.defineProperty(['A', 'B'], '1', { get: throwing })
    for (const nodes of [
      [getter],
      [{ publicKey: 'A', toJSON: throwing }],
      new Proxy([], { get: throwing })
    ]) {
      await refused(new RegExp(`^nodes: cannot be written as JSON.*${message.source}`), nodes)
    }
    for (const chosen of [
      Object.defineProperty({}, 'timeoutMs', { get: throwing, enumerable: true }),
      new Proxy({}, { ownKeys: throwing }),
      { faultyNodes: list },
      { signal: Object.defineProperty({}, 'aborted', { get: throwing }) }
    ]) {
      await refused(new RegExp(`^options: cannot be read${message.source}`), TWO_OF_THREE, chosen)
      const network = await fbas.FbasNetwork.load(TWO_OF_THREE)
      await assert.rejects(network.analyzeTopTier(options(chosen)), { code: 'INVALID_INPUT' })
      assert.throws(() => network.minimalQuorums(options(chosen)), { code: 'INVALID_INPUT' })
    }
  }
})

test('proxies, circles, and what is no JSON', async () => {
  const { proxy, revoke } = Proxy.revocable([], {})
  revoke()
  await refused(/^nodes: cannot be written as JSON.*revoked/, proxy)
  await refused(/^options: cannot be read: TypeError: .*revoked/, [], proxy)
  const endless = (): object =>
    new Proxy(
      {},
      {
        get: (_, name) => (name === 'more' ? endless() : undefined),
        ownKeys: () => ['more'],
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true })
      }
    )
  await refused(/^nodes: .*nested more than 4000 deep, or in a circle$/, [endless()])
  const circle: Record<string, unknown> = { publicKey: 'A' }
  circle.self = [circle]
  await refused(/^nodes: .*or in a circle$/, [circle])
  await refused(/^nodes: cannot be written as JSON.*BigInt/, [{ publicKey: 'A', big: 1n }])
  await refused(/^nodes: .*it has none$/, { toJSON: () => undefined })
  const transparent = new Proxy(TWO_OF_THREE, {})
  assert.equal((await fbas.analyzeTopTier(transparent)).topTierSize, 3)
})

test('lists with holes, and long lists of nothing', async () => {
  await refused(/^nodes\[0\]: .*null, expected a node/, [, TWO_OF_THREE[0]])
  const holes = Object.assign([], { 2: 'A' })
  await refused(/^nodes\[0\]\.quorumSet\.validators\[0\]: .*null/, withSet(quorumSet(1, holes)))
  await refused(/^nodes: .*more than 8388608 values$/, new Array(2 ** 32 - 1))
  await refused(/^nodes: .*more than 8388608 values$/, withSet(quorumSet(1, new Array(2 ** 32 - 1))))
  await refused(/^nodes: .*more than 8388608 values$/, [{ publicKey: 'A', bytes: new Uint8Array(1 << 24) }])
  await refused(/^options\.faultyNodes: expected at most 100000 items$/, [], {
    faultyNodes: new Array(2 ** 32 - 1)
  })
  await refused(/^options\.faultyNodes\[0\]: expected a public key$/, [], { faultyNodes: new Array(10) })
  const long = 'x'.repeat(1 << 20)
  await refused(/^options\.faultyNodes\[1\]: expected at most 1024/, [], {
    faultyNodes: ['A', ...Array(5000).fill(long)]
  })
  await refused(/^options\.k+.*: there is no such option$/, [], { ['k'.repeat(1 << 20)]: 1 })
  await refused(/^options\.scope: expected at most 1024 characters$/, [], { scope: long })
})

test('a signal that is none, or that throws when it is listened to or left', async () => {
  const nothing = () => {}
  const throwing = () => {
    throw new Error('no')
  }
  const call = (signal: unknown) => fbas.analyzeBlockingSets(TWO_OF_THREE, null, options({ signal }))
  for (const signal of [
    { aborted: false },
    { aborted: false, addEventListener: nothing },
    { aborted: 'no', addEventListener: nothing, removeEventListener: nothing }
  ]) {
    await assert.rejects(call(signal), {
      code: 'INVALID_INPUT',
      message: /^options\.signal: expected an AbortSig/
    })
  }
  await assert.rejects(call({ aborted: false, addEventListener: throwing, removeEventListener: nothing }), {
    code: 'INVALID_INPUT',
    message: 'options.signal: Error: no'
  })
  // It was listened to, and the answer is there: nobody is left to be told.
  const stays = { aborted: false, addEventListener: nothing, removeEventListener: throwing }
  assert.equal((await call(stays)).minSize, 2)
  await nextCallWorks()
})

test('everything twice', async () => {
  const twice = TWO_OF_THREE.flatMap((node) => [node, node])
  const organizations = ['A', 'B'].flatMap((key) =>
    Array(2).fill({ id: `of ${key}`, validators: [key, key, 'A'] })
  )
  const result = await fbas.performAnalysis(twice, organizations)
  assert.deepEqual([result.node.topTierSize, result.organization.topTierSize], [3, 3])
  const codes = result.findings.map(({ code }) => code)
  assert.ok(codes.includes('DUPLICATE_NODE') && codes.includes('VALIDATOR_IN_TWO_ORGANIZATIONS'))
  // The last of two properties counts, as in JSON.parse.
  const text =
    '[{"publicKey":"Z","publicKey":"A","quorumSet":null,"quorumSet":{"threshold":9,"threshold":1,"validators":["A"]}}]'
  assert.deepEqual((await fbas.analyzeTopTier(text)).topTier, ['A'])
})

test('a hundred thousand organizations', async () => {
  const organizations = Array.from({ length: 100_000 }, (_, index) => ({
    id: `organization ${index}`,
    validators: ['A', `stranger ${index}`]
  }))
  for (const form of [organizations, JSON.stringify(organizations)]) {
    const { topTier } = await fbas.analyzeTopTier(TWO_OF_THREE, form, { groupBy: 'organization' })
    assert.deepEqual(topTier, ['B', 'C', 'organization 0'])
  }
})

test('large legal networks have verdicts: 20,000 watchers, each of its own mind', async () => {
  const core = flat(['A', 'B', 'C', 'D'], 3)
  const watchers = Array.from({ length: 20_000 }, (_, index) => ({
    publicKey: `W${index}`,
    quorumSet: quorumSet(3, ['A', 'B', 'C', `W${index}`, `W${Math.max(0, index - 1)}`])
  }))
  const result = await fbas.performAnalysis([...core, ...watchers])
  const { topTierSize, blockingSetsMinSize } = result.node
  assert.equal(result.hasQuorumIntersection, true)
  assert.deepEqual([topTierSize, blockingSetsMinSize], [4, 2])
})

test('a large network that takes long ends with its time limit, and a list of nobody known at once', async () => {
  const size = 20_000
  const ring = Array.from({ length: size }, (_, index) => ({
    publicKey: `R${index}`,
    quorumSet: quorumSet(2, [`R${index}`, `R${(index + 1) % size}`])
  }))
  await assert.rejects(fbas.analyzeTopTier(ring, null, { timeoutMs: 300 }), { code: 'TIMEOUT' })
  const unknown = Array.from({ length: 100_000 }, (_, index) => ({ publicKey: `U${index}` }))
  const { hasQuorum } = await fbas.analyzeQuorums(unknown)
  assert.equal(hasQuorum, false)
  await refused(/^nodes: 100001 nodes/, [...unknown, { publicKey: 'one more' }])
})
