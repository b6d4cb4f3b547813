/** The answers in plain language, first on the page: one sentence for all, then a card for each question with who could, and what it means. */

import type { JSX } from 'preact'

import { concernedBy } from '../study/figures.js'
import type { Headline } from '../study/headline.js'
import type { Study } from '../study/study.js'
import { verdictsOn, type Culprit, type Mood, type Verdict } from '../study/verdicts.js'
import { lengthOf, Members } from './members.js'

/** Names on a card; more are folded. */
const MOST_ON_A_CARD = 3

/** A shape beside each color. */
const SHAPES: Record<Mood, string> = {
  good: 'M-5,0L-1.5,4L5.5,-4.5',
  caution: 'M0,-5L0,1.5M0,4.6L0,5',
  bad: 'M-4,-4L4,4M4,-4L-4,4',
  unknown: 'M-5,0L5,0',
  neutral: 'M0,-1L0,5M0,-4.6L0,-5'
}

/** The mark of a mood, beside its color. */
export function MoodMark({ mood }: { mood: Mood }): JSX.Element {
  return (
    <svg class="mood-mark" viewBox="-9 -9 18 18" width="18" height="18" aria-hidden="true">
      <circle r="8.5" />
      <path d={SHAPES[mood]} />
    </svg>
  )
}

/** The answer in a sentence with its numbers. */
export function HeadlineBanner({ headline: { mood, words, beside } }: { headline: Headline }): JSX.Element {
  return (
    <section class={`headline ${mood}`} id="answer" aria-label="The answer">
      <p class="words">{words}</p>
      {beside.length === 0 ? null : <p class="beside">{beside.join(' ')}</p>}
    </section>
  )
}

export function Verdicts({ study }: { study: Study }): JSX.Element {
  return (
    <section class="verdicts" id="verdicts" aria-label="Verdicts">
      {verdictsOn(study).map((verdict) => (
        <VerdictCard key={verdict.key} verdict={verdict} study={study} />
      ))}
    </section>
  )
}

function VerdictCard({ verdict, study }: { verdict: Verdict; study: Study }): JSX.Element {
  const { culprits } = verdict
  const listed = culprits.kind === 'listed' ? culprits.listed : []
  const sets = listed.flatMap((culprit) => (culprit.kind === 'set' ? [culprit.members] : []))
  const missing = listed.flatMap((culprit) => (culprit.kind === 'no data' ? [culprit.grouping.many] : []))
  return (
    <article class={['verdict', verdict.mood, lengthOf(...sets)].join(' ').trim()} id={verdict.key}>
      <h2>{verdict.question}</h2>
      <p class="answer">{verdict.answer}</p>
      <p class="mood">
        <MoodMark mood={verdict.mood} /> {verdict.badge}
      </p>
      {verdict.doubts.map(({ code, words, nodes }) => (
        <p key={code} class="doubt">
          {words} {nodes.length === 0 ? null : <Members study={study} members={nodes} />}
        </p>
      ))}
      {culprits.kind === 'nobody' ? null : (
        <>
          <h3>{culprits.are}</h3>
          <dl>
            {listed.map((culprit, index) => (
              <Listed key={index} culprit={culprit} study={study} />
            ))}
          </dl>
          {missing.length === 0 ? null : (
            <p class="no-data">
              no data on {missing.join(', ')}: none of the {concernedBy(study)} has one
            </p>
          )}
        </>
      )}
      <details class="meaning">
        <summary>what this means</summary>
        <p>{verdict.meaning}</p>
      </details>
    </article>
  )
}

function Listed({ culprit, study }: { culprit: Culprit; study: Study }): JSX.Element | null {
  switch (culprit.kind) {
    case 'set':
      return (
        <div class={lengthOf(culprit.members)}>
          <dt>{culprit.size}</dt>
          <dd>
            <Members
              {...{ study, members: culprit.members, grouping: culprit.grouping, most: MOST_ON_A_CARD }}
            />
          </dd>
        </div>
      )
    case 'no set known':
      return (
        <div>
          <dt>{culprit.size}</dt>
        </div>
      )
    case 'no data':
      return null
  }
}
