// The system (WASI) that the WebAssembly runs on: the time, random bytes, a folder in memory for the proofs of the solver, and an output
// whose end is kept, as it says why the module failed.

import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim'

/** Most characters of last words that are kept. */
const MOST_KEPT = 2_000

/** A system for one module. */
export function system(): { wasi: WASI; lastWords: () => string } {
  let written = ''
  const decoder = new TextDecoder()
  const output = new ConsoleStdout((bytes) => {
    written = (written + decoder.decode(bytes, { stream: true })).slice(-MOST_KEPT)
  })
  const files = [new OpenFile(new File([])), output, output, new PreopenDirectory('/tmp', new Map())]
  return { wasi: new WASI([], [], files, { debug: false }), lastWords: () => written.trim() }
}
