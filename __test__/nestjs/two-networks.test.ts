// The endpoints about two networks: their answers beside the core package's and the command line's, every error, and clients that go away.
// On both of Nest's platforms. Where the networks stand in a body is held against a parser of JSON.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'

import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'

import fbas, { type FbasNode, type FbasOrganization } from '../../index.js'
import { FbasService, type ComparisonOptions } from 'stellar-fbas/nestjs'
import { FIGURES } from '../../ts/study/changes.js'
import { Outline } from '../../ts/nestjs/http/two-networks.js'
import { folder, json } from '../cli/command.js'
import { flat, fourOrganizations, hard, quorumSet, TWO_OF_THREE, TWO_PAIRS } from '../networks.js'
import {
  post,
  postInChunks,
  until,
  withApplication,
  type Platform,
  type Running,
  type Setup
} from './application.js'

/** Organizations of three of which everybody asks for some. */
function organizations(ids: string[], threshold: number) {
  const members = (id: string) => [1, 2, 3].map((index) => `${id}${index}`)
  const asked = quorumSet(
    threshold,
    [],
    ids.map((id) => quorumSet(2, members(id)))
  )
  const nodes: FbasNode[] = ids
    .flatMap(members)
    .map((publicKey) => ({ publicKey, quorumSet: asked, isValidating: publicKey !== 'A1' }))
  const organizations: FbasOrganization[] = ids.map((id) => ({ id, name: null, validators: members(id) }))
  return { nodes, organizations }
}

const SEVEN = organizations([...'ABCDEFG'], 5)
const TEN = organizations([...'ABCDEFGHIJ'], 7)
const LATER = hard(40).map((node) => ({ ...node, quorumSet: hard(40)[0]?.quorumSet ?? null }))
const HARD = JSON.stringify({ before: { nodes: hard(40) }, after: { nodes: LATER } })

interface Compared {
  before: Network
  after: Network
  query: string
  /** The same for the command line, and for the service. */
  args: string[]
  options: ComparisonOptions
}

type Network = { nodes: FbasNode[]; organizations?: FbasOrganization[] }

const COMPARED: Compared[] = [
  { before: SEVEN, after: TEN, query: '', args: [], options: {} },
  {
    before: SEVEN,
    after: TEN,
    query: '?group_by=organization&scope=all',
    args: ['--group-by', 'organization', '--scope', 'all'],
    options: { groupBy: 'organization', scope: 'all' }
  },
  {
    before: SEVEN,
    after: TEN,
    query: '?faulty_nodes=B1&faulty_nodes=B2',
    args: ['--faulty', 'B1,B2'],
    options: { faultyNodes: ['B1', 'B2'] }
  },
  {
    before: { nodes: TWO_OF_THREE },
    after: { nodes: TWO_PAIRS },
    query: '?unknown_nodes=free',
    args: ['--unknown', 'free'],
    options: { unknownNodes: 'free' }
  },
  {
    before: { nodes: [...TWO_OF_THREE, ...flat(['W'], 1)] },
    after: { nodes: TWO_OF_THREE },
    query: '?ignore_one_node_quorums=false',
    args: ['--count-one-node-quorums'],
    options: { ignoreOneNodeQuorums: false }
  },
  {
    before: fourOrganizations(),
    after: { nodes: [{ publicKey: 'p1', quorumSet: null }] },
    query: '',
    args: [],
    options: {}
  }
]

const { write } = folder()
const files = new Map<Network, string>()
const fileOf = (network: Network): string => {
  const file = files.get(network) ?? write(`${files.size}.json`, network)
  files.set(network, file)
  return file
}
/** What the command line answers, asked once for both platforms. */
const answers = new Map<string, Promise<any>>()
const said = (args: string[]): Promise<any> => {
  const answer = answers.get(args.join(' ')) ?? json(args)
  answers.set(args.join(' '), answer)
  return answer
}

