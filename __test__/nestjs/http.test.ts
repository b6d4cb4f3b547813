// The endpoints over HTTP: their answers, every error, bodies of all kinds, and clients that go away. On both of Nest's platforms.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib'

import { Body, Controller, Post } from '@nestjs/common'

import fbas from '../../index.js'
import { FbasService } from 'stellar-fbas/nestjs'
import { FbasAnalysisController } from 'stellar-fbas/nestjs/http'
import { flat, fourOrganizations, hard, quorumSet, TWO_OF_THREE, TWO_PAIRS } from '../networks.js'
import {
  get,
  post,
  postInChunks,
  until,
  withApplication,
  type Platform,
  type Running,
  type Setup
} from './application.js'

const NETWORK = fourOrganizations()
const HARD = JSON.stringify({ nodes: hard(40) })

@Controller('echo')
class Echo {
  @Post()
  echo(@Body() body: unknown) {
    return { body }
  }
}

for (const platform of ['express', 'fastify'] as Platform[]) {
  const withApp = (setup: Setup, work: (running: Running) => Promise<void>) =>
    withApplication({ platform, ...setup }, work)

  test(`${platform}: the answers of the analyses, in the shapes of the Python service`, () =>
    withApp({}, async ({ url }) => {
      const network = await fbas.FbasNetwork.load(NETWORK.nodes, NETWORK.organizations)
      const time = (ms: unknown) => assert.ok(Number.isInteger(ms) && (ms as number) >= 0)
      const ask = async (path: string) => {
        const { status, body } = await post(`${url}/analyze/${path}`, NETWORK)
        assert.equal(status, 200, JSON.stringify(body))
        const { execution_time_ms, total_execution_time_ms, engine, ...rest } = body
        time(execution_time_ms ?? total_execution_time_ms)
        assert.equal(engine, network.analyzeCoreSync().engine)
        if (path === 'full') return rest
        const { findings, ...answer } = rest
        assert.deepEqual(findings, [])
        return answer
      }

      const { topTier } = network.analyzeTopTierSync()
      assert.deepEqual(await ask('top-tier'), { top_tier: topTier, top_tier_size: 12, cache_hit: false })
      const blocking = network.analyzeBlockingSetsSync()
      assert.deepEqual(await ask('blocking-sets'), {
        min_size: 4,
        total_sets: Number(blocking.totalSets),
        total_sets_exact: String(blocking.totalSets),
        example_set: blocking.exampleSet
      })
      const splitting = network.analyzeSplittingSetsSync()
      assert.deepEqual(await ask('splitting-sets'), {
        min_size: splitting.minSize,
        total_sets: Number(splitting.totalSets),
        total_sets_exact: String(splitting.totalSets),
        example_set: splitting.exampleSet,
        has_split: false
      })
      const quorums = network.analyzeQuorumsSync()
      assert.deepEqual(await ask('quorums'), {
        min_size: 6,
        total_quorums: 108,
        total_quorums_exact: '108',
        example_quorum: quorums.exampleSet,
        quorum_intersection: true
      })
      const history = network.analyzeHistoryCriticalSync()
      assert.deepEqual(await ask('history-critical'), {
        min_size: history.minSize,
        critical_sets: history.criticalSets
      })
      const mistyped = await post(`${url}/analyze/blocking-sets?faulty_nodes=NOBODY`, NETWORK)
      assert.deepEqual(
        mistyped.body.findings.map(({ code, nodes }: fbas.Finding) => [code, nodes]),
        [['UNKNOWN_FAULTY_NODE', ['NOBODY']]]
      )
      const full = await ask('full')
      assert.deepEqual(Object.keys(full).sort(), [
        'blocking_sets',
        'findings',
        'history_critical',
        'quorums',
        'splitting_sets',
        'top_tier'
      ])
      assert.equal(full.top_tier.top_tier_size, 12)
      assert.equal(full.quorums.total_quorums, 108)
    }))

  test(`${platform}: who has to adopt a quorum set`, () =>
    withApp({}, async ({ url }) => {
      const nodes = [...flat(['A', 'B', 'C', 'D'], 3), ...flat(['E', 'F', 'G'], 2)]
      const ask = async (query: string) => {
        const { status, body } = await post(`${url}/analyze/suggest${query}`, { nodes })
        assert.equal(status, 200, JSON.stringify(body))
        return body
      }
      const { before, after, order, findings, execution_time_ms, engine, ...said } = await ask('')
      const expected = fbas.suggestChangeSync(nodes)
      assert.deepEqual(said, {
        quorum_set: quorumSet(3, ['A', 'B', 'C', 'D']),
        candidates: ['E', 'F', 'G'],
        danger: 'split',
        disjoint_quorums: expected.disjointQuorums,
        min_size: 2,
        lower_bound: 2,
        is_exact: true,
        adopters: expected.adopters,
        all_at_once: false,
        unsafe_state: null
      })
      assert.deepEqual([before.quorum_intersection, before.splitting_sets_min_size], [false, 0])
      assert.equal(after.quorum_intersection, true)
      assert.deepEqual(order, [{ units: expected.adopters, after }])
      assert.ok(Number.isInteger(execution_time_ms) && engine === expected.engine)
      assert.deepEqual(
        findings.map(({ code }: fbas.Finding) => code),
        ['NO_HISTORY_DATA']
      )
      assert.deepEqual((await ask('?quorum_set=E')).adopters, ['A', 'B'])
      const set = encodeURIComponent(JSON.stringify({ t: 2, v: ['E', 'F', 'G'] }))
      assert.deepEqual((await ask(`?quorum_set=${set}&unit=node`)).adopters, ['A', 'B'])
      const none = await ask('?floor_splitting=99&anytime=true')
      assert.deepEqual([none.min_size, none.adopters, none.order, none.after], [null, null, null, null])

      const refused = async (query: string) =>
        (await post(`${url}/analyze/suggest${query}`, { nodes })).body.detail
      assert.match(await refused('?quorum_set=H'), /^options\.quorumSet: no node of the network has this/)
      assert.match(
        await refused('?quorum_set={'),
        /^query\.quorum_set: expected the JSON text of a quorum set/
      )
      assert.match(await refused('?reachable_from=A'), /^query\.reachable_from: expected one of /)
    }))

  test(`${platform}: one node, every node, intact nodes and critical groups`, () =>
    withApp({}, async ({ url }) => {
      const network = await fbas.FbasNetwork.load(NETWORK.nodes, NETWORK.organizations)
      const ask = async (path: string) => {
        const { status, body } = await post(`${url}/analyze/${path}`, NETWORK)
        assert.equal(status, 200, JSON.stringify(body))
        const { execution_time_ms, engine, ...rest } = body
        assert.ok(Number.isInteger(execution_time_ms))
        assert.equal(engine, network.analyzeCoreSync().engine)
        const { findings, ...answer } = rest
        assert.deepEqual(findings, [])
        return answer
      }

      const options = { node: 'p1', groupBy: 'organization' }
      const one = network.analyzeNodeSync(options)
      assert.equal(one.halting.minSize, 2)
      const asked = await ask('node?node=p1&group_by=organization')
      assert.deepEqual(asked, {
        public_key: 'p1',
        is_in_quorum: true,
        is_in_core: true,
        is_in_top_tier: true,
        halting: { min_size: 2, example_set: one.halting.exampleSet },
        v_blocking: { min_size: one.vBlocking.minSize, example_set: one.vBlocking.exampleSet },
        splitting: {
          min_size: one.splitting.minSize,
          example_set: one.splitting.exampleSet,
          quorum_a: one.splitting.quorumA,
          quorum_b: one.splitting.quorumB
        },
        dependents: one.dependents,
        trusted_by: one.trustedBy,
        reach: one.reach,
        quorum_set: one.quorumSet,
        names_itself: true,
        dead_validators: [],
        dead_sets: [],
        intolerant_sets: [],
        stopped_by: []
      })
      const { nodes } = await ask('nodes?group_by=organization')
      const { execution_time_ms, engine, ...first } = nodes[0]
      assert.deepEqual([nodes.length, first], [12, asked])
      assert.deepEqual(await ask('intact?ill_behaved=p1&ill_behaved=p2'), {
        intact: network.analyzeIntactNodesSync({ illBehaved: ['p1', 'p2'] }).intact,
        befouled: ['p1', 'p2'],
        dispensable_set: ['p1', 'p2']
      })
      assert.deepEqual((await ask('intact')).befouled, [])
      const critical = await ask('critical-groups?group_by=organization')
      assert.deepEqual(
        critical.groups.map(({ group, nodes, is_critical }: Record<string, unknown>) => [
          group,
          nodes,
          is_critical
        ]),
        NETWORK.organizations.map(({ id, validators }) => [id, validators, false])
      )
      assert.equal(critical.quorum_intersection, true)
      // The organizations, and every single node.
      assert.equal((await ask('critical-groups?candidates=stellar-core')).groups.length, 16)

      const refused = async (path: string) => (await post(`${url}/analyze/${path}`, NETWORK)).body.detail
      assert.equal(await refused('node'), 'query.node: expected the public key of a node, found null')
      assert.match(
        await refused('node?node=p'),
        /no node of the network has this public key; did you mean p1 or p2 or p3\?$/
      )
      assert.match(await refused('nodes?node=p1'), /^query.node: expected one of /)
      assert.match(await refused('intact?group_by=isp'), /^query.group_by: expected one of /)
      assert.match(
        await refused('critical-groups?candidates=all'),
        /^query.candidates: expected stellar-core/
      )
      // What an answer hangs on is said beside it.
      const doubted = { nodes: [...NETWORK.nodes, { publicKey: 'X', quorumSet: quorumSet(2, ['X', 'Y']) }] }
      const parsed = await fbas.FbasNetwork.load(doubted.nodes)
      const inData = parsed.findings
      const said = {
        'node?node=X': parsed.analyzeNodeSync({ node: 'X' }),
        nodes: parsed.analyzeNodesSync(),
        'intact?ill_behaved=Y': parsed.analyzeIntactNodesSync({ illBehaved: ['Y'] }),
        'critical-groups?faulty_nodes=nobody': parsed.analyzeCriticalGroupsSync({ faultyNodes: ['nobody'] })
      }
      for (const [path, { findings }] of Object.entries(said)) {
        const { body } = await post(`${url}/analyze/${path}`, doubted)
        assert.deepEqual(body.findings, [...inData, ...findings], path)
        assert.ok(body.nodes?.every((node: object) => !('findings' in node)) ?? true)
      }
      assert.ok(inData.some(({ code }) => code === 'UNKNOWN_VALIDATOR'))
      assert.ok(said['node?node=X'].findings.some(({ code }) => code === 'VERDICT_DEPENDS_ON_UNKNOWN_NODES'))
      const seen = [...NETWORK.nodes, { publicKey: 'W', quorumSet: { threshold: 1, validators: ['W'] } }]
      const top = (query: string) => post(`${url}/analyze/quorums${query}`, { nodes: seen })
      assert.equal((await top('')).body.quorum_intersection, false)
      assert.equal((await top('?reachable_from=p1')).body.quorum_intersection, true)
    }))

  test(`${platform}: a network that is split, one without a quorum, and one that cannot split`, () =>
    withApp({}, async ({ url }) => {
      const split = await post(`${url}/analyze/splitting-sets`, { nodes: TWO_PAIRS })
      assert.deepEqual([split.body.min_size, split.body.has_split, split.body.example_set], [0, true, []])
      assert.equal(
        (await post(`${url}/analyze/quorums`, { nodes: TWO_PAIRS })).body.quorum_intersection,
        false
      )

      const halted = { nodes: [{ publicKey: 'A', quorumSet: null }] }
      const quorums = (await post(`${url}/analyze/quorums`, halted)).body
      assert.deepEqual([quorums.min_size, quorums.total_quorums], [null, 0])
      const blocking = (await post(`${url}/analyze/blocking-sets`, halted)).body
      assert.deepEqual([blocking.min_size, blocking.example_set], [0, []])

      const alone = { nodes: [{ publicKey: 'A', quorumSet: { threshold: 1, validators: ['A'] } }] }
      const splitting = (await post(`${url}/analyze/splitting-sets`, alone)).body
      assert.deepEqual([splitting.min_size, splitting.has_split], [null, false])
    }))

  test(`${platform}: options in the query, and what is refused there`, () =>
    withApp({}, async ({ url }) => {
      const byOrganization = await post(`${url}/analyze/blocking-sets?group_by=organization&limit=3`, NETWORK)
      assert.equal(byOrganization.body.min_size, 2)
      assert.equal(byOrganization.body.total_sets, 6)
      assert.equal(byOrganization.body.sets.length, 3)
      assert.equal(byOrganization.body.is_complete, false)
      const down = await post(`${url}/analyze/blocking-sets?faulty_nodes=A&faulty_nodes=B`, {
        nodes: TWO_OF_THREE
      })
      assert.equal(down.body.min_size, 0)
      const oneDown = await post(`${url}/analyze/blocking-sets?faulty_nodes=A`, { nodes: TWO_OF_THREE })
      assert.equal(oneDown.body.min_size, 1)

      for (const [query, detail] of [
        ['groupBy=isp', /^query\.groupBy: expected one of group_by, .*, found "groupBy"$/],
        ['group_by=isp&group_by=country', /^query\.group_by: expected one value, found \["isp","country"\]$/],
        ['unknown_nodes=alive', /^query\.unknown_nodes: expected dead or free, found "alive"$/],
        ['limit=1e3', /^query\.limit: expected a whole number from 0 to 10000, found "1e3"$/],
        ['limit=-1', /^query\.limit: /],
        ['ignore_one_node_quorums=1', /^query\.ignore_one_node_quorums: expected true or false/]
      ] as const) {
        const { status, body } = await post(`${url}/analyze/blocking-sets?${query}`, NETWORK)
        assert.equal(status, 400, query)
        assert.match(body.detail, detail)
        assert.deepEqual(Object.keys(body), ['detail'])
      }
    }))

  test(`${platform}: bodies that are wrong are told where`, () =>
    withApp({}, async ({ url }) => {
      const { nodes } = NETWORK
      for (const [body, detail] of [
        [
          { nodes: [{ ...nodes[0], quorumSet: { threshold: -1, validators: [] } }] },
          /nodes\[0\]\.quorumSet\.threshold/
        ],
        [{ nodes, organizations: [{ id: 'p', validators: 'p1' }] }, /organizations\[0\]\.validators/],
        [{ nodes: {} }, /nodes/],
        ['{"nodes": [', /line 1/],
        ['', /./],
        [Buffer.from([0xff, 0xfe, 0x00]), /./]
      ] as const) {
        const answer = await post(`${url}/analyze/top-tier`, body)
        assert.equal(answer.status, 400, String(body))
        assert.match(answer.body.detail, detail)
      }
      const text = await post(`${url}/analyze/top-tier`, JSON.stringify(NETWORK), {
        'content-type': 'text/csv'
      })
      const expected = { detail: 'Content-Type: expected application/json, found text/csv' }
      assert.deepEqual([text.status, text.body], [415, expected])
      assert.equal((await post(`${url}/analyze/top-tier`, NETWORK)).status, 200)
    }))

  test(`${platform}: packed bodies, bodies in chunks, and bodies that are too large`, () =>
    withApp({ http: { bodyLimit: 20_000 } }, async ({ url }) => {
      const path = `${url}/analyze/top-tier`
      const text = JSON.stringify(NETWORK)
      assert.ok(text.length < 20_000)
      for (const [encoding, packed] of [
        ['gzip', gzipSync(text)],
        ['deflate', deflateSync(text)],
        ['br', brotliCompressSync(text)]
      ] as const) {
        const { status, body } = await post(path, packed, { 'content-encoding': encoding })
        assert.deepEqual([status, body.top_tier_size], [200, 12], encoding)
      }
      assert.equal((await post(path, text, { 'content-encoding': 'gzip' })).status, 400)
      assert.equal((await post(path, text, { 'content-encoding': 'zip' })).status, 415)
      assert.equal((await postInChunks(path, [text.slice(0, 99), text.slice(99)])).body.top_tier_size, 12)

      const large = ' '.repeat(20_001 - text.length) + text
      for (const answer of [
        await post(path, large),
        await post(path, gzipSync(large), { 'content-encoding': 'gzip' }),
        await postInChunks(path, [large.slice(0, 9_000), large.slice(9_000)])
      ]) {
        assert.deepEqual(
          [answer.status, answer.body],
          [413, { detail: 'the body is larger than 20000 bytes' }]
        )
      }
      assert.equal((await post(path, large.slice(1))).status, 200)
    }))

  test(`${platform}: other routes keep their own parser and its limit`, () =>
    withApp({ controllers: [Echo] }, async ({ url }) => {
      assert.deepEqual((await post(`${url}/echo`, { a: 1 })).body, { body: { a: 1 } })
      const large = { nodes: hard(20), padding: ' '.repeat(1_100_000) }
      assert.equal((await post(`${url}/echo`, large)).status, 413)
      assert.equal((await post(`${url}/analyze/top-tier`, large)).status, 200)
    }))

  test(`${platform}: a prefix before all routes`, () =>
    withApp({ before: (app) => app.setGlobalPrefix('fbas/v2') }, async ({ url }) => {
      assert.equal((await post(`${url}/fbas/v2/analyze/top-tier`, NETWORK)).body.top_tier_size, 12)
    }))

  test(`${platform}: an analysis that takes too long`, () =>
    withApp({ options: { timeoutMs: 50 } }, async ({ url, metric }) => {
      const { status, body } = await post(`${url}/analyze/splitting-sets`, HARD)
      assert.equal(status, 504)
      assert.match(body.detail, /50 ms|time/i)
      assert.equal(await metric('fbas_analysis_timeouts_total', { analysis: 'splittingSets' }), 1)
    }))

  test(`${platform}: more analyses than there is room for, and a client that goes away`, () =>
    withApp(
      { options: { maxConcurrent: 1, maxWaiting: 1 } },
      async ({ url, get: provider, events, metric }) => {
        const now = () => provider(FbasService).status
        const leaving = new AbortController()
        const send = () =>
          fetch(`${url}/analyze/splitting-sets`, {
            method: 'POST',
            body: HARD,
            headers: { 'content-type': 'application/json' },
            signal: leaving.signal
          }).then(
            () => assert.fail('no answer was to come'),
            (error) => assert.equal(error.name, 'AbortError')
          )
        const first = send()
        await until(() => now().running === 1)
        const second = send()
        await until(() => now().waiting === 1)

        const refused = await post(`${url}/analyze/top-tier`, NETWORK)
        assert.equal(refused.status, 503)
        assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
        assert.deepEqual(refused.body, { detail: '1 analyses are running and 1 waiting' })
        const health = (await get(`${url}/health`)).body
        assert.deepEqual([health.status, health.running, health.waiting], ['degraded', 1, 1])
        assert.equal(await metric('fbas_concurrent_analyses'), 1)
        assert.equal(await metric('fbas_waiting_analyses'), 1)

        leaving.abort()
        await Promise.all([first, second])
        await until(() => now().running === 0)
        assert.deepEqual(
          events('analysis failed').map(({ code }) => code),
          ['OVERLOADED', 'ABORT_ERR', 'ABORT_ERR']
        )
        assert.equal((await post(`${url}/analyze/top-tier`, NETWORK)).status, 200)
      }
    ))

  test(`${platform}: the network that the application knows`, async () => {
    const path = '/api/v1/network/history-critical'
    await withApp({}, async ({ url }) => {
      assert.deepEqual(await get(url + path).then(({ status, body }) => [status, body]), [
        404,
        { detail: 'this application provides no network' }
      ])
    })
    let crawled = NETWORK
    const networkSource = async () => crawled
    await withApp({ http: { networkSource } }, async ({ url, events }) => {
      const { status, body } = await get(`${url}${path}?group_by=organization`)
      const expected = fbas.analyzeHistoryCriticalSync(crawled.nodes, crawled.organizations, {
        groupBy: 'organization'
      })
      assert.deepEqual(
        [status, body.min_size, body.critical_sets],
        [200, expected.minSize, expected.criticalSets]
      )
      const [{ nodes, organizations } = assert.fail()] = events('analysis completed')
      assert.deepEqual([nodes, organizations], [12, 4])

      crawled = undefined as never
      const failed = await get(url + path)
      assert.deepEqual([failed.status, failed.body], [500, { detail: 'internal error' }])
    })
  })

  test(`${platform}: health`, () =>
    withApp({}, async ({ url }) => {
      const { version, solver } = fbas.health()
      assert.deepEqual((await get(`${url}/health`)).body, {
        status: 'healthy',
        version,
        python_fbas_available: true,
        solver,
        running: 0,
        waiting: 0,
        rolled_back: false
      })
    }))

  test(`${platform}: only the controllers that are wanted`, () =>
    withApp({ http: { controllers: [FbasAnalysisController] } }, async ({ url }) => {
      assert.equal((await get(`${url}/health`)).status, 404)
      assert.equal((await post(`${url}/analyze/top-tier`, NETWORK)).status, 200)
    }))
}
