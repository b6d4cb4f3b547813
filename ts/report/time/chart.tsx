/**
 * The charts: a step line for each way of counting, a strip of verdicts, and one of joins and leaves, all along the same axis of time.
 *
 * A figure that is not exact is a band between its bounds, that no set exists a line of its own above all numbers, and where there is no figure at all
 * there is no line: none of them is a 0. When figures are in doubt, a mark at the bottom says so. Drawings stretch with the page, so what is written stands outside of them.
 */

import { scaleLinear, scaleUtc } from 'd3-scale'
import { curveStepAfter, line } from 'd3-shape'
import type { JSX } from 'preact'

import { capitalized, GROUPINGS, type Grouping } from '../../study/groupings.js'
import type { Figure } from '../../study/record.js'
import { changesOver } from './changes.js'
import {
  doubtedIn,
  gapsIn,
  periodsIn,
  type Column,
  type Moment,
  type Shown,
  type Span,
  type Timeline
} from './moments.js'
import { KINDS, shownText, STATES } from './words.js'

/** Of a drawing that stretches, the width is a number of its own. */
export const WIDTH = 1000
const HEIGHT = 120
const EDGE = 8
/** What is left above all numbers where there is no set. */
const LANE = 18
const STRIP = 30

interface Props {
  timeline: Timeline
}

type ToX = (time: number) => number

function toX({ spans }: Timeline): ToX {
  const domain = [spans[0]?.begin ?? 0, spans.at(-1)?.end ?? 1]
  return scaleUtc().domain(domain).range([0, WIDTH])
}

/** The chart of one kind of figure. */
export function Chart({ timeline, figure }: Props & { figure: Figure }): JSX.Element {
  const { column: name, fewest } = KINDS[figure]
  const columns = GROUPINGS.map((grouping) => ({
    grouping,
    column: `${grouping.key}.${figure}` as Column
  }))
  const all = timeline.moments.flatMap(({ figures }) => columns.map(({ column }) => figures[column]))
  const numbers = all.flatMap((shown) => numbersIn(shown))
  const hasNone = all.some((shown) => shown?.kind === 'none')
  const most = Math.max(1, ...numbers)
  const y = scaleLinear()
    .domain([0, most])
    .range([HEIGHT - EDGE, EDGE + (hasNone ? LANE : 0)])
  const x = toX(timeline)
  const ticks = y.ticks(4).filter((tick) => Number.isInteger(tick))
  return (
    <figure class="chart" id={`chart-${figure}`}>
      <figcaption>
        <h3>
          {capitalized(name)} <span class="note">{fewest}</span>
        </h3>
        <ul class="key-lines">
          {columns.map(({ grouping, column }) => (
            <li key={grouping.key}>
              <svg class="sample" width="28" height="10" aria-hidden="true">
                <path class={`step ${grouping.key}`} d="M0,5H28" />
              </svg>
              {`${grouping.many}: ${rangeText(timeline, column)}`}
            </li>
          ))}
        </ul>
      </figcaption>
      <div class="drawing">
        <svg class="scale" width="38" height={HEIGHT} aria-hidden="true">
          {ticks.map((tick) => (
            <text key={tick} x="32" y={y(tick) + 4}>
              {tick}
            </text>
          ))}
          {hasNone ? (
            <text x="32" y={EDGE + 4}>
              none
            </text>
          ) : null}
        </svg>
        <Plot height={HEIGHT} label={`${name} over time`} timeline={timeline}>
          {missing(timeline, columns[0]?.column).map(({ begin, end }) => (
            <rect
              key={begin}
              {...{ class: 'missing', x: round(x(begin)), y: 0, height: HEIGHT }}
              width={round(x(end) - x(begin))}
            />
          ))}
          {doubtedIn(timeline).map(({ begin, end }) => (
            <path
              key={begin}
              {...{ class: 'doubted unknown', d: `M${round(x(begin))},${HEIGHT - 3}H${round(x(end))}` }}
            />
          ))}
          {ticks.map((tick) => (
            <path key={tick} class="tick" d={`M0,${round(y(tick))}H${WIDTH}`} />
          ))}
          {columns.map(({ grouping, column }) => (
            <Steps key={grouping.key} {...{ timeline, grouping, column, x, y, most }} />
          ))}
        </Plot>
      </div>
      <TimeAxis timeline={timeline} />
    </figure>
  )
}

