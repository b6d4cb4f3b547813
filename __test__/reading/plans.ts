// What `plan` says of a change, held against all its states: who may have changed is tried in every combination.

import assert from 'node:assert/strict'

import type { FbasNode, Plan, QuorumSet } from '../../index.js'
import type { Ended } from '../cli/command.js'
import { About, bits, onlyOne, WORDS, type Grouping, type Mask } from './about.js'
import { blocksOf, colorOf, items, joined, plain, tableIn } from './blocks.js'
import { takeLeftOut } from './asked.js'
import { newFindings } from './changes.js'
import { noGroups } from './findings.js'
import type { Network } from './networks.js'
import { ENGINE, rowsIn } from './programs.js'
import { Population, Truth } from './truth.js'

/** What is asked of a change. */
export interface AskedOfPlan {
  unit: Grouping
  counting: Grouping
  floors: { blocking: number; splitting: number }
  chosen: 'dead' | 'free' | undefined
  isCutShort: boolean
}

export type Danger = 'split' | 'halt' | 'floor'

/** What a network is like on the way. */
/** How nodes of unknown quorum set are read; the third way where those that only the other network lists are not there. */
type ReadAs = 'dead' | 'free' | 'free where listed'

/** What nothing satisfies. */
const NOTHING: QuorumSet = { threshold: 1, validators: [], innerQuorumSets: [] }

interface Stage {
  truth: Truth
  intersects: boolean
  topTier: number
  blocking: number
  /** Null: there is no splitting set. */
  splitting: number | null
  danger: Danger | undefined
}

/** A change with all its states. */
export class Change {
  /** All nodes, with what the later network says of each. */
  readonly both: Population
  /** The later network with the nodes that only the earlier one has. */
  readonly network: Network
  /** The nodes that ask for something else. */
  readonly changing: Mask
  /** The units that change, as places among those of the grouping. */
  readonly units: number[]
  /** The nodes of unknown quorum set that come or go by themselves, whenever it may be. */
  readonly unasked: Mask
  readonly #stages = new Map<string, Stage>()

  constructor(
    readonly before: Network,
    readonly after: Network,
    readonly unit: Grouping,
    readonly counting: Grouping,
    readonly floors: AskedOfPlan['floors']
  ) {
    const { nodes } = after
    const isListed = ({ publicKey }: FbasNode) => nodes.some((node) => node.publicKey === publicKey)
    const gone = before.nodes.filter((node) => !isListed(node))
    this.network = { nodes: [...nodes, ...gone], organizations: organizationsOf(before, after) }
    // Also those that only the earlier one names.
    const named = new Population(before).keys.filter(
      (key) => !new Population(this.network).keys.includes(key)
    )
    this.network.nodes.push(...named.map((publicKey): FbasNode => ({ publicKey })))
    this.both = new Population(this.network)
    this.changing = this.both.maskOf(
      this.both.keys.filter((key) => textOf(asks(before, key)) !== textOf(asks(after, key)))
    )
    this.units = bits(this.both.touched(this.changing, unit))
    const inUnits = this.units.reduce((all, index) => all | (this.both.units(unit)[index]?.nodes ?? 0), 0)
    const isInOne = ({ publicKey }: FbasNode) =>
      this.#isAbsent(before, publicKey) || this.#isAbsent(after, publicKey)
    const inOne = this.network.nodes.filter(isInOne).map(({ publicKey }) => publicKey)
    this.unasked = this.both.maskOf(inOne) & ~inUnits
  }

  get isNothingKnownOf(): 'before' | 'after' | undefined {
    const lacks = ({ nodes }: Network) => nodes.every(({ quorumSet }) => (quorumSet?.threshold ?? 0) === 0)
    return lacks(this.before) ? 'before' : lacks(this.after) ? 'after' : undefined
  }

  /** The nodes of which one of the two does not know whom they ask for. */
  get unknown(): Mask {
    const { keys } = this.both
    return this.both.maskOf(
      keys.filter((key) =>
        [this.before, this.after].some(
          (network) =>
            new Population(network).keys.includes(key) &&
            (asks(network, key)?.threshold ?? 0) === 0 &&
            !this.#isAbsent(network, key)
        )
      )
    )
  }

  /** Those of them that others name: on the rest nothing hangs. */
  get hanging(): Mask {
    const named = (set: QuorumSet): string[] => [...set.validators, ...set.innerQuorumSets.flatMap(named)]
    const names = [this.before, this.after].flatMap((network) =>
      this.both.keys.flatMap((key) => {
        const set = asks(network, key)
        return (set?.threshold ?? 0) === 0 || set == null ? [] : named(set).filter((other) => other !== key)
      })
    )
    return this.unknown & this.both.maskOf(names)
  }

