// What `node` and `nodes` say of every node, held against what is so by trying all sets of others.

import assert from 'node:assert/strict'

import type { MinimalSetResult, NodeResult, QuorumSet } from '../../index.js'
import type { Ended } from '../cli/command.js'
import { bits, WORDS, type About, type Grouping, type Mask } from './about.js'
import { doubtIn } from './analyzed.js'
import { holdBeside, inDoubt, takeNotes, type Check, type Checked, type Rest } from './asked.js'
import { blocksOf, colorOf, items, joined, plain, tableIn } from './blocks.js'
import { low, repeating, unreachable } from './findings.js'
import { ENGINE, rowsIn, unitsOf } from './programs.js'
import { holdMembers, holdNumber, told } from './sizes.js'
import { namedIn, written, type Form, type Truth } from './truth.js'
import { holdDoubt, rules } from './verdicts.js'

/** What is asked of a node. */
export interface AskedOfNode {
  /** Its place among the keys. */
  node: number
  grouping: Grouping
  scope: 'core' | 'all'
}

const KINDS = ['halting', 'vBlocking', 'splitting'] as const
type KindOfNode = (typeof KINDS)[number]

/** Whatever the sets of others are, with whom a splitting set has to be one of. */
const tables = new WeakMap<Truth, Map<string, boolean[]>>()

/** Which sets have inside them a side of a split by these nodes, with a member among those. */
function havingSides(truth: Truth, byzantine: Mask, among: Mask): boolean[] {
  const known = tables.get(truth) ?? new Map<string, boolean[]>()
  tables.set(truth, known)
  const key = `${byzantine} ${among}`
  const found = known.get(key)
  if (found !== undefined) return found
  const { all, keys } = truth.population
  const having = Array.from({ length: all + 1 }, (_, set) => truth.isSide(set, byzantine, among))
  for (const node of keys.keys()) {
    for (const [set] of having.entries()) {
      if ((set >> node) & 1) having[set] ||= having[set & ~(1 << node)] ?? false
    }
  }
  known.set(key, having)
  return having
}

/** What is so of one node. */
class OneNode {
  readonly own: Mask
  readonly isLive: boolean
  /** Absent: nobody knows it, or the node takes no part. */
  readonly quorumSet: QuorumSet | undefined

  constructor(
    readonly truth: Truth,
    readonly node: number,
    readonly scope: 'core' | 'all'
  ) {
    this.own = 1 << node
    this.isLive = (truth.live & this.own) !== 0
    this.quorumSet = truth.quorumSetOf(node)
  }

  get isGone(): boolean {
    return (this.truth.gone & this.own) !== 0
  }

  /** Nobody who may be in a set. */
  holds(kind: KindOfNode, set: Mask): boolean {
    const { truth, own } = this
    switch (kind) {
      case 'halting':
        return truth.quorums.every((quorum) => (quorum & own) === 0 || (quorum & set) !== 0)
      case 'vBlocking':
        if (!this.isLive) return true
        return this.quorumSet !== undefined && !truth.isMet(this.quorumSet, truth.live & ~set)
      case 'splitting':
        return this.isLive && this.#splits(set)
    }
  }

  /** All sets of that kind, of other nodes that are in some quorum. */
  sets(kind: KindOfNode): Mask[] {
    const others = this.truth.live & ~this.own
    const sets = Array.from({ length: others + 1 }, (_, set) => set).filter((set) => (set & ~others) === 0)
    return sets.filter((set) => this.holds(kind, set))
  }

  smallest(kind: KindOfNode, grouping: Grouping): number | null {
    const sizes = this.sets(kind).map((set) => bits(this.truth.population.touched(set, grouping)).length)
    return sizes.length === 0 ? null : Math.min(...sizes)
  }

  /** Whether some of the others in these groups are such a set. */
  isOf(kind: KindOfNode, units: Mask, grouping: Grouping): boolean {
    return this.sets(kind).some((set) => (this.truth.population.touched(set, grouping) & ~units) === 0)
  }

