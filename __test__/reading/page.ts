// The report as a browser shows it: every text on it is read and held against the truth.

import assert from 'node:assert/strict'

import type { Page } from 'playwright-core'

import type { FbasNode, QuorumSet } from '../../index.js'
import { bits, GROUPINGS, WORDS, type About, type SetKind } from './about.js'
import { Cursor, sentence } from './cursor.js'
import { COLUMNS, holdNotes, listed } from './analyzed.js'
import { holdFindingsTold } from './findings.js'
import { holdHeadline } from './headline.js'
import { holdFigure, holdMembersWords, holdSize, told, toldOfUnits } from './sizes.js'
import { holdAside, holdSymmetryDoubt, holdVerdicts, rules, type Shown } from './verdicts.js'

/** Moods by their colors: green, amber, red, violet, gray. */
const MOODS: Record<string, Shown['mood']> = {
  'rgb(0, 121, 90)': 'good',
  'rgb(194, 122, 0)': 'caution',
  'rgb(179, 38, 30)': 'bad',
  'rgb(124, 90, 166)': 'unknown',
  'rgb(89, 98, 109)': 'neutral'
}

const HEADINGS: Record<string, string> = {
  'top tier': 'Decide',
  blocking: 'Halt',
  'blocking, filtered': 'Halt now',
  splitting: 'Split',
  'history-critical': 'History'
}

const SPLIT_ALREADY = 'It is split already: nobody has to lie.'

const CAN: Record<string, [SetKind, string]> = {
  'top-tier': ['top-tier', 'in the top tier'],
  blocking: ['blocking', 'can halt the network by stopping'],
  filtered: ['filtered', 'more can halt it, with the nodes that are down already'],
  splitting: ['splitting', 'can split the network by lying'],
  'history-critical': ['history', 'with the archives that the history of some quorum hangs on']
}

/** Everything that is written on the page, by where it stands. */
interface Written {
  title: string
  heading: string
  sub: string
  sections: string[]
  headline: { color: string; words: string; beside: string }
  contents: [text: string, isThere: boolean][]
  verdicts: {
    id: string
    color: string
    texts: { tag: string; text: string; who: string }[]
    meaning: string[]
    missing: string
    listed: { words: string; members: string | null }[]
  }[]
  legend: string
  figures: { header: string[]; rows: string[][]; labels: [string, string][] }
  notes: string[]
  captions: { id: string; title: string; who: string; parts: string[]; sides: string[] }[]
  visible: string[]
  hint: string
  drawn: string
  form: string
  /** What stands in the middle, where something does. */
  hub: string
  squares: string[]
  clusters: string[]
  nodesDrawn: number
  occurrences: { texts: string[]; header: string[]; rows: string[][] }
  nodes: { texts: string[]; search: string[]; header: string[]; rows: string[][] }
  findings: { texts: string[]; listed: { code: string; message: string; nodes: string | null }[] }
  proofs: { texts: string[]; rows: string[][] }
  terms: string[]
  footer: string
  /** Texts that stand nowhere of these. */
  unread: string[]
}

