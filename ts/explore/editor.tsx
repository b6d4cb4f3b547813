/**
 * The editor of a quorum set: thresholds by steps, nodes and organizations found by name, sets inside of sets. Each change is a step of its own,
 * so what comes of it is seen while somebody edits.
 */

import type { JSX } from 'preact'
import { useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks'

import type { QuorumSet } from '../../index.js'
import type { Directory } from '../study/directory.js'
import { counted, NODES, ORGANIZATIONS } from '../study/groupings.js'
import { listOf } from '../study/listing.js'
import { differentSets } from '../study/node-rows.js'
import { standing } from '../study/quorum-set-changes.js'
import { rule } from '../study/rule.js'
import type { Analysis, Changed } from './analysis.js'
import { askedBy } from './change.js'
import { Finder } from './finder.js'
import { Pasted } from './pasted.js'
import type { Explored } from './state.js'
import { changedWithin, entriesOf, type Path, type Step } from './within.js'
import { whoWords } from './words.js'

interface Props {
  analysis: Analysis
  explored: Explored
  changed: Changed
  /** Public keys; all of them get what is edited. */
  nodes: string[]
  close: () => void
}

export function QuorumSetEditor({ analysis, explored, changed, nodes, close }: Props): JSX.Element {
  const { change, act } = explored
  const { directory } = changed
  const heading = useRef<HTMLHeadingElement>(null)
  const opener = useRef(document.activeElement)
  useLayoutEffect(() => heading.current?.focus(), [])
  const asked = nodes.map((key) => askedBy(key, change, changed.nodes))
  const set = asked[0] ?? null
  const areAlike = new Set(asked.map((one) => (one === null ? '' : standing(one)))).size === 1
  const take = (quorumSet: QuorumSet | null) =>
    act({ type: 'edit', edit: { kind: 'quorumSet', nodes, quorumSet } })
  return (
    <section class="editor" aria-labelledby="editor">
      <div class="editor-head">
        <h2 id="editor" tabIndex={-1} ref={heading}>
          Quorum set of {whoWords(nodes, [directory])}
        </h2>
        <button
          type="button"
          onClick={() => {
            close()
            if (opener.current instanceof HTMLElement) opener.current.focus()
          }}
        >
          Done
        </button>
      </div>
      {areAlike ? null : (
        <p class="note">
          They ask for different things. Shown is what {directory.name(nodes[0] ?? '')} asks for; a change
          gives it to all of them.
        </p>
      )}
      {set === null ? (
        <p>
          It is not known.{' '}
          <button
            type="button"
            onClick={() => take({ threshold: 1, validators: nodes.slice(0, 1), innerQuorumSets: [] })}
          >
            Begin one
          </button>
        </p>
      ) : (
        <SetEditor
          {...{ set, directory, changed }}
          path={[]}
          step={(path, step) => take(changedWithin(set, path, step))}
        />
      )}
      <TakeOver {...{ changed, take }} />
      <Pasted {...{ analysis, change, set, take }} node={nodes[0] ?? ''} />
    </section>
  )
}

interface TakeOverProps {
  changed: Changed
  take: (set: QuorumSet | null) => void
}

/** The quorum set of others. Taken by a button: the arrow keys go through what can be chosen, and that is no step yet. */
function TakeOver({ changed: { nodes, directory }, take }: TakeOverProps): JSX.Element {
  const list = useRef<HTMLSelectElement>(null)
  const id = useId()
  const others = useMemo(() => differentSets(nodes), [nodes])
  return (
    <div class="take-over">
      <label for={id}>What others ask for</label>
      <select id={id} ref={list}>
        {others.map(({ number, nodes: who, quorumSet }) => (
          <option key={number} value={number}>
            {whoWords(who, [directory])}: {rule(quorumSet)}
          </option>
        ))}
        <option value="unknown">nothing that is known</option>
      </select>
      <button
        type="button"
        onClick={() =>
          take(others.find(({ number }) => String(number) === list.current?.value)?.quorumSet ?? null)
        }
      >
        Take over
      </button>
    </div>
  )
}

interface SetProps {
  set: QuorumSet
  path: Path
  directory: Directory
  changed: Changed
  step: (path: Path, step: Step) => void
}

function SetEditor({ set, path, directory, changed, step }: SetProps): JSX.Element {
  const field = useRef<HTMLFieldSetElement>(null)
  const take = (one: Step) => {
    step(path, one)
    // What was focused is gone with its entry.
    if (one.kind === 'leave out' || one.kind === 'cut')
      field.current?.querySelector<HTMLInputElement>('input[type=number]')?.focus()
  }
  return (
    <fieldset class="set" ref={field}>
      <legend class="hidden">
        {path.length === 0 ? 'The quorum set' : `Inner set: ${whoIn(set, directory)}`}
      </legend>
      <Threshold set={set} change={(threshold) => take({ kind: 'threshold', threshold })} />
      <ul class="entries">
        {set.validators.map((key, index) => (
          <li key={`${key} ${index}`} class="entry">
            <span>{directory.name(key)}</span>
            <button
              type="button"
              aria-label={`Leave out ${directory.name(key)}`}
              onClick={() => take({ kind: 'leave out', validator: key })}
            >
              ×
            </button>
          </li>
        ))}
        {set.innerQuorumSets.map((inner, place) => (
          <li key={place} class="inner">
            <details>
              <summary>
                {inner.threshold} of {entriesOf(inner)}: {whoIn(inner, directory)}
              </summary>
              <SetEditor {...{ directory, changed, step }} set={inner} path={[...path, place]} />
            </details>
            <button
              type="button"
              aria-label={`Leave out the inner set: ${whoIn(inner, directory)}`}
              onClick={() => take({ kind: 'cut', place })}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <Finder
        {...{ changed }}
        known={set.validators}
        add={(validator) => take({ kind: 'add', validator })}
        nest={(inner) => take({ kind: 'nest', inner })}
      />
    </fieldset>
  )
}

/** Whom an inner set is about, as short as can be. */
function whoIn({ validators, innerQuorumSets }: QuorumSet, directory: Directory): string {
  const parts = directory.byOrganization(validators).map(({ organization, nodes: members }) => {
    const [first = ''] = members
    const { length } = directory.membersOf(directory.labelOf(first, ORGANIZATIONS), ORGANIZATIONS)
    if (organization === undefined) return listOf(members.map((key) => directory.name(key)))
    return members.length === length ? organization : `${members.length} of ${length} of ${organization}`
  })
  const inner =
    innerQuorumSets.length === 0
      ? []
      : [counted(innerQuorumSets.length, { one: 'inner set', many: 'inner sets' })]
  const all = [...parts, ...inner]
  return all.length === 0 ? `no ${NODES.many}` : listOf(all)
}

/** How many entries must agree, by steps or by typing. */
function Threshold({ set, change }: { set: QuorumSet; change: (threshold: number) => void }): JSX.Element {
  const { threshold } = set
  const most = entriesOf(set)
  return (
    <div class="threshold">
      <button
        type="button"
        aria-label="One less"
        disabled={threshold <= 1}
        onClick={() => change(threshold - 1)}
      >
        −
      </button>
      <label>
        <span class="hidden">Threshold</span>
        <input
          type="number"
          min={1}
          max={Math.max(most, threshold)}
          value={threshold}
          onInput={({ currentTarget: { valueAsNumber: value } }) => {
            if (Number.isInteger(value) && value >= 1 && value !== threshold) change(value)
          }}
          onBlur={({ currentTarget }) => {
            // What is no threshold was not taken, and does not stay there as if it were.
            currentTarget.value = String(threshold)
          }}
        />
      </label>
      <button
        type="button"
        aria-label="One more"
        disabled={threshold >= most}
        onClick={() => change(threshold + 1)}
      >
        +
      </button>
      <span>of {most}</span>
    </div>
  )
}
