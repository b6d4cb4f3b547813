// The change-over: whose answer is used, what is logged where they differ, the shares, falling back, rolling back, and the way back.

import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'

import { err, ok } from 'neverthrow'

import fbas from '../../index.js'
import { FbasRollout, FbasService, type AnalysisFigures, type FbasRolloutOptions } from 'stellar-fbas/nestjs'
import { fourOrganizations, hard } from '../networks.js'
import { until, withApplication, type Running } from './application.js'

const { nodes, organizations } = fourOrganizations()
const RIGHT = fbas.performAnalysisSync(nodes, organizations)
const HARD = JSON.stringify(hard(40))

/** An analyser that tells itself apart by one wrong figure, and counts its calls. */
function wrong() {
  const figures: AnalysisFigures = { ...RIGHT, node: { ...RIGHT.node, topTierSize: 99 } }
  const other = Object.assign(
    async () => {
      other.calls++
      return figures
    },
    { calls: 0, figures }
  )
  return other
}

type Setup = FbasRolloutOptions & { timeoutMs?: number; maxConcurrent?: number; maxWaiting?: number }

const withRollout = (
  { timeoutMs, maxConcurrent, maxWaiting, ...rollout }: Setup,
  work: (rollout: FbasRollout, app: Running) => Promise<void>
) =>
  withApplication(
    { http: false, options: { rollout, timeoutMs, maxConcurrent, maxWaiting, shutdownGraceMs: 0 } },
    (app) => work(app.get(FbasRollout), app)
  )

const reasonOf = (rollout: FbasRollout) => rollout.state.rolledBack?.reason

const isOurs = (answer: AnalysisFigures) => answer.node.topTierSize === RIGHT.node.topTierSize

test('off: theirs is used and ours does not run', async () => {
  const other = wrong()
  await withRollout({ other, mode: 'off' }, async (rollout, { events, metric }) => {
    const answer = await rollout.performAnalysis(nodes, organizations)
    assert.equal(answer._unsafeUnwrap(), other.figures)
    assert.equal(events('analysis started').length, 0)
    assert.equal(await metric('fbas_rollout_calls_total', { analyser: 'theirs' }), 1)
  })
})

test('shadow: theirs is used, and every figure in which they differ is logged and counted with both values', async () => {
  const figures = {
    ...RIGHT,
    hasQuorumIntersection: false,
    organization: { ...RIGHT.organization, blockingSetsMinSize: 7, splittingSetsMinSize: 8 }
  }
  await withRollout({ other: () => figures, mode: 'shadow' }, async (rollout, { events, metric }) => {
    assert.equal((await rollout.performAnalysis(nodes, organizations))._unsafeUnwrap(), figures)
    await until(() => events('discrepancy').length === 3)
    assert.deepEqual(
      events('discrepancy').map(({ level, figure, ours, theirs }) => [level, figure, ours, theirs]),
      [
        ['warn', 'hasQuorumIntersection', true, false],
        ['warn', 'organization.blockingSetsMinSize', RIGHT.organization.blockingSetsMinSize, 7],
        ['warn', 'organization.splittingSetsMinSize', RIGHT.organization.splittingSetsMinSize, 8]
      ]
    )
    assert.equal(await metric('fbas_discrepancies_total', { figure: 'organization.blockingSetsMinSize' }), 1)
    assert.equal(await metric('fbas_rollout_calls_total', { analyser: 'ours' }), 0)
  })
})

test('shadow: the same figures are no discrepancy, whatever else theirs says or leaves out', async () => {
  const { findings, engine, ...figures } = RIGHT
  const { blockingSetsFilteredMinSize, ...country } = figures.country
  const other = () => ok({ ...figures, country: country as typeof figures.country, more: 1 })
  await withRollout({ other, mode: 'shadow' }, async (rollout, { events }) => {
    await rollout.performAnalysis(nodes, organizations)
    await until(() => events('analysis completed').length === 1)
    await sleep(20)
    assert.deepEqual([events('discrepancy'), events('only one answered')], [[], []])
  })
})

test('shadow: theirs does not wait for ours, and its error is the answer', () =>
  withRollout(
    { other: () => err(new Error('theirs is broken')), mode: 'shadow', timeoutMs: 5_000 },
    async (rollout, { events }) => {
      const stop = new AbortController()
      const answer = await rollout.performAnalysis(HARD, null, { signal: stop.signal })
      assert.equal(answer._unsafeUnwrapErr().message, 'theirs is broken')
      assert.equal(events('analysis failed').length, 0)
      stop.abort()

      await rollout.performAnalysis(nodes, organizations)
      await until(() => events('only one answered').length === 1)
      assert.deepEqual(
        events('only one answered').map(({ ours, theirs }) => [ours, theirs]),
        [['answered', 'theirs is broken']]
      )
    }
  ))

