/** The figures of all groupings in one table, whose cells choose what the picture shows; and what is shown, by name. */

import type { JSX } from 'preact'

import { isForLackOfQuorum } from '../study/facts.js'
import {
  columnsOf,
  concernedBy,
  dataNotes,
  figureText,
  isWithoutData,
  type Column
} from '../study/figures.js'
import { any, counted, NODES } from '../study/groupings.js'
import * as kinds from '../study/kinds.js'
import { membersWords } from '../study/members.js'
import { isExactly, isOpen } from '../study/sizes.js'
import type { Counted, Study } from '../study/study.js'
import { Members } from './members.js'
import { shape } from './picture/markers.js'
import { PARTS, type Kind, type Part, type Shown } from './picture/sets.js'

interface Props {
  study: Study
  sets: Shown[]
}

/** Where a page remembers what was chosen. Absent: the browser does. */
export interface Choice {
  /** The id of a set. */
  chosen?: string
  choose?: (id: string) => void
}

/** What the columns are called in the picture. */
const KIND_OF: Record<Kind, kinds.Kind> = {
  'top-tier': kinds.TOP_TIER,
  blocking: kinds.BLOCKING,
  filtered: kinds.FILTERED,
  splitting: kinds.SPLITTING,
  'history-critical': kinds.HISTORY_CRITICAL
}

interface FiguresProps extends Props {
  /** The set that is shown. */
  shown: Shown | undefined
  choose: Choice['choose']
}

export function Figures({ study, sets, shown, choose }: FiguresProps): JSX.Element {
  const columns = columnsOf(study)
  // What there is no data on is said in the table itself.
  const notes = dataNotes(study).filter(({ about }) => about !== 'archives' && about !== 'no groups')
  return (
    <fieldset class="figures">
      <legend>
        The fewest who can do it.
        {sets.length === 0 ? null : ' Choose a figure to see an example in the picture.'}
      </legend>
      <table>
        <thead>
          <tr>
            <th scope="col">counting</th>
            {columns.map(({ kind }) => (
              <th key={kind.one} scope="col">
                {kind.heading} <span class="note">{kind.column}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {study.counted.map((of) => (
            <tr key={of.grouping.key}>
              <th scope="row">{of.grouping.many}</th>
              {of.data.kind === 'missing' ? (
                <td class="no-data" colSpan={columns.length}>
                  no data: none of the {concernedBy(study)} has {any(of.grouping)}
                </td>
              ) : (
                columns.map((column) => (
                  <Cell key={column.kind.one} {...{ study, of, column, sets, chosen: shown, choose }} />
                ))
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {notes.map(({ words }) => (
        <p key={words} class="note">
          {words}
        </p>
      ))}
    </fieldset>
  )
}

function Cell({ study, of, column, sets, chosen, choose }: CellProps): JSX.Element {
  if (isWithoutData(study, of, column)) return <td class="no-data">no data</td>
  const size = column.size(of)
  const shown = sets.find(({ kind, grouping }) => KIND_OF[kind] === column.kind && grouping === of.grouping)
  const isNumber = !isOpen(size) && !isForLackOfQuorum(size, study.intersection)
  const figure = <span class={isNumber ? 'figure' : 'figure words'}>{figureText(study, of, column)}</span>
  if (shown === undefined) return <td>{figure}</td>
  return (
    <td>
      <input
        type="radio"
        name="show"
        id={shown.id}
        value={shown.id}
        checked={shown === chosen}
        onChange={choose === undefined ? undefined : () => choose(shown.id)}
      />
      <label for={shown.id}>
        <span aria-hidden="true">{figure}</span> <span class="hidden">{titleOf(study, shown)}</span>
      </label>
    </td>
  )
}

interface CellProps {
  study: Study
  of: Counted
  column: Column
  sets: Shown[]
  chosen: Shown | undefined
  choose: Choice['choose']
}

/** What the picture shows, for each set; one of them is visible at a time. */
export function Captions({ study, sets }: Props): JSX.Element {
  return (
    <div class="captions" aria-live="polite">
      {sets.map((shown) => {
        return (
          <div key={shown.id} class={`caption ${shown.id}`}>
            <p class="caption-title">{titleOf(study, shown)}</p>
            <div class="who">
              <Members study={study} members={shown.members} grouping={shown.grouping} />
            </div>
            <Legend study={study} shown={shown} />
          </div>
        )
      })}
    </div>
  )
}

/** What a set is, in a few words. */
export function titleOf(
  { directory, intersection, activity }: Study,
  { kind, size, members, grouping }: Shown
): string {
  if (kind === 'splitting' && intersection.kind === 'disjoint')
    return 'It is split already: nobody has to lie.'
  if (kind === 'filtered' && activity === 'halted')
    return 'It has halted already, with the nodes that are down.'
  if (kind === 'history-critical' && isExactly(size, 0))
    return 'A quorum has no archive that is known to be good.'
  const { can } = KIND_OF[kind]
  if (!isOpen(size) || size.atMost === null)
    return `${membersWords(size, members, grouping, directory)} ${can}`
  // The example can do it for sure; how many it takes is what is open.
  const example = membersWords({ kind: 'exactly', size: size.atMost }, members, grouping, directory)
  return `${example} ${can}; whether fewer can is not known${size.atLeast > 1 ? `, but it takes at least ${size.atLeast}` : ''}`
}

/** The marks of a set, with what they mean and, of a split, who is on which side. */
function Legend({ study, shown }: { study: Study; shown: Shown }): JSX.Element {
  const sides: Part[] = ['side-a', 'side-b']
  return (
    <ul class="legend">
      {partsOf(shown).map((part) => (
        <li key={part}>
          <svg viewBox="-14 -14 28 28" width="18" height="18" aria-hidden="true">
            <g class={`part ${part}`}>{shape(part, 10)}</g>
          </svg>{' '}
          {sides.includes(part) ? (
            <div class="side">
              {PARTS[part]}, {counted(withPart(shown, part).length, NODES)}:{' '}
              <Members study={study} members={withPart(shown, part)} />
            </div>
          ) : (
            PARTS[part]
          )}
        </li>
      ))}
    </ul>
  )
}

/** The nodes that have this part alone or before others. */
function withPart({ parts }: Shown, part: Part): string[] {
  return [...parts].filter(([, [first]]) => first === part).map(([key]) => key)
}

export function partsOf({ parts }: Shown): Part[] {
  return (Object.keys(PARTS) as Part[]).filter((part) => [...parts.values()].some((of) => of[0] === part))
}
