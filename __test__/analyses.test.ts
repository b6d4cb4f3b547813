// Every function through the built addon, on networks whose answers can be worked out by hand.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import * as fbas from '../index.js'
import { ALL_OF_THREE, TWO_OF_THREE, TWO_PAIRS, flat, fourOrganizations, quorumSet } from './networks.js'

test('the top tier is the union of all minimal quorums', async () => {
  const watcher = { publicKey: 'W', quorumSet: quorumSet(1, ['A']) }
  const { topTier, topTierSize } = await fbas.analyzeTopTier([...TWO_OF_THREE, watcher])
  assert.deepEqual(topTier, ['A', 'B', 'C'])
  assert.equal(topTierSize, 3)
})

test('a symmetric top tier is found and comes in standard form', async () => {
  const { symmetricTopTier } = await fbas.analyzeSymmetricTopTier(TWO_OF_THREE)
  assert.deepEqual(symmetricTopTier, quorumSet(2, ['A', 'B', 'C']))
  assert.equal((await fbas.analyzeSymmetricTopTier(TWO_PAIRS)).symmetricTopTier, null)
  // Nobody has seen X: if it is up, it and D are a quorum that avoids them.
  const nodes = [...TWO_OF_THREE, { publicKey: 'D', quorumSet: quorumSet(2, ['D', 'X']) }]
  const said = ({ findings }: { findings: fbas.Finding[] }) =>
    findings
      .filter(({ code }) => code === 'VERDICT_DEPENDS_ON_UNKNOWN_NODES')
      .map(({ message, fields, nodes }) => ({
        ...{ message: /[Ss]ymmetric top tier: .*? instead of .*?\./.exec(message)?.[0], nodes },
        fields: fields.filter((field) => /symmetric/i.test(field))
      }))
  const none = { message: 'Symmetric top tier: none instead of one.', nodes: ['X'] }
  const alone = await fbas.FbasNetwork.loadSync(nodes).analyzeSymmetricTopTier()
  assert.deepEqual(said({ findings: alone.findings ?? [] }), [{ ...none, fields: ['symmetricTopTier'] }])
  const full = await fbas.analyzeFull(nodes)
  assert.deepEqual(said(full), [{ ...none, fields: ['symmetricTopTier.symmetricTopTier'] }])
  const performed = await fbas.performAnalysis(nodes)
  assert.deepEqual(said(performed), [
    {
      ...{ message: 'symmetric top tier: no instead of yes.', nodes: ['X'] },
      fields: ['hasSymmetricTopTier']
    }
  ])
})

test('blocking sets, with and without crashed nodes', async () => {
  const blocking = await fbas.analyzeBlockingSets(TWO_OF_THREE)
  assert.equal(blocking.minSize, 2)
  assert.equal(blocking.lowerBound, 2)
  assert.equal(blocking.isExact, true)
  assert.equal(blocking.exampleSet.length, 2)
  const one = await fbas.analyzeBlockingSets(TWO_OF_THREE, null, { faultyNodes: ['A', 'not in the network'] })
  assert.equal(one.minSize, 1)
  const none = await fbas.analyzeBlockingSets(TWO_OF_THREE, null, { faultyNodes: ['A', 'B'] })
  assert.deepEqual([none.minSize, none.exampleSet], [0, []])
})

test('splitting sets come with the two quorums that diverge', async () => {
  const split = await fbas.analyzeSplittingSets(TWO_OF_THREE)
  assert.equal(split.minSize, 1)
  assert.equal(split.hasQuorumIntersection, true)
  const both = split.quorumA.filter((key) => split.quorumB.includes(key))
  assert.deepEqual(both, split.exampleSet)
})

test('where no set splits, the size is null and not 0', async () => {
  const split = await fbas.analyzeSplittingSets(ALL_OF_THREE)
  assert.deepEqual([split.minSize, split.exampleSet, split.isExact], [null, [], true])
  const result = await fbas.performAnalysis(ALL_OF_THREE)
  assert.equal(result.node.splittingSetsMinSize, result.node.topTierSize)
  assert.ok(result.findings.some(({ code }) => code === 'NO_SPLITTING_SET'))
})

