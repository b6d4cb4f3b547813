/** The answer in a sentence, which stays in view and is read out when it becomes another one; and what can be done with the steps. */

import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'

import { save } from '../report/handing-out.client.js'
import { HeadlineBanner } from '../report/verdicts.js'
import { counted } from '../study/groupings.js'
import { headlineOf } from '../study/headline.js'
import type { Changed, Known } from './analysis.js'
import { fileOf } from './change.js'
import type { Linked } from './link.js'
import type { Start } from './start.js'
import type { Explored } from './state.js'
import { stepWords } from './words.js'

interface Props {
  start: Start
  explored: Explored
  known: Known
  changed: Changed
}

const FILE = 'stellar-fbas-changed.json'

export function AnswerBar({ explored, known, changed }: Props): JSX.Element {
  const { journal, change, before, isCurrent, isLate, refusal, linked, act } = explored
  const { done, undone } = journal
  const directories = useMemo(() => {
    if (before === undefined) return [changed.directory]
    const { old, now } = before.directory.beside(changed.directory)
    return [now, old]
  }, [before?.directory, changed.directory])
  const [last, next] = [done.at(-1), undone[0]]
  const words = (edit = last) => (edit === undefined ? '' : stepWords(edit, directories))
  // Nothing is worked on any more when it cannot be done.
  const isBusy = !isCurrent && refusal === undefined
  const bar = useRef<HTMLDivElement>(null)
  useShortcuts(act)
  useRoomFor(bar)
  return (
    <div class="answer-bar" ref={bar}>
      <div role="status" aria-busy={isBusy} class={isLate ? 'outdated' : ''}>
        <HeadlineBanner headline={headlineOf(known.study)} />
        <WhoLies known={known} />
      </div>
      {refusal === undefined ? null : (
        <p class="refusal" role="alert">
          This cannot be worked out: {refusal}
        </p>
      )}
      <Opened linked={linked} />
      <div class="tools" role="toolbar" aria-label="Steps">
        <button
          type="button"
          disabled={last === undefined}
          title={words()}
          onClick={() => act({ type: 'undo' })}
        >
          Undo
        </button>
        <button
          type="button"
          disabled={next === undefined}
          title={words(next)}
          onClick={() => act({ type: 'redo' })}
        >
          Redo
        </button>
        <button type="button" disabled={last === undefined} onClick={() => act({ type: 'restart' })}>
          Reset
        </button>
        <CopyLink />
        <button
          type="button"
          title="JSON that the command line reads: stellar-fbas plan BEFORE AFTER"
          onClick={() => save(FILE, fileOf(changed.nodes, changed.organizations, change.down))}
        >
          Download
        </button>
        <span class="last-step">{isBusy ? 'working…' : words()}</span>
      </div>
    </div>
  )
}

/** That the sentence above does not count malicious nodes as such, and what they leave. */
function WhoLies({ known: { misbehaving } }: Pick<Props, 'known'>): JSX.Element | null {
  if (misbehaving === undefined) return null
  const { said, doubts, nodes } = misbehaving
  const isDoubted = doubts.length > 0
  return (
    <p class="who-lies">
      Here nobody counts as malicious. {isDoubted ? 'In doubt: with' : 'With'}{' '}
      <a href="#intact">{counted(nodes.length, { one: 'malicious node', many: 'malicious nodes' })}</a>,{' '}
      {said.begins.toLowerCase()} {said.rest}
    </p>
  )
}

/** What is to be said of the address that the page was opened with. */
function Opened({ linked }: { linked: Linked['kind'] }): JSX.Element | null {
  switch (linked) {
    case 'nothing':
    case 'steps':
      return null
    case 'elsewhere':
      return (
        <p class="refusal">The link is about another network than this page: none of its steps is taken.</p>
      )
    case 'unreadable':
      return <p class="refusal">The link cannot be read: none of its steps is taken.</p>
  }
}

function CopyLink(): JSX.Element {
  const [said, setSaid] = useState<string>()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href)
      setSaid('Copied')
    } catch {
      // The address is the link.
      setSaid('It is the address')
    }
    setTimeout(() => setSaid(undefined), 1500)
  }
  return (
    <button type="button" onClick={() => void copy()}>
      <span aria-live="polite">{said ?? 'Copy link'}</span>
    </button>
  )
}

/** What is reached by keyboard or by a link stands below the answer, not behind it. */
function useRoomFor(bar: { current: HTMLElement | null }): void {
  useEffect(() => {
    const { current } = bar
    if (current === null) return
    const root = document.documentElement
    const observer = new ResizeObserver(() => {
      const isInView = getComputedStyle(current).position === 'sticky'
      root.style.scrollPaddingTop = isInView ? `${current.offsetHeight + 8}px` : ''
    })
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
}

/** Control and Z, as everywhere; where text is typed they are about that. */
function useShortcuts(act: Explored['act']): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const isTyped = event.target instanceof Element && event.target.matches('input, textarea, select')
      if (isTyped || event.altKey || !(event.ctrlKey || event.metaKey)) return
      const key = event.key.toLowerCase()
      const type = key === 'y' || (key === 'z' && event.shiftKey) ? 'redo' : key === 'z' ? 'undo' : undefined
      if (type === undefined) return
      event.preventDefault()
      act({ type })
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [act])
}
