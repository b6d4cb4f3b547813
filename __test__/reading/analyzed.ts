// What `analyze` prints, from its first line to its last.

import assert from 'node:assert/strict'

import { bits, GROUPINGS, WORDS, type About, type SetKind } from './about.js'
import { blocksOf, colorOf, items, joined, plain, tableIn } from './blocks.js'
import { holdFindingsTold, type Told } from './findings.js'
import { holdFigure, holdNumber, told } from './sizes.js'
import { holdVerdicts, type Doubt, type Shown } from './verdicts.js'

const MOODS: Record<string, Shown['mood']> = {
  ...{ green: 'good', yellow: 'caution', red: 'bad', magenta: 'unknown' }
}

const LEGEND: Record<string, string> = {
  'top tier': 'who is in some minimal quorum',
  blocking: 'the fewest that halt the network when they stop',
  'blocking, filtered': 'the fewest that halt the network when they stop, some nodes being down already',
  splitting: 'the fewest that, turned malicious, can make the others disagree',
  'history-critical': 'the fewest whose archives, gone bad, leave a quorum without a good one'
}

/** The columns of the figures, and what they count. */
export const COLUMNS: [string, SetKind][] = [
  ['top tier', 'top-tier'],
  ['blocking', 'blocking'],
  ['blocking, filtered', 'filtered'],
  ['splitting', 'splitting'],
  ['history-critical', 'history']
]

const ARE = [
  'The fewest who could split it by lying, for example',
  'Two quorums that share no node',
  'The fewest who could halt it by stopping, for example',
  'With nobody down, the fewest who could halt it by stopping, for example',
  'The top tier',
  'The fewest whose archives matter, for example'
]

export function holdAnalyzed(about: About, text: string, title: string): void {
  const [first = '', figures = '', ...more] = blocksOf(text)
  assert.equal(plain(first), `${title}: ${listed(about)}`)
  const notes: string[] = []
  // Notes on the data stand between the figures and their legend.
  const legend = more.findIndex((block) => plain(block).startsWith('top tier'))
  notes.push(...more.splice(0, legend))
  const table = tableIn(figures)
  holdFigures(about, table)
  holdNotes(
    about,
    notes.flatMap((block) => noteLines(plain(block)))
  )
  const [legendBlock = '', ...rest] = more
  holdLegend(about, plain(legendBlock))
  holdVerdicts(
    about,
    rest.splice(0, 4).map((block) => verdictIn(about, block))
  )
  const end = plain(rest.pop() ?? '')
  holdFindingsTold(about, findingsIn(about, rest))
  holdEnd(about, end, title, table.rows)
}

