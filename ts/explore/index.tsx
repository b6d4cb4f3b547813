/** The page on which people try out changes of a network: one HTML file that has the network and the analysis in it and asks nobody for anything. */

import { gzipSync } from 'node:zlib'

import { renderToStaticMarkup } from 'preact-render-to-string'

import { Document } from '../report/document.js'
import { embedded } from '../report/embedded.js'
import { linesOfChosen, visibilityByClass } from '../report/layers.js'
import { partsWith } from '../report/parts.js'
import { KINDS } from '../report/picture/sets.js'
import { MOST_IN_A_CIRCLE } from '../report/picture/trust.js'
import { GROUPINGS } from '../study/groupings.js'
import { printable } from '../study/visible.js'
import type { Engine, Start } from './start.js'

export type { Start }

/** What is built from page.client.tsx and page.css, and what the report has. */
declare const EXPLORE_SCRIPT: string
declare const EXPLORE_STYLE: string
declare const PAGE_STYLE: string
declare const PICTURE_STYLE: string

/** What the page may do but for what is in it: compile the WebAssembly, and make a worker of a script and call off what it does. */
const NEEDED = {
  'script-src': "'wasm-unsafe-eval'",
  'worker-src': 'blob:',
  'connect-src': 'blob:',
  'img-src': 'data:'
}

/** The page as HTML. */
export function exploreHtml(start: Start, analysis: { wasm: Uint8Array; worker: string }): string {
  const engine: Engine = {
    wasm: gzipSync(analysis.wasm, { level: 9 }).toString('base64'),
    worker: analysis.worker
  }
  const sets = KINDS.flatMap((kind) => GROUPINGS.map((_, index) => `show-${kind}-${index}`))
  const style =
    PICTURE_STYLE + PAGE_STYLE + EXPLORE_STYLE + visibilityByClass(sets) + linesOfChosen(MOST_IN_A_CIRCLE)
  const parts = partsWith(style, EXPLORE_SCRIPT, embedded({ start, engine }), NEEDED)
  const page = (
    <Document {...parts} generator="stellar-fbas" title={`What if? ${printable(start.title)}`}>
      <div id="page">
        <header>
          <h1>{printable(start.title)}</h1>
        </header>
        <main>
          <p role="status">The analysis is being loaded.</p>
          <noscript>
            <p>
              This page works out what becomes of a network when something changes. It needs scripts for that.
            </p>
          </noscript>
        </main>
      </div>
    </Document>
  )
  return `<!doctype html>\n${renderToStaticMarkup(page)}\n`
}
