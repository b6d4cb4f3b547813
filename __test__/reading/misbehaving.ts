// What `intact` and `critical` say, held against the definitions: all dispensable sets, and every group misconfigured by itself.

import assert from 'node:assert/strict'

import type { CriticalGroupsResult, QuorumSet } from '../../index.js'
import type { Ended } from '../cli/command.js'
import { bits, WORDS, type About, type Grouping, type Mask } from './about.js'
import { doubtIn } from './analyzed.js'
import { holdBeside, inDoubt, noQuorum, takeNotes, type Check, type Checked, type Rest } from './asked.js'
import { blocksOf, colorOf, items, joined, plain } from './blocks.js'
import { ENGINE, rowsIn, unitsOf } from './programs.js'
import { namedIn, Population, Truth } from './truth.js'
import { holdDoubt, type Doubt } from './verdicts.js'

const NOTHING_KNOWN = 'Not known: the data has no usable quorum set of any node.'

/** The parts of an answer: the headline and its color, doubts, and what is left behind the notes. */
function partsOf(
  about: About,
  text: string,
  grouping: Grouping
): { said: string; doubts: Doubt[]; left: Rest } {
  const [headline = '', ...rest] = blocksOf(text)
  const isDoubt = (block: string) => plain(block).startsWith('IN DOUBT:')
  const doubts = rest.filter(isDoubt)
  assert.ok(rest.slice(0, doubts.length).every(isDoubt), 'doubts come first')
  const left: Rest = { blocks: rest.slice(doubts.length), color: colorOf(headline) }
  takeNotes(about, left, grouping)
  return {
    said: joined(plain(headline).split('\n')),
    doubts: doubts.map((block) => doubtIn(about, joined(plain(block).split('\n')))),
    left
  }
}

// ---------------------------------------------------------------- intact nodes

const known = new WeakMap<Truth, Map<Mask, Mask[]>>()

/** All dispensable sets that have these nodes. */
function dispensableSets(truth: Truth, ill: Mask): Mask[] {
  const byIll = known.get(truth) ?? new Map<Mask, Mask[]>()
  known.set(truth, byIll)
  const found = byIll.get(ill) ?? allDispensableSets(truth, ill)
  byIll.set(ill, found)
  return found
}

function allDispensableSets(truth: Truth, ill: Mask): Mask[] {
  const { all } = truth.population
  const sets = Array.from({ length: all + 1 }, (_, set) => set)
  return sets.filter((set) => {
    const left = all & ~set
    if ((ill & ~set) !== 0 || (left !== 0 && !truth.isQuorum(left))) return false
    // Quorums where these count as satisfied whoever asks for them.
    const quorums = sets.filter(
      (some) => some !== 0 && (some & set) === 0 && truth.isSide(some | set, set, all)
    )
    return quorums.every((a) => quorums.every((b) => (a & b) !== 0))
  })
}

function intactOf(truth: Truth, ill: Mask): Mask {
  return dispensableSets(truth, ill).reduce((all, set) => all | (truth.population.all & ~set), 0)
}