test('the scope decides whose divergence counts', async () => {
  const watchers = ['V', 'W'].map((publicKey, index) => ({
    publicKey,
    quorumSet: quorumSet(1, [['A', 'B'][index] ?? ''])
  }))
  const nodes = [...flat(['A', 'B', 'C', 'D'], 4), ...watchers]
  assert.equal((await fbas.analyzeSplittingSets(nodes)).minSize, null)
  // With A Byzantine, V follows it to one side and the other three go to the other.
  assert.equal((await fbas.analyzeSplittingSets(nodes, null, { scope: 'all' })).minSize, 1)
})

test('quorums: intersection, a disjoint witness, the smallest', async () => {
  const safe = await fbas.analyzeQuorums(TWO_OF_THREE)
  assert.deepEqual([safe.hasQuorum, safe.hasQuorumIntersection, safe.disjointQuorums], [true, true, null])
  assert.equal(safe.minSize, 2)
  const split = await fbas.analyzeQuorums(TWO_PAIRS)
  assert.equal(split.hasQuorumIntersection, false)
  assert.deepEqual(split.disjointQuorums?.flat().sort(), ['A', 'B', 'C', 'D'])
})

test('history-critical sets count good archives only', async () => {
  const { nodes, organizations } = fourOrganizations()
  const none = await fbas.analyzeHistoryCritical(nodes, organizations)
  assert.equal(none.minSize, 0, 'two of three without a good archive are enough in each organization')
  const good = nodes.map((node) => ({ ...node, historyArchiveHasError: false }))
  const critical = await fbas.analyzeHistoryCritical(good, organizations)
  assert.equal(critical.minSize, 6)
  assert.deepEqual(critical.criticalSets, [critical.exampleSet])
  assert.deepEqual(critical.quorum, critical.exampleSet)
  assert.equal(
    (await fbas.analyzeHistoryCritical(good, organizations, { groupBy: 'organization' })).minSize,
    3
  )
})

test('groups of every kind', async () => {
  const { nodes, organizations } = fourOrganizations()
  const blocking = async (groupBy: string) =>
    (await fbas.analyzeBlockingSets(nodes, organizations, { groupBy })).minSize
  assert.equal(await blocking('organization'), 2)
  assert.equal(await blocking('homeDomain'), 2)
  assert.equal(await blocking('country'), 2)
  assert.equal(await blocking('geoData.countryName'), 2)
  assert.equal(await blocking('isp'), 3, 'the provider and two nodes without one')
  assert.equal(await blocking('no.such.attribute'), 4)
  const { topTier } = await fbas.analyzeTopTier(nodes, organizations, { groupBy: 'organization' })
  assert.deepEqual(topTier, ['p', 'q', 'r', 's'])
})

test('unknown nodes are dead, or free to join any quorum', async () => {
  const nodes = [
    { publicKey: 'A', quorumSet: quorumSet(2, ['A', 'B', 'X']) },
    { publicKey: 'B', quorumSet: quorumSet(2, ['A', 'B', 'X']) },
    { publicKey: 'X', quorumSet: null }
  ]
  assert.equal((await fbas.analyzeBlockingSets(nodes)).minSize, 1)
  assert.equal((await fbas.analyzeBlockingSets(nodes, null, { unknownNodes: 'free' })).minSize, 2)
})

