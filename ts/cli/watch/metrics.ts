/**
 * The metrics of a watch for Prometheus. A figure is exported only where it is proven and the data says something of it; its bounds are
 * exported in any case. Where it is proven that no such set exists, the figure is `+Inf`, but not in a network without a quorum, where that
 * is no merit.
 */

import { Counter, Gauge, Registry } from 'prom-client'

import type { FigureChange } from './baselines.js'
import { checkOf } from '../../study/check.js'
import { isForLackOfQuorum } from '../../study/facts.js'
import { isHistoryMissing } from '../../study/figures.js'
import { sizesIn } from '../../study/record.js'
import type { Size } from '../../study/sizes.js'
import { factsOf, unprovenIn, type Study } from '../../study/study.js'
import type { Condition, Outcome } from './condition.js'
import type { Listener } from './outlet.js'

const OUTCOMES: Outcome[] = ['good', 'unreachable', 'unreadable', 'defect']

const BOTH = ['counting', 'figure']

export class Metrics {
  readonly registry = new Registry()
  readonly #verdict = this.#gauge('fbas_network_verdict', '1 for what it is: safe, unsafe, or unknown', [
    'verdict'
  ])
  readonly #fact = this.#gauge('fbas_network_fact', '1: true, 0: false, absent: not known', ['fact'])
  readonly #figure = this.#gauge(
    'fbas_network_figure',
    'Figures that are proven; +Inf: no such set exists',
    BOTH
  )
  readonly #atLeast = this.#gauge('fbas_network_figure_at_least', 'What they are at least, proven', BOTH)
  readonly #atMost = this.#gauge('fbas_network_figure_at_most', 'What they are at most, proven', BOTH)
  readonly #nodes = this.#gauge('fbas_network_nodes', 'Nodes that are listed')
  readonly #down = this.#gauge('fbas_network_nodes_down', 'Nodes that are down as far as the data says')
  readonly #doubts = this.#gauge('fbas_network_doubts', 'Reasons to doubt the verdict')
  readonly #exact = this.#gauge('fbas_network_exact', '1 while all figures are proven')
  readonly #seconds = this.#gauge('fbas_watch_scan_seconds', 'How long the last good scan took')
  readonly #scans = this.#counter('fbas_watch_scans_total', 'Scans by what became of them', ['outcome'])
  readonly #changes = this.#counter('fbas_watch_changes_total', 'Figures that became worse or better', [
    'direction'
  ])
  readonly #told = this.#counter('fbas_watch_announcements_total', 'Times that a change was told', [
    'to',
    'outcome'
  ])
  readonly #notSaved = this.#counter(
    'fbas_watch_state_failures_total',
    'Times that the state was not written'
  )

  /** @param pending How many changes are yet to be told. */
  constructor(
    condition: Condition,
    version: string,
    kinds: Listener['kind'][],
    pending: (kind: Listener['kind']) => number
  ) {
    this.#gauge('fbas_watch_info', 'Who watches', ['version']).set({ version }, 1)
    this.#gauge(
      'fbas_watch_age_seconds',
      'Time since the network was read that the figures are of',
      [],
      (gauge) => {
        if (condition.age !== undefined) gauge.set(condition.age)
      }
    )
    this.#gauge('fbas_watch_last_good_scan_timestamp_seconds', 'When that was', [], (gauge) => {
      if (condition.lastGood !== undefined) gauge.set(condition.lastGood.getTime() / 1000)
    })
    this.#gauge('fbas_watch_up', '1 while there are figures that are not too old', [], (gauge) =>
      gauge.set(Number(condition.status !== 'down'))
    )
    this.#gauge('fbas_watch_failures', 'Scans that failed since the last good one', [], (gauge) =>
      gauge.set(condition.failures)
    )
    this.#gauge('fbas_watch_announcements_pending', 'Changes that are yet to be told', ['to'], (gauge) => {
      for (const kind of kinds) gauge.set({ to: kind }, pending(kind))
    })
    for (const outcome of OUTCOMES) this.#scans.inc({ outcome }, 0)
    for (const direction of ['worse', 'better']) this.#changes.inc({ direction }, 0)
    for (const to of kinds) for (const outcome of ['delivered', 'failed']) this.#told.inc({ to, outcome }, 0)
  }

  good(study: Study, seconds: number): void {
    const check = checkOf(study)
    for (const verdict of ['safe', 'unsafe', 'unknown'])
      this.#verdict.set({ verdict }, Number(verdict === check))
    this.#facts(study)
    this.#figures(study)
    this.#nodes.set(study.nodes.length)
    this.#down.set(study.faultyNodes.length)
    this.#doubts.set(study.doubts.length)
    this.#exact.set(Number(unprovenIn(study).length === 0))
    this.#seconds.set(seconds)
    this.#scans.inc({ outcome: 'good' })
  }

  failed(outcome: Outcome): void {
    this.#scans.inc({ outcome })
  }

  changed(changes: FigureChange[]): void {
    for (const { direction } of changes) this.#changes.inc({ direction })
  }

  told(to: Listener['kind'], isTaken: boolean): void {
    this.#told.inc({ to, outcome: isTaken ? 'delivered' : 'failed' })
  }

  notSaved(): void {
    this.#notSaved.inc()
  }

  #facts(study: Study): void {
    const hasSymmetricTopTier =
      study.intersection.kind === 'nothing known' ? null : study.symmetricTopTier !== null
    this.#fact.reset()
    for (const [fact, value] of Object.entries({ ...factsOf(study), hasSymmetricTopTier })) {
      if (value !== null) this.#fact.set({ fact }, Number(value))
    }
  }

  #figures(study: Study): void {
    for (const gauge of [this.#figure, this.#atLeast, this.#atMost]) gauge.reset()
    for (const { answered, figure, size } of sizesIn(study)) {
      // Where there are no groups, nodes stand for themselves, and where nothing is said of archives, none is good.
      if (answered.data.kind === 'missing') continue
      if (figure === 'historyCriticalMinSize' && isHistoryMissing(study)) continue
      if (isForLackOfQuorum(size, study.intersection)) continue
      const [exactly, atLeast, atMost] = valuesOf(size)
      const labels = { counting: answered.grouping.key, figure }
      if (exactly !== undefined) this.#figure.set(labels, exactly)
      if (atLeast !== undefined) this.#atLeast.set(labels, atLeast)
      if (atMost !== undefined) this.#atMost.set(labels, atMost)
    }
  }

  #gauge(
    name: string,
    help: string,
    labelNames: string[] = [],
    collect: (gauge: Gauge) => void = () => {}
  ): Gauge {
    const gauge = new Gauge({
      ...{ name, help, labelNames, registers: [this.registry] },
      collect() {
        collect(this)
      }
    })
    // What is not known yet is not there, and no 0.
    if (labelNames.length === 0) gauge.remove()
    return gauge
  }

  #counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] })
  }
}

/** What is told of a size: itself, and its bounds. */
function valuesOf(size: Size): [exactly?: number, atLeast?: number, atMost?: number] {
  switch (size.kind) {
    case 'exactly':
      return [size.size, size.size, size.size]
    case 'none':
      return [Infinity, Infinity, Infinity]
    case 'between':
      return [undefined, size.atLeast, size.atMost ?? undefined]
  }
}
