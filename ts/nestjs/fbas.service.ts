/**
 * The analyses as an injectable service: answers are results, not exceptions, and every call is bounded in time, stoppable, counted and
 * logged.
 */

import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common'
import { err, ok, type Result } from 'neverthrow'

import type {
  AnalysisOptions,
  AnalysisResult,
  BlockingSetsResult,
  CoreResult,
  CriticalGroupsOptions,
  CriticalGroupsResult,
  Finding,
  FbasNetwork,
  FullAnalysis,
  Health,
  HistoryCriticalResult,
  IntactNodesOptions,
  IntactNodesResult,
  NetworkInput,
  NodeOptions,
  NodeResult,
  NodesResult,
  OrganizationsInput,
  Plan,
  PlanOptions,
  PreprocessResult,
  QuorumIntersectionResult,
  QuorumsResult,
  SplittingSetsResult,
  SuggestOptions,
  Suggestion,
  SymmetricTopTierResult,
  TopTierResult
} from '../../index.js'
import { compareNetworks, type Comparison, type ComparisonOptions } from '../study/comparison.js'
import { loadEngine, type Engine } from './engine.js'
import { aborted, asFbasError, fbasError, type FbasError } from './fbas.error.js'
import { FbasMetrics } from './fbas.metrics.js'
import { FBAS_SETTINGS, type FbasSettings } from './fbas.settings.js'
import { Places, type NoPlace } from './places.js'

/** How the service is. */
export interface FbasStatus {
  /** Whether the engine is loaded and takes calls. */
  available: boolean
  /** Why not, if not. */
  reason?: string
  /** What is loaded. */
  engine?: Health
  /** How many analyses are running. */
  running: number
  /** How many wait for a place. */
  waiting: number
  /** Whether a further call would end with `OVERLOADED`. */
  overloaded: boolean
}

/** What every analysis is asked with: as the functions of the core package. */
export type Question<O extends AnalysisOptions = AnalysisOptions> = [
  nodes: NetworkInput,
  organizations?: OrganizationsInput | null,
  options?: O | null
]

/** The same where an option must be given. */
export type QuestionOf<O extends AnalysisOptions> = [
  nodes: NetworkInput,
  organizations: OrganizationsInput | null | undefined,
  options: O
]

/** What two networks are asked about: as the functions of the core package and of `stellar-fbas/report`. */
export type QuestionOfTwo<O> = [
  before: FbasNetwork | NetworkInput,
  after: FbasNetwork | NetworkInput,
  options?: O | null
]

type Answer<T> = Promise<Result<T, FbasError>>
/** What bounds a call. */
type Bounds = Pick<AnalysisOptions, 'signal' | 'timeoutMs' | 'threads'>

/**
 * Every analysis of the core package, off the main thread. Parameters and answers are those of the functions of the same names;
 * `timeoutMs` is that of the module's options unless the call says another. An `Err` carries one of the codes of {@link FbasError}.
 */
@Injectable()
export class FbasService implements OnModuleDestroy {
  private readonly logger = new Logger(FbasService.name)
  private readonly engine: Engine | Error = loadEngine()
  private readonly places: Places
  private readonly calls = new Set<AbortController>()
  private closing = false
  private drained: () => void = () => {}
  /** A moving average, for telling when to come back. */
  private usualMs = 100

  constructor(
    @Inject(FBAS_SETTINGS) private readonly settings: FbasSettings,
    @Inject(FbasMetrics) private readonly metrics: FbasMetrics
  ) {
    this.places = new Places(settings.maxConcurrent, settings.maxWaiting, (running, waiting) => {
      metrics.running.set(running)
      metrics.waiting.set(waiting)
    })
    metrics.available.set(this.engine instanceof Error ? 0 : 1)
    if (this.engine instanceof Error) {
      this.logger.error({ event: 'engine not loaded', reason: this.engine.message })
    }
  }

  /** The figures that a network explorer stores after each scan: four groupings, filtered and unfiltered. */
  performAnalysis(...question: Question): Answer<AnalysisResult> {
    return this.run(
      'performAnalysis',
      question,
      (network, bounds) => network.performAnalysis(bounds),
      ({ node }) => ({ topTierSize: node.topTierSize })
    )
  }