export async function written(page: Page): Promise<Written> {
  // What compiles this test puts names to functions, for which the page has no use.
  await page.evaluate('globalThis.__name = (named) => named')
  return page.evaluate(() => {
    const readers = new Set<Element>()
    const text = (element: Element | null | undefined): string => {
      if (element == null) return ''
      readers.add(element)
      return (element.textContent ?? '').replace(/\s+/g, ' ').trim()
    }
    const all = (selector: string, within: ParentNode = document) => [...within.querySelectorAll(selector)]
    const texts = (selector: string, within: ParentNode = document) =>
      all(selector, within).map((element) => text(element))
    /** Without the word that unfolds them. */
    const unfolded = (element: Element | null): string => {
      const whole = text(element)
      return element?.querySelector('summary') == null ? whole : whole.replace(/by name/, '').trim()
    }
    const table = (selector: string) => ({
      header: texts(`${selector} thead th`),
      rows: all(`${selector} tbody tr`).map((row) => texts('th, td', row))
    })
    const figures = table('.figures table')
    const snapshot = {
      title: document.title,
      heading: text(document.querySelector('header h1')),
      sub: text(document.querySelector('header p')),
      sections: all('main > section').map((section) => section.getAttribute('aria-labelledby') ?? section.id),
      headline: {
        color: getComputedStyle(document.querySelector('.headline') ?? document.body).borderLeftColor,
        words: text(document.querySelector('.headline .words')),
        beside: text(document.querySelector('.headline .beside'))
      },
      contents: all('.contents a').map((link): [string, boolean] => [
        text(link),
        document.querySelector(link.getAttribute('href') ?? '') !== null
      ]),
      verdicts: all('.verdict').map((article) => ({
        id: article.id,
        color: getComputedStyle(article).borderTopColor,
        texts: [...article.children]
          .filter((child) => !child.matches('dl, details, .no-data'))
          .map((child) => {
            const who = [...child.querySelectorAll('span')].map((span) => span.textContent ?? '').join('')
            return { tag: `${child.tagName} ${child.className}`.trim(), text: text(child), who }
          }),
        meaning: texts('.meaning > *', article),
        missing: text(article.querySelector('.no-data')),
        listed: all('dl > div', article).map((item) => ({
          words: text(item.querySelector('dt')),
          members: item.querySelector('dd') === null ? null : unfolded(item.querySelector('dd'))
        }))
      })),
      legend: text(document.querySelector('.figures legend')),
      figures: {
        ...figures,
        rows: all('.figures tbody tr').map((row) =>
          all('th, td', row).map((cell) => {
            text(cell)
            return (cell.querySelector('.figure') ?? cell).textContent ?? ''
          })
        ),
        labels: all('.figures input').map((input): [string, string] => [
          input.id,
          (document.querySelector(`label[for="${input.id}"] .hidden`)?.textContent ?? '').trim()
        ])
      },
      notes: texts('.figures > p'),
      captions: all('.caption').map((caption) => ({
        id: [...caption.classList].find((name) => name !== 'caption') ?? '',
        title: text(caption.querySelector('.caption-title')),
        who: unfolded(caption.querySelector('.who')),
        parts: texts('.legend li', caption),
        sides: all('.legend .side', caption).map(unfolded)
      })),
      visible: all('.caption')
        .filter((caption) => getComputedStyle(caption).display !== 'none')
        .map((caption) => [...caption.classList].find((name) => name !== 'caption') ?? ''),
      hint: text(document.querySelector('#details')),
      drawn: [...texts('figure > p'), text(document.querySelector('#drawn'))].join(' ').trim(),
      form:
        ['hub', 'circle', 'matrix'].find((form) => document.querySelector(`svg.picture.${form}`)) ?? 'none',
      hub: document.querySelector('.hub > title')?.textContent ?? '',
      squares: texts('.squares li'),
      clusters: texts('.key li'),
      nodesDrawn: all('svg.picture [id^="node-"]').length,
      occurrences: {
        texts: texts('[aria-labelledby="occurrences"] > :is(h2, p)'),
        ...table('table.occurrences'),
        rows: all('table.occurrences tbody tr').map((row) => [...row.children].map(unfolded))
      },
      nodes: {
        texts: texts('[aria-labelledby="nodes"] > :is(h2, p:not(.search))'),
        search: texts('.search label, #found'),
        header: texts('.all-nodes thead th'),
        rows: all('.all-nodes tbody tr').map((row) =>
          [...row.children].map((cell) => {
            const button = text(cell.querySelector('button'))
            return text(cell.querySelector('code') ?? cell) + (button === '' ? '' : ` [${button}]`)
          })
        )
      },
      findings: {
        texts: texts('[aria-labelledby="findings"] > :is(h2, p)'),
        listed: all('.findings li').map((item) => {
          text(item)
          return {
            code: (item.querySelector('code')?.textContent ?? '').trim(),
            message: (item.querySelector('p')?.textContent ?? '').trim(),
            nodes: item.querySelector('div')?.textContent?.replace(/\s+/g, ' ').trim() ?? null
          }
        })
      },
      proofs: {
        texts: texts(
          '[aria-labelledby="proofs"] > :is(h2, p), [aria-labelledby="proofs"] summary, table.proofs thead th'
        ),
        rows: table('table.proofs').rows
      },
      terms: texts('[aria-labelledby="terms"] :is(h2, dt, dd)'),
      footer: text(document.querySelector('footer')),
      unread: [] as string[]
    }
    text(document.querySelector('[id="network"]'))
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const { parentElement, textContent } = walker.currentNode
      if (parentElement === null || parentElement.closest('svg, script, style') !== null) continue
      let element: Element | null = parentElement
      while (element !== null && !readers.has(element)) element = element.parentElement
      if (element === null && (textContent ?? '').trim() !== '') snapshot.unread.push(textContent ?? '')
    }
    return snapshot
  })
}

