// Many snapshots through the real command line: what is found in folders, in which order, what each is told, and that work goes on after any end.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { brotliCompressSync, constants, gunzipSync, gzipSync } from 'node:zlib'

import { FbasNetwork, type FbasNode } from '../../index.js'
import { timeInContent, timeInName } from '../../ts/cli/history/moment.js'
import { COLUMNS } from '../../ts/cli/history/records.js'
import { checkOf } from '../../ts/study/check.js'
import type { Bounds } from '../../ts/study/record.js'
import { factsOf, studyNetwork } from '../../ts/study/study.js'
import { ALL_OF_THREE, flat, fourOrganizations, hard, TWO_OF_THREE, TWO_PAIRS } from '../networks.js'
import { smallNetwork } from '../small_networks.js'
import { environment, folder, inTerminal, lines, MAIN, plain, run } from './command.js'

const files = folder()
const written = (name: string, content: unknown): string => {
  mkdirSync(join(files.path, name, '..'), { recursive: true })
  return files.write(name, content)
}
const text = (value: unknown) => JSON.stringify(value)
const at = { cwd: files.path }

type Line = Record<string, any>
const parsed = (ndjson: string): Line[] =>
  ndjson
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
const read = (name: string) => readFileSync(join(files.path, name), 'utf8')
/** How many networks a run says it has solved. */
const solved = (stderr: string) => Number(/, (\d+) solved now$/m.exec(stderr)?.[1])

/** Networks that differ from day to day. */
function daily(name: string, days: number, network: (day: number) => unknown): void {
  for (let day = 0; day < days; day++) {
    const date = new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10)
    written(`${name}/${date}.json`, network(day))
  }
}
const renamed = (day: number): FbasNode[] => flat([`A${day}`, 'B', 'C'], 2)

