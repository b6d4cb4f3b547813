/**
 * The trust graph of the core as SVG: clusters round a circle, lines between them or, where all share one quorum set, spokes to what they
 * share; and over it one layer for each set that can be shown, of which one is visible at a time.
 *
 * Only attributes and classes, no styles, so that a strict content security policy lets it pass; nothing in it hangs on time or chance.
 */

import { curveBundle, line } from 'd3-shape'
import type { JSX } from 'preact'

import type { Study } from '../../study/study.js'
import { rule } from '../../study/rule.js'
import { endOf, layOut, onCircle, round, type Layout, type Placed, type Point } from './layout.js'
import { Caption, Label } from './labels.js'
import { Marker } from './markers.js'
import type { Part, Shown } from './sets.js'
import { referenceTo, toldOf } from './told.js'
import type { Trust } from './trust.js'

interface Props {
  study: Study
  trust: Trust
  sets: Shown[]
  /** Says more about it; the id of an element. */
  describedBy?: string
  /** For a picture on its own: what it shows, under it. */
  caption?: { title: string; parts: Part[] }
}

const path = line<Point>()
  .x(({ x }) => round(x))
  .y(({ y }) => round(y))
  .curve(curveBundle.beta(0.72))

export function Picture({ study, trust, sets, describedBy, caption }: Props): JSX.Element {
  const layout = layOut(trust)
  const [left, top, width, height] = layout.box
  const box = [left, top, width, height + (caption === undefined ? 0 : 4.2 * layout.text)]
  const layers = sets.map((shown) => <Layer key={shown.id} shown={shown} layout={layout} />)
  return (
    <svg
      class="picture"
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
      {trust.shared === null ? (
        <Lines trust={trust} layout={layout} />
      ) : (
        <Hub trust={trust} layout={layout} />
      )}
      <g class="halos" aria-hidden="true">
        {layers.map(({ props: { shown } }) => (
          <Halos key={shown.id} shown={shown} layout={layout} />
        ))}
      </g>
      {layout.placed.map((placed, index) => (
        <ClusterGroup key={placed.cluster.label} {...{ placed, index, layout, trust, study }} />
      ))}
      <g aria-hidden="true">{layers}</g>
      {caption === undefined ? null : <Caption {...caption} layout={layout} />}
    </svg>
  )
}

/** What they all ask for, in the middle, with a spoke to each. */
function Hub({ trust, layout }: { trust: Trust; layout: Layout }): JSX.Element {
  const { shared } = trust
  if (shared === null) return <g />
  const { threshold, validators, innerQuorumSets } = shared
  const entries = validators.length + innerQuorumSets.length
  const isOfClusters = trust.clusters.every((cluster) => cluster.rule !== undefined)
  const asked = `${threshold} of ${entries}`
  const kind = innerQuorumSets.length === 0 ? 'nodes' : isOfClusters ? 'organizations' : 'groups'
  return (
    <g class="hub">
      {layout.placed.map((placed, index) => {
        const end = onCircle(placed.angle, layout.ring - placed.radius)
        return (
          <path
            key={placed.cluster.label}
            class="spoke"
            d={`M0,0L${round(end.x)},${round(end.y)}`}
            data-to={index}
          />
        )
      })}
      <circle class="hub-disc" r={Math.max(62, 24 + asked.length * 6.8)} />
      <text class="hub-note" text-anchor="middle" y="-24">
        all ask for
      </text>
      <text class="hub-rule" text-anchor="middle" y="8">
        {asked}
      </text>
      <text class="hub-note" text-anchor="middle" y="31">
        {kind}
      </text>
      <title>All nodes ask for the same: {rule(shared)}</title>
    </g>
  )
}

function Lines({ trust, layout }: { trust: Trust; layout: Layout }): JSX.Element {
  const { lines } = trust
  // What is one-sided matters more and is drawn last.
  const ordered = [...lines.filter(({ isMutual }) => isMutual), ...lines.filter(({ isMutual }) => !isMutual)]
  const density = lines.length > 250 ? 'dense' : lines.length > 60 ? 'many' : 'few'
  return (
    <g class={`lines ${density}`} fill="none">
      {ordered.map((line, index) => {
        const [start, end] = [endOf(line.from, layout), endOf(line.to, layout)]
        return (
          <path
            key={index}
            class={line.isMutual ? 'line mutual' : 'line'}
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

interface ClusterProps {
  placed: Placed
  index: number
  layout: Layout
  trust: Trust
  study: Study
}

function ClusterGroup({ placed, index, layout, trust, study }: ClusterProps): JSX.Element {
  const { cluster, center, radius, nodes } = placed
  const isAlone = nodes.length === 1
  const told = toldOf(cluster.nodes, trust, study)
  return (
    <g
      class="cluster"
      id={`cluster-${index}`}
      tabIndex={0}
      role={isAlone ? 'img' : 'group'}
      data-trusts={told.trusts.join(' ')}
      data-name={cluster.name}
    >
      <title>{`${cluster.name}. ${told.text}`}</title>
      <circle class="disc" cx={round(center.x)} cy={round(center.y)} r={round(radius)} />
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
            tabIndex={-1}
            role="img"
            data-trusts={own.trusts.join(' ')}
            data-name={`${name} (${cluster.name})`}
          >
            <title>{`${name} (${cluster.name}). ${own.text}`}</title>
            <circle class="dot" cx={round(at.x)} cy={round(at.y)} r={layout.node} />
          </g>
        )
      })}
      <Label placed={placed} index={index} layout={layout} />
    </g>
  )
}

/** The clusters of a set that counts organizations, marked as wholes. */
function Halos({ shown, layout }: { shown: Shown; layout: Layout }): JSX.Element {
  const members = new Set(shown.members)
  const marked =
    shown.grouping.key === 'organization'
      ? layout.placed.filter(({ cluster }) => members.has(cluster.label))
      : []
  return (
    <g class={`layer ${shown.id} ${shown.kind}`}>
      {marked.map(({ cluster, center, radius }) => (
        <circle
          key={cluster.label}
          class="halo"
          cx={round(center.x)}
          cy={round(center.y)}
          r={round(radius + 5)}
        />
      ))}
    </g>
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
