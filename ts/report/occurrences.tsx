/** How often each organization occurs in the minimal sets of a kind: where the network's weight lies. */

import type { JSX } from 'preact'

import type { MinimalSetResult } from '../../index.js'
import { counted, ORGANIZATIONS, type Grouping } from '../study/groupings.js'
import { BLOCKING, QUORUM, SPLITTING, type Kind } from '../study/kinds.js'
import type { Counted, Study } from '../study/study.js'
import { Members } from './members.js'

/** Rows of the table. */
const MOST_ROWS = 40
const NOT_COUNTED = 'not counted: that could take long'

type Counts = Pick<MinimalSetResult, 'totalSets' | 'occurrences'>

interface Column {
  kind: Kind
  counts: Counts
  /** What there is to say instead of numbers. */
  note?: string
}

const COLUMNS: { kind: Kind; of: (counted: Counted) => Counts }[] = [
  { kind: QUORUM, of: ({ quorums }) => quorums },
  { kind: BLOCKING, of: ({ blockingSets }) => blockingSets },
  { kind: SPLITTING, of: ({ splittingSets }) => splittingSets }
]

export function Occurrences({ study }: { study: Study }): JSX.Element {
  const known = study.counted.filter(({ data }) => data.kind !== 'missing')
  const of = known.find(({ grouping }) => grouping.key === ORGANIZATIONS.key) ?? study.counted[0]
  const { grouping } = of
  const isSplit = study.intersection.kind === 'disjoint'
  const columns = COLUMNS.map(({ kind, of: counts }): Column =>
    // Then the empty set is the only minimal one, and nobody is in it.
    kind === SPLITTING && isSplit
      ? { kind, counts: {}, note: 'it is split already: nobody has to lie' }
      : { kind, counts: counts(of) }
  )
  // A group may have nodes in the top tier, and be in no minimal set of groups.
  const isAnyCounted = columns.some(({ counts }) => counts.totalSets !== undefined)
  const members = new Map<string, number>(isAnyCounted ? of.topTier.topTier.map((label) => [label, 0]) : [])
  for (const { counts } of columns) {
    for (const { name, share } of counts.occurrences ?? []) {
      members.set(name, Math.max(members.get(name) ?? 0, share))
    }
  }
  const named = [...members].map(([label, most]) => ({
    label,
    most,
    name: study.directory.name(label, grouping)
  }))
  named.sort((a, b) => (a.most === b.most ? (a.name < b.name ? -1 : 1) : b.most - a.most))
  const alike = new Map<string, string[]>()
  for (const { label } of named) {
    const shares = columns.map(({ counts }) => shareOf(counts, label)).join()
    alike.set(shares, [...(alike.get(shares) ?? []), label])
  }
  const groups = [...alike.values()]
  const rows = groups.slice(0, MOST_ROWS)
  const nobody = columns.some(({ counts, note }) => counts.totalSets === undefined && note === undefined)
    ? 'The sets were not counted: that could take long.'
    : 'There are no sets to be in.'
  const none = study.intersection.kind === 'nothing known' ? 'Not known: no quorum set is known.' : nobody
  return (
    <section aria-labelledby="occurrences">
      <h2 id="occurrences">How often each {grouping.one} is needed</h2>
      {rows.length === 0 ? (
        <p>{none}</p>
      ) : (
        <>
          <p>
            Of all minimal sets of a kind, the share that has the {grouping.one} in it. Numbers are exact: the
            sets are counted, not sampled.
          </p>
          <Table {...{ study, columns, rows, grouping, all: named.length }} />
        </>
      )}
      {groups.length > rows.length ? (
        <p>… and {counted(groups.slice(MOST_ROWS).flat().length, grouping)} more.</p>
      ) : null}
    </section>
  )
}

interface TableProps {
  columns: Column[]
  study: Study
  /** Labels, those together that occur equally often. */
  rows: string[][]
  grouping: Grouping
  /** How many labels there are. */
  all: number
}

function Table({ study, columns, rows, grouping, all }: TableProps): JSX.Element {
  return (
    <table class="occurrences">
      <thead>
        <tr>
          <th scope="col">{grouping.one}</th>
          {columns.map(({ kind, counts: { totalSets }, note = NOT_COUNTED }) => (
            <th key={kind.one} scope="col">
              {totalSets === undefined
                ? `minimal ${kind.many}`
                : `${totalSets.toLocaleString('en')} minimal ${totalSets === 1n ? kind.one : kind.many}`}{' '}
              <span class="note">{totalSets === undefined ? note : kind.can}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((labels) => (
          <tr key={labels[0]}>
            <th scope="row">
              {labels.length === 1 ? null : <b>{alikeWords(labels.length, all)} </b>}
              <Members study={study} members={labels} grouping={grouping} />
            </th>
            {columns.map(({ kind, counts }) => (
              <td key={kind.one} data-column={`minimal ${kind.many}`}>
                <Share value={shareOf(counts, labels[0] ?? '')} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function alikeWords(count: number, all: number): string {
  return count === all ? `All ${count} alike:` : `${count} alike:`
}

function Share({ value }: { value: number | undefined }): JSX.Element {
  if (value === undefined) return <span class="note">–</span>
  const percent = (value * 100).toFixed(1)
  return (
    <span class="share">
      <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="10" />
        <rect class="filled" width={percent} height="10" />
      </svg>
      <span class="percent">{percent} %</span>
    </span>
  )
}

function shareOf({ totalSets, occurrences = [] }: Counts, label: string): number | undefined {
  if (totalSets === undefined) return undefined
  return occurrences.find(({ name }) => name === label)?.share ?? 0
}
