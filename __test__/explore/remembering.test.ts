// What the page does not ask twice: proven answers that do not depend on who is down.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FbasNetwork } from '../../index.js'
import { remembering } from '../../ts/explore/remembering.js'
import { fourOrganizations, hard } from '../networks.js'

const { nodes, organizations } = fourOrganizations()

test('a question is asked once, whatever time there is and whoever may call it off', async () => {
  const asked = remembering(FbasNetwork.loadSync(nodes, organizations))
  const answer = await asked.analyzeFull({ groupBy: 'organization', timeoutMs: 10_000 })
  const again = {
    groupBy: 'organization',
    timeoutMs: 20_000,
    anytime: true,
    signal: new AbortController().signal
  }
  assert.equal(await asked.analyzeFull(again), answer)
  assert.equal(
    await asked.analyzeSymmetricTopTier({ faultyNodes: [] }),
    await asked.analyzeSymmetricTopTier({ faultyNodes: [] })
  )
})

test('other questions are asked', async () => {
  const network = FbasNetwork.loadSync(nodes, organizations)
  const asked = remembering(network)
  const [down = '', ...others] = network.nodes().map(({ publicKey }) => publicKey)
  const minSize = async (faultyNodes: string[]) => (await asked.analyzeBlockingSets({ faultyNodes })).minSize
  const sizes = [await minSize([]), await minSize([down, ...others.slice(0, 4)]), await minSize([])]
  assert.notEqual(sizes[0], sizes[1])
  assert.equal(sizes[0], sizes[2])
  assert.notEqual(await asked.analyzeFull(), await asked.analyzeFull({ groupBy: 'country' }))
})

test('what was not proven is asked again', async () => {
  const asked = remembering(FbasNetwork.loadSync(hard(40)))
  const question = () => asked.analyzeFull({ anytime: true, timeoutMs: 1 })
  const answer = await question()
  assert.equal(answer.splittingSets.isExact, false)
  assert.notEqual(await question(), answer)
})
