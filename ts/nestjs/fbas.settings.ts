/** Options, environment and defaults made into one set of settings. What cannot be meant is refused when the application starts. */

import { availableParallelism } from 'node:os'

import { register, type Registry } from 'prom-client'

import type { FbasModuleOptions } from './fbas.options.js'
import type { OtherAnalyser, RollBackLimits, RolloutMode } from './rollout/rollout.options.js'

/** Injection token of the settings in force: `@Inject(FBAS_SETTINGS) settings: FbasSettings`. */
export const FBAS_SETTINGS = Symbol('FBAS_SETTINGS')

/** What is in force. See {@link FbasModuleOptions}. */
export interface FbasSettings {
  timeoutMs: number
  maxConcurrent: number
  maxWaiting: number
  threads: number | undefined
  shutdownGraceMs: number
  history: 'here' | 'queue'
  registry: Registry
  rollout: {
    other: OtherAnalyser | undefined
    mode: RolloutMode
    percentage: number
    fallback: boolean
    retryAttempts: number
    retryDelayMs: number
    rollBack: Required<RollBackLimits> | false
  }
}

const HISTORIES = ['here', 'queue'] as const
/** The longest time that a timer of Node.js can be set to. */
const LONGEST_MS = 2 ** 31 - 1

/** The settings that follow from the options. Throws where one of them, or a name in the environment, makes no sense. */
export function settingsOf(options: FbasModuleOptions = {}): FbasSettings {
  const environment = new Environment(options.environment ?? process.env)
  const rollout = options.rollout
  const rollBack = rollout?.rollBack
  return {
    timeoutMs: numeric('timeoutMs', options.timeoutMs, 1, LONGEST_MS) ?? environment.timeoutMs ?? 60_000,
    maxConcurrent: whole('maxConcurrent', options.maxConcurrent, 1) ?? usualConcurrency(environment),
    maxWaiting: whole('maxWaiting', options.maxWaiting, 0) ?? 100,
    threads: whole('threads', options.threads, 1),
    shutdownGraceMs: numeric('shutdownGraceMs', options.shutdownGraceMs, 0, LONGEST_MS) ?? 5_000,
    history: oneOf('history', options.history, HISTORIES) ?? environment.history ?? 'here',
    registry: options.registry ?? register,
    rollout: {
      other: rollout?.other,
      ...modeOf(options, environment),
      fallback: rollout?.fallback ?? environment.fallback ?? true,
      retryAttempts:
        whole('rollout.retryAttempts', rollout?.retryAttempts, 1) ?? environment.retryAttempts ?? 3,
      retryDelayMs:
        numeric('rollout.retryDelayMs', rollout?.retryDelayMs, 0, LONGEST_MS) ??
        environment.retryDelayMs ??
        1_000,
      rollBack: rollBack === false ? false : limitsOf(rollBack ?? {})
    }
  }
}

/** Whose answer is used, from the options or else from the environment. */
function modeOf({ rollout }: FbasModuleOptions, environment: Environment) {
  const percentage = numeric('rollout.percentage', rollout?.percentage, 0, 100) ?? environment.percentage
  if (rollout?.mode !== undefined) {
    if (!['off', 'shadow', 'percentage', 'on'].includes(rollout.mode)) {
      throw new Error(`rollout.mode: expected off, shadow, percentage or on, found ${inspect(rollout.mode)}`)
    }
    if (rollout.mode === 'percentage' && percentage === undefined) {
      throw new Error('rollout.percentage: expected a number from 0 to 100 with the mode percentage')
    }
    return { mode: rollout.mode, percentage: percentage ?? 100 }
  }
  if (environment.enabled === false) return { mode: 'off' as const, percentage: 0 }
  if (rollout === undefined) return { mode: 'on' as const, percentage: 100 }
  if (percentage === undefined) {
    return { mode: environment.enabled === true ? ('on' as const) : ('shadow' as const), percentage: 100 }
  }
  if (percentage === 0) return { mode: 'shadow' as const, percentage }
  return { mode: percentage === 100 ? ('on' as const) : ('percentage' as const), percentage }
}

