/**
 * The analyses on a web page: the same functions, which work in a Web Worker of their own. A page needs no cross-origin isolation, and a
 * bundler no configuration.
 *
 * `stellar-fbas/web` has all that is needed inside. `stellar-fbas/web/by-url` is the same without the WebAssembly, for pages that load that by
 * its address: `await load({ wasm: '/stellar-fbas.wasm' })`; the file is `stellar-fbas/web/stellar-fbas.wasm`.
 *
 * What is different from the addon: there are no functions that block; `health`, `quorumSetOfConfig` and what a network says of itself in time
 * in proportion to it are promises; calls are done one after the other, on one thread.
 *
 * @module stellar-fbas/web
 */

import type * as addon from '../../index.js'
import {
  ask,
  disposed,
  failure,
  free,
  from,
  KeptByWorker,
  ready,
  type Hooks,
  type Question
} from './client.js'
import type { About, Answer } from './messages.js'
import type { Source } from './where.js'

export type * from '../../index.js'

export type { Source }

type Addon = typeof addon
type AnyFunction = (...args: never[]) => unknown

/** What is asked with a network, where the addon takes one of its own. */
type OnPage<T> = T extends addon.FbasNetwork
  ? FbasNetwork
  : T extends addon.MinimalSetsIterator
    ? MinimalSetsIterator
    : T
type ArgumentsOnPage<A extends unknown[]> = { [K in keyof A]: OnPage<A[K]> }
/** A function of the addon as it is on a page. */
type Asked<F extends AnyFunction> = (
  ...args: ArgumentsOnPage<Parameters<F>>
) => Promise<OnPage<Awaited<ReturnType<F>>>>

/** All functions of the addon but those that block, with the place of their options. */
type FunctionName = {
  [Name in keyof Addon]: Addon[Name] extends AnyFunction
    ? Name extends `${string}Sync`
      ? never
      : Name
    : never
}[keyof Addon]

/** All methods of networks that answer with one result, but those that block. */
type MethodName = {
  [Name in keyof addon.FbasNetwork]: addon.FbasNetwork[Name] extends AnyFunction
    ? Name extends `${string}Sync` | `minimal${string}` | symbol
      ? never
      : Name
    : never
}[keyof addon.FbasNetwork]

type Methods = { [Name in MethodName]: Asked<addon.FbasNetwork[Name]> }

/** Where the options of a function stand among its arguments; null: it has none. A function of the addon that is missing here is an error. */
const FUNCTIONS: { [Name in FunctionName]: number | null } = {
  analyzeBlockingSets: 2,
  analyzeCore: 2,
  analyzeCriticalGroups: 2,
  analyzeFull: 2,
  analyzeHistoryCritical: 2,
  analyzeIntactNodes: 2,
  analyzeNode: 2,
  analyzeNodes: 2,
  analyzeQuorumIntersection: 2,
  analyzeQuorums: 2,
  analyzeSplittingSets: 2,
  analyzeSymmetricTopTier: 2,
  analyzeTopTier: 2,
  changeNetwork: null,
  health: null,
  performAnalysis: 2,
  planChange: 2,
  preprocess: null,
  quorumSetOfConfig: null,
  suggestChange: 2,
  verifyCertificate: 3
}

/** The same of a network. */
const METHODS: { [Name in MethodName]: number | null } = {
  analyzeBlockingSets: 0,
  analyzeCore: 0,
  analyzeCriticalGroups: 0,
  analyzeFull: 0,
  analyzeHistoryCritical: 0,
  analyzeIntactNodes: 0,
  analyzeNode: 0,
  analyzeNodes: 0,
  analyzeQuorumIntersection: 0,
  analyzeQuorums: 0,
  analyzeSplittingSets: 0,
  analyzeSymmetricTopTier: 0,
  analyzeTopTier: 0,
  groups: null,
  hash: null,
  nodes: null,
  organizations: null,
  performAnalysis: 0,
  suggestChange: 0,
  verifyCertificate: 1,
  withNodesOf: null
}

const keptBy = new WeakMap<object, KeptByWorker>()
const collected = new FinalizationRegistry<KeptByWorker>(free)

/** Says where to load from, and is there when everything is loaded. Need not be called where nothing has to be said: the first call loads. */
export async function load(source?: Source): Promise<void> {
  if (source !== undefined) from(source)
  await ready()
}

function asked<Name extends FunctionName>(name: Name): Asked<Addon[Name]> {
  return ((...args: unknown[]) => answerTo(name, undefined, args, FUNCTIONS[name])) as Asked<Addon[Name]>
}

