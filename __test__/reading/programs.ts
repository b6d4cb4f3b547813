// What programs get, JSON and CSV: every field and every row held against the truth.

import assert from 'node:assert/strict'

import type { Finding } from '../../index.js'
import { bits, type About, type Grouping, type Mask, type SetKind } from './about.js'
import { listed } from './analyzed.js'
import type { Asked } from './asked.js'
import { holdUnproven } from './analyzed.js'
import { holdFindings } from './findings.js'
import { holdNumber } from './sizes.js'
import { statusOf } from './statuses.js'
import { written, type Form } from './truth.js'
import { doesDiffer } from './verdicts.js'

export const ENGINE = /^stellar-fbas [\d.]+; splr [\d.]+; delete semantics$/
export const CHECKS: Record<number, string> = { 0: 'safe', 1: 'unsafe', 3: 'unknown' }

/** An answer with minimal sets, of any kind. */
interface Sets {
  minSize: number | null
  isExact: boolean
  lowerBound: number
  exampleSet: string[]
  sets?: string[][]
  isComplete?: boolean
  totalSets?: string
  sizes?: { size: number; count: string }[]
  occurrences?: { name: string; count: string; share: number }[]
  hasQuorum?: boolean
  hasQuorumIntersection?: boolean
  isIntersectionExact?: boolean
  disjointQuorums?: [string[], string[]] | null
  quorumA?: string[]
  quorumB?: string[]
  criticalSets?: string[][]
  quorum?: string[]
  findings?: Finding[]
  engine: string
}

interface Tier {
  topTier: string[]
  topTierSize: number
  isExact: boolean
  findings?: Finding[]
  engine: string
}

interface NestedSet {
  threshold: number
  validators: string[]
  innerQuorumSets: NestedSet[]
}

/** Who results name. */
export function unitsOf(about: About, labels: string[], grouping: Grouping = 'node'): Mask {
  const units = labels.map((label) => about.labelled(label, grouping))
  const all = units.reduce((all, unit) => all | unit, 0)
  assert.equal(bits(all).length, labels.length, 'named twice')
  assert.deepEqual(labels, [...labels].sort(byCodePoints), 'sorted')
  return all
}

function byCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** All that is known of an answer with minimal sets. */
export function holdSetsForPrograms(about: About, kind: SetKind, grouping: Grouping, answer: Sets): void {
  const { truth, down } = about
  const { minSize, isExact, lowerBound, exampleSet, engine } = answer
  const [of, key] =
    kind === 'filtered'
      ? [down, 'blocking' as const]
      : [truth, kind as Exclude<SetKind, 'filtered' | 'top-tier'>]
  const smallest = of.smallest(key, grouping)
  const where = `${kind} by ${grouping}`
  assert.match(engine, ENGINE)
  if (isExact) assert.deepEqual([minSize, lowerBound], [smallest, smallest ?? lowerBound], where)
  else {
    const bounds = { atLeast: lowerBound, atMost: minSize, isExact: false, isNone: false }
    holdNumber(about, bounds, smallest, where)
  }
  const example = unitsOf(about, exampleSet, grouping)
  assert.equal(exampleSet.length, minSize ?? 0, where)
  if (minSize !== null)
    assert.ok(about.holds(kind, example, grouping), `${where}: ${exampleSet.join()} is none`)
  const all = of.minimalSets(key, grouping)
  holdList(about, answer, all, grouping)
  holdCounts(about, answer, all, grouping)
  if (kind === 'quorum') holdIntersection(about, answer)
  if (kind === 'splitting') {
    const [a, b] = [answer.quorumA ?? [], answer.quorumB ?? []].map((side) => unitsOf(about, side)) as [
      Mask,
      Mask
    ]
    assert.equal(a === 0, minSize === null, 'sides')
    assert.equal(answer.hasQuorumIntersection === true && !truth.intersects, false)
    if (answer.isIntersectionExact !== false) assert.equal(answer.hasQuorumIntersection, truth.intersects)
    else assert.ok(about.isCutShort)
    if (minSize !== null) {
      assert.ok(truth.areSides(a, b, a & b), 'no sides of a split')
      const own = about.population.units(grouping).filter((_, index) => ((example >> index) & 1) === 1)
      assert.equal(
        a & b & ~own.reduce((union, unit) => union | unit.nodes, 0),
        0,
        'sides that share an honest node'
      )
    }
  }
  if (kind === 'history') {
    assert.deepEqual(answer.criticalSets, answer.sets ?? (minSize === null ? [] : [exampleSet]))
    const quorum = unitsOf(about, answer.quorum ?? [])
    assert.equal(quorum === 0, minSize === null)
    if (minSize !== null) {
      assert.ok(truth.isQuorum(quorum))
      assert.equal(about.population.touched(quorum & truth.goodArchives, grouping), example)
    }
  }
}

