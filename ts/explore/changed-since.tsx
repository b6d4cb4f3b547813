/** What changed since the beginning, as `diff` tells it, and the steps that led there. */

import type { ComponentChildren, JSX } from 'preact'
import { useMemo } from 'preact/hooks'

import { Members } from '../report/members.js'
import {
  DIRECTIONS,
  FIGURES,
  setsChangedAlike,
  sidedWords,
  valueWords,
  type Change,
  type Sided
} from '../study/changes.js'
import { comparisonOf, type Comparison } from '../study/comparison.js'
import { counted, groupingOf, NODES } from '../study/groupings.js'
import { membersWords } from '../study/members.js'
import { namingOf } from '../study/naming.js'
import type { Study } from '../study/study.js'
import type { Known } from './analysis.js'
import type { Explored } from './state.js'
import { stepWords } from './words.js'

/** Findings that stand unfolded: more would push the answers out of sight. */
const MOST_UNFOLDED = 2

interface Props {
  explored: Explored
  before: Known
  known: Known
}

type Figure = Extract<Change, { what: string }>
type Member = Extract<Change, { member: string }>
type Found = Extract<Change, { code: string }>

export function ChangedSince({ explored: { journal }, before, known }: Props): JSX.Element | null {
  // A step that leaves the network as it is, such as a node going down, leaves its names, too.
  const { old, now } = useMemo(
    () => before.directory.beside(known.directory),
    [before.directory, known.directory]
  )
  // Whom nobody took as down on this page is up.
  const changes = useMemo(
    () => (
      <Changes
        comparison={comparisonOf(before.study, known.study, 'up')}
        before={{ ...before.study, directory: old }}
        after={{ ...known.study, directory: now }}
      />
    ),
    [before, known]
  )
  if (journal.done.length === 0) return null
  const directories = [now, old]
  return (
    <section class="changed" aria-labelledby="changed">
      <h2 id="changed">What changed since the beginning</h2>
      {changes}
      <details class="steps">
        <summary>{counted(journal.done.length, { one: 'step', many: 'steps' })}</summary>
        <ol>
          {journal.done.map((edit, index) => (
            <li key={index}>{stepWords(edit, directories)}</li>
          ))}
        </ol>
      </details>
    </section>
  )
}

/** What this page calls the two networks. */
const CALLED = { old: 'Before', new: 'Now' }

const linesOf = (said: Sided[]) => said.map((one) => sidedWords(one, CALLED))

interface Compared {
  comparison: Comparison
  /** With names that stand for one thing in both. */
  before: Study
  after: Study
}

