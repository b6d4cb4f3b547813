// The stand-in for the WebAssembly package answers as that package does, to the order of lists and keys, wherever that package is right;
// where it is not, the answer is the one that trying all sets of nodes gives. Where the two differ on purpose, that is pinned here.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

import * as compat from '../dist/compat.js'
import { flat, fourOrganizations, quorumSet } from './networks.js'
import { BruteForce, GROUPINGS, smallNetwork } from './small_networks.js'
import type { Grouping, SmallNetwork } from './small_networks.js'

const OLD = '@stellarbeat/stellar_analysis_nodejs'
type Old = typeof import('@stellarbeat/stellar_analysis_nodejs')

/** A new instance of the old package: one that remembers nothing and whose lock is not held by a call that failed. */
function loadOld(): Old {
  delete require.cache[require.resolve(OLD)]
  return require(OLD) as Old
}

/** Does something while nothing is logged: the old package logs every call. */
function silently<T>(work: () => T): T {
  const { log } = console
  console.log = () => {}
  try {
    return work()
  } finally {
    console.log = log
  }
}

/** The five questions, asked of either package. `cache_hit`, which tells of earlier calls, is left out. */
const QUESTIONS = {
  minimalQuorums: (asked, { nodes, organizations }, mergeBy) =>
    asked.analyze_minimal_quorums(nodes, organizations, mergeBy),
  minimalBlockingSets: (asked, { nodes, organizations, faultyNodes }, mergeBy) =>
    asked.analyze_minimal_blocking_sets(nodes, organizations, faultyNodes, mergeBy),
  minimalSplittingSets: (asked, { nodes, organizations }, mergeBy) =>
    asked.analyze_minimal_splitting_sets(nodes, organizations, mergeBy),
  topTier: (asked, { nodes, organizations }, mergeBy) => {
    const { cache_hit, ...rest } = asked.analyze_top_tier(nodes, organizations, mergeBy)
    assert.equal(typeof cache_hit, 'boolean')
    return rest
  },
  symmetricTopTier: (asked, { nodes, organizations }, mergeBy) =>
    asked.analyze_symmetric_top_tier(nodes, organizations, mergeBy)
} satisfies Record<string, (asked: Old | typeof compat, texts: Texts, mergeBy: number) => object>
type Question = keyof typeof QUESTIONS

interface Texts {
  nodes: string
  organizations: string
  faultyNodes: string
}

function texts({ nodes, organizations, faultyNodes }: SmallNetwork): Texts {
  return {
    nodes: JSON.stringify(nodes),
    organizations: JSON.stringify(organizations),
    faultyNodes: JSON.stringify(faultyNodes)
  }
}

/** What is so, in the shape of the packages' answers; undefined where no definition says it: how a quorum set of groups is written. */
function truth(bruteForce: BruteForce, question: Question, grouping: Grouping, faultyNodes: string[]) {
  const sets = (result: string[][], quorum_intersection: boolean | null) => {
    const min = Math.min(...result.map((set) => set.length))
    return { result, size: result.length, min: result.length > 0 ? min : 0, quorum_intersection }
  }
  switch (question) {
    case 'minimalQuorums':
      return sets(bruteForce.minimalQuorums(grouping), bruteForce.hasQuorumIntersection())
    case 'minimalBlockingSets':
      return sets(bruteForce.minimalBlockingSets(grouping, faultyNodes), null)
    case 'minimalSplittingSets':
      return sets(bruteForce.minimalSplittingSets(grouping), null)
    case 'topTier': {
      const top_tier = bruteForce.topTier(grouping)
      return { top_tier, top_tier_size: top_tier.length }
    }
    case 'symmetricTopTier':
      return grouping === 'node' ? { symmetric_top_tier: bruteForce.symmetricTopTier() } : undefined
  }
}

