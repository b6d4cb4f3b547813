// What the commands that ask a single question print, and how they end.

import assert from 'node:assert/strict'

import { bits, WORDS, type About, type Grouping, type Mask } from './about.js'
import type { Ended } from '../cli/command.js'
import { blocksOf, colorOf, items, joined, plain, tableIn } from './blocks.js'
import { doubtIn } from './analyzed.js'
import { Cursor, sentence } from './cursor.js'
import { noGroups } from './findings.js'
import { written, type Form } from './truth.js'
import { BUT_LEFT_OUT, holdAside, holdDoubt, holdSymmetryDoubt } from './verdicts.js'
import { holdMembersWords, holdSize, toldOfUnits } from './sizes.js'

/** What a command line asks. */
export interface Asked {
  command: string
  grouping: Grouping
  /** Whether all sets are to be listed. */
  isListed: boolean
}

/** What `--check` makes of it. */
export type Check = 0 | 1 | 3

/** What of the text is not yet read. */
export interface Rest {
  blocks: string[]
  color: string | undefined
}

/** The answer, what is said beside it, and the status. */
export function holdAsked(all: About, asked: Asked, ended: Ended): void {
  const { command } = asked
  const isTaken = command === 'blocking-sets' && all.faulty.length > 0
  const about = isTaken ? all.whileDown() : all
  const check = holdAnswer(about, asked, ended.stdout)
  holdBeside(all, check, { isTaken, canBeHalted: ['intersection', 'quorums'].includes(command) }, ended)
}

/** What a text makes of `--check`, and whether that is so. */
export interface Checked {
  check: Check
  /** Whether it is said to hang on unknown nodes, of which nobody chose how they are read. */
  isInDoubt: boolean
  isUnsafeEitherWay: boolean
}

/** What is in doubt is open, unless it is unsafe with unknown nodes read either way, if there was time to see that. */
export function inDoubt(
  about: About,
  { check, isInDoubt, isUnsafeEitherWay }: Checked,
  { status }: Ended
): Check {
  if (!isInDoubt) return check
  return isUnsafeEitherWay && !(about.isCutShort && status === 3) ? 1 : 3
}

/** What is said beside an answer, and the status; `check` is absent where the command takes no `--check`. */
export function holdBeside(
  { truth, other, down, otherDown, faulty, chosen }: About,
  check: Check | undefined,
  { isTaken, canBeHalted }: { isTaken: boolean; canBeHalted: boolean },
  { stderr, status }: Ended
): void {
  // With whom they could have joined, if anybody may, there was a quorum that is gone without those that are down.
  const isGone = chosen === undefined && other.hasQuorum && !otherDown.hasQuorum
  const isHalted = canBeHalted && !down.hasQuorum && (truth.hasQuorum || isGone)
  const nodes =
    faulty.length === 1
      ? '1 node that the data reports as down is'
      : `${faulty.length} nodes that the data reports as down are`
  const unless =
    chosen === undefined && otherDown.hasQuorum
      ? ', unless nodes whose quorum sets are unknown may join any (--unknown decides)'
      : ''
  const said = stderr.split('\n').slice(0, -1)
  const expected = [
    ...(isTaken ? [`${nodes} taken as down (--faulty none: as up)`] : []),
    ...(isHalted
      ? [
          `it has halted: without the nodes that the data reports as down no quorum is left (--faulty none: as up)${unless}`
        ]
      : [])
  ]
  assert.deepEqual([...new Set(said)], expected)
  if (check === undefined) assert.equal(status, 0, 'status')
  else assert.equal(status, !isHalted ? check : unless === '' || check === 1 ? 1 : 3, 'status')
}

