// Every command and every option, through pipes, against the functions of the package.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'

import * as fbas from '../../index.js'
import type { FbasNode } from '../../index.js'
import { flat, fourOrganizations, quorumSet, TWO_OF_THREE, TWO_PAIRS, ALL_OF_THREE } from '../networks.js'
import { EXAMPLE, EXAMPLE_ORGANIZATIONS, folder, json, lines, output, run } from './command.js'

const files = folder()
const { nodes, organizations } = fourOrganizations()
const four = files.write('four.json', { nodes, organizations })
const pairs = files.write('pairs.json', TWO_PAIRS)
const all = files.write('all.json', ALL_OF_THREE)
const majority = files.write('majority.json', TWO_OF_THREE)

const NODES = readFileSync(EXAMPLE)
const ORGANIZATIONS = readFileSync(EXAMPLE_ORGANIZATIONS)
const faultyNodes = (JSON.parse(NODES.toString()) as FbasNode[])
  .filter(({ isValidating }) => isValidating === false)
  .map(({ publicKey }) => publicKey)

/** A result as programs get it. */
function written(result: object): unknown {
  const { executionTimeMs, ...rest } = result as { executionTimeMs?: number }
  return JSON.parse(JSON.stringify(rest, (_, value) => (typeof value === 'bigint' ? String(value) : value)))
}

describe('analyze', { concurrency: 4 }, () => {
  test('the figures are those of performAnalysis, for the example and other networks', async () => {
    const inputs: [string[], fbas.NetworkInput, Buffer | null, string[]][] = [
      [[], NODES, ORGANIZATIONS, faultyNodes],
      [[four], { nodes, organizations }, null, []],
      [[pairs], TWO_PAIRS, null, []],
      [[all], ALL_OF_THREE, null, []]
    ]
    for (const [args, input, organizations, faultyNodes] of inputs) {
      const expected = await fbas.performAnalysis(input, organizations, { faultyNodes })
      const found = await json(args)
      assert.equal(found.hasQuorumIntersection, expected.hasQuorumIntersection)
      assert.equal(found.symmetricTopTier !== null, expected.hasSymmetricTopTier)
      for (const key of ['node', 'organization', 'country', 'isp'] as const) {
        const { topTier, blockingSets, blockingSetsFiltered, splittingSets } = found.counting[key]
        const figures = {
          topTierSize: topTier.topTierSize,
          blockingSetsMinSize: blockingSets.minSize,
          blockingSetsFilteredMinSize: blockingSetsFiltered.minSize,
          // performAnalysis has no way to say that there is none.
          splittingSetsMinSize: splittingSets.minSize ?? topTier.topTierSize
        }
        assert.deepEqual(figures, expected[key], `${args} ${key}`)
      }
    }
  })

  test('is the default command, and says what start used to say', async () => {
    const text = await output([])
    assert.equal(
      text,
      await output(['analyze', EXAMPLE, EXAMPLE_ORGANIZATIONS]).then((text) =>
        text.replace('stellar-2025-11.json:', "Stellar's public network, November 2025:")
      )
    )
    for (const said of [
      '36 nodes, 11 organizations',
      'Can it split? Not by itself.',
      'Can it halt? Yes, if enough of it stops.',
      'Who decides? 7 organizations with 21 nodes.',
      'Would its history survive? Yes, unless 1 archive goes bad.',
      'UNKNOWN_VALIDATOR',
      'Exact: every size is proven, every witness was checked against the definition.'
    ]) {
      assert.ok(text.includes(said), said)
    }
    assert.match(text, /^organizations +7 +3 +3 +3 +1$/m)
  })

  test('the words fit the network', async () => {
    assert.match(await output([pairs]), /Can it split\? YES, without anybody misbehaving/)
    assert.match(await output([all]), /Can it split\? No, not its core, whoever turns malicious/)
    const halted = files.write('halted.json', flat(['A', 'B'], 3))
    const text = await output([halted])
    for (const said of ['There is nobody to split', 'It HAS HALTED', 'Who decides? Nobody'])
      assert.ok(text.includes(said), said)
    assert.match(await output([majority, '--faulty', 'A,B']), /Can it halt\? It HAS HALTED/)
    const blank = files.write('blank.json', [{ publicKey: 'A', quorumSet: null }])
    assert.match(await output([blank]), /^Nothing is proven, as nothing is known\.$/m)
  })

  test('one grouping, any attribute', async () => {
    const { counting } = await json([four, '--group-by', 'homeDomain'])
    assert.deepEqual(Object.keys(counting), ['homeDomain'])
    assert.equal(counting.homeDomain.topTier.topTierSize, 4)
    assert.match(await output([four, '--group-by', 'homeDomain']), /^homeDomain groups +4 /m)
  })

  test('rows for programs', async () => {
    const [header, ...rows] = await lines(['--format', 'csv'])
    assert.equal(
      header,
      'counting,topTierSize,blockingSetsMinSize,blockingSetsFilteredMinSize,splittingSetsMinSize,quorumsMinSize,historyCriticalMinSize,withoutData,isExact,inexact'
    )
    assert.deepEqual(rows, [
      'node,21,6,6,3,10,1,,true,',
      'organization,7,3,3,3,5,1,,true,',
      'country,7,2,2,1,3,1,,true,',
      'isp,10,2,2,1,4,1,,true,'
    ])
    const records = (await lines(['--format', 'ndjson'])).map((line) => JSON.parse(line))
    assert.deepEqual(records[1], {
      ...{ counting: 'organization', topTierSize: 7, blockingSetsMinSize: 3, blockingSetsFilteredMinSize: 3 },
      ...{
        splittingSetsMinSize: 3,
        quorumsMinSize: 5,
        historyCriticalMinSize: 1,
        withoutData: '',
        isExact: true,
        inexact: ''
      }
    })
  })

  test('the same input gives the same text', async () => {
    for (const format of ['table', 'json']) {
      const [once, again] = await Promise.all(
        [1, 2].map((threads) => output(['--format', format, '--threads', String(threads)]))
      )
      assert.equal(once, again)
    }
  })
})

