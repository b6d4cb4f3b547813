/** The page as a whole, the verdicts first. */

import type { JSX } from 'preact'

import { listedWords } from '../study/figures.js'
import { headlineOf } from '../study/headline.js'
import { listOf } from '../study/listing.js'
import type { Study } from '../study/study.js'
import { printable } from '../study/visible.js'
import { Document, type Parts } from './document.js'
import { Findings } from './findings.js'
import { Network } from './network.js'
import { Nodes } from './nodes.js'
import { Occurrences } from './occurrences.js'
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
          {listedWords(study, ' listed')}
        </p>
      </header>
      <main>
        <HeadlineBanner headline={headlineOf(study)} />
        <Verdicts study={study} />
        <Contents />
        <Network {...{ study, trust, sets }} />
        <Occurrences study={study} />
        <Nodes study={study} />
        <Findings study={study} />
        <Proofs study={study} />
        <Terms study={study} />
      </main>
      <footer>
        <p>
          Made by <code>{study.engine}</code> from {listOf(study.sources.map(printable))}. This file needs no
          network: save it, print it, pass it on.
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
