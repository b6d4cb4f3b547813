/** Who is intact whatever the malicious nodes do. The verdicts beside it take them for nodes like all others. */

import type { JSX } from 'preact'

import { lengthOf, Members } from '../report/members.js'
import { MoodMark } from '../report/verdicts.js'
import { isNothingKnown } from '../study/doubts.js'
import { INTACT } from '../study/kinds.js'
import { capitalized } from '../study/groupings.js'
import type { Known } from './analysis.js'

/** Names on a card; more are folded. */
const MOST_ON_A_CARD = 3

export function Misbehaving({ known: { study, misbehaving } }: { known: Known }): JSX.Element | null {
  if (misbehaving === undefined) return null
  const { answer, said, doubts, findings, nodes } = misbehaving
  const { mood, begins, rest, meaning, proof } = said
  const who: [string, string[]][] = [
    ['Ill-behaved', nodes],
    // Where nothing is known, who is neither is not, either.
    ...(isNothingKnown(findings)
      ? []
      : ([
          ['Intact', answer.intact],
          ['Befouled', answer.befouled]
        ] satisfies [string, string[]][]))
  ]
  return (
    <section class="misbehaving" aria-label="Ill-behaved nodes">
      <article
        class={['verdict', mood, lengthOf(answer.intact, answer.befouled)].join(' ').trim()}
        id="intact"
      >
        <h2>{capitalized(INTACT.fewest)}</h2>
        <p class="answer">
          {begins} {rest}
        </p>
        <p class="mood">
          <MoodMark mood={mood} /> {meaning}
        </p>
        {doubts.map(({ code, words, nodes: of }) => (
          <p key={code} class="doubt">
            {words} {of.length === 0 ? null : <Members study={study} members={of} />}
          </p>
        ))}
        <dl>
          {who.map(([called, members]) => (
            <div key={called} class={lengthOf(members)}>
              <dt>
                {called}: {members.length === 0 ? 'nobody' : members.length}
              </dt>
              <dd>
                <Members {...{ study, members, most: MOST_ON_A_CARD }} />
              </dd>
            </div>
          ))}
        </dl>
        <p class="note">
          {proof === undefined ? '' : `${proof.words} `}
          The other answers on this page take them for nodes that do not lie.
        </p>
      </article>
    </section>
  )
}
