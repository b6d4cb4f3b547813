// What a page and its worker tell each other, all of it as a structured clone.
//
// A worker does one call at a time, in the order in which they come, and hears nothing meanwhile. Networks and iterators stay with the worker:
// the page names them by numbers that it chooses.

import type { Finding, Progress } from '../../index.js'

/** What a worker keeps for the page. */
export type Kept = number

/** An argument: as it is, or what the worker keeps. */
export type Argument = { value: unknown } | { kept: Kept }

export interface Start {
  type: 'start'
  /** The compiled WebAssembly. */
  module: WebAssembly.Module
  /** An address that can be read as long as nobody calls anything off; absent where pages may not have any. */
  probe: string | undefined
}

export interface Call {
  type: 'call'
  id: number
  /** Whose method it is; absent: a function of the package, or one that makes a network. */
  on: Kept | undefined
  name: string
  args: Argument[]
  /** Where the options stand among the arguments: what the worker adds to them goes there. */
  optionsAt: number | undefined
  /** When the call was made, in milliseconds since 1970: the time that it may take counts from then. */
  since: number
  /** Whether progress is to be told. */
  tellsProgress: boolean
  /** An address that can be read until the call is called off. */
  flag: string | undefined
  /** What the worker keeps the result as, if it is one that cannot leave it. */
  keepAs: Kept
  /** Of an iterator that is made anew: how many of its sets were handed out before. */
  skip: number
}

export interface Free {
  type: 'free'
  kept: Kept
}

/** A call that is called off before its turn. */
export interface Skip {
  type: 'skip'
  id: number
}

export type ToWorker = Start | Call | Free | Skip

/** What pages know of a network without asking. */
export interface About {
  nodeCount: number
  organizationCount: number
  findings: Finding[]
  reportedDown: string[]
}

/** A result, or what a page has to know of one that stays with the worker. */
export type Answer = { value: unknown } | { network: About } | { iterator: true }

/** An error of the package. */
export interface Told {
  message: string
  name: string
  code: string
  bounds: { lowerBound: number; upperBound: number | null } | undefined
}

export type FromWorker =
  | { type: 'ready'; heedsFlags: boolean }
  | { type: 'progress'; id: number; progress: Progress }
  | { type: 'done'; id: number; answer: Answer }
  | { type: 'failed'; id: number; error: Told }
  | { type: 'skipped'; id: number }
  | { type: 'broken'; message: string }
