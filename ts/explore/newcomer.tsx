/** A node that comes: what it is called, whose it is, and what it asks for to begin with. Then its quorum set can be edited. */

import type { JSX } from 'preact'
import { useMemo, useRef } from 'preact/hooks'

import type { FbasNode } from '../../index.js'
import { ORGANIZATIONS } from '../study/groupings.js'
import { differentSets } from '../study/node-rows.js'
import { rule } from '../study/rule.js'
import type { Changed } from './analysis.js'
import type { Explored } from './state.js'
import { whoWords } from './words.js'

interface Props {
  changed: Changed
  act: Explored['act']
  edit: (nodes: string[]) => void
}

export function Newcomer({ changed, act, edit }: Props): JSX.Element {
  const { nodes, directory } = changed
  const form = useRef<HTMLFormElement>(null)
  const sets = useMemo(() => differentSets(nodes), [nodes])
  const organizations = directory.groups(ORGANIZATIONS).filter(({ isNode }) => !isNode)
  const taken = new Set(nodes.map(({ publicKey }) => publicKey))
  const free = freeKey(new Set(directory.nodes))
  const add = () => {
    if (form.current === null) return
    const given = new FormData(form.current)
    const text = (name: string) => String(given.get(name) ?? '').trim()
    const key = text('key')
    const field = form.current.elements.namedItem('key') as HTMLInputElement
    field.setCustomValidity(
      key === '' ? 'A node needs a key.' : taken.has(key) ? 'A node of the network has this key.' : ''
    )
    if (!form.current.reportValidity()) return
    const organization = text('organization')
    const node: FbasNode = {
      publicKey: key,
      name: text('name'),
      quorumSet: sets.find(({ number }) => String(number) === text('set'))?.quorumSet ?? null,
      ...(organization === '' ? {} : { [organizationAttribute(changed)]: organization })
    }
    act({ type: 'edit', edit: { kind: 'add', node } })
    edit([key])
    form.current.reset()
  }
  return (
    <details class="newcomer">
      <summary>Add a node</summary>
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault()
          add()
        }}
      >
        <label>
          Name <input name="name" autocomplete="off" />
        </label>
        <label>
          Public key{' '}
          <input
            name="key"
            autocomplete="off"
            required
            defaultValue={free}
            key={free}
            onInput={({ currentTarget }) => currentTarget.setCustomValidity('')}
          />
        </label>
        <label>
          Organization{' '}
          <select name="organization">
            <option value="">none</option>
            {organizations.map(({ label }) => (
              <option key={label} value={label}>
                {directory.name(label, ORGANIZATIONS)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Asks for the same as{' '}
          <select name="set">
            {sets.map(({ number, nodes: who, quorumSet }) => (
              <option key={number} value={number}>
                {whoWords(who, [directory])}: {rule(quorumSet)}
              </option>
            ))}
            <option value="">nobody: it is not known</option>
          </select>
        </label>
        <button type="submit">Add</button>
      </form>
    </details>
  )
}

/** What says of a node whose it is: organizations that are listed, and otherwise what all nodes go by. */
function organizationAttribute({ nodes, organizations }: Changed): 'organizationId' | 'homeDomain' {
  const isById = organizations !== undefined || nodes.some(({ organizationId }) => organizationId != null)
  return isById ? 'organizationId' : 'homeDomain'
}

function freeKey(taken: Set<string>): string {
  let number = 1
  while (taken.has(`NEW-NODE-${number}`)) number++
  return `NEW-NODE-${number}`
}
