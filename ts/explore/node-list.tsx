/**
 * All nodes in a list that can be searched, by what they have in common: where each stands, what it asks for, its whole key; and what can be
 * done to it, or to a whole organization, country or provider.
 */

import { Component, type JSX } from 'preact'
import { useId, useMemo, useRef, useState } from 'preact/hooks'

import type { QuorumSet } from '../../index.js'
import { copied } from '../report/handing-out.client.js'
import type { Directory } from '../study/directory.js'
import {
  any,
  counted,
  COUNTRIES,
  NODES,
  ORGANIZATIONS,
  PROVIDERS,
  type Grouping
} from '../study/groupings.js'
import { nodeRows, numberedSets, stateText, whyTheSame, type NodeRow } from '../study/node-rows.js'
import { rule } from '../study/rule.js'
import { visible } from '../study/visible.js'
import type { Changed, Known } from './analysis.js'
import type { Condition } from './edits.js'
import type { Explored } from './state.js'

interface Props {
  explored: Explored
  changed: Changed
  known: Known
  /** Opens the editor for the quorum set of these. */
  edit: (nodes: string[]) => void
}

const WAYS = [ORGANIZATIONS, COUNTRIES, PROVIDERS]

/** Nodes that have something in common. */
interface Group {
  /** Absent: what the others have they have not. */
  label: string | undefined
  name: string
  rows: NodeRow[]
}

