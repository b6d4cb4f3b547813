/** In which figures two analysers differ. */

import type { AnalysisMergedResult } from '../../../index.js'
import type { AnalysisFigures } from './rollout.options.js'

/** One figure and both values. */
export interface Discrepancy {
  /** As in {@link AnalysisFigures}, with a dot: `organization.blockingSetsMinSize`. */
  figure: string
  ours: unknown
  theirs: unknown
}

const VERDICTS = ['hasQuorumIntersection', 'hasSymmetricTopTier'] as const
const GROUPINGS = ['node', 'organization', 'country', 'isp'] as const
const SIZES = [
  'topTierSize',
  'blockingSetsMinSize',
  'blockingSetsFilteredMinSize',
  'splittingSetsMinSize'
] as const satisfies (keyof AnalysisMergedResult)[]

/** All eighteen figures that both give and that differ. */
export function discrepancies(ours: AnalysisFigures, theirs: AnalysisFigures): Discrepancy[] {
  const verdicts = VERDICTS.map((name) => ({ figure: name, ours: ours[name], theirs: theirs[name] }))
  const sizes = GROUPINGS.flatMap((grouping) =>
    SIZES.map((name) => ({
      figure: `${grouping}.${name}`,
      ours: ours[grouping][name],
      // An analyser that is typed by hand may leave out what it does not know.
      theirs: theirs[grouping]?.[name]
    }))
  )
  return [...verdicts, ...sizes].filter(
    ({ ours, theirs }) => theirs !== undefined && theirs !== null && ours !== theirs
  )
}