describe('a folder of everything', () => {
  const { nodes, organizations } = fourOrganizations()
  written('mixed/2020-01-05.json', TWO_PAIRS)
  written('mixed/2020-01-04/nodes.json', nodes)
  written('mixed/2020-01-04/organizations.json', organizations)
  written('mixed/crawl_nodes_20200103T120000Z.json.gz', gzipSync(text(nodes)))
  written('mixed/crawl_organisations_20200103T120000Z.json.br', brotliCompressSync(text(organizations)))
  written('mixed/crawl.json', { time: '2020-01-02T03:04:05Z', nodes, organizations })
  written('mixed/network.json.br', brotliCompressSync(text({ timestamp: 1577836800, nodes: ALL_OF_THREE })))
  written(
    'mixed/many.ndjson',
    [
      text({ nodes: TWO_OF_THREE, time: '2020-01-06T00:00:00Z' }),
      '{"time": "2020-01-06", "nodes": [{"publicKey": 1}]}',
      '',
      text({ time: '2019-12-31', nodes: TWO_OF_THREE })
    ].join('\n')
  )
  written('mixed/2020-01-07.json', '[{"publicKey": "A", "quorumSet"')
  written('mixed/2020-01-08.json.gz', 'not compressed')
  written('mixed/organizations-2020-02-01.json', organizations)
  written('mixed/2020-01-09.json', nodes)
  written('mixed/2020-01-09.organizations.json', [{ id: 'p' }])
  written('mixed/README.md', 'Snapshots.')
  written('mixed/.hidden/2020-01-01.json', TWO_PAIRS)
  const undated = written('mixed/undated.json', TWO_PAIRS)
  utimesSync(undated, new Date(), new Date('2020-03-01T00:00:00Z'))

  test('is read in the order of time, and what cannot be read is a line that says why', async () => {
    const { status, stdout, stderr } = await run(['history', 'mixed'], at)
    assert.equal(status, 2)
    assert.equal(stderr, 'not read: 5 of 13 snapshots, see "error"\n')
    const found = parsed(stdout).map(({ time, timeFrom, snapshot, verdict, error }) => [
      time.replace(':00.000Z', ''),
      ...[timeFrom, snapshot, verdict ?? error]
    ])
    assert.deepEqual(found, [
      ['2019-12-31T00:00', 'content', 'mixed/many.ndjson:4', 'safe'],
      ['2020-01-01T00:00', 'content', 'mixed/network.json.br', 'safe'],
      ['2020-01-02T03:04:05.000Z', 'content', 'mixed/crawl.json', 'safe'],
      ['2020-01-03T12:00', 'name', 'mixed/crawl_nodes_20200103T120000Z.json.gz', 'safe'],
      ['2020-01-04T00:00', 'name', 'mixed/2020-01-04/nodes.json', 'safe'],
      ['2020-01-05T00:00', 'name', 'mixed/2020-01-05.json', 'unsafe'],
      ['2020-01-06T00:00', 'content', 'mixed/many.ndjson:1', 'safe'],
      [
        '2020-01-06T00:00',
        'content',
        'mixed/many.ndjson:2',
        'nodes[0].publicKey: invalid type: integer `1`, expected a string of 1 to 1024 bytes'
      ],
      [
        '2020-01-07T00:00',
        'name',
        'mixed/2020-01-07.json',
        'nodes[0]: expected an array of nodes as JSON text: EOF while parsing an object at line 1 column 31'
      ],
      [
        '2020-01-08T00:00',
        'name',
        'mixed/2020-01-08.json.gz',
        'mixed/2020-01-08.json.gz: incorrect header check'
      ],
      [
        '2020-01-09T00:00',
        'name',
        'mixed/2020-01-09.json',
        'mixed/2020-01-09.organizations.json: organizations[0]: missing field `validators`'
      ],
      [
        '2020-02-01T00:00',
        'name',
        'mixed/organizations-2020-02-01.json',
        'the organizations of no snapshot beside them'
      ],
      ['2020-03-01T00:00', 'modified', 'mixed/undated.json', 'unsafe']
    ])
  })

  test('each network has its organizations, and the hash that the package gives it', async () => {
    const byName = new Map(
      parsed((await run(['history', 'mixed'], at)).stdout).map((line) => [line.snapshot, line])
    )
    const hash = FbasNetwork.loadSync(nodes, organizations).hash()
    for (const name of ['crawl.json', '2020-01-04/nodes.json', 'crawl_nodes_20200103T120000Z.json.gz']) {
      assert.equal(byName.get(`mixed/${name}`)?.hash, hash, name)
    }
    assert.equal(byName.get('mixed/undated.json')?.hash, FbasNetwork.loadSync(TWO_PAIRS).hash())
  })

  test('paths are files, folders and patterns, each file once', async () => {
    const paths = [
      'mixed/crawl*.json',
      'mixed/many.ndjson',
      './mixed/many.ndjson',
      join(files.path, 'mixed/2020-01-04')
    ]
    const { stdout } = await run(['history', ...paths], at)
    assert.deepEqual(
      parsed(stdout).map(({ snapshot }) => snapshot),
      [
        'mixed/many.ndjson:4',
        'mixed/crawl.json',
        'mixed/2020-01-04/nodes.json',
        'mixed/many.ndjson:1',
        'mixed/many.ndjson:2'
      ]
    )
    for (const path of ['mixed/nosuch.json', 'mixed/nosuch*.json']) {
      const ended = await run(['history', path], at)
      assert.deepEqual(ended, { status: 2, stdout: '', stderr: `stellar-fbas: ${path}: no such file\n` })
    }
    for (const [path, said] of [
      ['-', '-: snapshots are files; what comes on standard input goes into one, as .ndjson'],
      [
        'https://user:secret@explorer.example/api?key=1',
        'https://explorer.example/api: an address has one network, for `analyze`; snapshots are files'
      ]
    ] as const) {
      const ended = await run(['history', path], at)
      assert.deepEqual(ended, { status: 2, stdout: '', stderr: `stellar-fbas: ${said}\n` })
    }
    mkdirSync(join(files.path, 'empty'))
    assert.match((await run(['history', 'empty'], at)).stderr, /^stellar-fbas: empty: no snapshots there\n$/)
  })

  test('lines of packed files are snapshots as those of others, and of half a file those that are whole', async () => {
    const many = readFileSync(join(files.path, 'mixed/many.ndjson'))
    const about = async (path: string) =>
      parsed((await run(['history', path], at)).stdout).map(({ snapshot, ...line }) => ({
        ...line,
        snapshot: snapshot.replace(path, '')
      }))
    const expected = await about('mixed/many.ndjson')
    assert.equal(expected.length, 3)
    written('packed/many.ndjson.gz', gzipSync(many))
    written('packed/many.ndjson.br', brotliCompressSync(many))
    for (const name of ['gz', 'br'])
      assert.deepEqual(await about(`packed/many.ndjson.${name}`), expected, name)
    const long = Buffer.from(
      Array.from({ length: 3000 }, (_, index) =>
        text({ time: 1e9 + index, nodes: flat([`A${Math.sin(index)}`, 'B', 'C'], 2) })
      ).join('\n')
    )
    const half = gzipSync(long)
    written('half/many.ndjson.gz', half.subarray(0, half.length / 2))
    const { status, stdout } = await run(['history', 'half'], at)
    const found = parsed(stdout)
    assert.equal(status, 2)
    assert.ok(found.length > 500 && found.length < 3000, `${found.length}`)
    assert.deepEqual(
      found.filter(({ error }) => error !== null).map(({ snapshot, error }) => [snapshot, error]),
      [['half/many.ndjson.gz', 'unexpected end of file']]
    )
  })

  test('organizations for all are those of whoever has none beside', async () => {
    const of = written('of-all.json', organizations)
    const [line = {}] = parsed(await linesOf(['history', 'mixed/2020-01-05.json', '--organizations', of]))
    assert.equal(line.hash, FbasNetwork.loadSync(TWO_PAIRS, organizations).hash())
    const { status, stderr } = await run(['history', 'mixed/2020-01-04', '--organizations', of], at)
    assert.deepEqual(
      [status, stderr],
      [2, `stellar-fbas: ${of}: every snapshot has organizations beside it\n`]
    )
  })

  const linesOf = async (args: string[]) => (await lines(args, at)).join('\n')
})