  /** Whether only the other network lists it: then it is not there, and not unknown. */
  #isAbsent(network: Network, key: string): boolean {
    const isListedIn = ({ nodes }: Network) => nodes.some(({ publicKey }) => publicKey === key)
    return !isListedIn(network) && [this.before, this.after].some(isListedIn)
  }

  /** The state in which some of the units have changed, numbered as in `units`, and some of those who come or go by themselves have. */
  stage(state: Mask, unknown: ReadAs, moved: Mask = state === this.all ? this.unasked : 0): Stage {
    const key = `${state} ${unknown} ${moved}`
    const found = this.#stages.get(key) ?? this.#work(state, unknown, moved)
    this.#stages.set(key, found)
    return found
  }

  get all(): Mask {
    return 2 ** this.units.length - 1
  }

  /** Whether it is, whoever may have come or gone by himself. */
  isSafe(state: Mask, unknown: ReadAs): boolean {
    return states(0, this.unasked).every((moved) => this.stage(state, unknown, moved).danger === undefined)
  }

  anyOrderIsSafe(unknown: ReadAs): boolean {
    return states(0, this.all).every((state) => this.isSafe(state, unknown))
  }

  /** How few rounds lead from nothing to all, if every state on the way must be safe; absent: there is no way. */
  fewestRounds(unknown: ReadAs): number | undefined {
    const rounds: (number | undefined)[] = [this.isSafe(0, unknown) ? 0 : undefined]
    for (let state = 1; state <= this.all; state++) {
      const ways = states(0, state)
        .filter((from) => from !== state && rounds[from] !== undefined)
        .filter((from) => states(from, state).every((via) => this.isSafe(via, unknown)))
      const fewest = Math.min(...ways.map((from) => (rounds[from] ?? 0) + 1))
      rounds.push(Number.isFinite(fewest) ? fewest : undefined)
    }
    return rounds.at(-1)
  }

  #work(state: Mask, unknown: ReadAs, moved: Mask): Stage {
    const nodesOf = (index: number) => this.both.units(this.unit)[index]?.nodes ?? 0
    const changed = bits(state).reduce((all, place) => all | nodesOf(this.units[place] ?? -1), moved)
    const nodes = this.both.keys.map((publicKey, index): FbasNode => {
      const node = this.network.nodes.find((node) => node.publicKey === publicKey) ?? { publicKey }
      const network = (changed >> index) & 1 ? this.after : this.before
      const isDead = unknown === 'free where listed' && this.#isAbsent(network, publicKey)
      return { ...node, quorumSet: isDead ? NOTHING : asks(network, publicKey) }
    })
    const population = new Population({ ...this.network, nodes })
    assert.deepEqual(population.keys, this.both.keys)
    const truth = new Truth(population, { unknown: unknown === 'dead' ? 'dead' : 'free', faulty: [] })
    const blocking = truth.smallest('blocking', this.counting) ?? 0
    const splitting = truth.smallest('splitting', this.counting)
    const { intersects } = truth
    const isLow = blocking < this.floors.blocking || (splitting !== null && splitting < this.floors.splitting)
    const danger = !truth.hasQuorum ? 'halt' : !intersects ? 'split' : isLow ? 'floor' : undefined
    return {
      truth,
      intersects,
      topTier: bits(truth.topTier(this.counting)).length,
      blocking,
      splitting,
      danger
    }
  }
}

/** Those of the later network, and whoever only the earlier one has stands where it did. */
function organizationsOf(before: Network, after: Network): Network['organizations'] {
  const placed = new Set([
    ...after.nodes.map(({ publicKey }) => publicKey),
    ...after.organizations.flatMap(({ validators }) => validators)
  ])
  const earlier = before.organizations.map((organization) => ({
    ...organization,
    validators: organization.validators.filter((key) => !placed.has(key))
  }))
  const both = after.organizations.map((organization) => {
    const same = earlier.filter(({ id }) => id === organization.id)
    return {
      ...organization,
      validators: [organization, ...same].flatMap(({ validators }) => validators)
    }
  })
  const isLater = ({ id }: { id: string }) => both.some((organization) => organization.id === id)
  return [...both, ...earlier.filter((organization) => !isLater(organization))]
}

/** All states that have these units at least and those at most. */
export function states(least: Mask, most: Mask): Mask[] {
  return Array.from({ length: most + 1 }, (_, state) => state).filter(
    (state) => (state & ~most) === 0 && (least & ~state) === 0
  )
}

function asks({ nodes }: Network, key: string): QuorumSet | null {
  return nodes.find(({ publicKey }) => publicKey === key)?.quorumSet ?? null
}

/** The same whatever the order of the entries. */
function textOf(set: QuorumSet | null): string {
  if (set === null) return 'null'
  const inner = set.innerQuorumSets.map(textOf).sort()
  return `${set.threshold} of [${[...set.validators].sort().join(' ')}] [${inner.join(' ')}]`
}

/** A side with its title. */
interface Side {
  about: About
  title: string
}

/** What is read: a change, with the networks and what people call those of both. */
export interface Planned {
  change: Change
  both: About
  old: Side
  now: Side
}

/** Units that change, as a state. */
function stateOf({ change }: Planned, units: Mask, what: string): Mask {
  return bits(units).reduce((state, index) => {
    const place = change.units.indexOf(index)
    assert.ok(place >= 0, `${what}: a unit that does not change`)
    return state | (1 << place)
  }, 0)
}

