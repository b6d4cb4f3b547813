/**
 * How a node looks that has a part in the set that is shown. Every part has a color and a shape of its own, so that nobody needs to tell
 * the colors apart.
 */

import type { JSX } from 'preact'

import type { Point } from './place.js'
import type { Part } from './sets.js'

interface Props {
  parts: Part[]
  at: Point
  size: number
}

export function Marker({ parts, at, size }: Props): JSX.Element {
  const isBoth = parts.includes('archive') && parts.includes('unarchived')
  const shown = isBoth ? (['archive'] as Part[]) : parts.slice(0, 1)
  const place = `translate(${Math.round(at.x * 10) / 10},${Math.round(at.y * 10) / 10})`
  return shown.length === 0 ? (
    <g />
  ) : (
    <g class="marker" transform={place}>
      {shown.map((part) => (
        <g key={part} class={`part ${part}`}>
          {shape(part, size)}
        </g>
      ))}
    </g>
  )
}

/** The mark of a part, round the origin. */
export function shape(part: Part, r: number): JSX.Element {
  const arm = r * 0.5
  switch (part) {
    case 'tier':
      return <circle class="body" r={r} />
    case 'stopped':
      return (
        <>
          <circle class="body" r={r} />
          <path class="stroke" d={`M${-arm},${-arm}L${arm},${arm}M${arm},${-arm}L${-arm},${arm}`} />
        </>
      )
    case 'down':
      return (
        <>
          <circle class="hollow" r={r - 1} />
          <path class="stroke" d={`M${-arm},0L${arm},0`} />
        </>
      )
    case 'liar':
      return (
        <>
          <path class="half-a" d={`M0,${-r}A${r},${r} 0 0 0 0,${r}z`} />
          <path class="half-b" d={`M0,${-r}A${r},${r} 0 0 1 0,${r}z`} />
          <circle class="ring" r={r + 2.5} />
        </>
      )
    case 'side-a':
      return <circle class="body" r={r} />
    case 'side-b':
      return <rect class="body" x={-r} y={-r} width={r * 2} height={r * 2} rx="2" />
    case 'archive':
      return <path class="body" d={`M0,${-r * 1.4}L${r * 1.4},0L0,${r * 1.4}L${-r * 1.4},0z`} />
    case 'unarchived':
      return <circle class="body" r={r} />
  }
}