test('an answer to a single question says what it hangs on, and what the options name in vain', async () => {
  const nodes = [
    { publicKey: 'A', quorumSet: quorumSet(2, ['A', 'B', 'X']) },
    { publicKey: 'B', quorumSet: quorumSet(2, ['A', 'B', 'X']), isValidating: false },
    { publicKey: 'X', quorumSet: null }
  ]
  const codes = ({ findings }: { findings?: fbas.Finding[] }) => findings?.map(({ code }) => code)
  const down = 'REPORTED_DOWN'
  const doubt = 'VERDICT_DEPENDS_ON_UNKNOWN_NODES'
  assert.deepEqual(codes(await fbas.analyzeBlockingSets(nodes)), [down, doubt])
  assert.deepEqual(codes(await fbas.analyzeTopTier(nodes)), [down, doubt])
  // {A, B}, {A, X} and {B, X} share nodes as {A, B} does.
  assert.deepEqual(codes(await fbas.analyzeQuorumIntersection(nodes)), [down])
  assert.deepEqual(codes(await fbas.analyzeCore(nodes)), [down])
  const splitting = await fbas.analyzeSplittingSets(nodes, null, { groupBy: 'isp', unknownNodes: 'free' })
  assert.deepEqual(codes(splitting), [down, 'NO_GROUP_DATA', doubt])
  assert.equal(splitting.findings?.[1]?.groupBy, 'isp')
  assert.equal(splitting.isIntersectionExact, true)
  const halted = await fbas.analyzeQuorums(nodes, null, { faultyNodes: ['B', 'C'] })
  assert.deepEqual(codes(halted), ['UNKNOWN_FAULTY_NODE', 'NO_QUORUM', doubt])
  assert.deepEqual(halted.findings?.[0]?.nodes, ['C'])
})

test('figures that are not proven come with bounds', async () => {
  const { nodes, organizations } = fourOrganizations()
  assert.deepEqual((await fbas.performAnalysis(nodes, organizations)).inexact, [])
  const result = await fbas.performAnalysis(nodes, organizations, { anytime: true, timeoutMs: 0 })
  assert.equal(result.isIntersectionExact, false)
  const places = ['node', 'organization', 'country', 'isp'].flatMap((grouping) =>
    ['topTierSize', 'blockingSetsMinSize', 'blockingSetsFilteredMinSize', 'splittingSetsMinSize'].map(
      (figure) => `${grouping}.${figure}`
    )
  )
  assert.deepEqual(
    result.inexact.map(({ grouping, figure }) => `${grouping}.${figure}`),
    places
  )
  for (const { lowerBound, upperBound } of result.inexact)
    assert.ok(upperBound === null || lowerBound <= upperBound)
})

test('the full analysis agrees with the single ones', async () => {
  const { nodes, organizations } = fourOrganizations()
  const options = { groupBy: 'country' }
  const full = await fbas.analyzeFull(nodes, organizations, options)
  // The findings of the parts stand beside them, all together.
  const timeless = <T extends { executionTimeMs: number; findings?: unknown }>({
    findings: _,
    ...result
  }: T) => ({
    ...result,
    executionTimeMs: 0
  })
  assert.deepEqual(timeless(full.topTier), timeless(await fbas.analyzeTopTier(nodes, organizations, options)))
  const blocking = await fbas.analyzeBlockingSets(nodes, organizations, options)
  assert.deepEqual(timeless(full.blockingSets), timeless(blocking))
  const splitting = await fbas.analyzeSplittingSets(nodes, organizations, options)
  assert.deepEqual(timeless(full.splittingSets), timeless(splitting))
  assert.deepEqual(timeless(full.quorums), timeless(await fbas.analyzeQuorums(nodes, organizations, options)))
  const history = await fbas.analyzeHistoryCritical(nodes, organizations, options)
  assert.deepEqual(timeless(full.historyCritical), timeless(history))
  const symmetric = await fbas.analyzeSymmetricTopTier(nodes, organizations)
  assert.deepEqual(timeless(full.symmetricTopTier), timeless(symmetric))
  assert.match(full.engine, /^stellar-fbas \d/)
})

test('performAnalysis: the embedded example has the figures of the public network', async () => {
  const read = (name: string) => readFileSync(join(__dirname, '..', 'examples', 'network', name))
  const nodes = read('stellar-2025-11.json')
  const faultyNodes = (JSON.parse(nodes.toString()) as fbas.FbasNode[])
    .filter(({ isValidating }) => isValidating === false)
    .map(({ publicKey }) => publicKey)
  const result = await fbas.performAnalysis(nodes, read('organizations-2025-11.json'), { faultyNodes })
  const figures = ({ node, organization, country, isp }: fbas.AnalysisResult) =>
    [node, organization, country, isp].map((merged) => Object.values(merged))
  assert.deepEqual(figures(result), [
    [21, 6, 6, 3],
    [7, 3, 3, 3],
    [7, 2, 2, 1],
    [10, 2, 2, 1]
  ])
  assert.equal(result.hasQuorumIntersection, true)
  assert.equal(result.hasSymmetricTopTier, true)
})

