// Findings, word by word: each must be so of the nodes that are named, and none that is so may be missing.

import assert from 'node:assert/strict'

import type { QuorumSet } from '../../index.js'
import { bits, GROUPINGS, WORDS, type About, type Grouping, type Mask } from './about.js'
import { holdNumber, told } from './sizes.js'
import { Truth, namedIn, written } from './truth.js'

export interface Told {
  code: string
  message: string
  nodes: Mask
  /** Whether not all of them are named. */
  isCut: boolean
}

/** Nodes whose quorum set, or a set inside it, is such. */
function having(about: About, is: (set: QuorumSet, depth: number) => boolean): Mask {
  const has = (set: QuorumSet, depth: number): boolean =>
    is(set, depth) || set.innerQuorumSets.some((inner) => has(inner, depth + 1))
  return about.population.maskOf(
    about.network.nodes.flatMap(({ publicKey, quorumSet }) =>
      quorumSet != null && has(quorumSet, 1) ? publicKey : []
    )
  )
}

const entries = ({ validators, innerQuorumSets }: QuorumSet) => validators.length + innerQuorumSets.length

/** The network as it was read, with those that are a quorum all by themselves. */
function whole({ population, chosen }: About): Truth {
  return new Truth(population, { unknown: chosen ?? 'dead', faulty: [] }, false)
}

function alone(about: About): Mask {
  const { quorums } = whole(about)
  return quorums.filter((set) => bits(set).length === 1).reduce((union, set) => union | set, 0)
}

/** What is said of whom; nobody where it is not said. Of what concerns no node in particular, whether it is said. */
const SAID: [string, string, (about: About) => Mask | boolean][] = [
  [
    'UNKNOWN_QUORUM_SET',
    'No quorum set is known for these nodes; they count as unknown and, by default, are in no quorum.',
    ({ network, population }) =>
      population.maskOf(
        network.nodes.filter(({ quorumSet }) => quorumSet == null).map(({ publicKey }) => publicKey)
      )
  ],
  [
    'UNKNOWN_VALIDATOR',
    'Quorum sets name these validators but the input does not list them; they count as unknown and, by default, are in no quorum, while the thresholds that count on them stay.',
    ({ network, population }) =>
      population.all & ~population.maskOf(network.nodes.map(({ publicKey }) => publicKey))
  ],
  [
    'DUPLICATE_ENTRY',
    'The quorum sets of these nodes name a validator more than once; each mention counts, as in stellar-core.',
    repeating
  ],
  [
    'UNREACHABLE_THRESHOLD',
    'The quorum sets of these nodes ask for more entries than they list. At the top level the node can be in no quorum; an inner set like that is never satisfied.',
    unreachable
  ],
  [
    'ZERO_THRESHOLD',
    'The quorum sets of these nodes have a threshold of 0. At the top level that is no usable quorum set and the node counts as unknown; an inner set with threshold 0 counts as satisfied.',
    (about) => having(about, (set) => set.threshold === 0)
  ],
  [
    'LOW_THRESHOLD',
    'The quorum sets of these nodes, or sets inside them, have a threshold of at most half of their entries: such a set is satisfied by half of its entries as well as by the other half.',
    low
  ],
  [
    'SELF_EXCLUDED',
    'The quorum sets of these nodes do not name the node itself.',
    ({ network, population }) =>
      population.maskOf(
        network.nodes
          .filter(({ publicKey, quorumSet }) => quorumSet != null && !namedIn(quorumSet).includes(publicKey))
          .map(({ publicKey }) => publicKey)
      )
  ],
  ...[true, false].flatMap((isLeftOut): typeof SAID => {
    const concerned = (about: About) => (isLeftOut ? whole(about).stray : alone(about) & ~whole(about).stray)
    const [one, many] = isLeftOut
      ? [
          'It is left out, as no other live node names it.',
          'They are left out, as no other live node names them.'
        ]
      : ['It counts.', 'They count.']
    const ifOne = (is: boolean) => (about: About) => {
      const nodes = concerned(about)
      return (bits(nodes).length === 1) === is ? nodes : 0
    }
    return [
      ['ONE_NODE_QUORUM', `This node is a quorum all by itself. ${one}`, ifOne(true)],
      ['ONE_NODE_QUORUM', `Each of these nodes is a quorum all by itself. ${many}`, ifOne(false)]
    ]
  }),
  [
    'NO_QUORUM_SETS',
    "No node has a quorum set that was recognized and is usable, so nothing is known of this network; a quorum set is looked for at a node's quorumSet (in stellar-core's answer: qset).",
    (about) => about.isNothingKnown
  ],
  [
    'NO_QUORUM',
    'The network has no quorum: it is halted, and its quorums cannot be said to intersect.',
    (about) => !about.isNothingKnown && !about.truth.hasQuorum && about.onlyLeftOut === 0
  ],
  [
    'NO_QUORUM',
    'Apart from nodes that are left out, each a quorum all by itself, the network has no quorum: no two nodes can agree, and quorums cannot be said to intersect.',
    (about) => about.onlyLeftOut !== 0
  ],
  [
    'HISTORY_WITHOUT_URL',
    'The data says of these nodes that their history archive has no error, and knows the address of none, as it does for other nodes. They count as having a good archive.',
    ({ withoutUrl }) => withoutUrl
  ],
  [
    'NO_HISTORY_DATA',
    'No node says whether its history archive has errors, so none is relied on: if there is a quorum, the smallest history-critical set is empty.',
    ({ isWithoutHistory }) => isWithoutHistory
  ],
  ...GROUPINGS.map((grouping): (typeof SAID)[number] => [
    'NO_GROUP_DATA',
    noGroups(grouping),
    (about) => about.groupings.includes(grouping) && about.isWithoutGroups(grouping)
  ])
]