test('percentage: the share is met, a key always has the same answer, and keeps it as the share grows', async () => {
  const keys = Array.from({ length: 2000 }, (_, index) => `scan ${index}`)
  const chosen: Set<string>[] = []
  for (const percentage of [1, 10, 50, 100]) {
    await withRollout({ other: wrong(), mode: 'percentage', percentage }, async (rollout) => {
      const ours = async (key: string) =>
        isOurs((await rollout.performAnalysis(nodes, organizations, { key }))._unsafeUnwrap())
      const first = await Promise.all(keys.slice(0, 100).map(ours))
      assert.deepEqual(await Promise.all(keys.slice(0, 100).map(ours)), first)
      const those = new Set<string>()
      for (let start = 0; start < keys.length; start += 100) {
        const batch = keys.slice(start, start + 100)
        const answers = await Promise.all(batch.map(ours))
        batch.forEach((key, index) => answers[index] && those.add(key))
      }
      const expected = (keys.length * percentage) / 100
      // Four standard deviations of as many throws of a die.
      const spread = 4 * Math.sqrt((expected * (100 - percentage)) / 100)
      assert.ok(
        Math.abs(those.size - expected) <= spread,
        `${those.size} of ${keys.length} at ${percentage} %`
      )
      chosen.push(those)
    })
  }
  chosen.slice(1).forEach((larger, index) => {
    for (const key of chosen[index] ?? []) assert.ok(larger.has(key), key)
  })
})

test('percentage without a key: by chance', () =>
  withRollout({ other: wrong(), mode: 'percentage', percentage: 50 }, async (rollout) => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => rollout.performAnalysis(nodes, organizations))
    )
    const ours = answers.filter((answer) => isOurs(answer._unsafeUnwrap())).length
    assert.ok(ours > 10 && ours < 90, String(ours))
  }))

test('on: ours is used; where it fails or takes too long, theirs steps in', async () => {
  const other = wrong()
  await withRollout({ other, mode: 'on', timeoutMs: 30 }, async (rollout, { events, metric }) => {
    const ours = (await rollout.performAnalysis(nodes, organizations, { timeoutMs: 30_000 }))._unsafeUnwrap()
    assert.deepEqual(ours, RIGHT)
    assert.equal(other.calls, 0)

    assert.equal((await rollout.performAnalysis('nonsense'))._unsafeUnwrap(), other.figures)
    assert.equal((await rollout.performAnalysis(HARD))._unsafeUnwrap(), other.figures)
    assert.deepEqual(
      events('fell back').map(({ level, code }) => [level, code]),
      [
        ['warn', 'INVALID_INPUT'],
        ['warn', 'TIMEOUT']
      ]
    )
    assert.equal(await metric('fbas_fallbacks_total', { code: 'TIMEOUT' }), 1)
    assert.equal(await metric('fbas_rollout_calls_total', { analyser: 'ours' }), 1)
    assert.equal(await metric('fbas_rollout_calls_total', { analyser: 'theirs' }), 2)
  })
})

test('on: without the fall-back the error is the answer, and what the caller stops does not fall back', async () => {
  const other = wrong()
  await withRollout({ other, mode: 'on', fallback: false }, async (rollout) => {
    const error = (await rollout.performAnalysis('nonsense'))._unsafeUnwrapErr()
    assert.equal((error as { code?: string }).code, 'INVALID_INPUT')
  })
  await withRollout({ other, mode: 'on' }, async (rollout) => {
    const signal = AbortSignal.abort()
    const error = (await rollout.performAnalysis(nodes, organizations, { signal }))._unsafeUnwrapErr()
    assert.equal((error as { code?: string }).code, 'ABORT_ERR')
  })
  assert.equal(other.calls, 0)
})

test('theirs may throw, reject, or be missing', async () => {
  const broken = () => {
    throw new Error('broken')
  }
  for (const other of [broken, async () => broken(), () => Promise.reject('broken')]) {
    await withRollout({ other, mode: 'off' }, async (rollout) => {
      assert.equal((await rollout.performAnalysis(nodes))._unsafeUnwrapErr().message, 'broken')
    })
  }
  await withApplication(
    { http: false, options: { environment: { FBAS_ENABLED: 'false' } } },
    async ({ get }) => {
      const error = (await get(FbasRollout).performAnalysis(nodes))._unsafeUnwrapErr()
      assert.equal(error.message, 'ours is switched off, and there is no other analyser')
    }
  )
  await withApplication({ http: false }, async ({ get }) => {
    assert.deepEqual((await get(FbasRollout).performAnalysis(nodes, organizations))._unsafeUnwrap(), RIGHT)
  })
})