test('performAnalysis leaves out nodes that are a quorum all by themselves, with a finding', async () => {
  const stray = { publicKey: 'S', quorumSet: quorumSet(1, ['S']) }
  const nodes = [...TWO_OF_THREE, stray]
  const result = await fbas.performAnalysis(nodes)
  assert.equal(result.hasQuorumIntersection, true)
  assert.deepEqual(result.findings.find(({ code }) => code === 'ONE_NODE_QUORUM')?.nodes, ['S'])
  assert.deepEqual(await fates(nodes), [['S', true]])
  const literal = await fbas.performAnalysis(nodes, null, { ignoreOneNodeQuorums: false })
  assert.equal(literal.hasQuorumIntersection, false)
  assert.equal(literal.node.splittingSetsMinSize, 0)
})

/** Of each finding about one-node quorums: the nodes, and whether it says that they were left out. */
async function fates(nodes: fbas.FbasNode[], options?: fbas.AnalysisOptions): Promise<[string, boolean][]> {
  const { findings } = await fbas.performAnalysis(nodes, null, options)
  const found = findings.filter(({ code }) => code === 'ONE_NODE_QUORUM')
  return found.map(({ nodes, message }) => [nodes.join(), message.includes('left out')])
}

test('a node that is a quorum all by itself counts where others name it', async () => {
  const lenient = [
    { publicKey: 'A', quorumSet: quorumSet(1, ['A', 'B']) },
    ...flat(['A', 'B', 'C'], 2).slice(1)
  ]
  const result = await fbas.performAnalysis(lenient)
  assert.equal(result.hasQuorumIntersection, false, 'B and C follow A or each other')
  assert.equal(result.node.splittingSetsMinSize, 0)
  assert.deepEqual(await fates(lenient), [['A', false]])
  const stray = { publicKey: 'S', quorumSet: quorumSet(1, ['S', 'A']) }
  assert.deepEqual(await fates([...lenient, stray]), [
    ['S', true],
    ['A', false]
  ])
  assert.deepEqual(await fates([...lenient, stray], { ignoreOneNodeQuorums: false }), [['A,S', false]])
  // Where those who name it are down it is stray, and the network has halted.
  const down = await fbas.analyzeBlockingSets(lenient, null, {
    faultyNodes: ['B', 'C'],
    ignoreOneNodeQuorums: true
  })
  assert.equal(down.minSize, 0)
})

test('a network without a quorum is halted, not safe', async () => {
  const unknown: fbas.NodesInput[] = [[], '[]', [{ publicKey: 'A', quorumSet: null }]]
  for (const nodes of [...unknown, [{ publicKey: 'A', quorumSet: quorumSet(2, ['A']) }]]) {
    const result = await fbas.performAnalysis(nodes)
    assert.equal(result.hasQuorumIntersection, false)
    assert.equal(result.node.blockingSetsMinSize, 0)
    const found = result.findings.map(({ code }) => code).filter((code) => code.startsWith('NO_QUORUM'))
    assert.deepEqual(found, [unknown.includes(nodes) ? 'NO_QUORUM_SETS' : 'NO_QUORUM'])
    const quorums = await fbas.analyzeQuorums(nodes)
    assert.deepEqual([quorums.hasQuorum, quorums.minSize], [false, null])
    assert.equal((await fbas.analyzeHistoryCritical(nodes)).minSize, null)
  }
})