/** Whose quorum sets name a node more than once. */
export function repeating({ network, population }: About): Mask {
  const nodes = network.nodes.filter(({ quorumSet }) => {
    const named = quorumSet == null ? [] : namedIn(quorumSet)
    return new Set(named).size < named.length
  })
  return population.maskOf(nodes.map(({ publicKey }) => publicKey))
}

/** Whose quorum sets, or sets inside them, ask for more entries than they list. */
export function unreachable(about: About): Mask {
  return having(about, (set) => set.threshold > entries(set))
}

/** Whose quorum sets, or sets inside them, ask for at most half of their entries. */
export function low(about: About): Mask {
  return having(about, (set) => set.threshold > 0 && 2 * set.threshold <= entries(set))
}

/** That nobody who counts has a group. */
export function noGroups(grouping: Grouping): string {
  return noGroupsOf(WORDS[grouping].many)
}

function noGroupsOf(counted: string): string {
  return `Counting ${counted}: no node that can be in a quorum has a group, so each stands for itself and sizes count nodes.`
}

/** A finding that must be there, but for those on what hangs on unknown nodes. */
export interface Expected {
  code: string
  message: string
  nodes: string[]
}

/** All of them. */
export function findingsOf(about: About): Expected[] {
  return SAID.flatMap(([code, message, concerns]) => {
    const whom = concerns(about)
    if (whom === false || whom === 0) return []
    const nodes = whom === true ? [] : bits(whom).map((index) => about.population.keys[index] ?? '')
    return [{ code, message, nodes }]
  })
}

const HANGS =
  'The quorum sets of these nodes are unknown, and what is said here depends on how they are read.'

export function holdFindings(about: About, findings: Told[]): void {
  const left = [...findings]
  for (const [code, message, concerns] of SAID) {
    const at = left.findIndex((finding) => finding.code === code && finding.message === message)
    const [found] = at < 0 ? [] : left.splice(at, 1)
    const whom = concerns(about)
    const nodes = typeof whom === 'boolean' ? 0 : whom
    assert.equal(found !== undefined, typeof whom === 'boolean' ? whom : nodes !== 0, message)
    if (found?.isCut) assert.equal(found.nodes & ~nodes, 0, code)
    else if (found !== undefined) assert.deepEqual(bits(found.nodes), bits(nodes), code)
  }
  const hanging = left.filter(({ code }) => code === 'VERDICT_DEPENDS_ON_UNKNOWN_NODES')
  holdHanging(about, hanging)
  const open = left.filter(({ code }) => code === 'NOT_EXACT')
  for (const { message, nodes } of open) holdOpen(about, message, nodes)
  const others = left.filter((finding) => !hanging.includes(finding) && !open.includes(finding))
  assert.deepEqual(others, [], 'findings that nobody knows')
}

