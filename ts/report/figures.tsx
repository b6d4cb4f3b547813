/** The figures of all groupings in one table, whose cells choose what the picture shows; and what is shown, by name. */

import type { JSX } from 'preact'

import { isWithoutHistory } from '../study/doubts.js'
import { columnsOf, dataNotes, type Column } from '../study/figures.js'
import * as kinds from '../study/kinds.js'
import { membersWords } from '../study/members.js'
import { isExactly, isOpen, sizeText } from '../study/sizes.js'
import type { Counted, Study } from '../study/study.js'
import { Members } from './members.js'
import { shape } from './picture/markers.js'
import { PARTS, type Kind, type Part, type Shown } from './picture/sets.js'

interface Props {
  study: Study
  sets: Shown[]
}

/** What the columns are called in the picture. */
const KIND_OF: Record<Kind, kinds.Kind> = {
  'top-tier': kinds.TOP_TIER,
  blocking: kinds.BLOCKING,
  filtered: kinds.FILTERED,
  splitting: kinds.SPLITTING,
  'history-critical': kinds.HISTORY_CRITICAL
}

export function Figures({ study, sets }: Props): JSX.Element {
  const columns = columnsOf(study)
  const notes = dataNotes(study)
  return (
    <fieldset class="figures">
      <legend>The fewest who can do it. Choose a figure to see an example in the picture.</legend>
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
          {study.counted.map((counted) => (
            <tr key={counted.grouping.key}>
              <th scope="row">{counted.grouping.many}</th>
              {columns.map((column) => (
                <Cell key={column.kind.one} {...{ study, counted, column, sets }} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {notes.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
    </fieldset>
  )
}

function Cell({ study, counted: of, column, sets }: CellProps): JSX.Element {
  const size = column.size(of)
  const shown = sets.find(({ kind, grouping }) => KIND_OF[kind] === column.kind && grouping === of.grouping)
  const figure = <span class={isOpen(size) ? 'figure bounds' : 'figure'}>{sizeText(size)}</span>
  if (shown === undefined) return <td>{figure}</td>
  return (
    <td>
      <input type="radio" name="show" id={shown.id} value={shown.id} checked={shown === sets[0]} />
      <label for={shown.id}>
        <span aria-hidden="true">{figure}</span> <span class="hidden">{titleOf(study, shown)}</span>
      </label>
    </td>
  )
}

interface CellProps {
  study: Study
  counted: Counted
  column: Column
  sets: Shown[]
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
            <Legend parts={partsOf(shown)} />
          </div>
        )
      })}
    </div>
  )
}

/** What a set is, in a few words. */
export function titleOf(
  { directory, intersection, activity, findings }: Study,
  { kind, size, members, grouping }: Shown
): string {
  if (kind === 'splitting' && intersection.kind === 'disjoint')
    return 'It is split already: nobody has to lie.'
  if (kind === 'filtered' && activity === 'halted')
    return 'It has halted already, with the nodes that are down.'
  if (kind === 'history-critical' && isExactly(size, 0)) {
    return isWithoutHistory(findings)
      ? 'The data says of no archive that it is good.'
      : 'A quorum has no archive that is known to be good.'
  }
  const { can } = KIND_OF[kind]
  if (!isOpen(size) || size.atMost === null)
    return `${membersWords(size, members, grouping, directory)} ${can}`
  // The example can do it for sure; how many it takes is what is open.
  const example = membersWords({ kind: 'exactly', size: size.atMost }, members, grouping, directory)
  return `${example} ${can}; whether fewer can is not known${size.atLeast > 1 ? `, but it takes at least ${size.atLeast}` : ''}`
}

/** The marks of a set, with what they mean. */
function Legend({ parts }: { parts: Part[] }): JSX.Element {
  return (
    <ul class="legend">
      {parts.map((part) => (
        <li key={part}>
          <svg viewBox="-14 -14 28 28" width="18" height="18" aria-hidden="true">
            <g class={`part ${part}`}>{shape(part, 10)}</g>
          </svg>{' '}
          {PARTS[part]}
        </li>
      ))}
    </ul>
  )
}

export function partsOf({ parts }: Shown): Part[] {
  return (Object.keys(PARTS) as Part[]).filter((part) => [...parts.values()].some((of) => of[0] === part))
}