describe('single questions', { concurrency: 4 }, () => {
  const questions: [string, (options: fbas.AnalysisOptions) => Promise<object>][] = [
    ['top-tier', (options) => fbas.analyzeTopTier(NODES, ORGANIZATIONS, options)],
    ['blocking-sets', (options) => fbas.analyzeBlockingSets(NODES, ORGANIZATIONS, options)],
    ['splitting-sets', (options) => fbas.analyzeSplittingSets(NODES, ORGANIZATIONS, options)],
    ['quorums', (options) => fbas.analyzeQuorums(NODES, ORGANIZATIONS, options)],
    ['history-critical', (options) => fbas.analyzeHistoryCritical(NODES, ORGANIZATIONS, options)]
  ]
  for (const [command, ask] of questions) {
    test(`${command}: JSON is what the function returns`, async () => {
      for (const groupBy of [undefined, 'organization', 'isp']) {
        // Who can halt the network now is asked with those down that the data reports so.
        const down = command === 'blocking-sets' ? { faultyNodes } : {}
        const options = { groupBy, ignoreOneNodeQuorums: true, ...down }
        const args = [command, ...(groupBy === undefined ? [] : ['--group-by', groupBy])]
        assert.deepEqual(await json(args), written(await ask(options)))
      }
    })
  }

  test('symmetric', async () => {
    const expected = await fbas.analyzeSymmetricTopTier(NODES, ORGANIZATIONS)
    assert.deepEqual(await json(['symmetric']), written(expected))
    assert.match(await output(['symmetric']), /^5 of 7\n {2}2 of 3\n {4}LOBSTR 5 \(India\)$/m)
    const rows = await lines(['symmetric', '--format', 'csv'])
    assert.equal(rows.length, 22)
    assert.deepEqual(rows.slice(0, 2), [
      'place,threshold,validator',
      'top.1,2,GA5STBMV6QDXFDGD62MEHLLHZTPDI77U3PFOD2SELU5RJDHQWBR5NNK7'
    ])
    assert.match(await output(['symmetric', pairs]), /No symmetric top tier/)
  })

  test('intersection, with two quorums that share no node', async () => {
    assert.match(await output(['intersection']), /^Yes: every two quorums share a node/)
    const found = await json(['intersection', pairs])
    assert.deepEqual([found.hasQuorum, found.hasQuorumIntersection], [true, false])
    assert.deepEqual(found.disjointQuorums.flat().sort(), ['A', 'B', 'C', 'D'])
    assert.match(
      await output(['intersection', pairs]),
      /^NO: two quorums share no node\.\n\n {2}A, B\n\n {2}C, D\n$/
    )
    assert.deepEqual(await lines(['intersection', '--format', 'csv', pairs]), [
      'hasQuorum,hasQuorumIntersection',
      'true,false'
    ])
  })

  test('findings: those on the data and those of the analysis', async () => {
    const expected = await fbas.performAnalysis(NODES, ORGANIZATIONS)
    // The command takes them as down.
    const taken = expected.findings.filter(({ code }) => code !== 'REPORTED_DOWN')
    assert.deepEqual(await json(['findings']), taken)
    const stray = files.write('stray.json', [
      ...TWO_OF_THREE,
      { publicKey: 'S', quorumSet: quorumSet(1, ['S']) }
    ])
    const codes = (await json<fbas.Finding[]>(['findings', stray])).map(({ code }) => code)
    assert.ok(codes.includes('ONE_NODE_QUORUM'), codes.join())
    assert.equal((await lines(['findings', '--format', 'ndjson'])).length, 2)
    assert.equal((await lines(['findings', '--format', 'csv'])).length, 4)
    assert.equal(
      await output([
        'findings',
        files.write(
          'clean.json',
          nodes.map((node) => ({ ...node, geoData: { countryName: 'Iceland' } }))
        )
      ]),
      'Findings on the data: none\n'
    )
  })
})

