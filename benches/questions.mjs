// What single questions take inside Node.js, on a parsed network: one node, intact nodes and critical groups, by every grouping. A new network
// for each run, as a network remembers what it was asked. `npm run bench:questions -- [NODES [ORGANIZATIONS]]`; the example without arguments.
// NODES may be an object with nodes and organizations.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { performance } from 'node:perf_hooks'

const require = createRequire(import.meta.url)
const { FbasNetwork } = require('..')

const [
  nodesFile = 'examples/network/stellar-2025-11.json',
  organizationsFile = process.argv[2] ? undefined : 'examples/network/organizations-2025-11.json'
] = process.argv.slice(2)
const read = (file) => JSON.parse(readFileSync(file, 'utf8'))
const given = read(nodesFile)
const { nodes, organizations } = Array.isArray(given)
  ? { nodes: given, organizations: organizationsFile && read(organizationsFile) }
  : given
const RUNS = 9

/** The median time of some runs, in milliseconds. */
async function median(ask) {
  const times = []
  for (let run = 0; run < RUNS; run++) {
    const network = await FbasNetwork.load(JSON.stringify(nodes), organizations)
    const start = performance.now()
    await ask(network)
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[RUNS >> 1]
}

const { topTier } = await (await FbasNetwork.load(nodes, organizations)).analyzeTopTier()
const node = topTier[0]
const questions = {
  one: (network, groupBy) => network.analyzeNode({ node, groupBy }),
  'one, scope all': (network, groupBy) => network.analyzeNode({ node, groupBy, scope: 'all' }),
  'every node': (network, groupBy) => network.analyzeNodes({ groupBy }),
  intact: (network) => network.analyzeIntactNodes({ illBehaved: [node] }),
  critical: (network, groupBy) => network.analyzeCriticalGroups({ groupBy }),
  "critical, stellar-core's": (network) => network.analyzeCriticalGroups({ candidates: 'stellar-core' })
}
const groupings = ['node', 'organization', 'country', 'isp']
console.log(`${'milliseconds'.padEnd(26)}${groupings.map((by) => by.padStart(14)).join('')}`)
for (const [what, ask] of Object.entries(questions)) {
  const row = []
  for (const groupBy of groupings.slice(0, ask.length === 1 ? 1 : undefined)) {
    row.push(await median((network) => ask(network, groupBy)))
  }
  console.log(`${what.padEnd(26)}${row.map((time) => time.toFixed(1).padStart(14)).join('')}`)
}
