/**
 * The trust graph of the core as SVG: clusters round a circle, lines between them or, where all share one quorum set, spokes to what they
 * share; and over it one layer for each set that can be shown, of which one is visible at a time.
 *
 * Only attributes and classes, no styles, so that a strict content security policy lets it pass; nothing in it hangs on time or chance.
 */

import { curveBundle, line } from 'd3-shape'
import type { JSX } from 'preact'

import { NODES } from '../../cli/groupings.js'
import type { Study } from '../../cli/study.js'
import { rule } from '../../cli/verdicts.js'
import { CHARACTER, endOf, layOut, onCircle, type Layout, type Placed, type Point } from './layout.js'
import { Marker, shape } from './markers.js'
import { PARTS, type Part, type Shown } from './sets.js'
import type { Line, Trust } from './trust.js'

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
        <Lines lines={trust.lines} layout={layout} />
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

function Lines({ lines, layout }: { lines: Line[]; layout: Layout }): JSX.Element {
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
            data-from={reference(line.from, layout)}
            data-to={reference(line.to, layout)}
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
  const told = describe(cluster.nodes, trust, layout, study)
  return (
    <g
      class="cluster"
      id={`cluster-${index}`}
      tabIndex={0}
      role="img"
      aria-label={`${cluster.name}. ${told.text}`}
      data-trusts={told.trusts.join(' ')}
      data-name={cluster.name}
      data-text={told.text}
    >
      <title>{`${cluster.name}. ${told.text}`}</title>
      <circle class="disc" cx={round(center.x)} cy={round(center.y)} r={round(radius)} />
      {nodes.map(({ key, at }, position) => {
        const own = describe([key], trust, layout, study)
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
            aria-label={`${name}. ${own.text}`}
            data-trusts={own.trusts.join(' ')}
            data-name={`${name} (${cluster.name})`}
            data-text={own.text}
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

/** The name outside the circle, and a number that stands for it where there is no space. */
function Label({ placed, index, layout }: { placed: Placed; index: number; layout: Layout }): JSX.Element {
  const { cluster, angle, radius, label } = placed
  const { ring, text } = layout
  const number = onCircle(angle, ring + radius + text)
  const place = `translate(${round(label.at.x)},${round(label.at.y)}) rotate(${round(label.turned)})`
  return (
    <g class="label" aria-hidden="true" font-size={round(text)}>
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
      <text class="label-number" x={round(number.x)} y={round(number.y)} dy="0.35em" text-anchor="middle">
        {index + 1}
      </text>
    </g>
  )
}

/** What is shown and what its marks mean, under the picture. */
function Caption({ title, parts, layout }: { title: string; parts: Part[]; layout: Layout }): JSX.Element {
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

/** Whom some nodes name, in words and as references to clusters and nodes. */
function describe(keys: string[], { namedBy, clusters }: Trust, layout: Layout, { nodes, directory }: Study) {
  const trusts: string[] = []
  const words: string[] = []
  const own = new Set(keys)
  for (const [index, { name, nodes: members }] of clusters.entries()) {
    const others = members.filter((key) => !own.has(key))
    const named = others.filter((other) => keys.some((key) => namedBy.get(key)?.has(other)))
    if (named.length === 0) continue
    trusts.push(
      ...named.map(
        (key) => `node-${index}-${layout.placed[index]?.nodes.findIndex((dot) => dot.key === key)}`
      )
    )
    trusts.push(`cluster-${index}`)
    words.push(named.length === members.length ? name : `${named.length} of ${members.length} of ${name}`)
  }
  const rules = new Set(
    keys.map((key) => {
      const quorumSet = nodes.find(({ publicKey }) => publicKey === key)?.quorumSet
      return quorumSet ? rule(quorumSet) : 'nothing that is known'
    })
  )
  const asks =
    rules.size === 1
      ? `Asks for ${[...rules][0]}.`
      : `Its ${keys.length} ${NODES.many} ask for different things.`
  const trust = words.length === 0 ? 'Trusts nobody else here.' : `Trusts ${words.join(', ')}.`
  const members =
    keys.length > 1 ? `${keys.length} nodes: ${keys.map((key) => directory.name(key)).join(', ')}. ` : ''
  return { trusts, text: `${members}${asks} ${trust}` }
}

function reference({ cluster, node }: Line['from'], { placed }: Layout): string {
  const position = placed[cluster]?.nodes.findIndex(({ key }) => key === node) ?? -1
  return position < 0 ? `cluster-${cluster}` : `node-${cluster}-${position}`
}

/** A tenth of a unit cannot be seen. */
function round(value: number): number {
  return Math.round(value * 10) / 10 + 0
}