test('every answer on small networks is the old one or, where that is wrong, the right one', (context) => {
  const networks = 600
  let old = loadOld()
  // Compared as text, because the order of keys counts as well.
  const before = (question: Question, asked: Texts, mergeBy: number): string => {
    try {
      return silently(() => JSON.stringify(QUESTIONS[question](old, asked, mergeBy)))
    } catch (error) {
      assert.ok(error instanceof WebAssembly.RuntimeError)
      old = loadOld()
      return String(error)
    }
  }
  const differences: Record<string, number> = {}
  let answers = 0
  let cores = 0
  let symmetric = 0
  for (let seed = 0; seed < networks; seed++) {
    const network = smallNetwork(seed)
    const asked = texts(network)
    const bruteForce = new BruteForce(network)
    if (bruteForce.topTier('node').length > 0) cores++
    if (bruteForce.symmetricTopTier() !== null) symmetric++
    // The old package never forgets a network: after some time it is better to begin anew.
    if (seed % 100 === 0) old = loadOld()
    for (const [mergeBy, grouping] of GROUPINGS.entries()) {
      for (const question of Object.keys(QUESTIONS) as Question[]) {
        const place = `${question} by ${grouping} of network ${seed}`
        const is = truth(bruteForce, question, grouping, network.faultyNodes)
        const was = before(question, asked, mergeBy)
        const now = JSON.stringify(QUESTIONS[question](compat, asked, mergeBy))
        // The old package has never been seen to be wrong about the symmetric top tier, so its way of writing it is the measure.
        assert.equal(now, is === undefined ? was : JSON.stringify(is), place)
        answers++
        if (now !== was) differences[question] = (differences[question] ?? 0) + 1
      }
    }
  }
  context.diagnostic(`${networks} networks, ${cores} with a quorum, ${symmetric} with a symmetric top tier`)
  context.diagnostic(`${answers} answers; the old package is wrong in ${JSON.stringify(differences)}`)
  assert.ok(cores > networks / 2 && symmetric > 20)
  assert.equal(differences['symmetricTopTier'], undefined)
  for (const question of ['minimalQuorums', 'minimalBlockingSets', 'minimalSplittingSets', 'topTier']) {
    assert.ok((differences[question] ?? 0) > 0, `the networks are too tame for ${question}`)
  }
})

test('cache_hit: false at first, true from then on, whatever the grouping', () => {
  const nodes = JSON.stringify(flat(['cached1', 'cached2', 'cached3'], 2))
  const hits = (asked: Old | typeof compat) =>
    silently(() => [0, 0, 1, 3].map((mergeBy) => asked.analyze_top_tier(nodes, '[]', mergeBy).cache_hit))
  assert.deepEqual(hits(loadOld()), [false, true, true, true])
  assert.deepEqual(hits(compat), [false, true, true, true])
})

test('a missing quorum set may be null, and so may the name of an organization', () => {
  const listed = flat(['A', 'B', 'C'], 2)
  const nodes = JSON.stringify([...listed, { publicKey: 'D', quorumSet: null, isp: null, geoData: null }])
  const organizations = JSON.stringify([{ id: 'ab', name: null, validators: ['A', 'B'] }])
  assert.deepEqual(compat.analyze_top_tier(nodes, '[]', compat.MergeBy.DoNotMerge).top_tier, ['A', 'B', 'C'])
  assert.deepEqual(compat.analyze_top_tier(nodes, organizations, compat.MergeBy.Orgs).top_tier, ['ab', 'C'])
  for (const [json, mergeBy] of [
    [nodes, 0],
    [JSON.stringify(listed), 1]
  ] as const) {
    const old = loadOld()
    assert.throws(
      () => silently(() => old.analyze_top_tier(json, organizations, mergeBy)),
      WebAssembly.RuntimeError
    )
  }
})

test('of nodes with the same public key the first counts', () => {
  const nodes = flat(['A', 'B', 'C'], 2)
  const twice = JSON.stringify([...nodes, { publicKey: 'A', quorumSet: quorumSet(3, ['A', 'B', 'C']) }])
  assert.deepEqual(
    compat.analyze_minimal_quorums(twice, '[]', 0),
    compat.analyze_minimal_quorums(JSON.stringify(nodes), '[]', 0)
  )
  const old = loadOld()
  assert.throws(() => silently(() => old.analyze_minimal_quorums(twice, '[]', 0)), WebAssembly.RuntimeError)
})