/** The same as these endpoints name it. */
function inOurNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOurNames)
  if (typeof value !== 'object' || value === null) return value
  const names: Record<string, string> = {
    ...{ old: 'before', new: 'after', hasQuorumIntersection: 'quorum_intersection' },
    ...{ innerQuorumSets: 'innerQuorumSets', groupBy: 'groupBy', unknownNodes: 'unknownNodes' }
  }
  const snake = (name: string) => names[name] ?? name.replace(/[A-Z]/g, (char) => `_${char.toLowerCase()}`)
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      snake(name),
      ['kind', 'what'].includes(name) ? snake(inner) : name === 'side' ? names[inner] : inOurNames(inner)
    ])
  )
}

for (const platform of ['express', 'fastify'] as Platform[]) {
  const withApp = (setup: Setup, work: (running: Running) => Promise<void>) =>
    withApplication({ platform, ...setup }, work)

  test(`${platform}: what changed between two networks, as the command line says it`, () =>
    withApp({}, async ({ url, get }) => {
      for (const { before, after, query, args, options } of COMPARED) {
        const answer = await post(`${url}/analyze/compare${query}`, { before, after })
        assert.equal(answer.status, 200, JSON.stringify(answer.body))
        const { before: earlier, after: later, execution_time_ms, checks, ...told } = answer.body
        assert.ok(told.changes.length > 0 && Number.isInteger(execution_time_ms))

        const service = get(FbasService)
        const compared = (await service.compareNetworks(before, after, options))._unsafeUnwrap()
        assert.deepEqual(checks, compared.checks)
        const inWords = <T extends { words: string }>({ words, ...more }: T) => ({ ...more, message: words })
        assert.deepEqual(told, {
          changes: inOurNames(compared.changes),
          doubts: inOurNames(compared.doubts.map(inWords)),
          not_compared: inOurNames(compared.notCompared.map(inWords)),
          engine: compared.engine
        })

        const files = [before, after].map((network) => fileOf(network))
        if (options.groupBy === undefined) {
          const { changes, doubts, notCompared } = await said(['diff', ...files, ...args])
          const { changes: ours, doubts: doubted, not_compared } = told
          assert.deepEqual(
            { ours, doubted, not_compared },
            {
              ours: inOurNames(changes),
              doubted: inOurNames(doubts),
              not_compared: inOurNames(notCompared)
            }
          )
        }
        for (const [network, file] of [
          [earlier, files[0] ?? ''],
          [later, files[1] ?? '']
        ] as const) {
          const analyzed = await said(['analyze', file, ...args])
          const { counting, ...facts } = network
          assert.deepEqual(facts, {
            verdict: analyzed.verdict,
            has_quorum: analyzed.hasQuorum,
            quorum_intersection: analyzed.hasQuorumIntersection,
            has_halted: analyzed.hasHalted,
            has_symmetric_top_tier: analyzed.hasQuorum === null ? null : analyzed.symmetricTopTier !== null,
            faulty_nodes: analyzed.faultyNodes,
            core: analyzed.core,
            findings: analyzed.findings
          })
          const sizes = Object.entries<any>(analyzed.counting).map(([key, answers]) => [
            key,
            {
              top_tier: answers.topTier.topTier,
              top_tier_size: answers.topTier.topTierSize,
              blocking_sets_min_size: answers.blockingSets.minSize,
              blocking_sets_filtered_min_size: answers.blockingSetsFiltered.minSize,
              splitting_sets_min_size: answers.splittingSets.minSize,
              quorums_min_size: answers.quorums.minSize,
              history_critical_min_size: answers.historyCritical.minSize,
              is_exact: true
            }
          ])
          assert.deepEqual(Object.entries(counting), analyzed.hasQuorum === null ? [] : sizes)
        }
      }
      const same = (await post(`${url}/analyze/compare`, { before: TEN, after: TEN })).body
      assert.deepEqual([same.changes, same.checks], [[], { changed: 'safe', worse: 'safe' }])
    }))

  test(`${platform}: whether a change is safe, as planChange says it`, () =>
    withApp({}, async ({ url, events }) => {
      for (const [before, after, query, options] of [
        [SEVEN, TEN, '', {}],
        [
          SEVEN,
          TEN,
          '?unit=organization&group_by=organization&floor_splitting=3&floor_blocking=1',
          { unit: 'organization', groupBy: 'organization', floors: { blocking: 1, splitting: 3 } }
        ],
        [SEVEN, TEN, '?floor_blocking=99', { floors: { blocking: 99 } }],
        [
          { nodes: TWO_OF_THREE },
          { nodes: TWO_PAIRS },
          '?unknown_nodes=free&scope=all',
          { unknownNodes: 'free', scope: 'all' }
        ],
        [
          { nodes: TWO_PAIRS },
          { nodes: flat(['A', 'B', 'C', 'D'], 3) },
          '?faulty_nodes=A&faulty_nodes=NOBODY&ignore_one_node_quorums=true',
          { faultyNodes: ['A', 'NOBODY'], ignoreOneNodeQuorums: true }
        ],
        // Nobody has seen X, with whom E may go its own way.
        [
          { nodes: TWO_OF_THREE },
          { nodes: [...TWO_OF_THREE, { publicKey: 'E', quorumSet: quorumSet(2, ['E', 'X']) }] },
          '',
          {}
        ],
        [{ nodes: flat(['A'], 1) }, { nodes: flat(['B'], 1) }, '?anytime=true', { anytime: true }]
      ] as const) {
        const answer = await post(`${url}/analyze/plan${query}`, { before, after })
        assert.equal(answer.status, 200, JSON.stringify(answer.body))
        const [earlier, later] = [before, after].map((network) =>
          fbas.FbasNetwork.loadSync(JSON.stringify(network))
        ) as [fbas.FbasNetwork, fbas.FbasNetwork]
        const plan = fbas.planChangeSync(earlier, later, options as fbas.PlanOptions)
        const stage = ({ figures, ...stage }: fbas.PlanStage) => ({
          quorum_intersection: stage.hasQuorumIntersection,
          top_tier_size: figures.topTierSize,
          blocking_sets_min_size: figures.blockingSetsMinSize,
          splitting_sets_min_size: stage.hasSplittingSet ? figures.splittingSetsMinSize : null,
          is_exact: true
        })
        const { execution_time_ms, findings, ...said } = answer.body
        assert.ok(Number.isInteger(execution_time_ms))
        assert.deepEqual(said, {
          units: plan.units,
          any_order_is_safe: plan.anyOrderIsSafe,
          unsafe_state: plan.unsafeState && {
            changed: plan.unsafeState.changed,
            reason: plan.unsafeState.reason,
            disjoint_quorums: plan.unsafeState.disjointQuorums,
            stage: stage(plan.unsafeState.stage)
          },
          order:
            plan.order &&
            plan.order.map(({ units, after, ...round }) => ({
              units,
              after: stage({ ...round, figures: after })
            })),
          all_at_once: plan.allAtOnce,
          before: stage(plan.before),
          after: stage(plan.after),
          is_exact: true,
          engine: plan.engine
        })
        // What is found in the data stands before what concerns the call, each with the network that it is of.
        const codes = (found: fbas.Finding[]) => found.map(({ code }) => code)
        const ofCall = plan.findings.length
        assert.deepEqual(findings.slice(findings.length - ofCall), plan.findings)
        const isOnUnknown = JSON.stringify(after).includes('"X"')
        assert.equal(codes(plan.findings).includes('VERDICT_DEPENDS_ON_UNKNOWN_NODES'), isOnUnknown)
        const ofData: fbas.Finding[] = findings.slice(0, findings.length - ofCall)
        const marked = (mark: string) => ofData.filter(({ message }) => message.startsWith(mark))
        const [onlyBefore, onlyAfter] = [marked('In the earlier network: '), marked('In the later network: ')]
        const both = ofData.filter((finding) => ![...onlyBefore, ...onlyAfter].includes(finding))
        assert.deepEqual(codes([...both, ...onlyBefore]).sort(), codes(earlier.findings).sort())
        assert.deepEqual(codes([...both, ...onlyAfter]).sort(), codes(later.findings).sort())
      }
      assert.ok(events('analysis completed').every(({ analysis }) => analysis === 'plan'))

      const rounds = await post(
        `${url}/analyze/plan?unit=organization&group_by=organization&floor_splitting=3`,
        { before: SEVEN, after: TEN }
      )
      assert.deepEqual(
        rounds.body.order.map(({ units }: { units: string[] }) => units.length),
        [9, 1]
      )
      assert.equal(rounds.body.unsafe_state.reason, 'floor')
      const data = (await post(`${url}/analyze/plan`, { before: SEVEN, after: { nodes: TEN.nodes } })).body
      assert.ok(data.findings.some(({ code }: fbas.Finding) => code === 'NO_HISTORY_DATA'))
    }))

  test(`${platform}: two networks in every form that one comes in`, () =>
    withApp({}, async ({ url }) => {
      const expected = (await post(`${url}/analyze/plan`, { before: SEVEN, after: TEN })).body
      const timeless = ({ execution_time_ms, findings, ...body }: Record<string, unknown>) => body
      const network = fbas.FbasNetwork.loadSync(SEVEN.nodes)
      const core = { nodes: network.nodes().map((node) => inStellarCore(node)) }
      const text = JSON.stringify({ before: SEVEN, after: TEN })
      for (const [what, answer] of [
        ['nodes', await post(`${url}/analyze/plan`, { before: SEVEN.nodes, after: TEN.nodes })],
        ['stellar-core', await post(`${url}/analyze/plan`, { before: core, after: TEN })],
        ['the later one first', await post(`${url}/analyze/plan`, { after: TEN, before: SEVEN })],
        ['with white space', await post(`${url}/analyze/plan`, JSON.stringify(JSON.parse(text), null, '\t'))],
        ['a mark before it', await post(`${url}/analyze/plan`, `\uFEFF ${text}\r\n`)],
        [
          'escapes',
          await post(`${url}/analyze/plan`, text.replace('"before"', String.raw`"\u0062efor\u0065"`))
        ],
        ['packed', await post(`${url}/analyze/plan`, gzipSync(text), { 'content-encoding': 'gzip' })],
        ['chunks', await postInChunks(`${url}/analyze/plan`, text.match(/[^]{1,97}/g) ?? [])]
      ] as const) {
        assert.equal(answer.status, 200, `${what}: ${JSON.stringify(answer.body)}`)
        assert.deepEqual(timeless(answer.body), timeless(expected), what)
      }
    }))

  test(`${platform}: what is wrong with two networks is told with its place`, () =>
    withApp({ http: { bodyLimit: 20_000 } }, async ({ url }) => {
      const node = { publicKey: 'A', quorumSet: { threshold: -1, validators: [] } }
      const nodes = JSON.stringify(TWO_OF_THREE)
      for (const [body, detail] of [
        [{ before: TWO_OF_THREE, after: [node] }, /^after: nodes\[0\]\.quorumSet\.threshold: /],
        [{ before: { nodes: [node] }, after: [node] }, /^before: nodes\[0\]\.quorumSet\.threshold: /],
        [
          { before: { nodes: TWO_OF_THREE, organizations: [{ id: 'p', validators: 1 }] }, after: [] },
          /^before: organizations\[0\]\.validators: /
        ],
        [{ before: TWO_OF_THREE, after: 'G' }, /^after: nodes: /],
        [{ before: null, after: TWO_OF_THREE }, /^before: nodes: /],
        [{ before: TWO_OF_THREE }, /^after: it is missing, expected JSON text of an object with before and /],
        [{ after: TWO_OF_THREE }, /^before: it is missing, /],
        [{}, /^before: it is missing, /],
        [
          { nodes: TWO_OF_THREE },
          /^body: there is "nodes", expected JSON text of an object with before and /
        ],
        [{ before: [], after: [], then: [] }, /^body: there is "then", /],
        [{ before: [], after: [], a: 1, b: 2, c: 3, d: 4 }, /^body: there is "a", /],
        [{ ['x'.repeat(9_999)]: [] }, /^body: there is "\\"x{63}\.\.\.", /],
        [`{"before":${nodes},"after":${nodes},"before":${nodes}}`, /^before: it is there twice, /],
        [TWO_OF_THREE, /^body: expected JSON text of an object with before and after, a network each$/],
        ['', /^body: expected JSON text /],
        ['"before"', /^body: expected JSON text /],
        ['{before:[],after:[]}', /^body: expected JSON text /],
        [`{"before":${nodes},"after":${nodes},}`, /^body: expected JSON text /],
        [`{"before":${nodes},"after":${nodes}}{}`, /^body: expected JSON text /],
        [`{"before":${nodes},"after":${nodes}}]`, /^body: expected JSON text /],
        [`}{{"before":${nodes},"after":${nodes}}`, /^body: expected JSON text /],
        [`{"before":${nodes},"after":${nodes}`, /^body: the text ends too early, expected JSON text /],
        [`{"before":${nodes},"aft`, /^body: the text ends too early, /],
        [`{"before":,"after":${nodes}}`, /^before: nodes: an empty text, /],
        [`{"before":[1},"after":${nodes}}`, /^before: nodes/],
        [`{"before":${nodes} ${nodes},"after":${nodes}}`, /^before: nodes: .*trailing characters/],
        [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), /^body: there is /]
      ] as const) {
        for (const path of ['compare', 'plan']) {
          const answer = await post(`${url}/analyze/${path}`, body)
          assert.equal(answer.status, 400, `${JSON.stringify(body)} ${JSON.stringify(answer.body)}`)
          assert.match(answer.body.detail, detail)
          assert.deepEqual(Object.keys(answer.body), ['detail'])
        }
      }
      for (const [path, detail] of [
        ['compare?limit=1', /^query\.limit: expected one of group_by, .*, found "limit"$/],
        ['compare?reachable_from=A', /^query\.reachable_from: expected one of /],
        ['compare?unit=node', /^query\.unit: expected one of /],
        ['compare?anytime=1', /^query\.anytime: expected true or false, found "1"$/],
        ['compare?group_by=a&group_by=b', /^query\.group_by: expected one value, /],
        ['plan?limit=1', /^query\.limit: expected one of /],
        ['plan?reachable_from=A', /^query\.reachable_from: expected one of /],
        ['plan?floors=1', /^query\.floors: expected one of .*floor_blocking, floor_splitting/],
        ['plan?floor_blocking=-1', /^query\.floor_blocking: expected a whole number from 0 to 4294967295, /],
        ['plan?floor_splitting=4294967296', /^query\.floor_splitting: expected a whole number from 0 /],
        ['plan?unknown_nodes=alive', /^query\.unknown_nodes: expected dead or free, /],
        ['plan?unit=', /options\.unit/],
        ['compare?group_by=', /options\.groupBy/]
      ] as const) {
        const answer = await post(`${url}/analyze/${path}`, { before: TWO_OF_THREE, after: TWO_PAIRS })
        assert.equal(answer.status, 400, path)
        assert.match(answer.body.detail, detail)
      }
      const csv = await post(`${url}/analyze/plan`, '{}', { 'content-type': 'text/csv' })
      assert.equal(csv.status, 415)
      const large = `{"before":[],"after":[],"":"${' '.repeat(20_000)}"}`
      assert.equal((await post(`${url}/analyze/compare`, large)).status, 413)
      assert.equal(
        (await post(`${url}/analyze/plan`, { before: TWO_OF_THREE, after: TWO_PAIRS })).status,
        200
      )
    }))

  test(`${platform}: the time of a question about two networks, and what is known when it runs out`, () =>
    withApp({ options: { timeoutMs: 500 } }, async ({ url, metric }) => {
      for (const path of ['compare', 'plan']) {
        const { status, body } = await post(`${url}/analyze/${path}`, HARD)
        assert.equal(status, 504, JSON.stringify(body))
        assert.match(body.detail, /500 ms|time/i)
      }
      assert.equal(await metric('fbas_analysis_timeouts_total', { analysis: 'comparison' }), 1)
      assert.equal(await metric('fbas_analysis_timeouts_total', { analysis: 'plan' }), 1)

      const compared = await post(`${url}/analyze/compare?anytime=true`, HARD)
      assert.equal(compared.status, 200, JSON.stringify(compared.body))
      assert.equal(compared.body.before.counting.node.is_exact, false)
      assert.notEqual(compared.body.checks.changed, 'safe')
      const planned = await post(`${url}/analyze/plan?anytime=true`, HARD)
      assert.equal(planned.status, 200, JSON.stringify(planned.body))
      assert.equal(planned.body.before.is_exact, false)
    }))

  test(`${platform}: two networks wait for a place, are refused one, and end with their client`, () =>
    withApp({ options: { maxConcurrent: 1, maxWaiting: 1 } }, async ({ url, get, events }) => {
      const now = () => get(FbasService).status
      const leaving = new AbortController()
      const send = (path: string) =>
        fetch(`${url}/analyze/${path}`, {
          method: 'POST',
          body: HARD,
          headers: { 'content-type': 'application/json' },
          signal: leaving.signal
        }).then(
          () => assert.fail('no answer was to come'),
          (error) => assert.equal(error.name, 'AbortError')
        )
      const first = send('plan')
      await until(() => now().running === 1)
      const second = send('compare')
      await until(() => now().waiting === 1)
      const refused = await post(`${url}/analyze/compare`, { before: SEVEN, after: TEN })
      assert.equal(refused.status, 503)
      assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
      leaving.abort()
      await Promise.all([first, second])
      await until(() => now().running === 0)

      const again = new AbortController()
      const running = fetch(`${url}/analyze/compare`, {
        method: 'POST',
        body: HARD,
        headers: { 'content-type': 'application/json' },
        signal: again.signal
      })
      await until(() => now().running === 1)
      again.abort()
      await assert.rejects(running, { name: 'AbortError' })
      await until(() => now().running === 0)
      const failed = events('analysis failed').map(({ analysis, code }) => `${analysis} ${code}`)
      assert.deepEqual(failed.sort(), [
        'comparison ABORT_ERR',
        'comparison ABORT_ERR',
        'comparison OVERLOADED',
        'plan ABORT_ERR'
      ])
      assert.equal((await post(`${url}/analyze/plan`, { before: SEVEN, after: TEN })).status, 200)
    }))
}