/** Without data on organizations there is no number of them. */
export function listed({ network }: About, areListed = ''): string {
  const number = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`
  const { nodes, organizations } = network
  const ofOrganizations = `, ${number(organizations.length, 'organization', 'organizations')}`
  return `${number(nodes.length, 'node', 'nodes')}${areListed}${organizations.length === 0 ? '' : ofOrganizations}`
}

/** Every figure of a table of all groupings. */
export function holdFigures(about: About, { header, rows }: { header: string[]; rows: string[][] }): void {
  const columns = COLUMNS.filter(([, kind]) => kind !== 'filtered' || about.faulty.length > 0)
  assert.deepEqual(header, ['counting', ...columns.map(([column]) => column)])
  assert.deepEqual(
    rows.map(([counting]) => counting),
    about.groupings.map((grouping) => WORDS[grouping].many)
  )
  for (const [row, grouping] of about.groupings.entries()) {
    for (const [column, [, kind]] of columns.entries()) {
      const cell = rows[row]?.[column + 1] ?? ''
      holdFigure(about, cell, kind, grouping)
    }
  }
}

/** What is to be known before the figures are believed. */
export function holdNotes(about: About, notes: string[], isMissingToldElsewhere = false): void {
  const { faulty, population, truth, network } = about
  const one = faulty.length === 1
  const down = `Filtered: ${faulty.length} ${one ? 'node is' : 'nodes are'} taken to be down, as the data says.`
  const counts =
    truth.core === 0 ? population.maskOf(network.nodes.map(({ publicKey }) => publicKey)) : truth.core
  const nodes = truth.core === 0 ? 'nodes' : 'nodes of the core'
  const total = bits(counts).length
  const ofData = about.groupings.flatMap((grouping) => {
    const { one, many } = WORDS[grouping]
    const any = `${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`
    const alone = population.units(grouping).filter(({ isNode }) => isNode)
    const without = alone.filter((unit) => (unit.nodes & counts) !== 0).length
    if (grouping === 'node' || without === 0) return []
    if (without === total && isMissingToldElsewhere) return []
    if (without === total)
      return [`No data on ${many}: none of the ${nodes} has ${any}, each counts by itself.`]
    return [
      `${without} of the ${total} ${nodes} ${without === 1 ? 'has' : 'have'} no ${one}; each counts by itself.`
    ]
  })
  const ofHistory =
    about.isHistoryMissing && !isMissingToldElsewhere
      ? ['No data on history archives: none is relied on.']
      : []
  assert.deepEqual(notes, [...(faulty.length === 0 ? [] : [down]), ...ofHistory, ...ofData])
}

function noteLines(block: string): string[] {
  return items(block.split('\n'), 0)
}

function holdLegend(about: About, block: string): void {
  const columns = COLUMNS.filter(([, kind]) => kind !== 'filtered' || about.faulty.length > 0)
  const lines = items(block.split('\n'), 0)
  assert.deepEqual(
    lines.map((line) => line.replace(/ +/g, ' ')),
    columns.map(([column]) => `${column} ${LEGEND[column]}`)
  )
}

function verdictIn(about: About, block: string): Shown {
  const [first = '', ...lines] = block.split('\n')
  const [, question = '', answer = ''] = /^(.*\?\S*) (.*)$/.exec(first) ?? []
  const color = colorOf(answer)
  const mood = color === undefined ? 'neutral' : MOODS[color]
  assert.ok(mood !== undefined, `no color of a verdict: ${color}`)
  const text = lines.map(plain)
  const at = text.findIndex((line) => ARE.some((are) => line === `  ${are}:`))
  const above = at < 0 ? text : text.slice(0, at)
  const doubts: string[][] = []
  const meaning: string[] = []
  for (const line of above) {
    if (line.startsWith('  IN DOUBT:')) doubts.push([line])
    else if (doubts.length > 0 && line.startsWith('    ') && meaning.length === 0) doubts.at(-1)?.push(line)
    else meaning.push(line)
  }
  return {
    question: plain(question),
    answer: plain(answer),
    badge: undefined,
    mood,
    doubts: doubts.map((lines) => doubtIn(about, joined(lines))),
    meaning: joined(meaning),
    are: at < 0 ? undefined : text[at]?.slice(2, -1),
    listed: at < 0 ? [] : items(text.slice(at + 1), 4).map(culpritIn)
  }
}

/** Words, and behind them in brackets who is named. */
export function doubtIn(about: About, text: string): Doubt {
  const [, words = '', , nodes] = /^IN DOUBT: (.*(?:another one|find out)\.)( \((.*)\))?$/.exec(text) ?? []
  assert.notEqual(words, '', `no doubt that is known: ${text}`)
  return { words, nodes: nodes === undefined ? 0 : about.listed(nodes, 'node') }
}

function culpritIn(line: string): Shown['listed'][number] {
  if (/^[a-z]+: (not known|no data, .*)$/.test(line)) return { words: line, members: undefined }
  const colon = line.lastIndexOf(': ')
  return colon < 0
    ? { words: line, members: undefined }
    : { words: line.slice(0, colon), members: line.slice(colon + 2) }
}

/** The findings of a text, which name who is concerned. */
export function findingsIn(about: About, blocks: string[]): Told[] {
  assert.equal(blocks.length, 1)
  const [first = '', ...lines] = plain(blocks[0] ?? '').split('\n')
  if (first === 'Findings on the data: none') {
    assert.deepEqual(lines, [])
    return []
  }
  assert.equal(first, 'Findings on the data:')
  const found: { code: string; lines: string[] }[] = []
  for (const line of lines) {
    const [, code] = /^ {2}([A-Z_]+)$/.exec(line) ?? []
    if (code !== undefined) found.push({ code, lines: [] })
    else found.at(-1)?.lines.push(line)
  }
  return found.map(({ code, lines }) => {
    const at = lines.findIndex((line) => /^ {4}\d+: /.test(line))
    const message = joined(at < 0 ? lines : lines.slice(0, at))
    const [, count, names = ''] = /^(\d+): (.*)$/.exec(joined(at < 0 ? [] : lines.slice(at))) ?? []
    const [list = '', more] = names.split(/(?:[,;] |^)and (?=\d+ more$)/)
    const nodes = at < 0 ? 0 : about.listed(list, 'node')
    if (count !== undefined) {
      assert.equal(Number(count), bits(nodes).length + (more === undefined ? 0 : parseInt(more)), code)
    }
    return { code, message, nodes, isCut: more !== undefined }
  })
}

function holdEnd(about: About, block: string, title: string, figures: string[][]): void {
  const [source = '', engine = '', ...proven] = block.split('\n')
  assert.equal(source, `Source: ${title}`)
  assert.match(engine, /^Engine: stellar-fbas [\d.]+; splr [\d.]+; delete semantics$/)
  const [first = '', ...open] = proven
  if (about.isNothingKnown) {
    assert.deepEqual(proven, ['Nothing is proven, as nothing is known.'])
    return
  }
  const lines = items(open, open[0]?.search(/\S/) ?? 0)
  holdOpen(about, lines, figures)
  if (first === 'Exact: every size is proven, every witness was checked against the definition.') {
    assert.deepEqual(open, [])
    return
  }
  assert.equal(first, 'NOT exact. Not proven:')
  assert.ok(about.isCutShort)
  for (const line of lines) holdUnproven(about, line)
}

/** The figures of the table that are open, and no other of these, are told as not proven. */
function holdOpen(about: About, lines: string[], figures: string[][]): void {
  const columns = COLUMNS.filter(([, kind]) => kind !== 'filtered' || about.faulty.length > 0)
  const whats = columns.map(([, kind]) => Object.keys(UNPROVEN).find((what) => UNPROVEN[what] === kind))
  const cells = figures.flatMap(([many, ...sizes]) =>
    sizes.map((size, column): [string, string] => [`${whats[column]}, counting ${many}`, size])
  )
  const isShown = (line: string) =>
    cells.some(([what, size]) => size !== 'no data' && line.startsWith(`${what}: `))
  const expected = cells.flatMap(([what, size]) =>
    /^(at |not known)/.test(size) ? [`${what}: ${size}`] : []
  )
  assert.deepEqual(lines.filter(isShown).sort(), expected.sort(), 'what is not proven')
}

const UNPROVEN: Record<string, SetKind> = {
  ...{
    'top tier': 'top-tier',
    'smallest blocking set': 'blocking',
    'smallest blocking set, filtered': 'filtered'
  },
  ...{ 'smallest splitting set': 'splitting', 'smallest quorum': 'quorum' },
  'smallest history-critical set': 'history'
}

export function holdUnproven(about: About, line: string): void {
  assert.ok(about.isCutShort)
  if (line === 'whether every two quorums share a node') return
  const [, what = '', counting, bounds = ''] = /^(.*), counting (\w+): (.*)$/.exec(line) ?? []
  const grouping = GROUPINGS.find((grouping) => WORDS[grouping].many === counting)
  const kind = UNPROVEN[what]
  assert.ok(kind !== undefined && grouping !== undefined, `not known: ${line}`)
  assert.ok(kind !== 'filtered' || about.faulty.length > 0, `nobody is down: ${line}`)
  const size = told(bounds)
  assert.ok(!size.isExact)
  holdNumber(about, size, about.smallest(kind, grouping), line)
}
