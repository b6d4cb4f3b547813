// What `suggest` says of a network, held against all choices of adopters: each is a state between the network and one in which everybody has adopted.

import assert from 'node:assert/strict'

import type { FbasNode, QuorumSet, Suggestion } from '../../index.js'
import type { Ended } from '../cli/command.js'
import { About, bits, WORDS, type Grouping, type Mask } from './about.js'
import { treeIn } from './asked.js'
import { holdBeside, takeLeftOut } from './asked.js'
import { blocksOf, colorOf, joined, plain, tableIn } from './blocks.js'
import { noGroups } from './findings.js'
import type { Network } from './networks.js'
import {
  asRead,
  Change,
  counted,
  holdReadingOfSizes,
  holdRound,
  holdStage,
  intersectWords,
  hasOneAlone,
  reasonsOf,
  stateLabelled,
  states,
  type Danger,
  type Planned
} from './plans.js'
import { groupsAndNodes } from './sizes.js'
import { ENGINE, rowsIn } from './programs.js'
import { namedIn, Truth, written, type Form } from './truth.js'

/** What is asked. */
export interface AskedOfSuggestion {
  unit: Grouping
  counting: Grouping
  floors: { blocking: number; splitting: number }
  chosen: 'dead' | 'free' | undefined
  isCutShort: boolean
}

/** What is adopted, and what comes of it. */
export interface Adoption extends Planned {
  about: About
  quorumSet: QuorumSet | null
}

/** The adoption of what a node asks for or, where none is named, of what most of the core ask for. */
export function adoptionOf(
  network: Network,
  title: string,
  model: string | undefined,
  { unit, counting, floors, chosen, isCutShort }: AskedOfSuggestion
): Adoption {
  const about = new About(network, chosen, isCutShort)
  const asksFor = (key: string) => network.nodes.find(({ publicKey }) => publicKey === key)?.quorumSet ?? null
  const quorumSet =
    model === undefined ? mostShared(about.truth, about.population.maskOf(about.faulty)) : asksFor(model)
  const adopt = (node: FbasNode) =>
    quorumSet !== null && (node.quorumSet?.threshold ?? 0) > 0 ? { ...node, quorumSet } : node
  const after = { ...network, nodes: network.nodes.map(adopt) }
  const change = new Change(network, after, unit, counting, floors)
  const both = new About(change.network, chosen, isCutShort)
  return { about, quorumSet, change, both, old: { about, title }, now: { about, title } }
}

/** The quorum set that most of the core ask for; where there is no quorum, most of all. */
function mostShared(truth: Truth, down: Mask): QuorumSet | null {
  const among = truth.hasQuorum ? truth.core & truth.known : truth.known
  // What is asked for by nodes that are up, if these ask for anything that can be met.
  return sharedAmong(truth, among & ~down) ?? sharedAmong(truth, among)
}

function sharedAmong(truth: Truth, counting: Mask): QuorumSet | null {
  const { keys } = truth.population
  const clusters = new Map<string, { set: QuorumSet; holders: string[] }>()
  for (const node of bits(counting)) {
    const key = keys[node] ?? ''
    const set = standard(truth.quorumSetOf(node) as QuorumSet)
    if (!namedIn(set).includes(key)) {
      set.threshold += 1
      set.validators = [...set.validators, key].sort()
    }
    const known = clusters.get(JSON.stringify(set)) ?? { set, holders: [] }
    clusters.set(JSON.stringify(set), { set, holders: [...known.holders, key].sort() })
  }
  const isSymmetric = ({ set, holders }: { set: QuorumSet; holders: string[] }) =>
    [...new Set(namedIn(set))].sort().join() === holders.join() ? 1 : 0
  const [first] = [...clusters.values()]
    .filter(({ set }) => canBeMet(set))
    .sort(
      (a, b) =>
        b.holders.length - a.holders.length || isSymmetric(b) - isSymmetric(a) || compared(a.set, b.set)
    )
  return first?.set ?? null
}