test('a time is read as it is meant, wherever this machine is', (t) => {
  const { TZ } = process.env
  t.after(() => (TZ === undefined ? delete process.env.TZ : (process.env.TZ = TZ)))
  process.env.TZ = 'Asia/Tokyo'
  const times: [string, string | undefined][] = [
    ['stellar_nodes_2019-09-17.json', '2019-09-17T00:00:00.000Z'],
    ['20210304.json', '2021-03-04T00:00:00.000Z'],
    ['20210304T123015Z.json', '2021-03-04T12:30:15.000Z'],
    ['2021-03-04T12:30:15.123Z.json', '2021-03-04T12:30:15.123Z'],
    ['2021_03_04_12_30.json', '2021-03-04T12:30:00.000Z'],
    ['2021/03/04.json', '2021-03-04T00:00:00.000Z'],
    ['2020-01-01/2021-03-04.json', '2021-03-04T00:00:00.000Z'],
    ['2021-03-04/nodes.json', '2021-03-04T00:00:00.000Z'],
    ['stellar-2025-11.json', '2025-11-01T00:00:00.000Z'],
    ['1614816000.json', '2021-03-04T00:00:00.000Z'],
    ['1614816000000.json', '2021-03-04T00:00:00.000Z'],
    ['2021-02-30.json', undefined],
    ['2021-13-01.json', undefined],
    ['nodes-17.json', undefined],
    ['120210304567.json', undefined],
    ['2021-03-04T12:30:00.25+02:00.json', '2021-03-04T10:30:00.250Z'],
    ['20210304T123000+0530.json', '2021-03-04T07:00:00.000Z'],
    ['2021-03-04T12:30:00-03:30.json', '2021-03-04T16:00:00.000Z'],
    ['1614816000250.json', '2021-03-04T00:00:00.250Z']
  ]
  for (const [name, time] of times) assert.equal(timeInName(name)?.toISOString(), time, name)
  assert.equal(timeInContent({ time: 1614816000 })?.toISOString(), '2021-03-04T00:00:00.000Z')
  assert.equal(timeInContent({ time: null, date: '2021-03-04' })?.toISOString(), '2021-03-04T00:00:00.000Z')
  for (const time of [
    '2021-03-04 12:30:00',
    '2021-03-04T12:30',
    '2021-03-04T13:30:00+01:00',
    '2021-03-04T12:30:00.000Z'
  ])
    assert.equal(timeInContent({ time })?.toISOString(), '2021-03-04T12:30:00.000Z', time)
  for (const none of [[], null, {}, { time: 'yesterday' }, { time: true }])
    assert.equal(timeInContent(none), undefined)
})