  #splits(byzantine: Mask): boolean {
    const { truth, own } = this
    const { all } = truth.population
    const beside = (truth.known & own) !== 0 ? own : all
    const others = havingSides(truth, byzantine, this.scope === 'core' ? truth.core : truth.live)
    for (let side = 0; side <= all; side++) {
      if ((side & own) === 0 || !truth.isSide(side, byzantine, beside)) continue
      if (others[all & ~(side & ~byzantine)]) return true
    }
    return false
  }

  get dependents(): Mask {
    const { truth, own } = this
    return maskOf(bits(truth.live & ~own), (other) =>
      truth.quorums.every((quorum) => ((quorum >> other) & 1) === 0 || (quorum & own) !== 0)
    )
  }

  get trustedBy(): Mask {
    const { keys } = this.truth.population
    return maskOf([...keys.keys()], (other) => other !== this.node && (this.#named(other) & this.own) !== 0)
  }

  get reach(): Mask {
    let reach = this.#named(this.node)
    for (const _ of this.truth.population.keys) {
      for (const other of bits(reach)) reach |= this.#named(other)
    }
    return reach
  }

  get deadValidators(): Mask {
    return this.#named(this.node) & ~this.truth.live
  }

  /** Each that is asked for as often as it is written, once. */
  get deadSets(): QuorumSet[] {
    return distinct(this.#inner().filter((set) => !this.#isMet(set)))
  }

  /** Those that one more failure breaks: of a node wherever it is listed, or of an inner set. */
  get intolerantSets(): QuorumSet[] {
    const { live, population } = this.truth
    const isIntolerant = (set: QuorumSet) => {
      const without = (node: number | undefined, inner: QuorumSet | undefined) => {
        const up = set.validators
          .map((key) => population.keys.indexOf(key))
          .filter((other) => other !== node && ((live >> other) & 1) === 1)
        const met = set.innerQuorumSets.filter(
          (entry) => this.#isMet(entry) && (inner === undefined || textOf(entry) !== textOf(inner))
        )
        return up.length + met.length < set.threshold
      }
      const nodes = set.validators.map((key) => population.keys.indexOf(key))
      return (
        this.#isMet(set) &&
        (nodes.some((node) => without(node, undefined)) ||
          set.innerQuorumSets.some((inner) => without(undefined, inner)))
      )
    }
    return distinct(this.#inner().filter(isIntolerant))
  }

  /** Organizations, by their places, each of which halts it alone. */
  get stoppedBy(): Mask {
    if (!this.isLive || this.quorumSet === undefined) return 0
    const units = this.truth.population.units('organization')
    return maskOf([...units.keys()], (index) => {
      const nodes = (units[index]?.nodes ?? 0) & this.truth.live & ~this.own
      return nodes !== 0 && this.holds('halting', nodes)
    })
  }

  #named(node: number): Mask {
    const set = this.truth.quorumSetOf(node)
    return set === undefined ? 0 : this.truth.population.maskOf(namedIn(set))
  }

  #isMet(set: QuorumSet): boolean {
    return this.truth.isMet(set, this.truth.live)
  }

  #inner(): QuorumSet[] {
    const inside = (set: QuorumSet): QuorumSet[] =>
      set.innerQuorumSets.flatMap((inner) => [inner, ...inside(inner)])
    return this.quorumSet === undefined ? [] : inside(this.quorumSet)
  }
}

function maskOf(nodes: number[], is: (node: number) => boolean): Mask {
  return nodes.filter(is).reduce((all, node) => all | (1 << node), 0)
}

function textOf({ threshold, validators, innerQuorumSets }: QuorumSet): string {
  return `${threshold} of ${[...[...validators].sort(), ...innerQuorumSets.map(textOf).sort()].join(' ')};`
}

function distinct(sets: QuorumSet[]): QuorumSet[] {
  return [...new Map(sets.map((set) => [textOf(set), set])).values()]
}

/** Which sizes are others where unknown nodes are read the other way. */
function differingSizes(about: About, { node, grouping, scope }: AskedOfNode): KindOfNode[] {
  const [one, other] = [about.truth, about.other].map((truth) => new OneNode(truth, node, scope))
  return KINDS.filter((kind) => one?.smallest(kind, grouping) !== other?.smallest(kind, grouping))
}

const COLUMNS_OF = { halting: 'halting', vBlocking: 'v-blocking', splitting: 'splitting off' }

/** What `node` prints, what is said beside it, and the status. */
export function holdNode(about: About, asked: AskedOfNode, isFaultyGiven: boolean, ended: Ended): void {
  const check = inDoubt(about, holdText(about, asked, isFaultyGiven, ended.stdout), ended)
  if (!isFaultyGiven) return holdBeside(about, check, { isTaken: false, canBeHalted: true }, ended)
  assert.deepEqual([ended.stderr, ended.status], ['', check])
}

