/** The page as a whole: the answer, always in view; beside each other what can be changed and what comes of it; and the picture below. */

import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'

import { Findings } from '../report/findings.js'
import { Terms } from '../report/terms.js'
import { Verdicts } from '../report/verdicts.js'
import { listedWords } from '../study/figures.js'
import { listOf } from '../study/listing.js'
import { printable } from '../study/visible.js'
import type { Analysis } from './analysis.js'
import { AnswerBar } from './answer-bar.js'
import { ChangedSince } from './changed-since.js'
import { QuorumSetEditor } from './editor.js'
import { Misbehaving } from './misbehaving.js'
import { Newcomer } from './newcomer.js'
import { NodeList } from './node-list.js'
import { Sight } from './sight.js'
import type { Start } from './start.js'
import { useExplored } from './state.js'

interface Props {
  start: Start
  analysis: Analysis
}

export function Explorer({ start, analysis }: Props): JSX.Element {
  const explored = useExplored(start, analysis)
  const [edited, setEdited] = useState<string[]>()
  const { known, changed, before, act } = explored
  const title = printable(start.title)
  const study = known?.study
  // What follows hangs on the answer alone, which comes later than what somebody does.
  const parts = useMemo(
    () =>
      study === undefined
        ? undefined
        : {
            verdicts: <Verdicts study={study} />,
            below: (
              <>
                <Sight study={study} />
                <Findings study={study} />
                <Terms study={study} />
              </>
            )
          },
    [study]
  )
  const newcomer = useMemo(
    () => (changed === undefined ? null : <Newcomer {...{ changed, act }} edit={setEdited} />),
    [changed?.nodes, changed?.organizations, changed?.directory]
  )
  const misbehaving = useMemo(() => (known === undefined ? null : <Misbehaving known={known} />), [known])
  if (known === undefined || changed === undefined || before === undefined) {
    return (
      <>
        <Header title={title} />
        <main>
          <p role="status">{explored.refusal ?? 'The network is being analyzed.'}</p>
        </main>
      </>
    )
  }
  // Who is left of those whose quorum set is edited.
  const there = new Set(changed.directory.nodes)
  const editing = edited?.filter((key) => there.has(key)) ?? []
  return (
    <>
      <Header title={title} listed={listedWords(changed, ' listed')} />
      <main>
        <AnswerBar {...{ start, explored, known, changed }} />
        <div class="try">
          <div class="workbench">
            {editing.length === 0 ? null : (
              <QuorumSetEditor
                key={editing.join(' ')}
                {...{ analysis, explored, changed }}
                nodes={editing}
                close={() => setEdited(undefined)}
              />
            )}
            <NodeList {...{ explored, changed, known }} edit={setEdited} />
            {newcomer}
          </div>
          <div class={explored.isLate ? 'answers outdated' : 'answers'}>
            {misbehaving}
            <ChangedSince {...{ explored, before, known }} />
            {parts?.verdicts}
          </div>
        </div>
        {parts?.below}
      </main>
      <footer>
        <p>
          Made by <code>{known.study.engine}</code> from {listOf(start.sources.map(printable))}. Everything is
          worked out in this page: it asks nobody for anything.
        </p>
      </footer>
    </>
  )
}

function Header({ title, listed }: { title: string; listed?: string }): JSX.Element {
  return (
    <header>
      <h1>{title}</h1>
      {listed === undefined ? null : <p>{listed}</p>}
    </header>
  )
}