describe('what is told of each', () => {
  test('the figures and verdict of analyze, of nasty networks as well', async () => {
    const networks = Array.from({ length: 150 }, (_, seed) => {
      const { nodes, organizations } = smallNetwork(seed)
      const said = nodes.map((node, index) => ({ ...node, isValidating: (seed + index) % 4 !== 0 }))
      return { time: seed + 1e9, nodes: said, organizations }
    })
    written('nasty.ndjson', networks.map(text).join('\n'))
    const found = parsed((await lines(['history', 'nasty.ndjson'], at)).join('\n'))
    assert.equal(found.length, networks.length)
    const verdicts = new Set<string>()
    for (const [index, line] of found.entries()) {
      const study = await studyNetwork(FbasNetwork.loadSync(text(networks[index])), {})
      assert.equal(line.verdict, checkOf(study), `${index}`)
      verdicts.add(line.verdict)
      for (const [fact, value] of Object.entries(factsOf(study)))
        assert.equal(line[fact], value, `${index} ${fact}`)
      for (const { grouping, topTier, ...sets } of study.counted) {
        const { blockingSets, blockingSetsFiltered, splittingSets, quorums, historyCritical } = sets
        const known = (size: number | null) => (study.intersection.kind === 'nothing known' ? null : size)
        assert.deepEqual(
          [
            ...['topTierSize', 'blockingSetsMinSize', 'blockingSetsFilteredMinSize'],
            ...['splittingSetsMinSize', 'quorumsMinSize', 'historyCriticalMinSize']
          ].map((figure) => line[`${grouping.key}.${figure}`]),
          [
            ...[topTier.topTierSize, blockingSets.minSize, blockingSetsFiltered.minSize],
            ...[splittingSets.minSize, quorums.minSize, historyCritical.minSize]
          ].map(known),
          `${index} ${grouping.key}`
        )
      }
      assert.deepEqual(line.topTier, study.counted[0].topTier.topTier)
      assert.deepEqual([line.isExact, line.inexact, line.nodeCount], [true, '', study.nodes.length])
    }
    assert.deepEqual([...verdicts].sort(), ['safe', 'unknown', 'unsafe'])
  })

  test('CSV has the same in columns, and no cell is a formula', async () => {
    written('=csv/2020-01-01.json', TWO_PAIRS)
    written('=csv/2020-01-02.json', '[')
    const { stdout } = await run(['history', '=csv', '--format', 'csv'], at)
    const [header = '', first = '', second = ''] = stdout.split('\n')
    assert.deepEqual(header.split(','), COLUMNS)
    const [line = {}] = parsed((await run(['history', '=csv'], at)).stdout)
    assert.deepEqual(
      first.split(','),
      COLUMNS.map((column) =>
        Array.isArray(line[column]) ? line[column].join(' ') : String(line[column] ?? '')
      )
    )
    assert.match(
      second,
      /^2020-01-02T00:00:00\.000Z,name,\.\/=csv\/2020-01-02\.json,"?nodes: expected an array/
    )
  })

  test('a network of which nothing is known has no figures: it is not halted', async () => {
    written('nothing-2020-01-01.json', [{ publicKey: 'A', quorumSet: null }])
    const [line = {}] = parsed((await lines(['history', 'nothing-2020-01-01.json'], at)).join('\n'))
    const figures = Object.keys(line).filter((column) => column.includes('.'))
    assert.equal(figures.length, 24)
    for (const column of [...figures, 'hasQuorum', 'hasHalted', 'hasSymmetricTopTier'])
      assert.equal(line[column], null, column)
    assert.deepEqual([line.verdict, line.nodeCount], ['unknown', 1])
  })

  test('where nobody is listed, nobody has a group', async () => {
    written('nobody-2020-01-01.json', [])
    const [line = {}] = parsed((await lines(['history', 'nobody-2020-01-01.json'], at)).join('\n'))
    const missing = ['organization', 'country', 'isp', 'historyCriticalMinSize']
    assert.deepEqual([line.nodeCount, line.withoutData], [0, missing])
  })

  test('how a network is read is an option, and stands beside', async () => {
    const unseen = flat(['A', 'B', 'C', 'X'], 2).slice(0, 3)
    written('unseen-2020-01-01.json', unseen)
    const verdict = async (...args: string[]) => {
      const [line = {}] = parsed((await lines(['history', 'unseen-2020-01-01.json', ...args], at)).join('\n'))
      return [line.verdict, line.options, line.doubts.join()]
    }
    const doubt = 'VERDICT_DEPENDS_ON_UNKNOWN_NODES'
    assert.deepEqual(await verdict(), ['unknown', '', doubt])
    assert.deepEqual(await verdict('--unknown', 'dead'), ['safe', '--unknown dead', doubt])
    const all = ['--scope', 'all', '--count-one-node-quorums', '--unknown', 'free']
    assert.deepEqual(await verdict(...all), [
      'unsafe',
      '--unknown free --scope all --count-one-node-quorums',
      doubt
    ])
  })
})