function holdAnswer(about: About, { command, grouping, isListed }: Asked, text: string): Check {
  const blocks = blocksOf(text)
  const [headline = '', ...rest] = blocks
  const color = colorOf(headline)
  const said = joined(plain(headline).split('\n'))
  const isDoubt = (block: string) => plain(block).startsWith('IN DOUBT:')
  const doubts = rest.filter(isDoubt).map((block) => doubtIn(about, joined(plain(block).split('\n'))))
  assert.ok(rest.slice(0, doubts.length).every(isDoubt), 'doubts come first')
  const left: Rest = { blocks: rest.slice(doubts.length), color }
  takeNotes(about, left, grouping)
  if (about.isNothingKnown) {
    assert.equal(said, 'Not known: the data has no usable quorum set of any node.')
    assert.equal(color, 'magenta')
    assert.deepEqual([doubts, left.blocks], [[], []])
    return command === 'top-tier' || command === 'symmetric' ? 0 : 3
  }
  const kind = KINDS[command]
  const differs =
    kind === undefined ? OTHERS[command]!.differs(about, grouping) : kind.differs(about, grouping)
  const isInDoubt = holdDoubt(about, differs, doubts, command) && about.chosen === undefined
  const check =
    kind === undefined
      ? OTHERS[command]!.hold(about, said, left, grouping)
      : holdSets(about, kind, said, left, grouping, isListed)
  assert.deepEqual(left.blocks, [], 'a paragraph that nobody knows')
  if (command === 'top-tier' || command === 'symmetric') return 0
  // Disjoint quorums are disjoint however unknown nodes are read.
  const isDisjoint = about.truth.hasQuorum && !about.truth.intersects
  const isCertain =
    isDisjoint && check === 1 && ['intersection', 'splitting-sets', 'quorums'].includes(command)
  return isInDoubt && !isCertain ? 3 : check
}

const OTHERS: Record<
  string,
  {
    differs: (about: About, grouping: Grouping) => boolean
    hold: (about: About, said: string, left: Rest, grouping: Grouping) => Check
  }
> = {
  intersection: {
    differs: ({ truth, other }) => truth.intersects !== other.intersects,
    hold: (about, said, left) => {
      const { truth } = about
      if (said.startsWith('Not known:')) {
        assert.ok(about.isCutShort)
        assert.equal(left.color, 'magenta')
        assert.equal(
          said,
          'Not known: no two disjoint quorums were found, nor was it proven that there are none.'
        )
        return 3
      }
      assert.equal(left.color, truth.intersects ? 'green' : 'red')
      if (!truth.hasQuorum) {
        assert.equal(
          said,
          about.onlyLeftOut === 0
            ? 'NO: there is no quorum. Nobody can agree on anything.'
            : `NO: there is no quorum ${BUT_LEFT_OUT}. No two nodes can agree on anything.`
        )
        return 1
      }
      if (truth.intersects) {
        assert.equal(said, 'Yes: every two quorums share a node.')
        return 0
      }
      assert.equal(said, 'NO: two quorums share no node.')
      const quorums = left.blocks.splice(0, 2).map((block) => about.listedFully(joined(block.split('\n'))))
      holdDisjoint(about, quorums)
      return 1
    }
  },
  'top-tier': {
    differs: ({ truth, other }, grouping) => truth.topTier(grouping) !== other.topTier(grouping),
    hold: (about, said, left, grouping) => {
      const { truth } = about
      assert.equal(left.color, 'bold')
      if (!truth.hasQuorum) {
        assert.equal(said, `Top tier: nobody. ${noQuorum(about)}`)
        return 0
      }
      const isNobodyKnown = said === 'Top tier: not known'
      if (isNobodyKnown) assert.ok(about.isCutShort)
      const { header, rows } = isNobodyKnown ? { header: [], rows: [] } : tableIn(left.blocks.shift() ?? '')
      const isNodes = grouping === 'node'
      if (!isNobodyKnown)
        assert.deepEqual(header, isNodes ? ['node', 'organization'] : [WORDS[grouping].one, 'nodes'])
      let units: Mask = 0
      for (const [name = '', beside = ''] of rows) {
        const unit = about.listed(name, grouping)
        units |= unit
        const [of] = bits(unit).map((index) => about.population.units(grouping)[index])
        if (!isNodes) assert.equal(Number(beside), bits(of?.nodes ?? 0).length, name)
        else {
          const organization = about.population
            .units('organization')
            .find(({ nodes, isNode }) => !isNode && (nodes & (of?.nodes ?? 0)) !== 0)
          assert.equal(beside === '', organization === undefined, name)
          const index = beside === '' ? 0 : about.listed(beside, 'organization')
          if (beside !== '') {
            assert.equal(about.population.units('organization')[bits(index)[0] ?? -1], organization, name)
          }
        }
      }
      assert.equal(rows.length, bits(units).length)
      holdMembersWords(about, said.replace(/^Top tier: /, ''), units, 'top-tier', grouping, 'top tier')
      if (plain(left.blocks[0] ?? '') === 'NOT proven that nobody else is in it.') {
        assert.ok(about.isCutShort)
        left.blocks.shift()
      } else assert.equal(units, truth.topTier(grouping))
      return 0
    }
  },
  symmetric: {
    differs: () => false,
    hold: (about, said, left) => {
      const { symmetric } = about.truth
      assert.equal(left.color, 'bold')
      const text = new Cursor(said)
      if (symmetric === null) {
        const why = about.truth.hasQuorum
          ? 'no quorum set is shared by exactly the nodes that it names and needed by every quorum.'
          : noQuorum(about).replace('No quorum exists', 'there is no quorum')
        text.expect(sentence(`No symmetric top tier: ${why}`))
        holdSymmetryDoubt(about, text, 'there is one')
        text.end()
        return 0
      }
      const found = text.expect(
        /Symmetric top tier: these nodes all ask for the same(, entries aside that can be in no quorum)?(, (?:each )?counted as naming itself)?, and no quorum avoids them\./
      )
      holdAside(about, found[1], found[2])
      holdSymmetryDoubt(about, text, 'there is one')
      text.end()
      const lines = (left.blocks.shift() ?? '').split('\n')
      assert.equal(written(treeIn(about, lines)), written(symmetric.set))
      return 0
    }
  }
}

