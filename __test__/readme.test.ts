// The README says what is so: its first example runs as printed, and its tables name what there is.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(__dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1] ?? '')

/** Does something with a folder of its own inside this one, so that examples resolve packages as a test would. */
function withFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(__dirname, 'readme-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Writes an example as an ES module that uses the addon built here. */
function write(folder: string, name: string, code: string): string {
  assert.match(code, /from 'stellar-fbas'/)
  const file = join(folder, name)
  writeFileSync(file, code.replace("from 'stellar-fbas'", "from '../../index.js'"))
  return file
}

test('the first example prints what its comments say', () => {
  const code = examples[0] ?? ''
  const expected = [...code.matchAll(/console\.log\(.*\) \/\/ (\w+)/g)].map((match) => match[1])
  assert.ok(expected.length >= 5)
  const printed = withFolder((folder) =>
    execFileSync(process.execPath, ['--import', 'tsx', write(folder, 'example.mts', code)], {
      cwd: root,
      encoding: 'utf8'
    })
  )
  assert.deepEqual(printed.trim().split('\n'), expected)
})

test('every example type-checks', () => {
  assert.ok(examples.length >= 2)
  withFolder((folder) => {
    const files = examples.map((code, index) => write(folder, `example${index}.mts`, code))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const options = '--noEmit --strict --skipLibCheck --target es2022 --module nodenext --types node'.split(
      ' '
    )
    try {
      execFileSync(process.execPath, [tsc, ...options, ...files], { cwd: root, encoding: 'utf8' })
    } catch (error) {
      assert.fail(String((error as { stdout?: string }).stdout))
    }
  })
})

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
  const missing = expected.filter((name) => !new RegExp(`^\\| \`${name}\\b`, 'm').test(readme))
  assert.deepEqual(missing, [])
})

test('the map names every folder of the sources', () => {
  const named = [...readme.matchAll(/^\| `(src\/[\w.]+)\/?`/gm)].map((match) => match[1])
  const found = readdirSync(join(root, 'src')).map((name) => `src/${name}`)
  assert.deepEqual(named.sort(), found.sort())
  for (const [, name = ''] of readme.matchAll(/^\| `([\w.]+\/)`/gm)) {
    assert.ok(statSync(join(root, name)).isDirectory(), name)
  }
})