/** `plan` with `--check`. */
export function holdPlan(planned: Planned, asked: AskedOfPlan, { stdout, stderr, status }: Ended): void {
  assert.equal(stderr, '')
  assert.equal(status, holdText(planned, asked, stdout), 'status')
}

export function counted(count: number, { one, many }: { one: string; many: string }): string {
  return `${count} ${count === 1 ? one : many}`
}

export function anyOf(grouping: Grouping): string {
  return `${grouping === 'organization' ? 'an' : 'a'} ${WORDS[grouping].one}`
}

function holdText(planned: Planned, asked: AskedOfPlan, text: string): 0 | 1 | 3 {
  const { change, old, now } = planned
  const [title = '', headline = '', ...blocks] = blocksOf(text)
  assert.deepEqual([plain(title), colorOf(title)], [`${old.title} → ${now.title}`, 'bold'])
  const said = joined(plain(headline).split('\n'))
  const color = colorOf(headline)
  const nothing = change.isNothingKnownOf
  if (nothing !== undefined) {
    const { title } = nothing === 'before' ? old : now
    assert.equal(said, `Not known: ${title} has no usable quorum set of any node.`)
    assert.deepEqual([color, blocks], ['magenta', []])
    return 3
  }
  const unknown = asked.chosen ?? 'dead'
  const doubts = blocks.filter((block) => plain(block).startsWith('IN DOUBT:'))
  const left = blocks.filter((block) => !doubts.includes(block))
  assert.deepEqual(blocks.slice(0, doubts.length), doubts, 'doubts come first')
  holdNewFindings(planned, left)
  takeLeftOutBefore(planned, left)
  holdDown(planned, asked, left)
  for (const note of groupNotes(planned, asked)) {
    assert.equal(joined(plain(left.shift() ?? '').split('\n')), note)
  }
  holdMoved(planned, asked, left)
  holdUnasked(planned, left)
  const danger = left[0] !== undefined && plain(left[0]).startsWith('DANGER:') ? left.shift() : undefined
  const unsafe = danger === undefined ? undefined : holdDanger(planned, asked, danger)
  holdReadingOfSizes(change, asked, left, [0, change.all], 'free where listed')
  const table = tableIn(left.pop() ?? '')
  const reached = left.map((block, index) => holdRound(planned, block, index))
  const rounds = holdOrder(planned, unknown, reached)
  holdTable(planned, asked, table, rounds)
  const isDoubted = holdDoubts(planned, asked, doubts, rounds)

  const { units, all } = change
  const anyOrder = change.anyOrderIsSafe(unknown)
  const fewest = change.fewestRounds(unknown)
  const alone = units.filter((unit) => change.both.units(asked.unit)[unit]?.isNode === true).length
  const groups = units.length - alone
  const without = `${counted(alone, WORDS.node)} without`
  const those =
    asked.unit === 'node' || alone === 0
      ? counted(units.length, WORDS[asked.unit])
      : groups === 0
        ? `${without} ${anyOf(asked.unit)}`
        : `${counted(groups, WORDS[asked.unit])} and ${without} one`
  const isAtEnd = unsafe === 0 || unsafe === all
  const isOpen = said.startsWith('Not known:')
  // What is so, how it looks, and what `--check` makes of it.
  const sentences: [string, boolean, string, 0 | 1 | 3][] = [
    [
      'Nothing changes: whoever is known to ask for something asks for the same in both networks.',
      units.length === 0 && anyOrder,
      'bold',
      0
    ],
    [
      `Not known: whether ${those} may change in any order was not proven in time.`,
      asked.isCutShort,
      'magenta',
      3
    ],
    [
      `Safe: ${those} may change${units.length === 1 ? '' : ' in any order'}.`,
      units.length > 0 && anyOrder,
      'green',
      0
    ],
    [
      'Not safe: the network is not safe before anybody changes.',
      unsafe === 0 && !change.isSafe(0, unknown),
      'red',
      1
    ],
    [
      'Not safe: the network is not safe when all have changed.',
      unsafe === all && unsafe !== 0 && !change.isSafe(all, unknown),
      'red',
      1
    ],
    [
      `Not in any order: there are unsafe states on the way. ${rounds.length} rounds avoid them.`,
      !anyOrder && !isAtEnd && rounds.length > 1 && rounds.length === fewest,
      'red',
      1
    ],
    [
      `In no order: whatever the order, a state on the way is not safe. All ${those} would have to change at once.`,
      !anyOrder &&
        !isAtEnd &&
        fewest === undefined &&
        change.isSafe(0, unknown) &&
        change.isSafe(all, unknown),
      'red',
      1
    ],
    [
      'Not in any order: there are unsafe states on the way. A safe order was not found in time.',
      asked.isCutShort && !anyOrder && !isAtEnd && rounds.length === 0,
      'red',
      1
    ]
  ]
  const found = sentences.find(([words]) => words === said)
  assert.ok(found?.[1] === true, `it is not so: ${said}`)
  assert.equal(color, found[2], said)
  // A state that is not safe is named wherever there is one.
  assert.equal(unsafe !== undefined, !isOpen && !anyOrder)
  if (!asked.isCutShort) assert.equal(rounds.length, units.length === 0 ? 0 : (fewest ?? 0), 'rounds')
  if (!isDoubted || asked.chosen !== undefined) return found[3]
  return found[3] === 1 && !change.anyOrderIsSafe('free where listed') ? 1 : 3
}

