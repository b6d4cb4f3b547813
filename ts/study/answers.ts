/** What is said of the answer to a single question, as data: the answer in a sentence, what it means, and how far it is proven. */

import type { Finding, MinimalSetResult, QuorumIntersectionResult, TopTierResult } from '../../index.js'
import type { Directory } from './directory.js'
import { isNothingKnown, isWithoutHistory, leftOutIn } from './doubts.js'
import { intersectionOf, type Intersection } from './facts.js'
import type { Grouping } from './groupings.js'
import { BLOCKING, HISTORY_CRITICAL, QUORUM, SPLITTING, type Kind } from './kinds.js'
import { membersWords } from './members.js'
import { isAtLeast, isExactly, isOpen, sizeOf, tierSizeOf, type Size } from './sizes.js'
import type { Study } from './study.js'
import { asideWords, symmetryDoubt, symmetryOf } from './symmetry.js'

/** What is said. */
export interface Said {
  mood: 'good' | 'bad' | 'unknown' | 'neutral'
  /** Begins with a word or two that may stand out. */
  begins: string
  rest: string
  meaning: string
  /** How far it is proven; absent: it needs no proof. */
  proof?: { isWhole: boolean; words: string }
}

/** What nobody can answer without quorum sets. */
export const NOTHING_KNOWN: Said = {
  mood: 'unknown',
  begins: 'Not known:',
  rest: 'the data has no usable quorum set of any node.',
  meaning: ''
}

/** Of the question whether every two quorums share a node. */
export function saidOfIntersection(answer: QuorumIntersectionResult, findings: Finding[]): Said {
  const { kind } = intersectionOf(answer, isNothingKnown(findings))
  switch (kind) {
    case 'nothing known':
      return NOTHING_KNOWN
    case 'no quorum':
      return {
        mood: 'bad',
        begins: 'NO:',
        rest: `${thereIsNone(findings)}.`,
        meaning: `${isAnyLeftOut(findings) ? 'No two nodes' : 'Nobody'} can agree on anything.`
      }
    case 'intersect':
      return { mood: 'good', begins: 'Yes:', rest: 'every two quorums share a node.', meaning: '' }
    case 'disjoint':
      return { mood: 'bad', begins: 'NO:', rest: 'two quorums share no node.', meaning: '' }
    case 'open':
      return {
        mood: 'unknown',
        begins: 'Not known:',
        rest: 'no two disjoint quorums were found, nor was it proven that there are none.',
        meaning: ''
      }
  }
}

/** Of the question who is in the top tier. */
export function saidOfTopTier(
  answer: TopTierResult,
  grouping: Grouping,
  directory: Directory,
  findings: Finding[]
): Said {
  if (isNothingKnown(findings)) return NOTHING_KNOWN
  const size = tierSizeOf(answer)
  if (isExactly(size, 0))
    return { mood: 'neutral', begins: 'Top tier:', rest: 'nobody.', meaning: `${noQuorum(findings)}.` }
  return {
    mood: 'neutral',
    begins: 'Top tier:',
    rest: membersWords(size, answer.topTier, grouping, directory),
    meaning: '',
    ...(isOpen(size) ? { proof: { isWhole: false, words: 'NOT proven that nobody else is in it.' } } : {})
  }
}

/** Of the question for the quorum set that the whole top tier shares. */
export function saidOfSymmetric(
  answers: Pick<Study, 'nodes' | 'symmetricTopTier' | 'findings' | 'unknownNodes'>
): Said {
  if (isNothingKnown(answers.findings)) return NOTHING_KNOWN
  const meaning = symmetryDoubt(answers, 'there is one').trim()
  const symmetry = symmetryOf(answers)
  return symmetry === null
    ? {
        mood: 'neutral',
        begins: 'No symmetric top tier:',
        // Without a quorum, each quorum set is needed by every quorum.
        rest: isWithoutQuorum(answers.findings)
          ? `${thereIsNone(answers.findings)}.`
          : 'no quorum set is shared by exactly the nodes that it names and needed by every quorum.',
        meaning
      }
    : {
        mood: 'neutral',
        begins: 'Symmetric top tier:',
        rest: `these nodes all ask for the same${asideWords(symmetry)}, and no quorum avoids them.`,
        meaning
      }
}

/** What nobody can answer without knowing of any archive whether it is good. */
const NO_ARCHIVE_KNOWN: Said = {
  mood: 'unknown',
  begins: 'Not known:',
  rest: 'the data does not say which archives have errors.',
  meaning: 'None is relied on, so the empty set would be history-critical.'
}

