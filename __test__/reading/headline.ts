// The sentence at the top of the report, with its numbers, held against the truth.

import assert from 'node:assert/strict'

import { bits, GROUPINGS, WORDS, type About, type Grouping, type Mask, type SetKind } from './about.js'
import { holdNumber, toldOfUnits } from './sizes.js'
import { doesDiffer, type Shown } from './verdicts.js'

export interface Headline {
  mood: Shown['mood']
  words: string
  beside: string
}

const KINDS: Record<string, SetKind> = { split: 'splitting', halt: 'blocking' }
const BELOW = 'See below why it is in doubt.'
const PREFIX = 'In doubt: '
const BEGINS = /(?<=\.) (?=In doubt: |One |With \d|Whether |No single |Its history )/
const BEGINS_BESIDE = /(?<=\.) (?=In doubt: |It takes |No set of |How many |See below |Beside )/

interface Sentence {
  plain: string
  isDoubted: boolean
}

export function holdHeadline(about: About, { mood, words, beside }: Headline): void {
  const sentences = words.split(BEGINS).map(undoubted)
  const besides = beside === '' ? [] : beside.split(BEGINS_BESIDE).map(undoubted)
  const isReferring = besides.at(-1)?.plain === BELOW
  const numbers = isReferring ? besides.slice(0, -1) : besides
  const isHistory = ({ plain }: Sentence) => plain.startsWith('Its history ')
  const [history, main] = [sentences.filter(isHistory), sentences.filter((told) => !isHistory(told))]
  const plain = answer(
    about,
    whom(about, main.map(({ plain }) => plain).join(' ')),
    whom(about, asOne(numbers))
  )
  holdUnrecorded(about, sentences, plain)
  const all = [...main, ...numbers]
  for (const told of all) holdDoubted(about, told)
  const isAnyDoubted = [...all, ...history].some(({ isDoubted }) => isDoubted)
  assert.equal(isReferring, isAnyDoubted, beside)
  // What is certain to be a problem is red, whatever else is in doubt.
  const bad = [
    ...(plain === 'bad' ? main : []),
    ...numbers.filter(({ plain }) => plain.startsWith('It has halted, too')),
    ...history
  ]
  const expected = bad.some(({ isDoubted }) => !isDoubted) ? 'bad' : isAnyDoubted ? 'unknown' : plain
  assert.equal(mood, expected, words)
}

function undoubted(text: string): Sentence {
  if (!text.startsWith(PREFIX)) return { plain: text, isDoubted: false }
  const rest = text.slice(PREFIX.length)
  assert.match(rest, /^[a-z]/)
  return { plain: rest.charAt(0).toUpperCase() + rest.slice(1), isDoubted: true }
}

/** Numbers stand in one sentence, unless one of them is in doubt and the other is not. */
function asOne(numbers: Sentence[]): string {
  const [first, second, ...more] = numbers
  assert.deepEqual(more, [])
  if (first === undefined || second === undefined) return first?.plain ?? ''
  assert.notEqual(first.isDoubted, second.isDoubted)
  return `${first.plain.slice(0, -1)}, and ${second.plain.charAt(0).toLowerCase()}${second.plain.slice(1)}`
}

/** Where others than the core may be in quorums, it is said that the core is meant. */
function whom({ truth, network, population, chosen, unknown }: About, text: string): string {
  const asking = network.nodes.filter(({ quorumSet }) => quorumSet != null)
  const others =
    (population.maskOf(asking.map(({ publicKey }) => publicKey)) | (chosen === 'free' ? unknown : 0)) &
    ~truth.core
  if ((truth.live & ~truth.core) !== 0) assert.notEqual(others, 0)
  assert.doesNotMatch(text, others === 0 ? / split its core/ : / split it(?!s)/)
  return text.replaceAll(' split its core', ' split it')
}

/** A sentence is in doubt where the other reading has another answer; what is not known is not in doubt, too. */
function holdDoubted(about: About, { plain, isDoubted }: Sentence): void {
  if (/ not known(:|\.$)/.test(plain) && !plain.includes('it takes')) return assert.equal(isDoubted, false)
  const isHalted = /^It has halted/.test(plain)
  const subjects = (['split', 'halt'] as const).filter((subject) =>
    subject === 'split' ? !isHalted && /split/.test(plain) : isHalted || / halt it/.test(plain)
  )
  const differs = subjects.some((subject) => doesDiffer(about, subject))
  if (!about.isCutShort) assert.equal(isDoubted, differs && about.chosen === undefined, plain)
  else if (about.chosen !== undefined) assert.equal(isDoubted, false, plain)
}

/** That ledgers may close of which nobody has a record is told where it is so: first, or after another problem. */
function holdUnrecorded(about: About, sentences: Sentence[], plain: Headline['mood']): void {
  const isSo =
    about.truth.hasQuorum &&
    !about.isNothingKnown &&
    !about.isWithoutHistory &&
    about.truth.smallest('history', 'node') === 0
  const isBad = plain === 'bad'
  const words = `Its history may be going unrecorded already${isBad ? ', too' : ''}.`
  const at = sentences.findIndex((told) => told.plain === words)
  if (isSo ? !about.isCutShort : true) assert.equal(at !== -1, isSo, 'history')
  if (at === -1) return
  assert.equal(at, isBad ? sentences.length - 1 : 0)
  const differs = doesDiffer(about, 'history') && about.chosen === undefined
  if (!about.isCutShort) assert.equal(sentences[at]?.isDoubted, differs, words)
}

