// What `diff` says of two snapshots, held against what is so of each.

import assert from 'node:assert/strict'

import type { QuorumSet } from '../../index.js'
import type { QuorumSetDifference } from '../../ts/study/quorum-set-changes.js'
import { holdUnproven } from './analyzed.js'
import { bits, GROUPINGS, WORDS, type About, type Grouping, type SetKind } from './about.js'
import { blocksOf, items, joined, plain, tableIn } from './blocks.js'
import { findingsOf, type Expected } from './findings.js'
import { rowsIn } from './programs.js'
import { groupsAndNodes, told as toldSize } from './sizes.js'
import { statusOf } from './statuses.js'
import { holdChangeForRows, holdChangeLines, holdDifference, standing } from './quorum-sets.js'
import { doesDiffer, holdDoubt, SUBJECTS, type Doubt } from './verdicts.js'

/** What people call each, what programs call it, and what it counts. */
const SIZES: [string, string, SetKind][] = [
  ['top tier', 'topTierSize', 'top-tier'],
  ['smallest blocking set', 'blockingSetsMinSize', 'blocking'],
  ['smallest blocking set, filtered', 'blockingSetsFilteredMinSize', 'filtered'],
  ['smallest splitting set', 'splittingSetsMinSize', 'splitting'],
  ['smallest quorum', 'quorumsMinSize', 'quorum'],
  ['smallest history-critical set', 'historyCriticalMinSize', 'history']
]

/** A side, with what the text calls it. */
interface Side {
  about: About
  title: string
}

export function holdChanges(earlier: Side, later: Side, text: string): void {
  const told = earlier.about.beside(later.about)
  const [old, now] = [
    { ...earlier, about: told.old },
    { ...later, about: told.now }
  ]
  holdTold(old, now, text)
}

function holdTold(old: Side, now: Side, text: string): void {
  const [title = '', ...blocks] = blocksOf(text)
  assert.equal(plain(title), `${old.title} → ${now.title}`)
  const texts = blocks.map(plain)
  const doubts = texts
    .filter((block) => block.startsWith('IN DOUBT:'))
    .map((block) => joined(block.split('\n')))
  const lost = isNothingKnownOfOne(old, now)
    ? []
    : quorumSets(old, now).filter(({ change }) => change === 'lost')
  for (const [{ about, title }, isNew] of [
    [old, false],
    [now, true]
  ] as const) {
    const own: Doubt[] = []
    let told = { lost: false, nothing: false }
    for (const doubt of doubts.filter((doubt) => doubt.startsWith(`IN DOUBT: ${title}: `))) {
      const words = doubt.slice(`IN DOUBT: ${title}: `.length)
      const [, count, names = ''] =
        /^The quorum sets of (\d+ nodes?) were known before and are not any more: other changes may come of that\. \((.*)\)$/.exec(
          words
        ) ?? []
      if (words === 'The data has no usable quorum set of any node, so nothing is known of this network.') {
        told = { ...told, nothing: true }
      } else if (count !== undefined) {
        told = { ...told, lost: true }
        assert.equal(count, `${lost.length} ${lost.length === 1 ? 'node' : 'nodes'}`)
        assert.equal(about.listed(names, 'node'), about.population.maskOf(lost.map(({ key }) => key)))
      } else {
        const [, said = '', , nodes] = /^(.*(?:another one|find out)\.)( \((.*)\))?$/.exec(words) ?? []
        own.push({ words: said, nodes: nodes === undefined ? 0 : about.listed(nodes, 'node') })
      }
    }
    // Of one alone it is said that it is not compared.
    const isNothing = about.isNothingKnown && !isNothingKnownOfOne(old, now)
    assert.equal(told.nothing, isNothing, 'nothing known')
    assert.equal(told.lost, isNew && lost.length > 0, 'quorum sets that are not known any more')
    const differs = SUBJECTS.some((subject) => doesDiffer(about, subject))
    holdDoubt(about, differs, own, 'diff')
  }
  const told = texts.slice(doubts.length)
  const without = told
    .filter((block) => block.startsWith('NOT COMPARED:'))
    .map((block) => joined(block.split('\n')))
  assert.deepEqual(
    without,
    notCompared(old, now).map(
      ({ side, words }) => `NOT COMPARED: ${side === 'old' ? old.title : now.title}: ${words}`
    )
  )
  const sections = new Map(
    told.slice(without.length).map((block) => {
      const [name = '', ...lines] = block.split('\n')
      return [name, lines] as const
    })
  )
  const open = sections.get(OPEN)
  sections.delete(OPEN)
  const isCutShort = old.about.isCutShort || now.about.isCutShort
  if (open !== undefined) {
    assert.ok(isCutShort)
    for (const line of items(open, 2)) holdUnprovenSide(old, now, line)
  }
  const verdicts = comparedVerdicts(old, now)
  holdFigures('Verdicts', verdictsOf(old.about), verdicts, sections, isCutShort)
  holdFigures('Sizes', sizesOf(old.about), comparedSizes(old, now), sections, isCutShort)
  holdMoves(old, now, sections)
  holdQuorumSets(old, now, sections)
  if (!isCutShort) {
    holdFoundOrGone(now, 'New findings', newFindings(old, now), sections)
    holdFoundOrGone(old, 'Findings that are gone', newFindings(now, old), sections)
  } else {
    sections.delete('New findings')
    sections.delete('Findings that are gone')
  }
  const nothing =
    without.length > 0 || open !== undefined ? 'Nothing else is known to have changed.' : 'Nothing changed.'
  if (sections.has(nothing)) assert.equal(sections.size, 1)
  else assert.deepEqual([...sections.keys()], [], 'a section that nobody knows')
}
const OPEN = 'NOT exact: what is not proven may have changed, too.'