/** Findings as people are told them: all ways of counting that lack groups are named in one. */
export function holdFindingsTold(about: About, findings: Told[]): void {
  const ways = about.groupings.filter((grouping) => about.isWithoutGroups(grouping))
  const many = ways.map((grouping) => WORDS[grouping].many)
  const all = many.length < 2 ? many.join() : `${many.slice(0, -1).join(', ')} and ${many.at(-1)}`
  const isOnGroups = ({ code }: Told) => code === 'NO_GROUP_DATA'
  assert.deepEqual(
    findings.filter(isOnGroups).map(({ message }) => message),
    ways.length === 0 ? [] : [noGroupsOf(all)]
  )
  const apart = (finding: Told) =>
    isOnGroups(finding) ? ways.map((way) => ({ ...finding, message: noGroups(way) })) : finding
  holdFindings(about, findings.flatMap(apart))
}

/** What a finding on figures is about: a way of counting, all up or some down, and the rest of its text. */
function partsOf(about: About, message: string): { grouping: Grouping; isDown: boolean; text: string } {
  // What is counted goes without saying where nothing else is.
  const [only = 'node'] = about.groupings
  const [, counting = WORDS[only].many, down, text = ''] =
    /^(?:Counting (\w+): )?(With the faulty nodes down: )?(.*)$/.exec(message) ?? []
  const grouping = GROUPINGS.find((grouping) => WORDS[grouping].many === counting)
  assert.ok(grouping !== undefined, message)
  return { grouping, isDown: down !== undefined, text }
}

type Value = boolean | number | string | null

const HISTORY = 'Smallest history-critical set'
const SYMMETRIC = 'Symmetric top tier'

/** The figures that may hang on unknown nodes, in the order in which they are told. */
function figuresOf(truth: Truth, grouping: Grouping, isDown: boolean): [string, Value][] {
  if (isDown) return [['Smallest blocking set', truth.smallest('blocking', grouping)]]
  return [
    ['Members of the top tier', bits(truth.topTier(grouping)).length],
    [SYMMETRIC, truth.symmetric === null ? null : written(truth.symmetric.set)],
    ['Every two quorums share a node', truth.intersects],
    ['Smallest blocking set', truth.smallest('blocking', grouping)],
    [HISTORY, truth.smallest('history', grouping)],
    ['Smallest splitting set', truth.smallest('splitting', grouping)]
  ]
}

/** A figure that changes: both values, and for the top tier who comes and who goes. */
interface Change {
  figure: string
  other: Value
  value: Value
  with: Mask
  without: Mask
}

function changesOf(about: About, grouping: Grouping, isDown: boolean): Change[] {
  const [truth, other] = isDown ? [about.down, about.otherDown] : [about.truth, about.other]
  const others = new Map(figuresOf(other, grouping, isDown))
  const [ours, theirs] = [truth.topTier(grouping), other.topTier(grouping)]
  return figuresOf(truth, grouping, isDown).flatMap(([figure, value]) => {
    // Where nothing is said of archives, nothing but that hangs on anybody.
    if (figure === HISTORY && about.isWithoutHistory) return []
    const isTier = figure === 'Members of the top tier'
    const instead = others.get(figure) ?? null
    if (isTier ? ours === theirs : instead === value) return []
    if (figure === SYMMETRIC) {
      // Of two quorum sets neither is told.
      const one = instead === null ? 'none' : value === null ? 'one' : 'another one'
      return [{ figure, other: one, value: value === null ? 'none' : 'one', with: 0, without: 0 }]
    }
    const [come, gone] = isTier ? [theirs & ~ours, ours & ~theirs] : [0, 0]
    return [{ figure, other: instead, value, with: come, without: gone }]
  })
}