export function holdPage(about: About, page: Written, title: string): void {
  const { truth } = about
  assert.deepEqual(page.unread, [], 'texts that nobody reads')
  assert.deepEqual([page.title, page.heading], [`Can it halt, can it split? ${title}`, title])
  assert.equal(page.sub, listed(about, ' listed'))
  assert.deepEqual(page.sections, [
    'answer',
    'verdicts',
    'network',
    'occurrences',
    'nodes',
    'findings',
    'proofs',
    'terms'
  ])
  holdHeadline(about, { ...page.headline, mood: moodOf(page.headline.color) })
  assert.deepEqual(
    page.contents,
    ['Picture and figures', 'Who is needed', 'All nodes', 'Odd data', 'Proofs', 'Words'].map((text) => [
      text,
      true
    ])
  )
  holdVerdicts(
    about,
    page.verdicts.map((verdict) => verdictOf(about, verdict))
  )
  const choosing = page.captions.length === 0 ? '' : ' Choose a figure to see an example in the picture.'
  assert.equal(page.legend, `The fewest who can do it.${choosing}`)
  holdFigureRows(about, page.figures)
  holdNotes(about, page.notes, true)
  holdCaptions(about, page)
  // Where nothing is drawn there is nothing to point at.
  const isDrawn = truth.core !== 0 || about.network.nodes.some(({ quorumSet }) => quorumSet != null)
  assert.equal(
    page.hint,
    isDrawn
      ? 'Point at an organization or a node, or go there by Tab and the arrow keys, to see whom it trusts.'
      : ''
  )
  holdDrawn(about, page)
  holdOccurrences(about, page)
  holdNodes(about, page.nodes)
  assert.deepEqual(page.findings.texts, [
    'What is odd in the data',
    ...(page.findings.listed.length === 0 ? ['Nothing.'] : [])
  ])
  holdFindingsTold(
    about,
    page.findings.listed.map(({ code, message, nodes }) => {
      const [, count, names] = /^(\d+) nodes?: (.*)$/.exec(nodes ?? '') ?? []
      const named = names === undefined ? 0 : about.listedFully(names)
      if (count !== undefined) assert.equal(Number(count), bits(named).length, code)
      return { code, message, nodes: named, isCut: false }
    })
  )
  holdProofs(about, page)
  holdTerms(about, page.terms)
  assert.match(
    page.footer,
    /^Made by stellar-fbas [\d.]+; splr [\d.]+; delete semantics from \S+\. This file needs no network: save it, print it, pass it on\. ?Download the data JSON with the network, which the command line reads, and all answers\.$/
  )
  assert.ok(truth.quorums)
}

function moodOf(color: string): Shown['mood'] {
  const mood = MOODS[color]
  assert.ok(mood !== undefined, `a color of no mood: ${color}`)
  return mood
}

/** Every figure; where there is no data there is none. */
function holdFigureRows(about: About, { header, rows }: Written['figures']): void {
  const { truth } = about
  const columns = COLUMNS.filter(([, kind]) => kind !== 'filtered' || about.faulty.length > 0)
  assert.deepEqual(header, ['counting', ...columns.map(([column]) => `${HEADINGS[column]} ${column}`)])
  for (const [index, grouping] of GROUPINGS.entries()) {
    const { one, many } = WORDS[grouping]
    const [counting, ...cells] = rows[index] ?? []
    assert.equal(counting, many)
    if (about.isWithoutData(grouping)) {
      const any = `${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`
      const nodes = truth.core === 0 ? 'nodes' : 'nodes of the core'
      assert.deepEqual(cells, [`no data: none of the ${nodes} has ${any}`])
      continue
    }
    for (const [column, [, kind]] of columns.entries()) {
      holdFigure(about, cells[column] ?? '', kind, grouping)
    }
  }
}

function verdictOf(
  about: About,
  { color, texts, meaning: meanings, missing, listed }: Written['verdicts'][number]
): Shown {
  const [question, answer, badge, ...rest] = texts
  assert.deepEqual(
    [question?.tag, answer?.tag, badge?.tag],
    ['H2', 'P answer', 'P mood'],
    'the question first, then the answer'
  )
  const doubts = rest.filter(({ tag }) => tag === 'P doubt')
  const are = rest.filter(({ tag }) => tag === 'H3')
  assert.deepEqual(rest, [...doubts, ...are])
  const [summary, meaning = '', ...more] = meanings
  assert.deepEqual([summary, more], ['what this means', []])
  const [, without, nodes] =
    /^no data on (.*): none of the (nodes(?: of the core)?) has one$/.exec(missing) ?? []
  assert.equal(missing === '', without === undefined, missing)
  const withoutData = (without?.split(', ') ?? []).map((many) => {
    const one = Object.values(WORDS).find((words) => words.many === many)?.one ?? ''
    const none = nodes === 'nodes' ? 'no node' : 'no node of the core'
    return {
      words: `${many}: no data, ${none} has ${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`,
      members: undefined
    }
  })
  return {
    question: question?.text ?? '',
    answer: answer?.text ?? '',
    badge: badge?.text ?? '',
    mood: moodOf(color),
    doubts: doubts.map(({ text, who }) => {
      const names = who.replace(/\s+/g, ' ').trim()
      assert.ok(text.endsWith(names))
      return {
        words: text.slice(0, text.length - names.length).trim(),
        nodes: about.listedFully(names)
      }
    }),
    meaning,
    are: are[0]?.text,
    listed: [
      ...listed.map(({ words, members }) => ({ words, members: members ?? undefined })),
      ...withoutData
    ]
  }
}

