// The parts of `npm run reliability` in small, so that they keep working. Memory is left to the full run: it needs a long one.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PARTS = { aborts: 30, concurrent: 100, workers: 6, malformed: 3_000 }

for (const [part, count] of Object.entries(PARTS)) {
  test(`reliability: ${part}`, async () => {
    const script = join(__dirname, 'reliability.mjs')
    const { stdout } = await run(process.execPath, ['--expose-gc', script, part, String(count)])
    assert.ok(stdout.startsWith(`${count} `), stdout)
  })
}
