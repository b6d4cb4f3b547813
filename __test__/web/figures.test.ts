// On a page every figure and every verdict is that of the addon, about every network, and what a page proves the addon checks.
//
// Which of several smallest sets is named may differ: the solver computes with fractions, whose functions are not the same on every system.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import * as addon from '../../index.js'
import { root } from '../examples.js'
import { ALL_OF_THREE, flat, fourOrganizations, hard, TWO_OF_THREE } from '../networks.js'
import {
  FLAT,
  FLAT_UNEVEN,
  halted,
  hostile,
  large,
  NO_QUORUM,
  NOBODY,
  SPLIT,
  uneven
} from '../report/networks.js'
import { smallNetwork } from '../small_networks.js'
import { comparable, missing, open, type Opened } from './page.js'

const example = (name: string) => readFileSync(join(root, 'examples/network', name), 'utf8')
const alone = (nodes: unknown) => ({ nodes, organizations: null })

const NETWORKS: Record<string, { nodes: unknown; organizations: unknown }> = {
  today: { nodes: example('stellar-2025-11.json'), organizations: example('organizations-2025-11.json') },
  'four organizations': fourOrganizations(),
  'two of three': alone(TWO_OF_THREE),
  'all of three': alone(ALL_OF_THREE),
  flat: alone(FLAT),
  'each leaves one out': alone(FLAT_UNEVEN),
  split: alone(SPLIT),
  'no quorum': alone(NO_QUORUM),
  nobody: alone(NOBODY),
  uneven: uneven(8, 0.1, 0.05),
  heterogeneous: uneven(9, 0.15, 0.3),
  'hard for the solver': alone(hard(9)),
  '637 nodes': large(637),
  halted: halted(),
  hostile: hostile(),
  'a quorum set that nobody can satisfy': alone(flat(['A', 'B', 'C'], 9))
}
for (let seed = 0; seed < 40; seed++) NETWORKS[`small ${seed}`] = smallNetwork(seed)

/** Question, and what is asked of the network; in `node` stands the key of its first node. */
type Asked = [name: string, options?: Record<string, unknown>]

/** Those that are answered soon about any network. */
const QUICK: Asked[] = [
  ['performAnalysis'],
  ['analyzeTopTier'],
  ['hash'],
  ['nodes'],
  ['organizations'],
  ['groups']
]
const QUESTIONS: Asked[] = [
  ...QUICK,
  ...[null, 'organization', 'country', 'isp'].map((groupBy): Asked => ['analyzeFull', { groupBy, limit: 3 }]),
  ['analyzeFull', { unknownNodes: 'free', scope: 'all', ignoreOneNodeQuorums: true }],
  ['analyzeNodes'],
  ['suggestChange', { timeoutMs: 60_000 }],
  ['analyzeCriticalGroups', { candidates: 'stellar-core' }],
  ['analyzeIntactNodes', { illBehaved: ['node'] }],
  ['analyzeNode', { node: 'node', groupBy: 'country' }]
]
/** Of what no solver lists or proves in seconds only the figures are asked for. */
const LARGE = ['each leaves one out', '637 nodes']

let opened: Opened
before(async () => {
  if (missing === undefined) opened = await open()
})
after(() => opened?.close())

/** Asks all questions about a network, here or on the page, where this function is taken by its text. */
async function answers(
  { FbasNetwork }: Pick<typeof addon, 'FbasNetwork'>,
  { nodes, organizations }: { nodes: unknown; organizations: unknown },
  questions: Asked[],
  comparable: (result: unknown) => string
): Promise<string[]> {
  const network = await FbasNetwork.load(nodes as never, organizations as never)
  const list = (await network.nodes()) as { publicKey: string }[]
  const first = list[0]?.publicKey ?? 'nobody'
  const { nodeCount, organizationCount, findings, reportedDown } = network
  const told = [comparable({ nodeCount, organizationCount, findings, reportedDown })]
  for (const [name, options] of questions) {
    const filled = JSON.parse(JSON.stringify(options ?? null), (_, value) =>
      value === 'node' ? first : value
    )
    try {
      const method = (network as never as Record<string, (options: unknown) => unknown>)[name]!
      told.push(`${name}: ${comparable(await method.call(network, filled))}`)
    } catch (error) {
      const { code, message } = error as addon.FbasError
      told.push(`${name}: ${code} ${message}`)
    }
  }
  return told
}

for (const [name, network] of Object.entries(NETWORKS)) {
  test(`the figures of ${name} are those of the addon`, { skip: missing ?? false }, async () => {
    const questions = LARGE.includes(name) ? QUICK : QUESTIONS
    const expected = await answers(addon, network, questions, comparable)
    const found = await opened.page.evaluate(
      `(${answers.toString()})(web, ${JSON.stringify(network)}, ${JSON.stringify(questions)}, ${comparable.toString()})`
    )
    assert.deepEqual(found, expected)
  })
}

for (const name of ['today', 'four organizations', 'uneven', 'split', 'halted']) {
  test(`what is proven about ${name} on a page, the addon checks`, { skip: missing ?? false }, async () => {
    const { nodes, organizations } = NETWORKS[name]!
    const certificate = await opened.page.evaluate(
      `web.analyzeFull(...${JSON.stringify([nodes, organizations])}, { certificate: true }).then(({ certificate }) => certificate)`
    )
    const checked = await addon.verifyCertificate(
      nodes as never,
      organizations as never,
      certificate as never
    )
    assert.deepEqual([checked.isValid, checked.problem], [true, null])
    const here = await addon.analyzeFull(nodes as never, organizations as never, { certificate: true })
    const { isValid } = (await opened.page.evaluate(
      `web.verifyCertificate(...${JSON.stringify([nodes, organizations, here.certificate])})`
    )) as addon.VerificationResult
    assert.ok(isValid)
  })
}

test('the page needed nothing that its policy does not allow', { skip: missing ?? false }, async () => {
  assert.equal(await opened.page.evaluate('crossOriginIsolated'), false)
  assert.deepEqual(opened.complaints, [])
})
