/** Describes every kind of set (top tier, quorum, blocking set and so on) in words, which tables, the report, HTTP answers and help all use. */

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
  can: 'can close ledgers with nobody else',
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
    'When all its archives go bad, a quorum is left that closes ledgers and has no archive that is known to be good.'
}

export const HALTING_NODE: Kind = {
  one: 'set that halts it',
  many: 'sets that halt it',
  column: 'halting',
  heading: 'Halt it',
  can: 'can halt it by stopping',
  fewest: 'the fewest others that leave the node in no quorum when they stop',
  definition: 'When all of it stops, no quorum has the node any more: it halts.'
}

export const V_BLOCKING: Kind = {
  one: 'v-blocking set',
  many: 'v-blocking sets',
  column: 'v-blocking',
  heading: 'Block it',
  can: 'can block all its slices',
  fewest: 'the fewest others that meet every slice of the node, before anybody else has stopped for that',
  definition: 'When all of it stops, the quorum set of the node is not satisfied any more.'
}

export const SPLITTING_OFF: Kind = {
  one: 'set that splits it off',
  many: 'sets that split it off',
  column: 'splitting off',
  heading: 'Split it off',
  can: 'can split it off by lying',
  fewest: 'the fewest others that, turned malicious, can make the node disagree with the core',
  definition:
    'When all of it lies, telling different things to different others, the node and somebody else can close different ledgers.'
}

/** What is asked of nodes and groups, where no single set is the answer. */
export type Question = Pick<Kind, 'fewest' | 'definition'>

export const ONE_NODE: Question = {
  fewest: 'one node: who can halt it or split it off, on whom it depends, and who depends on it',
  definition: 'With what is wrong in its quorum set for this node.'
}

export const EVERY_NODE: Question = {
  fewest: 'every node: who can halt it or split it off',
  definition: 'All that is said of one node, of each, for little more time.'
}

export const INTACT: Question = {
  fewest: 'who is intact and who befouled when some nodes are ill-behaved',
  definition: 'An intact node can rely on the others that are intact, whatever the ill-behaved nodes do.'
}

export const CRITICAL: Question = {
  fewest: 'which groups are one misconfiguration away from a split',
  definition:
    'A group is critical when two quorums share no node once its nodes go along with anybody who depends on them.'
}

export const SUGGESTION: Question = {
  fewest: 'who has to adopt a quorum set so that the network is safe, and in which order',
  definition:
    'Where it splits today, has no quorum, or a smallest set is below its floor: the fewest nodes or groups whose adopting the quorum set makes it safe, and rounds that pass no other danger on the way. More adopters are not always better.'
}
