/**
 * The answer to the two questions that come first, whether it can split and whether it can halt, in a sentence with its numbers: who alone
 * could do it or, where nobody could, how many it takes. A history that may be going unrecorded is a problem as well, and is told with them.
 *
 * It says nothing that the verdicts do not say, and what they doubt it doubts in the same sentence; groupings without data are no ways of
 * counting here.
 */

import {
  aloneIn,
  smallestOf,
  whileDown,
  withData,
  type Alone,
  type Smallest,
  type Smallests
} from './alone.js'
import { leftUpIn, unknownIn, type Subject } from './doubts.js'
import { capitalized, counted, ended, enumerated, NODES, ORGANIZATIONS } from './groupings.js'
import { membersWordsWithin } from './members.js'
import { isExactly, isOpen, sizeText } from './sizes.js'
import type { Study } from './study.js'
import { isUnrecorded, type Mood } from './verdicts.js'

/** The answer in short. */
export interface Headline {
  /** At least as bad as that of any verdict that is a problem. */
  mood: Mood
  /** A sentence, or a few. Those that may be otherwise begin with "In doubt". */
  words: string
  /** Sentences with further numbers, and where it is told why something is in doubt. */
  beside: string[]
}

/** A sentence, with what of the network it is about. */
interface Sentence {
  mood: Mood
  words: string
  /** What may be doubted of it. */
  subjects: Subject[]
}

/** Sentences before they are doubted. */
interface Answer {
  first: Sentence[]
  beside: Sentence[]
}

/** What is known of something that some can do. */
interface Ability {
  subject: 'split' | 'halt'
  /** Goes on from "can". */
  does: string
  /** What is not known where it is not even known whether it has come to that. */
  already: string
  isOpen: boolean
  /** How many it takes as things are, by what there is data on. */
  smallest: Smallests
  /** What that is beside the nodes that are down, where these make a difference: of the groupings with these keys. */
  beside: string[]
  alone: Alone
}

/** The answer in short. */
export function headlineOf(study: Study): Headline {
  const { first, beside } = answerOf(study)
  const sentences = withHistory(first, study)
  const isDoubted = (sentence: Sentence) => isInDoubt(sentence, study)
  const all = [...sentences, ...beside]
  return {
    mood: moodOf(all, isDoubted),
    words: sentences.map((sentence) => told(sentence, isDoubted)).join(' '),
    beside: [
      ...beside.map((sentence) => told(sentence, isDoubted)),
      ...(all.some(isDoubted) ? ['See below why it is in doubt.'] : [])
    ]
  }
}

/** The worst of what is certain; otherwise, that something is not. */
function moodOf(sentences: Sentence[], isDoubted: (sentence: Sentence) => boolean): Mood {
  if (sentences.some((sentence) => sentence.mood === 'bad' && !isDoubted(sentence))) return 'bad'
  return sentences.some(isDoubted) ? 'unknown' : (sentences[0]?.mood ?? 'unknown')
}

function told(sentence: Sentence, isDoubted: (sentence: Sentence) => boolean): string {
  const { words } = sentence
  return isDoubted(sentence) ? `In doubt: ${words.charAt(0).toLowerCase()}${words.slice(1)}` : words
}

/** Without a quorum all hangs on that. What is not known is no more so for being in doubt. */
function isInDoubt({ mood, subjects }: Sentence, { doubts, intersection, isReadingChosen }: Study): boolean {
  if (mood === 'unknown' || isReadingChosen) return false
  const isOne = intersection.kind === 'no quorum'
  return doubts.some((doubt) => isOne || subjects.some((subject) => doubt.subjects.includes(subject)))
}

/** Problems first. */
function withHistory(sentences: Sentence[], study: Study): Sentence[] {
  if (!isUnrecorded(study)) return sentences
  // They are all of one mood.
  const isBad = sentences[0]?.mood === 'bad'
  const words = `Its history may be going unrecorded already${isBad ? ', too' : ''}.`
  const history: Sentence = { mood: 'bad', words, subjects: ['history'] }
  return isBad ? [...sentences, history] : [history, ...sentences]
}

