/** The words that the page uses, for who does not know them. */

import type { JSX } from 'preact'

import type { Study } from '../study/study.js'

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
        <dt>Quorum</dt>
        <dd>Nodes that give each of them what it asks for: they can close ledgers on their own.</dd>
        <dt>Top tier</dt>
        <dd>Everybody who is in some minimal quorum, one that has no smaller quorum inside.</dd>
        <dt>Blocking set</dt>
        <dd>When its nodes stop, no quorum is left: the network halts.</dd>
        <dt>Splitting set</dt>
        <dd>
          When its nodes lie, telling different things to different others, honest nodes can close different
          ledgers.
        </dd>
        <dt>History-critical set</dt>
        <dd>
          The members of a quorum whose history archives have no error: should these go bad, it would close
          ledgers that nobody archives.
        </dd>
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