export function NodeList({ explored: { change, act }, changed, known, edit }: Props): JSX.Element {
  const [grouping, setGrouping] = useState(ORGANIZATIONS)
  const [typed, setTyped] = useState('')
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const { nodes, directory } = changed
  const sets = useMemo(() => numberedSets(nodes), [nodes])
  const rows = useMemo(
    () => nodeRows({ ...known.study, nodes, directory, faultyNodes: change.down }, sets),
    [known, changed, change]
  )
  const conditions = new Map<string, Condition>([
    ...change.down.map((key) => [key, 'down'] as const),
    ...change.malicious.map((key) => [key, 'malicious'] as const)
  ])
  const words = typed.toLowerCase().split(/\s+/)
  const found = rows.filter((row) => {
    const state = stateText(row, conditions.get(row.key))
    const text = `${row.name} ${row.organization ?? ''} ${state} ${row.key}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const remove = (key: string) => {
    act({ type: 'edit', edit: { kind: 'remove', nodes: [key] } })
    // The button is gone with its node.
    list.current?.focus()
  }
  return (
    <section class="node-list" aria-labelledby="nodes">
      <h2 id="nodes">
        <span class="on-screen">Try it: all nodes</span>
        <span class="on-paper">All nodes</span>
      </h2>
      <div class="filters">
        <label>
          Find{' '}
          <input type="search" value={typed} onInput={({ currentTarget: { value } }) => setTyped(value)} />
        </label>
        <span>
          <label for={id}>By</label>{' '}
          <select
            id={id}
            value={grouping.key}
            onChange={({ currentTarget: { value } }) =>
              setGrouping(WAYS.find(({ key }) => key === value) ?? ORGANIZATIONS)
            }
          >
            {WAYS.map(({ key, one }) => (
              <option key={key} value={key}>
                {one}
              </option>
            ))}
          </select>
        </span>
        <span class="found" aria-live="polite">
          {found.length === rows.length
            ? counted(rows.length, NODES)
            : `${found.length.toLocaleString('en')} of ${counted(rows.length, NODES)}`}
        </span>
      </div>
      <div class="scrolled" role="region" aria-label="The list of nodes" tabIndex={0} ref={list}>
        {groupsOf(found, grouping, directory).map(({ label, name, rows }) => (
          <section key={label ?? ''} class="group" aria-label={name}>
            <div class="group-head">
              <h3>{name}</h3>
              {label === undefined ? null : (
                <GroupTools
                  {...{ name, conditions, act, edit }}
                  members={directory.membersOf(label, grouping)}
                />
              )}
            </div>
            <ul>
              {rows.map((row) => (
                <Row
                  key={row.key}
                  {...{ row, act, edit, remove }}
                  {...switchedTo(conditions.get(row.key) ?? 'up', row, known)}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </section>
  )
}

/** By name; last those that are in none. */
function groupsOf(rows: NodeRow[], grouping: Grouping, directory: Directory): Group[] {
  const groups = new Map<string, Group>()
  const alone: Group = { label: undefined, name: `without ${any(grouping)}`, rows: [] }
  for (const row of rows) {
    const label = directory.labelOf(row.key, grouping)
    if (directory.isAlone(label, grouping)) {
      alone.rows.push(row)
      continue
    }
    const group = groups.get(label) ?? { label, name: directory.name(label, grouping), rows: [] }
    group.rows.push(row)
    groups.set(label, group)
  }
  const sorted = [...groups.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return alone.rows.length === 0 ? sorted : [...sorted, alone]
}

interface GroupToolsProps {
  name: string
  members: string[]
  conditions: Map<string, Condition>
  act: Explored['act']
  edit: (nodes: string[]) => void
}

function GroupTools({ name, members, conditions, act, edit }: GroupToolsProps): JSX.Element {
  return (
    <div class="acts">
      {TOGGLES.map(({ condition, called }) => {
        const count = members.filter((key) => conditions.get(key) === condition).length
        const isAll = count === members.length
        return (
          <Toggle
            key={condition}
            {...{ called, condition }}
            about={name}
            pressed={isAll ? true : count > 0 ? 'mixed' : false}
            onClick={() =>
              act({
                type: 'edit',
                edit: { kind: 'condition', nodes: members, condition: isAll ? 'up' : condition }
              })
            }
          />
        )
      })}
      <button type="button" aria-label={`Quorum set: ${name}`} onClick={() => edit(members)}>
        Quorum set
      </button>
    </div>
  )
}

const TOGGLES = [
  { condition: 'down', called: 'Down' },
  { condition: 'malicious', called: 'Malicious' }
] as const

interface RowProps extends Switched {
  row: NodeRow
  act: Explored['act']
  edit: (nodes: string[]) => void
  remove: (key: string) => void
}

/** What a node does, and why nothing comes of that; absent: something may. */
interface Switched {
  condition: Condition
  why: string | undefined
}

function switchedTo(condition: Condition, row: NodeRow, { study }: Known): Switched {
  return { condition, why: condition === 'up' ? undefined : whyTheSame(row, condition, study) }
}

/** A node, drawn anew only when something about it changed: there may be hundreds, and each step concerns a few. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate({ row, condition, why }: RowProps): boolean {
    const { row: before } = this.props
    return (
      condition !== this.props.condition ||
      why !== this.props.why ||
      row.name !== before.name ||
      row.standing !== before.standing ||
      row.isListed !== before.isListed ||
      row.quorumSet?.quorumSet !== before.quorumSet?.quorumSet
    )
  }

  override render({ row, condition, why, act, edit, remove }: RowProps): JSX.Element {
    const { key, name, isListed, quorumSet } = row
    return (
      <li class={`row ${condition}`}>
        <p class="who">
          <b>{name}</b> <span class="standing">{stateText(row, condition)}</span>
        </p>
        <p class="asks">
          {quorumSet === undefined ? 'quorum set not known' : `asks for ${ruleOf(quorumSet.quorumSet)}`}
        </p>
        {why === undefined ? null : <p class="why">{why}</p>}
        <Key name={name} publicKey={key} />
        <div class="acts">
          {TOGGLES.map(({ condition: other, called }) => (
            <Toggle
              key={other}
              {...{ called }}
              condition={other}
              about={name}
              pressed={condition === other}
              onClick={() =>
                act({
                  type: 'edit',
                  edit: { kind: 'condition', nodes: [key], condition: condition === other ? 'up' : other }
                })
              }
            />
          ))}
          <button type="button" aria-label={`Quorum set: ${name}`} onClick={() => edit([key])}>
            Quorum set
          </button>
          {isListed ? (
            <button type="button" aria-label={`Remove: ${name}`} onClick={() => remove(key)}>
              Remove
            </button>
          ) : null}
        </div>
      </li>
    )
  }
}

const rules = new WeakMap<QuorumSet, string>()

/** What a quorum set asks for. Many nodes share one, and are shown again after each step. */
function ruleOf(set: QuorumSet): string {
  const known = rules.get(set) ?? rule(set)
  rules.set(set, known)
  return known
}

interface ToggleProps {
  called: string
  condition: Condition
  about: string
  pressed: boolean | 'mixed'
  onClick: () => void
}

function Toggle({ called, condition, about, pressed, onClick }: ToggleProps): JSX.Element {
  return (
    <button
      type="button"
      class={`toggle ${condition}`}
      aria-pressed={pressed}
      aria-label={`${called}: ${about}`}
      onClick={onClick}
    >
      {called}
    </button>
  )
}

/** The whole key, to be copied. */
function Key({ name, publicKey }: { name: string; publicKey: string }): JSX.Element {
  const [said, setSaid] = useState('copy')
  const code = useRef<HTMLElement>(null)
  const copy = async () => {
    if (code.current === null) return
    setSaid(await copied(code.current))
    setTimeout(() => setSaid('copy'), 1500)
  }
  return (
    <p class="key-of">
      <code ref={code}>{visible(publicKey)}</code>{' '}
      <button type="button" aria-label={`${said} the key of ${name}`} onClick={() => void copy()}>
        {said}
      </button>
    </p>
  )
}
