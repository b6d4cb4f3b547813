// Runs command lines with the built program, one after another in one process: starting Node.js for each would take minutes.
//
// The program is compiled once and run anew for each, finds its arguments where it always does, and ends where it calls `process.exit`. Command
// lines come as JSON on standard input, and so do the outcomes on a channel of their own.

const { readFileSync, writeSync } = require('node:fs')
const { createRequire, wrap } = require('node:module')
const { dirname } = require('node:path')
const { constants, Script } = require('node:vm')

const [program] = process.argv.splice(2)
const commands = JSON.parse(readFileSync(0, 'utf8'))
const compiled = new Script(wrap(readFileSync(program, 'utf8').replace(/^#!.*/, '')), {
  filename: program,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
})
const LISTENED = ['SIGINT', 'SIGTERM', 'uncaughtException', 'beforeExit']
const outcomes = []
let written

for (const [stream, name] of [
  [process.stdout, 'stdout'],
  [process.stderr, 'stderr']
]) {
  stream.write = (text, encoding, done = encoding) => {
    written[name] += text
    if (typeof done === 'function') done()
    return true
  }
}

const exit = process.exit
process.exit = (status = process.exitCode) => {
  if (written === undefined) return
  outcomes.push({ ...written, status: status ?? 0 })
  written = undefined
  setImmediate(next)
}

function next() {
  for (const event of LISTENED) process.removeAllListeners(event)
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error')
  const args = commands[outcomes.length]
  if (args === undefined) {
    writeSync(3, JSON.stringify(outcomes))
    return exit(0)
  }
  written = { stdout: '', stderr: '' }
  process.exitCode = undefined
  process.argv = [process.argv[0], program, ...args]
  const module = { exports: {} }
  compiled.runInThisContext()(module.exports, createRequire(program), module, program, dirname(program))
}

next()
