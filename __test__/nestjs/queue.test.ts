// Histories on a queue, with a real Redis and real processes that work on it: that nothing is lost and nothing is there twice, whatever ends in mid-work.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'

import { getQueueToken } from '@nestjs/bullmq'
import type { Queue } from 'bullmq'

import { FbasNetwork } from '../../index.js'
import {
  FbasHistory,
  type FbasModuleOptions,
  type HistorySnapshot,
  type NetworkRecord
} from 'stellar-fbas/nestjs'
import {
  FBAS_QUEUE,
  FbasQueueHealthIndicator,
  FbasQueueModule,
  folderStore,
  type FbasQueueOptions
} from 'stellar-fbas/nestjs/queue'
import { folder } from '../cli/command.js'
import { flat, fourOrganizations, hard, TWO_OF_THREE, TWO_PAIRS } from '../networks.js'
import { until, withApplication, type Running } from './application.js'
import { Redis, withoutRedis, WorkingProcess } from './redis.js'

const KEPT = ['--appendonly', 'yes']
const HARD = JSON.stringify(hard(40))
const files = folder()

interface Numbered extends HistorySnapshot {
  id: number
}

/** An application that puts its histories on the queue. */
const withQueue = (
  queue: FbasQueueOptions,
  work: (history: FbasHistory, app: Running) => Promise<void>,
  options: FbasModuleOptions = {}
) =>
  withApplication(
    {
      http: false,
      options: { history: 'queue', ...options },
      imports: [FbasQueueModule.forRoot({ environment: {}, lookMs: 500, ...queue })]
    },
    (app) => work(app.get(FbasHistory), app)
  )

const queueOf = ({ app }: Running) => app.get<Queue>(getQueueToken(FBAS_QUEUE))

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

const different = (count: number): Numbered[] =>
  Array.from({ length: count }, (_, id) => ({ id, nodes: JSON.stringify(flat([`A${id}`, 'B', 'C'], 2)) }))

