// All minimal sets: listed, beside the WebAssembly build that lists them, too; and counted, where nobody could list them.
// `npm run bench:lists [-- NODES ORGANIZATIONS]`; the example without arguments. The addon must be built.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { performance } from 'node:perf_hooks'

const require = createRequire(import.meta.url)
const { FbasNetwork } = require('..')
const wasm = require('@stellarbeat/stellar_analysis_nodejs')

const [
  nodesFile = 'examples/network/stellar-2025-11.json',
  organizationsFile = 'examples/network/organizations-2025-11.json'
] = process.argv.slice(2)
const nodes = readFileSync(nodesFile, 'utf8')
const organizations = readFileSync(organizationsFile, 'utf8')
const RUNS = 5
// Whoever takes longer is stopped, and has no figure.
const PATIENCE_MS = 10_000

/** The median time of some runs in milliseconds, and what the last one returned. */
async function median(work) {
  const times = []
  let result
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now()
    result = await work(run)
    times.push(performance.now() - start)
  }
  return [times.sort((a, b) => a - b)[RUNS >> 1], result]
}

// The WebAssembly build traps on null, and remembers the last network: every run gets another order of the nodes.
const usable = JSON.parse(nodes).filter((node) => node.quorumSet)
const orders = [JSON.stringify(usable), JSON.stringify([...usable].reverse())]
const named = JSON.stringify(
  JSON.parse(organizations).map((entry) => ({ ...entry, name: entry.name ?? entry.id }))
)
const theirs = {
  analyzeQuorums: (run) => wasm.analyze_minimal_quorums(orders[run % 2], named, 0),
  analyzeBlockingSets: (run) => wasm.analyze_minimal_blocking_sets(orders[run % 2], named, '[]', 0),
  analyzeSplittingSets: (run) => wasm.analyze_minimal_splitting_sets(orders[run % 2], named, 0)
}

console.log(`${nodesFile}: all sets, parsing included; and the WebAssembly build 0.6.2`)
const { log } = console
for (const [analysis, ask] of Object.entries(theirs)) {
  const [ours, found] = await median(async () => {
    const network = await FbasNetwork.load(nodes, organizations)
    return network[analysis]({ limit: 100_000 })
  })
  console.log = () => {} // It reports every call.
  const [wasmTime, { result }] = await median(ask)
  console.log = log
  const ratio = (wasmTime / ours).toFixed(1)
  const sets = `${found.sets.length} sets, ${result.length} there`
  console.log(
    `  ${analysis.padEnd(22)}${ours.toFixed(1).padStart(8)} ms${wasmTime.toFixed(1).padStart(9)} ms${ratio.padStart(7)} x   ${sets}`
  )
}

/** Organizations of three; each leaves some others out and asks for as many as if it had not, if it can. */
function uneven(count, drop) {
  let state = 1
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state / 0x7fffffff
  }
  const ids = Array.from({ length: count }, (_, id) => id)
  const key = (id, member) => `ORG${String(id).padStart(3, '0')}NODE${member}`
  return ids.flatMap((id) => {
    const kept = ids.filter((other) => other === id || random() >= drop)
    const innerQuorumSets = kept.map((other) => ({
      threshold: 2,
      validators: [0, 1, 2].map((member) => key(other, member))
    }))
    const threshold = Math.min(count - Math.floor((count - 1) / 3), kept.length)
    return [0, 1, 2].map((member) => ({
      publicKey: key(id, member),
      quorumSet: { threshold, validators: [], innerQuorumSets }
    }))
  })
}

console.log('how many there are: all of them counted, the first 100 listed; nodes')
const networks = [7, 13, 30, 50, 100].map((count) => [`${count} symmetric organizations`, uneven(count, 0)])
for (const [count, drop] of [
  [8, 0.1],
  [12, 0.1],
  [16, 0.05],
  [16, 0.1],
  [20, 0.1],
  [24, 0.1]
]) {
  networks.push([`${count} organizations, ${drop * 100} % dropped`, uneven(count, drop)])
}
for (const [what, generated] of networks) {
  const text = JSON.stringify(generated)
  const columns = []
  for (const analysis of Object.keys(theirs)) {
    const options = { limit: 100, timeoutMs: PATIENCE_MS }
    const ask = async () => (await FbasNetwork.load(text))[analysis](options).catch(() => null)
    const [time, found] = await median(ask)
    const total = found?.totalSets === undefined ? 'no figure' : Number(found.totalSets).toPrecision(3)
    columns.push(`${total.padStart(11)} in ${time.toFixed(1).padStart(8)} ms`)
  }
  console.log(`  ${what.padEnd(34)}${columns.join('')}`)
}