function holdUnprovenSide(old: Side, now: Side, line: string): void {
  const side = [old, now].find(({ title }) => line.startsWith(`${title}: `))
  assert.ok(side !== undefined, line)
  holdUnproven(side.about, line.slice(`${side.title}: `.length))
}

const hasSets = ({ about }: Side) => !about.isNothingKnown
const saysWhoIsDown = ({ about }: Side) =>
  about.network.nodes.some(({ isValidating }) => isValidating != null)
const hasHistory = ({ about }: Side) => !about.isWithoutHistory

function hasGroups({ about: { population, network } }: Side, grouping: Grouping): boolean {
  const listed = population.maskOf(network.nodes.map(({ publicKey }) => publicKey))
  return (
    grouping === 'node' ||
    population.units(grouping).some(({ isNode, nodes }) => !isNode && (nodes & listed) !== 0)
  )
}

/** What only one of the two says anything of. */
export function notCompared(old: Side, now: Side): { side: 'old' | 'new'; words: string }[] {
  return (
    [
      ['old', old, now],
      ['new', now, old]
    ] as const
  ).flatMap(([side, one, other]) => {
    const lacks = (has: (side: Side) => boolean) => !has(one) && has(other)
    const words = [
      ...(lacks(hasSets)
        ? [
            'It has no usable quorum set of any node: verdicts, sizes, top tiers and quorum sets are not compared.'
          ]
        : []),
      ...(['organization', 'node', 'country', 'isp'] as const)
        .filter((grouping) => lacks((side) => hasGroups(side, grouping)))
        .map(
          (grouping) =>
            `It has no data on ${WORDS[grouping].many}: what counts or lists them is not compared.`
        ),
      ...(!lacks(hasSets) && lacks(hasHistory)
        ? ['It does not say which history archives have errors: history-critical sets are not compared.']
        : []),
      ...(!lacks(hasSets) && lacks(saysWhoIsDown)
        ? [
            'It does not say which nodes are down: the verdict, whether it has halted, and filtered sizes are not compared.'
          ]
        : [])
    ]
    return words.map((words) => ({ side, words }))
  })
}

/** Rows by what they are about; those alike on both sides are not told. */
type Figures = Map<string, string>

const isNothingKnownOfOne = (old: Side, now: Side) => hasSets(old) !== hasSets(now)

function verdictsOf(about: About): Figures {
  const { truth, down, isNothingKnown } = about
  const known = (fact: boolean) => (isNothingKnown ? 'not known' : fact ? 'yes' : 'no')
  const verdicts: Record<number, string> = { 0: 'safe', 1: 'unsafe', 3: 'unknown' }
  return new Map([
    ['verdict', verdicts[statusOf(about)] ?? ''],
    ['a quorum exists', known(truth.hasQuorum)],
    ['every two quorums share a node', known(truth.intersects)],
    ['it has halted', known(!down.hasQuorum)],
    ['the top tier is symmetric', known(truth.symmetric !== null)]
  ])
}

