// The four verdicts, as the command line and the report tell them, held against the truth. Nothing may be missing, and nothing be too much.

import assert from 'node:assert/strict'

import type { QuorumSet } from '../../index.js'
import { bits, WORDS, type About, type Grouping, type Mask, type SetKind } from './about.js'
import { Cursor, sentence } from './cursor.js'
import { groupsAndNodes, holdMembersWords, holdNumber, toldInUnits, toldOfUnits, holdSize } from './sizes.js'
import { written, type Form, type Truth } from './truth.js'

/** A verdict as it stands there. */
export interface Shown {
  question: string
  answer: string
  /** The word beside the color; absent where there is none. */
  badge: string | undefined
  mood: 'good' | 'caution' | 'bad' | 'unknown' | 'neutral'
  /** What stands between the answer and its meaning: words, and who is named behind them. */
  doubts: Doubt[]
  meaning: string
  /** What the lists are, and the lists: what is told of each, and who is named. Undefined: nothing. */
  are: string | undefined
  listed: { words: string; members: string | undefined }[]
}

export interface Doubt {
  words: string
  nodes: Mask
}

export const SUBJECTS = ['split', 'halt', 'decide', 'history'] as const
export type Subject = (typeof SUBJECTS)[number]

const QUESTIONS: [string, Subject][] = [
  ['Can it split?', 'split'],
  ['Can it halt?', 'halt'],
  ['Who decides?', 'decide'],
  ['Would its history survive?', 'history']
]

export function holdVerdicts(about: About, shown: Shown[]): void {
  assert.deepEqual(
    shown.map(({ question }) => question),
    QUESTIONS.map(([question]) => question)
  )
  for (const [index, [, subject]] of QUESTIONS.entries()) {
    const verdict = shown[index]
    assert.ok(verdict !== undefined)
    const expected = EXPECTED[subject](about, verdict)
    holdMood(about, subject, verdict, expected)
  }
}

/** What the mood has to be, doubts aside; of `caution`, what a single one is enough of. */
interface Mood {
  mood: Shown['mood']
  ones?: string[]
  /** That it is so only because of those that are down already. */
  isMore?: boolean
}

const EXPECTED: Record<Subject, (about: About, shown: Shown) => Mood> = {
  split,
  halt,
  decide,
  history
}

function holdMood(about: About, subject: Subject, shown: Shown, { mood, ones, isMore }: Mood): void {
  const doubted = holdDoubt(about, doesDiffer(about, subject), shown.doubts, shown.question)
  const isInDoubt = doubted && about.chosen === undefined && mood !== 'unknown'
  assert.equal(shown.mood, isInDoubt ? 'unknown' : mood, `${shown.question} mood`)
  if (shown.badge === undefined) return
  const badges = { good: 'Good', bad: 'Problem', unknown: 'Not known', neutral: 'Fact' }
  const badge =
    mood === 'caution'
      ? `One ${isMore ? 'more ' : ''}${(ones ?? []).join(' or one ')} is enough`
      : badges[mood]
  assert.equal(shown.badge, isInDoubt ? 'In doubt' : badge, `${shown.question} badge`)
}

/** Whether there is a doubt; doubts must be there where and only where the other reading has another answer. */
export function holdDoubt(about: About, differs: boolean, doubts: Doubt[], where: string): boolean {
  const [read, otherwise] =
    (about.chosen ?? 'dead') === 'dead'
      ? ['read as in no quorum', 'Read as free to join any']
      : ['read as free to join any quorum', 'Read as in none']
  let hangs = false
  for (const { words, nodes } of doubts) {
    const text = new Cursor(words)
    const found = text.take(
      sentence(
        `This hangs on <counted> of unknown quorum set, ${read}. ${otherwise}, the answer is another one.`
      )
    )
    if (found === undefined) {
      text.expect(
        sentence(
          `Nodes of unknown quorum set are ${read}. ${otherwise}, the answer may be another one: there was no time to find out.`
        )
      )
      assert.ok(about.isCutShort, 'a doubt though there was time')
      assert.equal(nodes, 0)
      assert.notEqual(about.unknown, 0, `${where}: a doubt though every quorum set is known`)
    } else {
      hangs = true
      assert.equal(toldInUnits(found[1] ?? '', WORDS.node).atMost, bits(nodes).length, where)
      assert.equal(nodes & ~about.unknown, 0, `${where}: known nodes in a doubt`)
      assert.notEqual(nodes, 0, `${where}: a doubt that hangs on nobody`)
      assert.ok(differs, `${where}: a doubt, and nothing hangs on it`)
    }
    text.end()
  }
  if (!about.isCutShort) assert.equal(hangs, differs, `${where}: doubt`)
  return doubts.length > 0
}

