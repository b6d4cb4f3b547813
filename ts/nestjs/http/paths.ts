/** The last part of each analysis endpoint's path, after `/analyze/`. */
export const ANALYSIS_PATHS = {
  topTier: 'top-tier',
  blockingSets: 'blocking-sets',
  splittingSets: 'splitting-sets',
  quorums: 'quorums',
  historyCritical: 'history-critical',
  node: 'node',
  nodes: 'nodes',
  intact: 'intact',
  criticalGroups: 'critical-groups',
  full: 'full'
} as const
