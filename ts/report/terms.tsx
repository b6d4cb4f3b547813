/** The words that the page uses, for who does not know them. */

import { Fragment, type JSX } from 'preact'

import { BLOCKING, HISTORY_CRITICAL, QUORUM, SPLITTING, TOP_TIER, type Kind } from '../study/kinds.js'
import type { Study } from '../study/study.js'

const KINDS: [string, Kind][] = [
  ['Quorum', QUORUM],
  ['Top tier', TOP_TIER],
  ['Blocking set', BLOCKING],
  ['Splitting set', SPLITTING],
  ['History-critical set', HISTORY_CRITICAL]
]

export function Terms({ study }: { study: Study }): JSX.Element {
  const scope =
    study.scope === 'core'
      ? 'Splits count between two nodes of the core.'
      : 'Splits count between any two nodes.'
  const unknown =
    study.unknownNodes === 'dead'
      ? 'Nodes whose quorum set is unknown are taken to be in no quorum.'
      : 'Nodes whose quorum set is unknown are taken to join any quorum that has a known member.'
  return (
    <section aria-labelledby="terms">
      <h2 id="terms">The words</h2>
      <dl class="terms">
        <dt>Quorum set</dt>
        <dd>
          Whom a node listens to: a number and a list, of nodes or of further such sets; so many of the list
          must agree.
        </dd>
        {KINDS.map(([term, { definition }]) => (
          <Fragment key={term}>
            <dt>{term}</dt>
            <dd>{definition}</dd>
          </Fragment>
        ))}
        <dt>Organizations, countries, providers</dt>
        <dd>
          A set of them counts as all their nodes together; to split, some of their nodes are enough. A node
          without one stands for itself.
        </dd>
        <dt>How the data was read</dt>
        <dd>
          {unknown} {scope}{' '}
          {study.ignoresOneNodeQuorums
            ? 'Nodes that are a quorum all by themselves and that nobody else names are left out, as one stray validator would otherwise decide the verdict.'
            : 'Nodes that are a quorum all by themselves count like all others.'}
        </dd>
      </dl>
    </section>
  )
}