/** Whether the answer is another one where unknown nodes are read the other way. */
export function doesDiffer(about: About, subject: Subject): boolean {
  if (about.isNothingKnown) return false
  const pairs: [Truth, Truth][] = [
    [about.truth, about.other],
    [about.down, about.otherDown]
  ]
  const [[one, other]] = pairs as [[Truth, Truth]]
  const differ = {
    split: () =>
      one.intersects !== other.intersects ||
      about.groupings.some(
        (grouping) => one.smallest('splitting', grouping) !== other.smallest('splitting', grouping)
      ),
    halt: () =>
      pairs.some(([one, other]) =>
        about.groupings.some(
          (grouping) => one.smallest('blocking', grouping) !== other.smallest('blocking', grouping)
        )
      ),
    decide: () => about.groupings.some((grouping) => one.topTier(grouping) !== other.topTier(grouping)),
    history: () =>
      !about.isWithoutHistory &&
      about.groupings.some(
        (grouping) => one.smallest('history', grouping) !== other.smallest('history', grouping)
      )
  }
  if (!one.hasQuorum) return Object.values(differ).some((does) => does())
  return differ[subject]()
}

function split(about: About, shown: Shown): Mood {
  const { truth } = about
  const text = new Cursor(shown.meaning)
  if (about.isNothingKnown) return nothingKnown(shown)
  if (!truth.hasQuorum) {
    // Each of several that are left out closes ledgers by itself.
    const isOfSeveral = bits(about.onlyLeftOut).length > 1
    assert.equal(
      shown.answer,
      `There is nobody to split${isOfSeveral ? ', but for nodes on their own' : ''}.`
    )
    holdNoQuorum(
      about,
      text,
      'No quorum exists: nobody can agree on anything, so nobody can disagree.',
      isOfSeveral
        ? 'apart from these, nobody can close a ledger. Each of these can close ledgers alone, so they may close different ones.'
        : 'apart from it, nobody can close a ledger, so no two nodes can disagree.'
    )
    text.end()
    nobodyListed(shown)
    return { mood: 'neutral' }
  }
  if (shown.answer === 'Not known: there was no time to find out.') {
    assert.ok(about.isCutShort)
    text.expect(sentence('Whether every two quorums share a node is not proven.'))
    text.end()
    assert.equal(shown.are, 'The fewest who could split it by lying, for example')
    holdListed(about, shown, 'splitting')
    return { mood: 'unknown' }
  }
  if (!truth.intersects) {
    assert.equal(shown.answer, 'YES, without anybody misbehaving.')
    text.expect(
      sentence(
        'Two groups of nodes can each close ledgers on their own and share no node, so they can come to different results.'
      )
    )
    text.end()
    assert.equal(shown.are, 'Two quorums that share no node')
    const quorums = shown.listed.map(({ words, members }) => {
      const quorum = about.listedFully(members ?? '')
      assert.equal(toldOfUnits(words, 'node').atMost, bits(quorum).length)
      assert.ok(truth.isQuorum(quorum), 'no quorum')
      return quorum
    })
    assert.equal(quorums.length, 2)
    assert.equal((quorums[0] ?? 0) & (quorums[1] ?? 0), 0)
    return { mood: 'bad' }
  }
  const isAnyLeftOut = truth.stray !== 0
  text.expect(
    sentence(
      `Every two quorums share a node${isAnyLeftOut ? ', nodes aside that are left out as quorums by themselves' : ''}.`
    )
  )
  const none = about.groupings.every((grouping) => about.smallest('splitting', grouping) === null)
  if (shown.answer === 'No, not its core, whoever turns malicious.' || (none && !about.isCutShort)) {
    assert.ok(none)
    assert.equal(shown.answer, 'No, not its core, whoever turns malicious.')
    text.expect(sentence('No set of malicious nodes leaves two other nodes of the core that could disagree.'))
    text.end()
    nobodyListed(shown)
    return { mood: 'good' }
  }
  assert.equal(shown.answer, 'Not by itself.')
  text.expect(
    sentence(
      'To make honest nodes of the core disagree, others would have to lie: to tell different things to different nodes.'
    )
  )
  const mood = holdSingle(about, text, 'splitting', 'could do it alone')
  text.end()
  assert.equal(shown.are, 'The fewest who could split it by lying, for example')
  holdListed(about, shown, 'splitting')
  return mood
}