function canBeMet({ threshold, validators, innerQuorumSets }: QuorumSet): boolean {
  return threshold <= validators.length + innerQuorumSets.length
}

/** Sorted, without inner sets that can never be met. */
function standard({ threshold, validators, innerQuorumSets }: QuorumSet): QuorumSet {
  const inner = (innerQuorumSets ?? []).map(standard)
  return {
    threshold,
    validators: [...validators].sort(),
    innerQuorumSets: inner.filter(canBeMet).sort(compared)
  }
}

function compared(a: QuorumSet, b: QuorumSet): number {
  const lists = <T>(one: T[], other: T[], of: (a: T, b: T) => number) =>
    one
      .map((item, index) => (index < other.length ? of(item, other[index] as T) : 1))
      .find((by) => by !== 0) ?? one.length - other.length
  return (
    a.threshold - b.threshold ||
    lists(a.validators, b.validators, (one, other) => (one < other ? -1 : one > other ? 1 : 0)) ||
    lists(a.innerQuorumSets, b.innerQuorumSets, compared)
  )
}

function formOf({ threshold, validators, innerQuorumSets }: QuorumSet, about: About): Form {
  return {
    threshold,
    nodes: validators.map((key) => about.population.keys.indexOf(key)),
    inner: innerQuorumSets.map((inner) => formOf(inner, about))
  }
}

/** How few units will do; absent: no choice will. */
function fewest({ change }: Adoption, unknown: 'dead' | 'free'): number | undefined {
  const sizes = states(0, change.all)
    .filter((state) => change.isSafe(state, unknown))
    .map((state) => bits(state).length)
  return sizes.length === 0 ? undefined : Math.min(...sizes)
}

/** Whether the network is in no danger that it is not in today. */
function isNoWorse({ change }: Adoption, state: Mask, unknown: 'dead' | 'free'): boolean {
  const today = change.stage(0, unknown).danger
  const { danger } = change.stage(state, unknown)
  return danger === undefined || danger === 'floor' || danger === today
}

/** The states after each round of a way from nobody to these. */
function holdWay(adoption: Adoption, unknown: 'dead' | 'free', rounds: Mask[], adopters: Mask): Mask[] {
  let state = 0
  const after = rounds.map((round) => {
    assert.ok(round !== 0 && (round & state) === 0, 'a round of nobody, or somebody twice')
    const next = state | round
    for (const via of states(state, next))
      assert.ok(isNoWorse(adoption, via, unknown), 'another danger on the way')
    return (state = next)
  })
  assert.equal(state, adopters, 'they are not all')
  return after
}

/** Whether any way to these has no other danger on it; that is so if one unit after the other can. */
function hasWay(adoption: Adoption, unknown: 'dead' | 'free', adopters: Mask): boolean {
  const reached = new Set<Mask>([0])
  for (const state of reached) {
    for (const unit of bits(adopters & ~state)) {
      const next = state | (1 << unit)
      if (isNoWorse(adoption, next, unknown)) reached.add(next)
    }
  }
  return reached.has(adopters)
}

/** `suggest` with `--check`. */
export function holdSuggestion(adoption: Adoption, asked: AskedOfSuggestion, ended: Ended): void {
  const check = holdText(adoption, asked, ended.stdout)
  holdBeside(adoption.about, check, { isTaken: false, canBeHalted: true }, ended)
}