describe('options', { concurrency: 4 }, () => {
  test('--limit lists and counts, --limit 0 only counts, all of them in one stream', async () => {
    const { sets, isComplete, totalSets } = await json(['quorums', '--limit', '3'])
    assert.deepEqual([sets.length, isComplete, totalSets], [3, false, '5103'])
    assert.deepEqual((await json(['quorums', '--limit', '0'])).sets, [])
    const table = await output(['quorums', four, '--limit', 'all'])
    assert.match(table, /All minimal quorums\n *1 {2}\(6\) {2}p1, p2, q1, q2, r1, r2\n/)

    assert.deepEqual(await lines(['quorums', '--limit', '0', '--format', 'csv']), ['set,size,member'])
    assert.deepEqual(await lines(['findings', four, '--format', 'csv']), ['code,message,node'])

    const streamed = await lines(['quorums', '--limit', 'all', '--format', 'ndjson'])
    assert.equal(streamed.length, 5103)
    assert.deepEqual(JSON.parse(streamed[0] ?? ''), { size: 10, set: sets[0] })
    const rows = await lines([
      'blocking-sets',
      four,
      '--group-by',
      'organization',
      '--limit',
      '2',
      '--format',
      'csv'
    ])
    assert.deepEqual(rows, ['set,size,member', '1,2,p', '1,2,q', '2,2,p', '2,2,r'])
    // Without it there is one smallest set.
    assert.equal((await lines(['quorums', '--format', 'ndjson'])).length, 1)
    // The empty set is one.
    assert.deepEqual(await lines(['splitting-sets', pairs, '--format', 'csv']), ['set,size,member', '1,0,'])
  })

  test('--names and --no-names', async () => {
    const key = 'GCM6QMP3DLRPTAZW2UZPCPX2LF3SXWXKPMP3GKFZBDSF3QZGV2G5QSTK'
    const { publicKey, name } =
      (JSON.parse(NODES.toString()) as FbasNode[]).find(({ publicKey }) => publicKey === key) ?? {}
    assert.equal(publicKey, key)
    assert.ok((await output(['top-tier'])).includes(String(name)))
    assert.ok((await output(['top-tier', '--no-names'])).includes(key))
    assert.ok((await json(['top-tier'])).topTier.includes(key))
    assert.ok((await json(['top-tier', '--names'])).topTier.includes(name))
    assert.ok((await lines(['top-tier', '--format', 'csv', '--names'])).includes(String(name)))
    const full = await json(['--names'])
    assert.ok(full.counting.organization.topTier.topTier.includes('Stellar Development Foundation'))
    assert.ok(
      full.counting.node.splittingSets.quorumA.every((member: string) => !/^G[A-Z2-7]{55}$/.test(member))
    )
  })

  test('with --no-names no command shows a name, and without it each does', async () => {
    const called = fourOrganizations()
    const named = (nodes: FbasNode[]) => nodes.map((node) => ({ ...node, name: `CALLED ${node.publicKey}` }))
    const nodes = named(called.nodes)
    const organizations = called.organizations.map((one) => ({ ...one, name: `CALLED ${one.id}` }))
    const network = files.write('called.json', { nodes, organizations })
    const [key = ''] = nodes.map(({ publicKey }) => publicKey)
    const bridged = [
      { publicKey: 'A', quorumSet: quorumSet(2, ['A', 'B']) },
      { publicKey: 'B', quorumSet: quorumSet(3, ['B', 'C', 'D']) },
      ...['C', 'D'].map((publicKey) => ({ publicKey, quorumSet: quorumSet(2, ['C', 'D']) }))
    ]
    const ofItself = files.write('of-itself.json', quorumSet(1, [key]))
    const split = ['--set', `${key}=${ofItself}`]
    const commands = [
      ...['analyze', 'top-tier', 'symmetric', 'blocking-sets', 'splitting-sets', 'quorums', 'nodes'],
      'history-critical'
    ].map((command) => [command, network])
    commands.push(
      ['critical', files.write('called-bridge.json', named(bridged))],
      ['node', key, network],
      ['intact', network, '--ill-behaved', key],
      ['diff', network, files.write('called-less.json', { nodes: nodes.slice(1), organizations })],
      ['plan', network, ...split],
      ['plan', network, ...split, '--count-one-node-quorums', '--unit', 'node']
    )
    for (const command of commands) {
      const [{ stdout, status }, without] = await Promise.all([run(command), run([...command, '--no-names'])])
      assert.deepEqual([status, without.status, without.stderr], [0, 0, ''], command.join(' '))
      assert.ok(stdout.includes('CALLED'), `${command.join(' ')}\n${stdout}`)
      assert.ok(!without.stdout.includes('CALLED'), `${command.join(' ')}\n${without.stdout}`)
    }
  })

  test('--faulty, --unknown, --scope, --count-one-node-quorums', async () => {
    const smallest = async (...args: string[]) => (await json(args)).minSize
    assert.equal(await smallest('blocking-sets', majority), 2)
    assert.equal(await smallest('blocking-sets', majority, '--faulty', 'A'), 1)
    assert.equal(await smallest('blocking-sets', majority, '--faulty', 'A', '--faulty', 'B'), 0)
    assert.equal((await json([majority, '--faulty', 'none'])).counting.node.blockingSetsFiltered.minSize, 2)

    const unknown = files.write('unknown.json', flat(['A', 'B', 'C', 'X'], 2).slice(0, 3))
    assert.equal(await smallest('splitting-sets', unknown), 1)
    assert.equal(await smallest('splitting-sets', unknown, '--unknown', 'free'), 0)

    // W follows one node of the core only, so a single liar splits it off.
    const watcher = { publicKey: 'W', quorumSet: quorumSet(2, ['A', 'W']) }
    const watched = files.write('watched.json', [...flat(['A', 'B', 'C', 'D'], 3), watcher])
    const options = { ignoreOneNodeQuorums: true }
    for (const scope of ['core', 'all'] as const) {
      const expected = await fbas.analyzeSplittingSets(readFileSync(watched), null, { ...options, scope })
      assert.equal(await smallest('splitting-sets', watched, '--scope', scope), expected.minSize)
    }

    const stray = files.write('stray2.json', [
      ...TWO_OF_THREE,
      { publicKey: 'S', quorumSet: quorumSet(1, ['S']) }
    ])
    assert.equal((await json(['intersection', stray])).hasQuorumIntersection, true)
    assert.equal(
      (await json(['intersection', stray, '--count-one-node-quorums'])).hasQuorumIntersection,
      false
    )
  })

  test('--organizations, and organizations beside the nodes', async () => {
    const bare = files.write('nodes.json', nodes)
    const groups = files.write('groups.json', organizations)
    const expected = ['p', 'q', 'r', 's']
    for (const args of [[bare, groups], [bare, '--organizations', groups], [four]]) {
      assert.deepEqual((await json(['top-tier', ...args, '--group-by', 'organization'])).topTier, expected)
    }
  })
})

