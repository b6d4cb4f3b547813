/**
 * The analysis in the page's worker: what a change makes of the network, and everything that is then known of it, by the same study as that of
 * the report. What nobody waits for any more is called off. Who is down or malicious is no change of the network, and two networks are kept to go
 * on with: the one that people begin with, and the one that they are at.
 */

import type {
  FbasNode,
  FbasOrganization,
  Finding,
  IntactNodesResult,
  NetworkChange,
  QuorumSet
} from '../../index.js'
import type { Said } from '../study/answers.js'
import { Directory, type Registry } from '../study/directory.js'
import { doubtsIn, type Doubt } from '../study/doubts.js'
import { GROUPINGS, groupingOf } from '../study/groupings.js'
import { saidOfIntact } from '../study/misbehaviour.js'
import {
  readingOf,
  study,
  type AskedNetwork,
  type Asker,
  type Study,
  type StudyOptions
} from '../study/study.js'
import * as web from '../web/index.js'
import { changeOf, type Change } from './change.js'
import { through } from './link.js'
import { remembering } from './remembering.js'
import type { Engine, Start } from './start.js'

/** A changed network, before it is analyzed. */
export interface Changed {
  nodes: FbasNode[]
  organizations: FbasOrganization[] | undefined
  directory: Directory
}

/** All that is known of it. */
export interface Known extends Changed {
  study: Study
  /** Who is intact whatever the malicious nodes do; absent: nobody is malicious. */
  misbehaving: Misbehaving | undefined
}

/** Who is intact while some nodes are malicious, and what is said of that. */
export interface Misbehaving {
  answer: IntactNodesResult
  said: Said
  /** Why that may be otherwise. */
  doubts: Doubt[]
  findings: Finding[]
  /** The malicious nodes, by public keys. */
  nodes: string[]
}

/** A network in the worker. */
interface Loaded {
  network: web.FbasNetwork
  asked: AskedNetwork
  consists: Changed
}

/** How long people wait for an answer, in milliseconds. What is not proven then has its bounds. */
const LONGEST = 20_000
/** What nobody notices, in milliseconds. */
const UNNOTICED = 80
/** The change that is none. */
const UNCHANGED = JSON.stringify(changeOf([], { nodes: [], down: [] }).network)
/** Answers that are kept for those who go back and forth. */
const MOST_KEPT = 50

export class Analysis {
  readonly #known = new Map<string, Known>()
  /** Without a change. */
  readonly #beginning: Promise<Loaded>
  /** With the change that was asked about last. */
  #changed: { text: string; loaded: Promise<Loaded> } | undefined

  private constructor(
    private readonly start: Start,
    private readonly network: web.FbasNetwork
  ) {
    this.#beginning = loadedFrom(network)
  }

  /** Loads what there is to be loaded. */
  static async loaded(start: Start, engine: Engine): Promise<Analysis> {
    const packed = Uint8Array.from(atob(engine.wasm), (character) => character.charCodeAt(0))
    const wasm = await through(packed, new DecompressionStream('gzip'))
    const worker = URL.createObjectURL(new Blob([engine.worker], { type: 'text/javascript' }))
    await web.load({ wasm, worker })
    return new Analysis(start, await web.FbasNetwork.load(start.nodes, start.organizations))
  }