test('preprocess keeps thresholds and other properties, and drops what nobody crawled at every level', async () => {
  const nodes = [
    {
      extra: { deep: [1, null] },
      publicKey: 'A',
      quorumSet: quorumSet(
        2,
        ['A', 'B', 'gone'],
        [quorumSet(1, ['gone', 'C'], [quorumSet(1, ['A', 'gone'])])]
      )
    },
    { publicKey: 'B', quorumSet: null },
    { publicKey: 'A', quorumSet: quorumSet(1, ['A']) },
    { publicKey: 'C', quorumSet: quorumSet(0, []) }
  ]
  const { nodes: kept, findings } = await fbas.preprocess(nodes)
  const expected = {
    extra: { deep: [1, null] },
    publicKey: 'A',
    // B and C are dropped, so naming them would name nobody.
    quorumSet: quorumSet(2, ['A'], [quorumSet(1, [], [quorumSet(1, ['A'])])])
  }
  assert.deepEqual(kept, [expected])
  assert.deepEqual(Object.keys(kept[0] ?? {}), ['publicKey', 'extra', 'quorumSet'])
  assert.deepEqual((await fbas.preprocess(kept)).nodes, kept)
  const codes = findings.map(({ code }) => code)
  assert.ok(
    codes.includes('DUPLICATE_NODE') &&
      codes.includes('ZERO_THRESHOLD') &&
      codes.includes('UNKNOWN_VALIDATOR')
  )
})

test('a verdict that hangs on a node that nobody crawled is a finding', async () => {
  // A and B agree among themselves; C and D would without them, if only E joined.
  const pairs = [...flat(['A', 'B'], 2), ...['C', 'D'].map((publicKey) => ({ publicKey }))]
  const nodes = pairs.map((node) => ({ quorumSet: quorumSet(3, ['C', 'D', 'E']), ...node }))
  const depends = ({ code }: fbas.Finding) => code === 'VERDICT_DEPENDS_ON_UNKNOWN_NODES'
  for (const unknownNodes of ['dead', 'free'] as const) {
    const result = await fbas.performAnalysis(nodes, null, { unknownNodes })
    assert.equal(result.hasQuorumIntersection, unknownNodes === 'dead')
    const finding = result.findings.find(depends)
    assert.deepEqual(finding?.nodes, ['E'])
    assert.equal(finding?.unknownNodes, unknownNodes === 'dead' ? 'free' : 'dead')
    assert.ok(finding?.fields.includes('hasQuorumIntersection'))
    assert.ok(finding?.fields.includes('node.blockingSetsMinSize'))
    const change = unknownNodes === 'dead' ? 'no instead of yes' : 'yes instead of no'
    const other = unknownNodes === 'dead' ? 'free to join any quorum' : 'in no quorum'
    const message = finding?.message ?? ''
    assert.ok(
      message.includes(
        `If they were ${other}, other answers follow. Every two quorums share a node: ${change}. `
      ),
      message
    )
    assert.match(message, /Smallest blocking set, counting nodes: . instead of .\./)
    const full = await fbas.analyzeFull(nodes, null, { unknownNodes })
    assert.match(
      full.findings.find(depends)?.message ?? '',
      new RegExp(`Every two quorums share a node: ${change}`)
    )
  }
  // Where nobody counts on it, it does not matter.
  const watched = [
    ...TWO_OF_THREE,
    { publicKey: 'W', quorumSet: quorumSet(2, ['A', 'E']) },
    { publicKey: 'E' }
  ]
  assert.equal((await fbas.performAnalysis(watched)).findings.some(depends), false)
})

test('every result says who computed it', async () => {
  const network = await fbas.FbasNetwork.load(TWO_OF_THREE)
  const full = await network.analyzeFull()
  const results = [
    await network.performAnalysis(),
    await network.analyzeCore(),
    await network.analyzeQuorumIntersection(),
    full,
    full.topTier,
    full.symmetricTopTier,
    full.blockingSets,
    full.splittingSets,
    full.quorums,
    full.historyCritical
  ]
  for (const { engine } of results)
    assert.match(engine, /^stellar-fbas \d+\.\d+\.\d+; splr .*; delete semantics$/)
})