function holdList(about: About, { sets, isComplete }: Sets, all: Mask[], grouping: Grouping): void {
  if (sets === undefined) return
  const found = sets.map((set) => unitsOf(about, set, grouping))
  assert.equal(new Set(found).size, found.length)
  for (const set of found) assert.ok(all.includes(set), 'no minimal set')
  const ordered = [...sets].sort((a, b) =>
    a.length === b.length ? byCodePoints(a.join(' '), b.join(' ')) : a.length - b.length
  )
  assert.deepEqual(
    sets.map((set) => set.length),
    ordered.map((set) => set.length)
  )
  if (isComplete === true) assert.equal(found.length, all.length)
  else assert.ok(about.isCutShort, 'not complete though there was time')
}

function holdCounts(
  about: About,
  { totalSets, sizes, occurrences }: Sets,
  all: Mask[],
  grouping: Grouping
): void {
  if (totalSets === undefined) {
    assert.ok(about.isCutShort, 'not counted though there was time')
    return
  }
  assert.equal(totalSets, String(all.length))
  const count = (size: number) => all.filter((set) => bits(set).length === size).length
  const different = [...new Set(all.map((set) => bits(set).length))].sort((a, b) => a - b)
  assert.deepEqual(
    sizes,
    different.map((size) => ({ size, count: String(count(size)) }))
  )
  const told = (occurrences ?? []).map(({ name, ...how }) => ({
    unit: about.labelled(name, grouping),
    ...how
  }))
  const expected = about.population.units(grouping).flatMap((_, index) => {
    const { length } = all.filter((set) => ((set >> index) & 1) === 1)
    return length === 0 ? [] : [{ unit: 1 << index, count: String(length), share: length / all.length }]
  })
  const inOrder = (list: { unit: Mask }[]) => [...list].sort((a, b) => a.unit - b.unit)
  assert.deepEqual(inOrder(told), inOrder(expected), 'occurrences')
}

function holdIntersection({ truth, isCutShort, ...about }: About, answer: Partial<Sets>): void {
  const { hasQuorum, hasQuorumIntersection, isIntersectionExact, disjointQuorums } = answer
  assert.equal(hasQuorum, truth.hasQuorum)
  if (disjointQuorums != null) {
    const [a = 0, b = 0] = disjointQuorums.map((quorum) => about.population.maskOf(quorum))
    assert.ok(truth.isQuorum(a) && truth.isQuorum(b) && (a & b) === 0, 'no disjoint quorums')
  } else if (truth.hasQuorum && !truth.intersects) assert.ok(isCutShort, 'no disjoint quorums are named')
  const isOpen = isIntersectionExact === false || hasQuorumIntersection === null
  if (isOpen) assert.ok(isCutShort, 'open though there was time')
  else assert.equal(hasQuorumIntersection, truth.intersects)
}

