/** What is told of a change for the worse: to commands and webhooks as JSON, to people as a line. */

import { createHash } from 'node:crypto'

import { FIGURES, sidedWords, valueWords, type Change } from '../../study/changes.js'
import { checkOf, type Check } from '../../study/check.js'
import { groupingOf } from '../../study/groupings.js'
import { visible } from '../../study/visible.js'
import type { Changed, FigureChange, Scan } from './baselines.js'

type Also =
  Change | (Omit<Extract<Change, { difference: unknown }>, 'difference'> & { difference?: undefined })

export interface Announcement {
  event: 'worse'
  /** The same whenever it is told again, so that whoever hears it twice knows. */
  id: string
  /** When the network was found so. */
  time: string
  /** Where it comes from, without what may be secret. */
  network: string
  /** The same in a sentence; what chats show of a message. */
  text: string
  /** What the network is now. */
  verdict: Check
  /** Figures that became worse, with what they were when they were last known. */
  changes: FigureChange[]
  /** Whether what became worse may be another reading of nodes that nobody has seen, and no change of the network. */
  inDoubt: boolean
  /** Why. */
  doubts: string[]
  /** What else changed since; of quorum sets only whose. */
  also: Also[]
  /** `network.hash()`. */
  hash: string
  /** Package, version and semantics that produced the figures. */
  engine: string
}

export function announcementOf(network: string, { time, study, hash }: Scan, changed: Changed): Announcement {
  const { worse, comparisons } = changed
  const inDoubt = comparisons.every(({ checks }) => checks.worse !== 'unsafe')
  const also = (comparisons.at(-1)?.changes ?? [])
    .filter((change) => change.kind !== 'finding' && !('direction' in change && change.direction === 'worse'))
    .map((change) => ('difference' in change ? { ...change, difference: undefined } : change))
  return {
    event: 'worse',
    id: createHash('sha256')
      .update(JSON.stringify([network, time, hash, worse]))
      .digest('hex')
      .slice(0, 32),
    ...{ time, network },
    text: `${network} became worse: ${worse.map(changeWords).join('; ')}${inDoubt ? ' (in doubt)' : ''}`,
    verdict: checkOf(study),
    changes: worse,
    inDoubt,
    doubts: [
      ...new Set(comparisons.flatMap(({ doubts }) => doubts.map((doubt) => sidedWords(doubt, CALLED))))
    ],
    also,
    hash,
    engine: study.engine
  }
}

/** What the scan before is called, in which a figure was last known, and this one. */
const CALLED = { old: 'before', new: 'now' }

/** A change of a figure in words. */
export function changeWords({ counting, what, old, new: now }: FigureChange): string {
  const figure = FIGURES[what] ?? what
  const of = counting === undefined ? '' : `, counting ${groupingOf(counting).many}`
  return visible(`${figure}${of}: ${valueWords(old)} → ${valueWords(now)}`)
}
