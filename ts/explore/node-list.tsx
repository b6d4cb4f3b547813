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
interface Together {
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
  const conditions = useMemo(
    () =>
      new Map<string, Condition>([
        ...change.down.map((key) => [key, 'down'] as const),
        ...change.malicious.map((key) => [key, 'malicious'] as const)
      ]),
    [change]
  )
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
        {groupsOf(found, grouping, directory).map(({ label, name, rows }) => {
          const members = label === undefined ? [] : directory.membersOf(label, grouping)
          return (
            <Group
              key={label ?? ''}
              {...{ label, name, act, edit, remove, members }}
              conditions={members.map((key) => conditions.get(key) ?? 'up')}
              rows={rows.map((row) => ({ row, ...switchedTo(conditions.get(row.key) ?? 'up', row, known) }))}
            />
          )
        })}
      </div>
    </section>
  )
}

/** By name; last those that are in none. */
function groupsOf(rows: NodeRow[], grouping: Grouping, directory: Directory): Together[] {
  const groups = new Map<string, Together>()
  const alone: Together = { label: undefined, name: `without ${any(grouping)}`, rows: [] }
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

interface GroupProps {
  label: string | undefined
  name: string
  /** All of it, and what each does, whether or not they are found. */
  members: string[]
  conditions: Condition[]
  rows: Shown[]
  act: Explored['act']
  edit: (nodes: string[]) => void
  remove: (key: string) => void
}

/** Nodes that have something in common, drawn anew only when something about one of them changed: there may be hundreds, and each step concerns a few. */
class Group extends Component<GroupProps> {
  override shouldComponentUpdate({ name, members, conditions, rows }: GroupProps): boolean {
    const before = this.props
    return (
      name !== before.name ||
      members.length !== before.members.length ||
      members.some((key, index) => key !== before.members[index]) ||
      conditions.some((condition, index) => condition !== before.conditions[index]) ||
      rows.length !== before.rows.length ||
      rows.some((shown, index) => isOther(shown, before.rows[index]))
    )
  }

  override render({ label, name, members, conditions, rows, act, edit, remove }: GroupProps): JSX.Element {
    return (
      <section class="group" aria-label={name}>
        <div class="group-head">
          <h3>{name}</h3>
          {label === undefined ? null : <GroupTools {...{ name, members, conditions, act, edit }} />}
        </div>
        <ul>
          {rows.map((shown) => (
            <Row key={shown.row.key} {...{ ...shown, act, edit, remove }} />
          ))}
        </ul>
      </section>
    )
  }
}

function GroupTools({
  name,
  members,
  conditions,
  act,
  edit
}: Pick<GroupProps, 'name' | 'members' | 'conditions' | 'act' | 'edit'>): JSX.Element {
  return (
    <div class="acts">
      {TOGGLES.map(({ condition, called }) => {
        const count = conditions.filter((other) => other === condition).length
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

/** What a node does, and why nothing comes of that; absent: something may. */
interface Switched {
  condition: Condition
  why: string | undefined
}

/** What is shown of a node. */
interface Shown extends Switched {
  row: NodeRow
}

interface RowProps extends Shown {
  act: Explored['act']
  edit: (nodes: string[]) => void
  remove: (key: string) => void
}

/** Whether a row is to be drawn anew. */
function isOther({ row, condition, why }: Shown, before: Shown | undefined): boolean {
  return (
    row.key !== before?.row.key ||
    condition !== before.condition ||
    why !== before.why ||
    row.name !== before.row.name ||
    row.standing !== before.row.standing ||
    row.isListed !== before.row.isListed ||
    row.quorumSet?.quorumSet !== before.row.quorumSet?.quorumSet
  )
}

function switchedTo(condition: Condition, row: NodeRow, { study }: Known): Switched {
  return { condition, why: condition === 'up' ? undefined : whyTheSame(row, condition, study) }
}

/** A node, drawn anew as seldom. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    return isOther(next, this.props)
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