describe('options of other commands', () => {
  const named = (nodes: FbasNode[]) =>
    nodes.map((node) => ({ ...node, name: `Node ${node.publicKey}, Inc.` }))
  written('options/2020-01-01.json', named(flat(['A', 'B', 'C', 'D'], 3)))
  written('options/2020-01-02.json', named(flat(['A', 'B', 'C'], 2)))
  written('options/2020-01-03.json', [...flat(['A', 'B', 'C'], 2), ...flat(['X', 'Y'], 2)])

  const all = async (status: number, ...args: string[]) => {
    const ended = await run(['history', 'options', ...args], at)
    assert.equal(ended.status, status, ended.stderr)
    return { ...ended, found: parsed(ended.stdout) }
  }

  test('--faulty is who is down in each snapshot that has such a node, by key or name', async () => {
    const { found } = await all(0, '--faulty', 'Node D, Inc.', '--faulty', 'A')
    assert.deepEqual(
      found.map((line) => [line.options, line['node.blockingSetsFilteredMinSize'], line.hasHalted]),
      [
        ['--faulty A,D', 0, true],
        ['--faulty A', 1, false],
        ['--faulty A', 2, false]
      ]
    )
    const none = await all(0, '--faulty', 'none')
    assert.deepEqual(new Set(none.found.map(({ options }) => options)), new Set(['--faulty none']))
    const never = await all(2, '--faulty', 'A,Z')
    assert.equal(never.stderr, 'stellar-fbas: --faulty Z: no snapshot has a node that is called so\n')
  })

  test('who is down by name is another question, also where networks have the same hash', async () => {
    const nodes = flat(['A', 'B', 'C', 'D'], 3)
    const called = (who: number) =>
      nodes.map((node, index) => ({ ...node, name: index < who ? `x${index}` : 'y' }))
    written('names/2020-01-01.json', called(3))
    written('names/2020-01-02.json', called(4))
    const args = ['history', 'names', '--faulty', 'x2,x3', '--output', 'names.ndjson']
    assert.equal(solved((await run(args, at)).stderr), 2)
    assert.deepEqual(
      parsed(read('names.ndjson')).map((line) => line['node.blockingSetsFilteredMinSize']),
      [1, 0]
    )
    assert.equal(solved((await run(args, at)).stderr), 0)
  })

  test('--reachable-from is what this node sees, and a snapshot without it is one that says so', async () => {
    const { found, stderr } = await all(2, '--reachable-from', 'X')
    assert.equal(stderr, 'not read: 2 of 3 snapshots, see "error"\n')
    assert.match(found[0]?.error, /^--reachable-from X: no node is called so/)
    const { nodeCount, hash, options, topTier } = found[2] ?? {}
    const seen = FbasNetwork.loadSync(flat(['X', 'Y'], 2)).hash()
    assert.deepEqual([nodeCount, hash, options, topTier], [2, seen, '--reachable-from X', ['X', 'Y']])
  })

  test('where there was no time to find anybody, nobody is counted', async () => {
    written('late/2020-01-01.json', hard(40))
    const { status, stdout } = await run(['history', 'late', '--timeout', '0.000001'], at)
    const [line] = parsed(stdout)
    assert.deepEqual([status, line?.['node.topTierSize'], line?.topTier], [3, null, []])
    assert.deepEqual((line?.bounds as Bounds)['node.topTierSize'], [0, null])
  })

  test('--check is about the latest snapshot', async () => {
    const unsafe = await all(1, '--check')
    assert.equal(unsafe.stderr, 'the latest, options/2020-01-03.json: unsafe\n')
    const paths = ['options/2020-01-01.json', 'options/2020-01-02.json']
    const safe = await run(['history', 'options/2020-01-03.json', ...paths.slice(0, 1), '--check'], at)
    assert.equal(safe.status, 1)
    written('check/2020-01-01.json', TWO_PAIRS)
    written('check/2020-01-02.json', TWO_OF_THREE)
    const past = await run(['history', 'check', '--check', '--output', 'check.ndjson'], at)
    assert.deepEqual(
      [past.status, past.stderr.split('\n').at(-2)],
      [0, 'the latest, check/2020-01-02.json: safe']
    )
    written('check/2020-01-03.json', [{ publicKey: 'A', quorumSet: null }])
    assert.equal((await run(['history', 'check', '--check'], at)).status, 3)
    written('check/2020-01-02.json', '[')
    assert.equal((await run(['history', 'check', '--check'], at)).status, 2)
    // That one of before cannot be read does not hide what is so now.
    written('check/2020-01-03.json', TWO_PAIRS)
    const now = await run(['history', 'check', '--check'], at)
    const said = 'not read: 1 of 3 snapshots, see "error"\nthe latest, check/2020-01-03.json: unsafe\n'
    assert.deepEqual([now.status, now.stderr], [1, said])
  })

  test('--group-by is refused with a reason', async () => {
    const { status, stderr } = await run(['history', 'options', '--group-by', 'isp'], at)
    assert.equal(status, 2)
    assert.match(stderr, /history counts nodes, organizations, countries and providers/)
  })
})

describe('equal networks', () => {
  test('are solved once, whoever else is called otherwise, and every snapshot has its line', async () => {
    daily('weekly', 30, (day) => {
      const nodes = renamed(Math.floor(day / 7)).map((node) => ({ ...node, name: `of day ${day}` }))
      return day % 2 === 0 ? nodes : nodes.reverse()
    })
    const { stderr } = await run(['history', 'weekly', '--output', 'weekly.ndjson'], at)
    assert.equal(stderr, 'written to weekly.ndjson: 30 snapshots, 5 different networks, 5 solved now\n')
    const found = parsed(read('weekly.ndjson'))
    assert.deepEqual(
      found.map(({ snapshot }) => snapshot),
      readdirSync(join(files.path, 'weekly')).map((name) => `weekly/${name}`)
    )
    assert.equal(new Set(found.map(({ hash }) => hash)).size, 5)
    const { stdout } = await run(['history', 'weekly'], at)
    assert.equal(read('weekly.ndjson'), stdout)
  })
})

