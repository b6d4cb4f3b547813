/**
 * The answer to the two questions that come first, whether it can split and whether it can halt, in a sentence with its numbers: who alone
 * could do it or, where nobody could, how many it takes.
 *
 * It says nothing that the verdicts do not say; groupings without data are no ways of counting here.
 */

import { leftOutIn } from './doubts.js'
import { capitalized, counted, NODES, ORGANIZATIONS, type Grouping } from './groupings.js'
import { membersWords, oneWord } from './members.js'
import { isAtLeast, isExactly, isOpen, sizeOf, sizeWords, type Size } from './sizes.js'
import type { Counted, Study } from './study.js'
import type { Mood } from './verdicts.js'

/** The answer in short. */
export interface Headline {
  mood: Mood
  /** A sentence, or two. */
  words: string
  /** Sentences with further numbers, and that it is in doubt. */
  beside: string[]
}

/** A smallest set, counting one thing. */
interface Smallest {
  grouping: Grouping
  size: Size
  members: string[]
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
  smallest: Smallest[]
  /** The same with some nodes down; empty where none are, or where it makes no difference. */
  whileDown: Smallest[]
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
  return {
    ...whetherOne([abilities.split, abilities.halt], study),
    beside: takes([abilities.split, abilities.halt], study)
  }
}

function withoutQuorum(leftOut: number): string {
  if (leftOut === 0) return 'It has halted: no quorum exists.'
  return `It has halted, but for ${leftOut === 1 ? 'a node on its own' : `${leftOut} nodes on their own`}: nothing else is a quorum.`
}

function splitting(study: Study): Ability {
  return {
    does: 'split it',
    nobodyCan: study.scope === 'core' ? 'split its core' : 'split it',
    already: 'it is split already',
    isOpen: study.intersection.kind === 'open',
    smallest: smallestOf(study, ({ splittingSets }) => splittingSets),
    whileDown: []
  }
}

function halting(study: Study): Ability {
  return {
    does: 'halt it',
    nobodyCan: 'halt it',
    already: 'it has halted already',
    isOpen: study.activity === 'open',
    smallest: smallestOf(study, ({ blockingSets }) => blockingSets),
    whileDown:
      study.faultyNodes.length === 0
        ? []
        : smallestOf(study, ({ blockingSetsFiltered }) => blockingSetsFiltered)
  }
}

function smallestOf(study: Study, of: (counted: Counted) => Counted['blockingSets' | 'splittingSets']) {
  const withData = study.counted.filter(({ data }) => data.kind !== 'missing')
  // Where nothing else was asked for, each node stands for itself.
  return (withData.length === 0 ? study.counted : withData).map((counted): Smallest => {
    const answer = of(counted)
    return { grouping: counted.grouping, size: sizeOf(answer), members: answer.exampleSet }
  })
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

/** Who alone can do it, by name. */
function byOne({ does, smallest, whileDown }: Ability, { directory, faultyNodes }: Study): string[] {
  const onesOf = (sets: Smallest[]) => {
    const ones = sets.flatMap(({ grouping, size, members: [only] }) =>
      isExactly(size, 1) && only !== undefined ? [{ grouping, only }] : []
    )
    // If a single node can, so can its organization, its country and its provider.
    const node = ones.filter(({ grouping }) => grouping.key === NODES.key)
    return node.length > 0 ? node : ones
  }
  const [ones, later] = [onesOf(smallest), onesOf(whileDown)]
  const [told, before, one] =
    ones.length > 0
      ? [ones, '', 'one']
      : [later, `with ${counted(faultyNodes.length, NODES)} down already, `, 'one more']
  const parts = told.map(({ grouping, only }, index) => {
    const who = `${one} ${oneWord(only, grouping, directory)}`
    const name = directory.name(only, grouping)
    return index === 0 ? `${who} can ${does}: ${name}` : `so can ${who}: ${name}`
  })
  return parts.length === 0 ? [] : [`${capitalized(before + parts.join('; '))}.`]
}

/** What of it is not known: whether a single one can. */
function notKnown({ does, already, isOpen, smallest, whileDown }: Ability): string[] {
  const noTime = 'is not known: there was no time to find out.'
  if (isOpen) return [`Whether ${already} ${noTime}`]
  const open = [...smallest, ...whileDown].filter(({ size }) => !isAtLeast(size, 2))
  const ways = [...new Set(open.map(({ grouping }) => grouping.one))]
  return ways.length === 0 ? [] : [`Whether a single ${orList(ways)} can ${does} ${noTime}`]
}

/** How many it takes, of organizations where there is data on them. */
function takes(abilities: Ability[], { directory }: Study): string[] {
  const parts = abilities.flatMap(({ does, nobodyCan, smallest }) => {
    const set = smallest.find(({ grouping }) => grouping.key === ORGANIZATIONS.key) ?? smallest[0]
    if (set === undefined) return []
    const { size, grouping, members } = set
    if (size.kind === 'none') return [`no set of ${grouping.many} can ${nobodyCan}`]
    if (isOpen(size) && size.atMost === null && size.atLeast === 0)
      return [`how many ${grouping.many} it takes to ${does} is not known`]
    const words = isOpen(size)
      ? `${sizeWords(size, grouping)},`
      : membersWords(size, members, grouping, directory)
    return [`it takes ${words} to ${does}`]
  })
  return parts.length === 0 ? [] : [`${capitalized(parts.join(', and '))}.`]
}

function orList(words: string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}
