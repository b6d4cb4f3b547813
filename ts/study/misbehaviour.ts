/** What is said of intact nodes and of critical groups, as data. */

import type { CriticalGroupsResult, Finding, IntactNodesResult } from '../../index.js'
import { isWithoutQuorum, noQuorum, NOTHING_KNOWN, type Said } from './answers.js'
import type { Check } from './check.js'
import { isNothingKnown } from './doubts.js'
import { counted, NODES } from './groupings.js'

/** Of the question who is intact while some nodes, or none, are ill-behaved. */
export function saidOfIntact(answer: IntactNodesResult, findings: Finding[], illBehaved: string[]): Said {
  const { intact, befouled, dispensableSet, isExact } = answer
  if (isNothingKnown(findings)) return NOTHING_KNOWN
  const proof = isExact
    ? { isWhole: true, words: 'Proven.' }
    : { isWhole: false, words: 'NOT proven that nobody else is intact.' }
  if (intact.length === 0) {
    return isExact
      ? {
          ...{ mood: 'bad', begins: 'Intact:', rest: 'nobody.', proof },
          meaning: 'Each node is ill-behaved, is in no quorum, or may be halted or led astray by such nodes.'
        }
      : { mood: 'unknown', begins: 'Not known:', rest: 'whether anybody is intact.', meaning: '', proof }
  }
  // One dispensable set leaves them all, or each is left by some: then these may be quorums that share no node.
  const areTogether = dispensableSet.length === befouled.length
  const apart = isExact
    ? 'each of these goes on, but they may disagree with each other'
    : 'each of these goes on'
  return {
    mood: 'neutral',
    begins: 'Intact:',
    rest: `${isExact ? '' : 'at least '}${counted(intact.length, NODES)}.`,
    meaning: `${illBehaved.length === 0 ? 'With no node ill-behaved' : 'Whatever the ill-behaved nodes do'}, ${areTogether ? 'these go on and do not disagree' : apart}.`,
    proof
  }
}

/** What the dispensable set is that an answer has. */
export function dispensableWords({ isExact }: IntactNodesResult): string {
  return isExact ? 'A smallest dispensable set' : 'A dispensable set'
}

/** Of the question which groups are critical. */
export function saidOfCritical(answer: CriticalGroupsResult, findings: Finding[]): Said {
  const { groups, hasQuorumIntersection, isExact } = answer
  if (isNothingKnown(findings)) return NOTHING_KNOWN
  const critical = groups.filter(({ isCritical }) => isCritical === true).length
  // Of groups that are not critical there is no example.
  const proven = critical === 0 ? 'Proven.' : 'Proven; every example was checked against the definition.'
  const proof = isExact
    ? { isWhole: true, words: proven }
    : { isWhole: false, words: 'NOT proven of all of them.' }
  if (!hasQuorumIntersection) {
    const meaning = isWithoutQuorum(findings)
      ? `${noQuorum(findings)}.`
      : 'Two quorums share no node: no mistake is needed for that.'
    return isExact
      ? {
          mood: 'bad',
          begins: 'NO quorum intersection:',
          rest: 'no candidate was asked about.',
          meaning,
          proof
        }
      : {
          mood: 'unknown',
          begins: 'Not known:',
          rest: 'whether quorums intersect is not proven.',
          meaning: '',
          proof
        }
  }
  const of = `of ${counted(groups.length, { one: 'candidate', many: 'candidates' })}`
  if (critical === 0) {
    return isExact
      ? {
          mood: 'good',
          begins: 'Critical:',
          rest: `none ${of}.`,
          meaning:
            'None of them, going along with anybody who depends on it, makes two quorums that share no node.',
          proof
        }
      : { mood: 'unknown', begins: 'Critical:', rest: `none ${of} is known.`, meaning: '', proof }
  }
  return {
    mood: 'bad',
    begins: 'Critical:',
    rest: `${isExact ? '' : 'at least '}${critical.toLocaleString('en')} ${of}.`,
    meaning:
      'Such a group, going along with anybody who depends on it, makes two quorums that share no node.',
    proof
  }
}

/** A network is safe from misconfigurations when its quorums intersect and no group is critical. */
export function checkOfCritical(answer: CriticalGroupsResult, findings: Finding[]): Check {
  const { groups, hasQuorumIntersection, isExact } = answer
  if (isNothingKnown(findings)) return 'unknown'
  if (groups.some(({ isCritical }) => isCritical === true)) return 'unsafe'
  if (!hasQuorumIntersection) return isExact ? 'unsafe' : 'unknown'
  return isExact ? 'safe' : 'unknown'
}
