// Who is told to adopt a quorum set is who can, as the library has it.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FbasNetwork, type FbasNode } from '../../index.js'
import { adopting } from '../../ts/study/suggestion.js'
import { flat, quorumSet } from '../networks.js'
import { networkOf } from '../reading/networks.js'

/** Which nodes adopt a quorum set that nobody asks for, as the words and as the library have it. */
function adopters(network: FbasNetwork, faultyNodes: string[]): { told: string[]; able: string[] } {
  const nodes = network.nodes()
  const unheard = quorumSet(1, ['nobody'])
  const after = adopting(nodes, faultyNodes, unheard)
  assert.deepEqual(
    after.map(({ publicKey }) => publicKey),
    nodes.map(({ publicKey }) => publicKey)
  )
  const told = after.filter((node) => node.quorumSet === unheard).map(({ publicKey }) => publicKey)
  // Candidates are those that can adopt it and have not: nobody has.
  const { candidates } = network.suggestChangeSync({ quorumSet: unheard, unit: 'node', faultyNodes })
  return { told: told.sort(), able: candidates }
}

test('who asks for nothing that is known, and who is taken as down, adopts nothing', () => {
  const nodes: FbasNode[] = [
    ...flat(['A', 'B', 'C'], 2),
    // Its data says that it is down, and nobody who asks.
    { publicKey: 'D', quorumSet: quorumSet(2, ['A', 'B']), isValidating: false },
    { publicKey: 'nothing', quorumSet: quorumSet(0, ['A']) },
    { publicKey: 'unknown', quorumSet: null },
    { publicKey: 'unsaid' },
    { publicKey: 'unmet', quorumSet: quorumSet(3, ['A', 'B']) },
    { publicKey: 'within', quorumSet: quorumSet(1, [], [quorumSet(0, ['A'])]) }
  ]
  const { told, able } = adopters(FbasNetwork.loadSync(nodes), ['B'])
  assert.deepEqual(told, ['A', 'C', 'D', 'unmet', 'within'])
  assert.deepEqual(able, told)
})

test('the same of networks of all kinds', () => {
  const seen = { able: 0, unable: 0, down: 0 }
  for (let seed = 0; seed < 200; seed++) {
    const network = FbasNetwork.loadSync(networkOf(seed).nodes)
    const keys = network.nodes().map(({ publicKey }) => publicKey)
    const faulty = keys.filter((_, index) => (index + seed) % 3 === 0)
    const { told, able } = adopters(network, faulty)
    assert.deepEqual(told, able, `network ${seed}`)
    seen.able += able.length
    seen.down += faulty.length
    seen.unable += keys.length - able.length
  }
  assert.ok(seen.able > 0 && seen.unable > seen.down && seen.down > 0, 'some are up and ask for nothing')
})
