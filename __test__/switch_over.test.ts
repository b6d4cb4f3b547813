// Changing over from the WebAssembly package takes one import path: the code of a backend and its tests, as they are and with nothing but
// that path changed, both compile and both pass.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { root, typeCheck, withFolder, write } from './examples.js'

const OLD = "'@stellarbeat/stellar_analysis_nodejs'"
const NEW = "'stellar-fbas/compat'"

/** Runs the tests of a file and fails with what they printed if they fail. */
function runTests(file: string): string {
  // Test runners that are started by a test report to it in a format of their own unless this is unset.
  const { NODE_TEST_CONTEXT, ...env } = process.env
  const args = ['--import', 'tsx', '--test', '--test-reporter=tap', file]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env })
  assert.equal(status, 0, `${stdout}\n${stderr}`)
  return stdout
}

for (const [name, change] of [
  ['with the old package', (code: string) => code],
  ['with the new import path', (code: string) => code.replace(OLD, NEW)]
] as const) {
  test(`a backend ${name}`, () =>
    withFolder((folder) => {
      const files = ['analysis.ts', 'analysis.check.ts'].map((file) => {
        const code = readFileSync(join(__dirname, 'backend', file), 'utf8')
        assert.equal(code.split(OLD).length, file === 'analysis.ts' ? 2 : 1)
        return write(folder, file, change(code))
      })
      typeCheck(files)
      const printed = runTests(files[1] ?? '')
      assert.match(printed, /^# pass 6$/m)
      assert.match(printed, /^# fail 0$/m)
    }))
}
