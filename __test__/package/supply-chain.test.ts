// What others made and we pass on: their licenses are all there, and nothing but the door to Node.js may be unsafe.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

// @ts-expect-error a script without types
import { FILE, licenses } from '../../npm/licenses.mjs'
import { root } from '../examples.js'

test('the licenses of what is compiled into the addon are those of Cargo.lock: `node npm/licenses.mjs`', () => {
  assert.equal(readFileSync(FILE, 'utf8'), licenses())
})

test('the licenses of what is bundled into dist/ are beside it', () => {
  const text = readFileSync(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8')
  for (const name of ['commander', 'preact']) assert.match(text, new RegExp(`^${name} \\d.* \\(MIT\\)$`, 'm'))
})

test('only the binding allows unsafe code, and only where it converts values', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  const allowing = files
    .filter((file) => file.endsWith('.rs'))
    .filter((file) => /allow\(.*unsafe_code/.test(readFileSync(join(root, 'src', file), 'utf8')))
  assert.deepEqual(allowing, [join('binding', 'values.rs')])
  // Denied everywhere in the crate; a plain library, without the binding, forbids it.
  const crate = readFileSync(join(root, 'src/lib.rs'), 'utf8')
  assert.match(crate, /^#!\[deny\(unsafe_code\)\]$/m)
  assert.match(crate, /^#!\[cfg_attr\(not\(feature = "node"\), forbid\(unsafe_code\)\)\]$/m)
})

test('the oldest Rust and the versions of Node.js that are promised are tested', () => {
  const workflow = readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8')
  assert.match(workflow, /s\/\^rust-version = .*Cargo\.toml/)
  const versions = /node: \[(.*)\]/.exec(workflow)?.[1]?.split(', ').map(Number) ?? []
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  assert.equal(engines.node, `>= ${Math.min(...versions)}`)
})
