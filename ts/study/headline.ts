/**
 * The answer to the two questions that come first, whether it can split and whether it can halt, in a sentence with its numbers: who alone
 * could do it or, where nobody could, how many it takes.
 *
 * It says nothing that the verdicts do not say; groupings without data are no ways of counting here.
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
import { leftOutIn } from './doubts.js'
import { capitalized, counted, NODES, ORGANIZATIONS } from './groupings.js'
import { membersWords } from './members.js'
import { isExactly, isOpen, sizeWords } from './sizes.js'
import type { Study } from './study.js'
import type { Mood } from './verdicts.js'

/** The answer in short. */
export interface Headline {
  mood: Mood
  /** A sentence, or two. */
  words: string
  /** Sentences with further numbers, and that it is in doubt. */
  beside: string[]
}

/** What is known of something that some can do. */
interface Ability {
  /** Goes on from "can". */
  does: string
  /** The same, where no set can: splits outside the core may not count. */
  nobodyCan: string
  /** What is not known where it is not even known whether it has come to that. */
  already: string
  isOpen: boolean
  /** By what there is data on. */
  smallest: Smallests
  alone: Alone
}

/** The answer in short. */
export function headlineOf(study: Study): Headline {
  const headline = answerOf(study)
  const isOne = study.intersection.kind === 'no quorum'
  const isDoubted = study.doubts.some(
    ({ subjects }) => isOne || subjects.includes('split') || subjects.includes('halt')
  )
  if (!isDoubted || study.isReadingChosen || headline.mood === 'unknown') return headline
  return { ...headline, mood: 'unknown', beside: [...headline.beside, 'That is in doubt, see below.'] }
}

function answerOf(study: Study): Headline {
  const { intersection, activity, faultyNodes } = study
  const abilities = { split: splitting(study), halt: halting(study) }
  const down = `${counted(faultyNodes.length, NODES)} ${faultyNodes.length === 1 ? 'is' : 'are'} taken to be down`
  switch (intersection.kind) {
    case 'nothing known':
      return {
        mood: 'unknown',
        words:
          study.nodes.length === 0
            ? 'Nobody is here: no node is listed.'
            : 'Nothing is known of it: no node has a quorum set.',
        beside: []
      }
    case 'no quorum':
      return { mood: 'bad', words: withoutQuorum(leftOutIn(study.findings).length), beside: [] }
    case 'disjoint': {
      const [a, b] = intersection.quorums.map(({ length }) => counted(length, NODES))
      return {
        mood: 'bad',
        words: `It is split already: a quorum of ${a} and a quorum of ${b} have no node in common.`,
        beside:
          activity === 'halted'
            ? [`It has halted, too: ${down}, and without them no quorum is left.`]
            : takes([abilities.halt], study)
      }
    }
    case 'open':
    case 'intersect':
      break
  }
  if (activity === 'halted') {
    return {
      mood: 'bad',
      words: `It has halted: ${down}, and without them no quorum is left.`,
      beside: takes([abilities.split], study)
    }
  }
  const both = [abilities.split, abilities.halt]
  return { ...whetherOne(both, study), beside: takes(both.filter(isWorthCounting), study) }
}

function withoutQuorum(leftOut: number): string {
  if (leftOut === 0) return 'It has halted: no quorum exists.'
  return `It has halted, but for ${leftOut === 1 ? 'a node on its own' : `${leftOut} nodes on their own`}: nothing else is a quorum.`
}

function splitting(study: Study): Ability {
  const smallest = smallestOf(study, ({ splittingSets }) => splittingSets)
  return {
    does: 'split it',
    nobodyCan: study.scope === 'core' ? 'split its core' : 'split it',
    already: 'it is split already',
    isOpen: study.intersection.kind === 'open',
    smallest: withData(smallest),
    alone: aloneIn(smallest, study)
  }
}

function halting(study: Study): Ability {
  const smallest = smallestOf(study, ({ blockingSets }) => blockingSets)
  return {
    does: 'halt it',
    nobodyCan: 'halt it',
    already: 'it has halted already',
    isOpen: study.activity === 'open',
    smallest: withData(smallest),
    alone: aloneIn(smallest, study, whileDown(study))
  }
}

/** Where it is told that one of what would be counted can do it, the number 1 says nothing more. */
function isWorthCounting({ smallest, alone }: Ability): boolean {
  return alone.kind !== 'some' || alone.isLater || !isExactly(mostTelling(smallest).size, 1)
}

/** Whether a single one can do any of it. */
function whetherOne(abilities: Ability[], study: Study): Pick<Headline, 'mood' | 'words'> {
  const alone = abilities.flatMap((ability) => byOne(ability, study))
  if (alone.length > 0) return { mood: 'caution', words: alone.join(' ') }
  const open = abilities.flatMap(notKnown)
  if (open.length > 0) return { mood: 'unknown', words: open.join(' ') }
  const ways = orList((abilities[0]?.smallest ?? []).map(({ grouping }) => grouping.one))
  return { mood: 'good', words: `No single ${ways} can ${orList(abilities.map(({ does }) => does))}.` }
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
  return [`${capitalized(before + parts.join('; '))}.`]
}

/** What of it is not known: whether a single one can. */
function notKnown({ does, already, isOpen, alone }: Ability): string[] {
  const noTime = 'is not known: there was no time to find out.'
  if (isOpen) return [`Whether ${already} ${noTime}`]
  if (alone.kind !== 'not known') return []
  const ways = [...new Set(alone.open.map(({ grouping }) => grouping.one))]
  return [`Whether a single ${orList(ways)} can ${does} ${noTime}`]
}

/** How many it takes, of organizations where there is data on them; of nodes where a single one is enough. */
function takes(abilities: Ability[], { directory }: Study): string[] {
  const parts = abilities.map(({ does, nobodyCan, smallest }) => {
    const { size, grouping, members } = mostTelling(smallest)
    if (size.kind === 'none') return `no set of ${grouping.many} can ${nobodyCan}`
    if (isOpen(size) && size.atMost === null && size.atLeast === 0)
      return `how many ${grouping.many} it takes to ${does} is not known`
    const words = isOpen(size)
      ? `${sizeWords(size, grouping)},`
      : membersWords(size, members, grouping, directory)
    return `it takes ${words} to ${does}`
  })
  return parts.length === 0 ? [] : [`${capitalized(parts.join(', and '))}.`]
}

function mostTelling(smallest: Smallests): Smallest {
  const of = (key: string) => smallest.find(({ grouping }) => grouping.key === key)
  const nodes = of(NODES.key)
  if (nodes !== undefined && isExactly(nodes.size, 1)) return nodes
  return of(ORGANIZATIONS.key) ?? smallest[0]
}

function orList(words: string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}