/** Whether what is said of a change is not so with unknown nodes read the other way. */
function isOtherwise({ change }: Planned, rounds: Mask[]): boolean {
  const [one, other] = (['dead', 'free where listed'] as const).map((unknown) => ({
    anyOrder: change.anyOrderIsSafe(unknown),
    ends: [0, change.all].map((state) => change.stage(state, unknown).danger === undefined),
    isOrdered: change.fewestRounds(unknown) !== undefined
  }))
  assert.ok(one !== undefined && other !== undefined)
  if (one.anyOrder || other.anyOrder) return one.anyOrder !== other.anyOrder
  if (rounds.length === 0) {
    const first = ({ ends }: typeof one) => ends.indexOf(false)
    return first(one) !== first(other) || one.isOrdered !== other.isOrdered
  }
  return [0, ...rounds]
    .slice(0, -1)
    .some((state, index) =>
      states(state, rounds[index] ?? 0).some((via) => !change.isSafe(via, 'free where listed'))
    )
}

/** Whether there is any. */
function holdDoubts(planned: Planned, asked: AskedOfPlan, doubts: string[], rounds: Mask[]): boolean {
  const { change } = planned
  const differs = asked.chosen === undefined && change.unknown !== 0 && isOtherwise(planned, rounds)
  const hangs = doubts.filter((block) => {
    const text = joined(plain(block).split('\n')).slice('IN DOUBT: '.length)
    const open =
      'Nodes of unknown quorum set are read as in no quorum. Read as free to join any, the answer may be another one: there was no time to find out.'
    if (text === open) {
      assert.ok(asked.isCutShort, 'a doubt though there was time')
      return false
    }
    const [, count = '', names = '', more] =
      /^This hangs on (\d+ nodes?) of unknown quorum set, read as in no quorum\. Read as free to join any, the answer is another one\. \((.*?)([,;] and \d+ more)?\)$/.exec(
        text
      ) ?? []
    assert.equal(count, counted(bits(change.hanging).length, WORDS.node), text)
    const nodes = planned.both.listed(names, 'node')
    if (more === undefined) assert.equal(nodes, change.hanging)
    else assert.equal(nodes & ~change.hanging, 0)
    return true
  })
  assert.ok(doubts.length < 2)
  if (hangs.length > 0) assert.ok(differs, 'a doubt, and nothing hangs on it')
  if (!asked.isCutShort) assert.equal(hangs.length > 0, differs, 'doubt')
  return doubts.length > 0
}

/** Who is left out of the earlier network; takes it off what is left to read. */
function takeLeftOutBefore({ old }: Planned, left: string[]): void {
  const block = left[0] ?? ''
  const text = joined(plain(block).split('\n'))
  const rest = text.startsWith('Before: ') ? { blocks: [text.slice('Before: '.length)] } : { blocks: [] }
  takeLeftOut(old.about, rest)
  assert.deepEqual(rest.blocks, [])
  if (text.startsWith('Before: ')) left.shift()
}

/** That those are taken as up whom the later network reports as down, where they can be in a quorum; takes it off what is left to read. */
function holdDown({ change, both }: Planned, { chosen }: AskedOfPlan, left: string[]): void {
  const { live } = change.stage(change.all, chosen ?? 'dead').truth
  const down = change.both.maskOf(both.faulty) & live
  const said =
    /^(\d+ nodes?) in some quorum that the data reports as down (is|are) taken as up in every state; --faulty says who is down\. \((.*?)([,;] and \d+ more)?\)$/.exec(
      joined(plain(left[0] ?? '').split('\n'))
    )
  assert.equal(said !== null, down !== 0, 'nodes that are reported as down')
  if (said === null) return
  left.shift()
  const [, count, verb, names = '', more] = said
  const { length } = bits(down)
  assert.deepEqual([count, verb], [counted(length, WORDS.node), length === 1 ? 'is' : 'are'])
  const named = both.listed(names, 'node')
  assert.equal(more === undefined ? named : named & down, more === undefined ? down : named)
}

const MISTAKES = [
  ...['UNKNOWN_VALIDATOR', 'ZERO_THRESHOLD', 'UNREACHABLE_THRESHOLD', 'LOW_THRESHOLD', 'DUPLICATE_ENTRY'],
  ...['SELF_EXCLUDED', 'ONE_NODE_QUORUM']
]

