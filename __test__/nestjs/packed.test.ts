// The package as a user has it: packed, installed into an empty folder, and run there. The example application with everything it serves,
// under load and until its end, and a small application on each of the other versions of NestJS.

import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, test } from 'node:test'

import autocannon from 'autocannon'
import { parse } from 'yaml'

import { root, run, write } from '../examples.js'
import { hard } from '../networks.js'
import { npm, pack } from '../packed.js'
import { get, post, until } from './application.js'
import { Redis, withoutRedis } from './redis.js'

const NODES = readFileSync(join(root, 'examples/network/stellar-2025-11.json'), 'utf8')
const ORGANIZATIONS = readFileSync(join(root, 'examples/network/organizations-2025-11.json'), 'utf8')
const NETWORK = `{"nodes":${NODES},"organizations":${ORGANIZATIONS}}`
const HARD = JSON.stringify({ nodes: hard(40) })

let folder: string
let archives: string[]

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'stellar-fbas-'))
  archives = pack(folder)
})

after(() => rmSync(folder, { recursive: true }))

/** Starts a program that serves HTTP and says where, does something with it, and ends it. */
async function serving<T>(
  directory: string,
  file: string,
  environment: Record<string, string>,
  work: (url: string, program: ChildProcess, printed: () => string) => Promise<T>
): Promise<T> {
  const { NODE_TEST_CONTEXT, ...inherited } = process.env
  // The system knows which port nobody has.
  const env = { ...inherited, PORT: '0', ...environment }
  const program = spawn(process.execPath, [file], { cwd: directory, env })
  let text = ''
  program.stdout.on('data', (part) => (text += part))
  program.stderr.on('data', (part) => (text += part))
  const url = () => /Listens at (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1]
  try {
    await until(() => {
      assert.equal(program.exitCode, null, text)
      return url() !== undefined
      // On a busy machine it takes many seconds to load all of it.
    }, 60)
    return await work(url() as string, program, () => text)
  } finally {
    if (program.exitCode === null && program.signalCode === null) {
      program.kill('SIGKILL')
      await once(program, 'exit')
    }
  }
}