/** What is said where nothing is a quorum, or nothing but who is left out. */
export function noQuorum({ onlyLeftOut }: About): string {
  return onlyLeftOut === 0 ? 'No quorum exists.' : `No quorum exists ${BUT_LEFT_OUT}.`
}

interface Kind {
  one: string
  many: string
  set: 'blocking' | 'splitting' | 'quorum' | 'history'
  definition: string
  differs: (about: About, grouping: Grouping) => boolean
}

const KINDS: Record<string, Kind> = {
  'blocking-sets': {
    one: 'blocking set',
    many: 'blocking sets',
    set: 'blocking',
    definition: 'When all of it stops, no quorum is left: the network halts.',
    differs: ({ truth, other }, grouping) =>
      truth.smallest('blocking', grouping) !== other.smallest('blocking', grouping)
  },
  'splitting-sets': {
    one: 'splitting set',
    many: 'splitting sets',
    set: 'splitting',
    definition:
      'When all of it lies, telling different things to different others, two of the core that do not can close different ledgers.',
    differs: ({ truth, other }, grouping) =>
      truth.intersects !== other.intersects ||
      truth.smallest('splitting', grouping) !== other.smallest('splitting', grouping)
  },
  quorums: {
    one: 'quorum',
    many: 'quorums',
    set: 'quorum',
    definition: 'It gives each of its nodes what it asks for, so it can close ledgers on its own.',
    // How small a quorum may be is nothing to act on.
    differs: ({ truth, other }) => truth.intersects !== other.intersects
  },
  'history-critical': {
    one: 'history-critical set',
    many: 'history-critical sets',
    set: 'history',
    definition:
      'When all its archives go bad, a quorum is left that closes ledgers and has no archive that is known to be good.',
    differs: ({ truth, other, isWithoutHistory }, grouping) =>
      !isWithoutHistory && truth.smallest('history', grouping) !== other.smallest('history', grouping)
  }
}