/** What is found of the later network alone, but that those who go are not listed; takes it off what is left to read. */
function holdNewFindings({ change, both, old, now }: Planned, left: string[]): void {
  const listed = change.before.nodes.map(({ publicKey }) => publicKey)
  const stillNamed = 'Quorum sets go on naming these nodes, which go: thresholds that count on them stay.'
  const expected = newFindings(old, now).flatMap(({ code, message, nodes }) => {
    const isGone = (key: string) => code === 'UNKNOWN_VALIDATOR' && listed.includes(key)
    // Those that count are in the verdict.
    const isTold = MISTAKES.includes(code) && !/counts?\.$/.test(message)
    const found = [
      { message, nodes: change.both.maskOf(nodes.filter((key) => !isGone(key))) },
      { message: stillNamed, nodes: change.both.maskOf(nodes.filter(isGone)) }
    ]
    return isTold ? found.filter(({ nodes }) => nodes !== 0) : []
  })
  while (plain(left[0] ?? '').startsWith('NEW FINDING: ')) {
    const block = left.shift() ?? ''
    assert.equal(colorOf(block), 'magenta')
    const text = joined(plain(block).split('\n')).slice('NEW FINDING: '.length)
    const at = expected.findIndex(({ message }) => text.startsWith(`${message} (`))
    assert.ok(at >= 0, `not found: ${text}`)
    const [found] = expected.splice(at, 1)
    const [, names = '', more] =
      /^\((.*?)([,;] and \d+ more)?\)$/.exec(text.slice((found?.message.length ?? 0) + 1)) ?? []
    const named = both.listed(names, 'node')
    assert.equal(
      more === undefined ? named : named & (found?.nodes ?? 0),
      more === undefined ? found?.nodes : named
    )
  }
  assert.deepEqual(expected, [], 'a finding of the later network that is not told')
}

/** Who has another organization in the end, where organizations change or are counted; takes it off what is left to read. */
function holdMoved({ change, both }: Planned, { unit, counting }: AskedOfPlan, left: string[]): void {
  const { before, after } = change
  const isListed = (key: string) =>
    [before, after].every(({ nodes }) => nodes.some(({ publicKey }) => publicKey === key))
  const of = (key: string, { organizations }: Network) =>
    organizations.find(({ validators }) => validators.includes(key))?.id
  const moved = change.both.keys.filter((key) => isListed(key) && of(key, before) !== of(key, after))
  const said =
    /^In every state a node counts to the organization that it has in the end, and nobody has to do anything for it: (\d+ nodes?) (has|have) another one there than before, or one in only one of the two networks \((.*?)([,;] and \d+ more)?\)\.$/.exec(
      joined(plain(left[0] ?? '').split('\n'))
    )
  const isAsked = [unit, counting].includes('organization')
  assert.equal(said !== null, isAsked && moved.length > 0, 'nodes that are moved')
  if (said === null) return
  left.shift()
  const [, count, verb, names = '', more] = said
  assert.deepEqual([count, verb], [counted(moved.length, WORDS.node), moved.length === 1 ? 'has' : 'have'])
  const [all, named] = [change.both.maskOf(moved), both.listed(names, 'node')]
  assert.equal(more === undefined ? named : named & all, more === undefined ? all : named)
}

/** Who comes or goes and is known to ask for nothing; takes it off what is left to read. */
function holdUnasked({ change, both }: Planned, left: string[]): void {
  const { before, after } = change
  const inUnits = change.units.reduce(
    (all, unit) => all | (change.both.units(change.unit)[unit]?.nodes ?? 0),
    0
  )
  const only = ({ nodes }: Network, other: Network) =>
    change.both.maskOf(
      nodes
        .map(({ publicKey }) => publicKey)
        .filter((key) => other.nodes.every(({ publicKey }) => publicKey !== key))
    ) & ~inUnits
  for (const [nodes, one, many] of [
    [only(before, after), 'goes', 'go'],
    [only(after, before), 'comes', 'come']
  ] as const) {
    if (nodes === 0) continue
    const { length } = bits(nodes)
    const text = joined(plain(left.shift() ?? '').split('\n'))
    const [, names = '', more] =
      /^\d+ nodes? of unknown quorum set \w+, which changes nothing that is asked for \((.*?)([,;] and \d+ more)?\)\.$/.exec(
        text
      ) ?? []
    const begins = `${counted(length, WORDS.node)} of unknown quorum set ${length === 1 ? one : many}, `
    assert.ok(text.startsWith(begins), text)
    const named = both.listed(names, 'node')
    assert.equal(more === undefined ? named : named & nodes, more === undefined ? nodes : named)
  }
}

/**
 * How unknown nodes are read in the table, and whether numbers of it are others, read the other way; takes it off what is left to read.
 *
 * @param compared Rows that are read in both ways.
 */
export function holdReadingOfSizes(
  change: Change,
  { chosen, isCutShort }: Pick<AskedOfPlan, 'chosen' | 'isCutShort'>,
  left: string[],
  compared: Mask[],
  otherWay: ReadAs
): void {
  const isSaid = /^These numbers/.test(plain(left.at(-1) ?? ''))
  assert.equal(isSaid, change.unknown !== 0, 'how unknown nodes are read')
  if (!isSaid) return
  const text = joined(plain(left.pop() ?? '').split('\n'))
  const read = `These numbers are with ${counted(bits(change.unknown).length, WORDS.node)} of unknown quorum set read as ${chosen === 'free' ? 'free to join any' : 'in no quorum'}.`
  const differs = (state: Mask) => {
    const [one, other] = (['dead', otherWay] as const).map((unknown) => {
      const { intersects, topTier, blocking, splitting } = change.stage(state, unknown)
      return [intersects, topTier, blocking, splitting].join()
    })
    return one !== other
  }
  if (text === read) assert.ok(chosen !== undefined || isCutShort || !compared.some(differs), text)
  else {
    assert.equal(text, `${read} Read as free to join any, some are others.`)
    assert.ok(chosen === undefined && compared.some(differs), text)
  }
}