function holdText(about: About, asked: AskedOfNode, isFaultyGiven: boolean, text: string): Checked {
  const { node, grouping, scope } = asked
  const [first = '', ...rest] = blocksOf(text)
  const [name = '', ...headline] = first.split('\n')
  assert.equal(colorOf(name), 'bold')
  assert.equal(about.listed(plain(name), 'node'), 1 << node, 'another node')
  const isReported = new OneNode(about.truth, node, scope).isLive && isIn(about.faulty, about, node)
  const up = 'The data reports it as down; here it is taken to be up.'
  if (isReported) assert.equal(plain(headline.pop() ?? ''), up)
  const said = joined(headline.map(plain))
  const color = colorOf(headline[0] ?? '')
  const isDoubt = (block: string) => plain(block).startsWith('IN DOUBT:')
  const doubts = rest.filter(isDoubt).map((block) => doubtIn(about, joined(plain(block).split('\n'))))
  const left: Rest = { blocks: rest.filter((block) => !isDoubt(block)), color }
  assert.ok(rest.slice(0, doubts.length).every(isDoubt), 'doubts come first')
  takeNotes(about, left, grouping)
  if (about.isNothingKnown) {
    assert.equal(said, 'Not known: the data has no usable quorum set of any node.')
    assert.deepEqual([color, doubts, left.blocks], ['magenta', [], []])
    return { check: 3, isInDoubt: false, isUnsafeEitherWay: false }
  }
  const one = new OneNode(about.truth, node, scope)
  const isInDoubt =
    holdDoubt(about, differingSizes(about, asked).length > 0, doubts, 'node') && about.chosen === undefined
  const isUnsafeThere = isUnsafe(new OneNode(about.other, node, scope), grouping)
  const checked = (check: Check): Checked => ({
    ...{ check, isInDoubt },
    isUnsafeEitherWay: check === 1 && isUnsafeThere
  })
  const isTierProven = holdPlace(about, one, isFaultyGiven, said, color)
  if (one.isGone) {
    const [others = '', ...more] = left.blocks
    assert.deepEqual(more, [], 'a paragraph that nobody knows')
    holdOthers(about, one, others)
    const [halting, splitting] = [one.smallest('halting', grouping), one.smallest('splitting', grouping)]
    assert.deepEqual([halting, splitting, isTierProven], [0, null, true])
    return checked(1)
  }
  const proof = left.blocks.pop() ?? ''
  const [halt = '', block = '', splitOff = '', quorumSet = '', others = '', ...more] = left.blocks
  assert.deepEqual(more, [], 'a paragraph that nobody knows')
  const blocks = { halting: halt, vBlocking: block, splitting: splitOff }
  const sizes = KINDS.map((kind) => holdSet(about, one, kind, grouping, blocks[kind]))
  const marked = KINDS.filter((kind) => headingOf(blocks[kind]).endsWith(IN_DOUBT))
  if (!about.isCutShort) assert.deepEqual(marked, differingSizes(about, asked), 'what is in doubt')
  holdQuorumSet(about, one, quorumSet)
  holdOthers(about, one, others)
  const isWhole = isTierProven && sizes.every(({ isExact }) => isExact)
  assert.equal(colorOf(proof), isWhole ? 'dim' : 'magenta')
  // A size of no set has no example that could have been checked.
  const hasExample = sizes.some((size) => size.hasExample)
  const proven = isWhole ? (hasExample ? 'Proven smallest' : 'Proven') : 'NOT all proven'
  const examples = hasExample ? '; every example was checked against the definition' : ''
  assert.equal(plain(proof), `${proven}${examples}.`)
  const [halting, , splitting] = sizes
  const both = [halting, splitting].map((size) => size ?? { isExact: false, isNone: false, atLeast: 0 })
  const check = both.some(({ isExact, isNone, atLeast }) => isExact && !isNone && atLeast === 0)
    ? 1
    : both.every(({ isNone, atLeast }) => isNone || atLeast > 0)
      ? 0
      : 3
  return checked(check)
}

/** Whether it is in no quorum, or disagrees with somebody though nobody lies. */
function isUnsafe(one: OneNode, grouping: Grouping): boolean {
  return [one.smallest('halting', grouping), one.smallest('splitting', grouping)].includes(0)
}

function isIn(keys: readonly string[], about: About, node: number): boolean {
  return keys.includes(about.population.keys[node] ?? '')
}

function away(about: About, one: OneNode, isFaultyGiven: boolean): 'down' | 'left out' | undefined {
  if (!one.isGone) return undefined
  return isFaultyGiven && isIn(about.faulty, about, one.node) ? 'down' : 'left out'
}