test('wrong input throws an error that names the place, and the next call works', () => {
  const nodes = JSON.stringify(flat(['A', 'B', 'C'], 2))
  const broken = (set: object) => JSON.stringify([{ publicKey: 'A', quorumSet: set }])
  const questions = [
    compat.analyze_minimal_quorums,
    compat.analyze_minimal_splitting_sets,
    compat.analyze_top_tier,
    compat.analyze_symmetric_top_tier,
    (json_fbas: string, json_orgs: string, merge_by?: number) =>
      compat.analyze_minimal_blocking_sets(json_fbas, json_orgs, '[]', merge_by)
  ]
  const cases: [args: unknown[], message: RegExp][] = [
    [['nothing', '[]', 0], /^nodes: .*JSON/],
    [['{}', '[]', 0], /^nodes: .*array/],
    [['[null]', '[]', 0], /^nodes\[0\]: .*null/],
    [['[{}]', '[]', 0], /^nodes\[0\]: .*publicKey/],
    [[broken({ threshold: -1, validators: ['A'] }), '[]', 0], /^nodes\[0\]\.quorumSet\.threshold: .*-1/],
    [[broken({ threshold: 0.5, validators: ['A'] }), '[]', 0], /^nodes\[0\]\.quorumSet\.threshold: .*0\.5/],
    [[broken({ threshold: 1 }), '[]', 0], /^nodes\[0\]\.quorumSet: .*validators/],
    [[nodes, 'nothing', 1], /^json_orgs: .*JSON/],
    [[nodes, '{}', 1], /^json_orgs: .*array/],
    [[nodes, '[null]', 1], /^organizations\[0\]: .*null/],
    [[nodes, '[{"name":"x"}]', 1], /^organizations\[0\]: .*validators/],
    [[nodes, '[{"name":1,"validators":[]}]', 1], /^organizations\[0\]\.name: .*1/],
    [[nodes, '[]', 4], /^merge_by: invalid enum value passed/],
    [[nodes, '[]', -1], /^merge_by: /],
    [[undefined, '[]', 0], /^json_fbas: /],
    [[flat(['A'], 1), '[]', 0], /^json_fbas: /],
    [[nodes, undefined, 1], /^json_orgs: /],
    [[nodes, null, 1], /^json_orgs: /],
    [[nodes, [], 1], /^json_orgs: /]
  ]
  const works = () => assert.equal(compat.analyze_minimal_quorums(nodes, '[]', 1).size, 3)
  for (const question of questions) {
    for (const [args, message] of cases) {
      const call = () => (question as (...args: unknown[]) => unknown)(...args)
      assert.throws(call, { name: 'Error', code: 'INVALID_INPUT', message }, `${args}`)
      works()
    }
  }
  for (const faultyNodes of ['nothing', '{}', 'null', '"A"', '[1]', '[["A"]]', undefined, null, ['A']]) {
    const call = () => compat.analyze_minimal_blocking_sets(nodes, '[]', faultyNodes as string, 0)
    assert.throws(call, { name: 'Error', code: 'INVALID_INPUT', message: /^faulty_nodes: .*array/ })
    works()
  }
})

test('merge_by is taken for a number as WebAssembly does', () => {
  const { nodes, organizations } = fourOrganizations()
  const named = JSON.stringify(
    organizations.map((organization) => ({ ...organization, name: organization.id }))
  )
  const old = loadOld()
  for (const mergeBy of [1.5, '1', NaN, null, undefined, true] as number[]) {
    const ask = (asked: Old | typeof compat) =>
      silently(() => asked.analyze_top_tier(JSON.stringify(nodes), named, mergeBy).top_tier)
    assert.deepEqual(ask(compat), ask(old), String(mergeBy))
  }
})

test('organizations are not looked at where they are not asked for', () => {
  const nodes = JSON.stringify(flat(['A', 'B', 'C'], 2))
  const old = loadOld()
  for (const mergeBy of [undefined, 0, 2, 3] as number[]) {
    const call = (asked: Old | typeof compat) =>
      asked.analyze_minimal_splitting_sets(nodes, 'nothing', mergeBy)
    assert.equal(JSON.stringify(call(compat)), JSON.stringify(silently(() => call(old))))
  }
})

