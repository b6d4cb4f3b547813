/**
 * The four questions that everybody has about a network, answered in plain words: can it split, can it halt, who decides, and would its
 * history survive.
 *
 * `verdictsOn` is all that is said, as data: whoever shows it adds nothing of its own. Words follow from what is known of figures (`Size`,
 * `Intersection`, `Activity`), never from whether a list or a number happens to be empty, and claim no more than is proven.
 */

import {
  aloneIn,
  eachOf,
  onesWords,
  smallestOf,
  whileDown,
  type Alone,
  type Smallest,
  type Smallests
} from './alone.js'
import { BUT_LEFT_OUT } from './answers.js'
import type { Directory } from './directory.js'
import {
  isWithoutHistory,
  leftOutBeside,
  leftOutIn,
  leftUpIn,
  withoutArchiveUrl,
  type Doubt
} from './doubts.js'
import { any, counted, ended, NODES, ORGANIZATIONS, type Grouping } from './groupings.js'
import { membersWords, membersWordsWithin } from './members.js'
import { isAtLeast, isExactly, isOpen, sizeOf, tierSizeOf, type Size } from './sizes.js'
import type { Study } from './study.js'
import { symmetryWords } from './symmetry.js'

/** How an answer is to be taken. `caution`: a single one of something can do it. */
export type Mood = 'good' | 'caution' | 'bad' | 'unknown' | 'neutral'

/** Who could do it, counting one thing. */
export type Culprit =
  /** A smallest set, or one that is as small as is known. */
  | { kind: 'set'; grouping: Grouping; size: string; members: string[] }
  /** None is known yet. */
  | { kind: 'no set known'; grouping: Grouping; size: string }
  /** No node has such a group. */
  | { kind: 'no data'; grouping: Grouping; words: string }

/** Who could do it. */
export type Culprits =
  /** Nobody, or it is of no interest who. */
  | { kind: 'nobody' }
  /** `are` says what the sets are. */
  | { kind: 'listed'; are: string; listed: Culprit[] }

/** A question with its answer. */
export interface Verdict {
  key: 'split' | 'halt' | 'decide' | 'history'
  question: string
  mood: Mood
  /** The mood in a few words. */
  badge: string
  /** The answer in a few words. */
  answer: string
  /** Why it may be another one; to be read before what it means. */
  doubts: Doubt[]
  /** What the answer means, in a sentence or two. */
  meaning: string
  culprits: Culprits
}

/** `caution` comes with what a single one is enough of. */
type Mooded =
  { mood: Exclude<Mood, 'caution'> } | { mood: 'caution'; alone: Extract<Alone, { kind: 'some' }> }

/** An answer before it is doubted. */
type Answer = Pick<Verdict, 'answer' | 'meaning' | 'culprits'> & Mooded

/** The answers, the most important first. */
export function verdictsOn(study: Study): Verdict[] {
  return [
    verdict(study, 'split', 'Can it split?', split(study)),
    verdict(study, 'halt', 'Can it halt?', halt(study)),
    verdict(study, 'decide', 'Who decides?', decide(study)),
    verdict(study, 'history', 'Would its history survive?', history(study))
  ]
}

const BADGES: Record<Exclude<Mood, 'caution'>, string> = {
  good: 'Good',
  bad: 'Problem',
  unknown: 'Not known',
  neutral: 'Fact'
}

const NOBODY: Culprits = { kind: 'nobody' }
const NOTHING_KNOWN: Answer = {
  mood: 'unknown',
  answer: 'Not known.',
  meaning: 'The data has no usable quorum set of any node, so nothing is known of what these nodes ask for.',
  culprits: NOBODY
}

function verdict(study: Study, key: Verdict['key'], question: string, answer: Answer): Verdict {
  // Without a quorum all answers hang on that.
  const isOne = study.intersection.kind === 'no quorum'
  const doubts = study.doubts.filter(({ subjects }) => isOne || subjects.includes(key))
  const isDoubted = doubts.length > 0 && !study.isReadingChosen && answer.mood !== 'unknown'
  return {
    ...{ key, question, answer: answer.answer, meaning: answer.meaning, culprits: answer.culprits, doubts },
    ...(isDoubted ? { mood: 'unknown', badge: 'In doubt' } : { mood: answer.mood, badge: badgeOf(answer) })
  }
}

function badgeOf(answer: Answer): string {
  if (answer.mood !== 'caution') return BADGES[answer.mood]
  const { ones, isLater } = answer.alone
  return `One ${isLater ? 'more ' : ''}${onesWords(ones).join(' or one ')} is enough`
}

