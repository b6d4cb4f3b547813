/** Where everything is in a circle: clusters on it, their nodes packed inside, labels outside, and bands behind those that ask for the same. */

import { packEnclose, packSiblings } from 'd3-hierarchy'

import type { QuorumSet } from '../../../index.js'
import { entriesOf } from '../../study/rule.js'
import {
  CHARACTER,
  inLines,
  LINE_HEIGHT,
  MARGIN,
  onCircle,
  type Band,
  type Box,
  type Label,
  type Layout,
  type Placed,
  type Point
} from './place.js'
import type { Cluster, Trust } from './trust.js'

/** Radius of a node's dot. */
const NODE = 12
/** More nodes than that would leave a hole in the middle. */
const MOST_IN_A_RING = 6
/** Space around dots and clusters. */
const BETWEEN_NODES = 3
const INSIDE = 9
const BETWEEN_CLUSTERS = 16
const SMALLEST_RING = 175
/** Two stand left and right of each other, nearer. */
const RING_OF_TWO = 110
const SMALLEST_HUB = 62
/** What is small is not blown up. */
const SMALLEST_WIDTH = 440
const SMALLEST_UNNAMED = 300
/** More labels than this collide when they stand upright. */
const MOST_UPRIGHT = 16
/** Space between a cluster and its label. */
const BESIDE = 12
/** Characters of a line, and lines. */
const UPRIGHT = { width: 18, most: 3 }
const RADIAL = { width: 26, most: 1 }

/** How many of how many entries, as it stands in the middle. */
export function askedOf({ threshold, validators, innerQuorumSets }: QuorumSet): string {
  return `${threshold} of ${validators.length + innerQuorumSets.length}`
}

export function inCircle({ clusters, form, shared }: Trust): Layout {
  const packed = clusters.map((cluster) => pack(cluster))
  // On the circle each takes the angle that its width needs; what is left over is shared out.
  const widths = packed.map(({ radius }) => 2 * radius + BETWEEN_CLUSTERS)
  const total = widths.reduce((sum, width) => sum + width, 0)
  const isRadial = clusters.length > MOST_UPRIGHT
  const smallest = [0, 0, RING_OF_TWO][clusters.length] ?? SMALLEST_RING
  const ring = clusters.length < 2 ? 0 : Math.max(smallest, total / (2 * Math.PI))
  const text = 11 + ring / 32
  let before = 0
  const first = (widths[0] ?? 0) / 2
  const placed = packed.map(({ cluster, radius, nodes }, index) => {
    const width = widths[index] ?? 0
    const turned = clusters.length === 2 ? -Math.PI / 2 : 0
    const angle = total === 0 ? 0 : ((before + width / 2 - first) / total) * 2 * Math.PI + turned
    before += width
    const center = onCircle(angle, ring)
    return {
      ...{ cluster, radius, angle, center },
      number: onCircle(angle, ring + radius + text),
      label: isRadial
        ? radialLabel(cluster, angle, ring + radius)
        : uprightLabel(cluster, angle, ring + radius, text),
      nodes: nodes.map(({ key, x, y }) => ({ key, at: { x: center.x + x, y: center.y + y } }))
    }
  })
  const extent = ring + Math.max(0, ...placed.map(({ radius }) => radius)) + 1.9 * text
  // All in one cluster, they have no middle.
  const hub = shared === null || ring === 0 ? 0 : hubFor(shared)
  return {
    ...{ placed, ring, hub, text, node: NODE },
    bands: form === 'circle' ? bandsOf(placed, ring, text) : [],
    box: atLeastWide(boxOf(placed, text, hub), SMALLEST_WIDTH),
    unnamed: atLeastWide([-extent, -extent, 2 * extent, 2 * extent], SMALLEST_UNNAMED)
  }
}

/** As large as what stands in it: how many of how many, and of what. */
function hubFor(shared: QuorumSet): number {
  return Math.max(SMALLEST_HUB, 24 + askedOf(shared).length * 6.8, 16 + entriesOf(shared).many.length * 4)
}