/** What stretches, with the line at the snapshot that is chosen. */
function Plot({
  height,
  label,
  timeline,
  children
}: Props & {
  height: number
  label: string
  children: JSX.Element | JSX.Element[] | JSX.Element[][] | (JSX.Element | JSX.Element[])[]
}): JSX.Element {
  const at = round(toX(timeline)(timeline.moments.at(-1)?.time ?? 0))
  return (
    <svg
      {...{ class: 'plot', role: 'img', height, viewBox: `0 0 ${WIDTH} ${height}` }}
      preserveAspectRatio="none"
      aria-label={label}
    >
      {children}
      <line class="cursor" x1={at} x2={at} y1="0" y2={height} />
    </svg>
  )
}

interface StepsProps extends Props {
  grouping: Grouping
  column: Column
  x: ToX
  y: (number: number) => number
  most: number
}

function Steps({ timeline, grouping, column, x, y, most }: StepsProps): JSX.Element {
  const path = line<{ x: number; y: number } | null>()
    .defined((point) => point !== null)
    .x((point) => round(point?.x ?? 0))
    .y((point) => round(point?.y ?? 0))
    .curve(curveStepAfter)
  const points: ({ x: number; y: number } | null)[] = []
  for (const { begin, end, shown } of runsOf(timeline, column)) {
    const height = shown.kind === 'exactly' ? y(shown.size) : shown.kind === 'none' ? EDGE : undefined
    if (height === undefined) points.push(null)
    else {
      const last = points.at(-1)
      if (last != null && last.x < x(begin)) points.push(null)
      points.push({ x: x(begin), y: height }, { x: x(end), y: height })
    }
  }
  const open = runsOf(timeline, column).flatMap(({ begin, end, shown }) =>
    shown.kind === 'between' ? [{ begin, end, bottom: y(shown.atLeast), top: y(shown.atMost ?? most) }] : []
  )
  return (
    <g>
      {open.map(({ begin, end, bottom, top }) => (
        <rect
          key={begin}
          {...{ class: `band ${grouping.key}`, x: round(x(begin)), y: round(top) }}
          width={round(x(end) - x(begin))}
          height={Math.max(2, round(bottom - top))}
        />
      ))}
      <path class={`step ${grouping.key}`} d={path(points) ?? ''} />
    </g>
  )
}

/** When what was so. */
export function Verdicts({ timeline }: Props): JSX.Element {
  const x = toX(timeline)
  return (
    <div class="drawing">
      <span class="scale" />
      <Plot height={STRIP} label="verdicts over time" timeline={timeline}>
        {periodsIn(timeline).map(({ state, begin, end, first }) => {
          const width = Math.max(1, round(x(end) - x(begin)))
          const at = { class: `period ${STATES[state].mood}`, 'data-state': state, x: round(x(begin)), width }
          // By their height as well as by their color; what is split is in two.
          if (state === 'safe') return <rect key={first} {...at} y={STRIP - 8} height="8" />
          if (state === 'not read') return <rect key={first} {...at} y={STRIP - 3} height="3" />
          if (state === 'unknown') return <rect key={first} {...at} y={STRIP / 2} height={STRIP / 2} />
          if (state === 'halted') return <rect key={first} {...at} y="0" height={STRIP} />
          return (
            <g key={first}>
              <rect {...at} y="0" height="12" />
              <rect {...at} data-state={undefined} y="18" height="12" />
            </g>
          )
        })}
      </Plot>
    </div>
  )
}

