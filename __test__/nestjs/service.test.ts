// The injectable service: answers as results, bounds on time and number, stopping, shutting down, settings, and an addon that is missing.

import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { Inject, Injectable, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { HealthCheckService, TerminusModule } from '@nestjs/terminus'
import { Registry } from 'prom-client'

import fbas from '../../index.js'
import {
  FBAS_SETTINGS,
  FbasHealthIndicator,
  FbasModule,
  FbasService,
  type FbasModuleOptions,
  type FbasSettings
} from 'stellar-fbas/nestjs'
import { root, run, typeCheck } from '../examples.js'
import { fourOrganizations, hard, TWO_OF_THREE, TWO_PAIRS } from '../networks.js'
import { until, withApplication, type Running } from './application.js'

const NETWORK = fourOrganizations()
const HARD = JSON.stringify(hard(40))

/** An application without HTTP endpoints. */
const withService = (
  options: FbasModuleOptions,
  work: (service: FbasService, app: Running) => Promise<void>
) => withApplication({ options, http: false }, (app) => work(app.get(FbasService), app))

/** What an answer says but for the time it took. */
const timeless = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value, (key, inner) =>
      key === 'executionTimeMs' ? undefined : typeof inner === 'bigint' ? String(inner) : inner
    )
  )

test('every analysis of the service answers as the function of its name', () =>
  withService({}, async (service, { events, metric }) => {
    const names = [
      'performAnalysis',
      'analyzeTopTier',
      'analyzeQuorumIntersection',
      'analyzeCore',
      'analyzeSymmetricTopTier',
      'analyzeBlockingSets',
      'analyzeSplittingSets',
      'analyzeQuorums',
      'analyzeHistoryCritical',
      'analyzeNodes',
      'analyzeCriticalGroups',
      'analyzeFull'
    ] as const
    for (const name of names) {
      const result = await service[name](NETWORK.nodes, NETWORK.organizations, { unknownNodes: 'free' })
      const expected = await fbas[name](NETWORK.nodes, NETWORK.organizations, { unknownNodes: 'free' })
      assert.deepEqual(timeless(result._unsafeUnwrap()), timeless(expected), name)
    }
    const ofOne = { node: 'p1', unknownNodes: 'free' } as const
    const one = await service.analyzeNode(NETWORK.nodes, NETWORK.organizations, ofOne)
    const expected = await fbas.analyzeNode(NETWORK.nodes, NETWORK.organizations, ofOne)
    assert.deepEqual(timeless(one._unsafeUnwrap()), timeless(expected))
    const intact = await service.analyzeIntactNodes(NETWORK.nodes, NETWORK.organizations, {
      illBehaved: ['p1']
    })
    assert.deepEqual(intact._unsafeUnwrap().befouled, ['p1'])
    const prepared = (await service.preprocess(NETWORK.nodes))._unsafeUnwrap()
    assert.deepEqual(prepared, await fbas.preprocess(NETWORK.nodes))

    assert.equal(events('analysis started').length, names.length + 2)
    const completed = events('analysis completed')
    assert.deepEqual(
      completed.map(({ level, nodes, organizations }) => [level, nodes, organizations]),
      [...names, 'analyzeNode', 'analyzeIntactNodes'].map(() => ['log', 12, 4])
    )
    assert.equal(completed[1]?.['topTierSize'], 12)
    assert.ok(completed.every(({ milliseconds }) => Number.isInteger(milliseconds)))
    assert.equal(
      await metric('fbas_analysis_duration_seconds', { analysis: 'topTier', le: '+Inf' } as never),
      1
    )
  }))

