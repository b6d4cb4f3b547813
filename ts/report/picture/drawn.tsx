/** What a picture draws, what it leaves out, and how to read it. */

import type { JSX } from 'preact'

import { noQuorum } from '../../study/answers.js'
import { counted, NODES } from '../../study/groupings.js'
import type { Study } from '../../study/study.js'
import { asideWords, symmetryOf } from '../../study/symmetry.js'
import { isFaint } from './lines.js'
import type { Trust } from './trust.js'

interface Props {
  study: Study
  trust: Trust
}

export function Drawn({ study, trust }: Props): JSX.Element {
  return (
    <figcaption>
      <p id="drawn">{drawn(trust, study)}</p>
      {trust.form === 'matrix' ? <Squares /> : null}
      <ol class="key">
        {trust.clusters.map(({ name }, index) => (
          <li key={index}>
            <a href={`#cluster-${index}`}>{name}</a>
          </li>
        ))}
      </ol>
    </figcaption>
  )
}

/** What squares look like, in words. */
const SQUARES: [className: string, side: number, means: string][] = [
  ['shade-2', 16, 'all nodes of the row name a node of the column'],
  ['shade-2', 11.3, 'half of them do'],
  ['shade-1', 16, 'up to a quarter of their slices have one'],
  ['shade-2', 16, 'up to a half'],
  ['shade-3', 16, 'up to three quarters'],
  ['shade-4', 16, 'more'],
  ['needed', 16, 'all: if the whole column stops, so do they']
]

function Squares(): JSX.Element {
  return (
    <ul class="legend squares">
      {SQUARES.map(([className, side, means]) => (
        <li key={means}>
          <svg viewBox="-9 -9 18 18" width="18" height="18" aria-hidden="true">
            <rect class={`cell ${className}`} x={-side / 2} y={-side / 2} width={side} height={side} />
          </svg>{' '}
          {means}
        </li>
      ))}
    </ul>
  )
}

/** What the picture shows and what it leaves out. */
function drawn(trust: Trust, study: Study): string {
  const { clusters, isCore, others, leftOut } = trust
  if (study.intersection.kind === 'nothing known') return 'No quorum set is known, so nothing is drawn.'
  const nodes = clusters.reduce((sum, { nodes }) => sum + nodes.length, 0)
  const part = `${nodes.toLocaleString('en')} of ${isCore ? 'its' : 'the'} ${counted(nodes + leftOut, NODES)}`
  const many = leftOut === 0 ? counted(nodes, NODES) : part
  const isOne = nodes === 1 && leftOut === 0
  const room = leftOut === 0 ? '' : ', as many as there is room for'
  const what = isCore
    ? `Drawn is ${leftOut === 0 ? '' : 'a part of '}the core, on which everybody depends who is in any quorum: ${many}${room}.`
    : `${noQuorum(study.findings)}, so there is no core. Drawn ${isOne ? `is ${many} that has` : `are ${many} that have`} a quorum set${room}.`
  const rest =
    others === 0
      ? ''
      : ` ${counted(others, { one: 'other node that is', many: 'other nodes that are' })} listed ${others === 1 ? 'is' : 'are'} not drawn.`
  return what + rest + howToRead(trust, study)
}

function howToRead({ form, clusters, lines }: Trust, study: Study): string {
  switch (form) {
    case 'hub': {
      const symmetry = symmetryOf(study)
      const aside = symmetry === null ? '' : asideWords(symmetry)
      const center = clusters.length > 1 ? ': there is one center instead of a line from each to each' : ''
      return ` All of them ask for the same${aside}${center}.`
    }
    case 'circle': {
      const numbers = clusters.flatMap(({ quorumSet }) => quorumSet?.number ?? [])
      const bands =
        new Set(numbers).size < numbers.length
          ? ' A band joins circles whose nodes have the same quorum set; in it stands how many of the entries of that set are needed.'
          : ''
      const lead =
        lines.length === 0
          ? ''
          : ' A solid line means that all at both ends name each other in their quorum sets; a dashed arrow leads from who names to who is named.'
      const chosen = isFaint(lines) ? ' Lines are faint until somebody is chosen.' : ''
      return bands + lead + chosen
    }
    case 'matrix':
      return ' A square means that nodes of the row name nodes of the column in their quorum sets. Its size is the share of the row’s nodes that do. The stronger its color, the more of their slices have a node of the column; a slice is a choice of just as many entries as a quorum set asks for. Columns have the numbers of rows.'
  }
}