test('what is wrong with a change is said of the file and the node that it stands in', async () => {
  const nodes = files.write('added.json', [{ publicKey: 'NEW' }, { publicKey: 'A' }])
  const four = files.write('four-nodes.json', flat(['A', 'B', 'C', 'LONG', 'LONGER'], 4))
  const added = await run(['change', four, '--add', nodes])
  assert.equal(added.status, 2)
  assert.match(added.stderr, /: .*added\.json\[1\]\.publicKey: the network lists the node A already/)
  // The key of one node begins with that of the other one.
  const right = files.write('right.json', { threshold: 1, validators: ['A'], innerQuorumSets: [] })
  const wrong = files.write('wrong.json', { threshold: -1, validators: ['A'], innerQuorumSets: [] })
  const set = await run(['change', four, '--set', `LONG=${right}`, '--set', `LONGER=${wrong}`])
  assert.equal(set.status, 2)
  assert.match(set.stderr, /^stellar-fbas: .*wrong\.json\.threshold: /)
})

test('plan says that a node counts to its later organization from the beginning, where one is moved', async () => {
  const of = (text: string) => text.replace(/\s+/g, ' ')
  const said =
    /Nothing changes: .* In every state a node counts to the organization that it has in the end, and nobody has to do anything for it: 1 node has another one there than before, or one in only one of the two networks \(.+\)\./
  const key = nodes[0]?.publicKey ?? ''
  const [last] = organizations.slice(-1)
  const move = ['--move', `${key}=${last?.id}`]
  assert.match(of(await output(['plan', four, ...move])), said)
  const later = files.write('moved.json', JSON.parse(await output(['change', four, ...move])))
  assert.match(of(await output(['plan', four, later])), said)
  assert.doesNotMatch(of(await output(['plan', four, four])), /In every state/)
})