function holdText(adoption: Adoption, asked: AskedOfSuggestion, text: string): 0 | 1 | 3 {
  const { change, about, quorumSet, old } = adoption
  const [title = '', headline = '', ...blocks] = blocksOf(text)
  assert.deepEqual([plain(title), colorOf(title)], [old.title, 'bold'])
  const said = joined(plain(headline).split('\n'))
  const color = colorOf(headline)
  if (about.isNothingKnown) {
    assert.equal(said, `Not known: ${old.title} has no usable quorum set of any node.`)
    assert.deepEqual([color, blocks], ['magenta', []])
    return 3
  }
  const unknown = asked.chosen ?? 'dead'
  const doubts = blocks.filter((block) => plain(block).startsWith('IN DOUBT:'))
  assert.deepEqual(blocks.slice(0, doubts.length), doubts, 'doubts come first')
  const left = blocks.slice(doubts.length)
  takeLeftOut(adoption.about, { blocks: left })
  holdNotes(adoption, asked, left)

  const { danger } = change.stage(0, unknown)
  let heading = ''
  const isToldUnsafe = left[0] !== undefined && plain(left[0]).startsWith('DANGER:')
  if (isToldUnsafe) {
    holdDanger(adoption, asked, left.shift() ?? '')
    // Where nobody asks for what can be met, there is nothing to adopt.
    if (quorumSet !== null) {
      const [first = '', ...lines] = plain(left.shift() ?? '').split('\n')
      heading = first
      assert.equal(written(treeIn(about, lines)), written(formOf(quorumSet, about)))
    }
  }
  const readingOfSizes = left.filter((block) => plain(block).startsWith('These numbers'))
  assert.equal(left.lastIndexOf(readingOfSizes[0] ?? ''), readingOfSizes.length === 0 ? -1 : left.length - 1)
  left.splice(left.length - readingOfSizes.length)
  const table = tableIn(left.pop() ?? '')
  const [first] = left
  const isUnordered = first !== undefined && !/^\d+\./.test(plain(first))
  const rounds = isUnordered ? [] : left.map((block, index) => holdRound(adoption, block, index))
  // Without an order they stand as those of a round do.
  const adopters = isUnordered
    ? holdRound(
        adoption,
        ['\u001b[1m1.\u001b[22m In any order:', ...(first ?? '').split('\n').slice(1)].join('\n'),
        0,
        true
      )
    : rounds.reduce((all, round) => all | round, 0)
  const after = isUnordered ? [] : holdWay(adoption, unknown, rounds, adopters)
  holdTable(adoption, asked, table, [
    ['before', 0],
    ...after.map((state, index): [string, Mask] => [`after round ${index + 1}`, state]),
    ...(isUnordered ? [['after all', adopters] satisfies [string, Mask]] : [])
  ])
  holdReadingOfSizes(change, asked, readingOfSizes, [0, adopters], 'free')
  const wrong: Record<Danger, string> = {
    split: 'two quorums share no node',
    halt: `there is no quorum${hasOneAlone(change.stage(0, unknown).truth) ? ', nodes on their own aside' : ''}`,
    floor: 'a size is below its floor'
  }
  const needed = fewest(adoption, unknown)
  if (isToldUnsafe && quorumSet !== null)
    assert.equal(heading, adopters === 0 ? 'The quorum set that was tried:' : 'The quorum set to adopt:')
  const size = bits(adopters).length
  assert.ok(adopters === 0 || change.isSafe(adopters, unknown), 'they do not make it safe')
  if (isUnordered) {
    const words = 'All at once, as whatever the order, the network is in another danger on the way:'
    const isAtOnce = joined(plain(first).split('\n')).startsWith(words)
    assert.ok(isAtOnce ? !hasWay(adoption, unknown, adopters) : asked.isCutShort, 'no order')
  }
  holdDoubts(adoption, asked, doubts, { adopters, after })
  const alone = bits(adopters).filter(
    (place) => change.both.units(asked.unit)[change.units[place] ?? -1]?.isNode === true
  ).length
  const groups = asked.unit === 'node' ? size : size - alone
  const those = groupsAndNodes(asked.unit, groups, size - groups)
  const have = size === 1 ? 'has' : 'have'
  const begins = danger === undefined ? '' : `Not safe: ${wrong[danger]}. `
  const isOfDanger = danger !== undefined && isToldUnsafe
  // What is so, and how it looks, and what `--check` makes of it.
  const sentences: [string, boolean, string, 0 | 1 | 3][] = [
    ['Safe: nobody has to adopt another quorum set.', danger === undefined && !isToldUnsafe, 'green', 0],
    ['Not known: whether the network is safe was not proven in time.', asked.isCutShort, 'magenta', 3],
    [
      `${begins}It becomes safe when ${those} ${have} adopted the quorum set below.`,
      isOfDanger && size > 0 && size === needed,
      'red',
      1
    ],
    [
      `${begins}Everybody who is up and has a usable quorum set asks for the quorum set below already, so adopting it mends nothing.`,
      isOfDanger && adoption.quorumSet !== null && change.units.length === 0 && needed === undefined,
      'red',
      1
    ],
    [
      `${begins}No quorum set that could be adopted is known.`,
      isOfDanger && adoption.quorumSet === null && needed === undefined,
      'red',
      1
    ],
    [
      `${begins}Whoever else adopts the quorum set below, it does not become safe; nodes that are down or have no usable quorum set are taken not to adopt it.`,
      isOfDanger && change.units.length > 0 && needed === undefined,
      'red',
      1
    ]
  ]
  const found = sentences.find(([words]) => words === said)
  assert.ok(found?.[1] === true, `it is not so: ${said}`)
  assert.equal(color, found[2], said)
  if (doubts.length === 0 || asked.chosen !== undefined) return found[3]
  return found[3] === 1 && change.stage(0, 'free').danger !== undefined ? 1 : 3
}