/** Where it stands; whether that is proven. */
function holdPlace(
  about: About,
  one: OneNode,
  isFaultyGiven: boolean,
  said: string,
  color: string | undefined
): boolean {
  const { truth, own } = one
  const where = away(about, one, isFaultyGiven)
  const isIn = (set: Mask) => (set & own) !== 0
  const tier = truth.topTier('node')
  const places: [string, string | undefined][] = [
    ['Down: it is taken to be in no quorum.', where === 'down' ? 'red' : undefined],
    [
      'Left out: it is a quorum all by itself, and is taken to be in none with others.',
      where === 'left out' ? 'red' : undefined
    ],
    [
      `In no quorum: ${one.quorumSet === undefined ? 'its quorum set is not known' : 'it cannot agree on anything as it is'}.`,
      where === undefined && !one.isLive ? 'red' : undefined
    ],
    ['In the top tier: some minimal quorum has it.', isIn(tier) ? 'bold' : undefined],
    [
      'In the core: the nodes on which everybody depends.',
      isIn(truth.core) && (!isIn(tier) || about.isCutShort) ? 'bold' : undefined
    ],
    [
      'A follower: it is in a quorum, but not in the core.',
      isIn(truth.live & ~truth.core) && (!isIn(tier) || about.isCutShort) ? 'bold' : undefined
    ]
  ]
  const open = ' Whether some minimal quorum has it is NOT proven.'
  const isProven = !said.endsWith(open)
  const place = isProven ? said : said.slice(0, -open.length)
  const found = places.find(([words]) => words === place)
  assert.ok(found?.[1] !== undefined, `it is not so: ${said}`)
  assert.equal(color, found[1], said)
  if (!isProven) assert.ok(about.isCutShort)
  else if (isIn(tier)) assert.equal(place, 'In the top tier: some minimal quorum has it.')
  return isProven
}

const IN_DOUBT = ' (in doubt)'

function headingOf(block: string): string {
  return plain(block.split('\n')[0] ?? '')
}

const HEADINGS = { halting: 'Halt it', vBlocking: 'Block it', splitting: 'Split it off' }
const DOING = {
  halting: 'halt it by stopping',
  vBlocking: 'block it by stopping',
  splitting: 'split it off by lying'
}

/** What is known of how few can do it. */
interface Known {
  isExact: boolean
  isNone: boolean
  atLeast: number
  hasExample: boolean
}

function holdSet(about: About, one: OneNode, kind: KindOfNode, grouping: Grouping, block: string): Known {
  const [heading = '', ...lines] = block.split('\n')
  assert.deepEqual([plain(heading).replace(IN_DOUBT, ''), colorOf(heading)], [HEADINGS[kind], 'bold'])
  const [said = '', ...more] = items(lines.map(plain), 2)
  assert.deepEqual(more, [])
  const smallest = one.smallest(kind, grouping)
  const [others, some] = one.scope === 'core' ? ['the core', 'the core'] : ['anybody', 'somebody']
  const where = `${kind}: ${said}, and it is ${smallest}`
  const none = {
    halting: ['Nobody else can halt it: it is a quorum alone.'],
    vBlocking: ['Nobody else can block its slices: it needs nobody.'],
    splitting: [
      one.isLive
        ? `Nobody can make it disagree with ${others}.`
        : 'It is in no quorum, so there is nothing to split off.'
    ]
  }[kind]
  if (none.includes(said)) {
    assert.equal(smallest, null, where)
    if (kind === 'halting') assert.ok(one.truth.isQuorum(one.own), where)
    return { isExact: true, isNone: true, atLeast: 0, hasExample: false }
  }
  const isSetKnown = one.quorumSet !== undefined
  const zero = {
    halting: 'It is in no quorum.',
    vBlocking: isSetKnown ? 'Its quorum set is not satisfied.' : 'Its quorum set is not known.',
    splitting: `It can disagree with ${some} though nobody lies.`
  }[kind]
  if (said === zero) {
    assert.equal(smallest, 0, where)
    return { isExact: true, isNone: false, atLeast: 0, hasExample: false }
  }
  if (said === `Who can ${DOING[kind]} is not known.`) {
    assert.ok(about.isCutShort, where)
    return { isExact: false, isNone: false, atLeast: 0, hasExample: false }
  }
  const [, bound] = new RegExp(`^It takes at least (.*) to ${DOING[kind]}, if anybody can.$`).exec(said) ?? []
  if (bound !== undefined) {
    assert.ok(about.isCutShort, where)
    const atLeast = parseInt(bound)
    assert.equal(bound, `${atLeast} ${atLeast === 1 ? WORDS[grouping].one : WORDS[grouping].many}`)
    assert.ok(atLeast > 0 && (smallest === null || smallest >= atLeast), where)
    return { isExact: false, isNone: false, atLeast, hasExample: false }
  }
  const pattern = {
    halting: /^By stopping, (.*) can halt it: (.*)$/,
    vBlocking: /^By stopping, (.*) can block it, before anybody else has stopped for that: (.*)$/,
    splitting: new RegExp(`^By lying, (.*) can make it disagree with ${some}: (.*)$`)
  }[kind]
  const [, who = '', names = ''] = pattern.exec(said) ?? []
  assert.notEqual(names, '', where)
  const units = about.listed(names, grouping)
  const size = holdMembers(about, who, units, smallest, grouping, where)
  assert.equal(size.atMost, bits(units).length, where)
  assert.ok(one.isOf(kind, units, grouping), `${names} cannot: ${where}`)
  const atLeast = size.isExact ? bits(units).length : size.atLeast
  return { isExact: size.isExact, isNone: false, atLeast, hasExample: true }
}