/** `intact`; nobody who is down was named. */
export function holdIntact(about: About, ill: Mask, isFaultyGiven: boolean, ended: Ended): void {
  const { stdout, stderr, status } = ended
  if (isFaultyGiven) assert.deepEqual([stderr, status], ['', 0])
  else holdBeside(about, undefined, { isTaken: false, canBeHalted: true }, ended)
  const { said, doubts, left } = partsOf(about, stdout, 'node')
  if (about.isNothingKnown) {
    assert.equal(said, NOTHING_KNOWN)
    return assert.deepEqual([left.color, doubts, left.blocks], ['magenta', [], []])
  }
  const { truth, other } = about
  const intact = intactOf(truth, ill)
  const differs = (intact & truth.usable) !== (intactOf(other, ill) & truth.usable)
  holdDoubt(about, differs, doubts, 'intact')
  const proof = left.blocks.pop() ?? ''
  const isProven = plain(proof) === 'Proven.'
  if (!isProven) {
    assert.ok(about.isCutShort)
    assert.equal(plain(proof), 'NOT proven that nobody else is intact.')
  }
  assert.equal(colorOf(proof), isProven ? 'dim' : 'magenta')
  const toldSet = joined(plain(left.blocks.at(-1) ?? '').split('\n'))
  const begins = `${isProven ? 'A smallest' : 'A'} dispensable set: `
  const isTold = toldSet.startsWith(begins)
  const set = isTold ? about.listedFully(toldSet.slice(begins.length)) : 0
  if (isTold) left.blocks.pop()
  const sets = dispensableSets(truth, ill)
  assert.ok(sets.includes(set), `not dispensable: ${toldSet}`)
  const smallest = Math.min(...sets.map((set) => bits(set).length))
  if (isProven) assert.equal(bits(set).length, smallest, 'a smaller one is dispensable')
  const told =
    left.blocks.length === 0 ? 0 : about.listedFully(joined(plain(left.blocks.shift() ?? '').split('\n')))
  assert.deepEqual(left.blocks, [], 'a paragraph that nobody knows')
  assert.equal(told & ~intact, 0, 'not intact')
  if (isProven) assert.equal(told, intact, 'who is intact')
  if (told === 0) {
    assert.deepEqual(
      [said, left.color],
      isProven
        ? [
            'Intact: nobody. Each node is ill-behaved, is in no quorum, or may be halted or led astray by such nodes.',
            'red'
          ]
        : ['Not known: whether anybody is intact.', 'magenta']
    )
    return
  }
  const count = bits(told).length
  const many = `${isProven ? '' : 'at least '}${count} ${count === 1 ? 'node' : 'nodes'}`
  const begin = `Intact: ${many}. ${ill === 0 ? 'With no node ill-behaved' : 'Whatever the ill-behaved nodes do'}, `
  assert.ok(said.startsWith(begin), said)
  assert.equal(left.color, 'bold')
  const areTogether = sets.includes(truth.population.all & ~told)
  const meanings: Record<string, boolean> = {
    'these go on and do not disagree.': areTogether,
    'each of these goes on, but they may disagree with each other.': !areTogether,
    'each of these goes on.': about.isCutShort
  }
  assert.ok(meanings[said.slice(begin.length)] === true, said)
}

/** JSON of `intact`. */
export function holdIntactForPrograms(about: About, ill: Mask, text: string): void {
  const answer = JSON.parse(text)
  const intact = intactOf(about.truth, ill)
  assert.match(answer.engine, ENGINE)
  assert.equal(unitsOf(about, answer.intact), intact)
  assert.equal(unitsOf(about, answer.befouled), about.population.all & ~intact)
  const sets = dispensableSets(about.truth, ill)
  const set = unitsOf(about, answer.dispensableSet)
  assert.ok(sets.includes(set))
  assert.equal(bits(set).length, Math.min(...sets.map((set) => bits(set).length)))
  assert.equal(answer.isExact, true)
}

/** CSV of `intact`. */
export function holdIntactRows(about: About, ill: Mask, text: string): void {
  const { columns, rows } = rowsIn(text)
  assert.deepEqual(columns, ['node', 'isIntact'])
  const intact = intactOf(about.truth, ill)
  const { keys } = about.population
  if (about.isNothingKnown) return assert.deepEqual(rows, [], 'what nobody knows')
  const told = rows.map(({ node = '', isIntact }) => [node, isIntact])
  const expected = keys.map((key, index) => [key, String(((intact >> index) & 1) === 1)])
  assert.deepEqual(told.sort(), expected.sort())
}

// ---------------------------------------------------------------- critical groups

/** What is asked: the groups of a grouping, or those that stellar-core asks about. */
export interface AskedOfGroups {
  grouping: Grouping
  isStellarCore: boolean
}

/** Two quorums, by their nodes. */
type Pair = [Mask, Mask]

