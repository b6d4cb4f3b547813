// What an explorer pays per scan, inside Node.js: `performAnalysis` from objects, from JSON text and from a parsed network, beside the calls of
// the WebAssembly build that give the same figures. `node benches/addon.mjs [NODES ORGANIZATIONS]`; the example without arguments.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { performance } from 'node:perf_hooks'

const require = createRequire(import.meta.url)
const { FbasNetwork, performAnalysis } = require('..')
const wasm = require('@stellarbeat/stellar_analysis_nodejs')

const [nodesFile = 'example/stellar-2025-11.json', organizationsFile = 'example/organizations-2025-11.json'] =
  process.argv.slice(2)
const nodes = readFileSync(nodesFile, 'utf8')
const organizations = readFileSync(organizationsFile, 'utf8')
const objects = [JSON.parse(nodes), JSON.parse(organizations)]
const faultyNodes = objects[0].filter((node) => node.isValidating === false).map((node) => node.publicKey)

/** The median time of some runs, in milliseconds. */
async function median(runs, work) {
  const times = []
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[runs >> 1]
}

// The WebAssembly build traps on null, and remembers the last network: every scan gets another order of the nodes.
const usable = objects[0].filter((node) => node.quorumSet)
const orders = [JSON.stringify(usable), JSON.stringify([...usable].reverse())]
const named = JSON.stringify(objects[1].map((entry) => ({ ...entry, name: entry.name ?? entry.id })))

/** The same figures as an explorer asks the WebAssembly build for them. */
function askWasm() {
  const nodes = orders.reverse()[0]
  const faulty = JSON.stringify(faultyNodes)
  wasm.analyze_symmetric_top_tier(nodes, named, 0)
  wasm.analyze_minimal_quorums(nodes, named, 0)
  for (const by of [0, 1, 2, 3]) {
    wasm.analyze_top_tier(nodes, named, by)
    wasm.analyze_minimal_blocking_sets(nodes, named, '[]', by)
    wasm.analyze_minimal_blocking_sets(nodes, named, faulty, by)
    wasm.analyze_minimal_splitting_sets(nodes, named, by)
  }
}

const network = await FbasNetwork.load(nodes, organizations)
const times = {
  'performAnalysis, from objects': await median(50, () => performAnalysis(...objects, { faultyNodes })),
  'performAnalysis, from JSON text': await median(50, () =>
    performAnalysis(nodes, organizations, { faultyNodes })
  ),
  'performAnalysis, parsed network': await median(50, () => network.performAnalysis({ faultyNodes }))
}
const { log } = console
console.log = () => {} // It reports every call.
times['WASM build 0.6.2, the same figures'] = await median(5, askWasm)
console.log = log
const best = times['performAnalysis, from JSON text']
for (const [what, time] of Object.entries(times)) {
  console.log(`${what.padEnd(36)}${time.toFixed(2).padStart(9)} ms${(time / best).toFixed(1).padStart(8)} x`)
}