/** Those of the later one that both say something of. */
function comparedVerdicts(old: Side, now: Side): Figures {
  if (isNothingKnownOfOne(old, now)) return new Map()
  const isDownSaid = saysWhoIsDown(old) === saysWhoIsDown(now)
  const hangsOnDown = (what: string) => ['verdict', 'it has halted'].includes(what)
  return new Map([...verdictsOf(now.about)].filter(([what]) => isDownSaid || !hangsOnDown(what)))
}

function sizesOf(about: About): Figures {
  const text = (size: number | null) => {
    if (about.isNothingKnown) return 'not known'
    return size === null ? (about.truth.hasQuorum ? 'none' : 'no quorum') : String(size)
  }
  return new Map(
    GROUPINGS.flatMap((grouping) =>
      SIZES.map(([name, , kind]): [string, string] => [
        `${WORDS[grouping].many} ${name}`,
        text(about.smallest(kind, grouping))
      ])
    )
  )
}

function comparedSizes(old: Side, now: Side): Figures {
  if (isNothingKnownOfOne(old, now)) return new Map()
  const groupings = GROUPINGS.filter((grouping) => [old, now].every((side) => hasGroups(side, grouping)))
  const isCompared = (what: string) =>
    groupings.some((grouping) => what.startsWith(`${WORDS[grouping].many} `)) &&
    (!what.endsWith('filtered') || saysWhoIsDown(old) === saysWhoIsDown(now)) &&
    (!what.endsWith('history-critical set') || [old, now].every(hasHistory))
  return new Map([...sizesOf(now.about)].filter(([what]) => isCompared(what)))
}

function holdFigures(
  name: string,
  old: Figures,
  now: Figures,
  sections: Map<string, string[]>,
  isCutShort: boolean
): void {
  const lines = sections.get(name)
  sections.delete(name)
  const { header, rows } = lines === undefined ? { header: [], rows: [] } : tableIn(lines.join('\n'))
  if (lines !== undefined) {
    assert.deepEqual(header, [
      ...(name === 'Sizes' ? ['counting'] : []),
      ...['what', 'old', 'new', 'which is']
    ])
  }
  holdRows(
    rows.map((row) => {
      const [before = '', after = '', direction = ''] = row.slice(-3)
      return [row.slice(0, -3).join(' '), before, after, forPrograms(direction)]
    }),
    old,
    now,
    isCutShort,
    name
  )
}

function holdRows(told: string[][], old: Figures, now: Figures, isCutShort: boolean, name: string): void {
  const expected = [...now].flatMap(([what, value]) =>
    old.get(what) === value
      ? []
      : [[what, old.get(what) ?? '', value, whichIs(what, old.get(what) ?? '', value)]]
  )
  if (!isCutShort) return assert.deepEqual(told, expected, name)
  // What is told has changed indeed, but for what `--check` makes of it.
  for (const [what = '', before = '', after = '', direction] of told) {
    if (what === 'verdict') continue
    const change = expected.find(([other]) => other === what)
    assert.ok(change !== undefined, `${what} has not changed`)
    assert.equal(direction, change[3], what)
    const sides: [string, string][] = [
      [before, change[1] ?? ''],
      [after, change[2] ?? '']
    ]
    for (const [said, is] of sides) {
      if (!/^(at |not known)/.test(said)) assert.equal(said, is, what)
      else if (said !== 'not known') {
        const { atLeast, atMost } = toldSize(said)
        assert.ok(is === 'none' || Number(is) >= atLeast, what)
        assert.ok(atMost === null || Number(is) <= atMost, what)
      }
    }
  }
}

/** What is neither better nor worse, as programs are told it. */
function forPrograms(direction: string): string {
  assert.notEqual(direction, 'other')
  return direction === 'neither' ? 'other' : direction
}

/** Whether it is better or worse for the network. That there is no quorum, or that nobody knows, is neither. */
function whichIs(what: string, old: string, now: string): string {
  if ([old, now].some((value) => ['unknown', 'no quorum', 'not known'].includes(value))) return 'other'
  const isGood = {
    ...{ verdict: 'safe', 'a quorum exists': 'yes', 'every two quorums share a node': 'yes' },
    'it has halted': 'no'
  }[what]
  if (isGood !== undefined) return now === isGood ? 'better' : 'worse'
  if (!/smallest (blocking|splitting|history-critical) set/.test(what)) return 'other'
  const size = (text: string) => (text === 'none' ? Infinity : Number(text))
  return size(now) > size(old) ? 'better' : 'worse'
}