test('--check: what is unsafe has status 1', async () => {
  const halted = files.write('halted2.json', flat(['A', 'B'], 3))
  const nothing = files.write('nothing.json', [{ publicKey: 'A', quorumSet: null }])
  const silent = files.write('silent.json', TWO_OF_THREE)
  const good = files.write(
    'archives.json',
    nodes.map((node) => ({ ...node, historyArchiveHasError: false }))
  )
  const expected: [number, string[]][] = [
    [0, ['analyze', four]],
    [1, ['analyze', pairs]],
    [1, ['analyze', halted]],
    [1, ['analyze', majority, '--faulty', 'A,B']],
    [0, ['intersection', four]],
    [1, ['intersection', pairs]],
    [1, ['intersection', halted]],
    [3, ['intersection', nothing]],
    [3, ['quorums', nothing]],
    [3, ['splitting-sets', nothing]],
    [3, ['blocking-sets', nothing]],
    [3, ['analyze', nothing]],
    [3, ['diff', four, nothing]],
    [3, ['history-critical', silent]],
    [0, ['quorums', four]],
    [1, ['quorums', pairs]],
    [0, ['blocking-sets', four]],
    [1, ['blocking-sets', majority, '--faulty', 'A,B']],
    [0, ['splitting-sets', four]],
    [0, ['splitting-sets', all]],
    [1, ['splitting-sets', pairs]],
    [1, ['splitting-sets', pairs, '--limit', 'all', '--format', 'ndjson']],
    [0, ['history-critical', good]],
    [1, ['history-critical', four]],
    [1, ['diff', four, pairs]],
    [0, ['diff', pairs, four]]
  ]
  await Promise.all(
    expected.map(async ([status, args]) =>
      assert.equal((await run([...args, '--check'])).status, status, args.join(' '))
    )
  )
  // Without it the answer is an answer.
  assert.equal((await run(['intersection', pairs])).status, 0)
})