/** Whether what stands in an answer is none: the data says nothing that it could rest on. */
export function isWithoutAnswer(kind: Kind, answer: MinimalSetResult, findings: Finding[]): boolean {
  const isOfArchives = kind === HISTORY_CRITICAL && isWithoutHistory(findings)
  return isNothingKnown(findings) || (isOfArchives && !isAtLeast(sizeOf(answer), 1))
}

/** Of the question for a smallest set of a kind. */
export function saidOfSets(
  kind: Kind,
  answer: MinimalSetResult,
  intersection: Intersection | undefined,
  grouping: Grouping,
  directory: Directory,
  findings: Finding[],
  scope: 'core' | 'all'
): Said {
  if (isNothingKnown(findings)) return NOTHING_KNOWN
  if (isWithoutAnswer(kind, answer, findings)) return NO_ARCHIVE_KNOWN
  const size = sizeOf(answer)
  const proof = proofOf(size, intersection)
  if (size.kind === 'none') {
    const [rest, meaning] =
      kind === SPLITTING && intersection?.kind === 'intersect'
        ? [
            `No ${kind.one} exists.`,
            `No set of malicious nodes leaves two others${scope === 'core' ? ' of the core' : ''} that could disagree.`
          ]
        : kind === QUORUM
          ? [`${noQuorum(findings)}.`, isAnyLeftOut(findings) ? '' : 'Nobody can close ledgers.']
          : [`No ${kind.one} exists.`, `${noQuorum(findings)}.`]
    return { mood: 'neutral', begins: rest, rest: '', meaning, proof }
  }
  return {
    mood: 'neutral',
    begins: `Smallest ${kind.one}:`,
    rest: membersWords(size, answer.exampleSet, grouping, directory),
    meaning: isExactly(size, 0)
      ? emptyMeans(kind, findings)
      : isOpen(size) && size.atMost === null
        ? // No set is there that anything could be said of.
          ''
        : meaningOf(kind, scope),
    proof
  }
}

/** What it is to be such a set; of splitting sets, who may come to disagree. */
function meaningOf(kind: Kind, scope: 'core' | 'all'): string {
  return kind === SPLITTING && scope === 'core'
    ? 'When all of it lies, telling different things to different others, two of the core that do not can close different ledgers.'
    : kind.definition
}

/** What is said where there would be a quorum if nobody were left out. */
export const BUT_LEFT_OUT = 'but nodes on their own, which are left out'

function isAnyLeftOut(findings: Finding[]): boolean {
  return leftOutIn(findings).length > 0
}

/** Whether it was found that there is no quorum, or none but nodes that are left out. */
export function isWithoutQuorum(findings: Finding[]): boolean {
  return findings.some(({ code }) => code === 'NO_QUORUM')
}

/** That there is no quorum, as a clause. */
function thereIsNone(findings: Finding[]): string {
  return isAnyLeftOut(findings) ? `there is no quorum ${BUT_LEFT_OUT}` : 'there is no quorum'
}

/** That there is no quorum, as the beginning of a sentence. */
export function noQuorum(findings: Finding[]): string {
  return isAnyLeftOut(findings) ? `No quorum exists ${BUT_LEFT_OUT}` : 'No quorum exists'
}

/** What it means that the empty set is one. */
function emptyMeans(kind: Kind, findings: Finding[]): string {
  switch (kind) {
    case BLOCKING:
      return isAnyLeftOut(findings)
        ? `The network has halted already: no quorum is left ${BUT_LEFT_OUT}.`
        : 'The network has halted already: no quorum is left.'
    case SPLITTING:
      return 'Two quorums share no node: the network can split with nobody lying.'
    case HISTORY_CRITICAL:
      return 'A quorum exists in which nobody is known to have an archive without errors.'
    default:
      return kind.definition
  }
}

function proofOf(size: Size, intersection: Intersection | undefined): NonNullable<Said['proof']> {
  const open = intersection?.kind === 'open' ? ' Whether every two quorums share a node is NOT proven.' : ''
  const isWhole = !isOpen(size) && intersection?.kind !== 'open'
  return { isWhole, words: `${sizeProof(size)}${open}` }
}

function sizeProof(size: Size): string {
  switch (size.kind) {
    case 'none':
      return 'Proven.'
    case 'exactly':
      return size.size === 0
        ? 'Proven: checked against the definition.'
        : 'Proven smallest; the witness was checked against the definition.'
    case 'between':
      return size.atMost === null
        ? 'NOT proven: none was found in time.'
        : 'NOT proven smallest; the example was checked against the definition.'
  }
}
