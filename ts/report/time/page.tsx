/** The page over time: verdicts first, then figures and what happened, and one snapshot with what is different from the one before. */

import type { JSX } from 'preact'

import { capitalized, counted } from '../../study/groupings.js'
import { FIGURES, type Called, type Figure, type SnapshotRecord } from '../../study/record.js'
import { printable, visible } from '../../study/visible.js'
import { Document, type Parts } from '../document.js'
import { changesOver } from './changes.js'
import { Chart, Moves, TimeAxis, Verdicts } from './chart.js'
import { changeText, Detail } from './detail.js'
import { doubtedIn, gapsIn, isRead, periodsIn, type Period, type State, type Timeline } from './moments.js'
import { KINDS, STATES, timeWords } from './words.js'

interface Props {
  records: SnapshotRecord[]
  timeline: Timeline
  names: Map<string, Called>
  title: string
  parts: Parts
}

const SNAPSHOTS = { one: 'snapshot', many: 'snapshots' }
/** Lines of a list that stand on the page unfolded. */
const MOST_UNFOLDED = 12

export function OverTime({ records, timeline, names, title, parts }: Props): JSX.Element {
  const { moments } = timeline
  const engines = [...new Set(records.flatMap((one) => (isRead(one) ? [one.engine] : [])))]
  const isAnyRead = engines.length > 0
  return (
    <Document {...parts} generator={engines.join(', ')} title={`${printable(title)}: over time`}>
      <header>
        <h1>{printable(title)}</h1>
        <p>{extentText(timeline)}</p>
      </header>
      <main>
        <section aria-labelledby="verdicts">
          <h2 id="verdicts">Could it halt or split by itself, and when?</h2>
          {isAnyRead ? (
            <figure class="chart" id="verdicts-chart">
              <Verdicts timeline={timeline} />
              <TimeAxis timeline={timeline} />
            </figure>
          ) : (
            <p>None of the snapshots could be read, so there is nothing to draw.</p>
          )}
          <Counts timeline={timeline} />
          <Periods timeline={timeline} />
          <Notes {...{ records, timeline }} />
        </section>
        {moments.length === 0 ? null : (
          <section aria-labelledby="snapshot" class="one">
            <h2 id="snapshot">One snapshot</h2>
            <p class="choose">
              <label for="chosen">Choose one here or in a drawing</label>
              <button type="button" id="earlier">
                change before
              </button>
              <input
                {...{ type: 'range', id: 'chosen', min: 0, step: 1 }}
                max={moments.length - 1}
                value={moments.length - 1}
              />
              <button type="button" id="later">
                next change
              </button>
            </p>
            <div id="detail" aria-live="polite">
              <Detail {...{ moments, names }} index={moments.length - 1} />
            </div>
          </section>
        )}
        {isAnyRead ? (
          <section aria-labelledby="figures">
            <h2 id="figures">The fewest who can do it</h2>
            <p class="note">
              A band stands for a figure that is not proven, from its lower to its upper bound. Where the
              ground is gray there is no figure: no snapshot, one that could not be read, no data, or no
              quorum.
              {doubtedIn(timeline).length === 0 ? null : (
                <>
                  {' '}
                  Where a chart has such a line at the bottom,{' '}
                  <svg class="sample" width="28" height="10" aria-hidden="true">
                    <path class="doubted unknown" d="M0,5H28" />
                  </svg>{' '}
                  not all figures of that time are certain: the snapshot says why.
                </>
              )}
            </p>
            {shownFigures(timeline).map((figure) => (
              <Chart key={figure} {...{ timeline, figure }} />
            ))}
          </section>
        ) : null}
        {isAnyRead ? <Events {...{ timeline, names }} /> : null}
        <section aria-labelledby="terms">
          <h2 id="terms">The words</h2>
          <dl class="terms">
            {FIGURES.map((figure) => (
              <div key={figure}>
                <dt>{capitalized(KINDS[figure].one)}</dt>
                <dd>{KINDS[figure].definition}</dd>
              </div>
            ))}
            <div>
              <dt>Organizations, countries, providers</dt>
              <dd>
                A set of them counts as all their nodes together; to split, some of their nodes are enough. A
                node without one stands for itself.
              </dd>
            </div>
          </dl>
        </section>
      </main>
      <footer>
        <p>
          {isAnyRead ? `Made by ${engines.map(printable).join(', ')}. ` : ''}This file needs no network: save
          it, print it, pass it on.
        </p>
      </footer>
    </Document>
  )
}

function extentText({ moments }: Timeline): string {
  const [first, last] = [moments[0], moments.at(-1)]
  if (first === undefined || last === undefined) return 'No snapshots'
  const many = counted(moments.length, SNAPSHOTS)
  return first.time === last.time
    ? `${many} of ${timeWords(first.time)}`
    : `${many}, from ${timeWords(first.time)} to ${timeWords(last.time)}`
}

