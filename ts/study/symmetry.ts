/**
 * What is said of the quorum set that a symmetric top tier shares: only what is true of the sets as they stand in the data.
 *
 * Sets are compared in standard form: without entries that can be in no quorum, and with the node itself where it does not name itself. So those
 * who share one may have written different ones.
 */

import type { QuorumSet } from '../../index.js'
import { validatorsIn } from './directory.js'
import { hangsOnReading, isOfSymmetry } from './doubts.js'
import { counted, NODES } from './groupings.js'
import { standing } from './quorum-set-changes.js'
import { rule } from './rule.js'
import type { Answers, Study } from './study.js'

/** A quorum set that a symmetric top tier shares. */
export interface Symmetry {
  /** In standard form. */
  shared: QuorumSet
  /** Public keys of those who share it. */
  nodes: string[]
  /** Whether some have further entries, which can be in no quorum. */
  isShortened: boolean
  /** Whether some do not name themselves. */
  isCompleted: boolean
}

/** What the symmetric top tier shares, and how the sets of its nodes differ from that; null: there is none. */
export function symmetryOf({
  symmetricTopTier: shared,
  nodes
}: Pick<Study, 'symmetricTopTier' | 'nodes'>): Symmetry | null {
  if (shared === null) return null
  const members = new Set(validatorsIn(shared))
  const form = standing(shared)
  const sets = nodes.flatMap(({ publicKey, quorumSet }) =>
    members.has(publicKey) && quorumSet != null ? [{ publicKey, quorumSet }] : []
  )
  const isItself = ({ publicKey, quorumSet }: (typeof sets)[number]) =>
    [...validatorsIn(quorumSet)].includes(publicKey)
  const isShortened = sets.some((node) => {
    const { publicKey, quorumSet } = node
    return standing(isItself(node) ? quorumSet : withItself(publicKey, quorumSet)) !== form
  })
  return { shared, nodes: [...members], isShortened, isCompleted: !sets.every(isItself) }
}

/** What there is to add where sets are not written so; goes on from what is said of all of them. */
export function asideWords({ nodes, isShortened, isCompleted }: Symmetry): string {
  const shortened = isShortened ? ', entries aside that can be in no quorum' : ''
  const completed = isCompleted ? `, ${nodes.length === 1 ? '' : 'each '}counted as naming itself` : ''
  return shortened + completed
}

/** What all of them ask for, in a sentence of its own. */
export function symmetryTitle(symmetry: Symmetry): string {
  return `All of these nodes ask for the same: ${rule(symmetry.shared)}${asideWords(symmetry)}.`
}

/** Whether all of a top tier ask for the same, in a sentence, and why that is in doubt where it is. */
export function symmetryWords(study: Study): string {
  const tier = study.counted.find(({ grouping }) => grouping.key === NODES.key)?.topTier
  return `${shapeWords(symmetryOf(study), tier?.isExact === true ? tier.topTierSize : undefined)}${symmetryDoubt(study, 'it is symmetric')}`
}

/** The nodes that share it may be more than those of the top tier. */
function shapeWords(symmetry: Symmetry | null, tierSize: number | undefined): string {
  if (symmetry === null)
    return 'It is not symmetric: its nodes do not all ask for one quorum set that names just them.'
  const { shared, nodes } = symmetry
  const what = rule(shared) + asideWords(symmetry)
  if (nodes.length === 1) return `It is symmetric: its only node asks for ${what}.`
  const who = counted(nodes.length, NODES)
  return tierSize === nodes.length
    ? `It is symmetric: its ${who} all ask for the same, namely ${what}.`
    : `It is symmetric: ${who}, the top tier among them, all ask for the same, namely ${what}.`
}

/** That it hangs on unknown nodes, where it does; nothing otherwise. `yes` says that there is one. */
export function symmetryDoubt(
  {
    symmetricTopTier,
    findings,
    unknownNodes
  }: Pick<Answers, 'symmetricTopTier' | 'findings' | 'unknownNodes'>,
  yes: string
): string {
  if (!hangsOnReading(findings, isOfSymmetry)) return ''
  const [read, otherwise] =
    unknownNodes === 'dead'
      ? ['as in no quorum', 'as free to join any']
      : ['as free to join any quorum', 'as in none']
  const answer = symmetricTopTier === null ? yes : 'it is not so'
  return ` In doubt: this hangs on nodes of unknown quorum set, read ${read}. Read ${otherwise}, ${answer}.`
}

function withItself(key: string, { threshold, validators, innerQuorumSets }: QuorumSet): QuorumSet {
  return { threshold: threshold + 1, validators: [...validators, key], innerQuorumSets }
}