test('quorum intersection alone, with the two quorums that are disjoint', async () => {
  const verdict = async (nodes: fbas.FbasNode[]) => {
    const { hasQuorum, hasQuorumIntersection, isExact, disjointQuorums } =
      await fbas.analyzeQuorumIntersection(nodes)
    return { hasQuorum, hasQuorumIntersection, isExact, disjointQuorums }
  }
  const proven = { isExact: true, disjointQuorums: null }
  assert.deepEqual(await verdict(TWO_OF_THREE), {
    ...proven,
    hasQuorum: true,
    hasQuorumIntersection: true
  })
  assert.deepEqual(await verdict([]), { ...proven, hasQuorum: false, hasQuorumIntersection: false })
  const alone = { publicKey: 'Z', quorumSet: quorumSet(1, ['Z']) }
  const { disjointQuorums, ...split } = await verdict([...TWO_OF_THREE, alone])
  assert.deepEqual(split, { hasQuorum: true, hasQuorumIntersection: false, isExact: true })
  assert.deepEqual(disjointQuorums?.map((quorum) => quorum.length).sort(), [1, 2])
  assert.equal(
    fbas.analyzeQuorumIntersectionSync([...TWO_OF_THREE, alone], null, { ignoreOneNodeQuorums: true })
      .hasQuorumIntersection,
    true
  )
  await assert.rejects(fbas.analyzeQuorumIntersection(TWO_OF_THREE, null, { groupBy: 'isp' }), {
    code: 'INVALID_INPUT'
  })
})

test('the core is what everybody depends on', async () => {
  const watcher = { publicKey: 'W', quorumSet: quorumSet(1, ['A']) }
  const { core, coreSize } = await fbas.analyzeCore([...TWO_OF_THREE, watcher])
  assert.deepEqual([core, coreSize], [['A', 'B', 'C'], 3])
  const { nodes, organizations } = fourOrganizations()
  assert.deepEqual((await fbas.analyzeCore(nodes, organizations, { groupBy: 'organization' })).core, [
    'p',
    'q',
    'r',
    's'
  ])
  assert.deepEqual(fbas.analyzeCoreSync([]).core, [])
})

test('a parsed network has blocking forms of everything', () => {
  const network = fbas.FbasNetwork.loadSync(TWO_OF_THREE)
  assert.equal(network.nodeCount, 3)
  assert.equal(network.analyzeBlockingSetsSync().minSize, 2)
  assert.equal(network.performAnalysisSync().hasQuorumIntersection, true)
  assert.throws(() => fbas.FbasNetwork.loadSync('{'), { code: 'INVALID_INPUT' })
  assert.throws(() => network.analyzeCoreSync({ timeoutMs: 0 }), { code: 'TIMEOUT' })
})

test('a network is parsed once and analysed often', async () => {
  const { nodes, organizations } = fourOrganizations()
  const network = await fbas.FbasNetwork.load(JSON.stringify(nodes), organizations)
  assert.equal(network.nodeCount, 12)
  assert.ok(Array.isArray(network.findings))
  assert.equal((await network.analyzeTopTier()).topTierSize, 12)
  assert.deepEqual((await network.analyzeSymmetricTopTier()).symmetricTopTier?.threshold, 3)
  assert.equal((await network.analyzeBlockingSets({ groupBy: 'organization' })).minSize, 2)
  assert.equal((await network.analyzeSplittingSets()).minSize, 2)
  assert.equal((await network.analyzeQuorums(null)).minSize, 6)
  assert.equal((await network.analyzeHistoryCritical()).minSize, 0)
  assert.equal((await network.analyzeFull({ groupBy: 'isp' })).blockingSets.minSize, 3)
  assert.equal((await network.performAnalysis()).organization.topTierSize, 4)
  // Its constructor is private; JavaScript can still try.
  const Constructor = fbas.FbasNetwork as unknown as new () => unknown
  assert.throws(() => new Constructor())
})

test('health names the solver', () => {
  const { status, version, solver, target } = fbas.health()
  assert.equal(status, 'healthy')
  assert.match(version, /^\d+\.\d+\.\d+$/)
  assert.match(solver, /^splr /)
  assert.ok(target.length > 0)
})
