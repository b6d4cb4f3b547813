// What an explorer pays per scan, inside Node.js: `performAnalysis` from objects, from JSON text and from a parsed network, beside the calls that
// give the same figures, to the WebAssembly build and to the drop-in for it. `node benches/addon.mjs [NODES ORGANIZATIONS]`; the example
// without arguments.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { performance } from 'node:perf_hooks'

const require = createRequire(import.meta.url)
const { FbasNetwork, performAnalysis } = require('..')
const compat = require('../dist/compat.js')
const wasm = require('@stellarbeat/stellar_analysis_nodejs')

const [
  nodesFile = 'examples/network/stellar-2025-11.json',
  organizationsFile = 'examples/network/organizations-2025-11.json'
] = process.argv.slice(2)
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

const network = await FbasNetwork.load(nodes, organizations)
const [member] = (await network.analyzeTopTier()).topTier

// The WebAssembly build traps on null.
const usable = JSON.stringify(objects[0].filter((node) => node.quorumSet))
const named = JSON.stringify(objects[1].map((entry) => ({ ...entry, name: entry.name ?? entry.id })))
let scans = 0

/** The same figures as an explorer asks the WebAssembly build for them. */
function ask(wasm) {
  // It remembers every core that it has seen: in each scan a member has another key.
  const key = `${member.slice(0, -6)}${String(scans++).padStart(6, '0')}`
  const nodes = usable.replaceAll(member, key)
  const organizations = named.replaceAll(member, key)
  const faulty = JSON.stringify(faultyNodes)
  wasm.analyze_symmetric_top_tier(nodes, organizations, 0)
  const { quorum_intersection } = wasm.analyze_minimal_quorums(nodes, organizations, 0)
  const figures = [0, 1, 2, 3].map((by) => [
    wasm.analyze_top_tier(nodes, organizations, by).top_tier_size,
    wasm.analyze_minimal_blocking_sets(nodes, organizations, '[]', by).min,
    wasm.analyze_minimal_blocking_sets(nodes, organizations, faulty, by).min,
    wasm.analyze_minimal_splitting_sets(nodes, organizations, by).min
  ])
  return JSON.stringify([quorum_intersection, figures])
}

const times = {
  'performAnalysis, from objects': await median(50, () => performAnalysis(...objects, { faultyNodes })),
  'performAnalysis, from JSON text': await median(50, () =>
    performAnalysis(nodes, organizations, { faultyNodes })
  ),
  'performAnalysis, parsed network': await median(50, () => network.performAnalysis({ faultyNodes })),
  'stellar-fbas/compat, the same figures': await median(50, () => ask(compat))
}
const { log } = console
console.log = () => {} // It reports every call.
times['WASM build 0.6.2, the same figures'] = await median(5, () => ask(wasm))
const same = ask(wasm) === ask(compat)
console.log = log
if (!same) console.log('The two packages give different figures.')
const best = times['performAnalysis, from JSON text']
for (const [what, time] of Object.entries(times)) {
  console.log(`${what.padEnd(40)}${time.toFixed(2).padStart(9)} ms${(time / best).toFixed(1).padStart(8)} x`)
}