/** The form of a quorum set, as rules are told of it. */
function formOf(about: About, { threshold, validators, innerQuorumSets }: QuorumSet): Form {
  return {
    threshold,
    nodes: validators.map((key) => about.population.keys.indexOf(key)),
    inner: innerQuorumSets.map((inner) => formOf(about, inner))
  }
}

function holdQuorumSet(about: About, one: OneNode, block: string): void {
  const [heading = '', ...lines] = block.split('\n')
  assert.deepEqual([plain(heading), colorOf(heading)], ['Its quorum set', 'bold'])
  const said = items(lines.map(plain), 2)
  const set = one.quorumSet
  if (set === undefined) return assert.deepEqual(said, ['Its quorum set is not known.'])
  const itself = namedIn(set).includes(about.population.keys[one.node] ?? '')
    ? 'It names itself.'
    : 'It does not name itself.'
  const [first = '', ...remarks] = said
  const asked = rules(formOf(about, set)).map((rule) => `It asks for ${rule}. ${itself}`)
  assert.ok(asked.includes(first), `${first}: ${asked[0]}`)
  const left = [...remarks]
  const own = 1 << one.node
  const inTheData = [
    [
      unreachable(about),
      'It, or a set inside it, asks for more entries than it lists: nothing satisfies that.'
    ],
    [
      low(about),
      'It, or a set inside it, has a threshold of at most half of its entries: one half satisfies it as well as the other.'
    ],
    [repeating(about), 'It names a node more than once: each mention counts.']
  ] as const
  for (const [nodes, words] of inTheData) if ((nodes & own) !== 0) assert.equal(left.shift(), words)
  const dead = bits(one.deadValidators).length
  const deadWords = `${dead} ${dead === 1 ? 'node' : 'nodes'} that it names ${dead === 1 ? 'is' : 'are'} in no quorum`
  if (dead > 0) {
    const [, names = ''] = /^.* in no quorum: (.*)$/.exec(left[0] ?? '') ?? []
    assert.equal(left.shift(), `${deadWords}: ${names}`)
    assert.equal(about.listed(names, 'node'), one.deadValidators)
  }
  for (const [sets, begins] of [
    [one.deadSets, 'No quorum satisfies its inner set of '],
    [one.intolerantSets, 'One more failure breaks its inner set of ']
  ] as const) {
    const told: string[] = []
    while (left[0]?.startsWith(begins)) told.push(left.shift()?.slice(begins.length) ?? '')
    assert.equal(told.length, sets.length, begins)
    for (const set of sets) {
      const rule = rules(formOf(about, set))
      const at = told.findIndex((text) =>
        rule.some((rule) => {
          if (set.validators.length === 0) return text === rule
          if (!text.startsWith(`${rule}: `)) return false
          const named = about.population.maskOf(set.validators)
          return readsAs(about, text.slice(rule.length + 2), named)
        })
      )
      assert.ok(at >= 0, `${begins}${rule[0]}: not said`)
      told.splice(at, 1)
    }
  }
  const { stoppedBy } = one
  if (stoppedBy !== 0) {
    const [, names = ''] = /^Each of these halts it alone: (.*)$/.exec(left.shift() ?? '') ?? []
    assert.equal(about.listed(names, 'organization'), stoppedBy)
  }
  assert.deepEqual(left, [], 'a remark that nobody knows')
}

/** Whether a list names these and nobody else. Who is listed twice in a set is named twice. */
function readsAs(about: About, text: string, nodes: Mask): boolean {
  try {
    return about.listed(text, 'node') === nodes
  } catch {
    return false
  }
}