/** Holds the answer and says which mood it has, doubts aside. */
function answer(about: About, words: string, numbers: string): Headline['mood'] {
  const { truth, down, faulty } = about
  if (about.isNothingKnown) {
    const isNobody = about.network.nodes.length === 0
    assert.equal(
      words,
      isNobody
        ? 'Nobody is here: no node is listed.'
        : 'Nothing is known of it: no node has a usable quorum set.'
    )
    assert.equal(numbers, '')
    return 'unknown'
  }
  if (!truth.hasQuorum) {
    assert.equal(
      words,
      about.onlyLeftUp === 0
        ? 'It has halted: no quorum exists.'
        : `It has halted${butFor(about.onlyLeftUp)}: nothing else is a quorum.`
    )
    assert.equal(numbers, '')
    return 'bad'
  }
  const areDown = `${faulty.length} ${faulty.length === 1 ? 'node is' : 'nodes are'} taken to be down`
  const andNoQuorum = `${butFor(down.stray)}: ${areDown}, and no ${down.stray === 0 ? '' : 'other '}quorum is left.`
  const split =
    /^It is split already: a quorum of (\d+) nodes? and a quorum of (\d+) nodes? have no node in common\.$/.exec(
      words
    )
  if (!about.isCutShort) assert.equal(split !== null, !truth.intersects, words)
  if (split !== null) {
    assert.equal(truth.intersects, false, words)
    if (numbers === `It has halted, too${andNoQuorum}`) {
      assert.equal(down.hasQuorum, false)
    } else holdNumbers(about, numbers, ['halt'])
    return 'bad'
  }
  if (words === `It has halted${andNoQuorum}`) {
    assert.equal(down.hasQuorum, false)
    holdNumbers(about, numbers, ['split'])
    return 'bad'
  }
  assert.ok(down.hasQuorum || about.isCutShort, words)
  // Where it is told that one of what would be counted can do it, its number is not.
  const toCount = Object.entries(KINDS).flatMap(([does, kind]) =>
    isTold(about, kind) && !about.isCutShort ? [] : [does]
  )
  holdNumbers(about, numbers, toCount)
  return single(about, words)
}

/** That some are a quorum all by themselves and left out. */
function butFor(leftOut: Mask): string {
  const { length } = bits(leftOut)
  if (length === 0) return ''
  return `, but for ${length === 1 ? 'a node on its own' : `${length} nodes on their own`}`
}

/** With the nodes that are down, where there are any. */
const asItIs = ({ faulty }: About, kind: SetKind): SetKind =>
  kind === 'blocking' && faulty.length > 0 ? 'filtered' : kind

/** Whether a single one of what would be counted is told to be enough. */
function isTold(about: About, of: SetKind): boolean {
  const grouping = mostTelling(about, of)
  if (about.smallest(asItIs(about, of), grouping) !== 1) return false
  // One country may be told of, and organizations be counted.
  return expectedOnes(about, of).alone.includes(grouping)
}

/** Of what a single one is enough, and whether that is so because of the nodes that are down: of nodes, if that is so of any. */
function expectedOnes(about: About, of: SetKind): { kind: SetKind; alone: Grouping[] } {
  const withData = GROUPINGS.filter((grouping) => !about.isWithoutData(grouping))
  const [now, later] = [of, asItIs(about, of)].map((kind) => {
    const able = withData.filter((grouping) => about.smallest(kind, grouping) === 1)
    return { kind, alone: able.includes('node') ? (['node'] as Grouping[]) : able }
  }) as [{ kind: SetKind; alone: Grouping[] }, { kind: SetKind; alone: Grouping[] }]
  const isWorse = later.alone.includes('node') && !now.alone.includes('node')
  return now.alone.length === 0 || isWorse ? later : now
}

/** What is counted: organizations where there are any, and nodes where a single one is enough. */
function mostTelling(about: About, of: SetKind): Grouping {
  const kind = asItIs(about, of)
  return about.isWithoutData('organization') || about.smallest(kind, 'node') === 1 ? 'node' : 'organization'
}