/** The findings of one side that the other has not, or not of these nodes. */
export function newFindings(old: Side, now: Side): Expected[] {
  const before = findingsOf(old.about)
  const told = findingsOf(now.about).filter(({ code }) => code !== 'NO_GROUP_DATA')
  return told.flatMap(({ code, message, nodes }) => {
    const same = before.find((other) => other.code === code && other.message === message)
    const concerned = nodes.filter((node) => same?.nodes.includes(node) !== true)
    return same !== undefined && concerned.length === 0 ? [] : [{ code, message, nodes: concerned }]
  })
}

function holdFoundOrGone(
  { about }: Side,
  name: string,
  expected: Expected[],
  sections: Map<string, string[]>
): void {
  const lines = sections.get(name)
  sections.delete(name)
  const left = [...expected]
  for (const line of lines === undefined ? [] : items(lines, 2)) {
    const at = left.findIndex(
      ({ code, message, nodes }) =>
        (nodes.length === 0 && line === `${code} ${message}`) ||
        (nodes.length > 0 && line.startsWith(`${code} ${message} (`))
    )
    if (at < 0) {
      // How it hangs on unknown nodes is held where findings are listed.
      assert.match(line, /^VERDICT_DEPENDS_ON_UNKNOWN_NODES /, line)
      continue
    }
    const [found] = left.splice(at, 1)
    if (found === undefined || found.nodes.length === 0) continue
    const names = line.slice(`${found.code} ${found.message} (`.length, -1)
    const [list = '', more] = names.split(/[,;] and (?=\d+ more$)/)
    const nodes = about.listed(list, 'node')
    const all = about.population.maskOf(found.nodes)
    if (more === undefined) assert.equal(nodes, all, line)
    else assert.ok((nodes & ~all) === 0 && bits(nodes).length + parseInt(more) === found.nodes.length, line)
  }
  assert.deepEqual(left, [], name)
}

interface ForPrograms {
  kind: string
  counting?: string
  change?: string
  what?: string
  old?: string
  new?: string
  member?: string
  direction?: string
  code?: string
  message?: string
  nodes?: string[]
  difference?: QuorumSetDifference
}

const NAMES: Record<string, string> = {
  verdict: 'verdict',
  hasQuorum: 'a quorum exists',
  hasQuorumIntersection: 'every two quorums share a node',
  hasHalted: 'it has halted',
  hasSymmetricTopTier: 'the top tier is symmetric'
}

/** The same as JSON or CSV. */
export function holdChangesForPrograms(old: Side, now: Side, format: 'json' | 'csv', text: string): void {
  const isJson = format === 'json'
  let changes: ForPrograms[]
  if (isJson) {
    const answer = JSON.parse(text)
    assert.deepEqual([answer.old.title, answer.new.title], [old.title, now.title])
    assert.deepEqual([answer.old.sources, answer.new.sources], [[old.title], [now.title]])
    assert.deepEqual(
      answer.notCompared,
      notCompared(old, now).map(({ side, words }) => ({ side, message: words }))
    )
    assert.deepEqual(answer.unproven, [])
    changes = answer.changes
  } else {
    const { columns, rows } = rowsIn(text)
    assert.deepEqual(columns, ['kind', 'counting', 'change', 'what', 'old', 'new', 'member', 'direction'])
    changes = rows as unknown as ForPrograms[]
  }
  const of = (kind: string) => changes.filter((change) => change.kind === kind)
  const yes = (value = '') => ({ true: 'yes', false: 'no' })[value] ?? value
  const figures = (kind: string) =>
    of(kind).map(({ counting, what = '', old = '', new: value = '', direction = '' }) => {
      const grouping = GROUPINGS.find((grouping) => grouping === counting)
      const name = SIZES.find(([, field]) => field === what)?.[0] ?? NAMES[what] ?? ''
      return [
        grouping === undefined ? name : `${WORDS[grouping].many} ${name}`,
        yes(old),
        yes(value),
        direction
      ]
    })
  holdRows(figures('verdict'), verdictsOf(old.about), comparedVerdicts(old, now), false, 'verdicts')
  holdRows(figures('size'), sizesOf(old.about), comparedSizes(old, now), false, 'sizes')
  const sets = isNothingKnownOfOne(old, now) ? [] : quorumSets(old, now)
  assert.deepEqual(
    of('quorumSet')
      .map(({ change, member }) => `${change} ${member}`)
      .sort(),
    sets.map(({ key, change }) => `${change} ${key}`).sort()
  )
  for (const { member, what, difference } of of('quorumSet').filter(({ change }) => change === 'changed')) {
    const [was, is] = setsOf(old, now, member)
    if (isJson) holdDifference(was, is, difference as QuorumSetDifference)
    else holdChangeForRows(was, is, what ?? '')
  }
  for (const [way, expected] of [
    ['new', newFindings(old, now)],
    ['gone', newFindings(now, old)]
  ] as const) {
    const found = of('finding').filter(
      ({ change, code, what }) => change === way && (code ?? what) !== 'VERDICT_DEPENDS_ON_UNKNOWN_NODES'
    )
    const told = found.map(({ code, what, message, nodes, member }) =>
      isJson
        ? [code, message, [...(nodes ?? [])].sort()]
        : [what, [...(member ?? '').split(' ')].sort().join(' ')]
    )
    const so = expected.map(({ code, message, nodes }) =>
      isJson ? [code, message, [...nodes].sort()] : [code, [...nodes].sort().join(' ')]
    )
    const inOrder = (list: unknown[]) => list.map((one) => JSON.stringify(one)).sort()
    assert.deepEqual(inOrder(told), inOrder(so), way)
  }
  const nodes = (side: Side) => side.about.network.nodes.map(({ publicKey }) => publicKey)
  for (const [change, here, there] of [
    ['joined', nodes(now), nodes(old)],
    ['left', nodes(old), nodes(now)]
  ] as const) {
    const told = of('listed').filter((one) => one.counting === 'node' && one.change === change)
    assert.deepEqual(
      told.map(({ member }) => member).sort(),
      here.filter((key) => !there.includes(key)).sort()
    )
  }
}

