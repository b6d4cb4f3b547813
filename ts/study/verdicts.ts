/**
 * The four questions that everybody has about a network, answered in plain words: can it split, can it halt, who decides, and would its
 * history survive. Words claim no more than what is proven.
 */

import type { QuorumSet } from '../../index.js'
import { validatorsIn } from './directory.js'
import { counted, NODES, ORGANIZATIONS, type Grouping } from './groupings.js'
import { sizeWords, type Size } from './sizes.js'
import { factsOf, type Counted, type Study } from './study.js'

/** How an answer is to be taken. `caution`: a single one of something can do it. */
export type Mood = 'good' | 'caution' | 'bad' | 'unknown' | 'neutral'

/** Who could do it, counting one thing. */
export interface Culprits {
  grouping: Grouping
  size: string
  /** A smallest set; labels of the grouping. */
  members: string[]
}

/** A question with its answer. */
export interface Verdict {
  key: 'split' | 'halt' | 'decide' | 'history'
  question: string
  mood: Mood
  /** The answer in a few words. */
  answer: string
  /** What that means, in a sentence or two. */
  meaning: string
  /** What the lists below it are. */
  culpritsAre?: string
  culprits: Culprits[]
}

/** The answers, the most important first. */
export function verdictsOn(study: Study): Verdict[] {
  return [split(study), halt(study), decide(study), history(study)]
}

function split(study: Study): Verdict {
  const { hasQuorum, hasQuorumIntersection } = factsOf(study)
  const question = { key: 'split', question: 'Can it split?' } as const
  const smallest = smallestOf(study, ({ splittingSets }) => splittingSets)
  if (!hasQuorum) {
    return {
      ...question,
      mood: 'bad',
      answer: 'There is nobody to split.',
      meaning: 'No quorum exists: nobody can agree on anything, nor disagree.',
      culprits: []
    }
  }
  if (hasQuorumIntersection === false) {
    return {
      ...question,
      mood: 'bad',
      answer: 'YES, without anybody misbehaving.',
      meaning:
        'Two groups of nodes can each close ledgers on their own and share no member, so they can come to different results.',
      culpritsAre: 'Two quorums that share no node',
      culprits: (study.counted[0]?.quorums.disjointQuorums ?? []).map((members) => ({
        grouping: NODES,
        size: counted(members.length, NODES),
        members
      }))
    }
  }
  if (hasQuorumIntersection === undefined) {
    return {
      ...question,
      mood: 'unknown',
      answer: 'Not known: there was no time to find out.',
      meaning: 'Whether every two quorums share a node is not proven.',
      culprits: smallest.culprits
    }
  }
  if (smallest.culprits.length === 0 && smallest.isExact) {
    return {
      ...question,
      mood: 'good',
      answer: 'No, whoever turns malicious.',
      meaning:
        'Every two quorums share a node, and no set of malicious nodes leaves enough others to disagree.',
      culprits: []
    }
  }
  return {
    ...question,
    mood: smallest.single ? 'caution' : 'good',
    answer: 'Not by itself.',
    meaning:
      'Every two quorums share a node. To make honest nodes disagree, some nodes would have to lie: to tell different things to different others.' +
      single(smallest.single, 'could do it alone'),
    culpritsAre: 'The fewest who could split it by lying, for example',
    culprits: smallest.culprits
  }
}

function halt(study: Study): Verdict {
  const { hasQuorum, hasHalted } = factsOf(study)
  const question = { key: 'halt', question: 'Can it halt?' } as const
  const smallest = smallestOf(study, ({ blockingSets }) => blockingSets)
  const culpritsAre = 'The fewest who could halt it by stopping, for example'
  if (!hasQuorum) {
    return {
      ...question,
      mood: 'bad',
      answer: 'It HAS HALTED.',
      meaning: 'No quorum exists: no group of nodes can close a ledger.',
      culprits: []
    }
  }
  if (hasHalted === true) {
    return {
      ...question,
      mood: 'bad',
      answer: 'It HAS HALTED.',
      meaning: `The ${counted(study.faultyNodes.length, NODES)} that are down are enough to stop it. Even with all of them up, few could stop it again.`,
      culpritsAre,
      culprits: smallest.culprits
    }
  }
  const now = hasHalted === undefined ? 'Whether it is running is not proven.' : 'It is running.'
  return {
    ...question,
    mood: hasHalted === undefined ? 'unknown' : smallest.single ? 'caution' : 'good',
    answer:
      hasHalted === undefined ? 'Not known: there was no time to find out.' : 'Yes, if enough of it stops.',
    meaning: `${now} As long as these few are down, no ledger closes.${single(smallest.single, 'is enough to halt it')}${down(study)}`,
    culpritsAre,
    culprits: smallest.culprits
  }
}