/** Whether a single one can do it, and who. */
function single(about: About, words: string): Headline['mood'] {
  const withData = GROUPINGS.filter((grouping) => !about.isWithoutData(grouping))
  const sentences = words.split(/(?<=\.) (?=One |With \d|Whether |No single )/)
  const expected = Object.entries(KINDS).flatMap(([does, of]) => {
    const { kind, alone } = expectedOnes(about, of)
    return alone.length > 0 ? [{ does, kind, alone }] : []
  })
  const [first = ''] = sentences
  if (first.startsWith('No single ')) {
    assert.deepEqual([sentences.length, expected], [1, []], words)
    const [, ways = ''] = /^No single (.*) can split it or halt it\.$/.exec(first) ?? []
    assert.deepEqual(
      ways.split(/, | or /),
      withData.map((grouping) => WORDS[grouping].one)
    )
    return 'good'
  }
  if (first.startsWith('Whether ')) {
    assert.ok(about.isCutShort, words)
    for (const sentence of sentences) {
      assert.match(
        sentence,
        /^Whether (it is split already|it has halted already|a single [a-z, ]+ can (split|halt) it) is not known: there was no time to find out\.$/
      )
    }
    return 'unknown'
  }
  if (!about.isCutShort) assert.equal(sentences.length, expected.length, words)
  for (const sentence of sentences) {
    const down = `With ${about.faulty.length} ${about.faulty.length === 1 ? 'node' : 'nodes'} down already, `
    const isLater = sentence.startsWith(down)
    const [told = '', ...also] = (isLater ? sentence.slice(down.length) : sentence)
      .slice(0, -1)
      .split('; so can ')
    const [, does = ''] = /^one .*? can (split|halt) it(?:: |, for example )/i.exec(told) ?? []
    const is = expected.find((is) => is.does === does)
    assert.ok(is !== undefined, sentence)
    assert.equal(isLater, is.kind === 'filtered', sentence)
    const found = [told.replace(` can ${does} it`, ''), ...also].map((part, index) => {
      const [, who = '', example, name = '', count] =
        /^one (?:more )?(.*?)(?:: |(, for example ))(.*?)(?: \(one of (\d+) that can\))?$/.exec(
          part.replace(/^One/, 'one')
        ) ?? []
      const grouping = withData.find(
        (grouping) =>
          who === WORDS[grouping].one ||
          (who.startsWith('node without') && who.endsWith(` ${WORDS[grouping].one}`))
      )
      assert.ok(grouping !== undefined, part)
      const isLast = index === also.length && count === undefined
      const units = isLast ? about.listedLast(name, grouping) : about.listed(name, grouping)
      assert.ok(about.holds(is.kind, units, grouping), part)
      // An example is one where there are others.
      const able = about.population
        .units(grouping)
        .filter((_, unit) => about.holds(is.kind, 1 << unit, grouping))
      if (example === undefined || count !== undefined) assert.equal(Number(count ?? 1), able.length, part)
      else assert.ok(about.isCutShort, part)
      assert.equal(
        about.population.units(grouping)[bits(units)[0] ?? -1]?.isNode === true && grouping !== 'node',
        who.startsWith('node without'),
        part
      )
      return grouping
    })
    if (about.isCutShort)
      assert.ok(found.every((grouping) => is.alone.includes(grouping) || grouping === 'node'))
    else assert.deepEqual(found, is.alone, sentence)
  }
  return 'caution'
}

/** How many it takes. Where there was no time, some of it may be told as what a single one can do, or counting something else. */
function holdNumbers(about: About, text: string, abilities: string[]): void {
  const parts = text === '' ? [] : text.slice(0, -1).split(/[,;] and (?=it takes|no set of|how many|beside)/)
  const told = parts.map((whole) => {
    const [, beside, told = ''] =
      /^(beside the \d+ nodes? that (?:is|are) down already )?(.*)$/.exec(
        whole.replace(/^./, (letter) => letter.toLowerCase())
      ) ?? []
    const part = told
    const none = /^no set of (\w+) can (?:(split) it|(halt) it)$/.exec(part)
    const open = /^how many (\w+) it takes to (\w+) it is not known$/.exec(part)
    const [, size = '', toDo] = /^it takes (.*?),? to (\w+) it$/.exec(part) ?? []
    const does = none?.[2] ?? none?.[3] ?? open?.[2] ?? toDo ?? ''
    const kind = KINDS[does]
    assert.ok(kind !== undefined, part)
    const many = none?.[1] ?? open?.[1] ?? (/\d nodes?(?! without)/.test(size) ? 'nodes' : 'organizations')
    const grouping = many === WORDS.node.many ? 'node' : 'organization'
    if (!about.isCutShort) assert.equal(grouping, mostTelling(about, kind), part)
    const smallest = about.smallest(asItIs(about, kind), grouping)
    const { length } = about.faulty
    const down = `beside the ${length === 1 ? '1 node that is' : `${length} nodes that are`} down already `
    if (!about.isCutShort) {
      const isOther = smallest !== about.smallest(kind, grouping)
      assert.equal(beside, isOther ? down : undefined, whole)
    } else if (beside !== undefined) assert.equal(beside, down)
    if (none !== null) assert.equal(smallest, null, part)
    else if (open !== null) assert.ok(about.isCutShort, part)
    else {
      const mixed = /^(?:(\d+) organizations? and )?(\d+) nodes? without (?:one|an organization)$/.exec(size)
      if (mixed === null) holdNumber(about, toldOfUnits(size, grouping), smallest, part)
      else assert.equal(Number(mixed[1] ?? 0) + Number(mixed[2]), smallest, part)
    }
    return does
  })
  if (!about.isCutShort) assert.deepEqual(told, abilities, text)
}
