/** How to change over from another analyser, and when to go back to it. */

import type { Result } from 'neverthrow'

import type {
  AnalysisMergedResult,
  AnalysisOptions,
  NetworkInput,
  OrganizationsInput
} from '../../../index.js'

/** The figures that an explorer stores after a scan. Ours come with `findings` and `engine`. */
export interface AnalysisFigures {
  /** Whether a quorum exists and every two quorums share a node. */
  hasQuorumIntersection: boolean
  /** Whether there is a symmetric top tier. */
  hasSymmetricTopTier: boolean
  /** Counting nodes. */
  node: AnalysisMergedResult
  /** Counting organizations. */
  organization: AnalysisMergedResult
  /** Counting countries. */
  country: AnalysisMergedResult
  /** Counting internet providers. */
  isp: AnalysisMergedResult
}

/** The analyser that an application uses so far: what it returns, resolves with, or wraps in a `Result`; what it throws is its error. */
export type OtherAnalyser = (
  nodes: NetworkInput,
  organizations: OrganizationsInput | null | undefined,
  options: AnalysisOptions
) =>
  AnalysisFigures | Result<AnalysisFigures, Error> | Promise<AnalysisFigures | Result<AnalysisFigures, Error>>

/**
 * Whose answer is used:
 *   'off'         theirs; ours does not run
 *   'shadow'      theirs; ours runs beside it and every discrepancy is logged
 *   'percentage'  ours for that share of the keys, theirs for the others
 *   'on'          ours
 */
export type RolloutMode = 'off' | 'shadow' | 'percentage' | 'on'

/** Options of the roll-out. What is set here counts before the environment. */
export interface FbasRolloutOptions {
  /** The analyser that is used so far. */
  other: OtherAnalyser
  /**
   * Whose answer is used. From the environment: 'off' if `FBAS_ENABLED` is false; if it is true, what `FBAS_ROLLOUT_PERCENTAGE` says: 0 is
   * 'shadow', 100 or nothing is 'on', anything between is 'percentage'. Default: 'shadow'.
   */
  mode?: RolloutMode
  /** For which share of the keys ours is used, from 0 to 100, with mode 'percentage'. `FBAS_ROLLOUT_PERCENTAGE`. */
  percentage?: number
  /** Whether theirs steps in where ours gives no answer. `FBAS_FALLBACK`; default true. */
  fallback?: boolean
  /**
   * How often ours is tried, where trying again can help (`OVERLOADED`, `UNAVAILABLE`, `INTERNAL`; the same input is refused, and takes too
   * long, every time). `FBAS_RETRY_ATTEMPTS`; default 3.
   */
  retryAttempts?: number
  /** The time before the second attempt, in milliseconds; it doubles with each one after. `FBAS_RETRY_DELAY`; default 1,000. */
  retryDelayMs?: number
  /** When to go back to theirs by itself. False: never. */
  rollBack?: RollBackLimits | false
}

/** Any of these, while ours is used, rolls back: from then on ours only runs beside theirs. */
export interface RollBackLimits {
  /** How far back calls are looked at, in milliseconds. Default 7,200,000: two hours, the 24 scans of an explorer that scans every 5 minutes. */
  windowMs?: number
  /** How many calls there must be before shares mean anything. Default 20. */
  minimumCalls?: number
  /** The share of calls that failed otherwise than by time, above which to roll back, from 0 to 1. Default 0.05. */
  errorRate?: number
  /** The share of calls whose time ran out, above which to roll back, from 0 to 1. Default 0.1. */
  timeoutRate?: number
  /** The time that at most one call in twenty may exceed (p95), in milliseconds. Default 30,000. */
  p95Ms?: number
  /** For how long every call may fail, in milliseconds. Default 300,000. */
  unavailableMs?: number
  /**
   * The way back: rolled back for so long, in milliseconds, and with enough calls within the limits since, ours is used again. Null: only
   * `FbasRollout.resume` leads back. Default 1,800,000.
   */
  resumeAfterMs?: number | null
}
