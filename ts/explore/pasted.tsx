/** The quorum set as JSON, to be copied or to be replaced by what is pasted, in any form that the package reads. */

import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'

import type { QuorumSet } from '../../index.js'
import type { Analysis } from './analysis.js'
import type { Change } from './change.js'

interface Props {
  analysis: Analysis
  change: Change
  set: QuorumSet | null
  /** Whose it is. */
  node: string
  take: (set: QuorumSet | null) => void
}

export function Pasted({ analysis, change, set, node, take }: Props): JSX.Element {
  const written = JSON.stringify(set, undefined, 2)
  const [text, setText] = useState(written)
  const [refusal, setRefusal] = useState<string>()
  useEffect(() => setText(written), [written])
  const read = async () => {
    try {
      take(await analysis.quorumSetIn(text, change, node))
      setRefusal(undefined)
    } catch (error) {
      setRefusal(inTheSet((error as Error).message, node))
    }
  }
  return (
    <details class="pasted">
      <summary>As JSON</summary>
      <p>
        <label>
          The quorum set, as explorers or stellar-core write it
          <textarea
            rows={8}
            spellcheck={false}
            value={text}
            onInput={({ currentTarget: { value } }) => setText(value)}
          />
        </label>
      </p>
      {refusal === undefined ? null : (
        <p class="refusal" role="alert">
          {refusal}
        </p>
      )}
      <button type="button" onClick={() => void read()}>
        Take this
      </button>
    </details>
  )
}

/** Why a quorum set cannot be read, said of the set alone: that it is part of a change is the page's own affair. */
function inTheSet(message: string, node: string): string {
  const way = `change.set.${node}`
  return message.startsWith(way) ? message.slice(way.length).replace(/^[.:] ?/, '') : message
}
