/** Who works out the networks of a history: this process, or others. */

import type { Result } from 'neverthrow'

import type { FbasNetwork } from '../../../index.js'
import type { NetworkRecord } from '../../study/record.js'
import type { FbasError } from '../fbas.error.js'
import type { HistoryQuestion, HistorySnapshot } from './history.types.js'

/** A network that is to be worked out. */
export interface HistoryWork {
  /** `network.hash()`. */
  hash: string
  /** Read already; gone once the answer is there. */
  network: FbasNetwork
  /** What it was read from. */
  snapshot: HistorySnapshot
  question: HistoryQuestion & { timeoutMs: number }
  signal: AbortSignal
  /** To be told how many questions are answered. */
  answered: (answered: number, questions: number) => void
}

/** Somebody who works out networks. */
export interface HistoryBackend {
  /** How many networks to hand over at a time. */
  readonly atOnce: number
  /** Never rejects. Takes as long as it must to find a place. */
  workOut(work: HistoryWork): Promise<Result<NetworkRecord, FbasError>>
}
