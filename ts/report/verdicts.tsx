/** The verdicts in plain language, first on the page: the question, the answer, what it means, and who could. */

import type { JSX } from 'preact'

import type { Study } from '../study/study.js'
import { verdictsOn, type Mood, type Verdict } from '../study/verdicts.js'
import { Members } from './members.js'

/** A word beside each color, and a shape. */
const MOODS: Record<Mood, { word: string; shape: string }> = {
  good: { word: 'Good', shape: 'M-5,0L-1.5,4L5.5,-4.5' },
  caution: { word: 'One is enough', shape: 'M0,-5L0,1.5M0,4.6L0,5' },
  bad: { word: 'Problem', shape: 'M-4,-4L4,4M4,-4L-4,4' },
  unknown: { word: 'Not known', shape: 'M-5,0L5,0' },
  neutral: { word: 'Fact', shape: 'M0,-1L0,5M0,-4.6L0,-5' }
}

export function Verdicts({ study }: { study: Study }): JSX.Element {
  return (
    <section class="verdicts" aria-label="Verdicts">
      {verdictsOn(study).map((verdict) => (
        <VerdictCard key={verdict.key} verdict={verdict} study={study} />
      ))}
    </section>
  )
}

function VerdictCard({ verdict, study }: { verdict: Verdict; study: Study }): JSX.Element {
  const { word, shape } = MOODS[verdict.mood]
  return (
    <article class={`verdict ${verdict.mood}`} id={verdict.key}>
      <h2>{verdict.question}</h2>
      <p class="answer">{verdict.answer}</p>
      <p class="mood">
        <svg viewBox="-9 -9 18 18" width="18" height="18" aria-hidden="true">
          <circle r="8.5" />
          <path d={shape} />
        </svg>{' '}
        {word}
      </p>
      <p>{verdict.meaning}</p>
      {verdict.culprits.length === 0 ? null : (
        <>
          {verdict.culpritsAre === undefined ? null : <h3>{verdict.culpritsAre}</h3>}
          <dl>
            {verdict.culprits.map(({ grouping, size, members }, index) => (
              <div key={index}>
                <dt>{size}</dt>
                <dd>
                  <Members study={study} members={members} grouping={grouping} />
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </article>
  )
}