/** What comes of it that there is no quorum, or none but nodes that are left out. */
function holdNoQuorum(about: About, text: Cursor, without: string, otherwise: string): void {
  const { length } = bits(about.onlyLeftOut)
  const leftOut =
    length === 1
      ? '1 node is left out, as it is a quorum all by itself that no other live node names.'
      : `${length} nodes are left out, as each is a quorum all by itself that no other live node names.`
  text.expect(sentence(length === 0 ? without : `${leftOut} Nothing else is a quorum: ${otherwise}`))
}

/** What is said where there would be a quorum if nobody were left out. */
export const BUT_LEFT_OUT = 'but nodes on their own, which are left out'

function halt(about: About, shown: Shown): Mood {
  const { truth, down, faulty } = about
  const text = new Cursor(shown.meaning)
  if (about.isNothingKnown) return nothingKnown(shown)
  if (!truth.hasQuorum) {
    assert.equal(
      shown.answer,
      about.onlyLeftUp === 0 ? 'It HAS HALTED.' : 'It HAS HALTED, but for nodes on their own.'
    )
    holdNoQuorum(
      about,
      text,
      'No quorum exists: no group of nodes can close a ledger.',
      'no two nodes can close a ledger together.'
    )
    text.end()
    nobodyListed(shown)
    return { mood: 'bad' }
  }
  const areDown = `${faulty.length} ${faulty.length === 1 ? 'node is' : 'nodes are'} taken to be down, as the data says`
  if (shown.answer === 'Not known: there was no time to find out.') {
    assert.ok(about.isCutShort)
    text.expect(sentence('Whether a quorum is left is not proven.'))
    if (faulty.length > 0) holdWithThem(about, text, areDown)
    text.end()
    assert.equal(shown.are, 'The fewest who could halt it by stopping, for example')
    holdListed(about, shown, 'blocking')
    return { mood: 'unknown' }
  }
  if (!down.hasQuorum) {
    const [butFor, butLeftOut] =
      down.stray === 0 ? ['', ''] : [', but for nodes on their own', ` ${BUT_LEFT_OUT}`]
    assert.equal(shown.answer, `It HAS HALTED${butFor}.`)
    text.expect(sentence(`${areDown}: no quorum is left${butLeftOut}.`))
    text.end()
    assert.equal(shown.are, 'With nobody down, the fewest who could halt it by stopping, for example')
    holdListed(about, shown, 'blocking')
    return { mood: 'bad' }
  }
  assert.equal(shown.answer, 'Yes, if enough of it stops.')
  text.expect(
    sentence(
      'A quorum is up, so it can close ledgers. As long as all of a set named here are down, it cannot.'
    )
  )
  // That one more node is enough as things are is told instead of that a whole group is.
  const isWorse =
    about.groupings.includes('node') &&
    about.smallest('filtered', 'node') === 1 &&
    about.smallest('blocking', 'node') !== 1
  const mood: Mood =
    isWorse && (!about.isCutShort || !shown.meaning.includes(' A single '))
      ? { mood: 'good' }
      : holdSingle(about, text, 'blocking', 'is enough to halt it')
  if (faulty.length > 0) {
    holdWithThem(about, text, areDown)
    const later = mood.mood === 'good' ? holdSingleMore(about, text) : mood
    text.end()
    assert.equal(shown.are, 'The fewest who could halt it by stopping, for example')
    holdListed(about, shown, 'blocking')
    return later
  }
  text.end()
  assert.equal(shown.are, 'The fewest who could halt it by stopping, for example')
  holdListed(about, shown, 'blocking')
  return mood
}

