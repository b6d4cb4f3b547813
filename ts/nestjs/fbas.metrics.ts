/** What Prometheus is told. One histogram answers for latency (p50, p95, p99), the counters beside it for rates. */

import { Inject, Injectable } from '@nestjs/common'
import { Counter, Gauge, Histogram, type Metric, type Registry } from 'prom-client'

import { FBAS_SETTINGS, type FbasSettings } from './fbas.settings.js'

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** The package's metrics, in the registry of the module's options. */
@Injectable()
export class FbasMetrics {
  /** `fbas_analysis_duration_seconds{analysis}`: from the call to its end, time spent waiting included, however it ended. */
  readonly duration: Histogram<'analysis'>
  /** `fbas_analysis_errors_total{analysis, code}`: calls that gave no answer, by error code. */
  readonly errors: Counter<'analysis' | 'code'>
  /** `fbas_analysis_timeouts_total{analysis}`: those of them whose time ran out. */
  readonly timeouts: Counter<'analysis'>
  /** `fbas_discrepancies_total{figure}`: figures in which the two analysers differed. */
  readonly discrepancies: Counter<'figure'>
  /** `fbas_fallbacks_total{code}`: calls for which the other analyser stepped in, by the error that made it. */
  readonly fallbacks: Counter<'code'>
  /** `fbas_rollout_calls_total{analyser}`: whose answer was used, "ours" or "theirs". */
  readonly rolloutCalls: Counter<'analyser'>
  /** `fbas_rolled_back`: 1 while the roll-out is rolled back. */
  readonly rolledBack: Gauge
  /** `fbas_available`: 1 while the engine is loaded and takes calls. */
  readonly available: Gauge
  /** `fbas_concurrent_analyses`: how many are running. */
  readonly running: Gauge
  /** `fbas_waiting_analyses`: how many wait for a place. */
  readonly waiting: Gauge

  constructor(@Inject(FBAS_SETTINGS) { registry }: FbasSettings) {
    const registers = [registry]
    this.duration = shared(registry, 'fbas_analysis_duration_seconds', (name) => {
      const help = 'Time from the call of an analysis to its end, in seconds'
      return new Histogram({ name, help, labelNames: ['analysis'], buckets: SECONDS, registers })
    })
    const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
      shared(registry, name, () => new Counter({ name, help, labelNames, registers }))
    const gauge = (name: string, help: string) =>
      shared(registry, name, () => new Gauge({ name, help, registers }))

    this.errors = counter('fbas_analysis_errors_total', 'Analyses without an answer', ['analysis', 'code'])
    this.timeouts = counter('fbas_analysis_timeouts_total', 'Analyses whose time ran out', ['analysis'])
    this.discrepancies = counter('fbas_discrepancies_total', 'Figures in which two analysers differ', [
      'figure'
    ])
    this.fallbacks = counter('fbas_fallbacks_total', 'Calls for which the other analyser stepped in', [
      'code'
    ])
    this.rolloutCalls = counter(
      'fbas_rollout_calls_total',
      'Calls of the roll-out by whose answer was used',
      ['analyser']
    )
    this.rolledBack = gauge('fbas_rolled_back', '1 while the roll-out is rolled back')
    this.available = gauge('fbas_available', '1 while the engine is loaded and takes calls')
    this.running = gauge('fbas_concurrent_analyses', 'Analyses that are running')
    this.waiting = gauge('fbas_waiting_analyses', 'Analyses that wait for a place')
  }
}

/** The metric of this name, made if the registry has none: a registry refuses a name that it has already. */
export function shared<M extends Metric>(registry: Registry, name: string, make: (name: string) => M): M {
  return (registry.getSingleMetric(name) as M | undefined) ?? make(name)
}