test('nothing is written anywhere', () => {
  const script = `
    const compat = require('./dist/compat.js')
    const nodes = JSON.stringify(${JSON.stringify(flat(['A', 'B', 'C'], 2))})
    compat.init_panic_hook()
    for (const mergeBy of [0, 1, 2, 3]) {
      for (const json of [nodes, nodes, 'nothing', '[{"publicKey":"A","quorumSet":{"threshold":-1}}]']) {
        const calls = [
          () => compat.analyze_minimal_quorums(json, '[]', mergeBy).result,
          () => compat.analyze_minimal_blocking_sets(json, '[]', '[]', mergeBy).result,
          () => compat.analyze_minimal_blocking_sets(json, '[]', 'nothing', mergeBy).result,
          () => compat.analyze_minimal_splitting_sets(json, '[]', mergeBy).result,
          () => compat.analyze_top_tier(json, 'nothing', mergeBy),
          () => compat.analyze_symmetric_top_tier(json, '[]', mergeBy)
        ]
        for (const call of calls) try { call() } catch {}
      }
    }
    process.exitCode = 7`
  const cwd = join(__dirname, '..')
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { cwd, encoding: 'utf8' })
  assert.deepEqual({ status, stdout, stderr }, { status: 7, stdout: '', stderr: '' })
})

test('where members of one organization differ, the old package misses quorums', () => {
  const old = loadOld()
  const ask = (asked: Old | typeof compat, nodes: string) =>
    silently(() => asked.analyze_minimal_quorums(nodes, '[]', 0))
  const pair = JSON.stringify([
    { publicKey: 'n0', quorumSet: quorumSet(1, ['n1']) },
    { publicKey: 'n1', quorumSet: quorumSet(1, [], [quorumSet(2, ['n0', 'n1'])]) }
  ])
  assert.deepEqual(
    { ...ask(compat, pair) },
    { result: [['n0', 'n1']], size: 1, min: 2, quorum_intersection: true }
  )
  assert.deepEqual(ask(old, pair), { result: [], size: 0, min: 0, quorum_intersection: false })

  const [a, b] = ['a', 'b'].map((team) => [1, 2, 3].map((index) => `${team}${index}`)) as [string[], string[]]
  const both = quorumSet(2, [], [quorumSet(2, a), quorumSet(2, b)])
  const own = quorumSet(1, [], [quorumSet(2, a)])
  const deviating = JSON.stringify(
    [...a, ...b].map((publicKey) => ({
      publicKey,
      quorumSet: ['a2', 'a3'].includes(publicKey) ? own : both
    }))
  )
  assert.deepEqual(ask(compat, deviating).result[0], ['a2', 'a3'])
  assert.equal(ask(compat, deviating).min, 2)
  assert.equal(ask(old, deviating).min, 4)
})

test('the old package misses some splitting sets', () => {
  const pairs = [quorumSet(2, ['n0', 'n1']), quorumSet(2, ['n2', 'n3'])]
  const nodes = JSON.stringify(
    ['n0', 'n1', 'n2', 'n3'].map((publicKey, index) => ({
      publicKey,
      quorumSet: quorumSet(index < 2 ? 1 : 2, [], pairs)
    }))
  )
  const old = loadOld()
  const ask = (asked: Old | typeof compat) =>
    silently(() => asked.analyze_minimal_splitting_sets(nodes, '[]', 0))
  assert.deepEqual(ask(compat).result, [['n2', 'n3']])
  assert.deepEqual(ask(old).result, [])
})

test('where a quorum set lists somebody twice, the old package loses blocking sets', () => {
  const set = quorumSet(3, ['n0', 'n1'], [quorumSet(1, ['n1'])])
  const nodes = JSON.stringify(['n0', 'n1'].map((publicKey) => ({ publicKey, quorumSet: set })))
  const old = loadOld()
  const ask = (asked: Old | typeof compat) =>
    silently(() => asked.analyze_minimal_blocking_sets(nodes, '[]', '[]', 0))
  assert.deepEqual(ask(compat).result, [['n0'], ['n1']])
  assert.deepEqual(ask(old).result, [])
})

