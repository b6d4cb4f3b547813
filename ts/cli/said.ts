/** How the answer to a single question looks: the answer, why it may be another one, what it means, the witnesses, how far it is proven. */

import type { FbasNetwork, Finding } from '../../index.js'
import type { Said } from '../study/answers.js'
import { doubtsIn, type Doubt } from '../study/doubts.js'
import { counted, NODES } from '../study/groupings.js'
import type { Naming } from '../study/naming.js'
import type { Options } from './options.js'
import type { Look } from './output.js'
import { paragraph } from './table.js'

/** Nodes that are named with a doubt, a finding or a note. */
export const MOST_NAMED = 6

/** Findings of an answer that are part of it: on how it was asked, and who is left out. Who is down each command says in words of its own. */
export const NOTES = ['UNKNOWN_FAULTY_NODE', 'NO_GROUP_DATA', 'ONE_NODE_QUORUM', 'REPORTED_DOWN']

/** What was found in the data and by an answer. */
export function findingsOf(
  network: FbasNetwork,
  answer: { findings?: Finding[]; executionTimeMs: number }
): Finding[] {
  const said = network.findings.map(({ code }) => code)
  // What an answer would be misread without is said again with it.
  return [...network.findings, ...(answer.findings ?? []).filter(({ code }) => !said.includes(code))]
}

export function answerText(
  look: Look,
  { mood, begins, rest, meaning, proof }: Said,
  findings: Finding[],
  options: Pick<Options, 'unknown' | 'faulty' | 'reachableFrom'>,
  naming: Naming,
  parts: string[] = []
): string {
  const { colors } = look
  const tint = { good: colors.green, bad: colors.red, unknown: colors.magenta, neutral: colors.bold }[mood]
  const headline = [tint(begins), ...(rest === '' ? [] : [rest])].join(' ')
  const said = [headline, ...(meaning === '' ? [] : [meaning])].join('\n')
  const notes = findings.filter(({ code }) => NOTES.includes(code))
  return [
    paragraph(look, said, 0, 0),
    ...doubtsText(look, doubtsIn(findings, options.unknown ?? 'dead'), naming),
    ...(options.reachableFrom === undefined
      ? []
      : [paragraph(look, `The network is what ${naming.title(options.reachableFrom)} sees.`)]),
    ...takenAsDown(options.faulty ?? []).map((words) =>
      paragraph(look, words + concerned(options.faulty ?? [], naming))
    ),
    ...notes.map((note) => paragraph(look, noted(note, naming))),
    ...parts.filter((part) => part !== ''),
    ...(proof === undefined ? [] : [proof.isWhole ? colors.dim(proof.words) : colors.magenta(proof.words)])
  ].join('\n\n')
}

/** A finding on how it was asked. `where`: of more than one state of the network. */
export function noted({ code, message, nodes }: Finding, naming: Naming, where = ''): string {
  const who = concerned(nodes, naming)
  if (code !== 'REPORTED_DOWN') return message + who
  const are = nodes.length === 1 ? 'is' : 'are'
  return `${counted(nodes.length, NODES)} in some quorum that the data reports as down ${are} taken as up${where}; --faulty says who is down.${who}`
}

function takenAsDown({ length }: string[]): string[] {
  return length === 0 ? [] : [`${counted(length, NODES)} ${length === 1 ? 'is' : 'are'} taken as down.`]
}

/** Why an answer may be another one. */
export function doubtsText(
  look: Look,
  doubts: Pick<Doubt, 'words' | 'nodes'>[],
  naming: Naming,
  indent = 0
): string[] {
  return doubts.map(({ words, nodes }) =>
    paragraph(
      look,
      `${look.colors.magenta('IN DOUBT:')} ${words}${concerned(nodes, naming)}`,
      indent,
      indent + 2
    )
  )
}

/** The same for programs, after what tells it from others. */
export function doubtForPrograms<What extends object>(
  what: What,
  { words, nodes }: Pick<Doubt, 'words' | 'nodes'>,
  naming: Naming
) {
  return { ...what, message: words, nodes: nodes.map((node) => naming.forPrograms(node)) }
}

/** Doubts about one answer for programs. */
export function doubtsForPrograms(doubts: Doubt[], naming: Naming) {
  return doubts.map((doubt) => doubtForPrograms({ code: doubt.code }, doubt, naming))
}

/** Whom a sentence concerns, in parentheses after it. */
export function concerned(nodes: string[], naming: Naming): string {
  return nodes.length === 0 ? '' : ` (${naming.list(nodes, NODES, MOST_NAMED)})`
}
