// How much a quorum set hangs on some nodes, held against all of its slices, which are listed one by one.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { QuorumSet } from '../../index.js'
import { percentOf, weightOf } from '../../ts/report/picture/weight.js'
import { quorumSet } from '../networks.js'

/** Every slice, with the probability of it where each level is chosen by lot. */
function slices({ threshold, validators, innerQuorumSets }: QuorumSet): { nodes: string[]; odds: number }[] {
  const entries = [
    ...validators.map((key) => [{ nodes: [key], odds: 1 }]),
    ...innerQuorumSets.map(slices).filter((inner) => inner.length > 0)
  ]
  const choices = subsets(entries, threshold)
  return choices.flatMap((choice) =>
    choice
      .reduce(
        (sums, options) =>
          sums.flatMap((sum) =>
            options.map(({ nodes, odds }) => ({ nodes: [...sum.nodes, ...nodes], odds: sum.odds * odds }))
          ),
        [{ nodes: [] as string[], odds: 1 }]
      )
      .map(({ nodes, odds }) => ({ nodes, odds: odds / choices.length }))
  )
}

function subsets<T>([first, ...rest]: T[], size: number): T[][] {
  if (size === 0) return [[]]
  if (first === undefined) return []
  return [...subsets(rest, size - 1).map((subset) => [first, ...subset]), ...subsets(rest, size)]
}

test('the share of slices that have some nodes, and whether all have', () => {
  let state = 1
  const random = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return (state >> 8) % below
  }
  const set = (depth: number): QuorumSet => {
    const validators = [...'ABCDEF'].filter(() => random(3) === 0)
    const inner = depth === 0 ? [] : Array.from({ length: random(3) }, () => set(depth - 1))
    return quorumSet(random(validators.length + inner.length + 2), validators, inner)
  }
  const seen = { needed: 0, none: 0, some: 0, without: 0 }
  for (let round = 0; round < 3000; round++) {
    const given = set(2)
    const nodes = new Set([...'ABC'].filter(() => random(2) === 0))
    const all = slices(given)
    const having = all.filter((slice) => slice.nodes.some((key) => nodes.has(key)))
    const share = having.reduce((sum, { odds }) => sum + odds, 0)
    const weight = weightOf(given, nodes)
    assert.ok(
      Math.abs(weight.share - share) < 1e-9,
      `${JSON.stringify([given, [...nodes]])}: ${weight.share}, not ${share}`
    )
    assert.equal(weight.isNeeded, all.length > 0 && having.length === all.length, JSON.stringify(given))
    seen[all.length === 0 ? 'without' : weight.isNeeded ? 'needed' : share > 0 ? 'some' : 'none']++
  }
  for (const [kind, count] of Object.entries(seen)) assert.ok(count > 100, `${kind}: ${count}`)
})

test('what is told in percent is neither nothing nor all where it is not', () => {
  assert.deepEqual([0, 1e-9, 0.004, 0.5, 0.996, 1 - 1e-12].map(percentOf), [0, 1, 1, 50, 99, 99])
})

test('hundreds of entries are no trouble', () => {
  const keys = Array.from({ length: 600 }, (_, index) => `N${index}`)
  const { share, isNeeded } = weightOf(quorumSet(400, keys), new Set(['N7']))
  assert.ok(Math.abs(share - 400 / 600) < 1e-9 && !isNeeded)
})
