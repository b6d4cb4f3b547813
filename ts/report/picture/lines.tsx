/** Who names whom in a circle: bands behind clusters that ask for the same, and lines to whom they name. */

import { curveBundle, line } from 'd3-shape'
import type { JSX } from 'preact'

import { endOf } from './layout.js'
import { onCircle, round, type Layout, type Point } from './place.js'
import { referenceTo } from './told.js'
import type { Trust } from './trust.js'

/** More lines than this are faint until some are chosen. */
const MOST_PLAIN = 24

const path = line<Point>()
  .x(({ x }) => round(x))
  .y(({ y }) => round(y))
  .curve(curveBundle.beta(0.72))

/** Whether lines are too many to be seen all at once. */
export function isFaint(lines: Trust['lines']): boolean {
  return lines.length > MOST_PLAIN
}

export function Bands({ layout: { bands, ring } }: { layout: Layout }): JSX.Element {
  return (
    <g class="bands" fill="none" aria-hidden="true">
      {bands.map(({ from, to, width }, index) => {
        const [start, end] = [onCircle(from, ring), onCircle(to, ring)]
        const isLong = to - from > Math.PI ? 1 : 0
        return (
          <path
            key={index}
            class="band"
            stroke-width={round(width)}
            d={`M${round(start.x)},${round(start.y)}A${round(ring)},${round(ring)} 0 ${isLong} 1 ${round(end.x)},${round(end.y)}`}
          />
        )
      })}
    </g>
  )
}

/** How much each band asks for, above the lines that pass it. */
export function BandRules({ layout: { bands, text } }: { layout: Layout }): JSX.Element {
  return (
    <g class="band-rules" aria-hidden="true">
      {bands.map(({ label, quorumSet: { threshold, validators, innerQuorumSets } }, index) => (
        <text
          key={index}
          class="band-rule"
          font-size={round(text)}
          text-anchor="middle"
          x={round(label.x)}
          y={round(label.y)}
          dy="0.35em"
        >
          {`${threshold} of ${validators.length + innerQuorumSets.length}`}
        </text>
      ))}
    </g>
  )
}

export function Lines({ trust, layout }: { trust: Trust; layout: Layout }): JSX.Element {
  const { lines } = trust
  // What is one-sided matters more and is drawn last.
  const ordered = [...lines.filter(({ isMutual }) => isMutual), ...lines.filter(({ isMutual }) => !isMutual)]
  return (
    <g class={isFaint(lines) ? 'lines many' : 'lines few'} fill="none">
      {ordered.map((line, index) => {
        const [start, end] = [endOf(line.from, layout), endOf(line.to, layout)]
        const of = `of-${line.from.cluster}${line.isMutual ? ` of-${line.to.cluster}` : ''}`
        return (
          <path
            key={index}
            class={`line ${line.isMutual ? 'mutual ' : ''}${of}`}
            d={path([start, { x: 0, y: 0 }, end]) ?? ''}
            marker-end={line.isMutual ? undefined : 'url(#arrow)'}
            data-from={referenceTo(line.from, trust)}
            data-to={referenceTo(line.to, trust)}
          />
        )
      })}
    </g>
  )
}