  /** All that is known of the changed network. Where that takes a while, `changed` is told first what it consists of. */
  async of(change: Change, signal: AbortSignal, changed: (changed: Changed) => void): Promise<Known> {
    const text = JSON.stringify(change)
    const before = this.#known.get(text)
    if (before !== undefined) return before
    const loaded = await this.#loaded(change.network)
    signal.throwIfAborted()
    // Mostly all is known before anybody misses it, and to draw it twice would take longer.
    const timer = setTimeout(() => {
      if (!signal.aborted) changed(loaded.consists)
    }, UNNOTICED)
    try {
      const known = { ...loaded.consists, ...(await this.#answersAbout(loaded, change, signal)) }
      this.#keep(text, known)
      return known
    } finally {
      clearTimeout(timer)
    }
  }

  /** What a pasted quorum set means for a node of the changed network, in any form that the package reads. Rejects with why it means nothing. */
  async quorumSetIn(text: string, { network }: Change, node: string): Promise<QuorumSet | null> {
    const set = { ...network.set, [node]: JSON.parse(text) as never }
    const add = network.add?.map((newcomer) =>
      newcomer.publicKey === node ? { ...newcomer, quorumSet: null } : newcomer
    )
    const changed = await web.changeNetwork(this.network, null, { ...network, add, set })
    const nodes = await changed.nodes()
    changed.dispose()
    return nodes.find(({ publicKey }) => publicKey === node)?.quorumSet ?? null
  }

  /** The changed network, which takes the place of the one before. */
  #loaded(change: NetworkChange): Promise<Loaded> {
    const text = JSON.stringify(change)
    if (text === UNCHANGED) return this.#beginning
    if (this.#changed?.text === text) return this.#changed.loaded
    const last = this.#changed?.loaded
    // Who still asks about it does not wait for the answer any more.
    last?.then(
      ({ network }) => network.dispose(),
      () => {}
    )
    const loaded = web.changeNetwork(this.network, null, change).then(loadedFrom)
    const changed = { text, loaded }
    this.#changed = changed
    loaded.catch(() => {
      if (this.#changed === changed) this.#changed = undefined
    })
    return loaded
  }

  async #answersAbout(
    { network, asked, consists: { nodes, directory } }: Loaded,
    { down, malicious }: Change,
    signal: AbortSignal
  ): Promise<Pick<Known, 'study' | 'misbehaving'>> {
    const { title, sources } = this.start
    const asker = askerWithin({ ...this.start.options, faulty: down }, signal)
    const [found, answer] = await Promise.all([
      study(asker, { title, sources, network: asked, nodes, directory }),
      malicious.length === 0
        ? undefined
        : asker.ask('intact nodes', 1, (bounds) =>
            network.analyzeIntactNodes({
              ...readingOf(asker.options),
              ...bounds,
              faultyNodes: down,
              illBehaved: malicious
            })
          )
    ])
    if (answer === undefined) return { study: found, misbehaving: undefined }
    const findings = [...network.findings, ...(answer.findings ?? [])]
    const said = saidOfIntact(answer, findings, malicious)
    const doubts = doubtsIn(findings, found.unknownNodes)
    return { study: found, misbehaving: { answer, said, doubts, findings, nodes: malicious } }
  }

  #keep(text: string, known: Known): void {
    this.#known.set(text, known)
    const [oldest] = this.#known.keys()
    if (this.#known.size > MOST_KEPT && oldest !== undefined) this.#known.delete(oldest)
  }
}

/** Asked for at once, as the worker answers one after the other. */
async function loadedFrom(network: web.FbasNetwork): Promise<Loaded> {
  const [nodes, organizations, ...groups] = await Promise.all([
    network.nodes(),
    network.organizations(),
    ...GROUPINGS.map(({ groupBy }) => network.groups(groupBy))
  ])
  const byGrouping = new Map(GROUPINGS.map(({ key }, index) => [key, groups[index] ?? []]))
  const registry: Registry = {
    nodes: () => nodes,
    organizations: () => organizations,
    groups: (groupBy) => byGrouping.get(groupingOf(groupBy ?? undefined).key) ?? []
  }
  const consists = {
    nodes,
    organizations: organizations ?? undefined,
    directory: Directory.of(registry, nodes)
  }
  return { network, asked: remembering(network), consists }
}

/** Somebody who asks until the signal fires, and gives each question its part of the time. */
function askerWithin(options: StudyOptions, signal: AbortSignal): Asker {
  const began = performance.now()
  let questions: number | undefined
  return {
    options,
    takesAhead: true,
    ask: async (_about, left, question) => {
      signal.throwIfAborted()
      questions ??= left
      // They are asked all at once: one after the other is to be over.
      const end = began + (LONGEST * (questions - left + 1)) / questions
      const timeoutMs = Math.max(0, end - performance.now())
      const answer = await question({ timeoutMs, anytime: true, signal })
      // What was found until then is of no interest to anybody.
      signal.throwIfAborted()
      return answer
    }
  }
}