function holdOthers(about: About, one: OneNode, block: string): void {
  const [heading = '', ...lines] = block.split('\n')
  assert.deepEqual([plain(heading), colorOf(heading)], ['Others', 'bold'])
  const said = items(lines.map(plain), 2)
  const expected: [Mask, string, string][] = [
    [one.dependents, 'is in a quorum only with it', 'are in a quorum only with it'],
    [one.trustedBy, 'names it', 'name it'],
    [one.reach, 'is in its reach', 'are in its reach']
  ]
  if (!one.isGone && one.quorumSet === undefined) {
    assert.equal(said.pop(), 'Its reach is not known.')
    expected.pop()
  }
  const told = one.isGone ? expected.filter(([, is]) => is === 'names it') : expected
  assert.equal(said.length, told.length)
  for (const [index, [nodes, is, are]] of told.entries()) {
    const count = bits(nodes).length
    const words = count === 1 ? `1 node ${is}` : `${count} nodes ${are}`
    if (count === 0) assert.equal(said[index], words)
    else {
      const text = said[index] ?? ''
      assert.ok(text.startsWith(`${words}: `), `${text}: ${words}`)
      assert.equal(about.listed(text.slice(words.length + 2), 'node'), nodes)
    }
  }
}

const PLACES = ['top tier', 'core', 'follower', 'in no quorum', 'left out', 'down']

/** What `nodes` prints: a row for each. */
export function holdNodes(
  about: About,
  { grouping, scope }: Omit<AskedOfNode, 'node'>,
  isFaultyGiven: boolean,
  ended: Ended
): void {
  const { stdout, stderr, status } = ended
  if (isFaultyGiven) assert.deepEqual([stderr, status], ['', 0])
  else holdBeside(about, undefined, { isTaken: false, canBeHalted: true }, ended)
  const [headline = '', ...rest] = blocksOf(stdout)
  const left: Rest = { blocks: rest, color: colorOf(headline) }
  takeNotes(about, left, grouping)
  if (about.isNothingKnown) {
    assert.equal(
      joined(plain(headline).split('\n')),
      'Not known: the data has no usable quorum set of any node.'
    )
    return assert.deepEqual([left.color, left.blocks], ['magenta', []])
  }
  const { keys } = about.population
  const unlisted = keys.filter(
    (key) => !about.network.nodes.some(({ publicKey }) => publicKey === key)
  ).length
  const named = `${unlisted} of them ${unlisted === 1 ? 'is' : 'are'} only named in quorum sets.`
  const hangs =
    'Nodes of unknown quorum set are read as in no quorum. Read as free to join any, what is in doubt is another number, or there was no time to find out.'
  const { header, rows } = tableIn(left.blocks.shift() ?? '')
  const isInDoubt = header.at(-1) === 'in doubt'
  if (isInDoubt) header.pop()
  const said = [
    `${keys.length} ${keys.length === 1 ? 'node' : 'nodes'}`,
    ...(unlisted === 0 ? [] : [named]),
    ...chosenReading(about),
    ...(grouping === 'node' ? [] : [`Sizes count ${WORDS[grouping].many}.`]),
    ...(isInDoubt ? [hangs] : [])
  ]
  assert.equal(joined(plain(headline).split('\n')), said.join(' '))
  assert.equal(left.color, 'bold')
  assert.deepEqual(left.blocks, [], 'a paragraph that nobody knows')
  assert.deepEqual(header, ['node', 'organization', 'is', ...Object.values(COLUMNS_OF), 'dependents'])
  assert.equal(rows.length, keys.length)
  const called = rows.map(([name = '']) => name)
  assert.deepEqual(called, [...called].sort(), 'sorted by name')
  let seen: Mask = 0
  let doubted = 0
  for (const cells of rows) {
    const [name = '', ...more] = cells
    const index = bits(about.listed(name, 'node'))[0] ?? -1
    seen |= 1 << index
    const unit = about.population.units('organization').find(({ nodes }) => (nodes >> index) & 1)
    // A cell without an organization is empty.
    const last = more.at(-1) ?? ''
    const one = new OneNode(about.truth, index, scope)
    // Of one that takes no part there are no numbers.
    const isNoDoubt = one.isGone ? PLACES.includes(last) : /^\d+$/.test(last)
    const doubts = isNoDoubt ? [] : (more.pop() ?? '').split(', ')
    const cellsThere = one.isGone ? 1 : 5
    const organization =
      PLACES.includes(more[0] ?? '') && more.length === cellsThere ? undefined : more.shift()
    assert.equal(more.length, cellsThere, cells.join())
    assert.equal(organization === undefined, unit?.isNode, name)
    if (organization !== undefined) {
      const [of = -1] = bits(about.listed(organization, 'organization'))
      assert.equal(about.population.units('organization')[of], unit, name)
    }
    const [place = '', halting = '', vBlocking = '', splitting = '', dependents = ''] = more
    holdCell(about, one, isFaultyGiven, place)
    for (const [kind, cell] of [
      ['halting', halting],
      ['vBlocking', vBlocking],
      ['splitting', splitting]
    ] as const) {
      if (!one.isGone) holdNumber(about, told(cell), one.smallest(kind, grouping), `${name}: ${kind}`)
    }
    doubted += doubts.length
    const differing =
      about.chosen === undefined ? differingSizes(about, { node: index, grouping, scope }) : []
    const expected = differing.map((kind) => COLUMNS_OF[kind])
    if (!about.isCutShort) assert.deepEqual(doubts, expected, `${name}: what is in doubt`)
    if (!one.isGone) assert.equal(Number(dependents), bits(one.dependents).length, name)
  }
  assert.equal(seen, about.population.all)
  assert.equal(isInDoubt, doubted > 0)
}

