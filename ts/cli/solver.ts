/**
 * Solves the networks of snapshots, each once: those with the same hash get the same answers, now and in results of before that were proven by the
 * same engine for the same question.
 */

import { FbasNetwork } from '../../index.js'
import { recordAbout } from '../study/record.js'
import { askerWithin } from '../study/study.js'
import { Failure, failureOf, STATUS } from './failure.js'
import type { HistoryOptions } from './history.js'
import { isProven, isRead, recordOf, type Record } from './history/records.js'
import { textOf, type Snapshot } from './history/snapshots.js'

export class Solver {
  readonly #options: HistoryOptions
  readonly #engine: string
  /** What is asked about a network and how it is read, in words of the command line. */
  readonly #asked: string
  readonly #results = new Map<string, Promise<Record>>()
  readonly #forAll: Uint8Array | undefined
  readonly #seen = new Set<string>()
  /** How many networks were solved here. */
  solved = 0
  /** How many snapshots showed a defect of this package. */
  defects = 0

  private constructor(options: HistoryOptions, engine: string, forAll: Uint8Array | undefined) {
    const { unknown, scope, countOneNodeQuorums } = options
    this.#options = options
    this.#engine = engine
    this.#forAll = forAll
    this.#asked = [
      ...(unknown === undefined ? [] : [`--unknown ${unknown}`]),
      ...(scope === 'core' ? [] : [`--scope ${scope}`]),
      ...(countOneNodeQuorums === true ? ['--count-one-node-quorums'] : [])
    ].join(' ')
  }

  /** One that knows results of before, and the organizations of whoever has none beside. */
  static async with(
    options: HistoryOptions,
    known: Iterable<Record>,
    forAll: Uint8Array | undefined
  ): Promise<Solver> {
    // The engine that would answer now.
    const { engine } = await FbasNetwork.loadSync('[]').analyzeFull()
    const solver = new Solver(options, engine, forAll)
    for (const record of known) {
      if (solver.#isOfUse(record)) solver.#results.set(String(record.hash), Promise.resolve(record))
    }
    return solver
  }

  /** How many different networks there were. */
  get networks(): number {
    return this.#seen.size
  }

  /** What becomes of a snapshot: also where it cannot be read. */
  async recordOf(snapshot: Snapshot): Promise<Record> {
    try {
      return recordOf(snapshot, await this.#resultOf(snapshot))
    } catch (error) {
      const { status, message } = failureOf(error)
      if (status !== STATUS.badInput) this.defects++
      return recordOf(snapshot, { error: message })
    }
  }

  async #resultOf(snapshot: Snapshot): Promise<Record> {
    const network = await this.#load(snapshot)
    const hash = network.hash()
    this.#seen.add(hash)
    const known = this.#results.get(hash)
    const result = known ?? this.#solve(network, hash)
    this.#results.set(hash, result)
    try {
      return await result
    } finally {
      network[Symbol.dispose]()
    }
  }

  async #solve(network: FbasNetwork, hash: string): Promise<Record> {
    this.solved++
    const { timeout, threads } = this.#options
    const timeoutMs = timeout === undefined ? undefined : timeout * 1000
    const bounds = { timeoutMs, anytime: true, threads }
    const asker = askerWithin(this.#options, bounds)
    const record = await recordAbout(asker, network, hash)
    return { ...record, options: this.#asked, timeout: timeout ?? null }
  }

  /** Whether a result that was there already need not be worked out again. What is not proven may be, given more time. */
  #isOfUse(record: Record): boolean {
    const { timeout = Infinity } = this.#options
    const had = record.timeout === null || record.timeout === '' ? Infinity : Number(record.timeout)
    const isSame = record.engine === this.#engine && (record.options ?? '') === this.#asked
    return isRead(record) && isSame && (isProven(record) || had >= timeout)
  }

  async #load(snapshot: Snapshot): Promise<FbasNetwork> {
    const { error, organizations } = snapshot
    if (error !== undefined) throw new Failure(error)
    const { file, line } = snapshot
    const text = await textOf(file, line)
    const isForAll = organizations === this.#options.organizations
    const groups =
      organizations === undefined ? undefined : isForAll ? this.#forAll : await textOf(organizations)
    try {
      return await FbasNetwork.load(text, groups)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      const isAboutGroups = organizations !== undefined && message.startsWith('organizations')
      if (code !== 'INVALID_INPUT' || !isAboutGroups) throw error
      throw new Failure(`${organizations}: ${message}`, undefined, { cause: error })
    }
  }
}
