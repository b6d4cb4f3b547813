// Names on the command line: understood where they are unambiguous, refused where they are not, with what may have been meant.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { flat } from '../networks.js'
import { folder, json, run } from './command.js'

const files = folder()
const KEYS = ['GAAA', 'GBBB', 'GCCC', 'GDDD', 'GEEE', 'GFFF']
const NAMES = ['SDF 1', 'Sdf 2', 'Trust, but verify', 'Trust', 'twin', 'twin']
const nodes = flat([...KEYS, 'GUNLISTED'], 4)
  .slice(0, KEYS.length)
  .map((node, index) => ({
    ...node,
    name: NAMES[index],
    homeDomain: `domain-${index % 2}.example`,
    geoData: { countryName: 'Chad', region: null },
    Rank: index,
    rank: index % 3
  }))
const network = files.write('nodes.json', nodes)

describe('--faulty', { concurrency: 4 }, () => {
  const understood: [string, string[], string[]][] = [
    ['a key', ['GAAA'], ['GAAA']],
    ['a key, whatever the case', ['gaaa'], ['GAAA']],
    ['a key that is only named by others', ['GUNLISTED'], ['GUNLISTED']],
    ['a name', ['SDF 1'], ['GAAA']],
    ['a name, whatever the case', ['sdf 2'], ['GBBB']],
    ['what a table calls it', ['twin (GEEE)'], ['GEEE']],
    ['several between commas', ['SDF 1, GBBB,Trust'], ['GAAA', 'GBBB', 'GDDD']],
    ['a name with a comma in it', ['Trust, but verify'], ['GCCC']],
    ['a name with a comma among others', ['GAAA,trust,but verify,SDF 2'], ['GAAA', 'GBBB', 'GCCC']],
    ['several times', ['SDF 1', 'Trust', 'SDF 1'], ['GAAA', 'GDDD']],
    ['a comma at the end', ['GAAA,'], ['GAAA']],
    ['nobody', ['none'], []]
  ]
  for (const [name, texts, expected] of understood) {
    test(name, async () => {
      const { faultyNodes } = await json([network, ...texts.flatMap((text) => ['--faulty', text])])
      assert.deepEqual(faultyNodes, expected)
    })
  }

  const refused: [string, string, RegExp][] = [
    ['a name that two bear', 'twin', /--faulty twin: may be any of GEEE, GFFF$/m],
    ['nothing like it', 'zzz', /--faulty zzz: no node is called so$/m],
    ['mistyped', 'SFD 1', /no node is called so; did you mean SDF 1\?$/m],
    ['mistyped among others', 'GAAA,GBBX', /--faulty GBBX: no node is called so; did you mean GBBB/],
    ['nobody and somebody', 'none,GAAA', /--faulty none: no node is called so/],
    ['empty', '', /Expected public keys or names/],
    ['commas alone', ',,', /Expected public keys or names/]
  ]
  for (const [name, text, said] of refused) {
    test(name, async () => {
      for (const command of ['analyze', 'blocking-sets']) {
        const { status, stdout, stderr } = await run([command, network, '--faulty', text])
        assert.deepEqual([status, stdout], [2, ''])
        assert.match(stderr, said)
      }
    })
  }

  test('what can be read in two ways is refused', async () => {
    const ways = nodes.map((node, index) => ({ ...node, name: ['A', 'B', 'A, B'][index] ?? null }))
    const { status, stderr } = await run([files.write('ways.json', ways), '--faulty', 'A,B'])
    assert.equal(status, 2)
    assert.match(stderr, /names have commas in them/)
  })

  test('a name that two bear is told as it was written', async () => {
    const twins = nodes.map((node, index) => ({ ...node, name: index < 2 ? 'Foo, Inc.' : null }))
    const { status, stderr } = await run([files.write('twins.json', twins), '--faulty', 'GCCC, foo,  inc.'])
    assert.equal(status, 2)
    assert.match(stderr, /--faulty foo, {2}inc\.: may be any of GAAA, GBBB$/m)
  })

  test('nobody, whatever somebody calls a node', async () => {
    const called = files.write(
      'called.json',
      nodes.map((node) => ({ ...node, name: 'none' }))
    )
    assert.deepEqual((await json([called, '--faulty', 'none'])).faultyNodes, [])
  })

  test('a node of either network of a comparison', async () => {
    const later = files.write('later.json', nodes.slice(1))
    assert.equal((await run(['diff', network, later, '--faulty', 'SDF 1'])).status, 0)
    const { status, stderr } = await run(['diff', network, later, '--faulty', 'SDF 9'])
    assert.equal(status, 2)
    assert.match(stderr, /did you mean SDF 1/)
  })

  test('a hundred at once', async () => {
    const many = flat(
      Array.from({ length: 100 }, (_, index) => `N${index}`),
      60
    )
    const keys = many.map(({ publicKey }) => publicKey)
    const { faultyNodes } = await json([
      files.write('many.json', many),
      '--group-by',
      'node',
      '--faulty',
      keys.join()
    ])
    assert.deepEqual(faultyNodes, keys.sort())
  })
})

describe('--group-by', { concurrency: 4 }, () => {
  const understood: [string, string][] = [
    ['homeDomain', 'homeDomain'],
    ['homedomain', 'homeDomain'],
    ['GeoData.countryname', 'geoData.countryName'],
    ['Country', 'country'],
    ['countries', 'country'],
    ['provider', 'isp'],
    ['nodes', 'node'],
    // Two attributes that differ only by case.
    ['Rank', 'Rank'],
    ['rank', 'rank']
  ]
  for (const [text, attribute] of understood) {
    test(text, async () => {
      assert.deepEqual(Object.keys((await json([network, '--group-by', text])).counting), [attribute])
    })
  }

  const refused: [string, string, RegExp][] = [
    ['mistyped', 'homeDoman', /--group-by homeDoman: no node has it; did you mean homeDomain\?$/m],
    ['begun', 'geoData.country', /did you mean geoData\.countryName/],
    ['an attribute that no node has a value for', 'geoData.region', /no node has it/],
    ['quorum sets are no groups', 'quorumSet.threshold', /no node has it/],
    ['may mean two', 'RANK', /--group-by RANK: may be any of Rank, rank$/m],
    ['empty', '', /Expected something/]
  ]
  for (const [name, text, said] of refused) {
    test(name, async () => {
      const { status, stdout, stderr } = await run(['top-tier', network, '--group-by', text])
      assert.deepEqual([status, stdout], [2, ''])
      assert.match(stderr, said)
    })
  }
})