/** What the picture can show: a caption for each, one of which is visible. */
function holdCaptions(about: About, page: Written): void {
  const { truth, down } = about
  const byId = ([a = '']: string[], [b = '']: string[]) => (a < b ? -1 : 1)
  assert.deepEqual(
    [...page.figures.labels].sort(byId),
    page.captions.map(({ id, title }) => [id, title]).sort(byId)
  )
  const [first] = page.captions
  const split = truth.intersects ? undefined : page.captions.find(({ id }) => id.startsWith('show-splitting'))
  const opening = split?.title === SPLIT_ALREADY ? split : first
  assert.deepEqual(page.visible, opening === undefined ? [] : [opening.id])
  const expected = Object.entries(CAN).flatMap(([name, [kind]]) =>
    GROUPINGS.flatMap((grouping, index) => {
      if (!truth.hasQuorum || about.isNothingKnown) return []
      if (kind === 'filtered' && about.faulty.length === 0) return []
      if (about.isWithoutData(grouping) || (kind === 'history' && about.isWithoutHistory)) return []
      return about.smallest(kind, grouping) === null ? [] : [`show-${name}-${index}`]
    })
  )
  const shown = page.captions.map(({ id }) => id)
  if (!about.isCutShort) assert.deepEqual(shown, expected)
  for (const { id, title, who, sides } of page.captions) {
    const [, name = '', index] = /^show-(.*)-(\d)$/.exec(id) ?? []
    const grouping = GROUPINGS[Number(index)] ?? 'node'
    const [kind, can] = CAN[name] ?? ['top-tier', '']
    const units = grouping === 'node' ? about.listedFully(who) : about.listed(who, grouping)
    assert.ok(about.holds(kind, units, grouping), `${id}: ${who}`)
    holdSides(about, id, sides)
    if (title === SPLIT_ALREADY) {
      assert.ok(kind === 'splitting' && truth.hasQuorum && !truth.intersects)
    } else if (title === 'It has halted already, with the nodes that are down.') {
      assert.ok(kind === 'filtered' && !down.hasQuorum)
    } else if (title === 'A quorum has no archive that is known to be good.') {
      assert.ok(kind === 'history' && truth.smallest('history', grouping) === 0)
    } else {
      assert.ok(title.endsWith(` ${can}`), title)
      assert.notEqual(units, 0, title)
      holdMembersWords(about, title.slice(0, -can.length - 1), units, kind, grouping, id)
    }
  }
}

/** Of a split: those on either side, who share nobody; where nobody lies each side is a quorum. */
function holdSides(about: About, id: string, texts: string[]): void {
  assert.ok(texts.length === 0 || id.startsWith('show-splitting'), id)
  const sides = texts.map((text) => {
    const [, count, names = ''] = /^(?:one side|the other side), (\d+) nodes?: ?(.*)$/.exec(text) ?? []
    const nodes = about.listedFully(names)
    assert.equal(Number(count), bits(nodes).length, text)
    return nodes
  })
  const [a = 0, b = 0] = sides
  assert.equal(a & b, 0, 'a node on both sides')
  if (id.startsWith('show-splitting') && !about.truth.intersects && !about.isCutShort) {
    assert.equal(sides.length, 2)
    for (const side of sides) assert.ok(about.truth.isQuorum(side), 'a side that is no quorum')
  }
}