function inStellarCore({ publicKey, quorumSet }: FbasNode) {
  const written = (set: NonNullable<FbasNode['quorumSet']>): object => ({
    t: set.threshold,
    v: [...set.validators, ...(set.innerQuorumSets ?? []).map(written)]
  })
  return { node: publicKey, qset: quorumSet == null ? null : written(quorumSet) }
}

test('the description of the answers names every field that they have', () =>
  withApplication({}, async ({ app, url }) => {
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().build())
    const schemas = (document.components?.schemas ?? {}) as Record<string, any>
    /** What is there and not described, or described and not there. */
    const unlike = (value: unknown, schema: any, place: string): string[] => {
      const { $ref, allOf, oneOf, items, properties, additionalProperties } = schema
      if (value === null) return schema.nullable === true ? [] : [`${place} is null`]
      if ($ref !== undefined) return unlike(value, schemas[$ref.split('/').at(-1)], place)
      if (allOf !== undefined) return unlike(value, allOf[0], place)
      if (oneOf !== undefined) {
        const tried = oneOf.map((one: object) => unlike(value, one, place))
        return tried.some((found: string[]) => found.length === 0) ? [] : tried.flat()
      }
      if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${place} is ${value}`]
      if (Array.isArray(value)) {
        return items === undefined
          ? [`${place} is a list`]
          : value.flatMap((one, index) => unlike(one, items, `${place}[${index}]`))
      }
      if (typeof value === 'object') {
        const required: string[] = schema.required ?? []
        const missing = required
          .filter((name) => !(name in value))
          .map((name) => `${place}.${name} is missing`)
        const inner = Object.entries(value).flatMap(([name, one]) => {
          const described = properties?.[name] ?? additionalProperties
          const at = `${place}.${name}`
          return described === undefined ? [`${at} is not described`] : unlike(one, described, at)
        })
        return [...missing, ...inner]
      }
      const type = Number.isInteger(value) ? ['integer', 'number'] : [typeof value]
      return type.includes(schema.type) ? [] : [`${place} is ${value}, not ${schema.type}`]
    }
    const known = { code: '', message: '', nodes: [] }
    const timely = (body: any): any => ({
      ...body,
      findings: body.findings?.map(() => known),
      ...Object.fromEntries(
        ['before', 'after'].map((side) => [
          side,
          body[side].findings === undefined ? body[side] : { ...body[side], findings: [known] }
        ])
      )
    })
    const inner = (set: fbas.QuorumSet) => ({ threshold: 1, validators: [], innerQuorumSets: [set] })
    const nodes = (set: fbas.QuorumSet) => [{ publicKey: 'A', quorumSet: inner(set) }, ...flat(['B', 'C'], 2)]
    const pairs = [
      [SEVEN, TEN],
      [{ nodes: TWO_OF_THREE }, { nodes: TWO_PAIRS }],
      [{ nodes: nodes(quorumSet(2, ['B', 'C'])) }, { nodes: nodes(quorumSet(1, ['B', 'D'])) }],
      [fourOrganizations(), { nodes: [{ publicKey: 'p1', quorumSet: null }] }]
    ]
    for (const path of ['/analyze/compare', '/analyze/plan']) {
      const { schema } = (document.paths[path]?.post?.responses['200'] as any).content['application/json']
      for (const [before, after] of pairs) {
        const query = path.endsWith('plan') ? '?unit=organization&floor_splitting=2' : ''
        const { body } = await post(`${url}${path}${query}`, { before, after })
        const { findings, ...rest } = timely(body)
        const whole = findings === undefined ? rest : { ...rest, findings }
        assert.deepEqual(unlike(whole, schema, 'answer'), [])
      }
    }
    const { what } = schemas['FbasFigureChangeAnswer'].properties
    assert.equal(what.enum.length, Object.keys(FIGURES).length)
  }))

test('where the networks stand in a body, as a parser of JSON says', () => {
  let state = 1
  const random = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * below)
  }
  const one = <T>(choices: readonly T[]) => choices[random(choices.length)] as T
  const STRINGS = [
    '',
    'before',
    'after',
    '\\',
    '"',
    '{',
    '}]',
    ':,',
    'é\u2028"\\"',
    '\uFEFF',
    '\u0000'
  ] as const
  const value = (depth: number): unknown => {
    const kind = random(depth > 3 ? 4 : 6)
    if (kind === 0) return one(STRINGS)
    if (kind === 1) return one([0, -1.5, 1e30])
    if (kind === 2) return one([true, false, null])
    if (kind <= 4) return Array.from({ length: random(4) }, () => value(depth + 1))
    return Object.fromEntries(Array.from({ length: random(4) }, () => [one(STRINGS), value(depth + 1)]))
  }
  const MARKS = [...'{}[]:,"\\ \n1ab'] as const
  let [accepted, refused] = [0, 0]
  for (let round = 0; round < 20_000; round++) {
    const names = one([
      ['before', 'after'],
      ['after', 'before'],
      ['before'],
      ['after', 'before', ''],
      ['before', 'before', 'after']
    ] as const)
    const properties = names.map((name) => {
      const written = JSON.stringify(name).replace(/e/g, () => one(['e', String.raw`\u0065`]))
      return `${one(['', ' ', '\r\n', ' '.repeat(99)])}${written}${one(['', '\t'])}:${JSON.stringify(value(0), null, one([0, 1]))}`
    })
    let text = `${one(['', ' ', '\n'])}{${properties.join(',')}}${one(['', ' \n'])}`
    // Something is put in, taken out, or cut off.
    if (random(2) === 0) {
      const at = random(text.length + 1)
      text = text.slice(0, at) + one([...MARKS, '']) + text.slice(at + one([0, 1, 1, text.length]))
    }
    const body = Buffer.from(text)
    const outline = new Outline()
    for (let at = 0; at < body.length;) {
      const length = 1 + random(one([1, 5, 1000]))
      outline.push(body.subarray(at, at + length))
      at += length
    }
    const found = outline.networks(body)
    const parsed = parse(text)
    const isExpected =
      Object.keys(parsed ?? {})
        .sort()
        .join() === 'after,before' && names.length === 2
    if ('before' in found) {
      const [before, after] = [parse(found.before.toString()), parse(found.after.toString())]
      // What is no JSON in the whole is none in one of the parts, which their parser will say.
      if (parsed === undefined) assert.ok(before === undefined || after === undefined, text)
      else assert.deepEqual({ before, after }, parsed, text)
      accepted++
    } else {
      assert.ok(!isExpected, `${text} ${found.message}`)
      refused++
    }
  }
  assert.ok(accepted > 4_000 && refused > 4_000, `${accepted} ${refused}`)
})

function parse(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