function limitsOf(limits: RollBackLimits): Required<RollBackLimits> {
  const limit = (name: keyof RollBackLimits, usual: number, most = Infinity) =>
    numeric(`rollout.rollBack.${name}`, limits[name] ?? undefined, 0, most) ?? usual
  return {
    windowMs: limit('windowMs', 7_200_000),
    minimumCalls: limit('minimumCalls', 20),
    errorRate: limit('errorRate', 0.05, 1),
    timeoutRate: limit('timeoutRate', 0.1, 1),
    p95Ms: limit('p95Ms', 30_000),
    unavailableMs: limit('unavailableMs', 300_000),
    resumeAfterMs: limits.resumeAfterMs === null ? null : limit('resumeAfterMs', 1_800_000)
  }
}

/** As many as there are processors, but not all of libuv's threads. */
function usualConcurrency(environment: Environment): number {
  return Math.max(1, Math.min(availableParallelism(), environment.workerThreads - 1))
}

/** The names in the environment, with those of the Python service's client where they mean the same. */
class Environment {
  constructor(private readonly variables: Readonly<Record<string, string | undefined>>) {}

  get enabled() {
    return this.boolean('FBAS_ENABLED', 'PYTHON_FBAS_ENABLED')
  }

  get percentage() {
    const share = (name: string, value: unknown) => numeric(name, value, 0, 100)
    return this.number(share, 'FBAS_ROLLOUT_PERCENTAGE', 'PYTHON_FBAS_ROLLOUT_PERCENTAGE')
  }

  get fallback() {
    return this.boolean('FBAS_FALLBACK', 'PYTHON_FBAS_FALLBACK_TO_RUST')
  }

  get history() {
    const [name, value] = this.first(['FBAS_HISTORY']) ?? []
    return oneOf(name ?? '', value, HISTORIES)
  }

  get timeoutMs() {
    const time = (name: string, value: unknown) => numeric(name, value, 1, LONGEST_MS)
    return this.number(time, 'FBAS_TIMEOUT', 'PYTHON_FBAS_TIMEOUT')
  }

  get retryAttempts() {
    const attempts = (name: string, value: unknown) => whole(name, value, 1)
    return this.number(attempts, 'FBAS_RETRY_ATTEMPTS', 'PYTHON_FBAS_RETRY_ATTEMPTS')
  }

  get retryDelayMs() {
    const time = (name: string, value: unknown) => numeric(name, value, 0, LONGEST_MS)
    return this.number(time, 'FBAS_RETRY_DELAY', 'PYTHON_FBAS_RETRY_DELAY')
  }

  /** How many threads libuv has. It reads this from the process's own environment and knows no mistakes. */
  get workerThreads(): number {
    const threads = Number.parseInt(process.env['UV_THREADPOOL_SIZE'] ?? '', 10)
    return threads > 0 ? threads : 4
  }

  /** The first of the names that is set to something. */
  private first(names: string[]): [string, string] | undefined {
    for (const name of names) {
      const value = this.variables[name]?.trim()
      if (value !== undefined && value !== '') return [name, value]
    }
    return undefined
  }

  private boolean(...names: string[]): boolean | undefined {
    const [name, value] = this.first(names) ?? []
    if (value === undefined) return undefined
    if (['true', '1', 'yes', 'on'].includes(value.toLowerCase())) return true
    if (['false', '0', 'no', 'off'].includes(value.toLowerCase())) return false
    throw new Error(`${name}: expected true or false, found ${inspect(value)}`)
  }

  private number(
    check: (name: string, value: unknown) => number | undefined,
    ...names: string[]
  ): number | undefined {
    const [name, value] = this.first(names) ?? []
    if (name === undefined || value === undefined) return undefined
    return check(name, /^\d+(\.\d+)?$/.test(value) ? Number(value) : value)
  }
}

function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  known: readonly T[]
): T | undefined {
  const found = known.find((one) => one === value)
  if (value === undefined || found !== undefined) return found
  throw new Error(`${name}: expected ${known.join(' or ')}, found ${inspect(value)}`)
}

function whole(name: string, value: unknown, least: number): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least)) {
    return value as number | undefined
  }
  throw new Error(`${name}: expected a whole number of at least ${least}, found ${inspect(value)}`)
}

function numeric(name: string, value: unknown, least: number, most = Infinity): number | undefined {
  if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) return value
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`
  throw new Error(`${name}: expected a number ${range}, found ${inspect(value)}`)
}

const inspect = (value: unknown) => JSON.stringify(value) ?? String(value)