describe('nodes and groups that misbehave', { concurrency: 4 }, () => {
  const seen = files.write('seen.json', {
    nodes: [
      ...nodes,
      { publicKey: 'w', name: 'Watcher', quorumSet: quorumSet(2, ['p1', 'q1', 'x']) },
      { publicKey: 'alone', quorumSet: quorumSet(2, ['alone', 'w']) },
      { publicKey: 'x', quorumSet: null }
    ],
    organizations
  })
  const load = () => fbas.FbasNetwork.load(readFileSync(seen))
  const common = { unknownNodes: 'dead', ignoreOneNodeQuorums: true, scope: 'core' } as const

  test('node answers as analyzeNode, by name and by key', async () => {
    const network = await load()
    for (const [called, groupBy] of [
      ['Watcher', undefined],
      ['w', 'organization']
    ] as const) {
      const expected = written(await network.analyzeNode({ ...common, node: 'w', groupBy }))
      const more = groupBy === undefined ? [] : ['--group-by', groupBy]
      assert.deepEqual(await json(['node', called, seen, ...more]), strip(expected))
    }
    const text = await output(['node', 'watcher', seen, '--group-by', 'organization'])
    assert.match(text, /^Watcher\nA follower: it is in a quorum, but not in the core\./)
    assert.match(text, /\n {2}By stopping, 1 organization can halt it: p\n/)
    assert.match(text, /\n {2}1 node that it names is in no quorum: x\n/)
    assert.match(text, /\n {2}Each of these halts it alone: p, q\n/)
    assert.match(text, /It asks for 2 of 3 nodes\. It does not name itself\./)
    assert.match(text, /\n {2}1 node is in a quorum only with it: alone\n/)
    const named = await json(['node', 'w', seen, '--names'])
    assert.equal(named.publicKey, 'Watcher')
    const csv = await lines(['node', 'w', seen, '--format', 'csv'])
    assert.equal(
      csv[0]?.split(',').slice(0, 6).join(),
      'node,is,isInQuorum,isInCore,isInTopTier,haltingMinSize'
    )
    assert.equal(csv[1], 'w,follower,true,false,false,1,1,2,1,1,13,false,1,2,halting vBlocking splitting')
    const { status, stderr } = await run(['node', 'watch', seen])
    assert.deepEqual(
      [status, stderr],
      [2, 'stellar-fbas: node watch: no node is called so; did you mean Watcher?\n']
    )
  })

  test('node says what is wrong with quorum sets that are none or that nothing satisfies', async () => {
    const odd = files.write('odd.json', [
      ...nodes,
      { publicKey: 'zero', quorumSet: quorumSet(0, ['p1']) },
      { publicKey: 'many', quorumSet: quorumSet(3, ['p1', 'q1']) }
    ])
    const zero = await output(['node', 'zero', odd])
    assert.match(
      zero,
      /^zero\nIn no quorum: its quorum set has a threshold of 0, so it counts as unknown\.\n/
    )
    assert.match(zero, /\nIN DOUBT: This hangs on 1 node of unknown quorum set, .* \(zero\)\n/s)
    const many = await output(['node', 'many', odd])
    assert.match(many, /asks for more entries than it lists: nothing satisfies that\./)
  })

  test('nodes answers as analyzeNodes, a row for each', async () => {
    const network = await load()
    const expected = written(await network.analyzeNodes(common)) as fbas.NodesResult
    const found = await json<fbas.NodesResult>(['nodes', seen])
    assert.deepEqual(found.nodes, expected.nodes.map(strip))
    const csv = await lines(['nodes', seen, '--format', 'csv'])
    assert.equal(csv.length, 16)
    assert.ok(csv.includes('alone,follower,true,false,false,1,1,1,0,0,15,true,0,3,'), csv.join('\n'))
    assert.match(
      await output(['nodes', seen]),
      /^Watcher +follower +1 +1 +2 +1 +halting, v-blocking, splitting off$/m
    )
  })

  test('intact answers as analyzeIntactNodes', async () => {
    const network = await load()
    const options = { unknownNodes: 'dead', ignoreOneNodeQuorums: true } as const
    const expected = written(await network.analyzeIntactNodes({ ...options, illBehaved: ['w', 'p1'] }))
    assert.deepEqual(await json(['intact', seen, '--ill-behaved', 'Watcher,p1']), expected)
    const text = await output(['intact', seen, '--ill-behaved', 'w'])
    assert.match(text, /^Intact: 12 nodes\./)
    assert.match(text, /\nA smallest dispensable set: Watcher, alone, x\n/)
    const { status, stderr } = await run(['intact', seen])
    assert.equal(status, 2)
    assert.match(stderr, /required option '--ill-behaved <key\|name,\.\.\.>' not specified/)
  })

  test('critical answers as analyzeCriticalGroups', async () => {
    const network = await load()
    const options = { unknownNodes: 'dead', ignoreOneNodeQuorums: true } as const
    for (const [more, args] of [
      [{}, []],
      [{ groupBy: 'organization' }, ['--group-by', 'organization']],
      [{ candidates: 'stellar-core' }, ['--candidates', 'stellar-core']]
    ] as const) {
      const expected = written(await network.analyzeCriticalGroups({ ...options, ...more }))
      assert.deepEqual(await json(['critical', seen, ...args]), expected)
    }
    const hanging = files.write('hanging.json', [
      { publicKey: 'ALICE', quorumSet: quorumSet(2, ['ALICE', 'BRIDGE']) },
      { publicKey: 'BRIDGE', quorumSet: quorumSet(3, ['BRIDGE', 'CAROL', 'DAVE']) },
      ...flat(['CAROL', 'DAVE'], 2)
    ])
    const { status, stdout } = await run(['critical', hanging, '--check'])
    assert.equal(status, 1)
    assert.match(
      stdout,
      /^Critical: 1 of 4 candidates\.\nSuch a group, going along with anybody who depends on it, makes two quorums that share no node\.\n/
    )
    assert.match(
      stdout,
      /\nBRIDGE\n {2}With it misconfigured, one quorum is ALICE, BRIDGE\n {2}and another CAROL, DAVE\n/
    )
    // Candidates of several kinds are told apart.
    const together = files.write('together.json', [
      { publicKey: 'ALICE', quorumSet: quorumSet(2, ['ALICE'], [quorumSet(2, ['BRIDGE', 'ROAD'])]) },
      ...['BRIDGE', 'ROAD'].map((publicKey) => ({
        publicKey,
        quorumSet: quorumSet(4, ['BRIDGE', 'ROAD', 'CAROL', 'DAVE'])
      })),
      ...flat(['CAROL', 'DAVE'], 2)
    ])
    const headings = async (file: string) =>
      (await output(['critical', file, '--candidates', 'stellar-core'])).match(/^(node|quorum set of) .*$/gm)
    assert.deepEqual(await headings(together), ['quorum set of BRIDGE, ROAD'])
    assert.deepEqual(await headings(hanging), ['node BRIDGE'])
  })

  test('--reachable-from leaves out all that a node does not see, in every command', async () => {
    const split = files.write('split-in-two.json', TWO_PAIRS)
    assert.equal((await run(['intersection', split, '--check'])).status, 1)
    assert.equal((await run(['intersection', split, '--check', '--reachable-from', 'A'])).status, 0)
    const converted = JSON.parse(await output(['convert', split, '--reachable-from', 'a']))
    assert.deepEqual(converted, TWO_PAIRS.slice(0, 2))
    assert.match(await output(['analyze', seen, '--reachable-from', 'p1']), /: 12 nodes, 4 organizations\n/)
    const difference = await output(['diff', seen, seen, '--reachable-from', 'p1'])
    assert.match(difference, /no change|nothing/i)
    const { status, stderr } = await run(['analyze', split, '--reachable-from', 'AB'])
    assert.equal(status, 2)
    assert.match(stderr, /^stellar-fbas: --reachable-from AB: no node is called so/)
  })

  /** Without the times of the parts. */
  function strip(result: unknown): unknown {
    return JSON.parse(JSON.stringify(result, (key, value) => (key === 'executionTimeMs' ? undefined : value)))
  }
})