/** With those that are down already a single one may be enough, which is told where nothing else says it. */
function holdSingleMore(about: About, text: Cursor): Mood {
  const found = text.take(/With that, one more (.*?) is enough to halt it\./)
  const told = found?.[1]?.split(' or one more ') ?? []
  const [first = 'node'] = about.groupings
  const ones = singlesOf(about, 'filtered', told)
  // What is counted first is told in the sentence before.
  holdOnes(
    about,
    told,
    ones.filter(([grouping]) => grouping !== first)
  )
  const before = ones.filter(([grouping]) => grouping === first).flatMap(([, words]) => words)
  return { ...moodOf(about, 'filtered', [...before, ...told]), isMore: true }
}

/** What it makes of it that some nodes are down. */
function holdWithThem(about: About, text: Cursor, areDown: string): void {
  const [grouping = 'node'] = about.groupings
  const [all, now] = [about.smallest('blocking', grouping), about.smallest('filtered', grouping)]
  if (text.take(sentence(`${areDown}; the smallest number stays the same.`))) {
    assert.equal(all, now)
    return
  }
  if (text.take(sentence(`${areDown}; how many more it then takes to halt it is not proven.`))) {
    assert.ok(about.isCutShort)
    return
  }
  const found = text.expect(
    new RegExp(`${sentence(areDown).source}; with that, ([^.]*) (is|are) enough to halt it\\.`)
  )
  holdMembersOfSome(about, found[1] ?? '', grouping)
  if (!about.isCutShort) assert.notEqual(all, now)
  assert.equal(found[2], now === 1 ? 'is' : 'are')
}

/** Of a smallest set that halts what is left, told by what its members are. */
function holdMembersOfSome(about: About, text: string, grouping: Grouping): void {
  const sets = about.down.minimalSets('blocking', grouping)
  const least = Math.min(...sets.map((set) => bits(set).length))
  const words = sets
    .filter((set) => bits(set).length === least)
    .map((set) => {
      const units = about.population.units(grouping)
      const alone = grouping === 'node' ? 0 : bits(set).filter((unit) => units[unit]?.isNode).length
      return groupsAndNodes(grouping, least - alone, alone)
    })
  assert.ok(words.includes(text), `${text}: none of ${words.join('; ')}`)
}

