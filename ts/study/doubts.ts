/**
 * What makes it doubtful whether an answer is true of the network itself: nodes that nobody has seen, keys that may stand for several nodes,
 * data that says nothing. A doubt stands beside the answer, before it is believed.
 */

import type { FbasNode, Finding } from '../../index.js'
import { counted, NODES } from './groupings.js'

/** What may be doubted: whether it can split or halt, who decides, whether its history would survive. */
export type Subject = 'split' | 'halt' | 'decide' | 'history'

/** A reason to doubt an answer. */
export interface Doubt {
  code: string
  words: string
  /** Public keys of the nodes that it hangs on. */
  nodes: string[]
  subjects: Subject[]
}

/** How unknown nodes are read, in words. */
export const READ_AS = { dead: 'in no quorum', free: 'free to join any' }

/** Which fields of results speak of what. */
const FIELDS: [Subject, RegExp][] = [
  ['split', /hasQuorumIntersection|splittingSets/],
  ['halt', /blockingSets/],
  ['decide', /topTier/],
  ['history', /historyCritical/]
]
/** The code of keys that may stand for several nodes. */
const ABBREVIATED = 'ABBREVIATED_KEYS'
const EVERYTHING: Subject[] = ['split', 'halt', 'decide', 'history']

/** The doubts among the findings, each once. */
export function doubtsIn(findings: Finding[], unknownNodes: 'dead' | 'free'): Doubt[] {
  const [read, otherwise] =
    unknownNodes === 'dead'
      ? ['read as in no quorum', 'Read as free to join any']
      : ['read as free to join any quorum', 'Read as in none']
  // Whether the top tier is symmetric is doubted where that is told, and sizes on the way where those are.
  const told = findings.filter(({ fields }) => fields.length === 0 || !fields.every(isToldElsewhere))
  const hanging = told.filter(isHanging)
  const open = told.filter(isOpen)
  const doubts: Doubt[] = []
  if (hanging.length > 0) {
    const nodes = [...new Set(hanging.flatMap(({ nodes }) => nodes))].sort()
    doubts.push({
      code: 'VERDICT_DEPENDS_ON_UNKNOWN_NODES',
      words: `This hangs on ${counted(nodes.length, NODES)} of unknown quorum set, ${read}. ${otherwise}, the answer is another one.`,
      nodes,
      subjects: subjectsOf(hanging)
    })
  }
  if (open.length > 0) {
    doubts.push({
      code: 'NOT_EXACT',
      words: `Nodes of unknown quorum set are ${read}. ${otherwise}, the answer may be another one: there was no time to find out.`,
      nodes: [],
      subjects: subjectsOf(open)
    })
  }
  for (const { code, nodes } of findings) {
    if (code !== ABBREVIATED) continue
    const words =
      'Keys look abbreviated: one may stand for several nodes, so this may not be what the network is.'
    doubts.push({ code, words, nodes, subjects: EVERYTHING })
  }
  return doubts
}

function isHanging({ code }: Finding): boolean {
  return code === 'VERDICT_DEPENDS_ON_UNKNOWN_NODES'
}

/** Whether there was no time to find out if something hangs on how unknown nodes are read. */
function isOpen({ code, unknownNodes }: Finding): boolean {
  return code === 'NOT_EXACT' && unknownNodes !== undefined
}

/** Whether some field of an answer would be another one if unknown nodes were read the other way. */
export function hangsOnReading(findings: Finding[], isField: (field: string) => boolean): boolean {
  return findings.some((finding) => isHanging(finding) && finding.fields.some(isField))
}

/** Whether there was no time to find that out of some field. */
export function mayHangOnReading(findings: Finding[], isField: (field: string) => boolean): boolean {
  return findings.some((finding) => isOpen(finding) && finding.fields.some(isField))
}

/** Whether a field is the quorum set of the symmetric top tier. */
export function isOfSymmetry(field: string): boolean {
  return field.endsWith('symmetricTopTier')
}

/** Whether a field says what a network is like before or after a change. */
export function isOfStage(field: string): boolean {
  return /^(before|after)\./.test(field)
}

function isToldElsewhere(field: string): boolean {
  return isOfSymmetry(field) || isOfStage(field)
}

/** How many nodes are of unknown quorum set, in words. */
export function ofUnknown(count: number): string {
  return `${counted(count, NODES)} of unknown quorum set`
}

/** Whether it is a doubt on how unknown nodes are read, not on the data itself. */
export function isOfReading({ code }: Doubt): boolean {
  return code !== ABBREVIATED
}

/** Whether the data says nothing at all about who asks for whom. */
export function isNothingKnown(findings: Finding[]): boolean {
  return findings.some(({ code }) => code === 'NO_QUORUM_SETS')
}

/**
 * The nodes whose quorum set is unknown, by their public keys. With a threshold of 0 it counts as unknown, which the findings do not tell from an
 * inner set with one.
 */
export function unknownIn(findings: Finding[], nodes: FbasNode[]): string[] {
  const unknown = findings.filter(({ code }) => code === 'UNKNOWN_QUORUM_SET' || code === 'UNKNOWN_VALIDATOR')
  const unusable = nodes.filter(({ quorumSet }) => quorumSet?.threshold === 0)
  const keys = [...unknown.flatMap(({ nodes }) => nodes), ...unusable.map(({ publicKey }) => publicKey)]
  return [...new Set(keys)].sort()
}

/** The code of nodes that are a quorum all by themselves, which are left out where nobody else names them. */
export const LEFT_OUT = 'ONE_NODE_QUORUM'

/** Nodes that are left out of a network in which nothing else is a quorum: those that are one all by themselves are none that count. */
export function leftOutIn(findings: Finding[]): string[] {
  return findings.filter(({ code }) => code === LEFT_OUT).flatMap(({ nodes }) => nodes)
}

/** Those who are up while nothing is left that counts as a quorum: that these would be one by themselves makes none that counts. */
export function leftUpIn({
  findings,
  faultyNodes
}: {
  findings: Finding[]
  faultyNodes: string[]
}): string[] {
  return leftOutIn(findings).filter((key) => !faultyNodes.includes(key))
}

/** The same beside a core: those that are a quorum all by themselves and count are in it. */
export function leftOutBeside({ core, findings }: { core: string[]; findings: Finding[] }): string[] {
  const members = new Set(core)
  return leftOutIn(findings).filter((key) => !members.has(key))
}

/** Nodes whose archives count as good although the data has no address of theirs, as it has of others. */
export function withoutArchiveUrl(findings: Finding[]): string[] {
  return findings.filter(({ code }) => code === 'HISTORY_WITHOUT_URL').flatMap(({ nodes }) => nodes)
}

/** Whether the data says of no archive whether it is good. */
export function isWithoutHistory(findings: Finding[]): boolean {
  return findings.some(({ code }) => code === 'NO_HISTORY_DATA')
}

function subjectsOf(findings: Finding[]): Subject[] {
  const about = findings.flatMap(({ fields }) => fields)
  const named = FIELDS.filter(([, speaking]) => about.some((field) => speaking.test(field)))
  return named.length === 0 ? EVERYTHING : named.map(([subject]) => subject)
}
