// One question to the WebAssembly build that explorers use today: `node wasm.cjs QUESTION NODES_FILE`. Prints the milliseconds of the
// call, its answer and the peak memory of the process in KiB, as JSON.
const { readFileSync } = require('node:fs')
const { performance } = require('node:perf_hooks')
const wasm = require('@stellarbeat/stellar_analysis_nodejs')

const [question, file] = process.argv.slice(2)
// It traps on null.
const nodes = JSON.stringify(JSON.parse(readFileSync(file, 'utf8')).filter((node) => node.quorumSet))
const ask = {
  intersection: () => wasm.analyze_minimal_quorums(nodes, '[]', 0).quorum_intersection,
  quorum: () => wasm.analyze_minimal_quorums(nodes, '[]', 0).min,
  blocking: () => wasm.analyze_minimal_blocking_sets(nodes, '[]', '[]', 0).min,
  splitting: () => wasm.analyze_minimal_splitting_sets(nodes, '[]', 0).min,
  'top-tier': () => wasm.analyze_top_tier(nodes, '[]', 0).top_tier_size
}[question]
const { log } = console
console.log = () => {} // It reports every call.
const start = performance.now()
const value = ask()
const milliseconds = performance.now() - start
log(JSON.stringify({ milliseconds, value, peak: process.resourceUsage().maxRSS }))
