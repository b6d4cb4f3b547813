/** What each kind of set is: the one place for tables, the report, the descriptions of HTTP answers, and help. */

/** A kind of sets. */
export interface Kind {
  one: string
  many: string
  /** Over a column. */
  column: string
  /** The same in a word that says what it is about. */
  heading: string
  /** Whom it has in it: goes on from "who", or from a number of them. */
  can: string
  /** What is counted: a smallest one. */
  fewest: string
  /** What it is, in a sentence. */
  definition: string
}

export const TOP_TIER: Kind = {
  one: 'top tier',
  many: 'top tiers',
  column: 'top tier',
  heading: 'Decide',
  can: 'in the top tier',
  fewest: 'who is in some minimal quorum',
  definition: 'Everybody who is in some minimal quorum, one that has no smaller quorum inside.'
}

export const BLOCKING: Kind = {
  one: 'blocking set',
  many: 'blocking sets',
  column: 'blocking',
  heading: 'Halt',
  can: 'can halt the network by stopping',
  fewest: 'the fewest that halt the network when they stop',
  definition: 'When all of it stops, no quorum is left: the network halts.'
}

export const FILTERED: Kind = {
  one: 'blocking set, filtered',
  many: 'blocking sets, filtered',
  column: 'blocking, filtered',
  heading: 'Halt now',
  can: 'more can halt it, with the nodes that are down already',
  fewest: 'the fewest that halt the network when they stop, some nodes being down already',
  definition: 'When all of it stops while some nodes are down already, no quorum is left.'
}

export const SPLITTING: Kind = {
  one: 'splitting set',
  many: 'splitting sets',
  column: 'splitting',
  heading: 'Split',
  can: 'can split the network by lying',
  fewest: 'the fewest that, turned malicious, can make the others disagree',
  definition:
    'When all of it lies, telling different things to different others, two that do not can close different ledgers.'
}

export const QUORUM: Kind = {
  one: 'quorum',
  many: 'quorums',
  column: 'quorum',
  heading: 'Agree',
  can: 'can close ledgers on their own',
  fewest: 'the fewest that can close ledgers on their own',
  definition: 'It gives each of its nodes what it asks for, so it can close ledgers on its own.'
}

export const HISTORY_CRITICAL: Kind = {
  one: 'history-critical set',
  many: 'history-critical sets',
  column: 'history-critical',
  heading: 'History',
  can: 'with the archives that the history of some quorum hangs on',
  fewest: 'the fewest whose archives, gone bad, leave a quorum without a good one',
  definition:
    'When all its archives go bad, a quorum is left that closes ledgers none of its nodes keeps in a good one.'
}