function holdTier(about: About, grouping: Grouping, { topTier, topTierSize, isExact, engine }: Tier): void {
  const units = unitsOf(about, topTier, grouping)
  const tier = about.truth.topTier(grouping)
  assert.match(engine, ENGINE)
  assert.equal(topTierSize, topTier.length)
  if (isExact) assert.equal(units, tier)
  else assert.ok(about.isCutShort && (units & ~tier) === 0)
}

function holdSymmetric(about: About, set: NestedSet | null): void {
  const form = ({ threshold, validators, innerQuorumSets }: NestedSet): Form => ({
    threshold,
    nodes: validators.map((key) => about.population.keys.indexOf(key)),
    inner: innerQuorumSets.map(form)
  })
  const { symmetric } = about.truth
  assert.equal(set === null ? null : written(form(set)), symmetric === null ? null : written(symmetric.set))
}

function toldFindings(about: About, findings: Finding[]) {
  return findings.map(({ code, message, nodes }) => ({
    ...{ code, message, nodes: about.population.maskOf(nodes) },
    isCut: false
  }))
}

/** What goes with an answer: who is down and taken as up, who is left out, whether there is a quorum. */
function holdBeside(about: About, findings: Finding[], faulty: boolean): void {
  const { truth, population, network } = about
  const nodes = (code: string) =>
    findings
      .filter((finding) => finding.code === code)
      .reduce((all, { nodes }) => all | population.maskOf(nodes), 0)
  const has = (code: string) => findings.some((finding) => finding.code === code)
  const down = population.maskOf(
    network.nodes.filter(({ isValidating }) => isValidating === false).map(({ publicKey }) => publicKey)
  )
  assert.equal(nodes('REPORTED_DOWN'), faulty ? 0 : down & truth.live, 'reported down')
  assert.equal(nodes('ONE_NODE_QUORUM'), about.isNothingKnown ? 0 : truth.stray, 'left out')
  assert.equal(has('NO_QUORUM_SETS'), about.isNothingKnown, 'no quorum sets')
  assert.equal(has('NO_QUORUM'), !about.isNothingKnown && !truth.hasQuorum, 'no quorum')
}

const OF: Record<string, SetKind> = {
  ...{ 'blocking-sets': 'blocking', 'splitting-sets': 'splitting' },
  ...{ quorums: 'quorum', 'history-critical': 'history' }
}

/** JSON of a single question. */
export function holdAnswer(all: About, { command, grouping }: Asked, text: string): void {
  const about = command === 'blocking-sets' && all.faulty.length > 0 ? all.whileDown() : all
  const answer = JSON.parse(text) as Sets & Tier & { symmetricTopTier: NestedSet | null }
  if (command === 'top-tier') holdTier(about, grouping, answer)
  else if (command === 'symmetric') holdSymmetric(about, answer.symmetricTopTier)
  else if (command === 'intersection') {
    const isOpen = answer.hasQuorumIntersection === null
    if (about.isNothingKnown) assert.ok(isOpen)
    else holdIntersection(about, answer)
  } else holdSetsForPrograms(about, OF[command] ?? 'quorum', grouping, answer)
  holdBeside(about, answer.findings ?? [], about !== all)
}