function holdSets(
  about: About,
  kind: Kind,
  said: string,
  left: Rest,
  grouping: Grouping,
  isListed: boolean
): Check {
  const { truth } = about
  const smallest = truth.smallest(kind.set, grouping)
  const noData = about.isWithoutHistory
  if (kind.set === 'history' && noData && said.startsWith('Not known:')) {
    assert.ok(smallest === 0 || about.isCutShort, said)
    assert.deepEqual([said, left.color], [NO_DATA, 'magenta'])
    return 3
  }
  assert.ok(kind.set !== 'history' || !noData || smallest !== 0, said)
  assert.equal(left.color, 'bold')
  if (kind.set === 'history') holdArchives(about, left)
  const isNone = said.startsWith('No ')
  let [least, isZero] = [Infinity, false]
  if (isNone || (smallest === null && !about.isCutShort)) {
    assert.equal(smallest, null)
    const because = {
      splitting: truth.hasQuorum
        ? 'No splitting set exists. No set of malicious nodes leaves two others of the core that could disagree.'
        : `No splitting set exists. ${noQuorum(about)}`,
      quorum: `${noQuorum(about)}${about.onlyLeftOut === 0 ? ' Nobody can close ledgers.' : ''}`,
      history: `No history-critical set exists. ${noQuorum(about)}`,
      blocking: ''
    }[kind.set]
    assert.equal(said, because)
  } else {
    const start = `Smallest ${kind.one}: `
    assert.ok(said.startsWith(start), said)
    const open = /^(not known|at least \d+ [a-z]+)$/.test(said.slice(start.length))
    const meaning = [kind.definition, ...Object.values(EMPTY)].find((text) => said.endsWith(` ${text}`)) ?? ''
    // Of a set that was not found there is nothing to say.
    assert.equal(meaning === '', open, said)
    isZero = !open && meaning !== kind.definition
    if (isZero) assert.equal(meaning, emptyMeans(about, kind))
    if (!about.isCutShort) assert.equal(isZero, smallest === 0, meaning)
    const words = open ? said.slice(start.length) : said.slice(start.length, -meaning.length - 1)
    const example = takeNamed(left, 'For example')
    const units =
      example === undefined
        ? 0
        : grouping === 'node'
          ? about.listedFully(example)
          : about.listed(example, grouping)
    assert.equal(example === undefined, units === 0)
    least = leastIn(words, bits(units).length)
    if (open) holdSize(about, toldOfUnits(words, grouping), kind.set, grouping, 'smallest')
    else {
      holdMembersWords(about, words, units, kind.set, grouping, 'smallest')
      assert.ok(about.holds(kind.set, units, grouping), `${example} is none`)
    }
    holdWitnesses(about, kind, left, units, grouping)
  }
  holdCounts(about, kind, left, grouping, isListed)
  const isIntersectionOpen = holdProof(about, kind, left, smallest)
  // What is open may be anything.
  const isSafe = least > 0 ? 0 : isZero ? 1 : 3
  switch (kind.set) {
    case 'quorum':
      return isIntersectionOpen ? 3 : truth.intersects ? 0 : 1
    case 'splitting':
      return truth.hasQuorum || isIntersectionOpen ? isSafe : 1
    case 'history':
      return noData && isSafe !== 0 ? 3 : isSafe
    case 'blocking':
      return isSafe
  }
}

/** How many it takes at least by these words, if so many are named. */
function leastIn(words: string, named: number): number {
  const [, least] = /at least (\d+)/.exec(words) ?? []
  if (least !== undefined) return Number(least)
  return /^(at most|not known)/.test(words) ? 0 : named
}

const NO_DATA =
  'Not known: the data does not say which archives have errors. None is relied on, so the empty set would be history-critical.'