/** Clusters with the same quorum set stand beside each other. */
function bandsOf(placed: Placed[], ring: number, text: number): Band[] {
  const groups: Placed[][] = []
  for (const one of placed) {
    const last = groups.at(-1)
    const number = one.cluster.quorumSet?.number
    if (number !== undefined && last?.[0]?.cluster.quorumSet?.number === number) last.push(one)
    else groups.push([one])
  }
  return groups.flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)]
    const quorumSet = first?.cluster.quorumSet?.quorumSet
    if (group.length < 2 || first === undefined || last === undefined || quorumSet === undefined) return []
    const radius = Math.max(...group.map(({ radius }) => radius))
    const [from, to] = [first.angle, last.angle]
    // Between two clusters, where no lines end.
    const middle = Math.floor((group.length - 1) / 2)
    const angle = ((group[middle]?.angle ?? from) + (group[middle + 1]?.angle ?? to)) / 2
    const label = onCircle(angle, ring - radius - BESIDE - text / 2)
    return [{ from, to, width: 2 * radius + BETWEEN_CLUSTERS / 2, quorumSet, label }]
  })
}

/** Beside the circle text grows both ways from the middle; above and below it, away from the circle. */
function uprightLabel(cluster: Cluster, angle: number, extent: number, text: number): Label {
  const { x, y } = onCircle(angle, extent + BESIDE)
  const lines = [...inLines(cluster.name, UPRIGHT), ...(cluster.rule === undefined ? [] : [cluster.rule])]
  const isAside = Math.abs(x) > 40
  const share = (1 - Math.cos(angle)) / 2
  const top =
    y + 0.3 * text - (1 - share) * (lines.length - 1) * LINE_HEIGHT * text + (isAside ? 0 : y < 0 ? -2 : 8)
  return { lines, at: { x, y: top }, anchor: !isAside ? 'middle' : x > 0 ? 'start' : 'end', turned: 0 }
}

/** Along the radius, and never upside down. */
function radialLabel(cluster: Cluster, angle: number, extent: number): Label {
  const isRight = Math.sin(angle) >= -0.001
  const turned = (angle * 180) / Math.PI - (isRight ? 90 : 270)
  return {
    lines: inLines(cluster.name, RADIAL),
    at: onCircle(angle, extent + BESIDE),
    anchor: isRight ? 'start' : 'end',
    turned
  }
}

function atLeastWide([left, top, width, height]: Box, least: number): Box {
  const more = Math.max(0, least - width)
  return [left - more / 2, top, width + more, height]
}

function boxOf(placed: Placed[], text: number, hub: number): Box {
  const corners = placed.flatMap(({ center, radius, label }) => [
    ...aroundCircle(center, radius),
    ...cornersOf(label, text)
  ])
  corners.push(...aroundCircle({ x: 0, y: 0 }, hub))
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)]
  const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN]
  return [left, top, Math.max(...xs) + MARGIN - left, Math.max(...ys) + MARGIN - top]
}

function aroundCircle({ x, y }: Point, radius: number): Point[] {
  return [
    { x: x - radius, y: y - radius },
    { x: x + radius, y: y + radius }
  ]
}

function cornersOf({ lines, at, anchor, turned }: Label, text: number): Point[] {
  const width = Math.max(...lines.map((line) => [...line].length)) * CHARACTER * text
  const from = { start: 0, middle: -width / 2, end: -width }[anchor]
  const height = LINE_HEIGHT * text
  const [top, bottom] = [-height, (lines.length - 0.6) * height]
  const angle = (turned * Math.PI) / 180
  return [from, from + width].flatMap((x) =>
    [top, bottom].map((y) => ({
      x: at.x + x * Math.cos(angle) - y * Math.sin(angle),
      y: at.y + x * Math.sin(angle) + y * Math.cos(angle)
    }))
  )
}

function pack(cluster: Cluster) {
  const { circles, radius } =
    cluster.nodes.length <= MOST_IN_A_RING ? inRing(cluster.nodes) : heaped(cluster.nodes)
  return { cluster, nodes: circles, radius: radius + (cluster.nodes.length === 1 ? 1 : INSIDE) }
}

/** A few nodes as the corners of a polygon. */
function inRing(keys: string[]) {
  const distance = keys.length === 1 ? 0 : (NODE + BETWEEN_NODES) / Math.sin(Math.PI / keys.length)
  const circles = keys.map((key, index) => ({
    key,
    ...onCircle(((index + (keys.length === 2 ? 0.5 : 0)) / keys.length) * 2 * Math.PI, distance)
  }))
  return { circles, radius: distance + NODE + BETWEEN_NODES }
}

function heaped(keys: string[]) {
  const circles = packSiblings(keys.map((key) => ({ key, r: NODE + BETWEEN_NODES, x: 0, y: 0 })))
  const { x, y, r } = packEnclose(circles)
  return {
    circles: circles.map((circle) => ({ key: circle.key, x: circle.x - x, y: circle.y - y })),
    radius: r
  }
}
