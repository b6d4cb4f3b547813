// How long the command line takes for years of daily snapshots.
//
//   node benches/history.mjs [DAYS [NODES.json ORGANIZATIONS.json]]
//
// The snapshots are variations of one network, day by day: for some weeks nodes are down or gone, or have another quorum set, archive or
// provider. They are 859, as were published for 2019 to 2021, of Stellar's network of September 2019 where that is here, else of the example.

import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const MAIN = join(root, 'dist/cli/main.js')
const OF_2019 = join(root, '../shared/data/stellar-2019-09-17')
const EXAMPLE = join(root, 'examples/network')
const [days = '859', ...named] = process.argv.slice(2)
const [nodesFile, organizationsFile] =
  named.length === 2
    ? named
    : existsSync(OF_2019)
      ? ['nodes.json', 'organizations.json'].map((name) => join(OF_2019, name))
      : ['stellar-2025-11.json', 'organizations-2025-11.json'].map((name) => join(EXAMPLE, name))

const nodes = JSON.parse(readFileSync(nodesFile, 'utf8'))
const organizations = readFileSync(organizationsFile, 'utf8')

let state = 1
const random = () => {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
  return state / 0x80000000
}
const pick = (items) => items[Math.floor(random() * items.length)]

/** What is different for some days, after which a node is again what it was: most of a network stays as it is. */
const CHANGES = [
  { eachDay: 1, change: () => ({ isValidating: random() < 0.5 }) },
  { eachDay: 0.3, change: () => ({ historyArchiveHasError: random() < 0.5 }) },
  { eachDay: 0.2, change: () => ({ isp: pick(nodes).isp }) },
  { eachDay: 0.2, change: ({ quorumSet }) => ({ quorumSet: varied(quorumSet) }) },
  { eachDay: 0.2, change: () => ({ isGone: true }) }
]
const MOST_DAYS = 60
let lasting = []

/** A quorum set as somebody may have it for a while: another threshold, or one entry less. */
function varied(quorumSet) {
  if (quorumSet == null || quorumSet.threshold > 100) return quorumSet
  const { threshold, validators, innerQuorumSets } = quorumSet
  const without = (items) => items.toSpliced(Math.floor(random() * items.length), 1)
  switch (pick(['more', 'less', 'validator', 'organization'])) {
    case 'more':
      return { ...quorumSet, threshold: threshold + 1 }
    case 'less':
      return { ...quorumSet, threshold: Math.max(1, threshold - 1) }
    case 'validator':
      return { ...quorumSet, validators: without(validators) }
    default:
      return { ...quorumSet, innerQuorumSets: without(innerQuorumSets) }
  }
}

/** The network of a day. */
function networkOf(day) {
  lasting = lasting.filter(({ until }) => until > day)
  for (const { eachDay, change } of CHANGES) {
    if (random() >= eachDay) continue
    const until = day + 1 + Math.floor(random() * MOST_DAYS)
    const node = pick(nodes)
    lasting.push({ publicKey: node.publicKey, until, change: change(node) })
  }
  const changes = new Map()
  for (const { publicKey, change } of lasting) {
    changes.set(publicKey, { ...changes.get(publicKey), ...change })
  }
  return nodes
    .map((node) => ({ ...node, dateUpdated: day, ...changes.get(node.publicKey) }))
    .filter(({ isGone }) => !isGone)
}

const folder = mkdtempSync(join(tmpdir(), 'stellar-fbas-history-'))
try {
  const snapshots = join(folder, 'snapshots')
  mkdirSync(snapshots)
  for (let day = 0; day < Number(days); day++) {
    const date = new Date(Date.UTC(2019, 6, 1 + day)).toISOString().slice(0, 10)
    writeFileSync(join(snapshots, `nodes-${date}.json`), JSON.stringify(networkOf(day)))
    writeFileSync(join(snapshots, `organizations-${date}.json`), organizations)
  }
  const bytes = readdirSync(snapshots).reduce((sum, name) => sum + statSync(join(snapshots, name)).size, 0)
  console.log(`${days} snapshots, ${Math.round(bytes / 1e6)} MB, ${availableParallelism()} processors\n`)

  const timed = (what, ...args) => {
    const began = performance.now()
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'history', snapshots, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 28
    })
    const seconds = (performance.now() - began) / 1000
    if (status !== 0) throw new Error(`${what}: ${status}\n${stderr}`)
    console.log(`${what.padEnd(32)} ${seconds.toFixed(2).padStart(6)} s   ${stderr.trim()}`)
  }
  const output = join(folder, 'results.ndjson')
  timed('to a file', '--output', output)
  timed('to the same file, all there', '--output', output)
  timed('to standard output')
  timed('to CSV', '--output', join(folder, 'results.csv'))
  timed('on one thread', '--threads', '1')
} finally {
  rmSync(folder, { recursive: true })
}