function holdDrawn(about: About, { drawn, clusters, nodesDrawn, form, hub, squares }: Written): void {
  const { truth, network, population } = about
  if (about.isNothingKnown) {
    assert.equal(drawn, 'No quorum set is known, so nothing is drawn.')
    assert.deepEqual([clusters, squares, hub], [[], [], ''])
    return
  }
  const withSet = population.maskOf(
    network.nodes.filter(({ quorumSet }) => quorumSet != null).map(({ publicKey }) => publicKey)
  )
  const nodes = truth.core === 0 ? withSet : truth.core
  const count = bits(nodes).length
  const others =
    network.nodes.length -
    bits(nodes & population.maskOf(network.nodes.map(({ publicKey }) => publicKey))).length
  const many = `${count} ${count === 1 ? 'node' : 'nodes'}`
  const text = new Cursor(drawn)
  text.expect(
    sentence(
      truth.core === 0
        ? `No quorum exists${about.onlyLeftOut === 0 ? '' : ' but nodes on their own, which are left out'}, so there is no core. Drawn ${count === 1 ? `is ${many} that has` : `are ${many} that have`} a quorum set.`
        : `Drawn is the core, on which everybody depends who is in any quorum: ${many}.`
    )
  )
  if (others > 0)
    text.expect(
      sentence(
        others === 1
          ? '1 other node that is listed is not drawn.'
          : `${others} other nodes that are listed are not drawn.`
      )
    )
  const { symmetric } = truth
  assert.equal(form === 'hub', symmetric !== null && symmetric.nodes === nodes, form)
  assert.deepEqual(squares, form === 'matrix' ? SQUARES : [])
  if (form === 'hub') {
    const found = text.expect(
      /All of them ask for the same(, entries aside that can be in no quorum)?(, (?:each )?counted as naming itself)?(: there is one center instead of a line from each to each)?\./
    )
    holdAside(about, found[1], found[2])
    assert.equal(found[3] !== undefined, clusters.length > 1)
    assert.equal(hub !== '', clusters.length > 1)
    if (hub !== '') holdHub(about, hub)
  } else if (form === 'matrix') {
    text.expect(sentence(MATRIX))
  } else {
    const sets = new Set(
      network.nodes.flatMap(({ publicKey, quorumSet }) =>
        quorumSet != null && (nodes & population.maskOf([publicKey])) !== 0 ? [sorted(quorumSet)] : []
      )
    )
    const isJoined = text.take(
      sentence(
        'A band joins circles whose nodes have the same quorum set; in it stands how many of the entries of that set are needed.'
      )
    )
    if (isJoined !== undefined) assert.ok(sets.size < clusters.length)
    text.take(
      sentence(
        'A solid line means that all at both ends name each other in their quorum sets; a dashed arrow leads from who names to who is named.'
      )
    )
    text.take(sentence('Lines are faint until somebody is chosen.'))
  }
  text.end()
  // Who is named together has one quorum set; of an organization whose nodes have several there are several.
  const drawnUnits = population.touched(nodes, 'organization')
  let more = 0
  const units = new Set(
    clusters.flatMap((name) => {
      const [, names = '', others] = /^(.*?)(?:, set (?:\d+|not known)| and (\d+) more)?$/.exec(name) ?? []
      more += Number(others ?? 0)
      return bits(names === 'All of them' ? drawnUnits : about.listed(names, 'organization'))
    })
  )
  assert.equal(units.size + more, bits(drawnUnits).length)
  for (const unit of units) assert.ok(((drawnUnits >> unit) & 1) === 1, clusters.join('; '))
  assert.ok(nodesDrawn <= count)
}

const MATRIX =
  'A square means that nodes of the row name nodes of the column in their quorum sets. Its size is the share of the row’s nodes that do. The stronger its color, the more of their slices have a node of the column; a slice is a choice of just as many entries as a quorum set asks for. Columns have the numbers of rows.'

const SQUARES = [
  ...['all nodes of the row name a node of the column', 'half of them do'],
  ...['up to a quarter of their slices have one', 'up to a half', 'up to three quarters', 'more'],
  'all: if the whole column stops, so do they'
]

/** What all ask for, as the middle of the picture says it. */
function holdHub(about: About, hub: string): void {
  const { symmetric } = about.truth
  assert.ok(symmetric !== null)
  const found =
    /^All of these nodes ask for the same: (.*?)(, entries aside that can be in no quorum)?(, (?:each )?counted as naming itself)?\.$/.exec(
      hub
    )
  assert.ok(found !== null, hub)
  assert.ok(rules(symmetric.set).includes(found[1] ?? ''), hub)
  holdAside(about, found[2], found[3])
}

const SETS_OF_SPLIT = 'minimal splitting sets it is split already: nobody has to lie'