/** What `--check changed` and `--check worse` have to make of what is told, which is held where it is read without. */
export function holdChangeStatus(
  check: 'changed' | 'worse',
  isReadingChosen: boolean,
  text: string,
  status: number | null
): void {
  const answer = JSON.parse(text)
  const changes = answer.changes as ForPrograms[]
  const worse = changes.filter(({ direction }) => direction === 'worse')
  const isInDoubt = !isReadingChosen && answer.doubts.length > 0
  const isOpen = answer.unproven.length > 0 || answer.notCompared.length > 0
  const isSo = check === 'changed' ? changes.length > 0 : worse.length > 0
  // Verdicts are worse for sure, and what the data says is another thing for sure.
  const isSure = check === 'changed' || worse.some(({ what }) => what === 'verdict') || !isInDoubt
  assert.equal(status, isSo && isSure ? 1 : isInDoubt || isOpen ? 3 : 0, check)
}

function holdMoves(old: Side, now: Side, sections: Map<string, string[]>): void {
  const tierOf = ({ about }: Side, grouping: Grouping) => about.truth.topTier(grouping)
  const listedOf = ({ about }: Side, grouping: Grouping) => {
    const { network, population } = about
    const nodes = population.maskOf(network.nodes.map(({ publicKey }) => publicKey))
    const units = population.touched(nodes, grouping)
    const groups = population.units(grouping)
    return bits(units)
      .filter((index) => grouping === 'node' || groups[index]?.isNode === false)
      .reduce((set, index) => set | (1 << index), 0)
  }
  for (const [name, groupings, setOf] of [
    ['Top tier', GROUPINGS, tierOf],
    ['Listed', ['node', 'organization'] as const, listedOf]
  ] as const) {
    const lines = sections.get(name)
    sections.delete(name)
    const found = new Map<string, Set<string>>()
    for (const line of lines === undefined ? [] : items(lines, 2)) {
      const [, sign = '', words = '', names = ''] = /^([+-]) (.*?): (.*)$/.exec(line) ?? []
      const side = sign === '-' ? old : now
      const grouping = groupingOf(words)
      const units = grouping === 'node' ? side.about.listedFully(names) : side.about.listed(names, grouping)
      holdCount(side.about, words, bits(units), grouping)
      assert.equal(units & ~setOf(side, grouping), 0, `${name}: ${line}`)
      const ids = bits(units).map((index) => side.about.population.units(grouping)[index]?.id ?? '')
      found.set(`${sign} ${grouping}`, new Set(ids))
    }
    const isTier = name === 'Top tier'
    for (const grouping of groupings) {
      const isCompared =
        [old, now].every((side) => hasGroups(side, grouping)) && !(isTier && isNothingKnownOfOne(old, now))
      if (!isCompared)
        assert.deepEqual(
          [...found.keys()].filter((key) => key.endsWith(` ${grouping}`)),
          []
        )
      if (!isCompared) continue
      // Countries and providers are called as their first node spells them, which may change by itself.
      if (grouping === 'country' || grouping === 'isp') continue
      const ids = (side: Side) =>
        bits(setOf(side, grouping)).map((index) => side.about.population.units(grouping)[index]?.id ?? '')
      const [before, after] = [ids(old), ids(now)]
      for (const [sign, here, there] of [
        ['+', after, before],
        ['-', before, after]
      ] as const) {
        const expected = here.filter((id) => !there.includes(id)).sort()
        const told = [...(found.get(`${sign} ${grouping}`) ?? [])].sort()
        if (isTier && (old.about.isCutShort || now.about.isCutShort)) {
          for (const id of told) assert.ok(expected.includes(id), `${name} ${sign} ${id}`)
        } else assert.deepEqual(told, expected, `${name} ${sign} ${grouping}`)
      }
    }
  }
}

