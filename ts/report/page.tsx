/** The page as a whole, the verdicts first. */

import type { JSX } from 'preact'

import { counted, NODES, ORGANIZATIONS } from '../study/groupings.js'
import { headlineOf } from '../study/headline.js'
import type { Study } from '../study/study.js'
import { printable } from '../study/visible.js'
import { Document, type Parts } from './document.js'
import { Captions, Figures } from './figures.js'
import { Findings } from './findings.js'
import { Nodes } from './nodes.js'
import { Occurrences } from './occurrences.js'
import { Picture } from './picture/picture.js'
import type { Shown } from './picture/sets.js'
import type { Trust } from './picture/trust.js'
import { Proofs } from './proofs.js'
import { Terms } from './terms.js'
import { HeadlineBanner, Verdicts } from './verdicts.js'

interface Props {
  study: Study
  trust: Trust
  sets: Shown[]
  date: string | undefined
  parts: Parts
}

export function Page({ study, trust, sets, date, parts }: Props): JSX.Element {
  const title = printable(study.title)
  const listed = `${counted(study.nodes.length, NODES)} listed, ${counted(study.directory.organizationCount, ORGANIZATIONS)}`
  return (
    <Document
      {...parts}
      generator={study.engine}
      title={`Can it halt, can it split? ${title}${date === undefined ? '' : `, ${printable(date)}`}`}
    >
      <header>
        <h1>{title}</h1>
        <p>
          {date === undefined ? null : <>{printable(date)} · </>}
          {listed}
        </p>
      </header>
      <main>
        <HeadlineBanner headline={headlineOf(study)} />
        <Verdicts study={study} />
        <Contents />
        <section aria-labelledby="network">
          <h2 id="network">Who trusts whom, and who matters</h2>
          <div class="network">
            <Figures study={study} sets={sets} />
            <figure>
              {trust.clusters.length === 0 ? (
                <p>Nobody has a quorum set: there is no trust to draw.</p>
              ) : (
                <div class="frame">
                  <Picture {...{ study, trust, sets }} describedBy="drawn" />
                </div>
              )}
              <figcaption>
                <p id="drawn">{drawn(trust, study)}</p>
                <ol class="key">
                  {trust.clusters.map(({ label, name }) => (
                    <li key={label}>{name}</li>
                  ))}
                </ol>
              </figcaption>
            </figure>
            <div class="told">
              <Captions study={study} sets={sets} />
              <p id="details" aria-live="polite">
                <span class="hint">
                  Point at an organization or a node, or go there by Tab and the arrow keys, to see whom it
                  trusts.
                </span>
              </p>
            </div>
          </div>
        </section>
        <Occurrences study={study} />
        <Nodes study={study} />
        <Findings study={study} />
        <Proofs study={study} />
        <Terms study={study} />
      </main>
      <footer>
        <p>
          Made by <code>{study.engine}</code> from {study.sources.map(printable).join(', ')}. This file needs
          no network: save it, print it, pass it on.
        </p>
        {/* Of use only where scripts run, which show it. */}
        <p class="download" hidden>
          <button type="button" id="download">
            Download the data
          </button>{' '}
          JSON with the network, which the command line reads, and all answers.
        </p>
      </footer>
    </Document>
  )
}

/** Where everything is, by the ids of headings. */
const SECTIONS: [id: string, called: string][] = [
  ['network', 'Picture and figures'],
  ['occurrences', 'Who is needed'],
  ['nodes', 'All nodes'],
  ['findings', 'Odd data'],
  ['proofs', 'Proofs'],
  ['terms', 'Words']
]

function Contents(): JSX.Element {
  return (
    <nav class="contents" aria-label="Contents">
      <ul>
        {SECTIONS.map(([id, called]) => (
          <li key={id}>
            <a href={`#${id}`}>{called}</a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** What the picture shows and what it leaves out. */
function drawn({ clusters, isCore, others, shared, lines, isDense }: Trust, { intersection }: Study): string {
  if (intersection.kind === 'nothing known') return 'No quorum set is known, so nothing is drawn.'
  const nodes = clusters.reduce((sum, { nodes }) => sum + nodes.length, 0)
  const many = counted(nodes, NODES)
  const what = isCore
    ? `Drawn is the core: ${many} on which everybody depends who is in any quorum.`
    : `No quorum exists, so there is no core. Drawn are ${many} that have a quorum set.`
  const rest =
    others === 0
      ? ''
      : ` ${counted(others, { one: 'other node that is', many: 'other nodes that are' })} listed ${others === 1 ? 'is' : 'are'} not drawn.`
  const how =
    shared !== null
      ? ' All of them ask for the same, so there is one center instead of a line from each to each.'
      : isDense
        ? ' They trust so many others that lines would hide everything; pointing at a node shows whom it trusts.'
        : lines.length === 0
          ? ''
          : ' A line means that both name each other in their quorum sets, an arrow that only one names the other. Lines start at an organization where all its nodes name the same, otherwise at its nodes.'
  return what + rest + how
}
