/** All nodes in a table that can be searched: where each stands, whose it is, what it asks for, and its whole key. */

import type { JSX } from 'preact'

import { counted, NODES } from '../study/groupings.js'
import { nodeRows, stateText, type NodeRow } from '../study/node-rows.js'
import type { Study } from '../study/study.js'
import { rule } from '../study/rule.js'
import { visible } from '../study/visible.js'

export function Nodes({ study }: { study: Study }): JSX.Element {
  const rows = nodeRows(study)
  return (
    <section class="all-nodes" aria-labelledby="nodes">
      <h2 id="nodes">All nodes</h2>
      {rows.length === 0 ? <p>There are none.</p> : <List rows={rows} />}
    </section>
  )
}

function List({ rows }: { rows: NodeRow[] }): JSX.Element {
  const notes = [
    ...(rows.some(({ quorumSet }) => quorumSet !== undefined)
      ? ['Nodes with the same number ask for the same.']
      : []),
    ...(rows.some(({ standing }) => standing === 'not in the core')
      ? ['A node that is not in the core depends on it, or is in no quorum.']
      : []),
    ...(rows.some(({ isListed }) => !isListed)
      ? ['A node that is not listed is only named in quorum sets.']
      : [])
  ]
  return (
    <>
      {notes.length === 0 ? null : <p>{notes.join(' ')}</p>}
      {/* Of use only where scripts run, which show it. */}
      <p class="search" hidden>
        <label>
          Find a node, an organization, a key: <input type="search" id="find" autocomplete="off" />
        </label>{' '}
        <span id="found" aria-live="polite">
          {counted(rows.length, NODES)}
        </span>
      </p>
      <div class="scrolled" role="region" aria-label="The list of nodes" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">node</th>
              <th scope="col">state</th>
              <th scope="col">organization</th>
              <th scope="col">quorum set</th>
              <th scope="col">public key</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <th scope="row">{row.name}</th>
                <td data-column="state">{stateText(row)}</td>
                <td data-column="organization">{row.organization ?? 'none'}</td>
                <td data-column="quorum set">{setText(row)}</td>
                <td data-column="public key">
                  <code>{visible(row.key)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function setText({ quorumSet }: NodeRow): string {
  return quorumSet === undefined ? 'not known' : `${quorumSet.number}: ${rule(quorumSet.quorumSet)}`
}