interface Misconfigured {
  /** Two quorums that share no node; absent: there are none. */
  pair: Pair | undefined
  isQuorum: (nodes: Mask) => boolean
}

const misconfiguredBefore = new WeakMap<Truth, Map<Mask, Misconfigured>>()

/** The network in which a group goes along with anybody who depends on it. */
function misconfigured(truth: Truth, group: Mask): Misconfigured {
  const byGroup = misconfiguredBefore.get(truth) ?? new Map<Mask, Misconfigured>()
  misconfiguredBefore.set(truth, byGroup)
  const found = byGroup.get(group) ?? misconfigure(truth, group)
  byGroup.set(group, found)
  return found
}

function misconfigure(truth: Truth, group: Mask): Misconfigured {
  const { population } = truth
  const { keys, network } = population
  const own = bits(group).map((index) => keys[index] ?? '')
  const depends = keys.filter((_, index) => {
    const set = truth.quorumSetOf(index)
    const isOutside = ((group >> index) & 1) === 0
    return isOutside && set !== undefined && (population.maskOf(namedIn(set)) & group) !== 0
  })
  const one = (threshold: number, validators: string[]): QuorumSet => ({
    ...{ threshold, validators },
    innerQuorumSets: []
  })
  const quorumSet: QuorumSet = {
    threshold: 2,
    validators: [],
    innerQuorumSets: [one(own.length, own), one(1, depends)]
  }
  const isChanged = (key: string) => own.includes(key) && ((truth.gone >> keys.indexOf(key)) & 1) === 0
  const nodes = keys.map((publicKey) => {
    const node = network.nodes.find((node) => node.publicKey === publicKey) ?? { publicKey }
    return isChanged(publicKey) ? { ...node, quorumSet } : node
  })
  const gone = bits(truth.gone).map((index) => keys[index] ?? '')
  const changed = new Truth(
    new Population({ ...network, nodes }),
    { unknown: truth.way.unknown, faulty: gone },
    false
  )
  assert.deepEqual(changed.population.keys, keys)
  const [pair] = changed.quorums.flatMap((a) =>
    changed.quorums.filter((b) => (a & b) === 0).map((b): Pair => [a, b])
  )
  return { pair, isQuorum: (nodes) => changed.isQuorum(nodes) }
}

/** Whom is asked about. */
function candidates(about: About, { grouping, isStellarCore }: AskedOfGroups): Mask[] {
  const { population } = about
  if (!isStellarCore) return population.units(grouping).map(({ nodes }) => nodes)
  const sets = about.network.nodes.flatMap(({ quorumSet }) => quorumSet ?? [])
  const form = ({ threshold, validators }: QuorumSet) => `${threshold} of ${[...validators].sort().join(' ')}`
  const outermost = sets.filter(({ innerQuorumSets }) => innerQuorumSets.length === 0).map(form)
  const inside = (set: QuorumSet): QuorumSet[] =>
    set.innerQuorumSets.flatMap((inner) => [inner, ...inside(inner)])
  const innermost = sets
    .flatMap(inside)
    .filter((set) => set.innerQuorumSets.length === 0 && set.validators.length > 0)
    .filter((set) => !outermost.includes(form(set)))
  return [
    ...new Set([
      ...innermost.map(({ validators }) => population.maskOf(validators)),
      ...population.keys.map((_, index) => 1 << index)
    ])
  ]
}

function criticalOf(truth: Truth, groups: Mask[]): Mask[] {
  return truth.intersects ? groups.filter((group) => misconfigured(truth, group).pair !== undefined) : []
}

/** `critical`, with `--check`. */
export function holdCritical(about: About, asked: AskedOfGroups, isFaultyGiven: boolean, ended: Ended): void {
  const check = inDoubt(about, holdCriticalText(about, asked, ended.stdout), ended)
  if (!isFaultyGiven) return holdBeside(about, check, { isTaken: false, canBeHalted: true }, ended)
  assert.deepEqual([ended.stderr, ended.status], ['', check])
}

