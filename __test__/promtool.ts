// Prometheus' own tool, which reads rules, configurations and metrics as Prometheus does.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'

/** Why tests that need it are skipped; false where they are not. */
export const withoutPromtool =
  spawnSync('promtool', ['--version']).status === 0 ? false : 'there is no promtool on this machine'

/** Fails with what it says where it does not take something. */
export function promtool(folder: string, args: string[], input = ''): void {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, input, encoding: 'utf8' })
  assert.equal(status, 0, stdout + stderr)
}
