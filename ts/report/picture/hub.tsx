/** What all ask for, in the middle, with a spoke to each; said as it is true of the quorum sets as they stand. */

import type { JSX } from 'preact'

import { ORGANIZATIONS } from '../../study/groupings.js'
import { entriesOf } from '../../study/rule.js'
import type { Study } from '../../study/study.js'
import { symmetryOf, symmetryTitle } from '../../study/symmetry.js'
import { askedOf } from './circle.js'
import { onCircle, round, type Layout } from './place.js'
import type { Trust } from './trust.js'

interface Props {
  trust: Trust
  layout: Layout
  study: Study
}

export function Hub({ trust, layout, study }: Props): JSX.Element {
  const symmetry = symmetryOf(study)
  if (symmetry === null || layout.hub === 0) return <g />
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
      <circle class="hub-disc" r={layout.hub} />
      <text class="hub-note" text-anchor="middle" y="-24">
        {symmetry.isShortened || symmetry.isCompleted ? 'all in effect' : 'all ask for'}
      </text>
      <text class="hub-rule" text-anchor="middle" y="8">
        {askedOf(symmetry.shared)}
      </text>
      <text class="hub-note" text-anchor="middle" y="31">
        {kindOf(trust, study)}
      </text>
      <title>{symmetryTitle(symmetry)}</title>
    </g>
  )
}

/** What the entries are: organizations where each is one that is drawn. */
function kindOf({ shared, clusters }: Trust, { directory }: Study): string {
  if (shared === null) return ''
  const { validators, innerQuorumSets } = shared
  const areOrganizations =
    validators.length === 0 &&
    innerQuorumSets.length === clusters.length &&
    clusters.every(({ rule, label }) => rule !== undefined && !directory.isAlone(label, ORGANIZATIONS))
  const { one, many } = areOrganizations ? ORGANIZATIONS : entriesOf(shared)
  return validators.length + innerQuorumSets.length === 1 ? one : many
}