describe('a file of results', () => {
  const DAYS = 400
  daily('year', DAYS, (day) => (day === 0 ? hard(8) : renamed(day)))

  for (const ending of ['ndjson', 'csv', 'ndjson.gz']) {
    test(`goes on after SIGKILL, whenever that comes (${ending})`, { timeout: 120_000 }, async () => {
      const format = ending.replace('.gz', '')
      const args = ['history', 'year', '--format', format]
      const { stdout: expected } = await run(args, at)
      const output = join(files.path, `killed.${ending}`)
      let [all, kills] = [0, 0]
      for (let round = 0; round < 3; round++) {
        const child = spawn(process.execPath, [MAIN, ...args, '--output', output], {
          cwd: files.path,
          env: environment()
        })
        const closed = once(child, 'close')
        const before = all
        while (child.exitCode === null && count(output) < before + 40) await setTimeout(1)
        child.kill('SIGKILL')
        await closed
        if (child.signalCode === 'SIGKILL') kills++
        all = count(output)
        // What was written is there, and half a line at most.
        const half = round === 1 ? '{"time":"2020-01-0'.slice(0, format === 'csv' ? 1 : undefined) : ''
        appendFileSync(output, ending.endsWith('.gz') ? gzipSync(half).subarray(0, half.length) : half)
      }
      assert.ok(kills > 0 && all > 40, `${kills} kills, ${all} results`)
      const { status, stderr } = await run([...args, '--output', output], at)
      assert.equal(status, 0, stderr)
      assert.ok(solved(stderr) <= DAYS - all + 1 && solved(stderr) > 0, `${all} there, ${stderr}`)
      assert.equal(unpacked(output), expected)
      // And once more: nothing to do, and nothing changes.
      const again = await run([...args, '--output', output], at)
      assert.equal(solved(again.stderr), 0)
      assert.equal(unpacked(output), expected)
    })
  }

  /** As far as it goes: of what is written by members of gzip as well. */
  function unpacked(file: string): string {
    const bytes = readFileSync(file)
    const ending = { finishFlush: constants.Z_SYNC_FLUSH }
    return (file.endsWith('.gz') ? gunzipSync(bytes, ending) : bytes).toString()
  }

  function count(file: string): number {
    try {
      return unpacked(file).split('\n').length - 1
    } catch {
      return 0
    }
  }

  test('keeps what other snapshots had, and takes in what has changed since', async () => {
    daily('first', 3, renamed)
    daily('second', 3, (day) => renamed(day + 10))
    const output = ['--output', 'both.csv']
    await lines(['history', 'first', ...output], at)
    await lines(['history', 'second', ...output], at)
    written('first/2020-01-02.json', TWO_PAIRS)
    const { stderr } = await run(['history', 'first', ...output], at)
    assert.equal(solved(stderr), 1)
    const { stdout } = await run(['history', 'first', 'second', '--format', 'csv'], at)
    assert.equal(read('both.csv'), stdout)
  })

  test('solves again what another engine, or somebody who asked otherwise, had solved', async () => {
    daily('engines', 3, renamed)
    const again = async (...args: string[]) =>
      solved((await run(['history', 'engines', '--output', 'engines.ndjson', ...args], at)).stderr)
    assert.deepEqual(
      [await again(), await again(), await again('--scope', 'all'), await again()],
      [3, 0, 3, 3]
    )
    const lines = read('engines.ndjson')
    writeFileSync(
      join(files.path, 'engines.ndjson'),
      lines.replaceAll(/"engine":"[^"]*"/g, '"engine":"older"')
    )
    assert.equal(await again(), 3)
    assert.equal(read('engines.ndjson'), lines)
  })

  test('knows from CSV, too, what was asked: there options stand as no formula', async () => {
    daily('asked', 2, renamed)
    for (const [name, ...options] of [
      ['unknown', '--unknown', 'dead'],
      ['faulty', '--faulty', 'none'],
      ['plain']
    ]) {
      const args = ['history', 'asked', '--output', `asked-${name}.csv`, ...options]
      const again = async () => solved((await run(args, at)).stderr)
      assert.deepEqual([await again(), await again()], [2, 0], name)
    }
  })

  test('tries again what could not be read', async () => {
    daily('mended', 2, renamed)
    written('mended/2020-01-02.json', '[')
    const args = ['history', 'mended', '--output', 'mended.ndjson']
    assert.equal((await run(args, at)).status, 2)
    written('mended/2020-01-02.json', renamed(1))
    assert.equal((await run(args, at)).status, 0)
    assert.deepEqual(
      parsed(read('mended.ndjson')).map(({ error }) => error),
      [null, null]
    )
  })

  test('is not taken for a snapshot, and a file that is something else is left alone', async () => {
    daily('inside', 2, renamed)
    const args = ['history', 'inside', '--output', 'inside/results.ndjson']
    assert.equal((await run(args, at)).status, 0)
    assert.equal((await run(args, at)).status, 0)
    assert.deepEqual(readdirSync(join(files.path, 'inside')), [
      '2020-01-01.json',
      '2020-01-02.json',
      'results.ndjson'
    ])
    written('plain.ndjson.gz', 'Important.\n')
    const packed = await run(['history', 'inside/2020-01-01.json', '--output', 'plain.ndjson.gz'], at)
    assert.deepEqual([packed.status, read('plain.ndjson.gz')], [2, 'Important.\n'])
    assert.match(packed.stderr, /plain\.ndjson\.gz: incorrect header check; name another file\n$/)
    const others = {
      'notes.ndjson': 'Important.\n',
      'half.ndjson': 'Important.',
      'crawled.ndjson': '{"time":"2021-01-01T00:00:00.000Z","nodes":[]}',
      'begun.csv': 'time,timeFrom,nodes',
      'table.csv': 'a,b\n1,2\n',
      'other.csv': read('inside/results.ndjson')
    }
    for (const [name, content] of Object.entries(others)) {
      written(name, content)
      const { status, stderr } = await run(['history', 'inside/2020-01-01.json', '--output', name], at)
      assert.deepEqual([status, read(name)], [2, content], stderr)
      assert.match(stderr, /line 1 is no result of this command in this format; name another file\n$/)
    }
    for (const [name, status, said] of [
      ['nosuch/results.csv', 74, /no such folder/],
      ['results.ndjson.br', 2, /a file that Brotli packs cannot grow; .gz can/],
      ['results.html', 2, /--output is for results as ndjson or csv/],
      ['empty-folder', 2, /expected a file/]
    ] as const) {
      if (name === 'empty-folder') mkdirSync(join(files.path, name))
      const ended = await run(['history', 'inside/2020-01-01.json', '--output', name], at)
      assert.equal(ended.status, status)
      assert.match(ended.stderr, said)
    }
  })
})