function holdCriticalText(about: About, asked: AskedOfGroups, text: string): Checked {
  const { said, doubts, left } = partsOf(about, text, asked.grouping)
  if (about.isNothingKnown) {
    assert.equal(said, NOTHING_KNOWN)
    assert.deepEqual([left.color, doubts, left.blocks], ['magenta', [], []])
    return { check: 3, isInDoubt: false, isUnsafeEitherWay: false }
  }
  const { truth, other } = about
  const groups = candidates(about, asked)
  const critical = criticalOf(truth, groups)
  const otherCritical = criticalOf(other, groups)
  const differs =
    truth.intersects !== other.intersects || (truth.intersects && String(critical) !== String(otherCritical))
  const isInDoubt = holdDoubt(about, differs, doubts, 'critical') && about.chosen === undefined
  const proof = left.blocks.pop() ?? ''
  const isProven = plain(proof) !== 'NOT proven of all of them.'
  if (isProven) {
    // Only critical groups have an example.
    const examples = left.blocks.length === 0 ? '' : '; every example was checked against the definition'
    assert.equal(plain(proof), `Proven${examples}.`)
  } else {
    assert.ok(about.isCutShort)
  }
  assert.equal(colorOf(proof), isProven ? 'dim' : 'magenta')
  const told = left.blocks.map((block) => {
    const [heading = '', ...lines] = block.split('\n')
    assert.equal(colorOf(heading), 'bold')
    const [a = '', b = '', ...more] = items(lines.map(plain), 2)
    assert.deepEqual(more, [])
    const [, one = ''] = /^With it misconfigured, one quorum is (.*)$/.exec(a) ?? []
    const [, another = ''] = /^and another (.*)$/.exec(b) ?? []
    const pair = [one, another].map((text) => about.listedFully(text)) as Pair
    const group = groupNamed(about, asked, groups, plain(heading))
    holdPair(truth, group, pair)
    return group
  })
  assert.equal(new Set(told).size, told.length)
  if (isProven) assert.deepEqual([...told].sort(), [...critical].sort(), 'which groups are critical')
  else for (const group of told) assert.ok(critical.includes(group), 'not critical')
  const candidatesWords = `of ${groups.length} ${groups.length === 1 ? 'candidate' : 'candidates'}`
  const sentences: [string, string, boolean, Check][] = [
    [
      `NO quorum intersection: no candidate was asked about. ${truth.hasQuorum ? 'Two quorums share no node: no mistake is needed for that.' : noQuorum(about)}`,
      'red',
      isProven && !truth.intersects,
      1
    ],
    ['Not known: whether quorums intersect is not proven.', 'magenta', !isProven, 3],
    [
      `Critical: none ${candidatesWords}. None of them, going along with anybody who depends on it, makes two quorums that share no node.`,
      'green',
      isProven && truth.intersects && critical.length === 0,
      0
    ],
    [`Critical: none ${candidatesWords} is known.`, 'magenta', !isProven && truth.intersects, 3],
    [
      `Critical: ${isProven ? '' : 'at least '}${told.length} ${candidatesWords}. Such a group, going along with anybody who depends on it, makes two quorums that share no node.`,
      'red',
      told.length > 0,
      1
    ]
  ]
  const found = sentences.find(([words]) => words === said)
  assert.ok(found?.[2] === true, `it is not so: ${said}`)
  assert.equal(left.color, found[1], said)
  const isUnsafeThere = !other.intersects || otherCritical.length > 0
  return { check: found[3], isInDoubt, isUnsafeEitherWay: found[3] === 1 && isUnsafeThere }
}

function holdPair(truth: Truth, group: Mask, [a, b]: Pair): void {
  const { isQuorum } = misconfigured(truth, group)
  assert.ok(isQuorum(a) && isQuorum(b) && (a & b) === 0, 'no disjoint quorums of the misconfigured network')
}