  /** Whether every two quorums share a node. */
  analyzeQuorumIntersection(...question: Question): Answer<QuorumIntersectionResult> {
    return this.run(
      'quorumIntersection',
      question,
      withFindings((network, bounds) => network.analyzeQuorumIntersection(bounds)),
      ({ hasQuorumIntersection }) => ({ hasQuorumIntersection })
    )
  }

  /** The union of all minimal quorums. */
  analyzeTopTier(...question: Question): Answer<TopTierResult> {
    return this.run(
      'topTier',
      question,
      withFindings((network, bounds) => network.analyzeTopTier(bounds)),
      ({ topTierSize }) => ({ topTierSize })
    )
  }

  /** The core: the nodes on which everybody else depends. */
  analyzeCore(...question: Question): Answer<CoreResult> {
    return this.run(
      'core',
      question,
      withFindings((network, bounds) => network.analyzeCore(bounds)),
      ({ coreSize }) => ({ coreSize })
    )
  }

  /** The quorum set that exactly the nodes it names share, if there is one. */
  analyzeSymmetricTopTier(...question: Question): Answer<SymmetricTopTierResult> {
    return this.run(
      'symmetricTopTier',
      question,
      withFindings((network, bounds) => network.analyzeSymmetricTopTier(bounds)),
      ({ symmetricTopTier }) => ({ found: symmetricTopTier !== null })
    )
  }

  /** How few can halt the network by stopping. */
  analyzeBlockingSets(...question: Question): Answer<BlockingSetsResult> {
    return this.run(
      'blockingSets',
      question,
      withFindings((network, bounds) => network.analyzeBlockingSets(bounds)),
      ({ minSize }) => ({ minSize })
    )
  }

  /** How few can, if Byzantine, make the network diverge. */
  analyzeSplittingSets(...question: Question): Answer<SplittingSetsResult> {
    return this.run(
      'splittingSets',
      question,
      withFindings((network, bounds) => network.analyzeSplittingSets(bounds)),
      ({ minSize }) => ({ minSize })
    )
  }

  /** Whether quorums intersect, and a smallest one. */
  analyzeQuorums(...question: Question): Answer<QuorumsResult> {
    return this.run(
      'quorums',
      question,
      withFindings((network, bounds) => network.analyzeQuorums(bounds)),
      ({ minSize, hasQuorumIntersection }) => ({ minSize, hasQuorumIntersection })
    )
  }

  /** How few archives keep the network's history. */
  analyzeHistoryCritical(...question: Question): Answer<HistoryCriticalResult> {
    return this.run(
      'historyCritical',
      question,
      withFindings((network, bounds) => network.analyzeHistoryCritical(bounds)),
      ({ minSize }) => ({ minSize })
    )
  }

  /** One node: who can halt it or split it off, on whom it depends, and who depends on it. */
  analyzeNode(...question: QuestionOf<NodeOptions>): Answer<NodeResult> {
    return this.run(
      'node',
      question,
      withFindings((network, bounds: NodeOptions) => network.analyzeNode(bounds)),
      ({ halting, splitting }) => ({ halting: halting.minSize, splitting: splitting.minSize })
    )
  }

  /** The same of every node at once. */
  analyzeNodes(...question: Question): Answer<NodesResult> {
    return this.run(
      'nodes',
      question,
      withFindings((network, bounds) => network.analyzeNodes(bounds)),
      ({ nodes }) => ({ answered: nodes.length })
    )
  }

  /** Who is intact and who befouled when some nodes are ill-behaved. */
  analyzeIntactNodes(...question: QuestionOf<IntactNodesOptions>): Answer<IntactNodesResult> {
    return this.run(
      'intactNodes',
      question,
      withFindings((network, bounds: IntactNodesOptions) => network.analyzeIntactNodes(bounds)),
      ({ intact, befouled }) => ({ intact: intact.length, befouled: befouled.length })
    )
  }