function answerOf(study: Study): Answer {
  const { intersection, activity, faultyNodes } = study
  const abilities = { split: splitting(study), halt: halting(study) }
  const down = `${counted(faultyNodes.length, NODES)} ${faultyNodes.length === 1 ? 'is' : 'are'} taken to be down`
  const leftUp = leftUpIn(study).length
  const other = leftUp === 0 ? '' : 'other '
  const only = (mood: Mood, words: string, subjects: Subject[]) => [{ mood, words, subjects }]
  switch (intersection.kind) {
    case 'nothing known': {
      const words =
        study.nodes.length === 0
          ? 'Nobody is here: no node is listed.'
          : 'Nothing is known of it: no node has a usable quorum set.'
      return { first: only('unknown', words, []), beside: [] }
    }
    case 'no quorum':
      return { first: only('bad', withoutQuorum(leftUp), ['halt']), beside: [] }
    case 'disjoint': {
      const [a, b] = intersection.quorums.map(({ length }) => counted(length, NODES))
      const words = `It is split already: a quorum of ${a} and a quorum of ${b} have no node in common.`
      return {
        first: only('bad', words, ['split']),
        beside:
          activity === 'halted'
            ? only('bad', `It has halted, too${butFor(leftUp)}: ${down}, and no ${other}quorum is left.`, [
                'halt'
              ])
            : takes([abilities.halt], study)
      }
    }
    case 'open':
    case 'intersect':
      break
  }
  if (activity === 'halted') {
    return {
      first: only('bad', `It has halted${butFor(leftUp)}: ${down}, and no ${other}quorum is left.`, ['halt']),
      beside: takes([abilities.split], study)
    }
  }
  const both = [abilities.split, abilities.halt]
  return { first: whetherOne(both, study), beside: takes(both.filter(isWorthCounting), study) }
}

function withoutQuorum(leftOut: number): string {
  if (leftOut === 0) return 'It has halted: no quorum exists.'
  return `It has halted${butFor(leftOut)}: nothing else is a quorum.`
}

function butFor(leftOut: number): string {
  if (leftOut === 0) return ''
  return `, but for ${leftOut === 1 ? 'a node on its own' : `${leftOut} nodes on their own`}`
}

function splitting(study: Study): Ability {
  const smallest = smallestOf(study, ({ splittingSets }) => splittingSets)
  return {
    subject: 'split',
    does: isOfCoreAlone(study) ? 'split its core' : 'split it',
    already: 'it is split already',
    isOpen: study.intersection.kind === 'open',
    smallest: withData(smallest),
    beside: [],
    alone: aloneIn(smallest, study)
  }
}

/** Whether somebody may be in a quorum, and be split off, of whom it was not asked. */
function isOfCoreAlone({ scope, core, nodes, findings, unknownNodes }: Study): boolean {
  if (scope !== 'core') return false
  const known = nodes.filter(({ quorumSet }) => quorumSet != null).map(({ publicKey }) => publicKey)
  const members = new Set(core)
  return [...known, ...(unknownNodes === 'free' ? unknownIn(findings, nodes) : [])].some(
    (key) => !members.has(key)
  )
}

function halting(study: Study): Ability {
  const smallest = smallestOf(study, ({ blockingSets }) => blockingSets)
  const down = whileDown(study)
  const differs = ({ size, grouping }: Smallest, index: number) =>
    sizeText(size) === sizeText(smallest[index]?.size ?? size) ? [] : [grouping.key]
  return {
    subject: 'halt',
    does: 'halt it',
    already: 'it has halted already',
    isOpen: study.activity === 'open',
    smallest: withData(down ?? smallest),
    beside: down?.flatMap(differs) ?? [],
    alone: aloneIn(smallest, study, down)
  }
}

/** Where it is told that one of what would be counted can do it, the number 1 says nothing more. */
function isWorthCounting({ smallest, alone }: Ability): boolean {
  const { size, grouping } = mostTelling(smallest)
  const isTold = alone.kind === 'some' && alone.ones.some((one) => one.grouping === grouping)
  return !isTold || !isExactly(size, 1)
}