/** JSON of `analyze`. */
export function holdAnalysis(about: About, text: string, title: string): void {
  const { truth, down, network } = about
  const answer = JSON.parse(text)
  assert.deepEqual([answer.title, answer.sources], [title, [title]])
  assert.deepEqual(
    [answer.nodeCount, answer.organizationCount],
    [network.nodes.length, network.organizations.length]
  )
  assert.match(answer.engine, ENGINE)
  const fact = (told: boolean | null, is: boolean, where: string) => {
    if (about.isNothingKnown) assert.equal(told, null, where)
    else if (told === null) assert.ok(about.isCutShort, where)
    else assert.equal(told, is, where)
  }
  if (!about.isCutShort || answer.verdict !== 'unknown') assert.equal(answer.verdict, CHECKS[statusOf(about)])
  fact(answer.hasQuorum, truth.hasQuorum, 'hasQuorum')
  fact(answer.hasQuorumIntersection, truth.intersects, 'hasQuorumIntersection')
  fact(answer.hasHalted, !down.hasQuorum, 'hasHalted')
  assert.deepEqual(answer.faultyNodes, [...about.faulty].sort())
  assert.equal(unitsOf(about, answer.core), truth.core)
  holdSymmetric(about, answer.symmetricTopTier)
  assert.deepEqual(Object.keys(answer.counting), [...about.groupings])
  for (const grouping of about.groupings) {
    const { topTier, blockingSets, blockingSetsFiltered, splittingSets, quorums, historyCritical } =
      answer.counting[grouping]
    holdTier(about, grouping, topTier)
    holdSetsForPrograms(about, 'blocking', grouping, blockingSets)
    holdSetsForPrograms(about, 'filtered', grouping, blockingSetsFiltered)
    holdSetsForPrograms(about, 'splitting', grouping, splittingSets)
    holdSetsForPrograms(about, 'quorum', grouping, quorums)
    holdSetsForPrograms(about, 'history', grouping, historyCritical)
  }
  const isHanging = answer.doubts.some(({ code }: Finding) => code === 'VERDICT_DEPENDS_ON_UNKNOWN_NODES')
  const differs = (['split', 'halt', 'decide', 'history'] as const).some((subject) =>
    doesDiffer(about, subject)
  )
  if (!about.isCutShort) assert.equal(isHanging, differs, 'doubts')
  holdFindings(about, toldFindings(about, answer.findings))
  assert.ok(network.nodes.length === answer.nodeCount)
}

/** JSON of `findings`. */
export function holdFindingsForPrograms(about: About, text: string): void {
  holdFindings(about, toldFindings(about, JSON.parse(text)))
}

/** The rows of CSV, by the names of their columns. */
export function rowsIn(text: string): { columns: string[]; rows: Record<string, string>[] } {
  const lines: string[][] = [[]]
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    if (end === '' && quoted === undefined && bare === '') break
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare)
    if (end === '\n') lines.push([])
  }
  const [columns = [], ...rest] = lines.filter((line) => line.length > 0)
  return {
    columns,
    rows: rest.map((cells) => {
      assert.equal(cells.length, columns.length, cells.join())
      return Object.fromEntries(cells.map((cell, index) => [columns[index], cell]))
    })
  }
}

export const FIGURES: [string, SetKind][] = [
  ['topTierSize', 'top-tier'],
  ['blockingSetsMinSize', 'blocking'],
  ['blockingSetsFilteredMinSize', 'filtered'],
  ['splittingSetsMinSize', 'splitting'],
  ['quorumsMinSize', 'quorum'],
  ['historyCriticalMinSize', 'history']
]

/** CSV of `analyze`. */
export function holdFiguresForPrograms(about: About, text: string): void {
  const { columns, rows } = rowsIn(text)
  assert.deepEqual(columns, [
    'counting',
    ...FIGURES.map(([name]) => name),
    ...['withoutData', 'isExact', 'inexact']
  ])
  assert.deepEqual(
    rows.map(({ counting }) => counting),
    [...about.groupings]
  )
  for (const [index, row] of rows.entries()) {
    const grouping = about.groupings[index] ?? 'node'
    assert.equal(row.isExact, String(row.inexact === ''))
    const without = [
      ...(about.isWithoutData(grouping) ? [grouping] : []),
      ...(about.isHistoryMissing ? ['historyCriticalMinSize'] : [])
    ]
    assert.equal(row.withoutData, without.join(' '))
    if (row.inexact !== '') row.inexact?.split('; ').forEach((line) => holdUnproven(about, line))
    for (const [name, kind] of FIGURES) {
      const size = row[name] === '' ? null : Number(row[name])
      const smallest = about.isNothingKnown ? null : about.smallest(kind, grouping)
      if (row.isExact === 'true') assert.equal(size, smallest, `${name} by ${grouping}`)
      else if (size !== null && kind === 'top-tier') assert.ok(size <= (smallest ?? 0))
      else if (size !== null) assert.ok(smallest !== null && size >= smallest, `${name} by ${grouping}`)
    }
  }
}