function decide(about: About, shown: Shown): Mood {
  const { truth } = about
  const text = new Cursor(shown.meaning)
  if (about.isNothingKnown) return nothingKnown(shown)
  if (!truth.hasQuorum) {
    assert.equal(shown.answer, 'Nobody.')
    holdNoQuorum(about, text, 'No quorum exists, so nobody is in one.', 'nobody else is in one.')
    text.end()
    nobodyListed(shown)
    return { mood: 'neutral' }
  }
  if (shown.answer === 'Not known: there was no time to find out.') {
    assert.ok(about.isCutShort)
    text.expect(
      sentence('Of nobody is it proven to be in some minimal quorum, one that has no smaller quorum inside.')
    )
    holdShape(about, text)
    text.end()
    assert.equal(shown.are, 'The top tier')
    const found = holdListed(about, shown, 'top-tier')
    assert.deepEqual([found.get('node') ?? 0, found.get('organization') ?? 0], [0, 0])
    return { mood: 'unknown' }
  }
  const are = text.expect(/(It is|These are) in some minimal quorum, one that has no smaller quorum inside;/)
  const isWhole = text.take(sentence('nobody else is needed.')) !== undefined
  if (!isWhole) {
    assert.ok(about.isCutShort)
    text.expect(sentence('there was no time to find out who else is.'))
  }
  holdShape(about, text)
  text.end()
  assert.equal(shown.are, 'The top tier')
  const sets = holdListed(about, shown, 'top-tier')
  // Where no node has a group there is no list, and each is one without.
  const told = bits(sets.get('node') ?? [...sets.values()][0] ?? 0).length
  const one = sets.size > 0 ? told === 1 : shown.answer.startsWith('1 ')
  assert.equal(are[1], one ? 'It is' : 'These are')
  if (isWhole) {
    for (const [grouping, units] of sets) assert.equal(units, truth.topTier(grouping))
  }
  holdTierAnswer(about, shown.answer, sets)
  return { mood: isWhole ? 'neutral' : 'unknown' }
}

function holdTierAnswer(about: About, answer: string, sets: Map<Grouping, Mask>): void {
  const nodes = sets.get('node') ?? 0
  assert.ok(answer.endsWith('.'))
  const text = answer.slice(0, -1)
  const [grouping = 'node', ...others] = about.groupings
  if (others.length === 0) {
    holdCounted(about, text, sets, 'top-tier', grouping)
    return
  }
  if (about.isWithoutData('organization')) {
    holdMembersWords(about, text, nodes, 'top-tier', 'node', 'answer')
    return
  }
  const organizations = sets.get('organization') ?? 0
  if (nodes === 0 || organizations === 0) {
    assert.ok(about.isCutShort)
    const [units, grouping] =
      nodes === 0 ? [organizations, 'organization' as const] : [nodes, 'node' as const]
    holdMembersWords(about, text, units, 'top-tier', grouping, 'answer')
    return
  }
  const isAnyAlone = bits(organizations).some((unit) => about.population.units('organization')[unit]?.isNode)
  const [ofOrganizations = '', ofNodes = ''] = isAnyAlone
    ? [/^(.*), (.*) in all$/.exec(text)?.[1], /^(.*), (.*) in all$/.exec(text)?.[2]]
    : text.split(' with ')
  holdMembersWords(about, ofOrganizations, organizations, 'top-tier', 'organization', 'answer')
  holdMembersWords(about, ofNodes, nodes, 'top-tier', 'node', 'answer')
}

/** Members of the list of the only way of counting; where no node has a group there is no list, and each is one without. */
function holdCounted(
  about: About,
  text: string,
  sets: Map<Grouping, Mask>,
  kind: SetKind,
  grouping: Grouping
): void {
  if (!about.isWithoutData(grouping)) {
    holdMembersWords(about, text, sets.get(grouping) ?? 0, kind, grouping, 'answer')
    return
  }
  const { one } = WORDS[grouping]
  const without = ` without ${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`
  const [, , alone] = /^(.*: )?(.*)$/.exec(text) ?? []
  assert.ok(alone?.endsWith(without), text)
  const count = toldOfUnits(alone?.slice(0, -without.length) ?? '', 'node')
  if (!about.isCutShort) assert.equal(count.atMost, about.smallest(kind, grouping), text)
}