/** See the function of this name of the addon. */
export const analyzeBlockingSets: Asked<Addon['analyzeBlockingSets']> = asked('analyzeBlockingSets')
/** See the function of this name of the addon. */
export const analyzeCore: Asked<Addon['analyzeCore']> = asked('analyzeCore')
/** See the function of this name of the addon. */
export const analyzeCriticalGroups: Asked<Addon['analyzeCriticalGroups']> = asked('analyzeCriticalGroups')
/** See the function of this name of the addon. */
export const analyzeFull: Asked<Addon['analyzeFull']> = asked('analyzeFull')
/** See the function of this name of the addon. */
export const analyzeHistoryCritical: Asked<Addon['analyzeHistoryCritical']> = asked('analyzeHistoryCritical')
/** See the function of this name of the addon. */
export const analyzeIntactNodes: Asked<Addon['analyzeIntactNodes']> = asked('analyzeIntactNodes')
/** See the function of this name of the addon. */
export const analyzeNode: Asked<Addon['analyzeNode']> = asked('analyzeNode')
/** See the function of this name of the addon. */
export const analyzeNodes: Asked<Addon['analyzeNodes']> = asked('analyzeNodes')
/** See the function of this name of the addon. */
export const analyzeQuorumIntersection: Asked<Addon['analyzeQuorumIntersection']> =
  asked('analyzeQuorumIntersection')
/** See the function of this name of the addon. */
export const analyzeQuorums: Asked<Addon['analyzeQuorums']> = asked('analyzeQuorums')
/** See the function of this name of the addon. */
export const analyzeSplittingSets: Asked<Addon['analyzeSplittingSets']> = asked('analyzeSplittingSets')
/** See the function of this name of the addon. */
export const analyzeSymmetricTopTier: Asked<Addon['analyzeSymmetricTopTier']> =
  asked('analyzeSymmetricTopTier')
/** See the function of this name of the addon. */
export const analyzeTopTier: Asked<Addon['analyzeTopTier']> = asked('analyzeTopTier')
/** See the function of this name of the addon. */
export const changeNetwork: Asked<Addon['changeNetwork']> = asked('changeNetwork')
/** See the function of this name of the addon. */
export const health: Asked<Addon['health']> = asked('health')
/** See the function of this name of the addon. */
export const performAnalysis: Asked<Addon['performAnalysis']> = asked('performAnalysis')
/** See the function of this name of the addon. */
export const planChange: Asked<Addon['planChange']> = asked('planChange')
/** See the function of this name of the addon. */
export const preprocess: Asked<Addon['preprocess']> = asked('preprocess')
/** See the function of this name of the addon. */
export const quorumSetOfConfig: Asked<Addon['quorumSetOfConfig']> = asked('quorumSetOfConfig')
/** See the function of this name of the addon. */
export const suggestChange: Asked<Addon['suggestChange']> = asked('suggestChange')
/** See the function of this name of the addon. */
export const verifyCertificate: Asked<Addon['verifyCertificate']> = asked('verifyCertificate')

/**
 * A parsed network, which the worker keeps: parse once, analyse often. Made by `FbasNetwork.load`. Where the worker had to be replaced, the
 * network is parsed again from what it was made of.
 */
export interface FbasNetwork extends Methods {}
export class FbasNetwork {
  /** The number of nodes listed in the input, each public key once. */
  readonly nodeCount: number
  /** The number of organizations listed in the input; those that are only derived from nodes do not count. */
  readonly organizationCount: number
  /** What a careful operator should know about the data. */
  readonly findings: addon.Finding[]
  /** The nodes that the data reports as down (`isValidating: false`), by public key, sorted. */
  readonly reportedDown: string[]

  /** Parses a network. */
  static load(
    nodes: addon.NetworkInput,
    organizations?: addon.OrganizationsInput | null
  ): Promise<FbasNetwork> {
    return answerTo('load', undefined, [nodes, organizations], null) as Promise<FbasNetwork>
  }

  /** @internal */
  constructor(kept: KeptByWorker, about: About) {
    keptBy.set(this, kept)
    collected.register(this, kept, this)
    this.nodeCount = about.nodeCount
    this.organizationCount = about.organizationCount
    this.findings = about.findings
    this.reportedDown = about.reportedDown
  }

  /** All minimal quorums or, by group, sets of groups that contain one. See the method of this name of the addon. */
  minimalQuorums(options?: addon.AnalysisOptions | null): MinimalSetsIterator {
    return new MinimalSetsIterator(this, 'minimalQuorums', options)
  }
  /** All minimal blocking sets, one by one. */
  minimalBlockingSets(options?: addon.AnalysisOptions | null): MinimalSetsIterator {
    return new MinimalSetsIterator(this, 'minimalBlockingSets', options)
  }
  /** All minimal splitting sets, one by one. */
  minimalSplittingSets(options?: addon.AnalysisOptions | null): MinimalSetsIterator {
    return new MinimalSetsIterator(this, 'minimalSplittingSets', options)
  }
  /** All minimal history-critical sets, one by one. */
  minimalHistoryCriticalSets(options?: addon.AnalysisOptions | null): MinimalSetsIterator {
    return new MinimalSetsIterator(this, 'minimalHistoryCriticalSets', options)
  }

  /** Frees the worker's memory now, not when the object is collected. Afterwards everything else here ends with INVALID_INPUT. */
  dispose(): void {
    const kept = keptOf(this)
    collected.unregister(this)
    free(kept)
  }
}