/** CSV of a single question. */
export function holdRows(all: About, { command, grouping, isListed }: Asked, text: string): void {
  const about = command === 'blocking-sets' && all.faulty.length > 0 ? all.whileDown() : all
  const { truth } = about
  const { columns, rows } = rowsIn(text)
  const cells = (name: string) => rows.map((row) => row[name] ?? '')
  const smallestHistory = command === 'history-critical' ? truth.smallest('history', grouping) : null
  const isWithoutAnswer = about.isNothingKnown || (smallestHistory === 0 && about.isWithoutHistory)
  if (isWithoutAnswer && command !== 'intersection') {
    assert.deepEqual(rows, [], 'what nobody knows')
    return
  }
  if (command === 'intersection') {
    const intersects = about.isNothingKnown ? '' : String(truth.intersects)
    assert.deepEqual(rows, [{ hasQuorum: String(truth.hasQuorum), hasQuorumIntersection: intersects }])
  } else if (command === 'top-tier') {
    assert.deepEqual(columns, ['member'])
    assert.equal(unitsOf(about, cells('member'), grouping), truth.topTier(grouping))
  } else if (command === 'symmetric') {
    assert.deepEqual(columns, ['place', 'threshold', 'validator'])
    holdPlaces(about, rows)
  } else {
    assert.deepEqual(columns, ['set', 'size', 'member'])
    const kind = OF[command] ?? 'quorum'
    const numbers = [...new Set(cells('set'))]
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => String(index + 1))
    )
    const sets = numbers.map((number) => {
      const own = rows.filter(({ set }) => set === number)
      const members = own.flatMap(({ member = '' }) => (member === '' ? [] : [member]))
      for (const { size } of own) assert.equal(Number(size), members.length)
      return unitsOf(about, members, grouping)
    })
    const expected = truth.minimalSets(kind as 'quorum', grouping)
    const smallest = truth.smallest(kind as 'quorum', grouping)
    for (const set of sets) assert.ok(expected.includes(set), 'no minimal set')
    if (isListed) assert.equal(sets.length, expected.length)
    else
      assert.deepEqual(
        sets.map((set) => bits(set).length),
        smallest === null ? [] : [smallest]
      )
  }
}

/** A validator a row, each with its place and the threshold there. */
function holdPlaces(about: About, rows: Record<string, string>[]): void {
  const told = rows.map(({ place = '', threshold, validator = '' }) => {
    return `${place.split('.').length} ${threshold} ${about.population.keys.indexOf(validator)}`
  })
  const expected = function* ({ threshold, nodes, inner }: Form, depth: number): Generator<string> {
    for (const node of nodes) yield `${depth} ${threshold} ${node}`
    for (const set of inner) yield* expected(set, depth + 1)
  }
  const { symmetric } = about.truth
  assert.deepEqual(told.sort(), symmetric === null ? [] : [...expected(symmetric.set, 1)].sort())
}

/** CSV of `findings`: a row for each node concerned. */
export function holdFindingRows(about: About, text: string): void {
  const { columns, rows } = rowsIn(text)
  assert.deepEqual(columns, ['code', 'message', 'node'])
  const findings = new Map<string, Finding>()
  for (const { code = '', message = '', node = '' } of rows) {
    const key = `${code} ${message}`
    const finding = findings.get(key) ?? { code, message, nodes: [], fields: [] }
    if (node !== '') finding.nodes.push(node)
    findings.set(key, finding)
  }
  holdFindings(about, toldFindings(about, [...findings.values()]))
}