describe('one run at a time writes to a file', { timeout: 120_000 }, () => {
  daily('locked', 5, (day) => (day === 1 ? hard(40) : renamed(day)))
  const args = ['history', 'locked', '--output', 'locked.ndjson', '--timeout', '60']
  const begun = async () => {
    const child = spawn(process.execPath, [MAIN, ...args], { ...at, env: environment() })
    while (count('locked.ndjson') < 4) await setTimeout(10)
    return { child, closed: once(child, 'close') }
  }
  const count = (name: string) => {
    try {
      return read(name).split('\n').length - 1
    } catch {
      return 0
    }
  }
  const isLocked = () => readdirSync(files.path).some((name) => name.startsWith('locked.ndjson.lock'))

  test("another is told which, and writes nothing; one that was killed is in nobody's way", async () => {
    const first = await begun()
    const before = read('locked.ndjson')
    for (const name of ['locked.ndjson', './locked.ndjson', join(files.path, 'locked.ndjson')]) {
      const { status, stdout, stderr } = await run(['history', 'locked', '--output', name], at)
      assert.deepEqual([status, stdout], [2, ''])
      assert.match(
        stderr,
        new RegExp(
          `locked\\.ndjson: process ${first.child.pid} has been writing to it since 20.*Z; wait for its end`
        )
      )
    }
    assert.equal(read('locked.ndjson'), before)
    first.child.kill('SIGKILL')
    await first.closed
    assert.ok(isLocked())

    // Of several that find it so, one goes on.
    const ended = await Promise.all([1, 2, 3].map(() => run([...args.slice(0, -1), '8'], at)))
    assert.equal(ended.filter(({ stderr }) => stderr.includes('written to')).length, 1)
    assert.equal(ended.filter(({ stderr }) => /process \d+ has been writing/.test(stderr)).length, 2)
    assert.equal(isLocked(), false)
    assert.equal(count('locked.ndjson'), 5)
  })

  test('whoever is interrupted, or cannot go on, leaves nothing behind', async () => {
    const { child, closed } = await begun()
    child.kill('SIGINT')
    await closed
    assert.equal(isLocked(), false)
    written('locked-notes.ndjson', 'Important.\n')
    await run(['history', 'locked', '--output', 'locked-notes.ndjson'], at)
    assert.equal(readdirSync(files.path).includes('locked-notes.ndjson.lock'), false)
  })

  test('of a process of another machine nobody can tell, and of one before this machine was started', async () => {
    const lock = (holder: unknown) => written('locked.ndjson.lock', holder)
    lock({ pid: 1, host: 'elsewhere\u001b', since: '2020-01-01T00:00:00.000Z' })
    const fast = ['history', 'locked/2020-01-01.json', '--output', 'locked.ndjson']
    const other = await run(fast, at)
    assert.equal(other.status, 2)
    assert.match(
      other.stderr,
      /process 1 of elsewhere\\u\{1b\} has been .*\(if no such process is there, remove .*locked\.ndjson\.lock\)/
    )
    // Its number may be that of another process by now.
    lock({ pid: process.pid, host: hostname(), since: '2020-01-01T00:00:00.000Z' })
    assert.equal((await run(fast, at)).status, 0)
    // Half of one, made just now, and long ago.
    const half = lock('{"pid":')
    assert.match((await run(fast, at)).stderr, /another process writes to it/)
    utimesSync(half, new Date('2020-01-01'), new Date('2020-01-01'))
    assert.equal((await run(fast, at)).status, 0)
    assert.equal(isLocked(), false)
  })
})

