/** What the page over time says of states, figures, times and members. */

import { GROUPINGS, type Grouping } from '../../study/groupings.js'
import {
  BLOCKING,
  FILTERED,
  HISTORY_CRITICAL,
  QUORUM,
  SPLITTING,
  TOP_TIER,
  type Kind
} from '../../study/kinds.js'
import { listedTogether, sorted, sortedTogether } from '../../study/listing.js'
import type { Called, Figure } from '../../study/record.js'
import { sizeText } from '../../study/sizes.js'
import { visible } from '../../study/visible.js'
import type { Column, Moment, Shown, State } from './moments.js'

export const KINDS: Record<Figure, Kind> = {
  topTierSize: TOP_TIER,
  blockingSetsMinSize: BLOCKING,
  blockingSetsFilteredMinSize: FILTERED,
  splittingSetsMinSize: SPLITTING,
  quorumsMinSize: QUORUM,
  historyCriticalMinSize: HISTORY_CRITICAL
}

/** How a state is told: in a word, in a sentence, in which mood, and by which shape in the drawing. */
export const STATES: Record<
  State,
  { word: string; meaning: string; mood: 'good' | 'bad' | 'unknown' | 'neutral'; shape: string }
> = {
  safe: {
    word: 'safe',
    meaning: 'every two quorums share a node, and it has not halted',
    mood: 'good',
    shape: 'a low bar'
  },
  split: {
    word: 'split',
    meaning: 'two quorums share no node',
    mood: 'bad',
    shape: 'two bars, one above the other'
  },
  halted: {
    word: 'halted',
    meaning: 'no quorum exists, or none without the nodes that are down',
    mood: 'bad',
    shape: 'a bar of full height'
  },
  unknown: {
    word: 'not known',
    meaning: 'not proven, not in the data, or it hangs on nodes whose quorum sets are unknown',
    mood: 'unknown',
    shape: 'a bar of half the height'
  },
  'not read': {
    word: 'not read',
    meaning: 'the snapshot could not be read',
    mood: 'neutral',
    shape: 'a thin bar'
  }
}

/** What makes figures doubtful, by code. */
const DOUBTS: Record<string, string> = {
  VERDICT_DEPENDS_ON_UNKNOWN_NODES: 'it hangs on nodes whose quorum sets are unknown',
  NOT_EXACT: 'it may hang on nodes whose quorum sets are unknown: there was no time to find out',
  ABBREVIATED_KEYS: 'keys look abbreviated, so that one may stand for several nodes'
}

/** Why something is in doubt. */
export function doubtWords(doubts: string[]): string {
  return doubts.map((code) => DOUBTS[code] ?? code).join('; ')
}

/** What a state means, of this snapshot. */
export function meaningOf({ state, why, doubts }: Moment): string {
  switch (why) {
    case 'nothing known':
      return 'the data has no usable quorum set of any node'
    case 'not proven':
      return 'there was no time to prove it'
    case 'in doubt':
      return doubtWords(doubts)
    case null:
      return STATES[state].meaning
  }
}

export function shownText(shown: Shown): string {
  return shown.kind === 'no quorum' || shown.kind === 'no data' ? shown.kind : sizeText(shown)
}

/** What is counted in a column, and what kind of set. */
export function partsOf(column: Column): { grouping: Grouping; kind: Kind } {
  const [key, figure] = column.split('.') as [string, Figure]
  const grouping = GROUPINGS.find((one) => one.key === key)
  if (grouping === undefined) throw new Error(`no grouping ${key}`)
  return { grouping, kind: KINDS[figure] }
}

const DATE = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' })

/** A time: midnight goes without saying. */
export function timeWords(time: number): string {
  const clock = new Date(time).toISOString().slice(11, 19)
  const date = DATE.format(time)
  return clock === '00:00:00' ? date : `${date}, ${clock.replace(/:00$/, '')} UTC`
}

/** Nodes by what they are called, put together by organization; without a name, by their keys. */
export function membersText(keys: string[], names: Map<string, Called>): string {
  const together = new Map<string, string[]>()
  for (const key of keys) {
    const { name = visible(key), organization = '' } = names.get(key) ?? {}
    together.set(organization, [...(together.get(organization) ?? []), name])
  }
  const groups = [...together].map(([organization, names]) => ({
    organization: organization === '' ? undefined : organization,
    names: sorted(names)
  }))
  return listedTogether(sortedTogether(groups))
}
