// What is said of each node, held against what is so by trying all sets of nodes: that nobody is missing, and why nothing hangs on what it does.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FbasNetwork } from '../../index.js'
import { nodeRows, whyTheSame } from '../../ts/study/node-rows.js'
import { studyNetwork } from '../../ts/study/study.js'
import { networkOf } from '../reading/networks.js'
import { Population, Truth, type Mask } from '../reading/truth.js'

const WITHOUT = 'Every quorum that has it contains one without it.'

/** What must be so where it is said. */
const SO: Record<string, (truth: Truth, own: Mask) => boolean> = {
  [WITHOUT]: ({ quorums }, own) =>
    quorums
      .filter((quorum) => (quorum & own) !== 0)
      .every((quorum) => quorums.some((other) => (other & ~(quorum & ~own)) === 0)),
  'It is left out anyway: a quorum by itself that no other node in a quorum names.': ({ stray }, own) =>
    (stray & own) !== 0,
  'It is in no quorum anyway.': ({ live }, own) => (live & own) === 0,
  'There is no quorum anyway.': ({ hasQuorum }) => !hasQuorum,
  'It is taken to be in no quorum anyway, as its quorum set is not known.': isUnknown(true),
  'It is not listed, and taken to be in no quorum anyway, as its quorum set is not known.': isUnknown(false)
}

function isUnknown(isListed: boolean) {
  return ({ live, usable, population: { network, keys } }: Truth, own: Mask) =>
    (live & own) === 0 &&
    (usable & own) === 0 &&
    network.nodes.some(({ publicKey }) => own === 1 << keys.indexOf(publicKey)) === isListed
}

test('each node has a row, and what is said of why it changes nothing is so', async () => {
  const said = new Set<string>()
  for (let seed = 0; seed < 120; seed++) {
    const network = networkOf(seed)
    const population = new Population(network)
    for (const unknown of ['dead', 'free'] as const) {
      const truth = new Truth(population, { unknown, faulty: [] })
      const study = await studyNetwork(FbasNetwork.loadSync(network.nodes, network.organizations), {
        unknownNodes: unknown,
        groupBy: 'node'
      })
      const rows = nodeRows(study)
      assert.deepEqual(rows.map(({ key }) => key).sort(), [...population.keys].sort())
      for (const row of rows) {
        const own = population.maskOf([row.key])
        for (const condition of ['down', 'malicious'] as const) {
          const why = whyTheSame(row, condition, study)
          if (why === undefined) continue
          assert.ok(SO[why]?.(truth, own), `seed ${seed}, ${unknown}, ${row.key}: ${why}`)
          said.add(why)
        }
        // Then nothing else is a reason.
        if ((truth.topTier('node') & own) !== 0) assert.equal(whyTheSame(row, 'down', study), undefined)
        else if (unknown === 'dead') assert.notEqual(whyTheSame(row, 'down', study), undefined)
      }
    }
  }
  assert.deepEqual([...said].sort(), Object.keys(SO).sort())
})
