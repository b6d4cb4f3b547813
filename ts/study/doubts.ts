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
  const hanging = findings.filter(({ code }) => code === 'VERDICT_DEPENDS_ON_UNKNOWN_NODES')
  const open = findings.filter(
    ({ code, unknownNodes: otherWay }) => code === 'NOT_EXACT' && otherWay !== undefined
  )
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

/** That an answer about a change is another one with unknown nodes read the other way, or that there was no time to see. */
export function doubtOfChange(isOpen: boolean, unknown: string[]): Doubt {
  const subjects: Subject[] = ['split', 'halt']
  const otherwise = `Read as ${READ_AS.free}, the answer`
  if (isOpen) {
    const words = `Nodes of unknown quorum set are read as ${READ_AS.dead}. ${otherwise} may be another one: there was no time to find out.`
    return { code: 'NOT_EXACT', words, nodes: [], subjects }
  }
  const words = `This hangs on ${ofUnknown(unknown.length)}, read as ${READ_AS.dead}. ${otherwise} is another one.`
  return { code: 'VERDICT_DEPENDS_ON_UNKNOWN_NODES', words, nodes: unknown, subjects }
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