  /** Which groups are one misconfiguration away from a split. */
  analyzeCriticalGroups(...question: Question<CriticalGroupsOptions>): Answer<CriticalGroupsResult> {
    return this.run(
      'criticalGroups',
      question,
      withFindings((network, bounds) => network.analyzeCriticalGroups(bounds)),
      ({ groups }) => ({
        candidates: groups.length,
        critical: groups.filter(({ isCritical }) => isCritical === true).length
      })
    )
  }

  /** Who has to adopt a quorum set so that the network is safe, and in which order. */
  suggestChange(...question: Question<SuggestOptions>): Answer<Suggestion> {
    return this.run(
      'suggestion',
      question,
      withFindings((network, bounds: SuggestOptions) => network.suggestChange(bounds)),
      ({ danger, minSize }) => ({ danger, minSize })
    )
  }

  /** Every analysis of one network. */
  analyzeFull(...question: Question): Answer<FullAnalysis> {
    return this.run(
      'full',
      question,
      (network, bounds) => network.analyzeFull(bounds),
      ({ topTier }) => ({ topTierSize: topTier.topTierSize })
    )
  }

  /**
   * Whether a change from one network to another is safe, and in which order it can be rolled out. What was found in the data of the networks
   * stands before what concerns the answer.
   */
  planChange(...[before, after, options]: QuestionOfTwo<PlanOptions>): Answer<Plan> {
    return this.recorded(
      'plan',
      options ?? {},
      ofTwo(before, after, async (engine, earlier, later, bounds: PlanOptions) => {
        const data = findingsOfTwo(earlier.findings, later.findings)
        const plan = await engine.planChange(earlier, later, bounds)
        return { ...plan, findings: [...data, ...plan.findings] }
      }),
      ({ units, anyOrderIsSafe, order }) => ({
        units: units.length,
        anyOrderIsSafe,
        rounds: order?.length ?? null
      })
    )
  }

  /** What changed between two networks, what of it is better or worse, and what nobody can say: what `compareNetworks` of `stellar-fbas/report` says. */
  compareNetworks(...[before, after, options]: QuestionOfTwo<ComparisonOptions>): Answer<Comparison> {
    return this.recorded(
      'comparison',
      options ?? {},
      ofTwo(before, after, (_, earlier, later, bounds: ComparisonOptions) =>
        compareNetworks(earlier, later, bounds)
      ),
      ({ changes, checks }) => ({ changes: changes.length, worse: checks.worse })
    )
  }

  /** The nodes with a usable quorum set, without references to nodes that are not listed. */
  async preprocess(nodes: NetworkInput): Answer<PreprocessResult> {
    if (this.engine instanceof Error || this.closing) return err(this.unavailable())
    try {
      return ok(await this.engine.preprocess(nodes))
    } catch (thrown) {
      return err(asFbasError(thrown))
    }
  }

  /**
   * Does something that waits for a place as long as it takes, and only takes one that no other call wants; its time is its own matter. Counted
   * like an analysis, but logged only where it failed by a defect.
   *
   * @internal
   */
  async patiently<T>(
    analysis: string,
    signal: AbortSignal,
    call: (engine: Engine, signal: AbortSignal) => Promise<T>
  ): Answer<T> {
    const enter = async (signal: AbortSignal) =>
      (await this.places.enterPatiently(signal)) === undefined ? undefined : aborted(signal.reason)
    const outcome = await this.placed(signal, enter, async (engine, signal) => {
      const began = performance.now()
      try {
        return await call(engine, signal)
      } finally {
        this.metrics.duration.observe({ analysis }, (performance.now() - began) / 1000)
      }
    })
    if (outcome.isErr()) {
      const { code } = outcome.error
      if (code === 'INTERNAL') this.failed(analysis, outcome.error, {})
      else this.count(analysis, code)
    }
    return outcome
  }

  /** How the service is, at once: nothing is analyzed for it. */
  get status(): FbasStatus {
    const { running, waiting, full: overloaded } = this.places
    if (this.engine instanceof Error || this.closing) {
      return { available: false, reason: this.unavailable().message, running, waiting, overloaded }
    }
    return { available: true, engine: this.engine.health(), running, waiting, overloaded }
  }

