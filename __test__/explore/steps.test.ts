// What steps come to, without any browser: the same as the command line makes of the same change, and the same again out of a link.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'

import { changeNetworkSync, FbasNetwork } from '../../index.js'
import { askedBy, changeOf } from '../../ts/explore/change.js'
import { BEGINNING, reduced, shortened, type Action, type Edit } from '../../ts/explore/edits.js'
import { fragmentOf, stepsIn } from '../../ts/explore/link.js'
import { changedWithin } from '../../ts/explore/within.js'
import { EXAMPLE, EXAMPLE_ORGANIZATIONS } from '../cli/command.js'
import { quorumSet } from '../networks.js'

const network = FbasNetwork.loadSync(readFileSync(EXAMPLE), readFileSync(EXAMPLE_ORGANIZATIONS))
const nodes = network.nodes()
const [a = '', b = '', c = ''] = nodes.map(({ publicKey }) => publicKey)
const set = (nodes: string[], threshold: number): Edit => ({
  ...{ kind: 'quorumSet', nodes },
  quorumSet: quorumSet(threshold, [a, b, c])
})
const NEW = { publicKey: 'NEW', quorumSet: null }

/** What the network consists of after some steps. */
function after(edits: Edit[]) {
  const { network: change } = changeOf(edits, { nodes, down: [] })
  return changeNetworkSync(network, null, change)
    .nodes()
    .map(({ publicKey, quorumSet }) => [publicKey, quorumSet?.threshold])
}

describe('steps', () => {
  test('of the same node the last counts, and those of nodes that go are gone with them', () => {
    const before = after([])
    assert.equal(before.length, 36)
    assert.deepEqual(
      after([set([a, b], 1), set([b], 2)]).filter(([key]) => key === a || key === b),
      [
        [a, 1],
        [b, 2]
      ]
    )
    assert.deepEqual(
      after([set([a], 1), { kind: 'remove', nodes: [a] }]),
      before.filter(([key]) => key !== a)
    )
    const { down, malicious } = changeOf([{ kind: 'remove', nodes: [a, b] }], { nodes, down: [a, c] })
    assert.deepEqual([down, malicious], [[c].sort(), []])
  })

  test('a node that came can be changed, can go again, and can stand in for one that went', () => {
    const add: Edit = { kind: 'add', node: NEW }
    assert.deepEqual(after([add, set(['NEW'], 3)]).at(-1), ['NEW', 3])
    assert.deepEqual(after([add, set(['NEW'], 3), { kind: 'remove', nodes: ['NEW'] }]), after([]))
    const back = changeOf(
      [
        { kind: 'remove', nodes: [a] },
        { kind: 'add', node: { publicKey: a, quorumSet: quorumSet(2, [b, c]) } }
      ],
      { nodes, down: [a] }
    )
    assert.deepEqual(back.down, [])
    assert.equal(askedBy(a, back, [])?.threshold, 2)
    assert.equal(changeNetworkSync(network, null, back.network).nodes().length, 36)
  })

  test('a node that is only named is listed once it asks for something, and can go again', () => {
    const went = after([{ kind: 'remove', nodes: [a] }])
    assert.equal(went.length, 35)
    const back = after([{ kind: 'remove', nodes: [a] }, set([a], 2)])
    assert.deepEqual([back.length, back.find(([key]) => key === a)], [36, [a, 2]])
    const known = FbasNetwork.loadSync([{ publicKey: 'A', quorumSet: quorumSet(1, ['A', 'B']) }])
    const keysAfter = (edits: Edit[]) =>
      changeNetworkSync(known, null, changeOf(edits, { nodes: known.nodes(), down: [] }).network)
        .nodes()
        .map(({ publicKey }) => publicKey)
    const asks: Edit = { kind: 'quorumSet', nodes: ['B'], quorumSet: quorumSet(1, ['A']) }
    assert.deepEqual(keysAfter([asks]), ['A', 'B'])
    assert.deepEqual(keysAfter([asks, { kind: 'remove', nodes: ['B'] }]), ['A'])
  })

  test('a node is up, down or malicious', () => {
    const condition = (nodes: string[], condition: 'up' | 'down' | 'malicious'): Edit => ({
      ...{ kind: 'condition', nodes, condition }
    })
    const conditions = (...edits: Edit[]) => {
      const { down, malicious } = changeOf(edits, { nodes, down: [a] })
      return [down, malicious]
    }
    assert.deepEqual(conditions(), [[a], []])
    assert.deepEqual(conditions(condition([a], 'malicious')), [[], [a]])
    assert.deepEqual(conditions(condition([a], 'malicious'), condition([a], 'down')), [[a], []])
    assert.deepEqual(conditions(condition([a], 'up')), [[], []])
  })

  test('are undone and done again; another step forgets what was undone', () => {
    const [one, two, three] = [1, 2, 3].map((threshold) => set([a], threshold)) as [Edit, Edit, Edit]
    const run = (...actions: Action[]) => actions.reduce(reduced, BEGINNING)
    const did = run({ type: 'edit', edit: one }, { type: 'edit', edit: two }, { type: 'undo' })
    assert.deepEqual(did, { done: [one], undone: [two] })
    assert.deepEqual(reduced(did, { type: 'redo' }), { done: [one, two], undone: [] })
    assert.deepEqual(reduced(did, { type: 'edit', edit: three }), { done: [one, three], undone: [] })
    assert.deepEqual(reduced(did, { type: 'restart' }), { done: [], undone: [one, two] })
    assert.deepEqual(run({ type: 'undo' }, { type: 'redo' }), { done: [], undone: [] })
  })
})

