/**
 * Solves the networks of snapshots, each once: those with the same hash get the same answers, now and in results of before that were proven by the
 * same engine for the same question.
 */

import { FbasNetwork } from '../../index.js'
import { Directory } from '../study/directory.js'
import { NODES } from '../study/groupings.js'
import { recordAbout, type Called } from '../study/record.js'
import { askerWithin } from '../study/study.js'
import { Failure, failureOf, STATUS } from './failure.js'
import { isProven, isRead, recordOf, type Record } from './history/records.js'
import { textOf, type Snapshot } from './history/snapshots.js'
import { readingOf, type Reading } from './input.js'
import type { Options } from './options.js'
import { seenBy } from './seen.js'
import { namesIn, nodesNamedIn } from './understood.js'

/** What is asked, whatever becomes of the results. */
type Question = Omit<Options, 'format'>

export class Solver {
  readonly #options: Question
  readonly #engine: string
  /** What is asked about a network and how it is read, in words of the command line. */
  readonly #asked: string
  /** By hash and by what was asked. */
  readonly #results = new Map<string, Promise<Record>>()
  readonly #forAll: Uint8Array | undefined
  readonly #seen = new Set<string>()
  /** What `--faulty` calls nodes that some snapshot has. */
  readonly #found = new Set<string>()
  /** How many networks were solved here. */
  solved = 0
  /** How many snapshots showed a defect of this package. */
  defects = 0

  private constructor(options: Question, engine: string, forAll: Uint8Array | undefined) {
    const { unknown, scope, countOneNodeQuorums, reachableFrom } = options
    this.#options = options
    this.#engine = engine
    this.#forAll = forAll
    this.#asked = [
      ...(unknown === undefined ? [] : [`--unknown ${unknown}`]),
      ...(scope === 'core' ? [] : [`--scope ${scope}`]),
      ...(countOneNodeQuorums === true ? ['--count-one-node-quorums'] : []),
      ...(reachableFrom === undefined ? [] : [`--reachable-from ${reachableFrom}`])
    ].join(' ')
  }

  /** One that knows results of before, and the organizations of whoever has none beside. */
  static async with(
    options: Question,
    known: Iterable<Record>,
    forAll: Uint8Array | undefined
  ): Promise<Solver> {
    // The engine that would answer now.
    const { engine } = await FbasNetwork.loadSync('[]').analyzeFull()
    const solver = new Solver(options, engine, forAll)
    for (const record of known) {
      if (!solver.#isOfUse(record)) continue
      solver.#results.set(
        question(String(record.hash), String(record.options ?? '')),
        Promise.resolve(record)
      )
    }
    return solver
  }

  /** How many different networks there were. */
  get networks(): number {
    return this.#seen.size
  }

  /** What `--faulty` calls nodes that no snapshot has. */
  get neverFound(): string[] {
    const { faulty = [] } = this.#options
    if (isNobody(faulty)) return []
    return faulty
      .filter((text) => !this.#found.has(text))
      .flatMap(namesIn)
      .filter((name) => !this.#found.has(name))
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

  /** What people call some nodes of a snapshot that was read. */
  async namesIn(snapshot: Snapshot, keys: string[]): Promise<[key: string, called: Called][]> {
    const { network } = await this.#read(snapshot)
    const directory = Directory.of(network)
    const names = directory
      .byOrganization(keys)
      .flatMap(({ organization, nodes }) =>
        nodes.map((key): [string, Called] => [key, { name: directory.name(key, NODES), organization }])
      )
    network[Symbol.dispose]()
    return names
  }

  async #resultOf(snapshot: Snapshot): Promise<Record> {
    const { network, faulty } = await this.#read(snapshot)
    try {
      const hash = network.hash()
      this.#seen.add(hash)
      const down = faulty === undefined ? '' : `--faulty ${faulty.length === 0 ? 'none' : faulty.join()}`
      const asked = [this.#asked, down].filter((option) => option !== '').join(' ')
      const known = this.#results.get(question(hash, asked))
      const result = known ?? this.#solve(network, hash, asked, faulty)
      this.#results.set(question(hash, asked), result)
      return await result
    } finally {
      network[Symbol.dispose]()
    }
  }

  async #solve(
    network: FbasNetwork,
    hash: string,
    asked: string,
    faulty: string[] | undefined
  ): Promise<Record> {
    this.solved++
    const { timeout, threads } = this.#options
    const timeoutMs = timeout === undefined ? undefined : timeout * 1000
    const bounds = { timeoutMs, anytime: true, threads }
    const asker = askerWithin({ ...this.#options, faulty }, bounds)
    return { ...(await recordAbout(asker, network, hash)), options: asked, timeout: timeout ?? null }
  }

  /** Whether a result that was there already need not be worked out again. What is not proven may be, given more time. */
  #isOfUse(record: Record): boolean {
    const { timeout = Infinity } = this.#options
    const had = record.timeout === null || record.timeout === '' ? Infinity : Number(record.timeout)
    return isRead(record) && record.engine === this.#engine && (isProven(record) || had >= timeout)
  }

  /** The network as it is asked about, and who is down in it; absent: whom the data reports so. */
  async #read(snapshot: Snapshot): Promise<{ network: FbasNetwork; faulty: string[] | undefined }> {
    const network = await this.#load(snapshot)
    const { faulty, reachableFrom } = this.#options
    if (faulty === undefined && reachableFrom === undefined) return { network, faulty }
    const all = readingOf(network, { title: snapshot.name, place: undefined, sources: [] })
    const reading = reachableFrom === undefined ? all : await seenBy(reachableFrom, all)
    return { network: reading.network, faulty: faulty === undefined ? faulty : this.#down(faulty, reading) }
  }

  /** Those whom a snapshot has. */
  #down(faulty: string[], reading: Reading): string[] {
    if (isNobody(faulty)) return []
    const named = nodesNamedIn(reading, '--faulty', faulty)
    for (const name of named.keys()) this.#found.add(name)
    return [...new Set(named.values())].sort()
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

function question(hash: string, options: string): string {
  return `${hash} ${options}`
}

function isNobody(faulty: string[]): boolean {
  return faulty.length === 1 && faulty[0] === 'none'
}