/** The grouping of "2 providers and 1 node without one", "1 node without a provider". */
function groupingOf(words: string): Grouping {
  const found = GROUPINGS.filter((grouping) => grouping !== 'node').find((grouping) =>
    new RegExp(`\\b(${WORDS[grouping].one}|${WORDS[grouping].many})\\b`).test(words)
  )
  return found ?? 'node'
}

function holdCount(about: About, words: string, units: number[], grouping: Grouping): void {
  const isAlone = (index: number) => about.population.units(grouping)[index]?.isNode === true
  const alone = grouping === 'node' ? 0 : units.filter(isAlone).length
  assert.equal(words, groupsAndNodes(grouping, units.length - alone, alone))
}

function quorumSets(old: Side, now: Side): { key: string; change: 'lost' | 'found' | 'changed' }[] {
  const before = new Map(
    old.about.network.nodes.map(({ publicKey, quorumSet }) => [publicKey, quorumSet ?? null])
  )
  type Changed = ReturnType<typeof quorumSets>
  return now.about.network.nodes.flatMap(({ publicKey: key, quorumSet }): Changed => {
    const was = before.get(key)
    if (was === undefined) return []
    const is = quorumSet ?? null
    if (was === null || is === null)
      return was === is ? [] : [{ key, change: is === null ? 'lost' : 'found' }]
    return standing(was) === standing(is) ? [] : [{ key, change: 'changed' }]
  })
}

/** What a node that both list asks for, before and now. */
function setsOf(old: Side, now: Side, key: string | undefined): [QuorumSet, QuorumSet] {
  const [was, is] = [old, now].map(
    ({ about }) => about.network.nodes.find(({ publicKey }) => publicKey === key)?.quorumSet
  )
  assert.ok(was != null && is != null)
  return [was, is]
}

function holdQuorumSets(old: Side, now: Side, sections: Map<string, string[]>): void {
  const changes = isNothingKnownOfOne(old, now) ? [] : quorumSets(old, now)
  for (const [name, sign, change] of [
    ['Other quorum sets than before', '~', 'changed'],
    ['Quorum sets that are not known any more', '?', 'lost'],
    ['Quorum sets that were not known before', '~', 'found']
  ] as const) {
    const lines = sections.get(name)
    sections.delete(name)
    const keys = changes.filter((one) => one.change === change).map(({ key }) => key)
    // What changed in them stands below, further in.
    const found: { told: string[]; parts: string[] }[] = []
    for (const line of lines ?? []) {
      const depth = line.length - line.trimStart().length
      if (depth === 2) found.push({ told: [line], parts: [] })
      else found.at(-1)?.[depth < 6 ? 'told' : 'parts'].push(line)
    }
    assert.equal(found.length > 0, keys.length > 0, name)
    let all = 0
    for (const { told, parts } of found) {
      const [, mark, words = '', names = ''] = /^([~?]) (.*?): (.*)$/.exec(joined(told)) ?? []
      const nodes = now.about.listedFully(names)
      assert.equal(mark, sign)
      assert.equal(nodes & all, 0, 'a node that is told twice')
      all |= nodes
      holdCount(now.about, words, bits(nodes), 'node')
      assert.equal(parts.length > 0, change === 'changed')
      if (change === 'changed')
        for (const index of bits(nodes))
          holdChangeLines(...setsOf(old, now, now.about.population.keys[index]), items(parts, 6))
    }
    assert.equal(all, now.about.population.maskOf(keys))
  }
}