function split(study: Study): Answer {
  const { intersection, scope } = study
  const smallest = smallestOf(study, ({ splittingSets }) => splittingSets)
  const alone = aloneIn(smallest, study)
  const culprits = listed('The fewest who could split it by lying, for example', smallest, study)
  const whom = scope === 'core' ? 'nodes of the core' : 'nodes'
  switch (intersection.kind) {
    case 'nothing known':
      return NOTHING_KNOWN
    case 'no quorum':
      return nobodyToSplit(study)
    case 'disjoint':
      return {
        mood: 'bad',
        answer: 'YES, without anybody misbehaving.',
        meaning:
          'Two groups of nodes can each close ledgers on their own and share no node, so they can come to different results.',
        culprits: {
          kind: 'listed',
          are: 'Two quorums that share no node',
          listed: intersection.quorums.map((members) => ({
            ...{ kind: 'set', grouping: NODES, members },
            size: counted(members.length, NODES)
          }))
        }
      }
    case 'open':
      return {
        mood: 'unknown',
        answer: 'Not known: there was no time to find out.',
        meaning: 'Whether every two quorums share a node is not proven.',
        culprits
      }
    case 'intersect':
      break
  }
  const aside =
    leftOutBeside(study).length === 0 ? '' : ', nodes aside that are left out as quorums by themselves'
  const meaning = `Every two quorums share a node${aside}.`
  if (smallest.every(({ size }) => size.kind === 'none')) {
    return {
      mood: 'good',
      answer: `No${scope === 'core' ? ', not its core' : ''}, whoever turns malicious.`,
      meaning: `${meaning} No set of malicious nodes leaves two other ${whom} that could disagree.`,
      culprits: NOBODY
    }
  }
  return {
    ...moodOf(alone),
    answer: 'Not by itself.',
    meaning: `${meaning} To make honest ${whom} disagree, others would have to lie: to tell different things to different nodes.${single(alone, 'could do it alone')}`,
    culprits
  }
}

/** Nodes that are left out are no network, and yet each can close ledgers. */
function nobodyToSplit(study: Study): Answer {
  const isOfSeveral = leftOutIn(study.findings).length > 1
  return {
    mood: 'neutral',
    answer: `There is nobody to split${isOfSeveral ? ', but for nodes on their own' : ''}.`,
    meaning: noQuorum(
      study,
      'No quorum exists: nobody can agree on anything, so nobody can disagree.',
      isOfSeveral
        ? 'apart from these, nobody can close a ledger. Each of these can close ledgers alone, so they may close different ones.'
        : 'apart from it, nobody can close a ledger, so no two nodes can disagree.'
    ),
    culprits: NOBODY
  }
}

function halt(study: Study): Answer {
  const { intersection, activity, faultyNodes, faultyBy } = study
  if (activity === 'nothing known') return NOTHING_KNOWN
  if (intersection.kind === 'no quorum') {
    return {
      mood: 'bad',
      answer: hasHalted(leftUpIn(study)),
      meaning: noQuorum(
        study,
        'No quorum exists: no group of nodes can close a ledger.',
        'no two nodes can close a ledger together.'
      ),
      culprits: NOBODY
    }
  }
  const smallest = smallestOf(study, ({ blockingSets }) => blockingSets)
  const alone = aloneIn(smallest, study, whileDown(study))
  const culprits = listed('The fewest who could halt it by stopping, for example', smallest, study)
  const saysWho = faultyBy === 'data' ? ', as the data says' : ''
  const down = `${counted(faultyNodes.length, NODES)} ${faultyNodes.length === 1 ? 'is' : 'are'} taken to be down${saysWho}`
  if (activity === 'halted') {
    const leftUp = leftUpIn(study)
    return {
      mood: 'bad',
      answer: hasHalted(leftUp),
      meaning: `${down}: no quorum is left${leftUp.length === 0 ? '' : ` ${BUT_LEFT_OUT}`}.`,
      culprits: listed(
        'With nobody down, the fewest who could halt it by stopping, for example',
        smallest,
        study
      )
    }
  }
  const more = faultyNodes.length === 0 ? '' : ` ${down}${withThem(study)}`
  if (activity === 'open') {
    return {
      mood: 'unknown',
      answer: 'Not known: there was no time to find out.',
      meaning: `Whether a quorum is left is not proven.${more}`,
      culprits
    }
  }
  return {
    ...moodOf(alone),
    answer: 'Yes, if enough of it stops.',
    meaning: `A quorum is up, so it can close ledgers. As long as all of a set named here are down, it cannot.${single(alone, 'is enough to halt it')}${more}${singleMore(alone, study)}`,
    culprits
  }
}

