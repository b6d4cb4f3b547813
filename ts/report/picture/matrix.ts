/** Where everything is in a matrix: a row for each organization with its name, its number and its nodes, and a column by the same number. */

import { CHARACTER, inLines, MARGIN, type Layout, type Placed, type Point } from './place.js'
import type { Cell, Cluster, Trust } from './trust.js'

/** From row to row. */
const PITCH = 24
const NODE = 7
/** Nodes of a row that stand beside each other without overlapping. */
const MOST_BESIDE = 6
const GAP = 8
const NAME = { width: 20, most: 1 }
/** A full square leaves some space. */
const FULL = 0.86
/** Text that can be read, where the picture is as wide as a column of the page, or as the page. */
const READABLE = 13
const COLUMN = 660
const PAGE = 1190
const TEXT = { least: 11, most: 17 }
/** With more rows it takes the whole page. */
const MOST_IN_A_COLUMN = 24

/** Whether a picture is better as wide as the page. */
export function isWide({ form, clusters }: Trust): boolean {
  return form === 'matrix' && clusters.length > MOST_IN_A_COLUMN
}

export function inMatrix(trust: Trust): Layout {
  const { clusters } = trust
  const side = clusters.length * PITCH
  const most = Math.max(0, ...clusters.map(({ nodes }) => nodes.length))
  const dots = Math.min(most, MOST_BESIDE) * 2 * (NODE + 1)
  const share = READABLE / (isWide(trust) ? PAGE : COLUMN)
  const characters = (NAME.width + 6) * CHARACTER
  const fitting = (share * (side + dots + 4 * GAP)) / (1 - characters * share)
  const text = Math.min(TEXT.most, Math.max(TEXT.least, fitting))
  const afterNumbers = -dots - 2 * GAP
  const afterNames = afterNumbers - 3 * CHARACTER * text
  const placed = clusters.map((cluster, row): Placed => {
    const y = (row + 0.5) * PITCH
    const label = {
      lines: inLines(cluster.name, NAME),
      at: { x: afterNames, y: y + 0.35 * text },
      ...{ anchor: 'end' as const, turned: 0 }
    }
    return {
      ...{ cluster, label, angle: 0, radius: PITCH / 2 - 2 },
      center: { x: -GAP - dots / 2, y },
      number: { x: afterNumbers, y },
      nodes: besideEachOther(cluster, dots).map(({ key, x }) => ({ key, at: { x: x - GAP - dots, y } }))
    }
  })
  const longest = Math.max(0, ...placed.map(({ label: { lines } }) => [...(lines[0] ?? '')].length))
  const [left, top] = [afterNames - longest * CHARACTER * text - MARGIN, -1.6 * text - MARGIN / 2]
  const height = side + MARGIN - top
  return {
    ...{ placed, bands: [], ring: 0, hub: 0, text, node: NODE },
    box: [left, top, side + MARGIN - left, height],
    unnamed: [afterNames - MARGIN / 2, top, side + MARGIN - afterNames + MARGIN / 2, height]
  }
}

/** The square of a cell: its area is the share of the row's nodes that name the column. */
export function cellOf(
  { row, column, named }: Cell,
  { nodes }: Cluster
): { x: number; y: number; side: number } {
  const side = PITCH * FULL * Math.sqrt(named / nodes.length)
  return { x: (column + 0.5) * PITCH - side / 2, y: (row + 0.5) * PITCH - side / 2, side }
}

/** A row, from its nodes to its last column. */
export function rowOf(row: number, { placed: { length }, placed: [first] }: Layout) {
  const left = (first?.number.x ?? 0) - GAP * 3
  return { x: left, y: row * PITCH + 1, width: length * PITCH - left, height: PITCH - 2 }
}

/** Where the number of a column stands. */
export function headOf(column: number, text: number): Point {
  return { x: (column + 0.5) * PITCH, y: -0.5 * text }
}

/** The place on the diagonal. */
export function ownOf(row: number): { x: number; y: number; side: number } {
  return { x: row * PITCH, y: row * PITCH, side: PITCH }
}

function besideEachOther({ nodes }: Cluster, width: number) {
  const step = Math.min(2 * (NODE + 1), width / nodes.length)
  const first = width - step * nodes.length + step / 2
  return nodes.map((key, index) => ({ key, x: first + step * index }))
}
