/** Works out the networks of a history in this process, on the addon's threads, in places that no other call wants. */

import { availableParallelism } from 'node:os'

import type { Result } from 'neverthrow'

import { recordAbout, type NetworkRecord } from '../../study/record.js'
import { askerWithin, type Asker } from '../../study/study.js'
import { aborted, type FbasError } from '../fbas.error.js'
import type { FbasService } from '../fbas.service.js'
import type { FbasSettings } from '../fbas.settings.js'
import type { HistoryBackend, HistoryWork } from './history.backend.js'

export class HistoryHere implements HistoryBackend {
  readonly atOnce: number
  /** Several networks at a time keep the processors busy with a few threads each. */
  private readonly threads: number

  constructor(
    private readonly service: FbasService,
    { maxConcurrent, threads }: FbasSettings
  ) {
    this.atOnce = maxConcurrent
    this.threads = threads ?? Math.max(1, Math.floor(availableParallelism() / maxConcurrent))
  }

  workOut({
    hash,
    network,
    question,
    signal,
    answered
  }: HistoryWork): Promise<Result<NetworkRecord, FbasError>> {
    const { timeoutMs, unknownNodes, scope, ignoreOneNodeQuorums } = question
    return this.service.patiently('history', signal, async (_engine, signal) => {
      const asked = { unknown: unknownNodes, scope, countOneNodeQuorums: ignoreOneNodeQuorums === false }
      const bounds = { timeoutMs, anytime: true, signal, threads: this.threads }
      const record = await recordAbout(telling(askerWithin(asked, bounds), answered), network, hash)
      // Questions that are asked with `anytime` are answered then with what was known, which is not what the time allowed.
      if (signal.aborted) throw aborted(signal.reason)
      return record
    })
  }
}

/** The same, who also tells how many questions are answered. */
function telling({ options, ask }: Asker, answered: HistoryWork['answered']): Asker {
  let questions = 0
  return {
    options,
    ask: async (about, left, question) => {
      questions = Math.max(questions, left)
      const answer = await ask(about, left, question)
      answered(questions - left + 1, questions)
      return answer
    }
  }
}
