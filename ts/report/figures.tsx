/** The figures of all groupings in one table, whose cells choose what the picture shows; and what is shown, by name. */

import type { JSX } from 'preact'

import { counted } from '../study/groupings.js'
import { sizeText, type Size } from '../study/sizes.js'
import type { Counted, Study } from '../study/study.js'
import { Members } from './members.js'
import { shape } from './picture/markers.js'
import { PARTS, type Kind, type Part, type Shown } from './picture/sets.js'

interface Props {
  study: Study
  sets: Shown[]
}

interface Column {
  kind: Kind
  /** Over the column. */
  title: string
  /** Under the title. */
  note: string
  size: (counted: Counted) => Size
  /** What a set of it does, in a sentence that goes on from its size. */
  does: string
}

const COLUMNS: Column[] = [
  {
    kind: 'top-tier',
    title: 'Decide',
    note: 'top tier',
    size: ({ topTier: { topTierSize, isExact } }) => ({
      minSize: isExact ? topTierSize : null,
      isExact,
      lowerBound: topTierSize
    }),
    does: 'in the top tier'
  },
  {
    kind: 'blocking',
    title: 'Halt',
    note: 'blocking',
    size: ({ blockingSets }) => blockingSets,
    does: 'can halt the network by stopping'
  },
  {
    kind: 'filtered',
    title: 'Halt now',
    note: 'filtered',
    size: ({ blockingSetsFiltered }) => blockingSetsFiltered,
    does: 'more can halt it, with the nodes that are down already'
  },
  {
    kind: 'splitting',
    title: 'Split',
    note: 'splitting',
    size: ({ splittingSets }) => splittingSets,
    does: 'can split the network by lying'
  },
  {
    kind: 'history-critical',
    title: 'History',
    note: 'history-critical',
    size: ({ historyCritical }) => historyCritical,
    does: 'with the archives that the history of some quorum hangs on'
  }
]

/** The columns that say something about this network. */
function columnsFor({ faultyNodes }: Study): Column[] {
  return COLUMNS.filter(({ kind }) => kind !== 'filtered' || faultyNodes.length > 0)
}

export function Figures({ study, sets }: Props): JSX.Element {
  const columns = columnsFor(study)
  return (
    <fieldset class="figures">
      <legend>The fewest who can do it. Choose a figure to see an example in the picture.</legend>
      <table>
        <thead>
          <tr>
            <th scope="col">counting</th>
            {columns.map(({ kind, title, note }) => (
              <th key={kind} scope="col">
                {title} <span class="note">{note}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {study.counted.map((counted) => (
            <tr key={counted.grouping.key}>
              <th scope="row">{counted.grouping.many}</th>
              {columns.map((column) => (
                <Cell key={column.kind} {...{ counted, column, sets }} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </fieldset>
  )
}

function Cell({
  counted: of,
  column,
  sets
}: {
  counted: Counted
  column: Column
  sets: Shown[]
}): JSX.Element {
  const { grouping } = of
  const size = column.size(of)
  const shown = sets.find(({ kind, grouping }) => kind === column.kind && grouping === of.grouping)
  const figure = <span class="figure">{sizeText(size)}</span>
  if (shown === undefined) return <td>{figure}</td>
  return (
    <td>
      <input type="radio" name="show" id={shown.id} value={shown.id} checked={shown === sets[0]} />
      <label for={shown.id}>
        {figure}{' '}
        <span class="hidden">
          {shown.members.length === 1 ? grouping.one : grouping.many} {column.does}
        </span>
      </label>
    </td>
  )
}

/** What the picture shows, for each set; one of them is visible at a time. */
export function Captions({ study, sets }: Props): JSX.Element {
  return (
    <div class="captions" aria-live="polite">
      {sets.map((shown) => {
        return (
          <div key={shown.id} class={`caption ${shown.id}`}>
            <p class="caption-title">{titleOf(shown)}</p>
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
export function titleOf({ kind, members, grouping }: Shown): string {
  const column = COLUMNS.find((column) => column.kind === kind)
  return `${counted(members.length, grouping)} ${column?.does}`
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
