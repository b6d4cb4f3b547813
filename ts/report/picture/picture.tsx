/**
 * The trust graph of the core as SVG: clusters round what all of them share, or on a circle with lines between them, or the rows of a matrix; and
 * over it one layer for each set that can be shown, of which one is visible at a time.
 *
 * Only attributes and classes, no styles, so that a strict content security policy lets it pass; nothing in it hangs on time or chance.
 */

import type { JSX } from 'preact'

import { ORGANIZATIONS } from '../../study/groupings.js'
import type { Study } from '../../study/study.js'
import { Cells } from './cells.js'
import { Hub } from './hub.js'
import { Caption, Label } from './labels.js'
import { layOut } from './layout.js'
import { BandRules, Bands, Lines } from './lines.js'
import { Marker } from './markers.js'
import { rowOf } from './matrix.js'
import { round, type Layout, type Placed } from './place.js'
import type { Part, Shown } from './sets.js'
import { toldOf } from './told.js'
import type { Trust } from './trust.js'

interface Props {
  study: Study
  trust: Trust
  sets: Shown[]
  /** Says more about it; the id of an element. */
  describedBy?: string
  /** Whether names lead to their clusters, so that the address of the page says which one is chosen. */
  isLinked?: boolean
  /** For a picture on its own: what it shows, under it. */
  caption?: { title: string; parts: Part[] }
}

export function Picture({ study, trust, sets, describedBy, caption, isLinked = false }: Props): JSX.Element {
  const layout = layOut(trust)
  const [left, top, width, height] = layout.box
  const box = [left, top, width, height + (caption === undefined ? 0 : 4.2 * layout.text)]
  const layers = sets.map((shown) => <Layer key={shown.id} shown={shown} layout={layout} />)
  return (
    <svg
      class={`picture ${trust.form}`}
      xmlns="http://www.w3.org/2000/svg"
      viewBox={box.map(round).join(' ')}
      role="group"
      aria-label={`The trust graph of ${study.title}`}
      aria-describedby={describedBy}
    >
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path class="arrow" d="M0,0.8L7.5,4L0,7.2z" />
        </marker>
      </defs>
      <Hub {...{ trust, layout, study }} />
      <Bands layout={layout} />
      <Lines {...{ trust, layout }} />
      <BandRules layout={layout} />
      <g class="halos" aria-hidden="true">
        {layers.map(({ props: { shown } }) => (
          <Halos key={shown.id} shown={shown} layout={layout} />
        ))}
      </g>
      {layout.placed.map((placed, index) => (
        <ClusterGroup key={index} {...{ placed, index, layout, trust, study, isLinked }} />
      ))}
      <g aria-hidden="true">{layers}</g>
      {caption === undefined ? null : <Caption {...caption} layout={layout} />}
    </svg>
  )
}

interface ClusterProps {
  placed: Placed
  index: number
  layout: Layout
  trust: Trust
  study: Study
  isLinked: boolean
}

function ClusterGroup({ placed, index, layout, trust, study, isLinked }: ClusterProps): JSX.Element {
  const { cluster, center, radius, nodes } = placed
  const isAlone = nodes.length === 1
  const told = toldOf(cluster.nodes, trust, study)
  return (
    <g
      class="cluster"
      id={`cluster-${index}`}
      tabindex={0}
      role="group"
      data-trusts={told.trusts.join(' ')}
      data-name={cluster.name}
    >
      <title>{`${cluster.name}. ${told.text}`}</title>
      {trust.form === 'matrix' ? (
        <>
          <rect class="disc" rx="3" {...rowOf(index, layout)} />
          <Cells {...{ row: index, trust, layout }} />
        </>
      ) : (
        <circle class="disc" cx={round(center.x)} cy={round(center.y)} r={round(radius)} />
      )}
      {nodes.map(({ key, at }, position) => {
        const own = toldOf([key], trust, study)
        const name = study.directory.name(key)
        return isAlone ? (
          <circle key={key} class="dot" cx={round(at.x)} cy={round(at.y)} r={layout.node} />
        ) : (
          <g
            key={key}
            class="node"
            id={`node-${index}-${position}`}
            tabindex={-1}
            role="img"
            data-trusts={own.trusts.join(' ')}
            data-name={`${name} (${cluster.name})`}
          >
            <title>{`${name} (${cluster.name}). ${own.text}`}</title>
            <circle class="dot" cx={round(at.x)} cy={round(at.y)} r={layout.node} />
          </g>
        )
      })}
      <Label {...{ placed, index, layout, isLinked }} />
    </g>
  )
}

/** The clusters of a set that counts organizations, marked as wholes. */
function Halos({ shown, layout }: { shown: Shown; layout: Layout }): JSX.Element {
  const members = new Set(shown.members)
  const marked =
    shown.grouping.key === ORGANIZATIONS.key
      ? layout.placed.filter(({ cluster }) => members.has(cluster.label))
      : []
  return (
    <g class={`layer ${shown.id} ${shown.kind}`}>
      {marked.map((placed, index) => (
        <Halo key={index} placed={placed} layout={layout} />
      ))}
    </g>
  )
}

function Halo({
  placed: { center, radius, nodes },
  layout
}: {
  placed: Placed
  layout: Layout
}): JSX.Element {
  if (layout.ring > 0 || layout.placed.length === 1)
    return <circle class="halo" cx={round(center.x)} cy={round(center.y)} r={round(radius + 5)} />
  const left = Math.min(...nodes.map(({ at }) => at.x)) - layout.node - 3
  const right = Math.max(...nodes.map(({ at }) => at.x)) + layout.node + 3
  return (
    <rect
      class="halo"
      rx={radius}
      {...{ x: round(left), y: round(center.y - radius), width: round(right - left), height: 2 * radius }}
    />
  )
}

function Layer({ shown, layout }: { shown: Shown; layout: Layout }): JSX.Element {
  const dots = layout.placed.flatMap(({ nodes }) => nodes)
  return (
    <g class={`layer ${shown.id} ${shown.kind}`}>
      {dots.map(({ key, at }) => (
        <Marker key={key} parts={shown.parts.get(key) ?? []} at={at} size={layout.node} />
      ))}
    </g>
  )
}
