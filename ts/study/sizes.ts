/** What the addon says of a size, in words that claim no more than that. */

import type { MinimalSetResult } from '../../index.js'
import { counted, type Grouping } from './groupings.js'

/** The parts of an answer that say how large a smallest set is. */
export type Size = Pick<MinimalSetResult, 'minSize' | 'isExact' | 'lowerBound'>

/** A size for a table. */
export function sizeText({ minSize, isExact, lowerBound }: Size): string {
  if (isExact) return minSize === null ? 'none' : String(minSize)
  return minSize === null ? `≥ ${lowerBound}` : `${lowerBound}–${minSize}`
}

/** A size in a sentence. */
export function sizeWords({ minSize, isExact, lowerBound }: Size, grouping: Grouping): string {
  if (isExact) return minSize === null ? `no ${grouping.many}` : counted(minSize, grouping)
  if (minSize === null) return `at least ${counted(lowerBound, grouping)}`
  return `between ${lowerBound} and ${counted(minSize, grouping)}`
}

/** What was not proven of it, if anything. */
export function unprovenSize(what: string, size: Size, grouping: Grouping): string[] {
  if (size.isExact) return []
  const known = size.minSize === null ? 'none is known yet' : `one of ${size.minSize} is known`
  return [`${what}, counting ${grouping.many}: proven to be at least ${size.lowerBound}; ${known}`]
}
