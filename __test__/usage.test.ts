// docs/usage.md and docs/architecture.md say what is so: examples run, tables name every export, finding and folder.

import assert from 'node:assert/strict'
import { copyFileSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { examplesIn, root, run, typeCheck, withFolder, write } from './examples.js'

const usage = readFileSync(join(root, 'docs/usage.md'), 'utf8')
const map = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
const examples = examplesIn(usage)

test('every example type-checks', async () => {
  assert.ok(examples.length >= 2)
  for (const code of examples) assert.match(code, /from 'stellar-fbas/)
  await withFolder((folder) =>
    typeCheck(examples.map((code, index) => write(folder, `example${index}.mts`, code)))
  )
})

test('the examples run on the example network', () =>
  withFolder(async (folder) => {
    for (const [file, name] of [
      ['nodes.json', 'stellar-2025-11.json'],
      ['organizations.json', 'organizations-2025-11.json']
    ] as const) {
      copyFileSync(join(root, 'examples/network', name), join(folder, file))
    }
    const [
      parsed = '',
      reviewed = '',
      mended = '',
      server = '',
      sets = '',
      certified = '',
      published = '',
      configured = '',
      ...more
    ] = examples
    assert.deepEqual(more, [])
    const country = `${parsed}\nconsole.log(exampleSet.length, quorumA.length, quorumB.length)`
    assert.match(await run(write(folder, 'parsed.mts', country), folder), /^1 \d+ \d+$/)
    assert.match(await run(write(folder, 'certified.mts', certified), folder), /isValid: true/)
    const said = configured.trimEnd().split('\n// ').at(-1)
    assert.equal(await run(write(folder, 'configured.mts', configured), folder), said)
    write(folder, 'server.mts', server)
    write(folder, 'reviewed.mts', reviewed)
    write(folder, 'mended.mts', mended)
    write(folder, 'sets.mts', sets)
    write(folder, 'published.mts', published)
    const program = `
      import { readFile } from 'node:fs/promises'
      import { FbasNetwork } from 'stellar-fbas'
      import { report } from './server.mjs'
      import { blockingSetWith } from './sets.mjs'
      import { published } from './published.mjs'
      import { review } from './reviewed.mjs'
      import { mend } from './mended.mjs'
      const network = await FbasNetwork.load(await readFile('nodes.json'), await readFile('organizations.json'))
      console.log(await review(network, { set: { [network.nodes()[0].publicKey]: null } }))
      console.log(await mend(network))
      const first = await published(network, undefined)
      const { html, verdicts, changes } = await published(network, first.study)
      console.log(html.split('</title>')[0].includes('The public network'), verdicts[0], changes.length)
      const { node } = await report(network, new AbortController().signal)
      const { findings } = await report(network, AbortSignal.abort())
      const set = await blockingSetWith(network, 'lobstr.co')
      console.log([node.topTierSize, findings.some(({ code }) => code === 'NOT_EXACT'), set?.length].join())`
    const printed = (await run(write(folder, 'program.mts', program), folder)).split('\n')
    assert.equal(printed.at(-1), '21,true,3')
    assert.ok(printed.includes('any order will do'), printed.join())
    assert.ok(printed.includes('it is safe'), printed.join())
    assert.ok(printed.includes('true Can it split? Not by itself. 0'), printed.join())
    assert.ok(printed.some((line) => line.startsWith('5103 minimal quorums, the first 100 of them listed')))
  }))

test('every export and every finding is in the tables', () => {
  const declarations = readFileSync(join(root, 'index.d.ts'), 'utf8')
  const functions = [...declarations.matchAll(/export declare (?:function|class) (\w+)/g)].map(
    (match) => match[1]
  )
  assert.ok(functions.length >= 11)
  const source = readFileSync(join(root, 'src/network/findings.rs'), 'utf8')
  const findings = [...source.matchAll(/=> "([A-Z_]+)"/g)].map((match) => match[1])
  assert.ok(findings.length >= 14)
  // One row for both forms of a function.
  const expected = [...functions.map((name) => name?.replace(/Sync$/, '')), ...findings]
  const missing = expected.filter((name) => !new RegExp(`^\\| \`${name}\\b`, 'm').test(usage))
  assert.deepEqual(missing, [])
})

test('the map names every folder of the sources', () => {
  const named = [...map.matchAll(/^\| `(src\/[\w.]+)\/?`/gm)].map((match) => match[1])
  const found = readdirSync(join(root, 'src')).map((name) => `src/${name}`)
  assert.deepEqual(named.sort(), found.sort())
  for (const [, name = ''] of map.matchAll(/^\| `([\w.]+\/)`/gm)) {
    assert.ok(statSync(join(root, name)).isDirectory(), name)
  }
})
