// Findings, as they are told: each must be so of the nodes that are named, and none that is so may be missing.

import assert from 'node:assert/strict'

import type { QuorumSet } from '../../index.js'
import { bits, GROUPINGS, type About, type Mask } from './about.js'
import { Truth, namedIn } from './truth.js'
import { doesDiffer, SUBJECTS } from './verdicts.js'

export interface Told {
  code: string
  message: string
  nodes: Mask
  /** Whether not all of them are named. */
  isCut: boolean
}

/** Nodes whose quorum set, or a set inside it, is such. */
function having(about: About, is: (set: QuorumSet, depth: number) => boolean): Mask {
  const has = (set: QuorumSet, depth: number): boolean =>
    is(set, depth) || set.innerQuorumSets.some((inner) => has(inner, depth + 1))
  return about.population.maskOf(
    about.network.nodes.flatMap(({ publicKey, quorumSet }) =>
      quorumSet != null && has(quorumSet, 1) ? publicKey : []
    )
  )
}

const entries = ({ validators, innerQuorumSets }: QuorumSet) => validators.length + innerQuorumSets.length

/** Findings on the data: who is concerned, nobody where there is none. */
const ON_DATA: Record<string, (about: About) => Mask> = {
  UNKNOWN_QUORUM_SET: ({ network, population }) =>
    population.maskOf(
      network.nodes.filter(({ quorumSet }) => quorumSet == null).map(({ publicKey }) => publicKey)
    ),
  UNKNOWN_VALIDATOR: ({ network, population }) =>
    population.all & ~population.maskOf(network.nodes.map(({ publicKey }) => publicKey)),
  DUPLICATE_ENTRY: (about) =>
    about.population.maskOf(
      about.network.nodes
        .filter(({ quorumSet }) => {
          const named = quorumSet == null ? [] : namedIn(quorumSet)
          return new Set(named).size < named.length
        })
        .map(({ publicKey }) => publicKey)
    ),
  UNREACHABLE_THRESHOLD: (about) => having(about, (set) => set.threshold > entries(set)),
  LOW_THRESHOLD: (about) => having(about, (set) => 2 * set.threshold <= entries(set)),
  SELF_EXCLUDED: ({ network, population }) =>
    population.maskOf(
      network.nodes
        .filter(({ publicKey, quorumSet }) => quorumSet != null && !namedIn(quorumSet).includes(publicKey))
        .map(({ publicKey }) => publicKey)
    ),
  ONE_NODE_QUORUM: ({ population, truth }) => {
    const all = new Truth(population, { unknown: 'dead', faulty: [] }, false)
    assert.ok(truth)
    return all.quorums.filter((set) => bits(set).length === 1).reduce((union, set) => union | set, 0)
  }
}

/** Those that an analysis brings up. */
const ON_ANSWERS: Record<string, (about: About) => boolean> = {
  NO_QUORUM_SETS: (about) => about.isNothingKnown,
  NO_QUORUM: (about) => !about.isNothingKnown && !about.truth.hasQuorum,
  NO_HISTORY_DATA: ({ isWithoutHistory }) => isWithoutHistory,
  NO_GROUP_DATA: (about) =>
    about.truth.hasQuorum && GROUPINGS.some((grouping) => about.isWithoutData(grouping)),
  VERDICT_DEPENDS_ON_UNKNOWN_NODES: (about) => SUBJECTS.some((subject) => doesDiffer(about, subject))
}

export function holdFindings(about: About, findings: Told[]): void {
  for (const [code, concerned] of Object.entries(ON_DATA)) {
    const found = findings.filter((finding) => finding.code === code)
    const nodes = concerned(about)
    const named = found.reduce((union, finding) => union | finding.nodes, 0)
    const isCut = found.some((finding) => finding.isCut)
    if (isCut) assert.equal(named & ~nodes, 0, code)
    else assert.deepEqual(bits(named), bits(nodes), code)
    assert.equal(found.length > 0, nodes !== 0, code)
  }
  for (const [code, is] of Object.entries(ON_ANSWERS)) {
    const found = findings.some((finding) => finding.code === code)
    if (about.isCutShort && !found) continue
    assert.equal(found, is(about), code)
  }
  const known = [...Object.keys(ON_DATA), ...Object.keys(ON_ANSWERS), 'NOT_EXACT', 'REPORTED_DOWN']
  for (const { code } of findings) {
    assert.ok(known.includes(code), `a finding that nobody knows: ${code}`)
    if (code === 'NOT_EXACT') assert.ok(about.isCutShort)
  }
}
