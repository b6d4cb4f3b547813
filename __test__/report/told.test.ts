// What the picture says of whoever is pointed at: whom they name, in numbers that nobody takes for a threshold.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { FbasNetwork, type FbasNode } from '../../index.js'
import { toldOf } from '../../ts/report/picture/told.js'
import { trustIn } from '../../ts/report/picture/trust.js'
import { studyNetwork } from '../../ts/study/study.js'
import { flat, quorumSet } from '../networks.js'

const FIVE = ['A', 'B', 'C', 'D', 'E']

async function told(keys: string[], nodes: FbasNode[], validators: string[] = []): Promise<string> {
  const organizations = validators.length === 0 ? [] : [{ id: 'o', name: 'LOBSTR', validators }]
  const study = await studyNetwork(FbasNetwork.loadSync(nodes, organizations))
  return toldOf(keys, trustIn(study), study).text
}

describe('of whoever is pointed at', () => {
  test('how many of an organization are named reads as no threshold', async () => {
    const of = await told(['A'], flat(FIVE, 3), FIVE)
    assert.equal(of, 'Asks for 3 of 5 nodes. Of others that are drawn, it names the other 4 of LOBSTR.')
  })

  test('who is named and not drawn is not denied', async () => {
    const [a, ...others] = flat(['A', 'B', 'C'], 2)
    const nodes = [{ ...a, quorumSet: quorumSet(3, FIVE) } as FbasNode, ...others]
    assert.equal(await told(['A'], nodes), 'Asks for 3 of 5 nodes. Of others that are drawn, it names B, C.')
  })

  test('where a name has a comma, names are parted by semicolons', async () => {
    const called: Record<string, string> = { B: 'Blockdaemon, Inc.', D: 'Public Node, LP' }
    const nodes = flat(FIVE, 3).map((node) => ({ ...node, name: called[node.publicKey] ?? null }))
    assert.match(await told(['A'], nodes), / it names Blockdaemon, Inc\.; C; E; Public Node, LP\.$/)
    assert.match(await told(['A', 'C'], nodes), /^2 nodes: A, C\. /)
    assert.match(await told(['A', 'B'], nodes), /^2 nodes: A; Blockdaemon, Inc\.\. .* they name C; E; /)
  })
})