function holdCell(about: About, one: OneNode, isFaultyGiven: boolean, place: string): void {
  const is = placeOf(about, one, isFaultyGiven)
  const otherwise = (one.truth.core & one.own) !== 0 ? 'core' : 'follower'
  if (about.isCutShort && is === 'top tier') assert.ok([is, otherwise].includes(place))
  else assert.equal(place, is)
}

/** How unknown nodes are read where somebody decided it. */
export function chosenReading(about: About): string[] {
  const { length } = bits(about.unknown)
  if (about.chosen === undefined || length === 0) return []
  const read = about.chosen === 'dead' ? 'in no quorum' : 'free to join any'
  return [
    `${length} ${length === 1 ? 'node' : 'nodes'} of unknown quorum set ${length === 1 ? 'is' : 'are'} read as ${read}.`
  ]
}

/** Where a node stands, in a word or two. */
function placeOf(about: About, one: OneNode, isFaultyGiven: boolean): string {
  const { truth, own } = one
  const isIn = (set: Mask) => (set & own) !== 0
  const otherwise = isIn(truth.core) ? 'core' : 'follower'
  const inQuorum = isIn(truth.topTier('node')) ? 'top tier' : otherwise
  return away(about, one, isFaultyGiven) ?? (one.isLive ? inQuorum : 'in no quorum')
}

/** JSON of `node`, and of each in `nodes`. */
function holdResult(about: About, asked: AskedOfNode, answer: NodeResult): void {
  const { node, grouping, scope } = asked
  const one = new OneNode(about.truth, node, scope)
  const { truth, own } = one
  const isIn = (set: Mask) => (set & own) !== 0
  assert.equal(answer.publicKey, about.population.keys[node])
  assert.equal(answer.isInQuorum, one.isLive)
  assert.equal(answer.isInCore, isIn(truth.core))
  assert.equal(answer.isInTopTier, isIn(truth.topTier('node')))
  assert.equal(answer.isTopTierExact, true)
  for (const kind of KINDS) holdSetResult(about, one, kind, grouping, answer[kind])
  const { quorumA, quorumB, minSize } = answer.splitting
  if (minSize !== null) {
    const [a, b] = [unitsOf(about, quorumA), unitsOf(about, quorumB)]
    assert.ok((a & own) !== 0 && truth.isSide(a, a & b, truth.population.all), 'its side')
    assert.ok(truth.isSide(b, a & b, scope === 'core' ? truth.core : truth.live), 'the other side')
    const units = unitsOf(about, answer.splitting.exampleSet, grouping)
    assert.equal(truth.population.touched(a & b, grouping) & ~units, 0, 'sides that share an honest node')
  } else assert.deepEqual([quorumA, quorumB], [[], []])
  assert.equal(unitsOf(about, answer.dependents), one.dependents)
  assert.equal(unitsOf(about, answer.trustedBy), one.trustedBy)
  assert.equal(unitsOf(about, answer.reach), one.reach)
  const set = one.quorumSet
  assert.equal(
    answer.quorumSet === null ? null : written(formOf(about, answer.quorumSet)),
    set === undefined ? null : written(formOf(about, set))
  )
  assert.equal(answer.namesItself, set !== undefined && namedIn(set).includes(answer.publicKey))
  assert.equal(unitsOf(about, answer.deadValidators), one.deadValidators)
  const texts = (sets: QuorumSet[]) => sets.map(textOf).sort()
  assert.deepEqual(texts(answer.deadSets), texts(one.deadSets))
  assert.deepEqual(texts(answer.intolerantSets), texts(one.intolerantSets))
  assert.equal(unitsOf(about, answer.stoppedBy, 'organization'), one.stoppedBy)
  const hanging = answer.findings.filter(({ code }) => code === 'VERDICT_DEPENDS_ON_UNKNOWN_NODES')
  assert.deepEqual(
    hanging.flatMap(({ fields }) => fields),
    differingSizes(about, asked).map((kind) => `${kind}.minSize`)
  )
}

