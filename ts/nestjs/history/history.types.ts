/** What goes into a history and what comes out of it. */

import type { Result } from 'neverthrow'

import type { NetworkInput, OrganizationsInput } from '../../../index.js'
import type { NetworkRecord } from '../../study/record.js'
import type { FbasError } from '../fbas.error.js'

/** A snapshot of a network. It may have more properties, such as a time or an id: results come with the snapshot itself. */
export interface HistorySnapshot {
  /** The network, best as text: it is parsed off the main thread. */
  nodes: NetworkInput
  organizations?: OrganizationsInput | null
}

/** What becomes of a snapshot. */
export interface HistoryResult<Snapshot extends HistorySnapshot = HistorySnapshot> {
  snapshot: Snapshot
  /** What is known of the network, or why nothing is: `INVALID_INPUT` where it cannot be read. */
  outcome: Result<NetworkRecord, FbasError>
}

/** How far the questions about one snapshot are. */
export interface HistoryProgress<Snapshot extends HistorySnapshot = HistorySnapshot> {
  /** The first of those that have this network. */
  snapshot: Snapshot
  /** How many of the questions are answered. */
  answered: number
  /** How many questions there are. */
  questions: number
}

/** What is asked about every network. */
export interface HistoryQuestion {
  /** How unknown nodes are read. Default: 'dead', and where the other reading has another verdict, that is a doubt. */
  unknownNodes?: 'dead' | 'free'
  /** Between whom a split counts. Default: 'core'. */
  scope?: 'core' | 'all'
  /** Whether nodes that are a stray quorum all by themselves are left out. Default: true. */
  ignoreOneNodeQuorums?: boolean
  /** The time for each network, in milliseconds; what is not proven then has its bounds. Default: the module's `timeoutMs`. */
  timeoutMs?: number
}

/** How a history is worked out. */
export interface HistoryOptions<Snapshot extends HistorySnapshot = HistorySnapshot> extends HistoryQuestion {
  /** 'given': results come in the order of the snapshots. 'ready': as soon as they are there. Default: 'given'. */
  order?: 'given' | 'ready'
  /** How many results may wait to be taken, or for one before them; beyond that no further snapshot is taken. Default: 64. */
  ahead?: number
  /** Ends it. */
  signal?: AbortSignal
  /** Told each time that a question about a network is answered. */
  onProgress?: (progress: HistoryProgress<Snapshot>) => void
}