function holdShape(about: About, text: Cursor): void {
  const symmetric = about.truth.symmetric
  if (
    text.take(
      sentence('It is not symmetric: its nodes do not all ask for one quorum set that names just them.')
    )
  ) {
    assert.equal(symmetric, null)
    holdSymmetryDoubt(about, text, 'it is symmetric')
    return
  }
  const found = text.expect(
    /It is symmetric: (?:(?:its )?(\d+) nodes(, the top tier among them,)? all ask for the same, namely|its only node asks for) (.*?)(, entries aside that can be in no quorum)?(, (?:each )?counted as naming itself)?\./
  )
  assert.ok(symmetric !== null)
  const count = bits(symmetric.nodes).length
  assert.equal(found[1] ?? '1', String(count))
  assert.equal(found[1] === undefined, count === 1)
  // Where nodes are not counted it is not asked how many the top tier has.
  const isOther = !about.groupings.includes('node') || bits(about.truth.topTier('node')).length !== count
  if (count > 1 && !about.isCutShort) assert.equal(found[2] !== undefined, isOther)
  assert.ok(rules(symmetric.set).includes(found[3] ?? ''), `${found[3]}: ${written(symmetric.set)}`)
  holdAside(about, found[4], found[5])
  holdSymmetryDoubt(about, text, 'it is symmetric')
}

/** What is left out of the shared set, and that nodes count as naming themselves, are told where it is so of any. */
export function holdAside({ truth, population, network }: About, shortened = '', completed = ''): void {
  const { symmetric } = truth
  assert.ok(symmetric !== null)
  const { keys } = population
  const form = ({ threshold, validators, innerQuorumSets }: QuorumSet): Form => ({
    ...{ threshold, nodes: validators.map((key) => keys.indexOf(key)) },
    inner: (innerQuorumSets ?? []).map(form)
  })
  const sets = network.nodes.flatMap(({ publicKey, quorumSet }) => {
    const node = keys.indexOf(publicKey)
    return ((symmetric.nodes >> node) & 1) === 1 && quorumSet != null ? [{ node, publicKey, quorumSet }] : []
  })
  const others = sets.filter(({ publicKey, quorumSet }) => !namedBy(quorumSet).includes(publicKey))
  const isShortened = sets.some(({ node, publicKey, quorumSet }) => {
    const asked = form(quorumSet)
    if (namedBy(quorumSet).includes(publicKey)) return written(asked) !== written(symmetric.set)
    return (
      written({ ...asked, threshold: asked.threshold + 1, nodes: [...asked.nodes, node] }) !==
      written(symmetric.set)
    )
  })
  assert.equal(shortened !== '', isShortened, 'entries that are left out')
  assert.equal(completed !== '', others.length > 0, 'who does not name itself')
  if (completed !== '') assert.equal(completed.includes('each'), bits(symmetric.nodes).length > 1)
}

/** That it is in doubt whether the top tier is symmetric is told where, and only where, the other reading says otherwise. */
export function holdSymmetryDoubt({ truth, other, chosen }: About, text: Cursor, yes: string): void {
  const [read, otherwise] =
    (chosen ?? 'dead') === 'dead'
      ? ['as in no quorum', 'as free to join any']
      : ['as free to join any quorum', 'as in none']
  const found = text.take(
    new RegExp(
      `In doubt: this hangs on nodes of unknown quorum set, read ${read}\\. Read ${otherwise}, (.*?)\\.(?= |$)`
    )
  )
  const [one, another] = [truth.symmetric, other.symmetric]
  const same = (one === null ? '' : written(one.set)) === (another === null ? '' : written(another.set))
  assert.equal(found === undefined, same, 'a doubt of symmetry')
  if (found === undefined) return
  assert.equal(found[1], one === null ? yes : 'it is not so')
}

function namedBy({ validators, innerQuorumSets }: QuorumSet): string[] {
  return [...validators, ...innerQuorumSets.flatMap(namedBy)]
}