/** Whom a heading names: a group of the grouping, a node, or the nodes of a quorum set. */
function groupNamed(
  about: About,
  { grouping, isStellarCore }: AskedOfGroups,
  groups: Mask[],
  text: string
): Mask {
  const units = about.population.units(grouping)
  const grouped = (name: string) =>
    bits(about.listed(name, grouping)).reduce((all, index) => all | (units[index]?.nodes ?? 0), 0)
  const nodes = (name: string) => about.listed(name, 'node')
  const node = (name: string) => {
    const found = nodes(name)
    assert.equal(bits(found).length, 1, `one node: ${name}`)
    return found
  }
  // With candidates of several kinds, a heading says of which this one is.
  const mixed: [string, (name: string) => Mask][] = [
    [`${WORDS.node.one} `, node],
    [`${WORDS[grouping].one} `, grouped],
    ['quorum set of ', nodes]
  ]
  const kinds: typeof mixed = isStellarCore ? mixed : [['', grouped]]
  const meanings = kinds
    .filter(([kind]) => text.startsWith(kind))
    .map(
      ([kind, meaning]) =>
        () =>
          meaning(text.slice(kind.length))
    )
  const found = meanings.flatMap((meaning) => {
    try {
      const group = meaning()
      return groups.includes(group) ? [group] : []
    } catch {
      return []
    }
  })
  const [group, ...others] = new Set(found)
  assert.ok(group !== undefined, `no candidate: ${text}`)
  assert.deepEqual(others, [], `may stand for several: ${text}`)
  return group
}

/** JSON of `critical`. */
export function holdCriticalForPrograms(about: About, asked: AskedOfGroups, text: string): void {
  const answer = JSON.parse(text) as CriticalGroupsResult
  const { truth } = about
  assert.match(answer.engine, ENGINE)
  assert.deepEqual([answer.isExact, answer.hasQuorumIntersection], [true, truth.intersects])
  const groups = candidates(about, asked)
  const critical = criticalOf(truth, groups)
  const told = answer.groups.map(({ group, nodes, isCritical, disjointQuorums }) => {
    const members = unitsOf(about, nodes)
    assert.equal(isCritical, truth.intersects ? critical.includes(members) : null)
    assert.equal(disjointQuorums !== null, isCritical === true)
    if (disjointQuorums !== null)
      holdPair(truth, members, disjointQuorums.map((quorum) => unitsOf(about, quorum)) as Pair)
    holdLabel(about, asked, group, members)
    return members
  })
  assert.deepEqual([...told].sort(), [...groups].sort())
}

/** What a group is called: by its label where it is one of the grouping, by the key where it is a single node. */
function holdLabel(about: About, { grouping }: AskedOfGroups, label: string | null, members: Mask): void {
  const units = about.population.units(grouping)
  const isGroup = (index: number) => units[index]?.nodes === members
  if (label === null) {
    assert.ok(bits(members).length > 1 && ![...units.keys()].some(isGroup), 'without its name')
    return
  }
  if (bits(members).length === 1 && label === about.population.keys[bits(members)[0] ?? 0]) return
  assert.ok(isGroup(bits(about.labelled(label, grouping))[0] ?? -1), `another group: ${label}`)
}

/** CSV of `critical`. */
export function holdCriticalRows(about: About, asked: AskedOfGroups, text: string): void {
  const { columns, rows } = rowsIn(text)
  assert.deepEqual(columns, ['group', 'nodes', 'isCritical'])
  const groups = candidates(about, asked)
  const critical = criticalOf(about.truth, groups)
  if (about.isNothingKnown) return assert.deepEqual(rows, [], 'what nobody knows')
  const told = rows.map(({ group = '', nodes = '', isCritical }) => {
    const members = about.population.maskOf(nodes.split(' '))
    holdLabel(about, asked, group === '' ? null : group, members)
    assert.equal(isCritical, about.truth.intersects ? String(critical.includes(members)) : '')
    return members
  })
  assert.deepEqual([...told].sort(), [...groups].sort())
}