test('ours is tried again where that can help', () =>
  withRollout(
    { other: wrong(), mode: 'on', retryAttempts: 4, retryDelayMs: 100, maxConcurrent: 1, maxWaiting: 0 },
    async (rollout, { get, events }) => {
      const service = get(FbasService)
      const stop = new AbortController()
      const endless = service.analyzeSplittingSets(HARD, null, { signal: stop.signal })
      await until(() => service.status.running === 1)
      const answer = rollout.performAnalysis(nodes, organizations)
      await until(() => events('analysis failed').length === 2)
      stop.abort()
      await endless
      assert.ok(isOurs((await answer)._unsafeUnwrap()))

      const before = events('analysis failed').length
      await rollout.performAnalysis('nonsense')
      assert.equal(events('analysis failed').length, before + 1)
    }
  ))

test('rolls back when too many calls fail, runs beside theirs from then on, and comes back when that goes well', async () => {
  const other = wrong()
  const rollBack = { minimumCalls: 10, errorRate: 0.25, resumeAfterMs: 100 }
  await withRollout({ other, mode: 'on', rollBack }, async (rollout, { events, metric }) => {
    const good = async () => isOurs((await rollout.performAnalysis(nodes, organizations))._unsafeUnwrap())
    for (let call = 0; call < 7; call++) assert.ok(await good())
    for (let call = 0; call < 2; call++) await rollout.performAnalysis('nonsense')
    assert.equal(rollout.state.rolledBack, null)
    await rollout.performAnalysis('nonsense')
    assert.equal(reasonOf(rollout), '30.0 % of 10 calls failed')
    assert.equal(events('rolled back')[0]?.level, 'error')
    assert.equal(await metric('fbas_rolled_back'), 1)

    assert.equal(await good(), false)
    await until(() => events('discrepancy').length === 1)
    for (let call = 0; call < 20; call++) assert.equal(await good(), false)
    assert.notEqual(rollout.state.rolledBack, null)
    await sleep(120)
    await good()
    await until(() => rollout.state.rolledBack === null)
    assert.equal(events('resumed').length, 1)
    assert.equal(await metric('fbas_rolled_back'), 0)
    assert.ok(await good())
  })
})

test('does not come back while calls go on failing, and comes back by hand', async () => {
  const rollBack = { minimumCalls: 4, resumeAfterMs: 0 }
  await withRollout({ other: wrong(), mode: 'on', rollBack }, async (rollout, { events }) => {
    const failed = async (count: number) => {
      for (let call = 0; call < count; call++) await rollout.performAnalysis('nonsense')
    }
    await failed(4)
    assert.notEqual(rollout.state.rolledBack, null)
    await failed(10)
    await until(() => events('analysis failed').length === 14)
    await sleep(10)
    assert.notEqual(rollout.state.rolledBack, null)
    rollout.resume()
    assert.equal(rollout.state.rolledBack, null)
    assert.ok(isOurs((await rollout.performAnalysis(nodes, organizations))._unsafeUnwrap()))
    rollout.rollBack('by hand')
    assert.equal(reasonOf(rollout), 'by hand')
  })
})

test('rolls back when too many calls take too long, when they are slow, and when there is no answer for a while', async () => {
  const reason = async (setup: Partial<Setup>, input: string, calls: number, pauseMs = 0) => {
    let found: string | undefined
    await withRollout({ other: wrong(), mode: 'on', ...setup }, async (rollout) => {
      for (let call = 0; call < calls; call++) {
        await rollout.performAnalysis(input)
        await sleep(pauseMs)
      }
      found = rollout.state.rolledBack?.reason
    })
    return found
  }
  const network = JSON.stringify(nodes)
  const few = { minimumCalls: 5 }
  assert.equal(await reason({ timeoutMs: 20, rollBack: few }, HARD, 5), '100.0 % of 5 calls took too long')
  assert.equal(
    await reason({ rollBack: { ...few, p95Ms: 0 } }, network, 5),
    '100.0 % of 5 calls took more than 0.0 s'
  )
  const unavailable = { minimumCalls: 1000, unavailableMs: 100 }
  assert.match(String(await reason({ rollBack: unavailable }, 'nonsense', 4, 60)), /^no answer for 0\.1 s$/)
  // What is out of the window, in shadow mode, switched off, or within the limits does not count.
  assert.equal(await reason({ rollBack: { ...few, windowMs: 50 } }, 'nonsense', 6, 30), undefined)
  assert.equal(await reason({ rollBack: few, mode: 'shadow' }, 'nonsense', 6), undefined)
  assert.equal(await reason({ rollBack: false }, 'nonsense', 30), undefined)
  assert.equal(await reason({ rollBack: few }, network, 30), undefined)
})
