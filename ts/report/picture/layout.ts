/** Where everything is in the picture, whichever form it has. */

import { inCircle } from './circle.js'
import { inMatrix } from './matrix.js'
import { onCircle, type Layout, type Point } from './place.js'
import type { End, Trust } from './trust.js'

/** Where everything is. */
export function layOut(trust: Trust): Layout {
  return trust.form === 'matrix' ? inMatrix(trust) : inCircle(trust)
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
export function withoutNames({ box, unnamed }: Layout): string {
  const [left, top, width, height] = box
  const [from, above, across, down] = unnamed
  const percent = (units: number) => `${Math.round((units / across) * 1000) / 10 + 0}%`
  const margins = [above - top, 0, top + height - above - down, from - left].map((space) => percent(-space))
  return `width:${percent(width)};max-width:none;margin:${margins.join(' ')}`
}