/** What a quorum set asks for, in words: inner sets that ask alike are told once. */
export function rules({ threshold, nodes, inner }: Form): string[] {
  const entries = nodes.length + inner.length
  const distinct = new Set(nodes).size
  const [one, many] =
    distinct < nodes.length
      ? ['entry', 'entries']
      : inner.length === 0
        ? ['node', 'nodes']
        : nodes.length === 0
          ? ['group', 'groups']
          : ['node or group', 'nodes and groups']
  const named = distinct < nodes.length ? `, which name ${distinct} ${distinct === 1 ? 'node' : 'nodes'}` : ''
  const all = `${threshold} of ${entries} ${entries === 1 ? one : many}${named}`
  if (inner.length === 0) return [all]
  const each = nodes.length === 0 ? 'each' : 'each group'
  const of = (set: Form) =>
    set.threshold === 1 && set.nodes.length === 1 && set.inner.length === 0 ? 'its only node' : rules(set)[0]
  const first = of(inner[0] as Form)
  return inner.every((set) => of(set) === first)
    ? [`${all}, from ${each} ${first}`]
    : [`${all} with different thresholds`]
}

function history(about: About, shown: Shown): Mood {
  const { truth, network } = about
  const text = new Cursor(shown.meaning)
  if (about.isNothingKnown) return nothingKnown(shown)
  if (!truth.hasQuorum) {
    assert.equal(shown.answer, about.onlyLeftOut === 0 ? 'No history is made.' : 'No common history is made.')
    holdNoQuorum(
      about,
      text,
      'No quorum exists, so no ledger closes.',
      'no two nodes close a ledger together.'
    )
    text.end()
    nobodyListed(shown)
    return { mood: 'neutral' }
  }
  if (about.isWithoutHistory) {
    assert.equal(shown.answer, 'Not known.')
    text.expect(sentence('The data does not say which history archives have errors.'))
    text.end()
    nobodyListed(shown)
    return { mood: 'unknown' }
  }
  if (shown.answer === 'Not known: there was no time to find out.') {
    assert.ok(about.isCutShort)
    text.expect(sentence('Whether every quorum has a good history archive is not proven.'))
    text.end()
    assert.equal(shown.are, 'The fewest whose archives matter, for example')
    holdListed(about, shown, 'history')
    return { mood: 'unknown' }
  }
  const [grouping = 'node'] = about.groupings
  const smallest = truth.smallest('history', grouping)
  if (smallest === 0) {
    assert.equal(shown.answer, 'NO: it may be going unrecorded already.')
    text.expect(
      sentence('A quorum exists in which nobody is known to have a history archive without errors.')
    )
    text.end()
    nobodyListed(shown)
    return { mood: 'bad' }
  }
  const [, archives = '', comma] = /^Yes, unless (.*?)(,?) goe?s? bad\.$/.exec(shown.answer) ?? []
  assert.equal(comma === ',', / at (most|least) /.test(` ${archives}`), shown.answer)
  if (grouping === 'node') {
    holdNumber(about, toldInUnits(archives, { one: 'archive', many: 'archives' }), smallest, shown.answer)
    if (!about.isCutShort) assert.match(shown.answer, smallest === 1 ? / goes bad\.$/ : / go bad\.$/)
  }
  text.expect(
    sentence(
      'Every quorum has an archive without known errors. Without those of a set named here, one could close ledgers and have none.'
    )
  )
  const mood = holdSingle(about, text, 'history', 'has all the good archives of some quorum')
  const without = bits(about.withoutUrl & truth.core).length
  if (without > 0) {
    const good = bits(truth.goodArchives & truth.core).length
    const nodes = good === 1 ? '1 node' : `${good} nodes`
    text.expect(
      sentence(
        `Of the ${nodes} of the core that count as having a good archive, the data has no address of one for ${without}.`
      )
    )
  }
  text.end()
  assert.equal(shown.are, 'The fewest whose archives matter, for example')
  const sets = holdListed(about, shown, 'history')
  if (grouping !== 'node') {
    const of = /^the archives of (.*)$/.exec(archives)?.[1] ?? ''
    if (comma === ',') holdNumber(about, toldOfUnits(of, grouping), smallest, shown.answer)
    else holdCounted(about, of, sets, 'history', grouping)
  }
  return mood
}