const EMPTY = {
  blocking: 'The network has halted already: no quorum is left.',
  blockingButLeftOut: `The network has halted already: no quorum is left ${BUT_LEFT_OUT}.`,
  splitting: 'Two quorums share no node: the network can split with nobody lying.',
  history: 'A quorum exists in which nobody is known to have an archive without errors.',
  quorum: ''
}

function emptyMeans(about: About, { set }: Kind): string {
  return set === 'blocking' && about.onlyLeftOut !== 0 ? EMPTY.blockingButLeftOut : EMPTY[set]
}

/** What stands behind some words and a colon in the next paragraph. */
function takeNamed(left: Rest, words: string): string | undefined {
  const text = joined(plain(left.blocks[0] ?? '').split('\n'))
  if (!text.startsWith(`${words}: `)) return undefined
  left.blocks.shift()
  return text.slice(words.length + 2)
}

function holdWitnesses(about: About, kind: Kind, left: Rest, units: Mask, grouping: Grouping): void {
  const { truth, population } = about
  const take = (words: string) => {
    const text = takeNamed(left, words)
    return text === undefined ? undefined : about.listedFully(text)
  }
  const [a, b] = [take('One side closes ledgers with'), take('The other side with')]
  assert.equal(a === undefined, b === undefined)
  if (kind.set === 'splitting' && !about.isCutShort) assert.ok(a !== undefined, 'no sides')
  if (a !== undefined && b !== undefined) {
    assert.equal(kind.set, 'splitting')
    const own = population.units(grouping).filter((_, index) => ((units >> index) & 1) === 1)
    const nodes = own.reduce((all, unit) => all | unit.nodes, 0)
    // What both have in common has to lie, and that must be some of these.
    assert.equal(a & b & ~nodes, 0, 'sides that share an honest node')
    assert.ok(truth.areSides(a, b, a & b), 'no sides of a split')
  }
  const quorum = take('The quorum that would be left')
  if (quorum !== undefined) {
    assert.equal(kind.set, 'history')
    assert.ok(truth.isQuorum(quorum), 'no quorum')
    assert.equal(population.touched(quorum & truth.goodArchives, grouping), units)
  } else if (kind.set === 'history' && !about.isCutShort) assert.fail('no quorum is named')
  const disjoint = [take('Two quorums share no node; one is'), take('The other is')].flatMap(
    (set) => set ?? []
  )
  if (kind.set === 'quorum') {
    if (!about.isCutShort) assert.equal(disjoint.length > 0, !truth.intersects)
  } else assert.deepEqual(disjoint, [])
  if (disjoint.length > 0) holdDisjoint(about, disjoint)
}

function holdDisjoint(about: About, quorums: Mask[]): void {
  const [a = 0, b = 0] = quorums
  assert.equal(quorums.length, 2)
  assert.ok(about.truth.isQuorum(a) && about.truth.isQuorum(b), 'no quorums')
  assert.equal(a & b, 0)
}