/** Why a state is not safe, and how unknown nodes are read where it may be safe read the other way. */
export function asRead(
  why: string,
  { unknown }: Change,
  chosen: AskedOfPlan['chosen'],
  danger: Danger
): string {
  const isHanging = chosen === undefined && unknown !== 0 && danger !== 'split'
  const nodes = `${counted(bits(unknown).length, WORDS.node)} of unknown quorum set`
  return isHanging ? `${why} (${nodes} read as in no quorum)` : why
}

/** That nobody has a group of what is counted or changes. */
function groupNotes({ change }: Planned, { unit, counting, chosen }: AskedOfPlan): string[] {
  const { live } = change.stage(change.all, chosen ?? 'dead').truth
  return [...new Set([counting, unit])].flatMap((grouping) => {
    const units = change.both.units(grouping).filter(({ nodes }) => (nodes & live) !== 0)
    const isWithout = live !== 0 && grouping !== 'node' && units.every(({ isNode }) => isNode)
    return isWithout ? [noGroups(grouping)] : []
  })
}

/** The state that is named as one that is not safe. */
function holdDanger(planned: Planned, asked: AskedOfPlan, block: string): Mask {
  const { change } = planned
  assert.equal(colorOf(block), 'red')
  const [text = '', quorums] = joined(plain(block).split('\n')).split(' The two quorums: ')
  const [, who = '', why = ''] =
    /^DANGER: (Before anybody has changed|When all have changed|When .* (?:has|have) not), (.*)\.$/.exec(
      text
    ) ?? []
  const [, changed = '', has, waiting = '', hasNot] =
    /^When (.*) (has|have) changed, and (.*) (has|have) not$/.exec(who) ?? []
  const state = has === undefined ? (who === 'When all have changed' ? change.all : 0) : someOf(changed, has)
  if (has !== undefined) {
    assert.equal(someOf(waiting, hasNot), change.all & ~state, who)
    assert.ok(state !== 0 && state !== change.all, who)
  } else assert.equal(who, state === 0 ? 'Before anybody has changed' : 'When all have changed')
  const stage = change.stage(state, asked.chosen ?? 'dead')
  const ends = [0, change.all].map((state) => change.stage(state, asked.chosen ?? 'dead').truth)
  const reasons = reasonsOf(change, stage, asked.floors, asked.counting, ends.some(hasOneAlone))
  assert.ok(stage.danger !== undefined, `${who}: it is safe`)
  const { danger } = stage
  const told = (why: string) => asRead(why, change, asked.chosen, danger)
  const isUnproven = asked.isCutShort && danger === 'floor' && why === told('a size is below its floor')
  if (!isUnproven) assert.equal(why, told(reasons[danger]), who)
  assert.equal(quorums !== undefined, stage.danger === 'split')
  if (quorums !== undefined) {
    const [a = '', b = '', ...more] =
      items(plain(block).split('\n').slice(-2), 2).length === 2 ? pairIn(block) : []
    assert.deepEqual(more, [])
    const pair = [a, b].map((names) => planned.both.listed(names, 'node'))
    const [one = 0, other = 0] = pair
    assert.ok(
      stage.truth.isQuorum(one) && stage.truth.isQuorum(other) && (one & other) === 0,
      'no such quorums'
    )
  }
  return state

  function someOf(names: string, verb: string | undefined): Mask {
    const units = planned.both.listed(names, asked.unit)
    assert.equal(verb, bits(units).length === 1 ? 'has' : 'have')
    return stateOf(planned, units, names)
  }
}

/** Whether somebody is a quorum all by itself, left out or not. */
export function hasOneAlone({ stray, quorums }: Truth): boolean {
  return stray !== 0 || quorums.some((quorum) => bits(quorum).length === 1)
}

/**
 * Why a state is not safe, in words.
 *
 * @param isAnyAlone Whether somebody is a quorum all by itself, before or after.
 */
export function reasonsOf(
  change: Change,
  stage: Stage,
  floors: AskedOfPlan['floors'],
  counting: Grouping,
  isAnyAlone: boolean
): Record<Danger, string> {
  assert.ok(
    isAnyAlone || stage.truth.stray === 0,
    'nobody is a quorum alone on the way who is not in the ends'
  )
  const low = [
    ...(stage.blocking < floors.blocking
      ? [`${sizeWords(stage.blocking)} can halt it, which is below the floor of ${floors.blocking}`]
      : []),
    ...(stage.splitting !== null && stage.splitting < floors.splitting
      ? [`${sizeWords(stage.splitting)} can split it, which is below the floor of ${floors.splitting}`]
      : [])
  ]
  return {
    split: 'two quorums share no node, so it can split with nobody at fault',
    halt: isAnyAlone
      ? 'there is no quorum, nodes on their own aside, so no two nodes can close a ledger together'
      : 'there is no quorum, so no ledger closes',
    floor: low.join(', and ')
  }

  /** Who they are is not told, so what they may be is. */
  function sizeWords(size: number): string {
    const alone = change.both.units(counting).map(({ isNode }) => isNode)
    if (counting === 'node' || alone.every((one) => !one)) return counted(size, WORDS[counting])
    if (alone.every((one) => one)) return `${counted(size, WORDS.node)} without ${anyOf(counting)}`
    return `${counted(size, WORDS[counting])} (or nodes without one)`
  }
}