/** Filtered figures are of interest where they ever are others. */
function shownFigures({ moments }: Timeline): Figure[] {
  const isFiltered = moments.some(({ figures }) =>
    Object.keys(figures).some(
      (column) =>
        column.endsWith('.blockingSetsFilteredMinSize') &&
        JSON.stringify(figures[column]) !== JSON.stringify(figures[column.replace('Filtered', '')])
    )
  )
  return FIGURES.filter(
    (figure) => figure !== 'quorumsMinSize' && (figure !== 'blockingSetsFilteredMinSize' || isFiltered)
  )
}

/** How many of the snapshots are told what. */
function Counts({ timeline: { moments } }: { timeline: Timeline }): JSX.Element {
  const states = (Object.keys(STATES) as State[]).flatMap((state) => {
    const number = moments.filter((moment) => moment.state === state).length
    return number === 0 ? [] : [{ state, number }]
  })
  return (
    <ul class="states">
      {states.map(({ state, number }) => (
        <li key={state} class={`state ${STATES[state].mood}`}>
          <b>{`${counted(number, SNAPSHOTS)} ${STATES[state].word}`}</b>: {STATES[state].meaning}; drawn as{' '}
          {STATES[state].shape}
        </li>
      ))}
    </ul>
  )
}

/** When it was not safe, or not known to be, in words. */
function Periods({ timeline }: { timeline: Timeline }): JSX.Element | null {
  const { moments } = timeline
  const others = periodsIn(timeline).filter(({ state }) => state !== 'safe')
  if (others.length === 0) return null
  const words = ({ state, first, last }: Period) => {
    const [from, to] = [timeWords(moments[first]?.time ?? 0), timeWords(moments[last]?.time ?? 0)]
    const when = first === last ? from : `${from} to ${to}, ${counted(last - first + 1, SNAPSHOTS)}`
    return `${STATES[state].word}: ${when}`
  }
  return (
    <Foldable title="When it was not known to be safe" length={others.length}>
      <ul class="events" id="periods">
        {others.map((period) => (
          <li key={period.first} class={`state ${STATES[period.state].mood}`}>
            <button type="button" data-index={period.first}>
              {words(period)}
            </button>
          </li>
        ))}
      </ul>
    </Foldable>
  )
}

/** Changes of the verdict and of the top tier, by the time of the snapshot that shows them first. */
function Events({ timeline, names }: { timeline: Timeline; names: Map<string, Called> }): JSX.Element {
  const { moments } = timeline
  const events = changesOver(moments).filter(
    ({ change: { kind } }) => kind === 'state' || kind === 'top tier'
  )
  return (
    <section aria-labelledby="events">
      <h2 id="events">Who joined the top tier, and who left it</h2>
      {events.length === 0 ? (
        <p>Neither the verdict nor the top tier has changed.</p>
      ) : (
        <>
          <figure class="chart" id="moves-chart">
            <Moves timeline={timeline} />
            <TimeAxis timeline={timeline} />
          </figure>
          <Foldable title="With changes of the verdict" length={events.length}>
            <ul class="events" id="happened">
              {events.map(({ index, change }, at) => (
                <li key={at} class={change.kind === 'state' ? `state ${STATES[change.new].mood}` : 'moved'}>
                  <button type="button" data-index={index}>
                    {timeWords(moments[index]?.time ?? 0)}
                  </button>{' '}
                  {changeText(change, names)}
                </li>
              ))}
            </ul>
          </Foldable>
        </>
      )}
    </section>
  )
}

interface FoldableProps {
  title: string
  length: number
  children: JSX.Element
}

function Foldable({ title, length, children }: FoldableProps): JSX.Element {
  if (length <= MOST_UNFOLDED)
    return (
      <>
        <h3>{title}</h3>
        {children}
      </>
    )
  return (
    <details>
      <summary>{`${title}: ${length.toLocaleString('en')}`}</summary>
      {children}
    </details>
  )
}

/** What is to be known before the drawings are believed. */
function Notes({ records, timeline }: { records: SnapshotRecord[]; timeline: Timeline }): JSX.Element | null {
  const gaps = gapsIn(timeline)
  const options = [
    ...new Set(records.flatMap(({ options }) => (options == null || options === '' ? [] : [options])))
  ]
  const modified = records.filter(({ timeFrom }) => timeFrom === 'modified').length
  const inexact = records.filter((record) => isRead(record) && !record.isExact).length
  const MOST = 6
  const notes = [
    ...gaps
      .slice(0, MOST)
      .map(({ begin, end }) => `No snapshots between ${timeWords(begin)} and ${timeWords(end)}.`),
    ...(gaps.length > MOST ? [`There are ${gaps.length - MOST} more such gaps.`] : []),
    ...(inexact === 0 ? [] : [`Not every figure of ${counted(inexact, SNAPSHOTS)} is proven.`]),
    ...(modified === 0
      ? []
      : [`The time of ${counted(modified, SNAPSHOTS)} is when the file was last changed.`]),
    ...options.slice(0, MOST).map((option) => `Asked with ${visible(option)}.`)
  ]
  if (notes.length === 0) return null
  return (
    <ul class="notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  )
}
