// Who has to adopt a quorum set: what is answered, in which forms the quorum set is taken, and what is refused.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import * as fbas from '../index.js'
import type { FbasNode, SuggestOptions } from '../index.js'
import { flat, hard, quorumSet, TWO_OF_THREE, TWO_PAIRS } from './networks.js'

const timeless = ({ executionTimeMs, ...answer }: fbas.Suggestion) => {
  assert.ok(executionTimeMs >= 0)
  return answer
}

// Four that ask for three of the four, and three that ask for two of the three.
const APART = [...flat(['A', 'B', 'C', 'D'], 3), ...flat(['E', 'F', 'G'], 2)]

describe('suggestChange', () => {
  test('the fewest who have to adopt what most ask for, with what the network is like then', async () => {
    const suggestion = await fbas.suggestChange(APART)
    assert.deepEqual(suggestion.quorumSet, quorumSet(3, ['A', 'B', 'C', 'D']))
    assert.deepEqual(suggestion.candidates, ['E', 'F', 'G'])
    assert.equal(suggestion.danger, 'split')
    const [a = [], b = []] = suggestion.disjointQuorums ?? []
    assert.ok(a.length > 0 && b.length > 0 && !a.some((node) => b.includes(node)))
    assert.deepEqual([suggestion.minSize, suggestion.lowerBound, suggestion.isExact], [2, 2, true])
    assert.equal(suggestion.adopters?.length, 2)
    assert.deepEqual(
      suggestion.order?.map(({ units }) => units),
      [suggestion.adopters]
    )
    assert.deepEqual([suggestion.allAtOnce, suggestion.unsafeState, suggestion.findings], [false, null, []])
    assert.deepEqual([suggestion.before.figures.splittingSetsMinSize, suggestion.before.isExact], [0, true])
    assert.equal(suggestion.after?.hasQuorumIntersection, true)
    assert.deepEqual(suggestion.order?.[0]?.after, suggestion.after?.figures)

    const network = await fbas.FbasNetwork.load(APART)
    const answer = timeless(suggestion)
    assert.deepEqual(timeless(fbas.suggestChangeSync(JSON.stringify(APART))), answer)
    assert.deepEqual(timeless(await network.suggestChange()), answer)
    assert.deepEqual(timeless(network.suggestChangeSync({ threads: 1 })), answer)
    assert.deepEqual(timeless(await fbas.suggestChange([...APART].reverse())), answer)
  })

  test('nobody, where the network is safe; and nobody at all, where no choice will do', async () => {
    const safe = await fbas.suggestChange(TWO_OF_THREE)
    assert.deepEqual([safe.danger, safe.minSize, safe.adopters, safe.order], [null, 0, [], []])
    assert.deepEqual(timeless(safe).after, safe.before)
    const low = await fbas.suggestChange(TWO_OF_THREE, null, { floors: { splitting: 3 } })
    assert.deepEqual([low.danger, low.minSize, low.adopters, low.order], ['floor', null, null, null])
    assert.deepEqual([low.after, low.isExact, low.lowerBound, low.candidates], [null, true, 0, []])
    const halted = await fbas.suggestChange(flat(['A', 'B'], 3), null, {
      quorumSet: quorumSet(2, ['A', 'B'])
    })
    assert.deepEqual([halted.danger, halted.adopters], ['halt', ['A', 'B']])
    const nothing = await fbas.suggestChange([{ publicKey: 'A', quorumSet: null }])
    assert.deepEqual([nothing.quorumSet, nothing.candidates, nothing.danger], [null, [], 'halt'])
    assert.deepEqual([nothing.minSize, nothing.isExact], [null, true])
  })

  test('what hangs on unknown nodes is said, of the answer and of the sizes', async () => {
    const nodes = [...flat(['A', 'B', 'C', 'D'], 3), { publicKey: 'E', quorumSet: quorumSet(2, ['E', 'X']) }]
    const hanging = ({ findings }: fbas.Suggestion) =>
      findings
        .filter(({ code }) => code === 'VERDICT_DEPENDS_ON_UNKNOWN_NODES')
        .map(({ nodes, fields }) => [nodes, fields.filter((field) => !field.includes('figures'))])
    const safe = await fbas.suggestChange(nodes)
    assert.deepEqual([safe.danger, safe.minSize], [null, 0])
    assert.deepEqual(hanging(safe), [
      [['X'], ['danger', 'minSize']],
      [['X'], ['before.hasQuorumIntersection', 'after.hasQuorumIntersection']]
    ])
    const split = await fbas.suggestChange(nodes, null, { unknownNodes: 'free' })
    assert.deepEqual([split.danger, split.adopters], ['split', ['E']])
    assert.deepEqual(hanging(split), [
      [['X'], ['danger', 'minSize']],
      [['X'], ['before.hasQuorumIntersection']]
    ])
    assert.match(
      split.findings[0]?.message ?? '',
      /Danger: none instead of two quorums share no node\. Fewest adopters: 0 instead of 1\.$/
    )
  })

  test('a network that is split does not lose its last quorum on the way, if that can be helped', async () => {
    // Who adopts it counts on all four.
    const set = quorumSet(4, ['A', 'B', 'C', 'D'])
    const { adopters, order, allAtOnce, unsafeState } = await fbas.suggestChange(TWO_PAIRS, null, {
      quorumSet: set,
      floors: { blocking: 1, splitting: 2 }
    })
    assert.ok(adopters !== null)
    for (const [index, { units }] of (order ?? []).entries()) assert.ok(units.length > 0, `${index}`)
    assert.equal(order === null, allAtOnce)
    if (unsafeState !== null) assert.equal(unsafeState.reason, 'halt')
  })

  test('groups adopt it together, and nodes that are down or of unknown quorum set do not', async () => {
    const nodes: FbasNode[] = [
      ...APART.map((node) => ({ ...node, isp: 'EFG'.includes(node.publicKey) ? 'x' : 'y' })),
      { publicKey: 'U', quorumSet: null, isp: 'z' }
    ]
    const together = await fbas.suggestChange(nodes, null, { unit: 'isp' })
    assert.deepEqual([together.candidates, together.adopters, together.minSize], [['x'], ['x'], 1])
    const down = await fbas.suggestChange(nodes, null, { faultyNodes: ['E'] })
    assert.deepEqual([down.candidates, down.minSize], [['F', 'G'], 1])
  })

  test('the quorum set is taken in every form, and what is wrong with it is told with its place', async () => {
    const expected = timeless(await fbas.suggestChange(APART, null, { quorumSet: 'E' }))
    assert.deepEqual(expected.quorumSet, quorumSet(2, ['E', 'F', 'G']))
    assert.deepEqual(expected.adopters, ['A', 'B'])
    const forms: SuggestOptions['quorumSet'][] = [
      quorumSet(2, ['G', 'E', 'F']),
      { t: 2, v: ['E', 'F', 'G'] },
      { qset: { t: 2, v: ['E', 'F', 'G'] } }
    ]
    for (const quorumSet of forms)
      assert.deepEqual(timeless(await fbas.suggestChange(APART, null, { quorumSet })).adopters, ['A', 'B'])
    const named = APART.map((node) => ({ ...node, name: `Node ${node.publicKey}` }))
    const called = await fbas.suggestChange(named, null, {
      quorumSet: quorumSet(2, ['Node E', 'Node F', 'G'])
    })
    assert.deepEqual(called.quorumSet, expected.quorumSet)

    const refused = (options: object, message: RegExp) =>
      assert.rejects(fbas.suggestChange(APART, null, options as SuggestOptions), {
        code: 'INVALID_INPUT',
        message
      })
    await refused({ quorumSet: 'H' }, /^options\.quorumSet: no node of the network has this public key/)
    await refused(
      { quorumSet: quorumSet(0, ['A']) },
      /^options\.quorumSet: expected a threshold of 1 or more/
    )
    await refused({ quorumSet: { threshold: -1, validators: [] } }, /^options\.quorumSet\.threshold: /)
    await refused({ quorumSet: 3 }, /^options\.quorumSet: found number, expected a quorum set/)
    await refused({ quorumSet: [] }, /^options\.quorumSet: /)
    await refused({ quorumSet: {} }, /^options\.quorumSet/)
    await refused({ quorumSet: '' }, /^options\.quorumSet: expected a string that is not empty$/)
    await refused({ limit: 3 }, /^options\.limit: means nothing for suggestChange: /)
    const unknown = [...APART, { publicKey: 'U', quorumSet: null }]
    await assert.rejects(fbas.suggestChange(unknown, null, { quorumSet: 'U' }), {
      message: 'options.quorumSet: the quorum set of this node is not known'
    })
  })

  // What most ask for, and what nobody can do with it, take long to find out.
  const HARD = hard(30)
  const floors = { blocking: 2, splitting: 40 }

  test(
    'a signal and a time limit stop it, and with anytime it says what it has',
    { timeout: 60_000 },
    async () => {
      const signal = AbortSignal.timeout(300)
      await assert.rejects(fbas.suggestChange(HARD, null, { floors, signal }), { code: 'ABORT_ERR' })
      await assert.rejects(fbas.suggestChange(HARD, null, { floors, timeoutMs: 300 }), { code: 'TIMEOUT' })
      const told: fbas.Progress[] = []
      const found = await fbas.suggestChange(HARD, null, {
        floors,
        timeoutMs: 1000,
        anytime: true,
        onProgress: (news) => told.push(news)
      })
      assert.equal(found.isExact, false)
      assert.deepEqual([found.minSize, found.adopters, found.order], [null, null, null])
      // Whether the network itself was asked about to the end by then hangs on the machine.
      assert.ok(found.danger === null ? found.lowerBound === 0 : found.danger === 'floor')
      assert.deepEqual([told[0]?.analysis, told[0]?.phase], ['adopters', 'states'])
    }
  )
})
