// What `npm start` runs: analyses the example, or the files given, and prints what came out.
//
//   node examples/network/start.mjs [nodes.json [organizations.json]]

import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const EXAMPLE = join(here, 'stellar-2025-11.json')
const EXAMPLE_ORGANIZATIONS = join(here, 'organizations-2025-11.json')
const TIME_LIMIT_MS = 60_000
const LINE_WIDTH = 100
const GROUPINGS = [
  { key: 'node', groupBy: undefined, one: 'node', many: 'nodes' },
  { key: 'organization', groupBy: 'organization', one: 'organization', many: 'organizations' },
  { key: 'country', groupBy: 'country', one: 'country', many: 'countries' },
  { key: 'isp', groupBy: 'isp', one: 'provider', many: 'providers' }
]

async function main([nodesFile = EXAMPLE, organizationsFile]) {
  const fbas = await addon()
  const nodesJson = await readFile(nodesFile)
  if (nodesFile === EXAMPLE) organizationsFile = EXAMPLE_ORGANIZATIONS
  const organizationsJson = organizationsFile === undefined ? undefined : await readFile(organizationsFile)

  // The addon reads the text itself, off the main thread; here it is parsed for names and for who is not validating.
  const network = await fbas.FbasNetwork.load(nodesJson, organizationsJson)
  const parsed = JSON.parse(nodesJson)
  const nodes = nodesOf(parsed)
  const organizations =
    organizationsJson === undefined ? (parsed.organizations ?? []) : JSON.parse(organizationsJson)
  const answers = await analyse(network, nodes)

  const text = new Report(nodes, organizations, answers)
  const title = nodesFile === EXAMPLE ? "Stellar's public network, November 2025" : basename(nodesFile)
  print(`${title}: ${plural(nodes.length, 'node', 'nodes')}, ${text.organizationCount()}`)
  print(text.figures())
  print(text.legend())
  print(text.split())
  print(text.halt())
  print(text.topTier())
  print(text.history())
  print(text.findings())
  print(text.source(nodesFile, organizationsFile))
}

async function addon() {
  try {
    return (await import('../../index.js')).default
  } catch (error) {
    throw new Error('the addon could not be loaded; `npm install` builds it', { cause: error })
  }
}

/** The nodes in any of the formats that the addon reads, with what an explorer would say of them. */
function nodesOf(parsed) {
  if (Array.isArray(parsed)) return parsed
  if (parsed.validators) return parsed.validators.map(({ id, attrs }) => ({ ...attrs, publicKey: id }))
  return parsed.nodes.map(({ node, ...rest }) => ({ publicKey: node, ...rest }))
}

/** All questions at once; each runs on a worker thread. */
async function analyse(network, nodes) {
  const faultyNodes = nodes.filter((node) => node.isValidating === false).map((node) => node.publicKey)
  const start = performance.now()
  const result = await network.performAnalysis({ faultyNodes, timeoutMs: TIME_LIMIT_MS })
  const scanMs = performance.now() - start

  // Like performAnalysis, without nodes that are a quorum all by themselves.
  const options = { ignoreOneNodeQuorums: true, timeoutMs: TIME_LIMIT_MS }
  const byGrouping = (analyze) =>
    Promise.all(GROUPINGS.map(async ({ groupBy }) => analyze.call(network, { ...options, groupBy })))
  const [topTier, blocking, splitting, quorums, history] = await Promise.all([
    network.analyzeTopTier({ ...options, groupBy: 'organization' }),
    byGrouping(network.analyzeBlockingSets),
    byGrouping(network.analyzeSplittingSets),
    network.analyzeQuorums(options),
    network.analyzeHistoryCritical(options)
  ])
  return {
    result,
    topTier,
    blocking,
    splitting,
    quorums,
    history,
    scanMs,
    totalMs: performance.now() - start
  }
}

/** The answers in words, one method a paragraph. */
class Report {
  /** Names of organizations by id; of nodes by public key, those without a name by the beginning of it. */
  #names = new Map()
  /** Organization ids by public key. */
  #organizationOf = new Map()
  #answers

  constructor(nodes, organizations, answers) {
    for (const { publicKey, name, organizationId } of nodes) {
      this.#names.set(publicKey, name ?? shortened(publicKey))
      if (organizationId && organizations.length === 0) this.#organizationOf.set(publicKey, organizationId)
    }
    for (const { id, name, validators } of organizations) {
      this.#names.set(id, name ?? id)
      for (const publicKey of validators) this.#organizationOf.set(publicKey, id)
    }
    this.#answers = answers
  }