/** Whether it is not so with unknown nodes read the other way that these can adopt it in these rounds. */
function readOtherwise(adoption: Adoption, { adopters, after }: { adopters: Mask; after: Mask[] }): boolean {
  const { change } = adoption
  const answer = (unknown: 'dead' | 'free') => [change.stage(0, unknown).danger, fewest(adoption, unknown)]
  const isSafe = (state: Mask) => change.isSafe(state, 'free')
  const onTheWay = [0, ...after].slice(0, -1).flatMap((state, index) => states(state, after[index] ?? 0))
  return (
    answer('dead').join() !== answer('free').join() ||
    (adopters !== 0 && !isSafe(adopters)) ||
    !onTheWay.every((state) => isNoWorse(adoption, state, 'free')) ||
    (adopters !== 0 && hasWay(adoption, 'free', adopters) !== after.length > 0)
  )
}

/** That an answer hangs on unknown nodes is said where, and only where, it is not so, read the other way. */
function holdDoubts(
  adoption: Adoption,
  asked: AskedOfSuggestion,
  doubts: string[],
  { adopters, after }: { adopters: Mask; after: Mask[] }
): void {
  const isOtherwise = asked.chosen === undefined && readOtherwise(adoption, { adopters, after })
  assert.ok(doubts.length < 2)
  if (!asked.isCutShort) assert.equal(doubts.length > 0, isOtherwise, 'doubt')
  const { change } = adoption
  for (const doubt of doubts) {
    const text = joined(plain(doubt).split('\n'))
    const [, count = '', names = '', more] =
      /^IN DOUBT: This hangs on (\d+ nodes?) of unknown quorum set, read as in no quorum\. Read as free to join any, the answer is another one\. \((.*?)([,;] and \d+ more)?\)$/.exec(
        text
      ) ?? []
    assert.equal(count, counted(bits(change.hanging).length, WORDS.node), text)
    const nodes = adoption.both.listed(names, 'node')
    assert.equal(
      more === undefined ? nodes : nodes & change.hanging,
      more === undefined ? change.hanging : nodes
    )
  }
}

