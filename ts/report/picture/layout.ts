/** Where everything is in the picture: clusters round a circle, their nodes packed inside, labels outside. */

import { packEnclose, packSiblings } from 'd3-hierarchy'

import type { Cluster, End, Trust } from './trust.js'

export interface Point {
  x: number
  y: number
}

/** A cluster with its place. */
export interface Placed {
  cluster: Cluster
  center: Point
  radius: number
  /** Radians, clockwise from the top. */
  angle: number
  nodes: { key: string; at: Point }[]
  label: Label
}

/** The name of a cluster, outside the circle. */
export interface Label {
  lines: string[]
  /** Where its first line begins, ends, or has its middle. */
  at: Point
  anchor: 'start' | 'middle' | 'end'
  /** Degrees by which it is turned. */
  turned: number
}

export interface Layout {
  placed: Placed[]
  /** Of the circle on which the clusters' centers lie. */
  ring: number
  node: number
  /** Size of the text: the larger the circle is, the smaller it will be shown. */
  text: number
  /** Left, top, width and height of everything. */
  box: [number, number, number, number]
}

/** Radius of a node's dot. */
const NODE = 12
/** More nodes than that would leave a hole in the middle. */
const MOST_IN_A_RING = 6
/** Space around dots and clusters. */
const BETWEEN_NODES = 3
const INSIDE = 9
const BETWEEN_CLUSTERS = 16
const SMALLEST_RING = 175
/** More labels than this collide when they stand upright. */
const MOST_UPRIGHT = 16
/** Space between a cluster and its label, and round everything. */
const BESIDE = 12
const MARGIN = 14
/** Height of a line, and width of a character on average, in sizes of the text. */
const LINE_HEIGHT = 1.2
export const CHARACTER = 0.64
/** Characters of a line, and lines. */
const UPRIGHT = { width: 18, most: 3 }
const RADIAL = { width: 26, most: 1 }

export function layOut({ clusters }: Trust): Layout {
  const packed = clusters.map((cluster) => pack(cluster))
  // On the circle each takes the angle that its width needs; what is left over is shared out.
  const widths = packed.map(({ radius }) => 2 * radius + BETWEEN_CLUSTERS)
  const total = widths.reduce((sum, width) => sum + width, 0)
  const isRadial = clusters.length > MOST_UPRIGHT
  const ring = Math.max(clusters.length === 1 ? 0 : SMALLEST_RING, total / (2 * Math.PI))
  const text = 11 + ring / 32
  let before = 0
  const first = (widths[0] ?? 0) / 2
  const placed = packed.map(({ cluster, radius, nodes }, index) => {
    const width = widths[index] ?? 0
    const angle = total === 0 ? 0 : ((before + width / 2 - first) / total) * 2 * Math.PI
    before += width
    const center = onCircle(angle, ring)
    return {
      ...{ cluster, radius, angle, center },
      label: isRadial
        ? radialLabel(cluster, angle, ring + radius)
        : uprightLabel(cluster, angle, ring + radius, text),
      nodes: nodes.map(({ key, x, y }) => ({ key, at: { x: center.x + x, y: center.y + y } }))
    }
  })
  return { ...{ placed, ring, text, node: NODE }, box: boxOf(placed, text) }
}

/** A point at an angle, clockwise from the top. */
export function onCircle(angle: number, radius: number): Point {
  return { x: radius * Math.sin(angle), y: -radius * Math.cos(angle) }
}

/** Where a line ends: at a node, or at the side of a cluster that faces the middle. */
export function endOf({ cluster, node }: End, { placed, ring }: Layout): Point {
  const place = placed[cluster]
  if (place === undefined) throw new Error('a line ends nowhere')
  const dot = place.nodes.find(({ key }) => key === node)
  return dot?.at ?? onCircle(place.angle, ring - place.radius)
}

/**
 * Where names are too small to read and numbers stand for them, the space for names is of no use: a style that cuts it off, for a picture
 * as wide as its frame, which hides what sticks out.
 */
export function withoutNames({ placed, ring, text, box: [left, top, width, height] }: Layout): string {
  const extent = ring + Math.max(0, ...placed.map(({ radius }) => radius)) + 1.9 * text
  const percent = (units: number) => `${Math.round((units / (2 * extent)) * 1000) / 10}%`
  const margins = [-top - extent, 0, height + top - extent, -left - extent].map((space) => percent(-space))
  return `width:${percent(width)};max-width:none;margin:${margins.join(' ')}`
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

/** A name in lines of a few characters, broken between words. */
function inLines(name: string, { width, most }: { width: number; most: number }): string[] {
  const lines: string[] = ['']
  for (const word of name.split(/\s+/)) {
    const last = lines[lines.length - 1] ?? ''
    if (last === '' || last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`.trim()
    else lines.push(word)
  }
  const cut = (text: string) =>
    [...text].length > width + 4 ? `${[...text].slice(0, width + 3).join('')}…` : text
  const shown = lines.slice(0, most).map(cut)
  if (lines.length > most) shown[most - 1] = `${shown[most - 1]} …`
  return shown
}

function boxOf(placed: Placed[], text: number): Layout['box'] {
  const corners = placed.flatMap(({ center, radius, label }) => [
    { x: center.x - radius, y: center.y - radius },
    { x: center.x + radius, y: center.y + radius },
    ...cornersOf(label, text)
  ])
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)]
  const [left, top] = [Math.min(...xs, 0) - MARGIN, Math.min(...ys, 0) - MARGIN]
  return [left, top, Math.max(...xs, 0) + MARGIN - left, Math.max(...ys, 0) + MARGIN - top]
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

/** A tenth of a unit cannot be seen. */
export function round(value: number): number {
  return Math.round(value * 10) / 10 + 0
}
