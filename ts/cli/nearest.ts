/** Suggests what somebody who mistyped may have meant: the candidates that are spelled most like it. */

import { distance } from 'fastest-levenshtein'

/** Most that are named. */
const MOST = 3
/** The share of characters that may differ. */
const DIFFERENT = 0.4

/** The candidates that are most like a text, as the end of a message; empty where none is. */
export function didYouMean(text: string, candidates: Iterable<string>): string {
  const wanted = text.toLowerCase()
  const near = [...new Set(candidates)]
    .map((candidate) => ({ candidate, apart: apart(wanted, candidate.toLowerCase()) }))
    .filter(({ apart }) => apart <= DIFFERENT)
    .sort((a, b) => (a.apart === b.apart ? (a.candidate < b.candidate ? -1 : 1) : a.apart - b.apart))
    .slice(0, MOST)
    .map(({ candidate }) => candidate)
  return near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`
}

/** From 0 to 1. What goes on as it was begun is near, however much is missing. */
function apart(wanted: string, candidate: string): number {
  if (candidate.startsWith(wanted)) return 0
  return distance(wanted, candidate) / Math.max(wanted.length, candidate.length)
}