test('two networks are asked about as the core package and the report ask', () =>
  withService({}, async (service, { events }) => {
    const [before, after] = [TWO_OF_THREE, TWO_PAIRS]
    const plan = (
      await service.planChange(before, after, { unit: 'node', unknownNodes: 'free' })
    )._unsafeUnwrap()
    const expected = await fbas.planChange(before, after, { unit: 'node', unknownNodes: 'free' })
    const { findings: inData } = fbas.FbasNetwork.loadSync(before)
    assert.deepEqual(timeless(plan), timeless({ ...expected, findings: [...inData, ...expected.findings] }))
    assert.equal(plan.anyOrderIsSafe, false)
    const unknown = [...before, { publicKey: 'D', quorumSet: null }]
    const marked = (await service.planChange(before, unknown))._unsafeUnwrap()
    assert.deepEqual(
      marked.findings.map(({ code, message }) => [code, message.split(': ')[0]]),
      [
        ['NO_HISTORY_DATA', 'No node says whether its history archive has errors, so none is relied on'],
        ['UNKNOWN_QUORUM_SET', 'In the later network']
      ]
    )

    const suggestion = (await service.suggestChange(after))._unsafeUnwrap()
    const { findings, ...alone } = await fbas.suggestChange(after)
    const ofData = fbas.FbasNetwork.loadSync(after).findings
    assert.deepEqual(timeless(suggestion), timeless({ ...alone, findings: [...ofData, ...findings] }))
    assert.equal(suggestion.danger, 'split')

    const comparison = (await service.compareNetworks(before, after))._unsafeUnwrap()
    assert.deepEqual(comparison.checks, { changed: 'unsafe', worse: 'unsafe' })
    const same = (await service.compareNetworks(before, before, { timeoutMs: 10_000 }))._unsafeUnwrap()
    assert.deepEqual([same.changes, same.checks], [[], { changed: 'safe', worse: 'safe' }])

    // Networks that are loaded already stay for whoever loaded them.
    const [earlier, later] = [fbas.FbasNetwork.loadSync(before), fbas.FbasNetwork.loadSync(after)]
    const loaded = (await service.planChange(earlier, later))._unsafeUnwrap()
    const timelessly = timeless((await service.planChange(before, after))._unsafeUnwrap())
    assert.deepEqual(timeless(loaded), timelessly)
    const mixed = (await service.compareNetworks(earlier, after))._unsafeUnwrap()
    assert.deepEqual(mixed.changes, comparison.changes)
    assert.deepEqual([earlier.nodeCount, later.nodeCount], [before.length, after.length])
    later[Symbol.dispose]()
    const gone = (await service.planChange(earlier, later))._unsafeUnwrapErr()
    assert.deepEqual([gone.code, gone.message], ['INVALID_INPUT', 'network: it was disposed of'])

    const refused = (await service.planChange(before, [{ publicKey: '' }] as never))._unsafeUnwrapErr()
    assert.equal(refused.code, 'INVALID_INPUT')
    await assert.rejects(fbas.planChange(before, [{ publicKey: '' }] as never), {
      message: refused.message
    })
    assert.match(refused.message, /^after: nodes\[0\]\.publicKey: /)
    const late = (await service.compareNetworks(before, after, { timeoutMs: 0 }))._unsafeUnwrapErr()
    assert.equal(late.code, 'TIMEOUT')
    assert.deepEqual(
      events('analysis completed').map(({ analysis, nodes }) => [analysis, nodes]),
      [
        ['plan', after.length],
        ['plan', unknown.length],
        ['suggestion', after.length],
        ['comparison', after.length],
        ['comparison', before.length],
        ['plan', after.length],
        ['plan', after.length],
        ['comparison', after.length]
      ]
    )
  }))

test('what is wrong comes as an Err with the code, and the next call works', () =>
  withService({}, async (service, { events, metric }) => {
    const wrong = [{ publicKey: 'A', quorumSet: { threshold: 'one', validators: [] } }]
    const error = (await service.analyzeTopTier(wrong as never))._unsafeUnwrapErr()
    assert.equal(error.code, 'INVALID_INPUT')
    assert.match(error.message, /nodes\[0\]\.quorumSet\.threshold/)
    const option = (await service.performAnalysis(TWO_OF_THREE, null, { groupBy: 'isp' }))._unsafeUnwrapErr()
    assert.equal(option.code, 'INVALID_INPUT')
    const prepared = (await service.preprocess('{'))._unsafeUnwrapErr()
    assert.equal(prepared.code, 'INVALID_INPUT')
    assert.equal((await service.analyzeTopTier(TWO_OF_THREE))._unsafeUnwrap().topTierSize, 3)

    assert.deepEqual(
      events('analysis failed').map(({ level, code, analysis }) => [level, code, analysis]),
      [
        ['warn', 'INVALID_INPUT', 'topTier'],
        ['warn', 'INVALID_INPUT', 'performAnalysis']
      ]
    )
    assert.equal(
      await metric('fbas_analysis_errors_total', { analysis: 'topTier', code: 'INVALID_INPUT' }),
      1
    )
  }))

test('the time of the options, and the time of the call', () =>
  withService({ timeoutMs: 30 }, async (service, { metric }) => {
    const usual = (await service.analyzeSplittingSets(HARD))._unsafeUnwrapErr()
    assert.equal(usual.code, 'TIMEOUT')
    assert.equal(typeof usual.lowerBound, 'number')
    const bounds = (await service.analyzeSplittingSets(HARD, null, { anytime: true }))._unsafeUnwrap()
    assert.equal(bounds.isExact, false)
    const more = await service.analyzeTopTier(HARD, null, { timeoutMs: 30_000 })
    assert.ok(more.isOk())
    assert.equal(await metric('fbas_analysis_timeouts_total', { analysis: 'splittingSets' }), 1)
  }))