test('the example application', async (t) => {
  const directory = join(folder, 'application')
  const only = (source: string) => !/node_modules|dist/.test(source.slice(root.length))
  cpSync(join(root, 'examples/nestjs'), directory, { recursive: true, filter: only })
  await npm(directory, 'install', '--no-save', '--no-audit', '--no-fund', ...archives)
  await npm(directory, 'run', 'build')
  const main = join(directory, 'dist/main.js')

  await t.test('serves all of it', () =>
    serving(
      directory,
      main,
      { FBAS_ENABLED: 'true', FBAS_ROLLOUT_PERCENTAGE: '0' },
      async (url, _, printed) => {
        const full = await post(`${url}/analyze/full`, NETWORK)
        assert.deepEqual(
          [full.status, full.body.top_tier.top_tier_size, full.body.blocking_sets.min_size],
          [200, 21, 6]
        )
        assert.equal((await post(`${url}/analyze/top-tier`, '[{"publicKey": 1}]')).status, 400)
        const plan = await post(`${url}/analyze/plan`, `{"before":${NETWORK},"after":${NODES}}`)
        assert.deepEqual([plan.status, plan.body.units, plan.body.any_order_is_safe], [200, [], true])
        assert.equal((await get(`${url}/api/v1/network/history-critical`)).body.min_size, 1)
        assert.equal((await get(`${url}/ready`)).body.details.fbas.mode, 'shadow')

        // The WebAssembly package answers, ours runs beside it, and they agree.
        const scan = await post(`${url}/api/v1/scans/1/analysis`, '')
        assert.equal(scan.body.organization.topTierSize, 7)
        assert.equal(scan.body.engine, undefined)
        await until(() =>
          printed().includes('"analysis":"performAnalysis","nodes":36,"organizations":11,"topTierSize":21')
        )
        assert.doesNotMatch(printed(), /discrepancy/)

        const description = (await get(`${url}/docs-json`)).body
        assert.deepEqual(Object.keys(description.paths).sort(), [
          '/analyze/blocking-sets',
          '/analyze/compare',
          '/analyze/critical-groups',
          '/analyze/full',
          '/analyze/history-critical',
          '/analyze/intact',
          '/analyze/node',
          '/analyze/nodes',
          '/analyze/plan',
          '/analyze/quorums',
          '/analyze/splitting-sets',
          '/analyze/suggest',
          '/analyze/top-tier',
          '/api/v1/network/history-critical',
          '/api/v1/outages',
          '/api/v1/scans/{id}/analysis',
          '/health',
          '/ready'
        ])
        const metrics = await (await fetch(`${url}/metrics`)).text()
        assert.match(metrics, /^fbas_analysis_duration_seconds_count\{analysis="performAnalysis"\} 1$/m)
        assert.match(metrics, /^fbas_analysis_errors_total\{analysis="topTier",code="INVALID_INPUT"\} 1$/m)
        assert.match(metrics, /^fbas_rollout_calls_total\{analyser="theirs"\} 1$/m)
      }
    )
  )

  await t.test('changed over', () =>
    serving(directory, main, { FBAS_ENABLED: 'true' }, async (url) => {
      const scan = await post(`${url}/api/v1/scans/1/analysis`, '')
      assert.match(scan.body.engine, /^stellar-fbas /)
      assert.equal(scan.body.node.blockingSetsFilteredMinSize, 6)
    })
  )

  await t.test(
    'many networks: here, and as in compose.yaml by two workers',
    { skip: withoutRedis },
    async () => {
      const outages = async (url: string) => (await fetch(`${url}/api/v1/outages`)).text()
      const metricsOf = async (url: string) => (await fetch(`${url}/metrics`)).text()
      const completed = async (url: string) =>
        Number(/^fbas_queue_finished_total\{outcome="completed"\} (\d+)$/m.exec(await metricsOf(url))?.[1])
      const here = await serving(directory, main, { FBAS_HISTORY: 'here' }, outages)
      const lines = here.trimEnd().split('\n')
      assert.deepEqual(
        lines.slice(0, 1).map((line) => JSON.parse(line)),
        [{ organization: null, verdict: 'safe', nodes: 6, organizations: 3 }]
      )
      assert.equal(lines.length, 12)

      const { services } = parse(readFileSync(join(directory, 'compose.yaml'), 'utf8'))
      assert.equal(services.worker.deploy.replicas, 2)
      const redis = await Redis.start(...services.redis.command.slice(1))
      const settings = (service: string): Record<string, string> => {
        const { PORT, ...named } = services[service].environment as Record<string, unknown>
        const value = (text: unknown) =>
          String(text)
            .replace(/^\$\{\w+:-(.*)\}$/, '$1')
            .replace('redis://redis:6379', redis.url)
        return Object.fromEntries(Object.entries(named).map(([name, text]) => [name, value(text)]))
      }
      const worker = join(directory, services.worker.command[1])
      const working = <T>(work: (url: string) => Promise<T>) =>
        serving(directory, worker, settings('worker'), work)
      try {
        // Nobody works yet, so that nothing but the signal can end it.
        await serving(directory, main, settings('application'), async (url, _, printed) => {
          const gone = new AbortController()
          const asked = fetch(`${url}/api/v1/outages`, { signal: gone.signal }).then((answer) =>
            answer.text()
          )
          const waiting = async () =>
            /^fbas_queue_networks\{state="waiting"\} [1-9]/m.test(await metricsOf(url))
          await until(waiting)
          gone.abort()
          await assert.rejects(asked, { name: 'AbortError' })
          await until(() => printed().includes('"event":"history ended early"'))
          assert.match(await metricsOf(url), /^fbas_queue_finished_total\{outcome="completed"\} 0$/m)
          // Nobody is told of an error: the client is gone, and nothing went wrong.
          assert.doesNotMatch(printed(), /"level":"(error|fatal)"|[Uu]nhandled/)
          assert.equal((await get(`${url}/health`)).body.status, 'healthy')
        })
        await working((one) =>
          working((other) =>
            serving(directory, main, settings('application'), async (url) => {
              assert.equal(await outages(url), here)
              // All nodes of one organization are down already, and equal work is done once.
              await until(async () => (await completed(one)) + (await completed(other)) === lines.length - 1)
              const ready = await Promise.all([url, one, other].map((url) => get(`${url}/ready`)))
              assert.deepEqual(
                ready.map(({ status, body }) => [status, body.details.queue.working]),
                [
                  [200, false],
                  [200, true],
                  [200, true]
                ]
              )
            })
          )
        )
      } finally {
        await redis.end()
      }
    }
  )

  await t.test('a thousand analyses, ten at once: all are answered, and health while they run', (t) =>
    serving(directory, main, {}, async (url) => {
      const times: number[] = []
      let mostRunning = 0
      let isOver = false
      const cannon = autocannon({
        url: `${url}/analyze/full`,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: NETWORK,
        connections: 10,
        amount: 1_000,
        timeout: 120,
        workers: 1
      })
      const load = Promise.resolve(cannon).finally(() => (isOver = true))
      while (!isOver) {
        const began = performance.now()
        const { status, running } = (await get(`${url}/health`)).body
        times.push(performance.now() - began)
        assert.equal(status, 'healthy')
        mostRunning = Math.max(mostRunning, running)
        await sleep(20)
      }
      const { '2xx': answered, non2xx, errors, timeouts, latency } = await load
      assert.deepEqual([answered, non2xx, errors, timeouts], [1_000, 0, 0, 0])
      // An event loop that analyses would answer only between two analyses.
      assert.ok(mostRunning > 0, `health was never answered during an analysis, ${times.length} times in all`)
      times.sort((a, b) => a - b)
      const [median, p99, most] = [0.5, 0.99, 1].map(
        (share) => times[Math.ceil(share * times.length) - 1] ?? NaN
      )
      // How fast it is depends on the machine, and is not tested.
      t.diagnostic(
        `analyses: median ${latency.p50} ms, p99 ${latency.p99} ms; health asked ${times.length} times: ` +
          `median ${median?.toFixed(1)} ms, p99 ${p99?.toFixed(1)} ms, slowest ${most?.toFixed(1)} ms`
      )
    })
  )

  await t.test('asked to end in mid-analysis: clients have an answer, and the process ends', () =>
    serving(directory, main, {}, async (url, program) => {
      const running = post(`${url}/analyze/splitting-sets`, HARD)
      await until(async () => (await get(`${url}/health`)).body.running === 1)
      program.kill('SIGTERM')
      const ended = once(program, 'exit')
      const { status, headers, body } = await running
      assert.deepEqual([status, headers.get('retry-after')], [503, '1'])
      assert.equal(body.detail, 'the analysis was cancelled')
      const [code, signal] = await ended
      assert.ok(code === 0 || signal === 'SIGTERM', `${code} ${signal}`)
    })
  )
})

