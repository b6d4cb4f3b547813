// Histories in a real Nest application: what comes of each snapshot, how far ahead it works, who goes first, and every way it can end.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fbas from '../../index.js'
import {
  FbasHistory,
  FbasService,
  type FbasModuleOptions,
  type HistoryProgress,
  type HistorySnapshot
} from 'stellar-fbas/nestjs'
import { folder, lines } from '../cli/command.js'
import { flat, fourOrganizations, hard, TWO_OF_THREE, TWO_PAIRS } from '../networks.js'
import { smallNetwork } from '../small_networks.js'
import { until, withApplication, type Running } from './application.js'

interface Named extends HistorySnapshot {
  id: number
}

const withHistory = (
  options: FbasModuleOptions,
  work: (history: FbasHistory, app: Running) => Promise<void>
) => withApplication({ options, http: false }, (app) => work(app.get(FbasHistory), app))

/** Networks that all differ. */
const different = (count: number): Named[] =>
  Array.from({ length: count }, (_, id) => ({ id, nodes: JSON.stringify(flat([`A${id}`, 'B', 'C'], 2)) }))
const files = folder()
const HARD = JSON.stringify(hard(40))

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

test('what is known of each is what the command line says of it and the functions answer', () =>
  withHistory({}, async (history, { events, metric }) => {
    const snapshots = Array.from({ length: 40 }, (_, id) => {
      const { nodes, organizations } = id === 7 ? fourOrganizations() : smallNetwork(id % 30)
      return { id, nodes: JSON.stringify(nodes), organizations: JSON.stringify(organizations) }
    })
    const results = await all(history.analyze(snapshots))
    assert.deepEqual(
      results.map(({ snapshot }) => snapshot),
      snapshots
    )
    const records = results.map(({ outcome }) => outcome._unsafeUnwrap())

    const hashes = new Set(records.map(({ hash }) => hash))
    assert.ok(hashes.size <= 31 && hashes.size > 25, `${hashes.size}`)
    assert.equal(
      await metric('fbas_analysis_duration_seconds', { analysis: 'history', le: '+Inf' } as never),
      hashes.size
    )
    const [completed] = events('history completed')
    assert.deepEqual(
      [completed?.['snapshots'], completed?.['networks'], completed?.['failed']],
      [40, hashes.size, 0]
    )

    const names = snapshots.map(({ id, nodes, organizations }) => {
      files.write(`organizations-${id}.json`, organizations)
      return files.write(`nodes-${id}.json`, nodes)
    })
    const told = (await lines(['history', ...names])).map((line) => JSON.parse(line))
    assert.equal(told.length, snapshots.length)
    for (const line of told) {
      const id = Number(/nodes-(\d+)/.exec(line.snapshot)?.[1])
      const { time, timeFrom, snapshot, error, options, timeout, ...record } = line
      assert.deepEqual(records[id], record)
    }
    for (const [id, { nodes, organizations }] of snapshots.entries()) {
      const options = { ignoreOneNodeQuorums: true, groupBy: 'organization' } as const
      const { topTierSize } = await fbas.analyzeTopTier(nodes, organizations, options)
      const { minSize } = await fbas.analyzeSplittingSets(nodes, organizations, options)
      if (records[id]?.['node.topTierSize'] === null) continue
      assert.equal(records[id]?.['organization.topTierSize'], topTierSize)
      assert.equal(records[id]?.['organization.splittingSetsMinSize'], minSize)
    }
  }))

test('a snapshot that cannot be read has an error and does not end the others', () =>
  withHistory({}, async (history, { events, metric }) => {
    const snapshots = [{ nodes: TWO_OF_THREE }, { nodes: '[{}]' }, { nodes: 'no JSON' }, { nodes: TWO_PAIRS }]
    const told = (await all(history.analyze(snapshots))).map(({ outcome }) =>
      outcome.match(
        ({ verdict }) => verdict,
        ({ code, message }) => `${code}: ${message.slice(0, 40)}`
      )
    )
    assert.deepEqual(told.slice(0, 2).concat(told.slice(3)), [
      'safe',
      'INVALID_INPUT: nodes[0]: missing field `publicKey`',
      'unsafe'
    ])
    assert.match(told[2] ?? '', /^INVALID_INPUT: nodes: /)
    assert.equal(events('history completed')[0]?.['failed'], 2)
    assert.equal(
      await metric('fbas_analysis_errors_total', { analysis: 'snapshot', code: 'INVALID_INPUT' }),
      2
    )
    assert.deepEqual(events('analysis failed'), [])
  }))

test('options of the question are asked, and what makes no sense is refused', () =>
  withHistory({}, async (history) => {
    // Who trusts nobody but somebody that nobody has seen.
    const nodes = [...flat(['A', 'B'], 2).slice(1), ...flat(['C', 'D'], 2).slice(1)]
    const [dead, free] = await Promise.all(
      [{}, { unknownNodes: 'free' } as const].map(async (options) => {
        const [result] = await all(history.analyze([{ nodes }], options))
        return result?.outcome._unsafeUnwrap()
      })
    )
    assert.deepEqual(
      [dead?.hasQuorum, free?.hasQuorum, free?.hasQuorumIntersection, free?.verdict],
      [false, true, false, 'unsafe']
    )
    for (const [options, message] of [
      [{ order: 'random' as never }, 'order: expected given or ready, found "random"'],
      [{ ahead: -1 }, 'ahead: expected a whole number of at least 0, found -1']
    ] as const) {
      await assert.rejects(all(history.analyze([], options)), { code: 'INVALID_INPUT', message })
    }
  }))

