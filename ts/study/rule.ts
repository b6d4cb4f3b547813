/** What a quorum set asks for, in words. */

import type { QuorumSet } from '../../index.js'
import { counted, NODES } from './groupings.js'

/** "5 of 7 groups, from each 2 of 3 nodes". */
export function rule({ threshold, validators, innerQuorumSets }: QuorumSet): string {
  const inner = [...new Set(innerQuorumSets.map(ruleInside))]
  // Each mention counts, so these are no nodes to choose from.
  const distinct = new Set(validators).size
  const named = distinct < validators.length ? `, which name ${counted(distinct, NODES)}` : ''
  const entries = entriesOf({ validators, innerQuorumSets })
  const all = `${threshold} of ${counted(validators.length + innerQuorumSets.length, entries)}${named}`
  if (inner.length === 0) return all
  const each = validators.length === 0 ? 'each' : 'each group'
  return inner.length === 1 ? `${all}, from ${each} ${inner[0]}` : `${all} with different thresholds`
}

/** What the entries of a quorum set are. */
export function entriesOf({ validators, innerQuorumSets }: Omit<QuorumSet, 'threshold'>): {
  one: string
  many: string
} {
  if (new Set(validators).size < validators.length) return { one: 'entry', many: 'entries' }
  if (innerQuorumSets.length === 0) return NODES
  return validators.length === 0
    ? { one: 'group', many: 'groups' }
    : { one: 'node or group', many: 'nodes and groups' }
}

function ruleInside(set: QuorumSet): string {
  if (set.threshold === 0) return 'nobody'
  const isSingle = set.threshold === 1 && set.validators.length === 1 && set.innerQuorumSets.length === 0
  return isSingle ? 'its only node' : rule(set)
}
