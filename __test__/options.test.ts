/** Which call takes which options: tried, and held against docs/usage.md and the comments of the functions. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import * as fbas from '../index.js'
import { TWO_OF_THREE } from './networks.js'

/** Every option, with a value that is fine in itself. */
const OPTIONS: Required<fbas.AnalysisOptions> = {
  reachableFrom: 'A',
  groupBy: 'isp',
  faultyNodes: [],
  unknownNodes: 'dead',
  scope: 'core',
  ignoreOneNodeQuorums: true,
  limit: 1,
  timeoutMs: 60_000,
  anytime: true,
  signal: new AbortController().signal,
  onProgress: () => {},
  certificate: true,
  threads: 1
}

type Call = (options: object) => unknown

async function calls(): Promise<Record<string, Call>> {
  const network = await fbas.FbasNetwork.load(TWO_OF_THREE)
  const { certificate } = await network.analyzeTopTier({ certificate: true })
  assert.ok(certificate)
  const asked = [
    'analyzeQuorumIntersection',
    'analyzeTopTier',
    'analyzeCore',
    'analyzeSymmetricTopTier',
    'analyzeBlockingSets',
    'analyzeSplittingSets',
    'analyzeQuorums',
    'analyzeHistoryCritical',
    'analyzeNodes',
    'analyzeCriticalGroups',
    'analyzeFull',
    'performAnalysis'
  ] as const
  const listed = [
    'minimalQuorums',
    'minimalBlockingSets',
    'minimalSplittingSets',
    'minimalHistoryCriticalSets'
  ] as const
  return Object.fromEntries<Call>([
    ...asked.map((name): [string, Call] => [
      name,
      async (options) => {
        const results = [await fbas[name](TWO_OF_THREE, null, options), await network[name](options)]
        for (const result of results) assert.equal('certificate' in result, 'certificate' in options)
      }
    ]),
    ...listed.map((name): [string, Call] => [name, (options) => network[name](options)]),
    ['analyzeNode', (options) => network.analyzeNode({ node: 'A', ...options })],
    ['analyzeIntactNodes', (options) => network.analyzeIntactNodes({ illBehaved: [], ...options })],
    ['planChange', (options) => fbas.planChange(network, network, options)],
    ['suggestChange', (options) => network.suggestChange(options)],
    ['verifyCertificate', (options) => network.verifyCertificate(certificate, options)]
  ])
}

async function refusedBy(name: string, call: Call): Promise<string[]> {
  const refused: string[] = []
  for (const [option, value] of Object.entries(OPTIONS)) {
    try {
      await call({ [option]: value })
    } catch (error) {
      const { code, message } = error as fbas.FbasError
      assert.equal(code, 'INVALID_INPUT', message)
      const called = name.startsWith('minimal') ? 'an iterator' : name
      assert.ok(message.startsWith(`options.${option}: means nothing for ${called}: `), message)
      refused.push(option)
    }
  }
  return refused.sort()
}

/** What stands between backticks. */
const named = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name!)

/** The options that single calls have of their own, with values that are fine in themselves. */
const OWN = {
  node: [['analyzeNode'], 'A'],
  illBehaved: [['analyzeIntactNodes'], ['B']],
  candidates: [['analyzeCriticalGroups'], 'stellar-core'],
  unit: [['planChange', 'suggestChange'], 'node'],
  floors: [['planChange', 'suggestChange'], { blocking: 1 }],
  quorumSet: [['suggestChange'], 'A']
} satisfies Record<string, [string[], unknown]>

test('what is an option of one call is refused by all others', async () => {
  for (const [name, call] of Object.entries(await calls())) {
    for (const [option, [owners, value]] of Object.entries(OWN)) {
      const asked = async () => call({ [option]: value })
      if (owners.includes(name)) await asked()
      else
        await assert.rejects(asked, { code: 'INVALID_INPUT', message: /^options\.\w+: means nothing for / })
    }
  }
})

test('a node that is not in the network is refused with the nearest keys', async () => {
  const network = await fbas.FbasNetwork.load([
    { publicKey: 'GALICE', name: 'Alice of Example', quorumSet: null },
    { publicKey: 'GBOB', quorumSet: null }
  ])
  const refused = (options: fbas.AnalysisOptions & { node?: string }, message: string) =>
    assert.rejects(network.analyzeNode(options as fbas.NodeOptions), { code: 'INVALID_INPUT', message })
  await refused(
    { node: 'GALICF' },
    'options.node: no node of the network has this public key; did you mean GALICE?'
  )
  await refused(
    { node: 'Alice of' },
    'options.node: no node of the network has this public key; did you mean GALICE?'
  )
  await refused({ node: 'nothing like it' }, 'options.node: no node of the network has this public key')
  await refused({}, 'options.node: expected the public key of a node')
  const seeing = { node: 'GBOB', reachableFrom: 'GBOX' }
  await refused(
    seeing,
    'options.reachableFrom: no node of the network has this public key; did you mean GBOB?'
  )
  for (const each of [network.minimalQuorums({ reachableFrom: 'x' })]) {
    await assert.rejects(each.next(), { code: 'INVALID_INPUT' })
  }
  await assert.rejects(network.analyzeIntactNodes({} as fbas.IntactNodesOptions), {
    message: 'options.illBehaved: expected an array of public keys'
  })
})

test('what means nothing for a call is refused, as documented', async () => {
  const guide = readFileSync('docs/usage.md', 'utf8')
  const table = /\| call +\| refuses +\|\n\| -+ \| -+ \|\n((?:\|.*\n)+)/.exec(guide)?.[1]
  assert.ok(table, 'the table of docs/usage.md')
  const rows = table.trim().split('\n')
  const documented = rows.flatMap((row) => {
    const [, names = '', refused = ''] = row.split('|')
    return named(names).map((name): [string, string[]] => [name, named(refused).sort()])
  })
  const found: [string, string[]][] = []
  for (const [name, call] of Object.entries(await calls())) found.push([name, await refusedBy(name, call)])
  assert.deepEqual(Object.fromEntries(documented), Object.fromEntries(found))

  const declarations = readFileSync('index.d.ts', 'utf8')
  for (const [name, refused] of found.filter(([name]) => /^(analyze|perform)/.test(name))) {
    const comment = new RegExp(`/\\*\\* ([^\\n]*) \\*/\\nexport declare function ${name}\\(`).exec(
      declarations
    )?.[1]
    assert.ok(comment, name)
    assert.deepEqual(
      named(/Refuses [^.]*/.exec(comment)?.[0] ?? '').sort(),
      refused,
      `the comment of ${name}`
    )
  }
})

test('an option that is off is refused by nobody', async () => {
  const network = await fbas.FbasNetwork.load(TWO_OF_THREE)
  assert.equal((await network.analyzeCore({ certificate: false })).coreSize, 3)
  assert.ok(network.minimalQuorums({ anytime: false }))
})