test('a signal stops a call before it begins, while it waits, and while it runs', () =>
  withService({ maxConcurrent: 1 }, async (service) => {
    const code = async (call: ReturnType<FbasService['analyzeSplittingSets']>) =>
      (await call)._unsafeUnwrapErr().code
    const aborted = AbortSignal.abort(new Error('too late'))
    assert.equal(await code(service.analyzeSplittingSets(HARD, null, { signal: aborted })), 'ABORT_ERR')

    const [first, second] = [new AbortController(), new AbortController()]
    const running = service.analyzeSplittingSets(HARD, null, { signal: first.signal })
    const waiting = service.analyzeSplittingSets(HARD, null, { signal: second.signal })
    await until(() => service.status.running === 1 && service.status.waiting === 1)
    second.abort()
    assert.equal(await code(waiting), 'ABORT_ERR')
    first.abort(new Error('enough'))
    const error = (await running)._unsafeUnwrapErr()
    assert.deepEqual(
      [error.code, error.name, (error.cause as Error).message],
      ['ABORT_ERR', 'AbortError', 'enough']
    )
    assert.deepEqual([service.status.running, service.status.waiting], [0, 0])
  }))

test('as many at a time as the options say; the others wait, or are told to come back', () =>
  withService({ maxConcurrent: 2, maxWaiting: 3 }, async (service) => {
    const stop = new AbortController()
    const endless = [0, 1].map(() => service.analyzeSplittingSets(HARD, null, { signal: stop.signal }))
    const waiting = [0, 1, 2].map(() => service.analyzeTopTier(TWO_OF_THREE))
    await until(() => service.status.waiting === 3)
    assert.equal(service.status.running, 2)
    assert.equal(service.status.overloaded, true)
    const refused = (await service.analyzeTopTier(TWO_OF_THREE))._unsafeUnwrapErr()
    assert.equal(refused.code, 'OVERLOADED')
    assert.ok((refused.retryAfterMs ?? 0) > 0)
    stop.abort()
    for (const answer of await Promise.all(waiting)) assert.equal(answer._unsafeUnwrap().topTierSize, 3)
    await Promise.all(endless)
    assert.deepEqual(
      [service.status.running, service.status.waiting, service.status.overloaded],
      [0, 0, false]
    )
  }))

test('who waits longest is next', () =>
  withService({ maxConcurrent: 1 }, async (service) => {
    const order: number[] = []
    const calls = [0, 1, 2, 3].map(async (index) => {
      await service.analyzeTopTier(TWO_OF_THREE)
      order.push(index)
    })
    await Promise.all(calls)
    assert.deepEqual(order, [0, 1, 2, 3])
  }))

test('a call whose time runs out while it waits', () =>
  withService({ maxConcurrent: 1, timeoutMs: 60 }, async (service) => {
    const first = service.analyzeSplittingSets(HARD, null, { timeoutMs: 400 })
    const second = (await service.analyzeTopTier(TWO_OF_THREE))._unsafeUnwrapErr()
    assert.deepEqual([second.code, second.message], ['TIMEOUT', 'no place was free within 60 ms'])
    assert.equal((await first)._unsafeUnwrapErr().code, 'TIMEOUT')
    assert.ok((await service.analyzeTopTier(TWO_OF_THREE)).isOk())
  }))

test('hundreds of calls at once all have their answer', () =>
  withService({ maxWaiting: 1000 }, async (service, { metric }) => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, () => service.analyzeBlockingSets(NETWORK.nodes, NETWORK.organizations))
    )
    assert.ok(answers.every((answer) => answer._unsafeUnwrap().minSize === 4))
    assert.deepEqual(
      [await metric('fbas_concurrent_analyses'), await metric('fbas_waiting_analyses')],
      [0, 0]
    )
  }))