/** Who is down and taken as up, and that nobody has a group; takes it off what is left to read. */
function holdNotes({ change, both }: Adoption, asked: AskedOfSuggestion, left: string[]): void {
  const read = () => joined(plain(left.shift() ?? '').split('\n'))
  // Findings are about the network in which all can have adopted it, as in a plan.
  const noted = left.filter((block) =>
    /taken as up in every state|sizes count nodes/.test(joined(plain(block).split('\n')))
  )
  for (const _ of noted) {
    const text = read()
    const [, count, verb, names = '', more] =
      /^(\d+ nodes?) in some quorum that the data reports as down (is|are) taken as up in every state; --faulty says who is down\. \((.*?)([,;] and \d+ more)?\)$/.exec(
        text
      ) ?? []
    if (count === undefined) {
      assert.ok([asked.unit, asked.counting].map(noGroups).includes(text), text)
      continue
    }
    const down = change.both.maskOf(both.faulty)
    const named = both.listed(names, 'node')
    assert.equal(named & ~down, 0, 'taken as up though nobody reports it as down')
    if (more === undefined)
      assert.deepEqual(
        [count, verb],
        [counted(bits(named).length, WORDS.node), bits(named).length === 1 ? 'is' : 'are']
      )
  }
}

/** What is wrong today. */
function holdDanger(
  adoption: Adoption,
  { chosen, floors, counting, isCutShort }: AskedOfSuggestion,
  block: string
): void {
  const { change, about } = adoption
  assert.equal(colorOf(block), 'red')
  const [text = '', quorums] = joined(plain(block).split('\n')).split(' The two quorums: ')
  const stage = change.stage(0, chosen ?? 'dead')
  const { danger } = stage
  assert.ok(danger !== undefined, 'it is safe')
  const why = reasonsOf(change, stage, floors, counting, hasOneAlone(stage.truth))[danger]
  const told = (why: string) => `DANGER: Today ${asRead(why, change, chosen, danger)}.`
  const isUnproven = isCutShort && danger === 'floor' && text === told('a size is below its floor')
  if (!isUnproven) assert.equal(text, told(why))
  assert.equal(quorums !== undefined, danger === 'split')
  if (quorums === undefined) return
  const lines = plain(block).split('\n')
  const pair = listsOf(lines.slice(lines.indexOf('The two quorums:') + 1))
  const [a = 0, b = 0, ...more] = pair.map((names) => about.listed(names, 'node'))
  assert.ok(stage.truth.isQuorum(a) && stage.truth.isQuorum(b) && (a & b) === 0 && more.length === 0)
}

/** Lines with what hangs below each. */
function listsOf(lines: string[]): string[] {
  return lines.reduce<string[]>((all, line) => {
    const isNew = /^ {2}\S/.test(line)
    return isNew ? [...all, line.trim()] : [...all.slice(0, -1), `${all.at(-1)} ${line.trim()}`]
  }, [])
}

function holdTable(
  { change }: Adoption,
  { counting, chosen, isCutShort }: AskedOfSuggestion,
  { header, rows }: { header: string[]; rows: string[][] },
  expected: [string, Mask][]
): void {
  assert.deepEqual(header, [
    'quorums intersect',
    `top tier (${WORDS[counting].many})`,
    'can halt it',
    'can split it'
  ])
  assert.deepEqual(
    rows.map(([what]) => what),
    expected.map(([what]) => what)
  )
  for (const [index, [what, state]] of expected.entries()) {
    const stage = change.stage(state, chosen ?? 'dead')
    const { topTier, blocking, splitting } = stage
    const told = rows[index]?.slice(1)
    if (isCutShort && told?.every((cell) => cell === 'not proven')) continue
    assert.deepEqual(
      told,
      [intersectWords(stage), ...[topTier, blocking, splitting ?? 'none'].map(String)],
      what
    )
  }
}

// ---------------------------------------------------------------- for programs

