/** What is known of a size, and the words for it, which claim no more than that. */

import type { MinimalSetResult, TopTierResult } from '../../index.js'
import { counted, type Grouping } from './groupings.js'

/** What is known of the size of a smallest set. */
export type Size =
  /** It is this, proven. */
  | { kind: 'exactly'; size: number }
  /** There is no such set, proven. */
  | { kind: 'none' }
  /** Not less than `atLeast`, proven; a set of `atMost` is known, none where that is null. */
  | { kind: 'between'; atLeast: number; atMost: number | null }

/** What an answer says of its smallest set. */
export function sizeOf({
  minSize,
  isExact,
  lowerBound
}: Pick<MinimalSetResult, 'minSize' | 'isExact' | 'lowerBound'>): Size {
  if (minSize === null)
    return isExact ? { kind: 'none' } : { kind: 'between', atLeast: lowerBound, atMost: null }
  if (isExact) return { kind: 'exactly', size: minSize }
  return { kind: 'between', atLeast: lowerBound, atMost: minSize }
}

/** What an answer says of the number of members of the top tier: those that are found are in it. */
export function tierSizeOf({ topTierSize, isExact }: Pick<TopTierResult, 'topTierSize' | 'isExact'>): Size {
  if (isExact) return { kind: 'exactly', size: topTierSize }
  return { kind: 'between', atLeast: topTierSize, atMost: null }
}

/** Whether more time would tell more. */
export function isOpen(size: Size): size is Extract<Size, { kind: 'between' }> {
  return size.kind === 'between'
}

/** Whether it is proven to be so large at least. That no set exists is larger than any size. */
export function isAtLeast(size: Size, least: number): boolean {
  switch (size.kind) {
    case 'none':
      return true
    case 'exactly':
      return size.size >= least
    case 'between':
      return size.atLeast >= least
  }
}

/** Whether it is proven to be just this. */
export function isExactly(size: Size, number: number): boolean {
  return size.kind === 'exactly' && size.size === number
}

/** A size for a table. */
export function sizeText(size: Size): string {
  switch (size.kind) {
    case 'none':
      return 'none'
    case 'exactly':
      return String(size.size)
    case 'between':
      return bounds(size, String)
  }
}

/** A size in a sentence. */
export function sizeWords(size: Size, grouping: Grouping): string {
  switch (size.kind) {
    case 'none':
      return `no ${grouping.many}`
    case 'exactly':
      return counted(size.size, grouping)
    case 'between':
      return bounds(size, (number) => counted(number, grouping))
  }
}

/** What was not proven of it, if anything. */
export function unprovenSize(what: string, size: Size, grouping: Grouping): string[] {
  return isOpen(size) ? [`${what}, counting ${grouping.many}: ${bounds(size, String)}`] : []
}

/** Both bounds, as far as they say anything; the first of them with its unit. */
function bounds(
  { atLeast, atMost }: Extract<Size, { kind: 'between' }>,
  first: (number: number) => string
): string {
  if (atMost !== null) return `at most ${first(atMost)}${atLeast > 0 ? `, at least ${atLeast}` : ''}`
  return atLeast > 0 ? `at least ${first(atLeast)}` : 'not known'
}