test('shutting down: what is short ends, what is long is aborted, what comes later is refused', async () => {
  let service!: FbasService
  let ends!: Promise<unknown>[]
  let closed = false
  await withService({ shutdownGraceMs: 300, maxConcurrent: 1 }, async (found, { app, events }) => {
    service = found
    const codes = async (call: ReturnType<FbasService['analyzeSplittingSets']>) =>
      (await call).match(
        () => 'answered',
        ({ code }) => code
      )
    ends = [
      codes(service.analyzeSplittingSets(HARD, null, { timeoutMs: 100, anytime: true })),
      codes(service.analyzeSplittingSets(HARD)),
      codes(service.analyzeSplittingSets(HARD))
    ]
    await until(() => service.status.running === 1)
    const closing = app.close().then(() => (closed = true))
    await until(() => events('shutting down').length === 1)
    const late = (await service.analyzeTopTier(TWO_OF_THREE))._unsafeUnwrapErr()
    assert.deepEqual([late.code, late.message], ['UNAVAILABLE', 'the application is shutting down'])
    assert.equal((await service.preprocess(TWO_OF_THREE))._unsafeUnwrapErr().code, 'UNAVAILABLE')
    assert.equal(closed, false)
    await closing
    assert.deepEqual(await Promise.all(ends), ['answered', 'ABORT_ERR', 'ABORT_ERR'])
  })
})

test('options that come from another provider, and a module that is not global', async () => {
  @Injectable()
  class Configuration {
    readonly timeoutMs = 1234
  }
  @Module({ providers: [Configuration], exports: [Configuration] })
  class ConfigurationModule {}
  @Injectable()
  class Scanner {
    constructor(
      @Inject(FbasService) readonly fbas: FbasService,
      @Inject(FBAS_SETTINGS) readonly settings: FbasSettings
    ) {}
  }
  const registry = new Registry()
  @Module({
    imports: [
      FbasModule.forRootAsync({
        imports: [ConfigurationModule],
        inject: [Configuration],
        useFactory: ({ timeoutMs }: Configuration) => ({ timeoutMs, registry, environment: {} })
      })
    ],
    providers: [Scanner]
  })
  class Application {}
  const app = await NestFactory.createApplicationContext(Application, { logger: false })
  const scanner = app.get(Scanner)
  assert.equal(scanner.settings.timeoutMs, 1234)
  assert.equal((await scanner.fbas.analyzeTopTier(TWO_OF_THREE))._unsafeUnwrap().topTierSize, 3)
  await app.close()
})

test('settings: options before the environment, and the names of the Python client where they mean the same', async () => {
  const settings = async (options: FbasModuleOptions) => {
    let found!: FbasSettings
    await withApplication({ http: false, options }, async ({ app }) => {
      found = app.get<FbasSettings>(FBAS_SETTINGS)
    })
    return found
  }
  const other = () => assert.fail('nobody asked')
  const rollout = async (environment: Record<string, string>, code = {}) => {
    const { rollout } = await settings({ environment, rollout: { other, ...code } })
    return [rollout.mode, rollout.percentage]
  }
  assert.equal((await rollout({}))[0], 'shadow')
  assert.equal((await rollout({ FBAS_ENABLED: 'true' }))[0], 'on')
  assert.equal((await rollout({ FBAS_ENABLED: 'false', FBAS_ROLLOUT_PERCENTAGE: '50' }))[0], 'off')
  assert.equal((await rollout({ FBAS_ENABLED: '1', FBAS_ROLLOUT_PERCENTAGE: '0' }))[0], 'shadow')
  assert.deepEqual(await rollout({ FBAS_ENABLED: 'yes', FBAS_ROLLOUT_PERCENTAGE: '2.5' }), [
    'percentage',
    2.5
  ])
  assert.equal((await rollout({ FBAS_ENABLED: 'on', FBAS_ROLLOUT_PERCENTAGE: '100' }))[0], 'on')
  assert.deepEqual(await rollout({ PYTHON_FBAS_ENABLED: 'True', PYTHON_FBAS_ROLLOUT_PERCENTAGE: '10' }), [
    'percentage',
    10
  ])
  assert.equal((await rollout({ FBAS_ENABLED: '', PYTHON_FBAS_ENABLED: 'false' }))[0], 'off')
  assert.equal((await rollout({ FBAS_ENABLED: 'true' }, { mode: 'off' }))[0], 'off')
  assert.deepEqual(await rollout({ FBAS_ROLLOUT_PERCENTAGE: '7' }, { mode: 'percentage' }), ['percentage', 7])

  const full = await settings({
    environment: {
      PYTHON_FBAS_TIMEOUT: '45000',
      PYTHON_FBAS_FALLBACK_TO_RUST: 'false',
      PYTHON_FBAS_RETRY_ATTEMPTS: '5',
      FBAS_RETRY_ATTEMPTS: '2',
      PYTHON_FBAS_RETRY_DELAY: '250'
    }
  })
  assert.equal(full.timeoutMs, 45_000)
  const { fallback, retryAttempts, retryDelayMs } = full.rollout
  assert.deepEqual([fallback, retryAttempts, retryDelayMs], [false, 2, 250])
  assert.equal((await settings({ timeoutMs: 1, environment: { FBAS_TIMEOUT: '9' } })).timeoutMs, 1)

  for (const [options, message] of [
    [
      { environment: { FBAS_TIMEOUT: 'soon' } },
      'FBAS_TIMEOUT: expected a number from 1 to 2147483647, found "soon"'
    ],
    [{ environment: { FBAS_ENABLED: 'maybe' } }, 'FBAS_ENABLED: expected true or false, found "maybe"'],
    [
      { environment: { PYTHON_FBAS_ROLLOUT_PERCENTAGE: '101' }, rollout: { other } },
      'PYTHON_FBAS_ROLLOUT_PERCENTAGE: expected a number from 0 to 100, found 101'
    ],
    [{ maxConcurrent: 0 }, 'maxConcurrent: expected a whole number of at least 1, found 0'],
    [
      { rollout: { other, mode: 'some' as never } },
      'rollout.mode: expected off, shadow, percentage or on, found "some"'
    ],
    [
      { rollout: { other, mode: 'percentage' as const } },
      'rollout.percentage: expected a number from 0 to 100 with the mode percentage'
    ],
    [
      { rollout: { other, rollBack: { errorRate: 5 } } },
      'rollout.rollBack.errorRate: expected a number from 0 to 1, found 5'
    ]
  ] satisfies [FbasModuleOptions, string][]) {
    await assert.rejects(settings(options), { message })
  }
})

