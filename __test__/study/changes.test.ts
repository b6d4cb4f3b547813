// What changed in quorum sets, in which direction figures went, and what `--check changed` and `--check worse` make of it.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { FbasNetwork, type FbasNode, type QuorumSet } from '../../index.js'
import { followed, type Silence } from '../../ts/study/changes.js'
import { compareNetworks, comparisonOf } from '../../ts/study/comparison.js'
import {
  differenceOf,
  differenceWords,
  standing,
  type QuorumSetDifference
} from '../../ts/study/quorum-set-changes.js'
import { studyNetwork, type NetworkStudyOptions } from '../../ts/study/study.js'
import { flat, hard, quorumSet, TWO_OF_THREE, TWO_PAIRS } from '../networks.js'

const compared = (before: FbasNode[], after: FbasNode[], options: NetworkStudyOptions = {}) =>
  compareNetworks(FbasNetwork.loadSync(before), FbasNetwork.loadSync(after), options)

describe('what changed in a quorum set', () => {
  const words = (old: QuorumSet, now: QuorumSet) =>
    differenceWords(differenceOf(old, now), (keys) => keys.join(' '))

  test('by hand', () => {
    const [a, b] = [quorumSet(2, ['a1', 'a2', 'a3']), quorumSet(2, ['b1', 'b2', 'b3'])]
    assert.deepEqual(words(quorumSet(1, ['x'], [a, b]), quorumSet(1, ['x'], [b, a])), [])
    assert.deepEqual(words(quorumSet(1, ['x', 'y']), quorumSet(2, ['y', 'z', 'z'])), [
      ...['1 of 2 → 2 of 3', 'joined: z, z', 'left: x'].map((line) => line.replace(', ', ' '))
    ])
    const wider = quorumSet(3, ['a1', 'a2', 'a3', 'a4'])
    assert.deepEqual(words(quorumSet(2, [], [a, b]), quorumSet(2, [], [b, wider])), [
      'in 2 of 3 of a1 a2 a3: 2 of 3 → 3 of 4; joined: a4'
    ])
    // A set that shares no member with another is not the same one, changed.
    assert.deepEqual(words(quorumSet(1, [], [a]), quorumSet(1, [], [b])), [
      'joined: 2 of 3 of b1 b2 b3',
      'left: 2 of 3 of a1 a2 a3'
    ])
    // The nearest is the same one.
    const [near, far] = [quorumSet(1, ['a1', 'a2', 'a3']), quorumSet(1, ['a3', 'c'])]
    assert.deepEqual(words(quorumSet(1, [], [a]), quorumSet(1, [], [far, near])), [
      '1 of 1 → 1 of 2',
      'joined: 1 of 2 of a3 c',
      'in 2 of 3 of a1 a2 a3: 2 of 3 → 1 of 3'
    ])
  })

  test('what is told makes the later set of the earlier one, whatever the two are', () => {
    let seed = 7
    const below = (bound: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return Math.floor((seed / 2147483648) * bound)
    }
    const some = (depth: number): QuorumSet =>
      quorumSet(
        below(4),
        Array.from({ length: below(4) }, () => 'abcde'.charAt(below(5))),
        depth === 0 ? [] : Array.from({ length: below(4) }, () => some(depth - 1))
      )
    for (let round = 0; round < 3000; round++) {
      const [old, now] = [some(2), some(2)]
      const difference = differenceOf(old, now)
      assert.equal(standing(applied(old, difference)), standing(now))
      const isSame = differenceWords(difference, String).length === 0
      assert.equal(isSame, standing(old) === standing(now))
    }
  })

  function applied(old: QuorumSet, difference: QuorumSetDifference): QuorumSet {
    const { threshold, joined, left, innerSetsJoined, innerSetsLeft, innerSetsChanged } = difference
    const less = <T>(all: T[], gone: T[], text: (one: T) => string) =>
      gone.reduce((rest, one) => {
        const at = rest.findIndex((other) => text(other) === text(one))
        assert.ok(at >= 0, 'something left that was not there')
        return rest.filter((_, index) => index !== at)
      }, all)
    const changed = innerSetsChanged.map((pair) => pair.old)
    const innerQuorumSets = [
      ...less(old.innerQuorumSets, [...innerSetsLeft, ...changed], standing),
      ...innerSetsJoined,
      ...innerSetsChanged.map((pair) => applied(pair.old, pair.difference))
    ]
    const validators = [...less(old.validators, left, String), ...joined]
    const now = quorumSet(threshold?.new.threshold ?? old.threshold, validators, innerQuorumSets)
    assert.equal(
      threshold?.new.entries ?? old.validators.length + old.innerQuorumSets.length,
      validators.length + innerQuorumSets.length
    )
    return now
  }
})