function decide(study: Study): Verdict {
  const question = { key: 'decide', question: 'Who decides?', mood: 'neutral' } as const
  if (!factsOf(study).hasQuorum) {
    return {
      ...question,
      answer: 'Nobody.',
      meaning: 'No quorum exists, so nobody is in one.',
      culprits: []
    }
  }
  const { symmetricTopTier } = study
  const tiers = study.counted.map(({ grouping, topTier: { topTier, topTierSize, isExact } }) => ({
    grouping,
    size: `${isExact ? '' : 'at least '}${counted(topTierSize, grouping)}`,
    members: topTier
  }))
  const shape = symmetricTopTier
    ? `It is symmetric: its ${counted(new Set(validatorsIn(symmetricTopTier)).size, NODES)} all ask for the same, namely ${rule(symmetricTopTier)}.`
    : 'It is not symmetric: its nodes ask for different things.'
  return {
    ...question,
    answer: `${wholeTier(tiers)}.`,
    meaning: `These are the nodes in some smallest group that can close ledgers on its own; all others follow. ${shape}`,
    culpritsAre: 'The top tier',
    culprits: tiers
  }
}

function history(study: Study): Verdict {
  const question = { key: 'history', question: 'Would its history survive?' } as const
  const smallest = smallestOf(study, ({ historyCritical }) => historyCritical)
  const [first] = study.counted
  if (study.findings.some(({ code }) => code === 'NO_HISTORY_DATA')) {
    return {
      ...question,
      mood: 'unknown',
      answer: 'Not known.',
      meaning: 'The data does not say which history archives have errors.',
      culprits: []
    }
  }
  if (!factsOf(study).hasQuorum) {
    return {
      ...question,
      mood: 'neutral',
      answer: 'No history is made.',
      meaning: 'No quorum exists, so no ledger closes.',
      culprits: []
    }
  }
  if (first?.historyCritical.minSize === 0) {
    return {
      ...question,
      mood: 'bad',
      answer: 'NO: it may be going unrecorded already.',
      meaning: 'A quorum exists in which nobody has a history archive without errors.',
      culprits: []
    }
  }
  const one = first?.historyCritical.minSize === 1
  return {
    ...question,
    mood: smallest.isKnown ? (one ? 'caution' : 'good') : 'unknown',
    answer: `Yes, unless ${first === undefined ? 'some archives go' : archives(first.historyCritical)} bad.`,
    meaning: `Without ${one ? 'it' : 'them'}, some quorum could close ledgers that none of its members keeps in a good archive.`,
    culpritsAre: 'The fewest whose archives matter, for example',
    culprits: smallest.culprits
  }
}

/** The top tier by organizations and nodes, whichever are counted. */
function wholeTier(tiers: Culprits[]): string {
  const sizeOf = (key: string) => tiers.find(({ grouping }) => grouping.key === key)?.size
  const [organizations, nodes] = [sizeOf(ORGANIZATIONS.key), sizeOf(NODES.key)]
  if (organizations === undefined || nodes === undefined) return tiers[0]?.size ?? 'Nobody'
  return `${organizations} with ${nodes}`
}

/** The smallest sets of a kind, one a grouping; groupings without any are left out. */
function smallestOf(study: Study, of: (counted: Counted) => Size & { exampleSet: string[] }) {
  const sizes = study.counted.map((counted) => ({ grouping: counted.grouping, ...of(counted) }))
  const culprits = sizes.flatMap(({ grouping, exampleSet, ...size }) =>
    size.minSize === null && size.isExact
      ? []
      : [{ grouping, size: sizeWords(size, grouping), members: exampleSet }]
  )
  return {
    culprits,
    isExact: sizes.every(({ isExact }) => isExact),
    isKnown: sizes.every(({ isExact, lowerBound }) => isExact || lowerBound > 0),
    /** Of what a single one is enough. */
    single: sizes.filter(({ minSize }) => minSize === 1).map(({ grouping }) => grouping.one)
  }
}

function single(ones: string[], can: string): string {
  if (ones.length === 0) return ''
  const last = ones.at(-1)
  const listed = ones.length === 1 ? last : `${ones.slice(0, -1).join(', a single ')} or a single ${last}`
  return ` A single ${listed} ${can}.`
}

function down({ faultyNodes, counted: [first] }: Study): string {
  if (faultyNodes.length === 0 || first === undefined) return ''
  const { blockingSets, blockingSetsFiltered, grouping } = first
  const listed = `${counted(faultyNodes.length, NODES)} of those listed ${faultyNodes.length === 1 ? 'is' : 'are'} down`
  return blockingSets.minSize === blockingSetsFiltered.minSize
    ? ` ${listed}, which makes it no easier.`
    : ` ${listed}, so ${sizeWords(blockingSetsFiltered, grouping)} more are enough.`
}

function archives({ minSize, isExact, lowerBound }: Size): string {
  const size = isExact ? (minSize ?? 0) : lowerBound
  const unit = { one: 'archive goes', many: 'archives go' }
  return `${isExact ? '' : 'at least '}${counted(size, unit)}`
}

/** What a quorum set asks for, in words. */
export function rule({ threshold, validators, innerQuorumSets }: QuorumSet): string {
  const entries = validators.length + innerQuorumSets.length
  const kind =
    innerQuorumSets.length === 0 ? 'nodes' : validators.length === 0 ? 'groups' : 'nodes and groups'
  const inner = [...new Set(innerQuorumSets.map(rule))]
  const all = `${threshold} of ${entries} ${kind}`
  if (inner.length === 0) return all
  return inner.length === 1 ? `${all}, from each ${inner[0]}` : `${all} with different thresholds`
}
