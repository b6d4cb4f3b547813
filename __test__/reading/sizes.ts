// Sizes in words, held against the truth.

import assert from 'node:assert/strict'

import { bits, WORDS, type About, type Grouping, type Mask, type SetKind } from './about.js'

/** What a text says of a size. `atMost` is null where no set is known. */
export interface Told {
  atLeast: number
  atMost: number | null
  isExact: boolean
  /** That no such set exists. */
  isNone: boolean
}

const exactly = (size: number): Told => ({ atLeast: size, atMost: size, isExact: true, isNone: false })

/** A size without a unit, as in tables. */
export function told(text: string): Told {
  return toldOf(text, (text) => (/^[\d,]+$/.test(text) ? Number(text.replaceAll(',', '')) : undefined))
}

/** A size with its unit. */
export function toldOfUnits(text: string, grouping: Grouping): Told {
  return toldInUnits(text, WORDS[grouping])
}

export function toldInUnits(text: string, { one, many }: { one: string; many: string }): Told {
  if (text === `no ${many}`) return { atLeast: 0, atMost: null, isExact: true, isNone: true }
  return toldOf(text, (text) => {
    const [number = '', ...unit] = text.split(' ')
    if (!/^[\d,]+$/.test(number) || unit.join(' ') !== (number === '1' ? one : many)) return undefined
    return Number(number.replaceAll(',', ''))
  })
}

function toldOf(text: string, number: (text: string) => number | undefined): Told {
  if (text === 'none') return { atLeast: 0, atMost: null, isExact: true, isNone: true }
  if (text === 'not known') return { atLeast: 0, atMost: null, isExact: false, isNone: false }
  const plain = number(text)
  if (plain !== undefined) return exactly(plain)
  const [, most, least] = /^at most (.+?)(?:, at least (\d+))?$/.exec(text) ?? []
  const atMost = most === undefined ? undefined : number(most)
  if (atMost !== undefined) return { atLeast: Number(least ?? 0), atMost, isExact: false, isNone: false }
  const atLeast = number(/^at least (.+)$/.exec(text)?.[1] ?? '')
  assert.ok(atLeast !== undefined, `no size that is known: ${text}`)
  return { atLeast, atMost: null, isExact: false, isNone: false }
}

/** A figure of a table: a size, or why there is none. That no set exists is not said where no quorum does. */
export function holdFigure(about: About, cell: string, kind: SetKind, grouping: Grouping): void {
  if (about.isWithoutData(grouping) || (kind === 'history' && about.isHistoryMissing))
    assert.equal(cell, 'no data')
  else if (about.isNothingKnown) assert.equal(cell, 'not known')
  else {
    const isForLackOfQuorum = cell === 'no quorum'
    const size = told(isForLackOfQuorum ? 'none' : cell)
    assert.equal(isForLackOfQuorum, size.isNone && !about.truth.hasQuorum, `${kind} by ${grouping}: ${cell}`)
    holdSize(about, size, kind, grouping, 'figures')
  }
}

/** What is told must be so, and all that is to be told where there was time. */
export function holdSize(about: About, size: Told, kind: SetKind, grouping: Grouping, where: string): void {
  holdNumber(about, size, about.smallest(kind, grouping), `${where}: ${kind} by ${grouping}`)
}

export function holdNumber(about: About, size: Told, truth: number | null, where: string): void {
  const said = `${where}, ${JSON.stringify(size)}, and it is ${truth}`
  if (size.isExact) {
    assert.equal(size.isNone ? null : size.atMost, truth, said)
    return
  }
  assert.ok(about.isCutShort, `not exact though there was time: ${said}`)
  assert.ok(truth === null || size.atLeast <= truth, said)
  assert.ok(size.atMost === null || (truth !== null && truth <= size.atMost), said)
}

/** Words for a size together with who is in the set: groups, and nodes without one. */
export function holdMembersWords(
  about: About,
  text: string,
  units: Mask,
  kind: SetKind,
  grouping: Grouping,
  where: string
): void {
  const smallest = about.smallest(kind, grouping)
  const size = holdMembers(about, text, units, smallest, grouping, `${where}: ${kind} by ${grouping}`)
  const { atMost, atLeast, isExact } = size
  // As many are named as are told.
  const named = kind === 'top-tier' && !isExact ? atLeast : atMost
  assert.equal(bits(units).length, named, where)
}

/** Who is in a set, in words: so many groups, and so many nodes that stand for themselves. Where nodes are counted, none does. */
export function groupsAndNodes(grouping: Grouping, groups: number, alone: number): string {
  const { one, many } = WORDS[grouping]
  const number = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`
  if (alone === 0) return number(groups, one, many)
  const without = `${number(alone, 'node', 'nodes')} without`
  if (groups > 0) return `${number(groups, one, many)} and ${without} one`
  return `${without} ${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`
}

/** The same of any set of which one knows how small it can be. */
export function holdMembers(
  about: About,
  text: string,
  units: Mask,
  smallest: number | null,
  grouping: Grouping,
  where: string
): Told {
  const members = bits(units).map((index) => about.population.units(grouping)[index])
  const alone = members.filter((unit) => unit?.isNode).length
  const groups = members.length - alone
  if (grouping === 'node' || alone === 0) {
    const size = toldOfUnits(text, grouping)
    holdNumber(about, size, smallest, where)
    return size
  }
  const [bounds = '', listed] = text.includes(': ') ? text.split(': ') : ['', text]
  assert.equal(listed, groupsAndNodes(grouping, groups, alone), where)
  const size = bounds === '' ? exactly(members.length) : toldOfUnits(bounds, grouping)
  holdNumber(about, size, smallest, where)
  return size
}
