/** The squares of a row in a matrix: how an organization trusts each. */

import type { JSX } from 'preact'

import { cellOf, headOf, ownOf } from './matrix.js'
import { round, type Layout } from './place.js'
import type { Cell, Trust } from './trust.js'
import { percentOf } from './weight.js'

/** Shares up to a quarter, a half, three quarters, and more. */
const SHADES = 4

interface Props {
  row: number
  trust: Trust
  layout: Layout
}

export function Cells({ row, trust: { cells, clusters }, layout: { text } }: Props): JSX.Element {
  const cluster = clusters[row]
  const own = ownOf(row)
  const head = headOf(row, text)
  return (
    <g class="cells">
      <text
        class="column-number"
        aria-hidden="true"
        font-size={round(text)}
        text-anchor="middle"
        x={round(head.x)}
        y={round(head.y)}
      >
        {row + 1}
      </text>
      <rect class="own" x={own.x} y={own.y} width={own.side} height={own.side} />
      {cells.map((cell) => {
        if (cell.row !== row || cluster === undefined) return null
        const { x, y, side } = cellOf(cell, cluster)
        return (
          <rect
            key={cell.column}
            class={`cell ${shadeOf(cell)}`}
            {...{ x: round(x), y: round(y), width: round(side), height: round(side) }}
            data-to={cell.column}
            data-named={cell.named}
            data-share={cell.isNeeded ? 'all' : percentOf(cell.share)}
          />
        )
      })}
    </g>
  )
}

/** How dark a square is. */
export function shadeOf({ share, isNeeded }: Pick<Cell, 'share' | 'isNeeded'>): string {
  return isNeeded ? 'needed' : `shade-${Math.min(SHADES, Math.max(1, Math.ceil(share * SHADES)))}`
}