/** When somebody joined the top tier (up) or left it (down). */
export function Moves({ timeline }: Props): JSX.Element {
  const x = toX(timeline)
  const { moments } = timeline
  const marks = changesOver(moments).flatMap(({ index, change }) => {
    if (change.kind !== 'top tier') return []
    const at = round(x(moments[index]?.time ?? 0))
    return [{ at, change: change.change, d: change.change === 'joined' ? `M${at},13V1` : `M${at},17V29` }]
  })
  return (
    <div class="drawing">
      <span class="scale" />
      <Plot height={STRIP} label="joins and leaves of the top tier over time" timeline={timeline}>
        <path class="tick" d={`M0,15H${WIDTH}`} />
        {marks.map(({ at, change, d }) => (
          <path key={`${at} ${change}`} class={`move ${change}`} d={d} />
        ))}
      </Plot>
    </div>
  )
}

/** The times below a chart. */
export function TimeAxis({ timeline }: Props): JSX.Element {
  const { spans } = timeline
  const scale = scaleUtc().domain([spans[0]?.begin ?? 0, spans.at(-1)?.end ?? 1])
  const ticks = scale.ticks(6)
  const words = scale.tickFormat()
  const places = scale.range([0, 100])
  return (
    <div class="drawing">
      <span class="scale" />
      <svg class="times" height="20" width="100%" aria-hidden="true">
        {ticks.map((tick, index) => {
          const at = round(places(tick))
          // Nothing is written over the edge.
          if (at > 93) return null
          return (
            <g key={at} class={index % 2 === 0 ? 'even' : 'odd'}>
              <line x1={`${at}%`} x2={`${at}%`} y1="0" y2="5" />
              <text x={`${at}%`} y="17">
                {words(tick)}
              </text>
            </g>
          )
        })}
      </svg>
    </div>
  )
}

/** From which to which it went, what else it was at times, and what it is at the end. Those that were not read have no figures. */
export function rangeText({ moments }: { moments: Pick<Moment, 'figures'>[] }, column: Column): string {
  const all = moments.flatMap(({ figures }) => figures[column] ?? [])
  const last = all.at(-1)
  if (last === undefined) return 'no data'
  const numbers = all.flatMap((shown) => (shown.kind === 'exactly' ? [shown.size] : []))
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  const range = numbers.length === 0 ? [] : [least === most ? String(least) : `${least} to ${most}`]
  const kinds = all.filter(({ kind }) => kind !== 'exactly' && kind !== last.kind)
  const others = new Set(kinds.map((shown) => (shown.kind === 'between' ? 'not proven' : shownText(shown))))
  const known = [...range, ...[...others].map((other) => `at times ${other}`)]
  const end = shownText(last)
  if (known.length === 0) return end
  // One number is what it is at the end, too, if that is a number.
  if (last.kind === 'exactly' && least === most) return known.join(', ')
  return [...known, `at the end ${end}`].join(', ')
}

/** Snapshots in a row with the same figure, with no gap between them; those that have none are none. */
function runsOf({ moments, spans }: Timeline, column: Column): (Span & { shown: Shown })[] {
  const runs: (Span & { shown: Shown })[] = []
  for (const [index, { figures }] of moments.entries()) {
    const shown = figures[column] ?? { kind: 'no data' }
    const { begin, end } = spans[index] ?? { begin: 0, end: 0 }
    const before = runs.at(-1)
    const isSame = before !== undefined && JSON.stringify(before.shown) === JSON.stringify(shown)
    if (isSame && before.end === begin) before.end = end
    else runs.push({ shown, begin, end })
  }
  return runs
}

/** Where there is no figure, whatever is counted, and where nobody looked. */
function missing(timeline: Timeline, column: Column | undefined): Span[] {
  if (column === undefined) return []
  const without = runsOf(timeline, column).filter(
    ({ shown: { kind } }) => kind === 'no data' || kind === 'no quorum'
  )
  return [...without, ...gapsIn(timeline)]
}

function numbersIn(shown: Shown | undefined): number[] {
  if (shown?.kind === 'exactly') return [shown.size]
  return shown?.kind === 'between' ? [shown.atLeast, shown.atMost ?? shown.atLeast] : []
}

function round(number: number): number {
  return Math.round(number * 100) / 100
}