function hasHalted(leftOut: string[]): string {
  return leftOut.length === 0 ? 'It HAS HALTED.' : 'It HAS HALTED, but for nodes on their own.'
}

/** What comes of it that there is no quorum, or none but nodes that are left out. */
function noQuorum({ findings }: Study, without: string, otherwise: string): string {
  const { length } = leftOutIn(findings)
  if (length === 0) return without
  const leftOut =
    length === 1
      ? `${counted(length, NODES)} is left out, as it is a quorum all by itself that no other live node names.`
      : `${counted(length, NODES)} are left out, as each is a quorum all by itself that no other live node names.`
  return `${leftOut} Nothing else is a quorum: ${otherwise}`
}

/** What it makes of blocking sets that some nodes are down. */
function withThem({ counted: [first], directory }: Study): string {
  const { grouping, blockingSetsFiltered } = first
  const [all, filtered] = [sizeOf(first.blockingSets), sizeOf(blockingSetsFiltered)]
  if (isOpen(filtered)) return '; how many more it then takes to halt it is not proven.'
  if (all.kind === 'exactly' && isExactly(filtered, all.size)) return '; the smallest number stays the same.'
  const who = membersWords(filtered, blockingSetsFiltered.exampleSet, grouping, directory)
  return `; with that, ${who} ${isExactly(filtered, 1) ? 'is' : 'are'} enough to halt it.`
}

function decide(study: Study): Answer {
  const { intersection } = study
  if (intersection.kind === 'nothing known') return NOTHING_KNOWN
  if (intersection.kind === 'no quorum') {
    return {
      mood: 'neutral',
      answer: 'Nobody.',
      meaning: noQuorum(study, 'No quorum exists, so nobody is in one.', 'nobody else is in one.'),
      culprits: NOBODY
    }
  }
  const tiers = eachOf(study, ({ topTier }) => ({ size: tierSizeOf(topTier), members: topTier.topTier }))
  const isWhole = !tiers.some(({ size }) => isOpen(size))
  const shape = symmetryWords(study)
  const who = wholeTier(tiers, study.directory)
  const culprits = listed('The top tier', tiers, study)
  if (who === undefined) {
    return {
      mood: 'unknown',
      answer: 'Not known: there was no time to find out.',
      meaning: `Of nobody is it proven to be in some minimal quorum, one that has no smaller quorum inside. ${shape}`,
      culprits
    }
  }
  const nodes = tiers.find(({ grouping }) => grouping.key === NODES.key) ?? tiers[0]
  const are = nodes.members.length === 1 ? 'It is' : 'These are'
  const rest = isWhole ? 'nobody else is needed' : 'there was no time to find out who else is'
  return {
    mood: isWhole ? 'neutral' : 'unknown',
    answer: ended(who),
    meaning: `${are} in some minimal quorum, one that has no smaller quorum inside; ${rest}. ${shape}`,
    culprits
  }
}

/** Whether ledgers may be closing now that no archive has: proven, and there is data on archives. Where there is no quorum, there is no such set. */
export function isUnrecorded({ findings, counted: [first] }: Study): boolean {
  return !isWithoutHistory(findings) && isExactly(sizeOf(first.historyCritical), 0)
}

function history(study: Study): Answer {
  const { intersection, findings } = study
  if (intersection.kind === 'nothing known') return NOTHING_KNOWN
  if (intersection.kind === 'no quorum') {
    return {
      mood: 'neutral',
      answer: leftOutIn(study.findings).length === 0 ? 'No history is made.' : 'No common history is made.',
      meaning: noQuorum(
        study,
        'No quorum exists, so no ledger closes.',
        'no two nodes close a ledger together.'
      ),
      culprits: NOBODY
    }
  }
  if (isWithoutHistory(findings)) {
    return {
      mood: 'unknown',
      answer: 'Not known.',
      meaning: 'The data does not say which history archives have errors.',
      culprits: NOBODY
    }
  }
  const smallest = smallestOf(study, ({ historyCritical }) => historyCritical)
  const [first] = smallest
  if (isUnrecorded(study)) {
    return {
      mood: 'bad',
      answer: 'NO: it may be going unrecorded already.',
      meaning: 'A quorum exists in which nobody is known to have a history archive without errors.',
      culprits: NOBODY
    }
  }
  const alone = aloneIn(smallest, study)
  const culprits = listed('The fewest whose archives matter, for example', smallest, study)
  if (!isAtLeast(first.size, 1)) {
    return {
      mood: 'unknown',
      answer: 'Not known: there was no time to find out.',
      meaning: 'Whether every quorum has a good history archive is not proven.',
      culprits
    }
  }
  return {
    ...moodOf(alone),
    answer: `Yes, unless ${archives(first, study.directory)} bad.`,
    meaning: `Every quorum has an archive without known errors. Without those of a set named here, one could close ledgers and have none.${single(alone, 'has all the good archives of some quorum')}${withoutUrl(study)}`,
    culprits
  }
}