function holdSetResult(
  about: About,
  one: OneNode,
  kind: KindOfNode,
  grouping: Grouping,
  { minSize, isExact, lowerBound, exampleSet }: MinimalSetResult
): void {
  const smallest = one.smallest(kind, grouping)
  assert.deepEqual([minSize, isExact], [smallest, true], kind)
  if (minSize === null) return assert.deepEqual(exampleSet, [])
  assert.equal(lowerBound, minSize)
  const units = unitsOf(about, exampleSet, grouping)
  assert.equal(exampleSet.length, minSize)
  assert.ok(one.isOf(kind, units, grouping), `${kind}: ${exampleSet.join()}`)
}

export function holdNodeForPrograms(about: About, asked: AskedOfNode, text: string): void {
  const answer = JSON.parse(text)
  assert.match(answer.engine, ENGINE)
  holdResult(about, asked, answer)
}

export function holdNodesForPrograms(about: About, asked: Omit<AskedOfNode, 'node'>, text: string): void {
  const answer = JSON.parse(text)
  assert.match(answer.engine, ENGINE)
  const { keys } = about.population
  assert.deepEqual(
    answer.nodes.map(({ publicKey }: NodeResult) => publicKey),
    [...keys].sort()
  )
  for (const one of answer.nodes) holdResult(about, { ...asked, node: keys.indexOf(one.publicKey) }, one)
}

const COLUMNS = [
  ...['node', 'is', 'isInQuorum', 'isInCore', 'isInTopTier'],
  ...['haltingMinSize', 'vBlockingMinSize', 'splittingMinSize', 'dependents', 'trustedBy', 'reach'],
  ...['namesItself', 'deadValidators', 'stoppedBy', 'inDoubt']
]

/** CSV: a row for each of these nodes. */
export function holdNodeRows(
  about: About,
  { grouping, scope }: Omit<AskedOfNode, 'node'>,
  nodes: number[],
  isFaultyGiven: boolean,
  text: string
): void {
  const { columns, rows } = rowsIn(text)
  assert.deepEqual(columns, COLUMNS)
  const { keys } = about.population
  const expected = nodes.map((node): Record<string, string> => {
    const one = new OneNode(about.truth, node, scope)
    const isIn = (set: Mask) => String((set & one.own) !== 0)
    const count = (set: Mask) => String(bits(set).length)
    const asked = (text: string) => (one.isGone ? '' : text)
    const size = (kind: KindOfNode) => asked(String(one.smallest(kind, grouping) ?? ''))
    const set = one.quorumSet
    const inDoubt = differingSizes(about, { node, grouping, scope }).join(' ')
    if (about.isNothingKnown)
      return { ...Object.fromEntries(COLUMNS.map((column) => [column, ''])), node: keys[node] ?? '', inDoubt }
    return {
      node: keys[node] ?? '',
      is: placeOf(about, one, isFaultyGiven),
      isInQuorum: isIn(one.truth.live),
      isInCore: isIn(one.truth.core),
      isInTopTier: isIn(one.truth.topTier('node')),
      haltingMinSize: size('halting'),
      vBlockingMinSize: size('vBlocking'),
      splittingMinSize: size('splitting'),
      dependents: asked(count(one.dependents)),
      trustedBy: count(one.trustedBy),
      reach: asked(count(one.reach)),
      namesItself: set === undefined ? '' : asked(String(namedIn(set).includes(keys[node] ?? ''))),
      deadValidators: asked(count(one.deadValidators)),
      stoppedBy: asked(count(one.stoppedBy)),
      inDoubt
    }
  })
  const inOrder = (rows: Record<string, string>[]) =>
    [...rows].sort((a, b) => ((a.node ?? '') < (b.node ?? '') ? -1 : 1))
  assert.deepEqual(inOrder(rows), inOrder(expected))
}