  organizationCount() {
    return plural(new Set(this.#organizationOf.values()).size, 'organization', 'organizations')
  }

  figures() {
    const rows = GROUPINGS.map(({ key, many }, index) => {
      const figures = this.#answers.result[key]
      return [
        `by ${many}`,
        figures.topTierSize,
        figures.blockingSetsMinSize,
        figures.blockingSetsFilteredMinSize,
        this.#answers.splitting[index].minSize ?? 'none'
      ]
    })
    return table([['', 'top tier', 'blocking', 'blocking, filtered', 'splitting'], ...rows])
  }

  legend() {
    return [
      'top tier   who is in some minimal quorum',
      'blocking   the fewest that halt the network when they stop; filtered: when the nodes that',
      '           are not validating are already down',
      'splitting  the fewest that, turned malicious, can make the others disagree'
    ].join('\n')
  }

  split() {
    const { quorums, splitting } = this.#answers
    if (!quorums.hasQuorum) {
      return 'Can it split? There is no quorum, so nobody can agree on anything, nor disagree.'
    }
    if (!quorums.hasQuorumIntersection) {
      const [a, b] = quorums.disjointQuorums.map((quorum) => this.#list(quorum))
      return `Can it split? YES, without anybody misbehaving: two quorums share no node.\n  ${a}\n  ${b}`
    }
    const sets = this.#smallestSets(splitting)
    if (sets === undefined)
      return 'Can it split? No, whoever turns malicious: too few would be left to disagree.'
    return `Can it split? Not by itself: every two quorums share a node. But these can split it, for example:\n${sets}`
  }

  halt() {
    const { quorums, blocking, result } = this.#answers
    if (!quorums.hasQuorum) return 'Can it halt? It HAS HALTED: there is no quorum.'
    const now =
      result.node.blockingSetsFilteredMinSize === 0
        ? 'It HAS HALTED: the nodes that are not validating block it.\nEven with all nodes up,'
        : 'It is running, but'
    return `Can it halt? ${now} these can halt it, for example:\n${this.#smallestSets(blocking)}`
  }

  topTier() {
    const { topTier, quorums, result } = this.#answers
    if (!quorums.hasQuorum) return 'Who decides? Nobody: there is no quorum.'
    const kind = result.hasSymmetricTopTier
      ? 'symmetric: its nodes all have one and the same quorum set'
      : 'not symmetric: its nodes have different quorum sets'
    return `Who decides? The top tier, which is ${kind}.\n  ${this.#list(topTier.topTier)}`
  }

  history() {
    const { history, result } = this.#answers
    if (result.findings.some(({ code }) => code === 'NO_HISTORY_DATA')) {
      return 'Is its history safe? Unknown: the data does not say which history archives have errors.'
    }
    if (history.minSize === null) return 'Is its history safe? There is no quorum, so no history is made.'
    if (history.minSize === 0) {
      return 'Is its history safe? NO: a quorum exists in which nobody has an archive without errors.'
    }
    const archives = plural(history.minSize, 'archive', 'archives')
    return (
      `Is its history safe? If ${archives} went bad, some quorum would be left without a good one:\n` +
      `  ${this.#list(history.exampleSet)}`
    )
  }

  findings() {
    const { findings } = this.#answers.result
    if (findings.length === 0) return 'Findings on the data: none'
    const lines = findings.map(({ code, message, nodes }) => {
      const concerned = nodes.length === 0 ? '' : `\n    ${this.#list(nodes, 4)}`
      return `  ${code}: ${message}${concerned}`
    })
    return `Findings on the data:\n${lines.join('\n')}`
  }

  source(nodesFile, organizationsFile) {
    const { result, scanMs, totalMs, blocking, splitting, quorums, history } = this.#answers
    const isExact = [...blocking, ...splitting, quorums, history].every((answer) => answer.isExact)
    return [
      `Source: ${[nodesFile, organizationsFile]
        .filter(Boolean)
        .map((file) => basename(file))
        .join(', ')}`,
      `Engine: ${result.engine}`,
      isExact
        ? 'Exact: every size is proven, every witness is checked against the definition'
        : 'NOT exact: some sizes are bounds that were not proven',
      `Time: performAnalysis ${scanMs.toFixed(1)} ms, everything ${totalMs.toFixed(1)} ms`
    ].join('\n')
  }

  /** A smallest set of each grouping, one a line; absent when there is none. */
  #smallestSets(answers) {
    const lines = answers.flatMap(({ minSize, exampleSet }, index) => {
      if (minSize === null) return []
      const { key, one, many } = GROUPINGS[index]
      const members = key === 'node' ? this.#listWithOrganizations(exampleSet) : this.#list(exampleSet)
      return [`  ${plural(minSize, one, many)}: ${members}`]
    })
    return lines.length === 0 ? undefined : lines.join('\n')
  }

  #list(members, atMost = Infinity) {
    const names = members.slice(0, atMost).map((member) => this.#name(member))
    const more = members.length > atMost ? [`and ${members.length - atMost} more`] : []
    return [...names.sort(), ...more].join(', ')
  }

  #listWithOrganizations(nodes) {
    const names = nodes.map((node) => {
      const organization = this.#organizationOf.get(node)
      return organization === undefined
        ? this.#name(node)
        : `${this.#name(node)} (${this.#name(organization)})`
    })
    return names.sort().join(', ')
  }

  #name(member) {
    // Countries and providers are called what they are; a validator that nobody listed has but its key.
    return this.#names.get(member) ?? (/^G[A-Z2-7]{55}$/.test(member) ? shortened(member) : member)
  }
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)))
  const line = (row) =>
    row
      .map((cell, column) =>
        column === 0 ? String(cell).padEnd(widths[column]) : String(cell).padStart(widths[column])
      )
      .join('   ')
  const rule = widths.map((width) => '─'.repeat(width)).join('───')
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n')
}

function shortened(publicKey) {
  return publicKey.length > 8 ? `${publicKey.slice(0, 8)}…` : publicKey
}

function plural(count, one, many) {
  return `${count} ${count === 1 ? one : many}`
}

function print(paragraph) {
  console.log(`${paragraph.split('\n').map(wrap).join('\n')}\n`)
}

/** Breaks a long line between words; what follows is indented a little more than the line. */
function wrap(line) {
  const indent = `${/^ */.exec(line)[0]}  `
  const lines = ['']
  for (const word of line.trimEnd().split(/(?<=\S) /)) {
    const last = lines.length - 1
    const extended = lines[last] === '' ? word : `${lines[last]} ${word}`
    if (extended.length <= LINE_WIDTH || lines[last] === '') lines[last] = extended
    else lines.push(indent + word)
  }
  return lines.join('\n')
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const because = error.cause === undefined ? '' : `: ${error.cause.message}`
  const code = error.code === undefined || error.message.startsWith(error.code) ? '' : `${error.code}: `
  console.error(`${code}${error.message}${because}`)
  process.exitCode = 1
}