/** Whether a single one can do any of it. */
function whetherOne(abilities: Ability[], study: Study): Sentence[] {
  const alone = sentencesOf('caution', abilities, (ability) => byOne(ability, study))
  if (alone.length > 0) return alone
  const open = sentencesOf('unknown', abilities, notKnown)
  if (open.length > 0) return open
  const ways = enumerated(
    (abilities[0]?.smallest ?? []).map(({ grouping }) => grouping.one),
    'or'
  )
  const words = `No single ${ways} can ${enumerated(
    abilities.map(({ does }) => does),
    'or'
  )}.`
  return [{ mood: 'good', words, subjects: abilities.map(({ subject }) => subject) }]
}

function sentencesOf(mood: Mood, abilities: Ability[], of: (ability: Ability) => string[]): Sentence[] {
  return abilities.flatMap((ability) =>
    of(ability).map((words) => ({ mood, words, subjects: [ability.subject] }))
  )
}

/** Who alone can do it, by name; where others can as well, or may, it is an example. */
function byOne({ does, alone }: Ability, { directory, faultyNodes }: Study): string[] {
  if (alone.kind !== 'some') return []
  const [before, one] = alone.isLater
    ? [`with ${counted(faultyNodes.length, NODES)} down already, `, 'one more']
    : ['', 'one']
  const parts = alone.ones.map(({ what, label, grouping, others }, index) => {
    const name = directory.name(label, grouping)
    const who = index === 0 ? `${one} ${what} can ${does}` : `so can ${one} ${what}`
    if (others === 0) return `${who}: ${name}`
    return `${who}, for example ${name}${others === undefined ? '' : ` (one of ${others + 1} that can)`}`
  })
  return [ended(capitalized(before + parts.join('; ')))]
}

/** What of it is not known: whether a single one can. */
function notKnown({ does, already, isOpen, alone }: Ability): string[] {
  const noTime = 'is not known: there was no time to find out.'
  if (isOpen) return [`Whether ${already} ${noTime}`]
  if (alone.kind !== 'not known') return []
  const ways = [...new Set(alone.open.map(({ grouping }) => grouping.one))]
  return [`Whether a single ${enumerated(ways, 'or')} can ${does} ${noTime}`]
}

/** How many it takes, of organizations where there is data on them; of nodes where a single one is enough. One sentence for what is as certain. */
function takes(abilities: Ability[], study: Study): Sentence[] {
  const sentences: Sentence[] = []
  for (const ability of abilities) {
    const next: Sentence = { ...number(ability, study), subjects: [ability.subject] }
    const last = sentences.at(-1)
    if (last === undefined || isInDoubt(last, study) !== isInDoubt(next, study)) sentences.push(next)
    else {
      last.words += `, and ${next.words}`
      last.subjects.push(ability.subject)
    }
  }
  return sentences.map(({ words, ...more }) => ({ ...more, words: ended(capitalized(words)) }))
}

function number(
  { does, smallest, beside }: Ability,
  { directory, faultyNodes }: Study
): Pick<Sentence, 'mood' | 'words'> {
  const { size, grouping, members } = mostTelling(smallest)
  if (size.kind === 'none') return { mood: 'neutral', words: `no set of ${grouping.many} can ${does}` }
  if (isOpen(size) && size.atMost === null && size.atLeast === 0)
    return { mood: 'unknown', words: `how many ${grouping.many} it takes to ${does} is not known` }
  const words = membersWordsWithin(size, members, grouping, directory)
  const { length } = faultyNodes
  const down = `beside the ${counted(length, NODES)} that ${length === 1 ? 'is' : 'are'} down already `
  return {
    mood: 'neutral',
    words: `${beside.includes(grouping.key) ? down : ''}it takes ${words} to ${does}`
  }
}

function mostTelling(smallest: Smallests): Smallest {
  const of = (key: string) => smallest.find(({ grouping }) => grouping.key === key)
  const nodes = of(NODES.key)
  if (nodes !== undefined && isExactly(nodes.size, 1)) return nodes
  return of(ORGANIZATIONS.key) ?? smallest[0]
}
