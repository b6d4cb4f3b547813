// What single questions take inside Node.js, on a parsed network: one node, intact nodes and critical groups, by every grouping. A new network
// for each run, as a network remembers what it was asked. `npm run bench:questions -- [NODES [ORGANIZATIONS]]`; the example without arguments.
// NODES may be an object with nodes and organizations.
import { read, timed } from './timed.mjs'

const [
  nodesFile = 'examples/network/stellar-2025-11.json',
  organizationsFile = process.argv[2] ? undefined : 'examples/network/organizations-2025-11.json'
] = process.argv.slice(2)
const given = read(nodesFile)
const network = Array.isArray(given)
  ? { nodes: given, organizations: organizationsFile && read(organizationsFile) }
  : given
const RUNS = 9

const { answer } = await timed(network, 1, (one) => one.analyzeTopTier())
const node = answer.topTier[0]
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
    row.push((await timed(network, RUNS, (one) => ask(one, groupBy))).time)
  }
  console.log(`${what.padEnd(26)}${row.map((time) => time.toFixed(1).padStart(14)).join('')}`)
}
