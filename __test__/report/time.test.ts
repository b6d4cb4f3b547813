// The page over time: that it says what the records say, also of what is missing, and what a browser makes of it.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'

import type { Page } from 'playwright-core'

import type { FbasNode } from '../../index.js'
import { rangeText } from '../../ts/report/time/chart.js'
import type { Shown } from '../../ts/report/time/moments.js'
import { FIGURES } from '../../ts/study/record.js'
import { folder, output, run } from '../cli/command.js'
import { flat, hard, TWO_PAIRS } from '../networks.js'
import {
  atEachWidth,
  keep,
  launch,
  missing,
  violations,
  type Browser,
  type How,
  type Looked
} from './browser.js'

type Line = Record<string, any>

const files = folder()
const at = { cwd: files.path }
const KEYS = ['node', 'organization', 'country', 'isp']
const parsed = (name: string): Line[] =>
  readFileSync(join(files.path, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

/** What is so where there is no quorum, too. */
const NOT_SYMMETRIC =
  'There is no symmetric top tier any more: no quorum set is shared by exactly the nodes that it names and needed by every quorum.'
const SYMMETRIC = 'The top tier is symmetric: all of it shares one quorum set.'

/** A line for each day, and one for what is no network. */
function daily(name: string, days: (FbasNode[] | string)[], dayOf = (index: number) => index): void {
  const lines = days.map((nodes, index) => {
    const time = new Date(Date.UTC(2021, 0, 1 + dayOf(index))).toISOString()
    return typeof nodes === 'string' ? `{"time":"${time}","nodes":${nodes}}` : JSON.stringify({ time, nodes })
  })
  files.write(name, lines.join('\n'))
}

const named = (nodes: FbasNode[]) =>
  nodes.map((node) => ({
    ...node,
    name: `Node ${node.publicKey}`,
    organizationId: `Org ${node.publicKey === 'D' ? 'D' : 'of all'}`,
    historyArchiveHasError: false
  }))
const three = named(flat(['A', 'B', 'C'], 2))
const four = named(flat(['A', 'B', 'C', 'D'], 3))
const down = four.map((node, index) => ({ ...node, isValidating: index > 1 }))
const blank = three.map((node) => ({ ...node, quorumSet: null }))
const all = three.map((node) => ({ ...node, quorumSet: flat(['A', 'B', 'C'], 3)[0]?.quorumSet ?? null }))
const NO_NETWORK = '[{"publicKey":1}]'
/** Every state there is, after a week of quiet a gap, then what takes too long. */
const DAYS = [three, three, four, down, TWO_PAIRS, NO_NETWORK, blank, four, all, three, hard(80)]
daily('varied.ndjson', DAYS, (index) => (index < 9 ? index : index + 40))
/** Known, then nothing is, then a fourth node is there; at the end it hangs on a node that nobody has seen. */
daily('doubted.ndjson', [all, blank, four, flat(['A', 'B', 'C', 'X'], 3).slice(0, 3)])
daily('one.ndjson', [three])
daily('unread.ndjson', [NO_NETWORK, NO_NETWORK])
daily(
  'many.ndjson',
  Array.from({ length: 859 }, (_, day) =>
    flat([`A${Math.floor(day / 9) % 40}`, 'B', 'C'], day % 50 === 0 ? 3 : 2)
  )
)
daily('hostile.ndjson', [
  three.map((node) => ({ ...node, name: `</script><script>alert('${node.publicKey}')</script>` })),
  flat(['</script><b>', '<img src=x onerror=alert(1)>', 'C'], 2).map((node) => ({
    ...node,
    name: node.publicKey
  }))
])

const args = (name: string) => [
  ...['history', `${name}.ndjson`, '--output', `${name}-results.ndjson`, '--report', `${name}.html`],
  ...['--timeout', '1', '--title', 'My network']
]
const ready = (async () => {
  for (const name of ['varied', 'doubted', 'one', 'unread', 'many', 'hostile']) await run(args(name), at)
})()
before(() => ready)

describe('the file', () => {
  test('loads nothing, allows only what is inside, and is of moderate size', async () => {
    const html = readFileSync(join(files.path, 'many.html'), 'utf8')
    assert.ok(html.length < 400_000, `${html.length}`)
    assert.match(html, /http-equiv="Content-Security-Policy" content="default-src (?:&#39;|')none/)
    assert.doesNotMatch(html, /\s(?:src|href|style|on\w+)=|@import|url\((?!#)/)
    assert.doesNotMatch(html.slice(0, html.lastIndexOf('<script>')), /NaN|undefined|\[object|Infinity/)
  })

  test('is the same from results that are there already, which are not solved again', async () => {
    for (const name of ['many', 'one']) {
      const first = readFileSync(join(files.path, `${name}.html`))
      const { status, stdout, stderr } = await run(args(name), at)
      assert.deepEqual([status, stdout], [0, ''])
      assert.match(stderr, / 0 solved now\nwritten to .*\.html\n$/)
      assert.ok(readFileSync(join(files.path, `${name}.html`)).equals(first))
    }
    // Without results kept anywhere, and on standard output.
    const page = await output(['history', 'one.ndjson', '--report', '-', '--title', 'My network'], at)
    assert.equal(page, readFileSync(join(files.path, 'one.html'), 'utf8'))
  })

  test('what cannot be done is refused', async () => {
    const one = ['history', 'one.ndjson']
    const refused: [string[], RegExp][] = [
      [['--title', 'x'], /--title is for the page/],
      [['--report', '-', '--output', '-'], /standard output can be only one/],
      [['--report', 'x.html', '--format', 'csv'], /--format is for results/],
      [['--report', 'x.html', '--output', 'x.csv'], /x\.csv: a page is not made of CSV/]
    ]
    for (const [more, said] of refused) {
      const { status, stdout, stderr } = await run([...one, ...more], at)
      assert.deepEqual([status, stdout], [2, ''], more.join(' '))
      assert.match(stderr, said)
    }
    assert.equal((await run([...one, '--report', 'nosuch/x.html'], at)).status, 74)
  })
})

test('what a line is said to be is all that it was, not only what it is at the end', () => {
  const none: Shown = { kind: 'none' }
  const unknown: Shown = { kind: 'no data' }
  const open: Shown = { kind: 'between', atLeast: 1, atMost: 4 }
  const number = (size: number): Shown => ({ kind: 'exactly', size })
  const cases: [Shown[], string][] = [
    [[], 'no data'],
    [[unknown, unknown], 'no data'],
    [[number(2), number(2)], '2'],
    [[number(1), unknown], '1, at the end no data'],
    [[number(2), number(2), none], '2, at the end none'],
    [[number(2), none, number(2)], '2, at times none'],
    [[number(2), number(4), number(3)], '2 to 4, at the end 3'],
    [[number(2), none, open, number(4)], '2 to 4, at times none, at times not proven, at the end 4'],
    [[none, unknown], 'at times none, at the end no data'],
    [[none, none], 'none'],
    [[number(3), open], '3, at the end at most 4, at least 1']
  ]
  for (const [shown, words] of cases) {
    const moments = shown.map((topTier) => ({ figures: { 'node.topTierSize': topTier } }))
    assert.equal(rangeText({ moments }, 'node.topTierSize'), words)
  }
})

let browser: Browser

async function looking(name: string, how: How, look: (looked: Looked) => Promise<void>): Promise<void> {
  const looked = await browser.open(join(files.path, `${name}.html`), how)
  await look(looked)
  assert.deepEqual([looked.complaints, looked.requests], [[], []], name)
  await looked.page.close()
}

/** What is shown of the snapshot that is chosen. */
async function detail(page: Page) {
  const panel = page.locator('#detail')
  const texts = (selector: string) => panel.locator(selector).allTextContents()
  const [[title = ''], [state = ''], was, changes] = (await Promise.all(
    ['h3', '.state b', '.was', '.changes li'].map(texts)
  )) as [string[], string[], string[], string[]]
  // What it was stands behind what it is.
  const cells = await panel
    .locator('td')
    .evaluateAll((all) => all.map((cell) => cell.firstChild?.textContent ?? ''))
  return { title, state, cells, changes, was: was.length, text: (await panel.textContent()) ?? '' }
}
const choose = (page: Page, index: number) =>
  page.locator('#chosen').evaluate((slider: HTMLInputElement, index) => {
    slider.value = String(index)
    slider.dispatchEvent(new Event('input', { bubbles: true }))
  }, index)

/** What a record has of a figure, in words. */
function told(line: Line, column: string): string {
  const [size, bounds] = [line[column], line.bounds[column]]
  if (line.hasQuorum === null) return 'no data'
  if (column.split('.').some((part) => line.withoutData.includes(part))) return 'no data'
  if (bounds !== undefined) {
    const [least, most] = bounds
    if (most === null) return least > 0 ? `at least ${least}` : 'not known'
    return `at most ${most}${least > 0 ? `, at least ${least}` : ''}`
  }
  return size === null ? (line.hasQuorum ? 'none' : 'no quorum') : String(size)
}

const STATES = [
  'safe',
  'safe',
  'safe',
  'halted',
  'split',
  'not read',
  'not known',
  'safe',
  'safe',
  'safe',
  'not known'
]

describe('the page over time in a browser', { skip: missing, concurrency: 2 }, () => {
  before(async () => {
    await ready
    browser = await launch()
  })
  after(() => browser.close())

  test('says of each snapshot what its record says, and what is different from the one before', () =>
    looking('varied', {}, async ({ page }) => {
      const lines = parsed('varied-results.ndjson')
      assert.equal(await page.locator('h1').innerText(), 'My network')
      for (const [index, line] of lines.entries()) {
        await choose(page, index)
        const { title, state, text, cells, was, changes } = await detail(page)
        assert.ok(title.includes(line.snapshot) && title.endsWith(`${index + 1} of ${lines.length}`), title)
        assert.equal(state, STATES[index])
        if (line.error !== null) {
          assert.ok(text.includes(line.error), text)
          assert.deepEqual([cells, changes], [[], []])
          continue
        }
        const expected = KEYS.flatMap((key) => FIGURES.map((figure) => told(line, `${key}.${figure}`)))
        assert.deepEqual(cells, expected, `${index}`)
        const old = lines
          .slice(0, index)
          .filter(({ error, hasQuorum }) => error === null && (line.hasQuorum === null || hasQuorum !== null))
          .at(-1)
        if (old === undefined) {
          assert.match(text, /nothing to compare/)
          continue
        }
        // Exact numbers that are others are changes, and each is marked.
        const others = KEYS.flatMap((key) => FIGURES.map((figure) => `${key}.${figure}`)).filter((column) => {
          const [before, now] = [told(old, column), told(line, column)]
          return /^\d+$/.test(before) && /^\d+$/.test(now) && before !== now
        })
        for (const column of others) {
          const change = `: ${told(line, column)}; it was ${told(old, column)}.`
          assert.ok(
            changes.some((text) => text.endsWith(change)),
            `${index} ${column}: ${changes.join('\n')}`
          )
        }
        assert.ok(was >= others.length)
        const [wasSymmetric, isSymmetric] = [old.hasSymmetricTopTier, line.hasSymmetricTopTier]
        const isAnother = wasSymmetric !== null && isSymmetric !== null && wasSymmetric !== isSymmetric
        assert.deepEqual(
          changes.filter((text) => text.includes('symmetric')),
          isAnother ? [isSymmetric === true ? SYMMETRIC : NOT_SYMMETRIC] : []
        )
        if (changes.length === 0) assert.match(text, /Nothing that is shown here is known to have changed/)
      }
      await choose(page, 2)
      const joined = await detail(page)
      assert.ok(joined.changes.includes('Joined the top tier: Org D (Node D).'), joined.changes.join('\n'))
      assert.ok(joined.changes.includes('4 nodes listed; 3 before.'))
      await choose(page, 8)
      assert.ok((await detail(page)).changes.includes('Left the top tier: Org D (Node D).'))
      // The one before it could not be read.
      await choose(page, 6)
      assert.match((await detail(page)).text, /the last that could be read before/)
      await choose(page, 5)
      await keep(page, 'time-varied')
    }))

  test('what comes and goes is not lost where nothing is known in between, and why something is not known is said', () =>
    looking('doubted', {}, async ({ page }) => {
      const joined = 'January 3, 2021 Joined the top tier: Org D (Node D).'
      const events = await page.locator('#happened li').allInnerTexts()
      assert.ok(events.includes(joined), events.join('\n'))
      assert.ok(events.includes('January 3, 2021 It is safe; it was not known.'), events.join('\n'))
      const shown = async (index: number) => {
        await choose(page, index)
        return (await detail(page)).text
      }
      assert.match(await shown(1), /not known: the data has no usable quorum set of any node; 3 nodes listed/)
      assert.match(await shown(2), /since January 1, 2021, the last before of which something is known/)
      assert.match(await shown(2), /Joined the top tier: Org D \(Node D\)\./)
      const doubt = 'it hangs on nodes whose quorum sets are unknown'
      const last = await shown(3)
      assert.ok(last.includes(`not known: ${doubt};`), last)
      assert.ok(last.includes(`Not all of these figures are certain: ${doubt}.`), last)
      // In each chart the last day of four is marked, and what the mark means is said once.
      const marks = page.locator('.plot .doubted')
      const charts = await page.locator('.chart[id^=chart-]').count()
      assert.deepEqual(
        await marks.evaluateAll((all) => all.map((mark) => mark.getAttribute('d'))),
        Array(charts).fill('M750,117H1000')
      )
      assert.match(
        (await page.locator('#figures + .note').innerText()).replace(/\s+/g, ' '),
        /Where a chart has such a line at the bottom, not all figures of that time are certain: the snapshot says why\.$/
      )
    }))

  test('verdicts, gaps, and what is missing are drawn and said, and nothing is a 0 that is none', () =>
    looking('varied', {}, async ({ page }) => {
      const drawn = await page
        .locator('#verdicts-chart [data-state]')
        .evaluateAll((all) => all.map((element) => element.getAttribute('data-state')))
      assert.deepEqual(drawn, ['safe', 'halted', 'split', 'not read', 'unknown', 'safe', 'safe', 'unknown'])
      const counts = await page.locator('.states li').allInnerTexts()
      for (const [text, number] of [
        ['safe', 6],
        ['split', 1],
        ['halted', 1],
        ['not known', 2],
        ['not read', 1]
      ] as const) {
        const snapshots = number === 1 ? 'snapshot' : 'snapshots'
        assert.ok(
          counts.some((line) => line.startsWith(`${number} ${snapshots} ${text}:`)),
          counts.join('\n')
        )
      }
      const notes = await page.locator('.notes li').allInnerTexts()
      assert.deepEqual(notes, [
        'No snapshots between January 10, 2021 and February 19, 2021.',
        'Not every figure of 1 snapshot is proven.'
      ])
      assert.deepEqual(await page.locator('#periods li').allInnerTexts(), [
        'halted: January 4, 2021',
        'split: January 5, 2021',
        'not read: January 6, 2021',
        'not known: January 7, 2021',
        'not known: February 20, 2021'
      ])
      // January 6 and 7, and the gap.
      assert.equal(await page.locator('#chart-blockingSetsMinSize .missing').count(), 2)
      // What is not proven is a band, at the end.
      assert.ok((await page.locator('#chart-blockingSetsMinSize .band.node').count()) === 1)
      // Three nodes that all need each other: no set splits them, and that is above all numbers.
      assert.ok(
        (await page.locator('#chart-splittingSetsMinSize .scale text').allTextContents()).includes('none')
      )
      // The line breaks where there is no figure, so it has as many parts as there are stretches with one.
      const parts = await page
        .locator('#chart-topTierSize .step.node[d*="L"], #chart-topTierSize .plot .step.node')
        .first()
        .evaluate((path) => path.getAttribute('d')?.match(/M/g)?.length)
      assert.equal(parts, 3)
      const zero = await page
        .locator('#chart-topTierSize .plot .step')
        .evaluateAll((all) => all.some((path) => /[ ,]112(?:[LHVM]|$)/.test(path.getAttribute('d') ?? '')))
      assert.equal(zero, false, 'no top tier was ever of nobody')
      const events = await page.locator('#happened li').allInnerTexts()
      assert.ok(events.includes('January 3, 2021 Joined the top tier: Org D (Node D).'), events.join('\n'))
      assert.ok(events.includes('January 5, 2021 It is split; it was halted.'), events.join('\n'))
      const range = await page.locator('#chart-blockingSetsMinSize .key-lines li').first().innerText()
      assert.match(range.trim(), /^nodes: \d to \d, at times no data, at the end (at most \d+|not known)/)
    }))

  test('a click, a key and a button choose a snapshot', () =>
    looking('varied', {}, async ({ page }) => {
      const title = async () => (await detail(page)).title
      assert.match(await title(), /^February 20, 2021/)
      const plot = page.locator('#chart-topTierSize .plot')
      await plot.scrollIntoViewIfNeeded()
      const { width = 0, height = 0 } = (await plot.boundingBox()) ?? {}
      // 51 days from the first to the end of the last: the middle of the fifth.
      await plot.click({ position: { x: (width * 4.5) / 51, y: height / 2 } })
      assert.match(await title(), /^January 5, 2021 .*5 of 11$/)
      const cursor = Number(await plot.locator('.cursor').getAttribute('x1'))
      assert.ok(Math.abs(cursor - (1000 * 4) / 51) < 1, `${cursor}`)
      // In a gap it is what was seen before it.
      await plot.click({ position: { x: (width * 30) / 51, y: height / 2 } })
      assert.match(await title(), /^January 9, 2021/)

      const slider = page.getByRole('slider', { name: 'Choose one' })
      await slider.focus()
      await page.keyboard.press('Home')
      assert.match(await title(), /^January 1, 2021/)
      await page.keyboard.press('ArrowRight')
      assert.match(await title(), /^January 2, 2021/)
      assert.equal(await slider.getAttribute('aria-valuetext'), 'January 2, 2021, safe')
      assert.match(
        (await detail(page)).text,
        /Nothing that is shown here is known to have changed since January 1, 2021/
      )
      await page.keyboard.press('End')
      await page.getByRole('button', { name: 'change before' }).press('Enter')
      assert.match(await title(), /^February 19, 2021/)
      await choose(page, 0)
      await page.getByRole('button', { name: 'next change' }).click()
      assert.match(await title(), /^January 3, 2021/)
      await page.getByRole('button', { name: 'split: January 5, 2021' }).click()
      assert.equal((await detail(page)).state, 'split')
    }))

  test('no page is wider than its window, whatever it is of', async () => {
    for (const name of ['varied', 'many', 'one', 'unread', 'hostile']) {
      await looking(name, {}, ({ page }) => atEachWidth(page))
    }
  })

  const looks: [string, 'light' | 'dark', number][] = [
    ['varied', 'light', 1280],
    ['varied', 'dark', 360],
    ['many', 'dark', 1280],
    ['unread', 'light', 360]
  ]
  for (const [name, scheme, width] of looks) {
    test(`axe-core finds nothing wrong: ${name}, ${scheme}, ${width} px`, () =>
      looking(name, { scheme, width }, async ({ page }) => {
        await keep(page, `time-${name}-${scheme}-${width}`)
        assert.deepEqual(await violations(page), [])
      }))
  }

  test('one snapshot is a page, and so are some of which none could be read', async () => {
    await looking('one', {}, async ({ page }) => {
      assert.match(await page.locator('header').innerText(), /1 snapshot of January 1, 2021/)
      assert.match((await detail(page)).text, /nothing to compare/)
      assert.equal(await page.locator('.cursor').first().getAttribute('x1'), '0')
      assert.match(await page.locator('main').innerText(), /Neither the verdict nor the top tier has changed/)
    })
    await looking('unread', {}, async ({ page }) => {
      assert.match(await page.locator('main').innerText(), /None of the snapshots could be read/)
      assert.equal((await detail(page)).state, 'not read')
      assert.equal(await page.locator('.plot').count(), 0)
    })
  })

  test('names of strangers stay names', () =>
    looking('hostile', {}, async ({ page }) => {
      assert.ok((await detail(page)).text.includes('<img src=x onerror=alert(1)>'))
      assert.equal(await page.locator('img').count(), 0)
      assert.equal(await page.locator('script').count(), 2)
    }))

  test('on paper it is on white and unfolded, without what cannot be pressed there', () =>
    looking('many', { scheme: 'dark' }, async ({ page }) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
      assert.equal(background, 'rgb(255, 255, 255)')
      assert.equal(await page.locator('#chosen').isVisible(), false)
      assert.ok(await page.locator('#happened li').first().isVisible())
      assert.ok(await page.locator('#chart-topTierSize').isVisible())
    }))
})
