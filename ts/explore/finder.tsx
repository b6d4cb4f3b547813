/** Finds nodes and organizations by name or key, to put them into a quorum set. Enter takes the first. */

import type { JSX } from 'preact'
import { useId, useState } from 'preact/hooks'

import type { QuorumSet } from '../../index.js'
import { shortened } from '../study/directory.js'
import { counted, NODES, ORGANIZATIONS } from '../study/groupings.js'
import type { Changed } from './analysis.js'
import { majorityOf } from './within.js'

interface Props {
  changed: Changed
  /** Public keys of those that are in it already. */
  known: string[]
  add: (validator: string) => void
  nest: (inner: QuorumSet) => void
}

/** Most that are shown. */
const MOST = 6

interface Candidate {
  key: string
  name: string
  more: string
  take: () => void
}

export function Finder({ changed, known, add, nest }: Props): JSX.Element {
  const [typed, setTyped] = useState('')
  const id = useId()
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const found = words.length === 0 ? [] : candidates(changed, known, add, nest, words)
  const take = (candidate: Candidate | undefined) => {
    if (candidate === undefined) return
    setTyped('')
    candidate.take()
  }
  return (
    <div class="finder">
      <label for={id}>Add a node or an organization</label>
      <input
        id={id}
        type="search"
        autocomplete="off"
        value={typed}
        onInput={({ currentTarget: { value } }) => setTyped(value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          take(found[0])
        }}
      />
      <button type="button" onClick={() => nest({ threshold: 1, validators: [], innerQuorumSets: [] })}>
        Add an inner set
      </button>
      {words.length === 0 ? null : (
        <ul aria-label="Found">
          {found.slice(0, MOST).map((candidate) => (
            <li key={candidate.key}>
              <button
                type="button"
                onClick={() => {
                  take(candidate)
                  document.getElementById(id)?.focus()
                }}
              >
                <b>{candidate.name}</b> {candidate.more}
              </button>
            </li>
          ))}
          {found.length === 0 ? <li>Nobody is called so.</li> : null}
          {found.length > MOST ? <li class="note">and {found.length - MOST} more</li> : null}
        </ul>
      )}
    </div>
  )
}

/** Organizations as inner sets of which a majority must agree, then nodes. */
function candidates(
  { nodes, directory }: Changed,
  known: string[],
  add: Props['add'],
  nest: Props['nest'],
  words: string[]
): Candidate[] {
  const fits = (...texts: string[]) => {
    const text = texts.join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  }
  const organizations = directory
    .groups(ORGANIZATIONS)
    .filter(({ isNode }) => !isNode)
    .map(({ label, nodes }) => ({ label, nodes, name: directory.name(label, ORGANIZATIONS) }))
    .filter(({ label, name }) => fits(name, label))
    .map(({ label, nodes, name }): Candidate => {
      const inner = majorityOf(nodes)
      return {
        key: `organization ${label}`,
        name,
        more: `${inner.threshold} of its ${counted(nodes.length, NODES)}, as an inner set`,
        take: () => nest(inner)
      }
    })
  const others = nodes
    .filter(({ publicKey }) => !known.includes(publicKey))
    .map(({ publicKey }) => {
      const label = directory.labelOf(publicKey, ORGANIZATIONS)
      const organization = directory.isAlone(label, ORGANIZATIONS) ? '' : directory.name(label, ORGANIZATIONS)
      return { publicKey, organization, name: directory.name(publicKey) }
    })
    .filter(({ publicKey, organization, name }) => fits(name, organization, publicKey))
    .map(({ publicKey, organization, name }): Candidate => ({
      key: publicKey,
      name,
      more: [organization, shortened(publicKey)].filter((text) => text !== '' && text !== name).join(' · '),
      take: () => add(publicKey)
    }))
  return [...organizations, ...others]
}
