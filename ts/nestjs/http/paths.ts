/** The last part of each analysis endpoint's path, after `/analyze/`. */
export const ANALYSIS_PATHS = {
  topTier: 'top-tier',
  blockingSets: 'blocking-sets',
  splittingSets: 'splitting-sets',
  quorums: 'quorums',
  historyCritical: 'history-critical',
  full: 'full'
} as const
