// What `--check` has to make of a network as a whole.

import assert from 'node:assert/strict'

import type { About } from './about.js'
import { doesDiffer } from './verdicts.js'

export function statusOf(about: About): number {
  const { truth, down, otherDown } = about
  if (about.isNothingKnown) return 3
  // Disjoint quorums are disjoint however unknown nodes are read.
  if (truth.hasQuorum && !truth.intersects) return 1
  if (!down.hasQuorum && !otherDown.hasQuorum) return 1
  const isDoubted = doesDiffer(about, 'split') || doesDiffer(about, 'halt')
  if (isDoubted && about.chosen === undefined) return 3
  return truth.intersects && down.hasQuorum ? 0 : 1
}

export function holdStatus(about: About, status: number | null): void {
  const expected = statusOf(about)
  // Where time ran out the verdict may be open.
  if (about.isCutShort && status === 3) return
  assert.equal(status, expected, 'status')
}
