/** One snapshot: what it is like, and what is different from the one before. Made when the page is, and again for each that somebody chooses. */

import type { JSX } from 'preact'

import { counted, GROUPINGS, NODES } from '../../study/groupings.js'
import { FIGURES, type Called } from '../../study/record.js'
import { visible } from '../../study/visible.js'
import { beforeIn, changesBetween, comparedWith, type Change } from './changes.js'
import type { Column, Moment } from './moments.js'
import { doubtWords, KINDS, meaningOf, membersText, partsOf, shownText, STATES, timeWords } from './words.js'

interface Props {
  moments: Moment[]
  names: Map<string, Called>
  index: number
}

export function Detail({ moments, names, index }: Props): JSX.Element {
  const moment = moments[index]
  if (moment === undefined) return <p>There is no snapshot.</p>
  const { time, snapshot, state, error, doubts, nodeCount } = moment
  const { word, mood } = STATES[state]
  const at = comparedWith(moments, index)
  const before = at === undefined ? undefined : moments[at]
  const last =
    at === beforeIn(moments, index) ? 'that could be read before' : 'before of which something is known'
  const which = at === index - 1 ? '' : `, the last ${last}`
  const changes = before === undefined || error !== null ? [] : changesBetween(before, moment)
  return (
    <>
      <h3>
        {timeWords(time)}{' '}
        <span class="note">{`${visible(snapshot)}, ${index + 1} of ${moments.length}`}</span>
      </h3>
      <p class={`state ${mood}`}>
        <b>{word}</b>: {error === null ? meaningOf(moment) : visible(error)}
        {nodeCount === null ? null : `; ${counted(nodeCount, NODES)} listed`}
      </p>
      {doubts.length === 0 ? null : (
        <p class="doubt">{`Not all of these figures are certain: ${doubtWords(doubts)}.`}</p>
      )}
      {error === null ? <Figures moment={moment} changes={changes} /> : null}
      {error === null ? <Differences {...{ changes, names, before, which }} /> : null}
    </>
  )
}

function Figures({ moment, changes }: { moment: Moment; changes: Change[] }): JSX.Element {
  return (
    <table class="snapshot">
      <thead>
        <tr>
          <th scope="col">counting</th>
          {FIGURES.map((figure) => (
            <th key={figure} scope="col">
              {KINDS[figure].column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {GROUPINGS.map(({ key, many }) => (
          <tr key={key}>
            <th scope="row">{many}</th>
            {FIGURES.map((figure) => {
              const column = `${key}.${figure}` as Column
              const shown = moment.figures[column] ?? { kind: 'no data' }
              const change = changes.find((one) => one.kind === 'figure' && one.column === column)
              const isNumber = shown.kind === 'exactly'
              return (
                <td
                  key={figure}
                  data-label={KINDS[figure].column}
                  class={`${change === undefined ? '' : 'changed'} ${isNumber ? '' : 'bounds'}`.trim()}
                >
                  {shownText(shown)}
                  {change?.kind === 'figure' ? (
                    <span class="was">{` was ${shownText(change.old)}`}</span>
                  ) : null}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface DifferencesProps {
  changes: Change[]
  names: Map<string, Called>
  before: Moment | undefined
  /** Which one that is, where it is not the one next before. */
  which: string
}

function Differences({ changes, names, before, which }: DifferencesProps): JSX.Element {
  if (before === undefined)
    return <p>There is no earlier one that could be read, so there is nothing to compare.</p>
  const since = `since ${timeWords(before.time)}${which}`
  if (changes.length === 0) return <p>{`Nothing that is shown here is known to have changed ${since}.`}</p>
  return (
    <>
      <h4>{`What has changed ${since}`}</h4>
      <ul class="changes">
        {changes.map((change, index) => (
          <li key={index}>{changeText(change, names)}</li>
        ))}
      </ul>
    </>
  )
}

/** A change in a sentence. */
export function changeText(change: Change, names: Map<string, Called>): string {
  switch (change.kind) {
    case 'state':
      return `It is ${STATES[change.new].word}; it was ${STATES[change.old].word}.`
    case 'top tier': {
      const moved = change.change === 'joined' ? 'Joined the top tier' : 'Left the top tier'
      return `${moved}: ${membersText(change.members, names)}.`
    }
    case 'figure': {
      const { grouping, kind } = partsOf(change.column)
      const what = kind.one === 'top tier' ? 'Top tier' : `Smallest ${kind.one}`
      return `${what}, counting ${grouping.many}: ${shownText(change.new)}; it was ${shownText(change.old)}.`
    }
    case 'symmetric':
      return change.new
        ? 'The top tier is symmetric: all of it shares one quorum set.'
        : 'There is no symmetric top tier any more: no quorum set is shared by exactly the nodes that it names and needed by every quorum.'
    case 'listed':
      return `${counted(change.new, NODES)} listed; ${change.old.toLocaleString('en')} before.`
  }
}