/** How many sets there are, how often everybody is in one, and all of them. */
function holdCounts(about: About, kind: Kind, left: Rest, grouping: Grouping, isListed: boolean): void {
  const sets = about.truth.minimalSets(kind.set, grouping)
  const total = takeNamed(left, `Minimal ${kind.many}`)
  if (!about.isCutShort) assert.ok(total !== undefined, 'not counted')
  if (total !== undefined) {
    const sizes = [...new Set(sets.map((set) => bits(set).length))].sort((a, b) => a - b)
    const bySize = sizes.map(
      (size) => `${sets.filter((set) => bits(set).length === size).length} of size ${size}`
    )
    assert.equal(total, sizes.length === 0 ? '0' : `${sets.length} (${bySize.join(', ')})`)
    const concerned = about.population
      .units(grouping)
      .map((_, index) => ({ index, count: sets.filter((set) => ((set >> index) & 1) === 1).length }))
      .filter(({ count }) => count > 0)
    if (concerned.length > 0) {
      const { header, rows } = tableIn(left.blocks.shift() ?? '')
      assert.deepEqual(header, [WORDS[grouping].one, 'in sets', 'share'])
      const told = rows.map(([name = '', count = '', share = '']) => {
        const [index] = bits(about.listed(name, grouping))
        return { index, count: Number(count), share }
      })
      const inOrder = (list: { index: number | undefined }[]) =>
        [...list].sort((a, b) => (a.index ?? 0) - (b.index ?? 0))
      assert.deepEqual(
        inOrder(told),
        inOrder(
          concerned.map(({ index, count }) => ({
            ...{ index, count },
            share: `${((100 * count) / sets.length).toFixed(1)} %`
          }))
        )
      )
      const counts = told.map(({ count }) => count)
      assert.deepEqual(
        counts,
        [...counts].sort((a, b) => b - a),
        'most frequent first'
      )
    }
  }
  if (!isListed || (sets.length === 0 && !about.isCutShort)) return
  const [title = '', ...lines] = plain(left.blocks[0] ?? '').split('\n')
  if (about.isCutShort && !/ minimal /.test(title)) return
  left.blocks.shift()
  const listed = items(lines, lines[0]?.search(/\d/) ?? 0).map((line, index) => {
    const [, number, size, members = ''] = /^(\d+) +\((\d+)\)\s*(.*)$/.exec(line) ?? []
    assert.equal(Number(number), index + 1)
    const set = about.listed(members, grouping)
    assert.equal(Number(size), bits(set).length)
    return set
  })
  assert.equal(new Set(listed).size, listed.length)
  for (const set of listed) assert.ok(sets.includes(set), `no minimal ${kind.one}`)
  const sizes = listed.map((set) => bits(set).length)
  assert.deepEqual(
    sizes,
    [...sizes].sort((a, b) => a - b)
  )
  if (title === `All minimal ${kind.many}`) assert.equal(listed.length, sets.length)
  else {
    assert.ok(about.isCutShort, title)
    const first =
      listed.length === 1
        ? `The first minimal ${kind.one}`
        : `The first ${listed.length} minimal ${kind.many}`
    assert.equal(title, listed.length === 0 ? `No minimal ${kind.one} was found in time.` : first)
  }
}

/** Whether it says that quorum intersection is not proven. */
function holdProof(about: About, kind: Kind, left: Rest, smallest: number | null): boolean {
  const block = left.blocks.shift() ?? ''
  const text = plain(block)
  const isWhole = !text.includes('NOT')
  assert.equal(colorOf(block), isWhole ? 'dim' : 'magenta')
  if (!isWhole) {
    assert.ok(about.isCutShort)
    assert.match(
      text,
      /^(NOT proven: none was found in time\.|NOT proven smallest; the example was checked against the definition\.|Proven.*?\.)( Whether every two quorums share a node is NOT proven\.)?$/
    )
    return text.endsWith('Whether every two quorums share a node is NOT proven.')
  }
  const proven =
    smallest === null
      ? 'Proven.'
      : smallest === 0
        ? 'Proven: checked against the definition.'
        : 'Proven smallest; the witness was checked against the definition.'
  assert.equal(text, proven, kind.one)
  return false
}

/** What is said of how it was asked: that no node that counts has a group. */
export function takeNotes(about: About, left: Rest, grouping: Grouping): void {
  takeDown(about, left)
  takeReportedDown(about, left)
  const note = joined(plain(left.blocks[0] ?? '').split('\n'))
  const without = noGroups(grouping)
  assert.equal(note === without, about.isWithoutGroups(grouping), 'no groups')
  if (note === without) left.blocks.shift()
  takeLeftOut(about, left)
}

/** Who is taken as down, if anybody is. */
function takeDown(about: About, left: Pick<Rest, 'blocks'>): void {
  const { takenAsDown } = about
  const { length } = bits(takenAsDown)
  if (length === 0) return
  const words = `${length} ${length === 1 ? 'node is' : 'nodes are'} taken as down.`
  const [, names = '', more] = /^\((.*?)([,;] and \d+ more)?\)$/.exec(takeMatching(left, words) ?? '') ?? []
  const named = about.listed(names, 'node')
  assert.equal(more === undefined ? named : named & takenAsDown, more === undefined ? takenAsDown : named)
}

