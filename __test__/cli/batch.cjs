// Runs command lines with a built program, one after another in one process: starting Node.js for each would take minutes.
//
// The program is compiled once for all that it is asked, runs anew for each command line, finds its arguments where it always does, and ends
// where it calls `process.exit`. Programs and command lines come as messages, and so do the outcomes go.

const { readFileSync } = require('node:fs')
const { createRequire, wrap } = require('node:module')
const { dirname } = require('node:path')
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

process.on('message', async ({ program, commands }) => {
  const compiled = new Script(wrap(readFileSync(program, 'utf8').replace(/^#!.*/, '')), {
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
    outcomes.push(await outcome)
  }
  process.send(outcomes)
})