function holdOccurrences(about: About, { occurrences }: Written): void {
  const { truth, population } = about
  const grouping = about.isWithoutData('organization') ? 'node' : 'organization'
  const { one } = WORDS[grouping]
  const [heading, ...more] = occurrences.texts
  assert.equal(heading, `How often each ${one} is needed`)
  const kinds = ['quorum', 'blocking', 'splitting'] as const
  const sets = kinds.map((kind) => truth.minimalSets(kind, grouping))
  const tier = truth.topTier(grouping)
  const concerned = population
    .units(grouping)
    .map((_, index) => index)
    .filter((index) => [tier, ...sets.flat()].some((set) => ((set >> index) & 1) === 1))
  const [said] = more
  if (said === 'The sets were not counted: that could take long.') {
    assert.ok(about.isCutShort)
    assert.deepEqual([more.length, occurrences.rows], [1, []])
    return
  }
  if (concerned.length === 0) {
    assert.deepEqual(more, [
      about.isNothingKnown ? 'Not known: no quorum set is known.' : 'There are no sets to be in.'
    ])
    return
  }
  assert.deepEqual(more, [
    `Of all minimal sets of a kind, the share that has the ${one} in it. Numbers are exact: the sets are counted, not sampled.`
  ])
  const [counting, ...columns] = occurrences.header
  assert.equal(counting, one)
  const titles = ['quorum', 'blocking set', 'splitting set']
  for (const [index, title] of titles.entries()) {
    const count = sets[index]?.length ?? 0
    if (columns[index] === `minimal ${title}s not counted: that could take long`) {
      assert.ok(about.isCutShort)
      continue
    }
    if (columns[index] === SETS_OF_SPLIT) {
      assert.ok(truth.hasQuorum && !truth.intersects)
      continue
    }
    assert.ok(title !== 'splitting set' || !truth.hasQuorum || truth.intersects, 'the empty set is told')
    assert.ok(
      columns[index]?.startsWith(`${count} minimal ${title}${count === 1 ? '' : 's'} `),
      `${columns[index]}: ${count}`
    )
  }
  const told = occurrences.rows.flatMap(([first = '', ...shares]) => {
    const [, all, count, names = first] = /^(?:(All )?(\d+) alike: ?)?(.*)$/.exec(first) ?? []
    const members = bits(grouping === 'node' ? about.listedFully(names) : about.listed(names, grouping))
    assert.equal(members.length, Number(count ?? 1), first)
    if (count !== undefined) assert.equal(all !== undefined, occurrences.rows.length === 1, first)
    return members.map((index) => ({ index, shares }))
  })
  // Who is alike stands together.
  const different = new Set(occurrences.rows.map(([, ...shares]) => shares.join()))
  assert.equal(different.size, occurrences.rows.length)
  const isCounted = titles.map(
    (_, index) => !columns[index]?.includes('not counted') && columns[index] !== SETS_OF_SPLIT
  )
  if (!columns.some((column) => column.includes('not counted'))) {
    assert.deepEqual(told.map(({ index }) => index).sort(), [...concerned].sort())
  }
  for (const { index, shares } of told) {
    const expected = sets.map((sets) => {
      const count = sets.filter((set) => ((set >> index) & 1) === 1).length
      return `${sets.length === 0 ? '0.0' : ((100 * count) / sets.length).toFixed(1)} %`
    })
    const counted = (_: string, column: number) => isCounted[column] === true
    assert.deepEqual(shares.filter(counted), expected.filter(counted), `occurrences of ${index}`)
    const others = shares.filter((_, column) => isCounted[column] !== true)
    assert.ok(others.every((share) => share === '–'))
  }
}