/** Each figure that another reading of unknown nodes changes, with the way of counting unless another one has told the same. */
function holdHanging(about: About, findings: Told[]): void {
  const other = about.chosen === 'free' ? 'dead' : 'free'
  const expected: [Grouping, boolean, Change[]][] = []
  const seen = new Set<string>()
  for (const grouping of about.isNothingKnown ? [] : about.groupings) {
    for (const isDown of about.faulty.length > 0 ? [false, true] : [false]) {
      const changes = changesOf(about, grouping, isDown)
      const names = (units: Mask) =>
        bits(units).map((index) => {
          const unit = about.population.units(grouping)[index]
          return unit === undefined ? '' : about.labels(unit, grouping).join(' or ')
        })
      const text = JSON.stringify([
        isDown,
        changes.map((change) => ({ ...change, with: names(change.with), without: names(change.without) }))
      ])
      if (changes.length > 0 && !seen.has(text)) expected.push([grouping, isDown, changes])
      seen.add(text)
    }
  }
  const told = findings.map(({ message, nodes, isCut }): (typeof expected)[number] => {
    const { grouping, isDown, text } = partsOf(about, message)
    const [, words, way, changes = ''] =
      /^(.*) If they were (.*), other answers follow\. (.*)\.$/.exec(text) ?? []
    assert.deepEqual([words, way], [HANGS, AS_READ[other]])
    assert.equal(nodes & ~about.unknown, 0, 'known nodes that something hangs on')
    assert.ok(nodes !== 0 || isCut, 'nobody whom it hangs on')
    return [grouping, isDown, sentencesIn(changes).map((change) => changeIn(about, change, grouping))]
  })
  if (!about.isCutShort) assert.deepEqual(told, expected)
  // What could be found out must be so.
  for (const [grouping, isDown, changes] of told) {
    const all = changesOf(about, grouping, isDown)
    for (const change of changes) {
      const figure = all.find(({ figure }) => figure === change.figure)
      assert.ok(figure !== undefined, `${change.figure} hangs on nothing`)
    }
  }
}

const AS_READ = { dead: 'in no quorum', free: 'free to join any quorum' }

/** Names may have full stops in them; figures begin sentences. */
function sentencesIn(text: string): string[] {
  return text.split(
    /\. (?=(?:Members of the top tier|Symmetric top tier|Every two quorums share a node|Smallest [a-z-]+ set): )/
  )
}

function changeIn(about: About, text: string, grouping: Grouping): Change {
  const [, figure = '', other = '', value = '', come = '', gone = ''] =
    /^([^:]+): (.+?) instead of (.+?)(?:, with (.+?))?(?:, without (.+))?$/.exec(text) ?? []
  if (figure === SYMMETRIC) return { figure, other, value, with: 0, without: 0 }
  const labels = (list: string) => (list === '' ? 0 : about.labelled(list, grouping))
  return {
    ...{ figure, other: valueIn(about, other), value: valueIn(about, value) },
    ...{ with: labels(come), without: labels(gone) }
  }
}

function valueIn(about: About, text: string): Value {
  if (text === 'yes' || text === 'no') return text === 'yes'
  if (text === 'none') return null
  if (/^\d+$/.test(text)) return Number(text)
  assert.ok(about.isCutShort, `a value that is open though there was time: ${text}`)
  told(text)
  return null
}

/** A figure that is not proven, with bounds that must be so. */
function holdOpen(about: About, message: string, nodes: Mask): void {
  assert.ok(about.isCutShort, `not exact though there was time: ${message}`)
  assert.equal(nodes, 0)
  const { grouping, isDown, text } = partsOf(about, message)
  const own = about.chosen ?? 'dead'
  const other = own === 'dead' ? 'free' : 'dead'
  const [, figure = '', bounds] = /^([^:]+): not proven within the budget\. It is (.*)\.$/.exec(text) ?? []
  if (bounds !== undefined) return holdKnown(about, figure, bounds, grouping, isDown, false)
  const [, hanging = '', way, then = '', now = ''] =
    /^([^:]+): whether this would be otherwise if unknown nodes were (.*) was not proven within the budget\. Then: (.*); as they are read here: (.*)\.$/.exec(
      text
    ) ?? []
  assert.equal(way, AS_READ[other], message)
  holdKnown(about, hanging, then, grouping, isDown, true)
  holdKnown(about, hanging, now, grouping, isDown, false)
}

/** What is known of a figure, read as it was or the other way. */
function holdKnown(
  about: About,
  figure: string,
  known: string,
  grouping: Grouping,
  isDown: boolean,
  isOther: boolean
): void {
  const where = `${figure}: ${known}`
  const truth = isDown ? (isOther ? about.otherDown : about.down) : isOther ? about.other : about.truth
  const value = new Map(figuresOf(truth, grouping, isDown)).get(figure)
  assert.ok(value !== undefined, where)
  if (known === 'not known') return
  if (known === 'yes' || known === 'no') return assert.equal(value, known === 'yes', where)
  assert.ok(value === null || typeof value === 'number', where)
  holdNumber(about, told(known), value, where)
}
