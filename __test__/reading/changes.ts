// What `diff` says of two snapshots, held against what is so of each.

import assert from 'node:assert/strict'

import type { QuorumSet } from '../../index.js'
import { bits, GROUPINGS, WORDS, type About, type Grouping, type SetKind } from './about.js'
import { blocksOf, items, joined, plain, tableIn } from './blocks.js'
import { statusOf } from './statuses.js'
import { doesDiffer, holdDoubt, SUBJECTS, type Doubt } from './verdicts.js'

const SIZES: [string, SetKind][] = [
  ['topTierSize', 'top-tier'],
  ['blockingSetsMinSize', 'blocking'],
  ['blockingSetsFilteredMinSize', 'filtered'],
  ['splittingSetsMinSize', 'splitting'],
  ['quorumsMinSize', 'quorum'],
  ['historyCriticalMinSize', 'history']
]

/** A side, with what the text calls it. */
interface Side {
  about: About
  title: string
}

export function holdChanges(old: Side, now: Side, text: string): void {
  const [title = '', ...blocks] = blocksOf(text)
  assert.equal(plain(title), `${old.title} → ${now.title}`)
  const texts = blocks.map(plain)
  const doubts = texts
    .filter((block) => block.startsWith('IN DOUBT:'))
    .map((block) => joined(block.split('\n')))
  const lost = quorumSets(old, now).filter(({ change }) => change === 'lost')
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
      if (words === 'The data has no quorum set of any node, so nothing is known of this network.') {
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
    assert.equal(told.nothing, about.isNothingKnown, 'nothing known')
    assert.equal(told.lost, isNew && lost.length > 0, 'quorum sets that are not known any more')
    const differs = SUBJECTS.some((subject) => doesDiffer(about, subject))
    holdDoubt(about, differs, own, 'diff')
  }
  const sections = new Map(
    texts.slice(doubts.length).map((block) => {
      const [name = '', ...lines] = block.split('\n')
      return [name, lines] as const
    })
  )
  holdFigures('Verdicts', verdictsOf(old.about), verdictsOf(now.about), sections)
  holdFigures('Sizes', sizesOf(old.about), sizesOf(now.about), sections)
  holdMoves(old, now, sections)
  holdQuorumSets(old, now, sections)
  for (const name of ['New findings', 'Findings that are gone']) {
    // What findings say is held where they are listed; here it is that they are new.
    const lines = sections.get(name)
    sections.delete(name)
    for (const line of lines === undefined ? [] : items(lines, 2)) assert.match(line, /^[A-Z_]+ [A-Z]/)
  }
  if (sections.has('Nothing changed.')) assert.equal(sections.size, 1)
  else assert.deepEqual([...sections.keys()], [], 'a section that nobody knows')
}

/** Rows by what they are about; those alike on both sides are not told. */
type Figures = Map<string, string>

function verdictsOf(about: About): Figures {
  const { truth, down, isNothingKnown } = about
  const known = (fact: boolean) => (isNothingKnown ? 'not known' : String(fact))
  const verdicts: Record<number, string> = { 0: 'safe', 1: 'unsafe', 3: 'unknown' }
  return new Map([
    ['verdict', verdicts[statusOf(about)] ?? ''],
    ['hasQuorum', known(truth.hasQuorum)],
    ['hasQuorumIntersection', known(truth.intersects)],
    ['hasHalted', known(!down.hasQuorum)],
    ['hasSymmetricTopTier', known(truth.symmetric !== null)]
  ])
}

function sizesOf(about: About): Figures {
  const text = (size: number | null) => {
    if (about.isNothingKnown) return 'not known'
    return size === null ? (about.truth.hasQuorum ? 'none' : 'no quorum') : String(size)
  }
  return new Map(
    GROUPINGS.flatMap((grouping) =>
      SIZES.map(([name, kind]): [string, string] => [
        `${WORDS[grouping].many} ${name}`,
        text(about.smallest(kind, grouping))
      ])
    )
  )
}

function holdFigures(name: string, old: Figures, now: Figures, sections: Map<string, string[]>): void {
  const lines = sections.get(name)
  sections.delete(name)
  const { rows } = lines === undefined ? { rows: [] } : tableIn(lines.join('\n'))
  const told = rows.map((row) => [row.slice(0, -2).join(' '), ...row.slice(-2)])
  const expected = [...now].flatMap(([what, value]) =>
    old.get(what) === value ? [] : [[what, old.get(what) ?? '', value]]
  )
  assert.deepEqual(told, expected, name)
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
      const units =
        grouping === 'node'
          ? side.about.listedFully(names, { open: ' (', close: ')', between: ', ' })
          : side.about.listed(names, grouping)
      holdCount(side.about, words, bits(units), grouping)
      assert.equal(units & ~setOf(side, grouping), 0, `${name}: ${line}`)
      const ids = bits(units).map((index) => side.about.population.units(grouping)[index]?.id ?? '')
      found.set(`${sign} ${grouping}`, new Set(ids))
    }
    for (const grouping of groupings) {
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
        assert.deepEqual(
          [...(found.get(`${sign} ${grouping}`) ?? [])].sort(),
          expected,
          `${name} ${sign} ${grouping}`
        )
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
  const alone = units.filter((index) => about.population.units(grouping)[index]?.isNode).length
  const { one, many } = WORDS[grouping]
  const number = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`
  const groups = units.length - alone
  const any = `${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`
  assert.equal(
    words,
    grouping === 'node' || alone === 0
      ? number(units.length, one, many)
      : groups === 0
        ? `${number(alone, 'node', 'nodes')} without ${any}`
        : `${number(groups, one, many)} and ${number(alone, 'node', 'nodes')} without one`
  )
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

function standing({ threshold, validators, innerQuorumSets }: QuorumSet): string {
  return JSON.stringify([threshold, [...validators].sort(), innerQuorumSets.map(standing).sort()])
}

function holdQuorumSets(old: Side, now: Side, sections: Map<string, string[]>): void {
  const changes = quorumSets(old, now)
  for (const [name, sign, change] of [
    ['Other quorum sets than before', '~', 'changed'],
    ['Quorum sets that are not known any more', '?', 'lost'],
    ['Quorum sets that were not known before', '~', 'found']
  ] as const) {
    const lines = sections.get(name)
    sections.delete(name)
    const keys = changes.filter((one) => one.change === change).map(({ key }) => key)
    const [line, ...more] = lines === undefined ? [] : items(lines, 2)
    assert.deepEqual(more, [])
    assert.equal(line !== undefined, keys.length > 0, name)
    if (line === undefined) continue
    const [, found, words = '', names = ''] = /^([~?]) (.*?): (.*)$/.exec(line) ?? []
    const nodes = now.about.listedFully(names, { open: ' (', close: ')', between: ', ' })
    assert.equal(found, sign)
    assert.equal(nodes, now.about.population.maskOf(keys))
    holdCount(now.about, words, bits(nodes), 'node')
  }
}