/** Of how many archives of the core nobody knows where they are. */
function withoutUrl({ core, nodes, findings }: Study): string {
  const members = new Set(core)
  const good = nodes.filter(
    ({ publicKey, historyArchiveHasError }) => members.has(publicKey) && historyArchiveHasError === false
  )
  const { length } = withoutArchiveUrl(findings).filter((key) => members.has(key))
  if (length === 0) return ''
  return ` Of the ${counted(good.length, NODES)} of the core that count as having a good archive, the data has no address of one for ${length}.`
}

/** Where no set exists there is nothing to list. */
function culprit({ grouping, data, size, members }: Smallest, { directory }: Study): Culprit[] {
  if (data.kind === 'missing') {
    const words = `${grouping.many}: no data, no node of the core has ${any(grouping)}`
    return [{ kind: 'no data', grouping, words }]
  }
  if (size.kind === 'none') return []
  const words = membersWords(size, members, grouping, directory)
  if (isOpen(size) && size.atMost === null && members.length === 0) {
    const isUnknown = size.atLeast === 0
    return [{ kind: 'no set known', grouping, size: isUnknown ? `${grouping.many}: not known` : words }]
  }
  return [{ kind: 'set', grouping, size: words, members }]
}

function listed(are: string, smallest: Smallests, study: Study): Culprits {
  return { kind: 'listed', are, listed: smallest.flatMap((set) => culprit(set, study)) }
}

/** One is enough, two are needed at least, or neither is proven. */
function moodOf(alone: Alone): Mooded {
  switch (alone.kind) {
    case 'some':
      return { mood: 'caution', alone }
    case 'nobody':
      return { mood: 'good' }
    case 'not known':
      return { mood: 'unknown' }
  }
}

function single(alone: Alone, does: string): string {
  if (alone.kind !== 'some' || alone.isLater) return ''
  return ` A single ${onesWords(alone.ones).join(' or a single ')} ${does}.`
}

/** The same with those that are down already, where it is not told of what is counted first. */
function singleMore(alone: Alone, { counted: [first] }: Study): string {
  if (alone.kind !== 'some' || !alone.isLater) return ''
  const ones = alone.ones.filter(({ grouping }) => grouping !== first.grouping)
  return ones.length === 0
    ? ''
    : ` With that, one more ${onesWords(ones).join(' or one more ')} is enough to halt it.`
}

/** The top tier by organizations and nodes, whichever are counted and known; absent: nobody is found yet. */
function wholeTier(sizes: Smallests, directory: Directory): string | undefined {
  const words = ({ size, members, grouping }: Smallest) =>
    members.length === 0 ? undefined : membersWords(size, members, grouping, directory)
  const [first] = sizes
  const nodes = sizes.find(({ grouping }) => grouping.key === NODES.key)
  const organizations = sizes.find(({ grouping }) => grouping.key === ORGANIZATIONS.key)
  if (nodes === undefined || organizations === undefined || organizations.data.kind === 'missing')
    return words(first)
  const [ofOrganizations, ofNodes] = [words(organizations), words(nodes)]
  if (ofOrganizations === undefined || ofNodes === undefined) return ofOrganizations ?? ofNodes
  const isAnyAlone = organizations.members.some((member) => directory.isAlone(member, ORGANIZATIONS))
  return `${ofOrganizations}${isAnyAlone ? `, ${ofNodes} in all` : ` with ${ofNodes}`}`
}

/** How many archives it takes, or whose. */
function archives({ size, grouping, members }: Smallest, directory: Directory): string {
  const words = (of: Grouping) => membersWordsWithin(size, members, of, directory)
  if (grouping.key !== NODES.key) return `the archives of ${words(grouping)} go`
  return `${words(ARCHIVES)} ${isExactly(size, 1) ? 'goes' : 'go'}`
}

const ARCHIVES = { ...NODES, one: 'archive', many: 'archives' }
