// How the backend of an explorer calls the WebAssembly package: every result has an interface of the backend's own making, which the
// package's `any` is taken for, and every error becomes a value. Tests run it with that package and with its stand-in.

import * as stellar_analysis from '@stellarbeat/stellar_analysis_nodejs'
import { err, ok, type Result } from 'neverthrow'

export interface QuorumSet {
  threshold: number
  validators: string[]
  innerQuorumSets: QuorumSet[]
}

export interface Node {
  publicKey: string
  quorumSet: QuorumSet
  isp: string | null
  geoData: { countryCode: string | null; countryName: string | null } | null
}

export interface Organization {
  id: string
  name: string
  validators: string[]
}

export enum MergeBy {
  DoNotMerge,
  Orgs,
  Countries,
  ISPs
}

interface MinimalQuorumsAnalysis {
  result: string[][]
  size: number
  min: number
  quorum_intersection: boolean
}

// Only what is read of it.
interface MinimalSetsAnalysis {
  result: string[][]
  min: number
}

interface TopTierAnalysis {
  top_tier: string[]
  top_tier_size: number
  cache_hit: boolean
}

// Not quite the truth: there may be no symmetric top tier, and inner sets are left out where there are none.
interface SymmetricTopTierAnalysis {
  symmetric_top_tier: {
    threshold: number
    validators: string[]
    innerQuorumSets: { threshold: number; validators: string[] }[] | null
  }
}

export interface MergedFigures {
  topTierSize: number
  blockingSetsMinSize: number
  blockingSetsFilteredMinSize: number
  splittingSetsMinSize: number
}

export interface Figures {
  hasQuorumIntersection: boolean
  hasSymmetricTopTier: boolean
  node: MergedFigures
  organization: MergedFigures
  country: MergedFigures
  isp: MergedFigures
}

export class FbasAnalyzerFacade {
  analyzeTopTier(
    nodes: Node[],
    organizations: Organization[],
    mergeBy: MergeBy
  ): Result<TopTierAnalysis, Error> {
    try {
      return ok(
        stellar_analysis.analyze_top_tier(
          JSON.stringify(nodes),
          JSON.stringify(organizations),
          this.mapToMergeBy(mergeBy)
        )
      )
    } catch (error) {
      return err(this.toError(error))
    }
  }

  analyzeSymmetricTopTier(
    nodes: Node[],
    organizations: Organization[],
    mergeBy: MergeBy
  ): Result<SymmetricTopTierAnalysis, Error> {
    try {
      return ok(
        stellar_analysis.analyze_symmetric_top_tier(
          JSON.stringify(nodes),
          JSON.stringify(organizations),
          this.mapToMergeBy(mergeBy)
        )
      )
    } catch (error) {
      return err(this.toError(error))
    }
  }

  analyzeMinimalQuorums(
    nodes: Node[],
    organizations: Organization[],
    mergeBy: MergeBy
  ): Result<MinimalQuorumsAnalysis, Error> {
    try {
      const analysis: MinimalQuorumsAnalysis = stellar_analysis.analyze_minimal_quorums(
        JSON.stringify(nodes),
        JSON.stringify(organizations),
        this.mapToMergeBy(mergeBy)
      )
      return ok(analysis)
    } catch (error) {
      return err(this.toError(error))
    }
  }

  analyzeMinimalBlockingSets(
    nodes: Node[],
    organizations: Organization[],
    faultyNodes: string[],
    mergeBy: MergeBy
  ): Result<MinimalSetsAnalysis, Error> {
    try {
      return ok(
        stellar_analysis.analyze_minimal_blocking_sets(
          JSON.stringify(nodes),
          JSON.stringify(organizations),
          JSON.stringify(faultyNodes),
          this.mapToMergeBy(mergeBy)
        )
      )
    } catch (error) {
      return err(this.toError(error))
    }
  }

  analyzeMinimalSplittingSets(
    nodes: Node[],
    organizations: Organization[],
    mergeBy: MergeBy
  ): Result<MinimalSetsAnalysis, Error> {
    try {
      return ok(
        stellar_analysis.analyze_minimal_splitting_sets(
          JSON.stringify(nodes),
          JSON.stringify(organizations),
          this.mapToMergeBy(mergeBy)
        ) as MinimalSetsAnalysis
      )
    } catch (error) {
      return err(this.toError(error))
    }
  }

  /** The figures that are stored after each scan. */
  analyze(nodes: Node[], organizations: Organization[], faultyNodes: string[]): Result<Figures, Error> {
    const quorums = this.analyzeMinimalQuorums(nodes, organizations, MergeBy.DoNotMerge)
    if (quorums.isErr()) return err(quorums.error)
    const symmetric = this.analyzeSymmetricTopTier(nodes, organizations, MergeBy.DoNotMerge)
    if (symmetric.isErr()) return err(symmetric.error)
    const merged = (mergeBy: MergeBy) => this.analyzeMerged(nodes, organizations, faultyNodes, mergeBy)
    return merged(MergeBy.DoNotMerge).andThen((node) =>
      merged(MergeBy.Orgs).andThen((organization) =>
        merged(MergeBy.Countries).andThen((country) =>
          merged(MergeBy.ISPs).map((isp) => ({
            hasQuorumIntersection: quorums.value.quorum_intersection,
            hasSymmetricTopTier: symmetric.value.symmetric_top_tier !== null,
            node,
            organization,
            country,
            isp
          }))
        )
      )
    )
  }

  private analyzeMerged(
    nodes: Node[],
    organizations: Organization[],
    faultyNodes: string[],
    mergeBy: MergeBy
  ): Result<MergedFigures, Error> {
    const topTier = this.analyzeTopTier(nodes, organizations, mergeBy)
    if (topTier.isErr()) return err(topTier.error)
    const blocking = this.analyzeMinimalBlockingSets(nodes, organizations, [], mergeBy)
    if (blocking.isErr()) return err(blocking.error)
    const filtered = this.analyzeMinimalBlockingSets(nodes, organizations, faultyNodes, mergeBy)
    if (filtered.isErr()) return err(filtered.error)
    const splitting = this.analyzeMinimalSplittingSets(nodes, organizations, mergeBy)
    if (splitting.isErr()) return err(splitting.error)
    return ok({
      topTierSize: topTier.value.top_tier_size,
      blockingSetsMinSize: blocking.value.min,
      blockingSetsFilteredMinSize: filtered.value.min,
      splittingSetsMinSize: splitting.value.min
    })
  }

  private mapToMergeBy(mergeBy: MergeBy): stellar_analysis.MergeBy {
    switch (mergeBy) {
      case MergeBy.Orgs:
        return stellar_analysis.MergeBy.Orgs
      case MergeBy.Countries:
        return stellar_analysis.MergeBy.Countries
      case MergeBy.ISPs:
        return stellar_analysis.MergeBy.ISPs
      default:
        return stellar_analysis.MergeBy.DoNotMerge
    }
  }

  private toError(error: unknown): Error {
    return error instanceof Error ? error : new Error('Analysis failed')
  }
}