function Changes({ comparison, before, after }: Compared): JSX.Element {
  const { changes, doubts, notCompared, unproven } = comparison
  const figures = changes.filter((change): change is Figure => 'what' in change)
  const members = (kind: Member['kind'], ...ways: Member['change'][]) =>
    changes.filter(
      (change): change is Member => change.kind === kind && 'member' in change && ways.includes(change.change)
    )
  const findings = (way: Found['change']) =>
    changes.filter((change): change is Found => change.kind === 'finding' && change.change === way)
  const isSilent = unproven.length + notCompared.length === 0
  return (
    <>
      {doubts.map((doubt, index) => (
        <p key={index} class="doubt">
          {sidedWords(doubt, CALLED)}{' '}
          {doubt.nodes.length === 0 ? null : (
            <Members study={doubt.side === 'old' ? before : after} members={doubt.nodes} />
          )}
        </p>
      ))}
      {linesOf(notCompared).map((line) => (
        <p key={line} class="doubt">
          {line}
        </p>
      ))}
      {changes.length === 0 ? (
        <p>{isSilent ? 'Nothing changed.' : 'Nothing else is known to have changed.'}</p>
      ) : null}
      {figures.length === 0 ? null : <FigureTable figures={figures} />}
      <Moves title="Top tier" {...{ before, after }} members={members('topTier', 'joined', 'left')} />
      <Moves title="Listed" {...{ before, after }} members={members('listed', 'joined', 'left')} />
      <OtherSets changes={changes} study={after} />
      <Moves
        title="Quorum sets that are not known any more"
        {...{ before, after }}
        members={members('quorumSet', 'lost')}
      />
      <Moves
        title="Quorum sets that were not known before"
        {...{ before, after }}
        members={members('quorumSet', 'found')}
      />
      <FindingList title="New findings" found={findings('new')} study={after} />
      <FindingList title="Findings that are gone" found={findings('gone')} study={before} />
      {unproven.length === 0 ? null : (
        <Part title="NOT exact: what is not proven may have changed, too.">
          {linesOf(unproven).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </Part>
      )}
    </>
  )
}

function FigureTable({ figures }: { figures: Figure[] }): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">what</th>
          <th scope="col">before</th>
          <th scope="col">now</th>
          <th scope="col">which is</th>
        </tr>
      </thead>
      <tbody>
        {figures.map(({ counting, what, old, new: now, direction }) => (
          <tr key={`${counting} ${what}`}>
            <th scope="row">
              {FIGURES[what] ?? what}
              {counting === undefined ? null : <span class="note">counting {groupingOf(counting).many}</span>}
            </th>
            <td>{valueWords(old)}</td>
            <td>{valueWords(now)}</td>
            <td class={`direction ${direction}`}>{DIRECTIONS[direction]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface MovesProps {
  title: string
  before: Study
  after: Study
  members: Member[]
}

/** Who came and who went, a line for each way of counting. */
function Moves({ title, before, after, members }: MovesProps): JSX.Element | null {
  const lines = new Map<string, Member[]>()
  for (const member of members) {
    const key = `${member.change} ${'counting' in member ? member.counting : ''}`
    lines.set(key, [...(lines.get(key) ?? []), member])
  }
  if (lines.size === 0) return null
  const signs = { joined: '+', left: '−', changed: '~', lost: '?', found: '~' }
  return (
    <Part title={title}>
      {[...lines].map(([key, of]) => {
        const [first] = of
        if (first === undefined) return null
        const grouping = 'counting' in first ? groupingOf(first.counting) : NODES
        const study = first.change === 'left' ? before : after
        const labels = of.map(({ member }) => member)
        return (
          <li key={key}>
            {signs[first.change]}{' '}
            {membersWords({ kind: 'exactly', size: labels.length }, labels, grouping, study.directory)}:{' '}
            <Members {...{ study, members: labels, grouping }} />
          </li>
        )
      })}
    </Part>
  )
}

/** Nodes in whose quorum sets the same changed, with what that is. */
function OtherSets({ changes, study }: { changes: Change[]; study: Study }): JSX.Element | null {
  const naming = namingOf({}, study.directory)
  const alike = setsChangedAlike(changes, (keys) => naming.listFully(keys))
  if (alike.length === 0) return null
  return (
    <Part title="Other quorum sets than before">
      {alike.map(({ members, words }) => (
        <li key={words.join('\n')}>
          ~ {membersWords({ kind: 'exactly', size: members.length }, members, NODES, study.directory)}:{' '}
          <Members {...{ study, members }} />
          <ul>
            {words.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </li>
      ))}
    </Part>
  )
}

function FindingList({
  title,
  found,
  study
}: {
  title: string
  found: Found[]
  study: Study
}): JSX.Element | null {
  if (found.length === 0) return null
  const list = (
    <ul>
      {found.map(({ code, message, nodes }, index) => (
        <li key={index}>
          <code>{code}</code> {message}{' '}
          {nodes.length === 0 ? null : <Members {...{ study, members: nodes, most: 3 }} />}
        </li>
      ))}
    </ul>
  )
  return (
    <>
      <h3>{title}</h3>
      {found.length <= MOST_UNFOLDED ? (
        list
      ) : (
        <details>
          <summary>{counted(found.length, { one: 'finding', many: 'findings' })}</summary>
          {list}
        </details>
      )}
    </>
  )
}

function Part({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <>
      <h3>{title}</h3>
      <ul>{children}</ul>
    </>
  )
}