/** A history that goes over Redis to this same process, and comes back. */
const ON_THE_QUEUE = `
  const { Module } = require('@nestjs/common')
  const { NestFactory } = require('@nestjs/core')
  const { FbasHistory, FbasModule } = require('stellar-fbas/nestjs')
  const { FbasQueueModule } = require('stellar-fbas/nestjs/queue')
  class Application {}
  Module({
    imports: [FbasModule.forRoot({ isGlobal: true, history: 'queue' }), FbasQueueModule.forRoot({ worker: true })]
  })(Application)
  NestFactory.createApplicationContext(Application, { logger: ['error'] }).then(async (app) => {
    const snapshots = [{ nodes: process.env.NODES }, { nodes: '[{}]' }]
    for await (const { outcome } of app.get(FbasHistory).analyze(snapshots))
      console.log(outcome.isOk() ? outcome.value['node.topTierSize'] : outcome.error.code)
    await app.close()
  })`

// With the oldest and the newest of what the queue needs.
for (const [version, platform, bullmq] of [
  [10, 'platform-express', ['@nestjs/bullmq@10.1.0', 'bullmq@5.14.0']],
  [12, 'platform-fastify', ['@nestjs/bullmq@12', 'bullmq@6', 'ioredis@6']]
] as const) {
  test(`NestJS ${version} with ${platform}`, async (t) => {
    const directory = mkdtempSync(join(folder, 'nest-'))
    writeFileSync(join(directory, 'package.json'), '{"private": true}')
    const swagger = version === 10 ? 7 : version
    await npm(
      directory,
      ...['install', '--no-audit', '--no-fund', ...archives],
      ...['common', 'core', platform].map((name) => `@nestjs/${name}@${version}`),
      ...[`@nestjs/swagger@${swagger}`, `@nestjs/terminus@${Math.max(version, 11)}`, ...bullmq],
      ...['neverthrow', 'prom-client', 'reflect-metadata', 'rxjs']
    )
    const program = `
      const { NestFactory } = require('@nestjs/core')
      const { DocumentBuilder, SwaggerModule } = require('@nestjs/swagger')
      const { ExpressAdapter: Adapter = require('@nestjs/platform-fastify').FastifyAdapter } = (() => {
        try { return require('@nestjs/platform-express') } catch { return {} }
      })()
      const { FbasModule } = require('stellar-fbas/nestjs')
      const { FbasHttpModule } = require('stellar-fbas/nestjs/http')
      class Application {}
      require('@nestjs/common').Module({
        imports: [FbasModule.forRoot({ isGlobal: true }), FbasHttpModule.forRoot({})]
      })(Application)
      NestFactory.create(Application, new Adapter(), { logger: ['error'] }).then(async (app) => {
        const document = SwaggerModule.createDocument(app, new DocumentBuilder().build())
        if (document.paths['/analyze/full'] === undefined) throw new Error('no description')
        await app.listen(Number(process.env.PORT), '127.0.0.1')
        console.log(\`Listens at \${await app.getUrl()}\`)
      })`
    writeFileSync(join(directory, 'main.cjs'), program)
    await serving(directory, join(directory, 'main.cjs'), {}, async (url, _, printed) => {
      const full = await post(`${url}/analyze/full?group_by=organization`, NETWORK)
      assert.deepEqual([full.status, full.body.blocking_sets.min_size], [200, 3], printed())
      assert.equal((await post(`${url}/analyze/full`, '[{"publicKey": 1}]')).status, 400)
      assert.equal((await get(`${url}/health`)).body.status, 'healthy')
    })
    await t.test(`a queue on ${bullmq.join(' and ')}`, { skip: withoutRedis }, async () => {
      const redis = await Redis.start()
      try {
        const program = write(directory, 'queue.cjs', ON_THE_QUEUE)
        const printed = await run(program, directory, { NODES, FBAS_REDIS_URL: redis.url })
        assert.equal(printed, '21\nINVALID_INPUT')
      } finally {
        await redis.end()
      }
    })
  })
}
