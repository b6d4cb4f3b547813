/** The names round the picture, and the legend under it where it stands alone. */

import type { JSX } from 'preact'

import { CHARACTER, round, type Layout, type Placed } from './place.js'
import { shape } from './markers.js'
import { PARTS, type Part } from './sets.js'

/** The name outside the circle, and a number that stands for it where there is no space. */
export function Label({
  placed,
  index,
  layout,
  isLinked
}: {
  placed: Placed
  index: number
  layout: Layout
  isLinked: boolean
}): JSX.Element {
  const { cluster, number, label } = placed
  const { text } = layout
  const place = `translate(${round(label.at.x)},${round(label.at.y)}) rotate(${round(label.turned)})`
  const name = (
    <text
      class="label-name"
      transform={place}
      text-anchor={label.anchor}
      dy={label.turned === 0 ? 0 : '0.33em'}
    >
      {label.lines.map((line, row) => (
        <tspan
          key={row}
          class={line === cluster.rule && row > 0 ? 'label-rule' : undefined}
          x="0"
          dy={row === 0 ? undefined : '1.2em'}
        >
          {line}
        </tspan>
      ))}
    </text>
  )
  return (
    <g class="label" aria-hidden="true" font-size={round(text)}>
      {isLinked ? (
        <a href={`#cluster-${index}`} tabindex={-1}>
          {name}
        </a>
      ) : (
        name
      )}
      <text class="label-number" x={round(number.x)} y={round(number.y)} dy="0.35em" text-anchor="middle">
        {index + 1}
      </text>
    </g>
  )
}

/** What is shown and what its marks mean, under the picture. */
export function Caption({
  title,
  parts,
  layout
}: {
  title: string
  parts: Part[]
  layout: Layout
}): JSX.Element {
  const { text, node } = layout
  const [left, top, , height] = layout.box
  const widths = parts.map((part) => PARTS[part].length * CHARACTER * text + 4 * node)
  return (
    <g font-size={round(text)} transform={`translate(${round(left + 2 * node)},${round(top + height)})`}>
      <text class="label-name" y={round(text)}>
        {title}
      </text>
      {parts.map((part, index) => (
        <g
          key={part}
          transform={`translate(${round(widths.slice(0, index).reduce((a, b) => a + b, node))},${round(2.9 * text)})`}
        >
          <g class={`part ${part}`}>{shape(part, node)}</g>
          <text class="label-rule" x={2 * node} dy="0.35em">
            {PARTS[part]}
          </text>
        </g>
      ))}
    </g>
  )
}