test('Terminus is told', () =>
  withApplication(
    { options: { maxConcurrent: 1, maxWaiting: 0 }, http: false, imports: [TerminusModule] },
    async ({ app, get }) => {
      const [indicator, service] = [get(FbasHealthIndicator), get(FbasService)]
      const health = await app.resolve(HealthCheckService)
      const check = () => health.check([() => indicator.isHealthy('fbas')])
      const healthy = await check()
      assert.equal(healthy.status, 'ok')
      const { version, solver } = fbas.health()
      const details = { running: 0, waiting: 0, mode: 'on', rolledBack: null, version, solver }
      assert.deepEqual(healthy.details, { fbas: { status: 'up', ...details } })

      const stop = new AbortController()
      const endless = service.analyzeSplittingSets(HARD, null, { signal: stop.signal })
      await until(() => service.status.running === 1)
      await assert.rejects(
        check(),
        (error: { getStatus(): number; getResponse(): { error: { fbas: object } } }) => {
          assert.equal(error.getStatus(), 503)
          assert.deepEqual(error.getResponse().error.fbas, {
            status: 'down',
            message: 'no place for another analysis',
            ...details,
            running: 1
          })
          return true
        }
      )
      stop.abort()
      await endless
    }
  ))

test('without the addon the application starts, says so, and theirs answers', async () => {
  // What is built, but for the addon itself.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
  const folder = mkdtempSync(join(root, 'node_modules/.cache/no-addon-'))
  try {
    for (const part of ['dist/nestjs', 'dist/study']) {
      cpSync(join(root, part), join(folder, part), { recursive: true })
    }
    cpSync(join(root, 'index.js'), join(folder, 'index.js'))
    writeFileSync(join(folder, 'package.json'), '{"name": "stellar-fbas"}')
    const program = `
      const { NestFactory } = require('@nestjs/core')
      const { FbasHealthIndicator, FbasModule, FbasRollout, FbasService } = require('./dist/nestjs')
      const figures = { hasQuorumIntersection: true }
      const Application = FbasModule.forRoot({
        rollout: { other: () => figures, mode: 'on', retryDelayMs: 1 }, environment: {}
      })
      NestFactory.createApplicationContext(Application, { logger: false }).then(async (app) => {
        const [service, rollout] = [app.get(FbasService), app.get(FbasRollout)]
        const failed = await service.performAnalysis('[]')
        const { fbas } = app.get(FbasHealthIndicator).isHealthy()
        const used = await rollout.performAnalysis('[]')
        await app.close()
        console.log(JSON.stringify([failed.error.code, failed.error.message, fbas.status, fbas.message, used.value]))
      })`
    writeFileSync(join(folder, 'program.cjs'), program)
    const [code, message, status, reason, used] = JSON.parse(await run(join(folder, 'program.cjs'), folder))
    assert.deepEqual([code, status, used], ['UNAVAILABLE', 'down', { hasQuorumIntersection: true }])
    assert.match(message, /^the addon could not be loaded: .*native binding/s)
    assert.equal(reason, message)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