  /** Takes no more calls, waits for those under way as long as the options allow, and aborts what is left. */
  async onModuleDestroy(): Promise<void> {
    this.closing = true
    this.metrics.available.set(0)
    if (this.calls.size === 0) return
    this.logger.log({ event: 'shutting down', running: this.places.running, waiting: this.places.waiting })
    const empty = new Promise<void>((resolve) => (this.drained = resolve))
    const abort = setTimeout(() => {
      for (const call of this.calls) call.abort(new Error('the application is shutting down'))
    }, this.settings.shutdownGraceMs)
    await empty
    clearTimeout(abort)
  }

  private run<T, O extends AnalysisOptions>(
    analysis: string,
    [nodes, organizations, options]: Question<O>,
    ask: Ask<T, O>,
    summary: (answer: T) => object
  ): Answer<T> {
    const call: Call<T, O> = async (engine, bounds, begun) => {
      using network = await engine.FbasNetwork.load(nodes, organizations)
      begun(network)
      return await ask(network, bounds())
    }
    return this.recorded(analysis, options ?? ({} as O), call, summary)
  }

  private async recorded<T, O extends Bounds>(
    analysis: string,
    options: O,
    call: Call<T, O>,
    summary: (answer: T) => object
  ): Answer<T> {
    const began = performance.now()
    let size = {}
    const begun = ({ nodeCount, organizationCount }: FbasNetwork) => {
      size = { nodes: nodeCount, organizations: organizationCount }
      this.logger.log({ event: 'analysis started', analysis, ...size })
    }
    const outcome = await this.bounded(options, (engine, bounds) => call(engine, bounds, begun))
    const milliseconds = Math.round(performance.now() - began)
    this.metrics.duration.observe({ analysis }, (performance.now() - began) / 1000)
    if (outcome.isOk()) {
      this.logger.log({
        event: 'analysis completed',
        analysis,
        ...size,
        ...summary(outcome.value),
        milliseconds
      })
    } else {
      this.failed(analysis, outcome.error, { ...size, milliseconds })
    }
    return outcome
  }

  /** Finds a place for a call and gives it a signal and what is left of its time. */
  private async bounded<T, O extends Bounds>(
    options: O,
    call: (engine: Engine, bounds: () => O) => Promise<T>
  ): Answer<T> {
    const timeoutMs = options.timeoutMs ?? this.settings.timeoutMs
    const threads = options.threads ?? this.settings.threads
    const began = performance.now()
    const left = () => Math.max(0, timeoutMs - (performance.now() - began))
    return this.placed(
      options.signal,
      async (signal) => this.refusal(await this.places.enter(timeoutMs, signal), timeoutMs, signal),
      (engine, signal) => call(engine, () => ({ ...options, timeoutMs: left(), threads, signal }))
    )
  }

  /** Does a call in a place, with a signal that also fires when the application shuts down. */
  private async placed<T>(
    given: AbortSignal | undefined,
    enter: (signal: AbortSignal) => Promise<FbasError | undefined>,
    call: (engine: Engine, signal: AbortSignal) => Promise<T>
  ): Answer<T> {
    if (this.engine instanceof Error || this.closing) return err(this.unavailable())
    const controller = new AbortController()
    const { signal } = controller
    const abort = () => controller.abort(given?.reason)

    this.calls.add(controller)
    given?.addEventListener('abort', abort, { once: true })
    if (given?.aborted) abort()
    try {
      const refusal = await enter(signal)
      if (refusal !== undefined) return err(refusal)
      const entered = performance.now()
      try {
        return ok(await call(this.engine, signal))
      } catch (thrown) {
        return err(asFbasError(thrown))
      } finally {
        this.usualMs += (performance.now() - entered - this.usualMs) / 8
        this.places.leave()
      }
    } finally {
      given?.removeEventListener('abort', abort)
      this.calls.delete(controller)
      if (this.calls.size === 0) this.drained()
    }
  }

  /** What a call ends with that has no place. */
  private refusal(why: NoPlace | undefined, timeoutMs: number, signal: AbortSignal): FbasError | undefined {
    switch (why) {
      case undefined:
        return undefined
      case 'full':
        return this.overloaded()
      case 'timeout':
        return fbasError('TIMEOUT', `no place was free within ${timeoutMs} ms`)
      case 'aborted':
        return aborted(signal.reason)
    }
  }

