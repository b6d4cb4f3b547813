/** What a layout says of clusters and of everything beside them: places in units of the picture. */

import type { QuorumSet } from '../../../index.js'
import type { Cluster } from './trust.js'

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
  /** Where a number stands for its name. */
  number: Point
}

/** What joins clusters whose nodes have the same quorum set. */
export interface Band {
  /** Angles of the first and the last of them. */
  from: number
  to: number
  width: number
  quorumSet: QuorumSet
  /** Where it is said what they ask for. */
  label: Point
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
  bands: Band[]
  /** Of the circle on which the clusters' centers lie. */
  ring: number
  node: number
  /** Radius of the disc in the middle, in which stands what all ask for; 0: there is none. */
  hub: number
  /** Size of the text: the larger the circle is, the smaller it will be shown. */
  text: number
  /** Left, top, width and height of everything. */
  box: Box
  /** The same without names. */
  unnamed: Box
}

export type Box = [left: number, top: number, width: number, height: number]

/** Space round everything. */
export const MARGIN = 14
/** Height of a line, and width of a character on average, in sizes of the text. */
export const LINE_HEIGHT = 1.2
export const CHARACTER = 0.64
/** A point at an angle, clockwise from the top. */
export function onCircle(angle: number, radius: number): Point {
  return { x: radius * Math.sin(angle), y: -radius * Math.cos(angle) }
}

/** A name in lines of a few characters, broken between words. */
export function inLines(name: string, { width, most }: { width: number; most: number }): string[] {
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

/** A tenth of a unit cannot be seen. */
export function round(value: number): number {
  return Math.round(value * 10) / 10 + 0
}