describe('on a queue', { skip: withoutRedis }, () => {
  const ends: (() => Promise<void>)[] = []
  after(async () => {
    for (const end of ends.reverse()) await end()
  })
  const started = async (...settings: string[]): Promise<Redis> => {
    const redis = await Redis.start(...settings)
    ends.push(() => redis.end())
    return redis
  }
  const working = async (options: object, store?: string): Promise<WorkingProcess> => {
    const worker = new WorkingProcess(options, store)
    ends.push(() => worker.end('SIGKILL'))
    return worker.ready()
  }

  test('2,000 snapshots by four workers, one killed, Redis killed and started again: one right result each', async () => {
    const redis = await started(...KEPT)
    const connection = { url: redis.url }
    const options = { connection, lockMs: 1500 }
    const workers = await Promise.all([1, 2, 3, 4].map(() => working(options)))
    // Half of them are different, each has a number of nodes by which its record is known, and every hundredth cannot be read.
    const sizes = [3, 4, 5, 6, 7]
    const snapshots = Array.from({ length: 2000 }, (_, id) => {
      const size = sizes[id % sizes.length] ?? 3
      const keys = Array.from({ length: size }, (_, index) => (index === 0 ? `A${id % 1000}` : `B${index}`))
      return {
        id,
        size,
        nodes: id % 100 === 99 ? `[{"publicKey": ${id}}]` : JSON.stringify(flat(keys, size - 1))
      }
    })
    await withQueue({ connection, atOnce: 100 }, async (history, app) => {
      const seen = new Map<number, NetworkRecord | string>()
      const queue = queueOf(app)
      for await (const { snapshot, outcome } of history.analyze(snapshots, { order: 'ready' })) {
        assert.ok(!seen.has(snapshot.id), `${snapshot.id} is there twice`)
        seen.set(snapshot.id, outcome.isOk() ? outcome.value : outcome.error.code)
        if (seen.size === 300) {
          // In mid-job: it has some that it did not finish.
          await until(async () => (await queue.getActiveCount()) > 0)
          await workers[0]?.end('SIGKILL')
        }
        if (seen.size === 700) {
          await redis.kill()
          await new Promise((resolve) => setTimeout(resolve, 300))
          await redis.again()
        }
      }
      assert.equal(seen.size, 2000)
      for (const { id, size, nodes } of snapshots) {
        const record = seen.get(id)
        if (id % 100 === 99) {
          assert.equal(record, 'INVALID_INPUT')
          continue
        }
        assert.ok(typeof record === 'object', `${id}: ${record}`)
        // Any two of the quorums, which have all nodes but one, share all but two.
        assert.deepEqual(
          [
            record.hash,
            record['node.topTierSize'],
            record['node.blockingSetsMinSize'],
            record['node.splittingSetsMinSize']
          ],
          [FbasNetwork.loadSync(nodes).hash(), size, 2, size - 2]
        )
        assert.match(record.engine, /^stellar-fbas /)
      }
    })
  })

  test('a Redis that forgets everything is told again', async () => {
    const redis = await started()
    const connection = { url: redis.url }
    await withQueue({ connection }, async (history, app) => {
      const results = all(history.analyze(different(40)))
      await until(async () => (await queueOf(app).getWaitingCount()) === 40)
      await redis.kill()
      await redis.again()
      await working({ connection })
      assert.deepEqual(
        (await results).map(({ snapshot, outcome }) => [snapshot.id, outcome._unsafeUnwrap().verdict]),
        different(40).map(({ id }) => [id, 'safe'])
      )
    })
  })

  test('the same as here: records, order, and large snapshots by reference', async () => {
    const redis = await started()
    const connection = { url: redis.url }
    const { nodes, organizations } = fourOrganizations()
    const snapshots = [
      { nodes, organizations },
      { nodes: TWO_PAIRS },
      { nodes: JSON.stringify(TWO_OF_THREE) },
      { nodes: HARD }
    ]
    const asked = { timeoutMs: 300 }
    let here: unknown
    const outcomes = async (history: FbasHistory) =>
      (await all(history.analyze(snapshots.slice(0, 3), asked))).map(({ outcome }) => outcome._unsafeUnwrap())
    await withApplication({ http: false }, async ({ get }) => {
      here = await outcomes(get(FbasHistory))
    })
    const store = join(files.path, 'store')
    await working({ connection }, store)
    await withQueue({ connection, store: folderStore(store), inlineBytes: 1000 }, async (history, app) => {
      assert.deepEqual(await outcomes(history), here)
      const [long] = await all(history.analyze(snapshots.slice(3), asked))
      assert.equal(long?.outcome._unsafeUnwrap().isExact, false)
      const jobs = await queueOf(app).getJobs(['completed'])
      const carried = jobs.map(({ data }) => [data.packed !== undefined, data.reference !== undefined])
      assert.equal(carried.length, 4)
      assert.deepEqual(
        carried.filter(([isPacked, isReferred]) => isPacked === isReferred),
        []
      )
      const kept = readdirSync(store)
      const referred = jobs.flatMap(({ data }) => data.reference ?? [])
      assert.ok(referred.length > 0 && referred.length < 4, `${referred.length}`)
      assert.deepEqual(kept.sort(), referred.map((name) => `${name}.gz`).sort())
    })
  })

  test('equal work is done once, for whoever asks', async () => {
    const redis = await started()
    const connection = { url: redis.url }
    await working({ connection })
    await withQueue({ connection }, async (one, first) => {
      await withQueue({ connection }, async (other) => {
        const [some, same] = await Promise.all(
          [one, other].map((history) => all(history.analyze(different(50))))
        )
        assert.equal(some?.length, 50)
        assert.deepEqual(
          some?.map(({ outcome }) => outcome._unsafeUnwrap()),
          same?.map(({ outcome }) => outcome._unsafeUnwrap())
        )
        const queue = queueOf(first)
        assert.equal(await queue.getCompletedCount(), 50)
        assert.ok((await queue.getJobs(['completed'])).every(({ attemptsStarted }) => attemptsStarted === 1))
      })
      // Another question is other work.
      await all(one.analyze(different(2), { scope: 'all' }))
      assert.equal(await queueOf(first).getCompletedCount(), 52)
    })
  })

  test('results that are removed before anybody took them are worked out again', async () => {
    const redis = await started()
    const connection = { url: redis.url }
    await working({ connection })
    await withQueue({ connection, keepResults: { count: 0 } }, async (history) => {
      const outcomes = await all(history.analyze(different(3), { signal: AbortSignal.timeout(60_000) }))
      assert.deepEqual(
        outcomes.map(({ outcome }) => outcome._unsafeUnwrap().verdict),
        ['safe', 'safe', 'safe']
      )
    })
  })

  test('a full queue is backpressure', async () => {
    const redis = await started()
    const connection = { url: redis.url }
    await withQueue({ connection, maxWaiting: 5, atOnce: 20 }, async (history, app) => {
      let taken = 0
      const source = function* () {
        for (const snapshot of different(60)) {
          taken++
          yield snapshot
        }
      }
      const results = all(history.analyze(source()))
      const queue = queueOf(app)
      await until(async () => (await queue.getWaitingCount()) === 5)
      await new Promise((resolve) => setTimeout(resolve, 600))
      assert.equal(await queue.getWaitingCount(), 5)
      assert.ok(taken <= 41, `${taken} were taken`)
      await working({ connection })
      assert.equal((await results).length, 60)
    })
  })

  test('who is asked to end gives back what is under way, and others finish it', async () => {
    const redis = await started()
    const connection = { url: redis.url }
    const first = await working({ connection })
    await withQueue({ connection }, async (history, app) => {
      const results = all(history.analyze([{ nodes: HARD }], { timeoutMs: 4000 }))
      const queue = queueOf(app)
      await until(async () => (await queue.getActiveCount()) === 1)
      await first.end('SIGTERM')
      assert.deepEqual(
        [await queue.getActiveCount(), (await queue.getDelayedCount()) + (await queue.getWaitingCount())],
        [0, 1]
      )
      await working({ connection })
      const [result] = await results
      assert.equal(result?.outcome._unsafeUnwrap().isExact, false)
      const [job] = await queue.getJobs(['completed'])
      assert.equal(job?.attemptsMade, 1)
    })
  })

  test('what is not there to help another time fails after its attempts, with its code, and can be asked for again', async () => {
    const redis = await started()
    const connection = { url: redis.url }
    // It has no store, so it cannot know what is in one.
    const without = await working({ connection })
    const store = join(files.path, 'missing')
    const queue = { connection, store: folderStore(store), inlineBytes: 0, attempts: 2, backoffMs: 10 }
    await withQueue(queue, async (history, app) => {
      const [failed] = await all(history.analyze(different(1)))
      assert.deepEqual(
        [failed?.outcome._unsafeUnwrapErr().code, failed?.outcome._unsafeUnwrapErr().message],
        ['INTERNAL', 'the snapshot is in a store, and this worker has none']
      )
      const [job] = await queueOf(app).getJobs(['failed'])
      assert.equal(job?.attemptsMade, 2)
      await without.end()
      await working({ connection }, store)
      const [again] = await all(history.analyze(different(1)))
      assert.equal(again?.outcome._unsafeUnwrap().verdict, 'safe')
    })
  })

  test('processes that Redis does not let in end when they are asked to', async () => {
    const redis = await started('--requirepass', 'open-sesame')
    const url = `redis://:wrong-sesame@127.0.0.1:${redis.port}`
    const worker = await working({ connection: { url } })
    await until(() => /WRONGPASS/.test(worker.printed))
    await worker.end('SIGTERM')
    assert.doesNotMatch(worker.printed, /sesame/)
  })

  test('health and metrics say how it is; passwords are never told', async () => {
    const redis = await started('--requirepass', 'open-sesame')
    const environment = {
      FBAS_REDIS_URL: `redis://:open-sesame@127.0.0.1:${redis.port}`,
      FBAS_QUEUE_WORKER: 'true'
    }
    await withQueue({ environment }, async (history, app) => {
      // What is never counted is 0 from the beginning: a rate of nothing is nothing.
      const finished = await app.registry.getSingleMetricAsString('fbas_queue_finished_total')
      for (const outcome of ['completed', 'failed', 'given back', 'lost'])
        assert.ok(finished.includes(`fbas_queue_finished_total{outcome="${outcome}"} 0`), finished)
      await all(history.analyze([...different(3), { id: 3, nodes: '[{}]' }]))
      await until(async () => (await app.metric('fbas_queue_finished_total', { outcome: 'completed' })) === 3)
      assert.equal(await app.metric('fbas_queue_networks', { state: 'waiting' }), 0)
      const indicator = app.get(FbasQueueHealthIndicator)
      assert.deepEqual(await indicator.isHealthy('queue'), {
        queue: { status: 'up', waiting: 0, active: 0, delayed: 0, failed: 0, working: true }
      })
      await redis.kill()
      await until(async () => (await indicator.isHealthy('queue')).queue.status === 'down')
      await until(() => app.events('queue error').length > 0)
      await redis.again()
      await until(async () => (await indicator.isHealthy('queue')).queue.status === 'up')
      assert.doesNotMatch(JSON.stringify(app.log), /sesame/)
    })
    await withQueue(
      { connection: { url: `redis://:wrong-sesame@127.0.0.1:${redis.port}` } },
      async (_, app) => {
        await until(() =>
          app.events('queue error').some(({ message }) => /WRONGPASS|NOAUTH/.test(String(message)))
        )
        assert.equal((await app.get(FbasQueueHealthIndicator).isHealthy('queue')).queue.status, 'down')
        assert.doesNotMatch(JSON.stringify(app.log), /sesame/)
      }
    )
  })
})

test('what cannot be meant ends the start, and an address is not told', async () => {
  const starts = (queue: FbasQueueOptions) => withQueue(queue, async () => {})
  await assert.rejects(starts({ environment: { FBAS_REDIS_URL: 'http://:sesame@host' } }), {
    message: 'FBAS_REDIS_URL: expected an address that begins with redis:// or rediss://'
  })
  await assert.rejects(starts({ environment: { FBAS_QUEUE_WORKER: 'maybe' } }), {
    message: 'FBAS_QUEUE_WORKER: expected true or false, found "maybe"'
  })
  await assert.rejects(starts({ atOnce: 0, connection: {} }), {
    message: 'atOnce: expected a whole number of at least 1, found 0'
  })
  await assert.rejects(
    withApplication({ http: false, options: { history: 'queue' } }, async () => {}),
    {
      message: "history: 'queue' needs FbasQueueModule of stellar-fbas/nestjs/queue"
    }
  )
  await assert.rejects(
    withApplication({ http: false, options: { environment: { FBAS_HISTORY: 'there' } } }, async () => {}),
    { message: 'FBAS_HISTORY: expected here or queue, found "there"' }
  )
})