describe('a link', () => {
  const edits: Edit[] = [
    { kind: 'condition', nodes: [a, b], condition: 'malicious' },
    set([a], 2),
    { kind: 'add', node: NEW },
    { kind: 'remove', nodes: [c] }
  ]

  test('has the steps, but for those that the next one makes good for nothing', async () => {
    const fragment = await fragmentOf([...edits, set([b], 1), set([b], 2)], 'hash')
    assert.match(fragment, /^#steps=[\w-]+$/)
    assert.deepEqual(await stepsIn(fragment, 'hash'), { kind: 'steps', edits: [...edits, set([b], 2)] })
    assert.deepEqual(shortened([set([a], 1), set([b], 1)]).length, 2)
    assert.equal(await fragmentOf([], 'hash'), '')
  })

  test('of another network, or one that says nothing, is told apart', async () => {
    assert.deepEqual(await stepsIn(await fragmentOf(edits, 'another'), 'hash'), { kind: 'elsewhere' })
    assert.deepEqual(await stepsIn('#nodes', 'hash'), { kind: 'nothing' })
    const unreadable = [
      '#steps=',
      '#steps=%%%',
      '#steps=AAAA',
      await fragmentOf([{ kind: 'condition', nodes: [a], condition: 'asleep' } as never], 'hash'),
      await fragmentOf([{ kind: 'quorumSet', nodes: [a], quorumSet: { threshold: 1 } } as never], 'hash'),
      await fragmentOf([{ kind: 'add', node: { publicKey: 1 } } as never], 'hash'),
      await fragmentOf([{ kind: 'format' } as never], 'hash')
    ]
    for (const fragment of unreadable) {
      assert.deepEqual(await stepsIn(fragment, 'hash'), { kind: 'unreadable' }, fragment)
    }
  })
})

describe('inside of a quorum set', () => {
  const nested = quorumSet(2, ['A', 'B'], [quorumSet(1, ['C', 'D'], [quorumSet(1, ['E'])])])

  test('a step changes one set, and no threshold is left that can never be met', () => {
    assert.deepEqual(
      changedWithin(nested, [0, 0], { kind: 'add', validator: 'F' }),
      quorumSet(2, ['A', 'B'], [quorumSet(1, ['C', 'D'], [quorumSet(1, ['E', 'F'])])])
    )
    assert.deepEqual(
      changedWithin(nested, [], { kind: 'leave out', validator: 'A' }),
      quorumSet(2, ['B'], nested.innerQuorumSets)
    )
    assert.deepEqual(
      changedWithin(quorumSet(2, ['A', 'B']), [], { kind: 'leave out', validator: 'A' }),
      quorumSet(1, ['B'])
    )
    assert.deepEqual(
      changedWithin(nested, [0], { kind: 'cut', place: 0 }),
      quorumSet(2, ['A', 'B'], [quorumSet(1, ['C', 'D'])])
    )
    assert.deepEqual(
      changedWithin(nested, [0], { kind: 'nest', inner: quorumSet(1, ['G']) }).innerQuorumSets[0]
        ?.innerQuorumSets.length,
      2
    )
    assert.equal(
      changedWithin(nested, [0], { kind: 'threshold', threshold: 3 }).innerQuorumSets[0]?.threshold,
      3
    )
    assert.equal(nested.innerQuorumSets[0]?.threshold, 1)
  })
})