test('where organizations overlap, the quorum set of organizations is written as it was', () => {
  const { nodes, organizations } = fourOrganizations()
  const [first, second] = organizations.map(({ validators }) => validators) as [string[], string[]]
  const overlapping = [
    { name: 'One', validators: second },
    { name: 'Two', validators: [...first, second[0]] },
    { name: 'Three', validators: [first[1], second[1], first[0]] }
  ]
  const old = loadOld()
  const ask = (asked: Old | typeof compat) =>
    silently(() =>
      asked.analyze_symmetric_top_tier(
        JSON.stringify(nodes),
        JSON.stringify(overlapping),
        compat.MergeBy.Orgs
      )
    )
  assert.deepEqual(ask(compat), ask(old))
})

test('MergeBy is the same object', () => {
  const { MergeBy } = loadOld()
  assert.deepEqual({ ...compat.MergeBy }, { ...MergeBy })
  assert.deepEqual(Object.keys(compat.MergeBy), Object.keys(MergeBy))
  assert.ok(Object.isFrozen(compat.MergeBy) && Object.isFrozen(MergeBy))
  const asType: compat.MergeBy = compat.MergeBy.ISPs
  assert.equal(compat.MergeBy[asType], 'ISPs')
})

test('everything that the old package declares is there, for as many arguments', () => {
  const old: Record<string, unknown> = { ...loadOld() }
  const names = Object.keys(old).filter((name) => !name.startsWith('__'))
  assert.equal(names.length, 7)
  for (const name of names) {
    const [was, now] = [old[name], (compat as Record<string, unknown>)[name]]
    assert.equal(typeof now, typeof was, name)
    // Numbers of parameters, of which merge_by may be left out in both.
    if (typeof was === 'function') assert.equal((now as () => void).length, was.length, name)
  }
  assert.equal(compat.init_panic_hook(), undefined)
})

test('ES modules import the same names', () => {
  const names = 'MergeBy, analyze_minimal_quorums, analyze_top_tier'
  const script = `import { ${names} } from './dist/compat.js'
    console.log(MergeBy.Countries, typeof analyze_minimal_quorums, analyze_top_tier('[]', '[]', 0).top_tier_size)`
  const cwd = join(__dirname, '..')
  const args = ['--input-type=module', '-e', script]
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' })
  assert.deepEqual([stdout, stderr], ['3 function 0\n', ''])
})

test('what is asked of a network may be copied, changed and written as JSON', () => {
  const nodes = JSON.stringify(flat(['A', 'B', 'C'], 2))
  const analysis = compat.analyze_minimal_blocking_sets(nodes, '[]', '["A"]', 0)
  assert.deepEqual(Object.keys(analysis), ['result', 'size', 'min', 'quorum_intersection'])
  const copy = { ...analysis }
  const expected = { result: [['B'], ['C']], size: 2, min: 1, quorum_intersection: null }
  assert.deepEqual(copy, expected)
  assert.deepEqual(JSON.parse(JSON.stringify(analysis)), expected)
  assert.equal(analysis.result, analysis.result)
  analysis.result = []
  assert.deepEqual([analysis.result, analysis.size], [[], 2])
})

test('of more sets than anybody lists there are the least size and the verdict', () => {
  const teams = Array.from({ length: 12 }, (_, team) =>
    [1, 2, 3].map((index) => `${String(team).padStart(2, '0')}n${index}`)
  )
  const shared = quorumSet(
    8,
    [],
    teams.map((team) => quorumSet(2, team))
  )
  const nodes = JSON.stringify(teams.flat().map((publicKey) => ({ publicKey, quorumSet: shared })))
  const quorums = compat.analyze_minimal_quorums(nodes, '[]', 0)
  assert.deepEqual([quorums.min, quorums.quorum_intersection], [16, true])
  assert.equal(quorums.size, 495 * 3 ** 8)
  assert.ok(quorums.size > compat.MOST_SETS)
  const refused = { code: 'INVALID_INPUT', message: /^result: more than 1000000 sets/ }
  assert.throws(() => quorums.result, refused)
  assert.throws(() => quorums.result, refused, 'the second time as well')
  assert.deepEqual([quorums.min, quorums.size], [16, 3247695])
  const splitting = compat.analyze_minimal_splitting_sets(nodes, '[]', 0)
  assert.deepEqual([splitting.min, splitting.size, splitting.result.length], [4, 495 * 81, 495 * 81])
})
