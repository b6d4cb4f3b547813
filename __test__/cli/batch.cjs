// Runs command lines with a built program, one after another in one process: starting Node.js for each would take minutes.
//
// The program is compiled once for all that it is asked, runs anew for each command line, finds its arguments where it always does, and ends
// where it calls `process.exit`. Programs and command lines come as messages, and so do the outcomes go; with them, for who asks, which of some
// places of the program each command line reached.

const { readFileSync } = require('node:fs')
const { Session } = require('node:inspector')
const { createRequire, wrap } = require('node:module')
const { dirname } = require('node:path')
const { pathToFileURL } = require('node:url')
const { constants, Script } = require('node:vm')

const LISTENED = ['SIGINT', 'SIGTERM', 'uncaughtException', 'beforeExit']
let written
let ended = () => {}

for (const [stream, name] of [
  [process.stdout, 'stdout'],
  [process.stderr, 'stderr']
]) {
  stream.write = (text, encoding, done = encoding) => {
    // What a program writes after its end is nobody's.
    if (written !== undefined) written[name] += text
    if (typeof done === 'function') done()
    return true
  }
}

process.exit = (status = process.exitCode) => {
  if (written === undefined) return
  const outcome = { ...written, status: status ?? 0 }
  written = undefined
  setImmediate(ended, outcome)
}

/** Which of these places of the program ran since it was asked last. */
function reachedOf(inspector, { program, length, before, places }) {
  let functions = []
  inspector.post('Profiler.takePreciseCoverage', (_, { result }) => {
    functions = result.find(({ url }) => url === pathToFileURL(program).href)?.functions ?? []
  })
  const ran = new Uint8Array(length)
  // Inner ranges come after those around them.
  for (const { startOffset, endOffset, count } of functions.flatMap(({ ranges }) => ranges))
    ran.fill(count > 0 ? 1 : 0, startOffset, endOffset)
  return places.filter((place) => ran[place + before] === 1)
}

process.on('message', async ({ program, commands, places }) => {
  // As long as it was: places are counted from its beginning.
  const text = readFileSync(program, 'utf8').replace(/^#!/, '//')
  const wrapped = wrap(text)
  let inspector
  if (places !== undefined) {
    inspector = new Session()
    inspector.connect()
    inspector.post('Profiler.enable')
    inspector.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }
  const compiled = new Script(wrapped, {
    filename: program,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
  })
  const outcomes = []
  for (const args of commands) {
    for (const event of LISTENED) process.removeAllListeners(event)
    for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error')
    const outcome = new Promise((resolve) => (ended = resolve))
    written = { stdout: '', stderr: '' }
    process.exitCode = undefined
    process.argv = [process.argv[0], program, ...args]
    const module = { exports: {} }
    compiled.runInThisContext()(module.exports, createRequire(program), module, program, dirname(program))
    const left = await outcome
    const reached =
      inspector &&
      reachedOf(inspector, { program, length: wrapped.length, before: wrapped.indexOf(text), places })
    outcomes.push(reached ? { ...left, reached } : left)
  }
  inspector?.disconnect()
  process.send(outcomes)
})
