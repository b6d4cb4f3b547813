/** The verdicts in plain language, first on the page: the question, the answer, what it means, and who could. */

import type { JSX } from 'preact'

import type { Study } from '../study/study.js'
import { verdictsOn, type Culprit, type Mood, type Verdict } from '../study/verdicts.js'
import { Members } from './members.js'

/** A shape beside each color. */
const SHAPES: Record<Mood, string> = {
  good: 'M-5,0L-1.5,4L5.5,-4.5',
  caution: 'M0,-5L0,1.5M0,4.6L0,5',
  bad: 'M-4,-4L4,4M4,-4L-4,4',
  unknown: 'M-5,0L5,0',
  neutral: 'M0,-1L0,5M0,-4.6L0,-5'
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
  const { culprits } = verdict
  return (
    <article class={`verdict ${verdict.mood}`} id={verdict.key}>
      <h2>{verdict.question}</h2>
      <p class="answer">{verdict.answer}</p>
      <p class="mood">
        <svg viewBox="-9 -9 18 18" width="18" height="18" aria-hidden="true">
          <circle r="8.5" />
          <path d={SHAPES[verdict.mood]} />
        </svg>{' '}
        {verdict.badge}
      </p>
      {verdict.doubts.map(({ code, words, nodes }) => (
        <p key={code} class="doubt">
          {words} {nodes.length === 0 ? null : <Members study={study} members={nodes} />}
        </p>
      ))}
      <p>{verdict.meaning}</p>
      {culprits.kind === 'nobody' ? null : (
        <>
          <h3>{culprits.are}</h3>
          <dl>
            {culprits.listed.map((culprit, index) => (
              <Listed key={index} culprit={culprit} study={study} />
            ))}
          </dl>
        </>
      )}
    </article>
  )
}

function Listed({ culprit, study }: { culprit: Culprit; study: Study }): JSX.Element {
  switch (culprit.kind) {
    case 'set':
      return (
        <div>
          <dt>{culprit.size}</dt>
          <dd>
            <Members study={study} members={culprit.members} grouping={culprit.grouping} />
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
      return (
        <div>
          <dt>{culprit.words}</dt>
        </div>
      )
  }
}
