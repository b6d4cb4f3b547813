// The sentence at the top of the report, with its numbers, held against the truth.

import assert from 'node:assert/strict'

import { bits, GROUPINGS, WORDS, type About, type Grouping, type SetKind } from './about.js'
import { holdNumber, toldOfUnits } from './sizes.js'
import { doesDiffer, type Shown } from './verdicts.js'

export interface Headline {
  mood: Shown['mood']
  words: string
  beside: string
}

const IN_DOUBT = 'That is in doubt, see below.'
const KINDS: Record<string, SetKind> = { split: 'splitting', halt: 'blocking' }

export function holdHeadline(about: About, { mood, words, beside }: Headline): void {
  const isDoubted = beside === IN_DOUBT || beside.endsWith(` ${IN_DOUBT}`)
  const numbers = isDoubted ? beside.slice(0, -IN_DOUBT.length).trim() : beside
  const plain = answer(about, words, numbers)
  const differs = (['split', 'halt'] as const).some((subject) => doesDiffer(about, subject))
  if (!about.isCutShort) {
    assert.equal(isDoubted, differs && about.chosen === undefined && plain !== 'unknown', words)
  }
  assert.equal(mood, isDoubted ? 'unknown' : plain, words)
}

/** Holds the answer and says which mood it has, doubts aside. */
function answer(about: About, words: string, numbers: string): Headline['mood'] {
  const { truth, down, faulty } = about
  if (about.isNothingKnown) {
    const isNobody = about.network.nodes.length === 0
    assert.equal(
      words,
      isNobody ? 'Nobody is here: no node is listed.' : 'Nothing is known of it: no node has a quorum set.'
    )
    assert.equal(numbers, '')
    return 'unknown'
  }
  if (!truth.hasQuorum) {
    const { length } = bits(about.onlyLeftOut)
    const others = length === 1 ? 'a node on its own' : `${length} nodes on their own`
    assert.equal(
      words,
      length === 0
        ? 'It has halted: no quorum exists.'
        : `It has halted, but for ${others}: nothing else is a quorum.`
    )
    assert.equal(numbers, '')
    return 'bad'
  }
  const areDown = `${faulty.length} ${faulty.length === 1 ? 'node is' : 'nodes are'} taken to be down`
  const split =
    /^It is split already: a quorum of (\d+) nodes? and a quorum of (\d+) nodes? have no node in common\.$/.exec(
      words
    )
  if (!about.isCutShort) assert.equal(split !== null, !truth.intersects, words)
  if (split !== null) {
    assert.equal(truth.intersects, false, words)
    if (numbers === `It has halted, too: ${areDown}, and without them no quorum is left.`) {
      assert.equal(down.hasQuorum, false)
    } else holdNumbers(about, numbers, ['halt'])
    return 'bad'
  }
  if (words === `It has halted: ${areDown}, and without them no quorum is left.`) {
    assert.equal(down.hasQuorum, false)
    holdNumbers(about, numbers, ['split'])
    return 'bad'
  }
  assert.ok(down.hasQuorum || about.isCutShort, words)
  // Where it is told that one of what would be counted can do it, its number is not.
  const toCount = Object.entries(KINDS).flatMap(([does, kind]) =>
    about.smallest(kind, mostTelling(about, kind)) === 1 && !about.isCutShort ? [] : [does]
  )
  holdNumbers(about, numbers, toCount)
  return single(about, words)
}

/** What is counted: organizations where there are any, and nodes where a single one is enough. */
function mostTelling(about: About, kind: SetKind): Grouping {
  return about.isWithoutData('organization') || about.smallest(kind, 'node') === 1 ? 'node' : 'organization'
}

/** Whether a single one can do it, and who. */
function single(about: About, words: string): Headline['mood'] {
  const withData = GROUPINGS.filter((grouping) => !about.isWithoutData(grouping))
  const sentences = words.split(/(?<=\.) (?=One |With \d|Whether |No single )/)
  const ones = (kind: SetKind) => {
    const able = withData.filter((grouping) => about.smallest(kind, grouping) === 1)
    return able.includes('node') ? (['node'] as Grouping[]) : able
  }
  const expected = Object.entries(KINDS).flatMap(([does, kind]) => {
    const alone = ones(kind)
    if (alone.length > 0) return [{ does, kind, alone }]
    const later = kind === 'blocking' && about.faulty.length > 0 ? ones('filtered') : []
    return later.length > 0 ? [{ does, kind: 'filtered' as const, alone: later }] : []
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
    const found = [told.replace(` can ${does} it`, ''), ...also].map((part) => {
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
      const units = about.listed(name, grouping)
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
  const parts = text === '' ? [] : text.slice(0, -1).split(/, and (?=it takes|no set of|how many)/)
  const told = parts.map((whole) => {
    const part = whole.replace(/^./, (letter) => letter.toLowerCase())
    const none = /^no set of (\w+) can (?:(split) its core|(halt) it)$/.exec(part)
    const open = /^how many (\w+) it takes to (\w+) it is not known$/.exec(part)
    const [, size = '', toDo] = /^it takes (.*?),? to (\w+) it$/.exec(part) ?? []
    const does = none?.[2] ?? none?.[3] ?? open?.[2] ?? toDo ?? ''
    const kind = KINDS[does]
    assert.ok(kind !== undefined, part)
    const many = none?.[1] ?? open?.[1] ?? (/\d nodes?(?! without)/.test(size) ? 'nodes' : 'organizations')
    const grouping = many === WORDS.node.many ? 'node' : 'organization'
    if (!about.isCutShort) assert.equal(grouping, mostTelling(about, kind), part)
    const smallest = about.smallest(kind, grouping)
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