function nothingKnown(shown: Shown): Mood {
  assert.equal(shown.answer, 'Not known.')
  assert.equal(
    shown.meaning,
    'The data has no usable quorum set of any node, so nothing is known of what these nodes ask for.'
  )
  nobodyListed(shown)
  return { mood: 'unknown' }
}

function nobodyListed({ are, listed }: Shown): void {
  assert.deepEqual([are, listed], [undefined, []])
}

/** A single one is told where and only where one is enough. */
function holdSingle(about: About, text: Cursor, kind: SetKind, does: string): Mood {
  const found = text.take(new RegExp(`A single (.*?) ${does}\\.`))
  const told = found?.[1]?.split(' or a single ') ?? []
  holdOnes(about, told, singlesOf(about, kind, told))
  return moodOf(about, kind, told)
}

/** What a single one of is enough, by what is counted. Which of several is the example is left open. */
function singlesOf(about: About, kind: SetKind, told: string[]): [Grouping, string[]][] {
  const ones = about.groupings.filter((grouping) => about.smallest(kind, grouping) === 1)
  // Where one node is enough, that says it all.
  const counted = ones.includes('node') ? (['node'] as const) : ones
  return counted.map((grouping) => {
    const { one } = WORDS[grouping]
    const any = `node without ${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`
    const singles = about.population
      .units(grouping)
      .filter((_, unit) => about.holds(kind, 1 << unit, grouping))
    const kinds = [...new Set(singles.map(({ isNode }) => (isNode && grouping !== 'node' ? any : one)))]
    return [grouping, kinds.length > 1 ? kinds.filter((kind) => told.includes(kind)) : kinds]
  })
}

function holdOnes(about: About, told: string[], ones: [Grouping, string[]][]): void {
  const words = ones.flatMap(([, words]) => words)
  if (about.isCutShort) for (const one of told) assert.ok(words.includes(one), `a single ${one}`)
  else assert.deepEqual(told, [...new Set(words)], 'a single one')
}

function moodOf(about: About, kind: SetKind, ones: string[]): Mood {
  if (ones.length > 0) return { mood: 'caution', ones }
  const isGood = about.groupings.every((grouping) => (about.smallest(kind, grouping) ?? 2) >= 2)
  // With open bounds it may not be proven.
  return { mood: isGood ? 'good' : 'unknown' }
}

/** The lists: one a grouping, each with members that can do it; what is left out has none. */
function holdListed(about: About, shown: Shown, kind: SetKind): Map<Grouping, Mask> {
  const sets = new Map<Grouping, Mask>()
  const isMissing = ({ words }: Shown['listed'][number]) => words.includes(': no data, ')
  const [missing, left] = [shown.listed.filter(isMissing), shown.listed.filter((item) => !isMissing(item))]
  for (const grouping of about.groupings) {
    const { one, many } = WORDS[grouping]
    const where = `${shown.question} ${grouping}`
    if (about.isWithoutData(grouping)) {
      const next = missing.shift()
      const any = `${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`
      const none = about.truth.core === 0 ? 'no node' : 'no node of the core'
      assert.deepEqual(next, { words: `${many}: no data, ${none} has ${any}`, members: undefined }, where)
      continue
    }
    const [next] = left
    if (about.smallest(kind, grouping) === null && !about.isCutShort) continue
    assert.ok(next !== undefined, `${where} is missing`)
    if (next.members === undefined) {
      assert.ok(about.isCutShort, where)
      if (next.words !== `${many}: not known`) {
        if (!new RegExp(` (${one}|${many})`).test(next.words)) continue
        holdSize(about, toldOfUnits(next.words, grouping), kind, grouping, where)
      }
      left.shift()
      continue
    }
    const units = grouping === 'node' ? about.listedFully(next.members) : about.listed(next.members, grouping)
    holdMembersWords(about, next.words, units, kind, grouping, where)
    assert.ok(about.holds(kind, units, grouping), `${where}: ${next.members} cannot`)
    sets.set(grouping, units)
    left.shift()
  }
  assert.deepEqual([left, missing], [[], []])
  return sets
}
