/** What an application can set. Everything has a default, and much of it a name in the environment. */

import type { Registry } from 'prom-client'

import type { FbasRolloutOptions } from './rollout/rollout.options.js'

/** Injection token of the options as the application gave them; what is in force is under `FBAS_SETTINGS`. */
export const FBAS_MODULE_OPTIONS = Symbol('FBAS_MODULE_OPTIONS')

/** Options of `FbasModule`. What is set here counts before the environment. */
export interface FbasModuleOptions {
  /** The time that an analysis may take, waiting included, in milliseconds. `FBAS_TIMEOUT`; default 60,000. */
  timeoutMs?: number
  /**
   * How many analyses run at a time. Each takes one of libuv's worker threads (`UV_THREADPOOL_SIZE`, 4 by default), which the application
   * needs for files and DNS as well. Default: the number of processors, but one less than those threads.
   */
  maxConcurrent?: number
  /** How many more may wait; beyond that calls end with `OVERLOADED`. Default 100. */
  maxWaiting?: number
  /** The most threads that one analysis may use at a time, its own included. Default: all processors. */
  threads?: number
  /** How long analyses may go on when the application shuts down, in milliseconds, before they are aborted. Default 5,000. */
  shutdownGraceMs?: number
  /**
   * Who works out the networks of `FbasHistory`: 'here', this process; 'queue', all processes that work on the queue of `FbasQueueModule`.
   * `FBAS_HISTORY`; default 'here'.
   */
  history?: 'here' | 'queue'
  /** The registry of the metrics. Default: prom-client's own. */
  registry?: Registry
  /** How to change over from another analyser. Absent: there is none, and `FbasRollout` uses ours unless `FBAS_ENABLED` is false. */
  rollout?: FbasRolloutOptions
  /** Where the names are looked up. Default: `process.env`. */
  environment?: Readonly<Record<string, string | undefined>>
}
