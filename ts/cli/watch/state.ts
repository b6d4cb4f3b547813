/**
 * What a watch saves in its state file: the networks in which its figures were last known, and the announcements that are not delivered yet.
 *
 * Networks are saved and not their figures, so that another version compares what it says of both itself. An announcement is written before
 * it is delivered, and removed after: if the process is killed in between, the next process delivers it again, under the same id. The file
 * is replaced in one step.
 */

import { open, readFile, rename, stat } from 'node:fs/promises'

import { Failure, notRead } from '../failure.js'
import { Lock } from '../history/lock.js'
import { jsonText, notWritten } from '../output.js'
import type { Announcement } from './announcement.js'
import type { Kept } from './baselines.js'
import type { Listener } from './outlet.js'

const FORMAT = 'stellar-fbas watch 1'

/** What is in the file. */
interface Written {
  format: typeof FORMAT
  /** Where the networks come from, without what may be secret. */
  network: string
  networks: Kept[]
  /** By figure: which of them. */
  figures: [figure: string, network: number][]
  pending: Pending
}

/** What is yet to be told, by who is told. */
export type Pending = { [kind in Listener['kind']]?: Announcement[] }

export interface Remembered {
  figures: [figure: string, network: Kept][]
  pending: Pending
}

export class StateFile {
  readonly #file: string
  readonly #network: string
  readonly #lock: Lock
  #written: Promise<void> = Promise.resolve()

  private constructor(file: string, network: string, lock: Lock) {
    this.#file = file
    this.#network = network
    this.#lock = lock
  }

  /** Opens it for this process alone, with what it has of this network. */
  static async open(file: string, network: string): Promise<[StateFile, Remembered]> {
    let lock: Lock | undefined
    try {
      lock = await Lock.of(file)
      const state = new StateFile(file, network, lock)
      return [state, await state.#read()]
    } catch (error) {
      lock?.release()
      if (error instanceof Failure) throw error
      throw notWritten(file, error)
    }
  }

  /** Writes what is to be remembered, one after another. `now` says what that is when it is its turn. */
  save(now: () => Remembered): Promise<void> {
    const written = this.#written.then(() => this.#write(now()))
    this.#written = written.catch(() => {})
    return written
  }

  /** When all that was to be remembered so far is, or could not be. */
  get settled(): Promise<void> {
    return this.#written
  }

  async #read(): Promise<Remembered> {
    const found = await stat(this.#file).catch(() => undefined)
    if (found === undefined) return { figures: [], pending: {} }
    const text = await readFile(this.#file, 'utf8').catch((error: unknown) => {
      throw notRead(this.#file, error)
    })
    const state = parsed(text)
    if (state === undefined)
      throw new Failure(`${this.#file}: is not what watch has written; name another file`)
    if (state.network !== this.#network)
      throw new Failure(
        `${this.#file}: is about ${state.network}, and not about ${this.#network}; name another file`
      )
    const { networks, figures, pending } = state
    return {
      figures: figures.flatMap(([figure, index]): Remembered['figures'] => {
        const network = networks[index]
        return network === undefined ? [] : [[figure, network]]
      }),
      pending
    }
  }

  async #write({ figures, pending }: Remembered): Promise<void> {
    const networks = [...new Set(figures.map(([, network]) => network))]
    const written: Written = {
      ...{ format: FORMAT, network: this.#network },
      // What is known of them is not kept.
      networks: networks.map(({ time, nodes, organizations }) => ({ time, nodes, organizations })),
      figures: figures.map(([figure, network]) => [figure, networks.indexOf(network)]),
      pending
    }
    const beside = `${this.#file}.unfinished`
    try {
      const handle = await open(beside, 'w', 0o600)
      try {
        await handle.writeFile(`${jsonText(written)}\n`)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(beside, this.#file)
    } catch (error) {
      throw notWritten(this.#file, error)
    }
  }
}

function parsed(text: string): Written | undefined {
  try {
    const written = JSON.parse(text) as Partial<Written>
    const { format, network, networks, figures, pending } = written
    const isOne =
      format === FORMAT &&
      typeof network === 'string' &&
      Array.isArray(networks) &&
      Array.isArray(figures) &&
      figures.every(([, index]) => networks[index] !== undefined) &&
      [pending?.command ?? [], pending?.webhook ?? []].every(Array.isArray)
    return isOne ? (written as Written) : undefined
  } catch {
    return undefined
  }
}