/** All nodes, those that are only named among them, with where each stands. */
function holdNodes(about: About, { texts, search, header, rows }: Written['nodes']): void {
  const { truth, population, network } = about
  if (population.keys.length === 0) {
    assert.deepEqual([texts, rows], [['All nodes', 'There are none.'], []])
    return
  }
  const isAny = (state: string) => rows.some(([, text]) => text?.split(', ').includes(state))
  const notes: [boolean, string][] = [
    [
      network.nodes.some(({ quorumSet }) => quorumSet != null),
      'Nodes with the same number ask for the same.'
    ],
    [isAny('not in the core'), 'A node that is not in the core depends on it, or is in no quorum.'],
    [isAny('not listed'), 'A node that is not listed is only named in quorum sets.']
  ]
  const said = notes.filter(([is]) => is).map(([, words]) => words)
  assert.deepEqual(texts, ['All nodes', ...(said.length === 0 ? [] : [said.join(' ')])])
  const { length } = population.keys
  const count = `${length} ${length === 1 ? 'node' : 'nodes'}`
  assert.deepEqual(search, ['Find a node, an organization, a key:', count])
  assert.deepEqual(header, ['node', 'state', 'organization', 'quorum set', 'public key'])
  const numbers = new Map<string, string>()
  const keys = rows.map(([name = '', state, organization, set = '', key = '']) => {
    assert.ok(key.endsWith(' [copy]'), key)
    const own = population.maskOf([key.slice(0, -' [copy]'.length)])
    assert.equal(about.listed(name, 'node'), own)
    const publicKey = key.slice(0, -' [copy]'.length)
    const node = network.nodes.find((node) => node.publicKey === publicKey)
    const isUnknown = node?.quorumSet == null && (truth.core & own) === 0
    const stands = isUnknown
      ? 'not known'
      : (truth.topTier('node') & own) !== 0
        ? 'in the top tier'
        : (truth.core & own) !== 0
          ? 'in the core'
          : (truth.stray & own) !== 0
            ? 'left out'
            : (node?.quorumSet?.threshold ?? 0) > entriesOf(node?.quorumSet) ||
                (truth.core === 0 && truth.stray !== 0)
              ? 'in no quorum'
              : truth.core === 0
                ? 'no quorum exists'
                : 'not in the core'
    const beside = `${node === undefined ? ', not listed' : ''}${about.faulty.includes(publicKey) ? ', down' : ''}`
    if (about.isCutShort)
      assert.ok([stands, 'in the core'].map((at) => at + beside).includes(state ?? ''), state)
    else assert.equal(state, `${stands}${beside}`, name)
    const unit = population.units('organization').findIndex(({ nodes }) => (nodes & own) !== 0)
    if (population.units('organization')[unit]?.isNode) assert.equal(organization, 'none')
    else assert.equal(about.listed(organization ?? '', 'organization'), 1 << unit)
    if (node?.quorumSet == null) assert.equal(set, 'not known')
    else {
      const [, number = ''] = /^(\d+): \d+ of \d+ /.exec(set) ?? []
      assert.notEqual(number, '', set)
      const asked = sorted(node.quorumSet)
      assert.equal(numbers.get(number) ?? asked, asked, 'one number for two quorum sets')
      numbers.set(number, asked)
    }
    return publicKey
  })
  assert.equal(new Set(numbers.values()).size, numbers.size, 'two numbers for one quorum set')
  assert.deepEqual([...keys].sort(), [...population.keys].sort())
}

function entriesOf(set: FbasNode['quorumSet']): number {
  return (set?.validators.length ?? 0) + (set?.innerQuorumSets?.length ?? 0)
}

function sorted({ threshold, validators = [], innerQuorumSets = [] }: Partial<QuorumSet>): string {
  return JSON.stringify([threshold, [...validators].sort(), innerQuorumSets.map(sorted).sort()])
}

const PROVEN: Record<string, SetKind> = {
  'Smallest quorum': 'quorum',
  'Smallest blocking set': 'blocking',
  'Smallest blocking set, filtered': 'filtered',
  'Smallest splitting set': 'splitting',
  'Smallest history-critical set': 'history'
}

const WITNESS: Record<string, RegExp> = {
  quorum: /The set is a quorum: each member’s quorum set is satisfied inside it\./,
  blocking:
    /Without the set, the largest quorum inside the rest is empty; removing nodes that are not satisfied until nothing changes shows it\./,
  filtered: /The same with (\d+ nodes?) taken as down\./,
  splitting:
    /Two quorums were found that meet only inside the set, its members taken as Byzantine; the picture shows them\./,
  history: /A quorum was found all of whose good archives are in the set\./
}

function holdProofs(about: About, { proofs }: Written): void {
  const { truth } = about
  assert.deepEqual(proofs.texts, [
    'How each figure was proven',
    'Every example named here was checked against the definition, on the network as given, before it was returned; this takes no solver, only counting. What has no example, like “nothing smaller exists”, was proven by refuting the opposite.',
    'figure by figure',
    ...['figure', 'value', 'proof']
  ])
  const figures = proofs.rows.map(([figure]) => figure)
  const ofSets = Object.entries(PROVEN)
    .filter(([, kind]) => kind !== 'filtered' || about.faulty.length > 0)
    .map(([figure]) => figure)
  assert.deepEqual(
    figures,
    about.isNothingKnown
      ? ['Quorum intersection']
      : !truth.hasQuorum
        ? ['Quorum intersection', 'Symmetric top tier']
        : ['Quorum intersection', 'Top tier', 'Symmetric top tier', ...ofSets]
  )
  for (const [figure = '', value = '', how = ''] of proofs.rows) {
    if (figure === 'Quorum intersection') holdProofOfIntersection(about, value, how)
    else if (figure === 'Symmetric top tier') {
      assert.equal(value, truth.symmetric === null ? 'no' : 'yes')
      const text = new Cursor(how)
      text.expect(
        sentence(
          truth.symmetric !== null
            ? `Exactly the nodes that this quorum set names have it as theirs, in standard form, and the rest of the network${truth.stray === 0 ? '' : ', those aside that are left out,'} contains no quorum: both read off the data.`
            : truth.core === 0
              ? 'There is no core.'
              : 'No quorum set in the core is shared by exactly the nodes that it names and needed by every quorum: read off the data.'
        )
      )
      holdSymmetryDoubt(about, text, 'there is one')
      text.end()
    } else if (figure === 'Top tier') {
      for (const [index, size] of value.split(/, (?=\d|at|not)/).entries()) {
        const grouping = withDataOn(about)[index] ?? 'node'
        holdSize(about, toldOfUnits(size, grouping), 'top-tier', grouping, figure)
      }
      assert.match(
        how,
        /^Each member is in some minimal quorum\. (That nobody else is in one rests on|There was no time)/
      )
      if (!about.isCutShort) assert.match(how, /That nobody else is in one rests on/)
    } else if (PROVEN[figure] === 'history' && about.isWithoutHistory) {
      assert.deepEqual([value, how], ['no data', 'The data says of no archive whether it is good.'])
    } else holdProofOfSize(about, PROVEN[figure] ?? 'quorum', value, how)
  }
}