/** Who is taken as up although the data reports it as down, where it can be in a quorum. */
function takeReportedDown(about: About, left: Pick<Rest, 'blocks'>): void {
  const nodes = about.population.maskOf(about.faulty) & about.truth.live & ~about.takenAsDown
  const { length } = bits(nodes)
  const words = `${length} ${length === 1 ? 'node' : 'nodes'} in some quorum that the data reports as down ${length === 1 ? 'is' : 'are'} taken as up; --faulty says who is down.`
  const found = takeMatching(left, words)
  assert.equal(found !== undefined, length > 0, 'who is reported as down')
  if (found === undefined) return
  const [, names = '', more] = /^\((.*?)([,;] and \d+ more)?\)$/.exec(found) ?? []
  const named = about.listed(names, 'node')
  assert.equal(more === undefined ? named : named & nodes, more === undefined ? nodes : named)
}

/** Who is left out, if anybody is. */
export function takeLeftOut(about: About, left: Pick<Rest, 'blocks'>): void {
  const { stray } = about.truth
  const leftOut = takeMatching(
    left,
    bits(stray).length === 1
      ? 'This node is a quorum all by itself. It is left out, as no other live node names it.'
      : 'Each of these nodes is a quorum all by itself. They are left out, as no other live node names them.'
  )
  assert.equal(leftOut !== undefined, stray !== 0 && !about.isNothingKnown, 'who is left out')
  if (leftOut !== undefined) {
    const [, names = '', more] = /^\((.*?)([,;] and \d+ more)?\)$/.exec(leftOut) ?? []
    if (more === undefined) assert.equal(about.listed(names, 'node'), stray)
  }
}

/** What stands behind a sentence that the next paragraph begins with, if it does. */
function takeMatching(left: Pick<Rest, 'blocks'>, words: string): string | undefined {
  const text = joined(plain(left.blocks[0] ?? '').split('\n'))
  if (!text.startsWith(words)) return undefined
  left.blocks.shift()
  return text.slice(words.length + 1)
}

/** Of which archives that count nobody knows where they are. */
function holdArchives(about: About, left: Rest): void {
  const found = takeMatching(
    left,
    'The data says of these nodes that their history archive has no error, and knows the address of none, as it does for other nodes. They count as having a good archive.'
  )
  const { withoutUrl } = about
  assert.equal(found !== undefined, withoutUrl !== 0, 'archives without an address')
  if (found === undefined) return
  const [, count, names = '', more] = /^They are (\d+) nodes?: (.*?)([,;] and \d+ more)?$/.exec(found) ?? []
  assert.equal(Number(count), bits(withoutUrl).length)
  if (more === undefined) assert.equal(about.listed(names, 'node'), withoutUrl)
}

export function treeIn(about: About, lines: string[]): Form {
  const depthOf = (line: string) => line.length - line.trimStart().length
  const [first = '', ...rest] = lines
  const [, threshold, entries] = /^ *(\d+) of (\d+)$/.exec(first) ?? []
  assert.ok(threshold !== undefined, first)
  const depth = depthOf(first) + 2
  const form: Form = { threshold: Number(threshold), nodes: [], inner: [] }
  let at = 0
  while (at < rest.length) {
    const line = rest[at] ?? ''
    assert.equal(depthOf(line), depth)
    let end = at + 1
    while (end < rest.length && depthOf(rest[end] ?? '') > depth) end++
    const isSet = end > at + 1 || /^\d+ of \d+$/.test(line.trim())
    if (isSet) form.inner.push(treeIn(about, rest.slice(at, end)))
    else form.nodes.push(...bits(about.listed(line.trim(), 'node')))
    at = end
  }
  assert.equal(form.nodes.length + form.inner.length, Number(entries))
  return form
}
