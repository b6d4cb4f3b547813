// What a page loads: it is small, and esbuild bundles it without configuration. The examples of docs/web.md are type-checked and run so.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { build } from 'esbuild'

import { performAnalysis } from '../../index.js'
// @ts-expect-error a script without types
import { MOST_BYTES, packed } from '../../ts/packed.mjs'
import { examplesIn, root, typeCheck, withFolder, write } from '../examples.js'
import { comparable, dist, missing, open } from './page.js'

const skip = missing ?? false
const examples = examplesIn(readFileSync(join(root, 'docs/web.md'), 'utf8'))

test('it is at most 700 KB with brotli', { skip }, () => {
  assert.equal(MOST_BYTES, 700_000)
  const bytes = packed(join(dist, 'index.mjs'))
  assert.ok(bytes <= MOST_BYTES, `${bytes} bytes`)
})

test('examples of docs/web.md are right', { skip }, () =>
  withFolder((folder) => typeCheck(examples.map((code, index) => write(folder, `example${index}.mts`, code))))
)

test('esbuild bundles it without configuration', { skip }, async () => {
  const nodes = readFileSync(join(root, 'examples/network/stellar-2025-11.json'), 'utf8')
  const folder = mkdtempSync(join(tmpdir(), 'stellar-fbas-'))
  // Inside the package, as its own name stands for it there.
  const sources = join(root, 'target/bundled')
  mkdirSync(sources, { recursive: true })
  writeFileSync(join(sources, 'example.ts'), examples[0] ?? '')
  try {
    await build({
      entryPoints: [join(sources, 'example.ts')],
      bundle: true,
      format: 'esm',
      outfile: join(folder, 'bundled.mjs'),
      logLevel: 'error'
    })
    const { page, complaints, close } = await open({ folder, module: '/bundled.mjs' })
    const first = JSON.parse(nodes)[0].publicKey
    const [now, then] = (await page.evaluate(
      `web.ifItFails(${JSON.stringify(nodes)}, ${JSON.stringify(first)}, new AbortController().signal)`
    )) as [unknown, number]
    await close()
    assert.equal(comparable(now), comparable(await performAnalysis(nodes)))
    assert.ok(then > 0)
    assert.deepEqual(complaints, [])
  } finally {
    rmSync(folder, { recursive: true })
    rmSync(sources, { recursive: true })
  }
})
