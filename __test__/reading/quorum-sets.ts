// What may be told of how a quorum set changed, worked out by another way than the program's: all ways to take inner sets for the same.

import assert from 'node:assert/strict'

import type { QuorumSet } from '../../index.js'
import type { QuorumSetDifference, Threshold } from '../../ts/study/quorum-set-changes.js'

/** A quorum set as text that does not hang on the order of its entries. */
export function standing({ threshold, validators, innerQuorumSets }: QuorumSet): string {
  return JSON.stringify([threshold, [...validators].sort(), innerQuorumSets.map(standing).sort()])
}

/** Lines that may be told of the way from one quorum set to another: several ways where inner sets are equally alike. */
function tellings(was: QuorumSet, is: QuorumSet): string[][] {
  const validators = [
    ['joined', beyond(is.validators, was.validators, String)],
    ['left', beyond(was.validators, is.validators, String)]
  ] as const
  const left = beyond(was.innerQuorumSets, is.innerQuorumSets, standing)
  const joined = beyond(is.innerQuorumSets, was.innerQuorumSets, standing)
  return pairings(left, joined).flatMap((pairs) => {
    const alone = (sets: QuorumSet[]) => sets.filter((set) => !pairs.flat().includes(set)).map(calling)
    const lines = [
      ...(asking(was) === asking(is) ? [] : [`${asking(was)} → ${asking(is)}`]),
      ...validators.flatMap(([way, keys]) =>
        keys.length === 0 ? [] : [`${way}: ${[...keys].sort().join(' ')}`]
      ),
      ...alone(joined).map((set) => `joined: ${set}`),
      ...alone(left).map((set) => `left: ${set}`)
    ]
    return pairs.reduce<string[][]>(
      (ways, [old, now]) =>
        ways.flatMap((way) =>
          tellings(old, now).map((inside) => [...way, `in ${calling(old)}: ${inside.join('; ')}`])
        ),
      [lines]
    )
  })
}

/** The same set, changed, are those that are most alike and share somebody: every choice where several are. */
function pairings(left: QuorumSet[], joined: QuorumSet[]): [QuorumSet, QuorumSet][][] {
  const pairs = left.flatMap((old) => joined.map((now) => ({ old, now, share: shareOf(old, now) })))
  const most = Math.max(0, ...pairs.map(({ share }) => share))
  if (most === 0) return [[]]
  return pairs
    .filter(({ share }) => share === most)
    .flatMap(({ old, now }) => {
      const rest = pairings(
        left.filter((set) => set !== old),
        joined.filter((set) => set !== now)
      )
      return rest.map((pairs) => [[old, now] as [QuorumSet, QuorumSet], ...pairs])
    })
}

/** Which part of all members of two sets is in both. */
function shareOf(one: QuorumSet, other: QuorumSet): number {
  const [here, there] = [membersOf(one), membersOf(other)]
  const all = new Set([...here, ...there]).size
  return all === 0 ? 0 : here.filter((key) => there.includes(key)).length / all
}

function membersOf({ validators, innerQuorumSets }: QuorumSet): string[] {
  return [...new Set([...validators, ...innerQuorumSets.flatMap(membersOf)])].sort()
}

function asking({ threshold, validators, innerQuorumSets }: QuorumSet): string {
  return `${threshold} of ${validators.length + innerQuorumSets.length}`
}

function calling(set: QuorumSet): string {
  return `${asking(set)} of ${membersOf(set).join(' ')}`
}

/** What the first list has more often than the second. */
function beyond<T>(some: T[], others: T[], textOf: (one: T) => string): T[] {
  const left = others.map(textOf)
  return some.filter((one) => {
    const at = left.indexOf(textOf(one))
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

/** The change as CSV tells it, with public keys. */
export function holdChangeForRows(was: QuorumSet, is: QuorumSet, text: string): void {
  holdOne(tellings(was, is), text.split('; '))
}

/** The same as JSON has it. */
export function holdDifference(was: QuorumSet, is: QuorumSet, difference: QuorumSetDifference): void {
  holdOne(tellings(was, is), written(difference))
}

function written(difference: QuorumSetDifference): string[] {
  const { threshold, joined, left, innerSetsJoined, innerSetsLeft, innerSetsChanged } = difference
  const asked = ({ threshold, entries }: Threshold) => `${threshold} of ${entries}`
  return [
    ...(threshold === undefined ? [] : [`${asked(threshold.old)} → ${asked(threshold.new)}`]),
    ...(joined.length === 0 ? [] : [`joined: ${joined.join(' ')}`]),
    ...(left.length === 0 ? [] : [`left: ${left.join(' ')}`]),
    ...innerSetsJoined.map((set) => `joined: ${calling(set)}`),
    ...innerSetsLeft.map((set) => `left: ${calling(set)}`),
    ...innerSetsChanged.map(({ old, difference }) => `in ${calling(old)}: ${written(difference).join('; ')}`)
  ]
}

/** The same as people read it, whatever they call the validators: which lines there are. */
export function holdChangeLines(was: QuorumSet, is: QuorumSet, lines: string[]): void {
  const unnamed = (lines: string[]) =>
    lines.map((line) => line.replace(/^((?:joined|left): (?:\d+ of \d+ of )?|in \d+ of \d+ of ).*/, '$1'))
  holdOne(tellings(was, is).map(unnamed), unnamed(lines))
}

/** The order of entries says nothing. */
function holdOne(ways: string[][], told: string[]): void {
  const inAnyOrder = (lines: string[]) =>
    lines
      .flatMap((line) => line.split('; '))
      .sort()
      .join('\n')
  const said = inAnyOrder(told)
  const [first = '', ...others] = ways.map(inAnyOrder)
  assert.ok([first, ...others].includes(said), `not what changed:\n${said}\nbut\n${first}`)
}