function holdProofOfIntersection(
  { truth, isNothingKnown, isCutShort, onlyLeftOut }: About,
  value: string,
  how: string
): void {
  const expected = isNothingKnown
    ? ['not known', 'The data has no usable quorum set of any node.']
    : !truth.hasQuorum
      ? [
          'no quorum',
          onlyLeftOut === 0
            ? 'Removing nodes that are not satisfied until nothing changes leaves nobody.'
            : 'Without those that are left out, removing nodes that are not satisfied until nothing changes leaves nobody.'
        ]
      : truth.intersects
        ? [
            'yes',
            'A quorum was found. That no two are disjoint was proven by refuting that there are two: by counting, or by the SAT solver.'
          ]
        : ['no', 'Two quorums without a common node were found and checked; they are named above.']
  if (isCutShort && value === 'not proven') return
  assert.deepEqual([value, how], expected)
}

function withDataOn(about: About) {
  return GROUPINGS.filter((grouping) => !about.isWithoutData(grouping))
}

function holdProofOfSize(about: About, kind: SetKind, value: string, how: string): void {
  const groupings = withDataOn(about)
  const sizes = groupings.map((grouping) => about.smallest(kind, grouping))
  const parts = value.split(/, (?=nodes|organizations|countries|providers)/)
  for (const [index, part] of parts.entries()) {
    const grouping = groupings[index] ?? 'node'
    const { many } = WORDS[grouping]
    assert.ok(part.startsWith(`${many} `), part)
    holdSize(about, told(part.slice(many.length + 1)), kind, grouping, 'proofs')
  }
  assert.equal(parts.length, groupings.length)
  if (about.isCutShort) return
  const none = groupings.filter((_, index) => sizes[index] === null).map((grouping) => WORDS[grouping].many)
  const claims: [RegExp, boolean][] = [
    [WITNESS[kind] ?? /./, none.length < sizes.length],
    [
      /That nothing smaller exists rests on counting arguments, checked in whole numbers, or on a refutation by the SAT solver; the answer does not say which of the two\./,
      sizes.some((size) => size !== null && size > 0)
    ],
    [/Nothing is smaller than 0\./, sizes.includes(0)],
    [
      new RegExp(
        `That no such set exists \\(${none.join(', ')}\\) was proven by refuting that there is one\\.`
      ),
      none.length > 0
    ]
  ]
  const said = claims
    .filter(([, is]) => is)
    .map(([claim]) => claim.source)
    .join(' ')
  const found = new RegExp(`^${said}$`).exec(how)
  assert.ok(found !== null, `${kind}: ${how}`)
  if (kind === 'filtered' && none.length < sizes.length) {
    assert.equal(toldOfUnits(found[1] ?? '', 'node').atMost, about.faulty.length)
  }
}

function holdTerms({ chosen }: About, terms: string[]): void {
  assert.equal(terms[0], 'The words')
  const last = terms.at(-1) ?? ''
  const unknown =
    (chosen ?? 'dead') === 'dead'
      ? 'Nodes whose quorum set is unknown are taken to be in no quorum.'
      : 'Nodes whose quorum set is unknown are taken to join any quorum that has a known member.'
  assert.ok(last.startsWith(`${unknown} Splits count between two nodes of the core. `), last)
  // The definitions are the same for all networks; docs/concepts.md and a reader have to judge them.
  assert.deepEqual(
    terms.slice(1, -1).filter((_, index) => index % 2 === 0),
    [
      ...['Quorum set', 'Quorum', 'Top tier', 'Blocking set', 'Splitting set', 'History-critical set'],
      ...['Organizations, countries, providers', 'How the data was read']
    ]
  )
}
