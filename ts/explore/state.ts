/**
 * What the page knows: the steps, which follow at once from what somebody does, and the analysis of where they lead, which follows as soon as it
 * is there. An analysis that another step has made good for nothing is called off.
 */

import { useEffect, useLayoutEffect, useMemo, useReducer, useState } from 'preact/hooks'

import type { Analysis, Changed, Known } from './analysis.js'
import { changeOf, type Change } from './change.js'
import { BEGINNING, reduced, type Action, type Journal } from './edits.js'
import { fragmentOf, stepsIn, type Linked } from './link.js'
import type { Start } from './start.js'

export interface Explored {
  journal: Journal
  /** What the steps come to. */
  change: Change
  /** What the network consists of after them or, until that is known, after those before. Absent: nothing is known yet. */
  changed: Changed | undefined
  /** What is known of it; the same. */
  known: Known | undefined
  /** What is known of the network without any step. */
  before: Known | undefined
  /** Whether the analysis is of what is shown. */
  isCurrent: boolean
  /** Whether somebody has waited for that noticeably: what is there in the blink of an eye does not flicker. */
  isLate: boolean
  /** Why the steps cannot be taken. */
  refusal: string | undefined
  /** What the address said that the page was opened with. */
  linked: Linked['kind']
  act: (action: Action) => void
}

/** From when on somebody notices, in milliseconds. */
const NOTICED = 200

interface Answer {
  journal: Journal
  known: Known
}

export function useExplored(start: Start, analysis: Analysis): Explored {
  const [journal, act] = useReducer(reduced, BEGINNING)
  const [changed, setChanged] = useState<Changed>()
  const [answer, setAnswer] = useState<Answer>()
  const [before, setBefore] = useState<Known>()
  const [refusal, setRefusal] = useState<{ journal: Journal; words: string }>()
  const linked = useAddress(start, journal, act)
  const change = useMemo(() => changeOf(journal.done, start), [journal.done])

  // Not after the next frame, as other effects: the worker begins while what was pressed is drawn.
  useLayoutEffect(() => {
    if (linked === undefined) return
    const controller = new AbortController()
    const { signal } = controller
    const analyze = async () => {
      // What changed is told beside the beginning, so that comes first.
      const beginning = before ?? (await analysis.of(changeOf([], start), signal, setChanged))
      setBefore(beginning)
      const known = journal.done.length === 0 ? beginning : await analysis.of(change, signal, setChanged)
      setChanged(known)
      setAnswer({ journal, known })
    }
    analyze().catch((error: Error) => {
      if (!signal.aborted) setRefusal({ journal, words: error.message })
    })
    return () => controller.abort()
  }, [journal.done, linked])

  const isCurrent = answer?.journal.done === journal.done
  const [late, setLate] = useState<Journal['done']>()
  useEffect(() => {
    if (isCurrent) return
    const timer = setTimeout(() => setLate(journal.done), NOTICED)
    return () => clearTimeout(timer)
  }, [journal.done, isCurrent])
  return {
    ...{ journal, change, changed, before, isCurrent, act },
    isLate: !isCurrent && late === journal.done,
    known: answer?.known,
    refusal: refusal?.journal.done === journal.done ? refusal.words : undefined,
    linked: linked ?? 'nothing'
  }
}

/** Takes the steps that the address has, and keeps those that are taken in it. What it had; absent: that is not read yet. */
function useAddress(
  { hash }: Start,
  journal: Journal,
  act: (action: Action) => void
): Linked['kind'] | undefined {
  const [linked, setLinked] = useState<Linked['kind']>()
  // How often the address was that of a place in the page.
  const [visits, setVisits] = useState(0)
  useEffect(() => {
    const read = async () => {
      const found = await stepsIn(location.hash, hash)
      if (found.kind === 'steps') act({ type: 'replace', done: found.edits })
      if (found.kind === 'nothing') setVisits((visits) => visits + 1)
      setLinked(found.kind)
    }
    void read()
    // A link to the page that is open already.
    const again = () => void read()
    addEventListener('hashchange', again)
    addEventListener('click', visit)
    return () => {
      removeEventListener('hashchange', again)
      removeEventListener('click', visit)
    }
  }, [])
  useEffect(() => {
    if (linked === undefined || (journal === BEGINNING && linked !== 'steps')) return
    let isLate = false
    void fragmentOf(journal.done, hash).then((fragment) => {
      if (!isLate)
        history.replaceState(null, '', fragment === '' ? location.pathname + location.search : fragment)
    })
    return () => {
      isLate = true
    }
  }, [journal.done, linked, visits])
  return linked
}

/** A link to a place in the page leads there without a page to go back to: that one would have the steps of then in its address. */
function visit(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  const place = link?.getAttribute('href')
  if (place?.startsWith('#') !== true || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  location.replace(place)
}