describe('directions and checks', () => {
  test('nothing changed', async () => {
    const { changes, checks } = await compared(TWO_OF_THREE, TWO_OF_THREE)
    assert.deepEqual([changes, checks], [[], { changed: 'safe', worse: 'safe' }])
  })

  test('there and back: what became better becomes worse', async () => {
    const [three, five] = [flat(['A', 'B', 'C', 'D', 'E'], 3), flat(['A', 'B', 'C', 'D', 'E'], 4)]
    const there = await compared(three, five)
    const back = await compared(five, three)
    const of = ({ changes }: typeof there, what: string) =>
      changes.flatMap((change) =>
        'direction' in change && change.what === what && change.counting === 'node' ? [change.direction] : []
      )
    // Four of five: two halt it where three did, three split it where one did.
    assert.deepEqual(of(there, 'splittingSetsMinSize'), ['better'])
    assert.deepEqual(of(there, 'blockingSetsMinSize'), ['worse'])
    assert.deepEqual(of(there, 'quorumsMinSize'), ['other'])
    assert.deepEqual(of(back, 'splittingSetsMinSize'), ['worse'])
    assert.deepEqual(of(back, 'blockingSetsMinSize'), ['better'])
    assert.deepEqual(there.checks, { changed: 'unsafe', worse: 'unsafe' })
  })

  test('a split is worse, and that it is gone is not', async () => {
    assert.equal((await compared(TWO_OF_THREE, TWO_PAIRS)).checks.worse, 'unsafe')
    const four = flat(['A', 'B', 'C', 'D'], 2)
    const { checks } = await compared(
      four,
      flat(['A', 'B', 'C', 'D'], 3).map((node) => ({ ...node }))
    )
    // It halts more easily now.
    assert.equal(checks.worse, 'unsafe')
  })

  test('that there is no quorum is no direction of a size', async () => {
    const { changes } = await compared(TWO_OF_THREE, flat(['A', 'B', 'C'], 4))
    const sizes = changes.filter((change) => change.kind === 'size' && change.new === 'no quorum')
    assert.ok(sizes.length > 0)
    for (const change of sizes) assert.equal('direction' in change && change.direction, 'other')
  })

  test('what one of them does not say, or what hangs on unknown nodes, is not known to be no worse', async () => {
    const placed = TWO_OF_THREE.map((node) => ({ ...node, isp: 'P' }))
    assert.equal((await compared(TWO_OF_THREE, placed)).checks.worse, 'unknown')
    const unseen = flat(['A', 'B', 'C', 'X'], 3).slice(0, 3)
    const lost = [...TWO_OF_THREE.slice(0, 2), { publicKey: 'C', quorumSet: null }]
    assert.equal((await compared(unseen, unseen)).checks.worse, 'unknown')
    assert.equal((await compared(unseen, unseen, { unknownNodes: 'dead' })).checks.worse, 'safe')
    assert.equal((await compared(TWO_OF_THREE, lost)).checks.changed, 'unsafe')
    assert.equal((await compared(TWO_OF_THREE, lost)).checks.worse, 'unknown')
  })

  test('who has halted is no change where one of them does not say who is down, and so is no verdict', async () => {
    const silent = flat(['A', 'B', 'C', 'D'], 3)
    const halted = silent.map((node, index) => ({ ...node, isValidating: index < 2 }))
    for (const before of [silent, halted]) {
      const after = before === silent ? halted : silent
      const { changes, notCompared, checks } = await compared(before, after)
      assert.deepEqual(changes, [])
      assert.match(notCompared.map(({ words }) => words).join(), /: the verdict, whether it has halted, /)
      assert.deepEqual(checks, { changed: 'unknown', worse: 'unknown' })
    }
    assert.equal((await compared(halted, TWO_PAIRS)).checks.worse, 'unsafe')
  })

  test('where silence means that all are up, a halt is worse than it, and it is better than a halt', async () => {
    const nodes = flat(['A', 'B', 'C', 'D'], 3)
    const [silent, halted] = await Promise.all(
      [nodes, nodes.map((node, index) => ({ ...node, isValidating: index < 2 }))].map((nodes) =>
        studyNetwork(FbasNetwork.loadSync(nodes))
      )
    )
    assert.ok(silent !== undefined && halted !== undefined)
    const told = (comparison: ReturnType<typeof comparisonOf>) => ({
      figures: comparison.changes.flatMap((change) =>
        'direction' in change && (change.counting ?? 'node') === 'node'
          ? [[change.what, change.old, change.new, change.direction]]
          : []
      ),
      silences: comparison.notCompared.length,
      worse: comparison.checks.worse
    })
    assert.deepEqual(told(comparisonOf(silent, halted, 'up')), {
      figures: [
        ['verdict', 'safe', 'unsafe', 'worse'],
        ['hasHalted', 'false', 'true', 'worse'],
        ['blockingSetsFilteredMinSize', '2', '0', 'worse']
      ],
      ...{ silences: 0, worse: 'unsafe' }
    })
    assert.deepEqual(told(comparisonOf(halted, silent, 'up')), {
      figures: [
        ['verdict', 'unsafe', 'safe', 'better'],
        ['hasHalted', 'true', 'false', 'better'],
        ['blockingSetsFilteredMinSize', '0', '2', 'better']
      ],
      ...{ silences: 0, worse: 'safe' }
    })
    // Whoever does not say what it means is told nothing of it.
    for (const silence of ['unknown', undefined] as Silence[]) {
      for (const [before, after] of [
        [silent, halted],
        [halted, silent]
      ] as const) {
        const comparison = told(comparisonOf(before, after, silence))
        assert.deepEqual(comparison, { figures: [], silences: 1, worse: 'unknown' })
      }
      // Both say nothing: what is known of them is compared.
      assert.equal(comparisonOf(silent, silent, silence).checks.worse, 'safe')
    }
    // Followed figures are those of the same reading.
    const basis = (silence: Silence, study = silent) => followed(study, silence).get('hasHalted')?.basis
    assert.deepEqual(
      [basis('up'), basis('unknown'), basis('up', halted), basis('unknown', halted)],
      ['who is down', 'nothing on who is down', 'who is down', 'who is down']
    )
  })

  test('of archives nothing is compared where neither says anything of them', async () => {
    const { changes, notCompared } = await compared(flat(['A', 'B', 'C'], 4), flat(['A', 'B', 'C'], 3))
    const figures = changes.flatMap((change) => ('what' in change ? change.what : []))
    assert.ok(figures.includes('blockingSetsMinSize'))
    assert.ok(!figures.includes('historyCriticalMinSize'), figures.join())
    assert.deepEqual(notCompared, [])
  })

  test('what is not proven is no change, and not known to be no worse', async () => {
    const hardly = hard(40)
    const { changes, checks, unproven } = await compared(hardly, hardly, {
      ...{ timeoutMs: 500, anytime: true, groupBy: 'node' }
    })
    assert.notEqual(unproven.length, 0, 'too easy: there is nothing open to see')
    assert.deepEqual(
      changes.filter((change) => 'direction' in change && change.direction !== 'other'),
      []
    )
    assert.equal(checks.worse, 'unknown')
  })
})