/** JSON of `suggest`. */
export function holdSuggestionForPrograms(adoption: Adoption, asked: AskedOfSuggestion, text: string): void {
  const { change, about, quorumSet } = adoption
  const said = JSON.parse(text) as Suggestion & {
    unit: Grouping
    counting: Grouping
    doubts: { nodes: string[] }[]
  }
  const unknown = asked.chosen ?? 'dead'
  assert.match(said.engine, ENGINE)
  assert.deepEqual([said.unit, said.counting, said.isExact], [asked.unit, asked.counting, true])
  const state = (labels: string[]) => stateLabelled(adoption, labels)
  assert.equal(state(said.candidates), change.all)
  const form = (set: QuorumSet | null) => (set === null ? null : written(formOf(set, about)))
  assert.equal(form(said.quorumSet), form(quorumSet))
  const today = change.stage(0, unknown)
  assert.equal(said.danger, today.danger ?? null)
  holdStage(today, said.before)
  assert.equal(said.disjointQuorums !== null, said.danger === 'split')
  const [a = 0, b = 0] = (said.disjointQuorums ?? []).map((quorum) => about.population.maskOf(quorum))
  if (said.danger === 'split')
    assert.ok(today.truth.isQuorum(a) && today.truth.isQuorum(b) && (a & b) === 0, 'no such quorums')
  const needed = fewest(adoption, unknown)
  assert.deepEqual([said.minSize, said.lowerBound], [needed ?? null, needed ?? 0])
  const doubted = said.doubts.map(({ nodes }) => change.both.maskOf(nodes))
  const holdDoubted = (adopters: Mask, after: Mask[]) => {
    const isOpen = asked.chosen === undefined && !about.isNothingKnown
    const isOtherwise = isOpen && readOtherwise(adoption, { adopters, after })
    assert.deepEqual(doubted, isOtherwise ? [change.hanging] : [])
  }
  if (said.adopters === null || said.after === null) {
    holdDoubted(0, [])
    assert.deepEqual([said.adopters, said.after, said.order, needed], [null, null, null, undefined])
    return
  }
  const adopters = state(said.adopters)
  assert.equal(said.adopters.length, needed)
  assert.ok(change.isSafe(adopters, unknown))
  holdStage(change.stage(adopters, unknown), said.after)
  assert.equal(said.allAtOnce, said.order === null)
  assert.equal(said.order !== null, hasWay(adoption, unknown, adopters))
  const rounds = said.order ?? []
  const after =
    said.order === null
      ? []
      : holdWay(
          adoption,
          unknown,
          rounds.map(({ units }) => state(units)),
          adopters
        )
  holdDoubted(adopters, after)
  for (const [index, round] of rounds.entries())
    holdStage(change.stage(after[index] ?? 0, unknown), { ...round, figures: round.after })
  const anyOrder = states(0, adopters).every((state) => isNoWorse(adoption, state, unknown))
  assert.equal(said.unsafeState === null, anyOrder)
  if (said.unsafeState !== null) assert.ok(!isNoWorse(adoption, state(said.unsafeState.changed), unknown))
}

/** CSV of `suggest`: an adopter a row. */
export function holdSuggestionRows(adoption: Adoption, asked: AskedOfSuggestion, text: string): void {
  const { columns, rows } = rowsIn(text)
  assert.deepEqual(columns, ['round', 'unit'])
  const unknown = asked.chosen ?? 'dead'
  const adopters = stateLabelled(
    adoption,
    rows.map(({ unit }) => unit ?? '')
  )
  assert.equal(rows.length, fewest(adoption, unknown) ?? 0)
  const numbers = [...new Set(rows.map(({ round }) => round))]
  if (numbers.join() === '') return assert.ok(rows.length === 0 || !hasWay(adoption, unknown, adopters))
  const units = (number: string | undefined) =>
    rows.filter(({ round }) => round === number).map(({ unit }) => unit ?? '')
  holdWay(
    adoption,
    unknown,
    numbers.map((number) => stateLabelled(adoption, units(number))),
    adopters
  )
}