  private failed(analysis: string, { code, message }: FbasError, more: object): void {
    const record = { event: 'analysis failed', analysis, code, message, ...more }
    // Who asked for too much or went away is told so; what the operator has to look at is an error.
    if (code === 'INTERNAL' || code === 'UNAVAILABLE') this.logger.error(record)
    else this.logger.warn(record)
    this.count(analysis, code)
  }

  private count(analysis: string, code: FbasError['code']): void {
    this.metrics.errors.inc({ analysis, code })
    if (code === 'TIMEOUT') this.metrics.timeouts.inc({ analysis })
  }

  private overloaded(): FbasError {
    const { running, waiting } = this.places
    const retryAfterMs = Math.ceil((this.usualMs * (waiting + 1)) / this.settings.maxConcurrent)
    return fbasError('OVERLOADED', `${running} analyses are running and ${waiting} waiting`, { retryAfterMs })
  }

  private unavailable(): FbasError {
    const { engine } = this
    if (engine instanceof Error) {
      const message = `the addon could not be loaded: ${engine.message}`
      return Object.assign(fbasError('UNAVAILABLE', message), { cause: engine })
    }
    return fbasError('UNAVAILABLE', 'the application is shutting down')
  }
}

/** One call of the engine; `begun` is told the network that it is about, the later of two. */
type Call<T, O> = (engine: Engine, bounds: () => O, begun: (network: FbasNetwork) => void) => Promise<T>

/** A call about two networks, which come with their organizations. */
function ofTwo<T, O>(
  before: FbasNetwork | NetworkInput,
  after: FbasNetwork | NetworkInput,
  ask: (engine: Engine, earlier: FbasNetwork, later: FbasNetwork, bounds: O) => Promise<T>
): Call<T, O> {
  return async (engine, bounds, begun) => {
    using earlier = await forOneCall(engine, 'before', before)
    using later = await forOneCall(engine, 'after', after)
    begun(later.network)
    return await ask(engine, earlier.network, later.network, bounds())
  }
}

/**
 * A network that is there until it is disposed of: one that was passed stays, one that was loaded goes. Of an error in it is said which of the
 * two it is, as the core package says it.
 */
async function forOneCall(engine: Engine, side: 'before' | 'after', given: FbasNetwork | NetworkInput) {
  if (given instanceof engine.FbasNetwork) return { network: given, [Symbol.dispose]: () => {} }
  try {
    const network = await engine.FbasNetwork.load(given)
    return { network, [Symbol.dispose]: () => network[Symbol.dispose]() }
  } catch (thrown) {
    const error = asFbasError(thrown)
    if (error.code === 'INVALID_INPUT') error.message = `${side}: ${error.message}`
    throw error
  }
}

/** What was found in the data of two networks: once what is the same in both, and with its network what is not. */
function findingsOfTwo(before: Finding[], after: Finding[]): Finding[] {
  const textsOf = (findings: Finding[]) => new Set(findings.map((finding) => JSON.stringify(finding)))
  const [inBefore, inAfter] = [textsOf(before), textsOf(after)]
  const marked = (findings: Finding[], inOther: Set<string>, where: string) =>
    findings
      .filter((finding) => !inOther.has(JSON.stringify(finding)))
      .map((finding) => ({ ...finding, message: `${where}: ${finding.message}` }))
  return [
    ...before.filter((finding) => inAfter.has(JSON.stringify(finding))),
    ...marked(before, inAfter, 'In the earlier network'),
    ...marked(after, inBefore, 'In the later network')
  ]
}

type Ask<T, O extends AnalysisOptions = AnalysisOptions> = (network: FbasNetwork, bounds: O) => Promise<T>

/** Asks one question, and puts what was found in the data before what concerns the answer: there is no network to ask for it afterwards. */
function withFindings<T extends { findings?: Finding[] }, O extends AnalysisOptions>(
  ask: Ask<T, O>
): Ask<T, O> {
  return async (network, bounds) => {
    const { findings } = network
    const answer = await ask(network, bounds)
    return { ...answer, findings: [...findings, ...(answer.findings ?? [])] }
  }
}