/** The two lists below the words for them. */
function pairIn(block: string): string[] {
  const lines = plain(block).split('\n')
  const at = lines.indexOf('The two quorums:')
  return items(lines.slice(at + 1), 2)
}

/** Who changes in a round, as a state. */
export function holdRound(planned: Planned, block: string, index: number, isAny = false): Mask {
  const { change } = planned
  const [first = '', ...lines] = block.split('\n')
  const units = items(lines.map(plain), 3).map((line) => {
    const found = change.units.flatMap((unit) =>
      [false, true].map((isOfEach) => doings(change, unit, isOfEach))
    )
    const readings = [...new Set(found)].flatMap((words) => {
      if (!line.endsWith(`: ${words}`)) return []
      const names = line.slice(0, -words.length - 2)
      try {
        const units = planned.both.listed(names, change.unit)
        const isOfEach = bits(units).length > 1
        return bits(units).every((unit) => doings(change, unit, isOfEach) === words) ? [units] : []
      } catch {
        return []
      }
    })
    return onlyOne(readings, line)
  })
  const all = units.reduce((all, some) => {
    assert.equal(all & some, 0, 'twice in a round')
    return all | some
  }, 0)
  const way = bits(all).length === 1 && !isAny ? 'By itself:' : 'In any order:'
  assert.equal(plain(first), `${index + 1}. ${way}`)
  assert.equal(colorOf(first), 'bold')
  return stateOf(planned, all, first)
}

/** What the nodes of a unit do, or of each of several. */
function doings({ before, after, both, unit }: Change, index: number, isOfEach = false): string {
  const keys = bits(both.units(unit)[index]?.nodes ?? 0).map((node) => both.keys[node] ?? '')
  const count = new Map<string, number>()
  for (const key of keys.sort()) {
    const words = doing(key)
    if (words !== undefined) count.set(words, (count.get(words) ?? 0) + 1)
  }
  return [...count]
    .map(([words, count]) =>
      keys.length === 1 ? words : `${counted(count, WORDS.node)}${isOfEach ? ' of each' : ''}: ${words}`
    )
    .join('; ')

  function doing(key: string): string | undefined {
    const [was, is] = [before, after].map(({ nodes }) => nodes.find(({ publicKey }) => publicKey === key))
    const uppermost = (set: QuorumSet | null | undefined) =>
      set == null
        ? 'no known quorum set'
        : `${set.threshold} of ${set.validators.length + set.innerQuorumSets.length}`
    if (was === undefined) return is === undefined ? undefined : `comes with ${uppermost(is.quorumSet)}`
    if (is === undefined) return `goes with ${uppermost(was.quorumSet)}`
    if (textOf(was.quorumSet ?? null) === textOf(is.quorumSet ?? null)) return undefined
    const [old, now] = [uppermost(was.quorumSet), uppermost(is.quorumSet)]
    return old === now ? `other entries, ${now} as before` : `${old} → ${now}`
  }
}

/** The states after each round; every one on the way must be safe, and the last be that of all. */
function holdOrder({ change }: Planned, unknown: 'dead' | 'free', rounds: Mask[]): Mask[] {
  let state = 0
  const after = rounds.map((round) => {
    assert.ok(round !== 0 && (round & state) === 0, 'a round of nobody, or somebody twice')
    const next = state | round
    for (const via of states(state, next))
      assert.ok(change.isSafe(via, unknown), 'a state on the way is not safe')
    return (state = next)
  })
  if (rounds.length > 0) assert.equal(state, change.all, 'not all change')
  return after
}

/** Whether every two quorums intersect, if there are any. */
export function intersectWords({ intersects, truth }: Stage): string {
  return intersects ? 'yes' : truth.hasQuorum ? 'no' : 'no quorum'
}