for (const name of Object.keys(METHODS) as MethodName[]) {
  Object.defineProperty(FbasNetwork.prototype, name, {
    value(this: FbasNetwork, ...args: unknown[]) {
      return answerTo(name, keptOf(this), args, METHODS[name])
    },
    writable: true,
    configurable: true
  })
}
// Not every browser has it; where it is there, `using` makes use of it.
if (typeof Symbol.dispose === 'symbol') {
  Object.defineProperty(FbasNetwork.prototype, Symbol.dispose, { value: FbasNetwork.prototype.dispose })
}

/**
 * All minimal sets, each found when it is asked for or a little earlier: an async iterator for `for await`. To be asked for one set after the
 * other. Leaving the loop frees what it holds.
 */
export interface MinimalSetsIterator extends AsyncIterableIterator<string[], undefined> {}
export class MinimalSetsIterator {
  #sets: Promise<KeptByWorker>
  readonly #hooks: Hooks

  /** @internal */
  constructor(network: FbasNetwork, name: string, options: unknown) {
    const read = readOptions(options)
    this.#hooks = read.hooks
    const question = { name, on: keptOf(network), args: [{ value: read.options }], optionsAt: 0 }
    this.#sets = kept(question, {})
    this.#sets.catch(() => {})
  }

  /** The next set, sorted. Rejects like every analysis; afterwards it is at its end. */
  async next(): Promise<IteratorResult<string[], undefined>> {
    const sets = await this.#sets
    if (sets.isFreed) return { done: true, value: undefined }
    try {
      const question = { name: 'next', on: sets, args: [], optionsAt: undefined }
      const step = valueOf(await ask(question, this.#hooks)) as IteratorResult<string[], undefined>
      if (step.done !== true) sets.taken++
      return step
    } catch (error) {
      free(sets)
      throw error
    }
  }

  /** Ends the iteration. `for await` calls it when its loop is left early. */
  async return(): Promise<IteratorResult<string[], undefined>> {
    free(await this.#sets)
    return { done: true, value: undefined }
  }
}

// Itself: so that `for await` takes it. Written so as the compiler writes a computed name into declarations twice.
Object.defineProperty(MinimalSetsIterator.prototype, Symbol.asyncIterator, {
  value(this: MinimalSetsIterator) {
    return this
  }
})

/** Asks for a result, and wraps what stays with the worker. */
async function answerTo(
  name: string,
  on: KeptByWorker | undefined,
  args: unknown[],
  optionsAt: number | null
): Promise<unknown> {
  if (on?.isFreed === true) throw disposed()
  let hooks: Hooks = {}
  const values = args.map((value, index) => {
    if (index !== optionsAt) return argument(value, index)
    const read = readOptions(value)
    hooks = read.hooks
    return { value: read.options }
  })
  const question: Question = { name, on, args: values, optionsAt: optionsAt ?? undefined }
  const network = new KeptByWorker(question)
  const answer = await ask(question, hooks, network)
  return 'network' in answer ? new FbasNetwork(network, answer.network) : valueOf(answer)
}

async function kept(question: Question, hooks: Hooks): Promise<KeptByWorker> {
  const one = new KeptByWorker(question)
  await ask(question, hooks, one)
  return one
}

const valueOf = (answer: Answer) => ('value' in answer ? answer.value : undefined)

function keptOf(network: FbasNetwork): KeptByWorker {
  const kept = keptBy.get(network)
  if (kept === undefined) throw new TypeError('not a network that this module has made')
  return kept
}

/** An argument as it is sent: objects as the text that the binding would read of them, so that nothing of the caller's is behind them. */
function argument(value: unknown, index: number): { value: unknown } | KeptByWorker {
  if (typeof value !== 'object' || value === null) return { value: plain(value) }
  const network = keptBy.get(value)
  if (network !== undefined) return network
  if (ArrayBuffer.isView(value)) return { value: (value as Uint8Array).slice() }
  try {
    return { value: JSON.stringify(value) }
  } catch (error) {
    throw failure('INVALID_INPUT', `argument ${index + 1}: cannot be written as JSON text: ${String(error)}`)
  }
}

/** The options as they are sent, and what stays on the page of them. */
function readOptions(options: unknown): { options: unknown; hooks: Hooks } {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    return { options: plain(options), hooks: {} }
  }
  const hooks: Hooks = {}
  const sent: Record<string, unknown> = {}
  try {
    for (const name of Object.keys(options)) {
      const value = (options as Record<string, unknown>)[name]
      if (name === 'signal' && value instanceof AbortSignal) hooks.signal = value
      else if (name === 'onProgress' && typeof value === 'function') hooks.onProgress = value as never
      else sent[name] = structuredClone(value)
    }
  } catch (error) {
    throw failure('INVALID_INPUT', `options: cannot be read: ${String(error)}`)
  }
  if (sent.anytime === true) hooks.isAnytime = true
  return { options: sent, hooks }
}

/** What cannot be sent is not what is expected, either: the binding says what is. */
function plain(value: unknown): unknown {
  return typeof value === 'function' || typeof value === 'symbol' ? true : value
}
