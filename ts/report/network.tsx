/** The network as a picture, with the figures that choose what it shows: what it draws, what it leaves out, and whom a node trusts. */

import type { JSX } from 'preact'

import type { Study } from '../study/study.js'
import { Captions, Figures, type Choice } from './figures.js'
import { classOf } from './layers.js'
import { Drawn } from './picture/drawn.js'
import { isWide } from './picture/matrix.js'
import { Picture } from './picture/picture.js'
import { shownSet, type Shown } from './picture/sets.js'
import type { Trust } from './picture/trust.js'

interface Props extends Choice {
  study: Study
  trust: Trust
  sets: Shown[]
}

/** Always the same element: what somebody points at is told in it by a script. */
const DETAILS = (
  <p id="details" aria-live="polite">
    <span class="hint">
      Point at an organization or a node, or go there by Tab and the arrow keys, to see whom it trusts.
    </span>
  </p>
)

export function Network({ study, trust, sets, chosen, choose }: Props): JSX.Element {
  const shown = shownSet(study, sets, chosen)
  const classes = [
    'network',
    ...(isWide(trust) ? ['wide'] : []),
    // In a report the browser knows what is chosen.
    ...(choose === undefined || shown === undefined ? [] : [classOf(shown.id)])
  ]
  return (
    <section aria-labelledby="network">
      <h2 id="network">Who trusts whom, and who matters</h2>
      <div class={classes.join(' ')}>
        <Figures {...{ study, sets, shown, choose }} />
        <figure>
          {trust.clusters.length === 0 ? null : (
            <div class="frame">
              <Picture {...{ study, trust, sets }} describedBy="drawn" isLinked />
            </div>
          )}
          <Drawn study={study} trust={trust} />
        </figure>
        <div class="told">
          <Captions study={study} sets={sets} />
          {trust.clusters.length === 0 ? null : DETAILS}
        </div>
      </div>
    </section>
  )
}
