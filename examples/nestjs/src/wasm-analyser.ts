// The analyser that the application used so far: the WebAssembly package, with all the calls it takes for eighteen figures. It blocks the
// event loop, which is a reason to change over.

import {
  analyze_minimal_blocking_sets,
  analyze_minimal_quorums,
  analyze_minimal_splitting_sets,
  analyze_symmetric_top_tier,
  analyze_top_tier,
  MergeBy
} from '@stellarbeat/stellar_analysis_nodejs'
import type { AnalysisFigures, OtherAnalyser } from 'stellar-fbas/nestjs'

export const analyseWithWasm: OtherAnalyser = (nodes, organizations, { faultyNodes = [] }): AnalysisFigures => {
  // It fails where a quorum set or a name is null.
  const usable = (JSON.parse(text(nodes)) as object[]).map(withoutNull).filter((node) => 'quorumSet' in node)
  const network = JSON.stringify(usable)
  const named = JSON.stringify((JSON.parse(text(organizations)) as object[]).map(withoutNull))
  const faulty = JSON.stringify(faultyNodes)

  const sizes = (mergeBy: MergeBy) => ({
    topTierSize: analyze_top_tier(network, named, mergeBy).top_tier_size,
    blockingSetsMinSize: analyze_minimal_blocking_sets(network, named, '[]', mergeBy).min,
    blockingSetsFilteredMinSize: analyze_minimal_blocking_sets(network, named, faulty, mergeBy).min,
    splittingSetsMinSize: analyze_minimal_splitting_sets(network, named, mergeBy).min
  })
  return {
    hasQuorumIntersection: analyze_minimal_quorums(network, named, MergeBy.DoNotMerge).quorum_intersection,
    hasSymmetricTopTier: analyze_symmetric_top_tier(network, named, MergeBy.DoNotMerge).symmetric_top_tier != null,
    node: sizes(MergeBy.DoNotMerge),
    organization: sizes(MergeBy.Orgs),
    country: sizes(MergeBy.Countries),
    isp: sizes(MergeBy.ISPs)
  }
}

function text(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input ?? [])
}

function withoutNull(attributes: object): object {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null))
}