describe('what takes long', { timeout: 120_000 }, () => {
  daily('long', 5, (day) => (day === 1 ? hard(40) : renamed(day)))

  test('holds nobody back who writes to a file, and on standard output those behind it', async () => {
    const child = spawn(process.execPath, [MAIN, 'history', 'long', '--output', 'long.ndjson'], {
      ...at,
      env: environment()
    })
    const closed = once(child, 'close')
    let stderr = ''
    child.stderr.on('data', (text) => (stderr += text))
    while (!read4('long.ndjson')) await setTimeout(20)
    assert.equal(child.exitCode, null)
    child.kill('SIGINT')
    const [status] = await closed
    assert.equal(status, 130, stderr)
    assert.equal(stderr, 'interrupted after 4 of 5 snapshots; the same command goes on from there\n')

    const { status: second, stdout, stderr: said } = await run(['history', 'long', '--timeout', '1'], at)
    assert.equal(second, 3)
    assert.equal(said, 'not proven: figures of 1 of 5 snapshots, see "inexact"\n')
    const found = parsed(stdout)
    assert.deepEqual(
      found.map(({ isExact }) => isExact),
      [true, false, true, true, true]
    )
    const { inexact, bounds, ...line } = found[1] ?? {}
    assert.match(inexact, /smallest splitting set, counting nodes: (not known|at most \d+)/)
    const sizes = inexact.split('; ').filter((what: string) => what.includes('counting'))
    // With nobody down the filtered figures are the others, and are not named twice.
    const named = Object.keys(bounds).filter((column) => !column.endsWith('FilteredMinSize'))
    assert.equal(named.length, sizes.length)
    for (const [column, [atLeast, atMost]] of Object.entries<[number, number | null]>(bounds)) {
      assert.ok(atMost === null || atLeast < atMost, column)
      assert.equal(line[column], column.endsWith('topTierSize') ? atLeast : atMost, column)
    }
    assert.deepEqual(found[0]?.bounds, {})
    assert.deepEqual(
      found.map(({ time }) => time),
      found.map(({ time }) => time).sort()
    )
  })

  const read4 = (name: string) => {
    try {
      return read(name).split('\n').length === 5
    } catch {
      return false
    }
  }

  test('is tried again when there is more time, and only then', async () => {
    const args = (timeout: string) => ['history', 'long', '--output', 'tried.csv', '--timeout', timeout]
    assert.equal(solved((await run(args('0.5'), at)).stderr), 5)
    const less = await run(args('0.3'), at)
    assert.deepEqual([less.status, solved(less.stderr)], [3, 0])
    assert.equal(solved((await run(args('1'), at)).stderr), 1)
  })

  test('has a bar on a terminal, with a rate and what is left, of which nothing stays', async () => {
    written('long/2020-01-03.json', '[')
    const paths = ['history', join(files.path, 'long')]
    const terminal = inTerminal([...paths, '--output', join(files.path, 'bar.ndjson'), '--timeout', '3'])
    await terminal.appears(/█+░+ {2}4 of 5 snapshots {2}[\d.]+ a second( {2}\d+ (s|min) left)? {2}1 not read/)
    const { status, screen } = await terminal.ended
    assert.equal(status, 2)
    assert.match(
      plain(screen.slice(screen.lastIndexOf('█'))),
      /written to .*: 5 snapshots, 4 different networks/
    )
    const silent = inTerminal([
      ...paths,
      '--output',
      join(files.path, 'silent.ndjson'),
      '--timeout',
      '1',
      '--no-progress'
    ])
    assert.doesNotMatch((await silent.ended).screen, /█/)
    assert.ok(statSync(join(files.path, 'silent.ndjson')).size > 0)
  })
})