function holdTable(
  { change }: Planned,
  { counting, chosen, isCutShort }: AskedOfPlan,
  { header, rows }: { header: string[]; rows: string[][] },
  rounds: Mask[]
): void {
  const { many } = WORDS[counting]
  assert.deepEqual(header, ['quorums intersect', `top tier (${many})`, 'can halt it', 'can split it'])
  // Where there is no order the later network has a row of its own; where nothing changes it is the earlier one.
  const isOrdered =
    rounds.length > 0 || (change.units.length === 0 && change.anyOrderIsSafe(chosen ?? 'dead'))
  const expected: [string, Mask][] = [
    ['before', 0],
    ...rounds.map((state, index): [string, Mask] => [`after round ${index + 1}`, state]),
    ...(isOrdered && !(isCutShort && rows.length === 2) ? [] : [['after all', change.all] as [string, Mask]])
  ]
  assert.deepEqual(
    rows.map(([what]) => what),
    expected.map(([what]) => what)
  )
  for (const [index, [what, state]] of expected.entries()) {
    const stage = change.stage(state, chosen ?? 'dead')
    const cells = [
      intersectWords(stage),
      String(stage.topTier),
      String(stage.blocking),
      stage.splitting === null ? 'none' : String(stage.splitting)
    ]
    const told = rows[index]?.slice(1)
    if (isCutShort && told?.every((cell) => cell === 'not proven')) continue
    assert.deepEqual(told, cells, what)
  }
}

// ---------------------------------------------------------------- for programs

/** JSON of `plan`. */
export function holdPlanForPrograms(planned: Planned, asked: AskedOfPlan, text: string): void {
  const { change } = planned
  const plan = JSON.parse(text) as Plan & {
    unit: Grouping
    counting: Grouping
    doubts: { nodes: string[] }[]
  }
  const unknown = asked.chosen ?? 'dead'
  assert.match(plan.engine, ENGINE)
  assert.deepEqual([plan.unit, plan.counting, plan.isExact], [asked.unit, asked.counting, true])
  const state = (labels: string[]) => stateLabelled(planned, labels)
  assert.equal(state(plan.units), change.all)
  assert.equal(plan.units.length, change.units.length)
  const anyOrder = change.anyOrderIsSafe(unknown)
  const fewest = change.fewestRounds(unknown)
  assert.equal(plan.anyOrderIsSafe, anyOrder)
  assert.equal(
    plan.allAtOnce,
    fewest === undefined && change.isSafe(0, unknown) && change.isSafe(change.all, unknown)
  )
  assert.equal(plan.order?.length, fewest)
  const rounds = (plan.order ?? []).map(({ units }) => state(units))
  const after = holdOrder(planned, unknown, rounds)
  holdStage(change.stage(0, unknown), plan.before)
  holdStage(change.stage(change.all, unknown), plan.after)
  for (const [index, round] of (plan.order ?? []).entries()) {
    holdStage(change.stage(after[index] ?? 0, unknown), { ...round, figures: round.after })
  }
  const isDoubted =
    change.isNothingKnownOf === undefined &&
    asked.chosen === undefined &&
    change.unknown !== 0 &&
    isOtherwise(planned, after)
  assert.deepEqual(
    plan.doubts.map(({ nodes }) => change.both.maskOf(nodes)),
    isDoubted ? [change.hanging] : []
  )
  const { unsafeState } = plan
  assert.equal(unsafeState === null, anyOrder)
  if (unsafeState === null) return
  const stage = change.stage(state(unsafeState.changed), unknown)
  assert.equal(unsafeState.reason, stage.danger)
  holdStage(stage, unsafeState.stage)
  assert.equal(unsafeState.disjointQuorums !== null, stage.danger === 'split')
  if (unsafeState.disjointQuorums === null) return
  const [a = 0, b = 0] = unsafeState.disjointQuorums.map((quorum) => change.both.maskOf(quorum))
  assert.ok(stage.truth.isQuorum(a) && stage.truth.isQuorum(b) && (a & b) === 0)
}

export function stateLabelled(planned: Planned, labels: string[]): Mask {
  const { change } = planned
  const both = new About(change.both.network, undefined, false)
  const units = labels.reduce((all, label) => all | both.labelled(label, change.unit), 0)
  assert.equal(bits(units).length, labels.length)
  return stateOf(planned, units, labels.join())
}

export function holdStage(stage: Stage, told: Omit<Plan['before'], 'executionTimeMs'>): void {
  const { topTierSize, blockingSetsMinSize, blockingSetsFilteredMinSize, splittingSetsMinSize } = told.figures
  assert.deepEqual(
    {
      figures: [topTierSize, blockingSetsMinSize, blockingSetsFilteredMinSize, splittingSetsMinSize],
      facts: [told.hasQuorumIntersection, told.hasSplittingSet, told.isExact]
    },
    {
      figures: [stage.topTier, stage.blocking, stage.blocking, stage.splitting ?? stage.topTier],
      facts: [stage.intersects, stage.splitting !== null, true]
    }
  )
}

/** CSV of `plan`: a unit a row. */
export function holdPlanRows(planned: Planned, asked: AskedOfPlan, text: string): void {
  const { change } = planned
  const { columns, rows } = rowsIn(text)
  assert.deepEqual(columns, ['round', 'unit'])
  const unknown = asked.chosen ?? 'dead'
  const numbers = [...new Set(rows.map(({ round }) => Number(round)))]
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1)
  )
  assert.equal(numbers.length, change.units.length === 0 ? 0 : (change.fewestRounds(unknown) ?? 0))
  const rounds = numbers.map((number) =>
    stateLabelled(
      planned,
      rows.filter(({ round }) => Number(round) === number).map(({ unit = '' }) => unit)
    )
  )
  holdOrder(planned, unknown, rounds)
}