test('snapshots are taken only as results are', () =>
  withHistory({ maxConcurrent: 2 }, async (history, { metric }) => {
    let taken = 0
    async function* source() {
      for (const snapshot of different(50)) {
        taken++
        yield snapshot
      }
    }
    const results = history.analyze(source(), { ahead: 3 })
    const worked = () =>
      metric('fbas_analysis_duration_seconds', { analysis: 'history', le: '+Inf' } as never)
    await results.next()
    await until(async () => (await worked()) >= 5)
    await new Promise((resolve) => setTimeout(resolve, 100))
    // One was given out, two at once and three ahead, and one is on its way.
    assert.ok(taken >= 6 && taken <= 7, `${taken} were taken`)
    assert.equal((await all(results)).length, 49)
    assert.equal(taken, 50)
  }))

test('in the order given, or as soon as they are there; what is not proven in its time has its bounds', () =>
  withHistory({ maxConcurrent: 2 }, async (history) => {
    const snapshots = [{ id: -1, nodes: HARD }, ...different(10)]
    const idsOf = async (order: 'given' | 'ready') => {
      const results = await all(history.analyze(snapshots, { order, timeoutMs: 1500 }))
      const slow = results.find(({ snapshot }) => snapshot.id === -1)?.outcome._unsafeUnwrap()
      assert.equal(slow?.isExact, false)
      assert.match(slow?.inexact ?? '', /smallest splitting set, counting nodes: /)
      return results.map(({ snapshot }) => snapshot.id)
    }
    const given = snapshots.map(({ id }) => id)
    assert.deepEqual(await idsOf('given'), given)
    const ready = await idsOf('ready')
    assert.equal(ready.at(-1), -1)
    assert.deepEqual(
      [...ready].sort((one, other) => one - other),
      given
    )
  }))

test('it is told how far it is', () =>
  withHistory({}, async (history) => {
    const told: HistoryProgress<Named>[] = []
    const [first, ...more] = different(2)
    const snapshots = [first!, { ...first!, id: 7 }, ...more]
    await all(history.analyze(snapshots, { onProgress: (progress) => told.push(progress) }))
    const about = (id: number) =>
      told
        .filter(({ snapshot }) => snapshot.id === id)
        .map(({ answered, questions }) => [answered, questions])
    const everyFour = [1, 2, 3, 4].map((answered) => [answered, 4])
    // Of the two with the same network one is worked out, whichever was read first.
    assert.deepEqual([...about(0), ...about(7)], everyFour)
    assert.deepEqual(about(1), everyFour)
  }))

test('other calls go first, and their places are not counted against them', () =>
  withHistory({ maxConcurrent: 1, maxWaiting: 1 }, async (history, { get }) => {
    let [results, whenAnswered] = [0, Infinity]
    const service = get(FbasService)
    for await (const _ of history.analyze(different(60), { ahead: 60 })) {
      if (++results !== 3) continue
      void service.analyzeTopTier(TWO_OF_THREE).then((answer) => {
        assert.equal(answer._unsafeUnwrap().topTierSize, 3)
        whenAnswered = results
      })
    }
    assert.equal(results, 60)
    assert.ok(whenAnswered < 30, `${whenAnswered} results came before the answer`)
  }))

/** Some snapshots, and then none for a long time. */
function silent(snapshots: Named[]) {
  const source = {
    ended: false,
    async *[Symbol.asyncIterator]() {
      try {
        yield* snapshots
        await new Promise(() => {})
      } finally {
        source.ended = true
      }
    }
  }
  return source
}

test('a signal ends it at once, whatever it waits for', () =>
  withHistory({}, async (history, { events }) => {
    for (const source of [silent(different(3)), [...different(3), { id: 4, nodes: HARD }]]) {
      const stop = new AbortController()
      const ids: number[] = []
      await assert.rejects(
        async () => {
          for await (const { snapshot } of history.analyze(source, { signal: stop.signal })) {
            ids.push(snapshot.id)
            if (ids.length === 3) setTimeout(() => stop.abort(), 20)
          }
        },
        { code: 'ABORT_ERR', name: 'AbortError' }
      )
      assert.deepEqual(ids, [0, 1, 2])
    }
    await assert.rejects(all(history.analyze(different(3), { signal: AbortSignal.abort() })), {
      code: 'ABORT_ERR'
    })
    assert.equal(events('history ended early').length, 3)
  }))

test('who takes no more ends the snapshots and what is under way', () =>
  withHistory({}, async (history, { get }) => {
    let isEnded = false
    async function* source() {
      try {
        yield* [...different(2), { id: 3, nodes: HARD }, ...different(100)]
      } finally {
        isEnded = true
      }
    }
    for await (const { snapshot } of history.analyze(source())) if (snapshot.id === 1) break
    assert.equal(isEnded, true)
    await until(() => get(FbasService).status.running === 0)
  }))

test('what snapshots fail with comes after the results before it', () =>
  withHistory({}, async (history) => {
    async function* source() {
      yield* different(5)
      throw new Error('the disk is gone')
    }
    const ids: number[] = []
    await assert.rejects(
      async () => {
        for await (const { snapshot } of history.analyze(source())) ids.push(snapshot.id)
      },
      { message: 'the disk is gone' }
    )
    assert.deepEqual(ids, [0, 1, 2, 3, 4])
  }))

test('an application that shuts down ends it, and what is not there is not taken for done', async () => {
  let ended: Promise<unknown> | undefined
  await withHistory({ shutdownGraceMs: 50 }, async (history, { get }) => {
    const results = history.analyze([...different(3), { id: 3, nodes: HARD }, ...different(1000)])
    for (let count = 0; count < 3; count++) await results.next()
    ended = assert.rejects(results.next(), ({ code }) => ['ABORT_ERR', 'UNAVAILABLE'].includes(code))
    await until(() => get(FbasService).status.running > 0)
  })
  assert.ok(ended !== undefined)
  await ended
})
