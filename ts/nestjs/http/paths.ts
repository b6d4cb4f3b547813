/** The last part of the path of each endpoint whose body is a network, after `/analyze/`. */
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
  suggestion: 'suggest',
  full: 'full'
} as const

/** The same of the endpoints whose body is two networks. */
export const PATHS_OF_TWO = {
  compare: 'compare',
  plan: 'plan'
} as const
