// The report in a real browser: what is visible, what the keyboard does, how it looks in the dark, on a phone and on paper.
//
// Screenshots are kept in FBAS_ARTEFACTS, or in a folder of the system's for temporary files.

import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'

import type { Page } from 'playwright-core'

import { folder, output } from '../cli/command.js'
import { flat } from '../networks.js'
import {
  artefacts,
  atEachWidth,
  cutOff,
  keep,
  launch,
  missing,
  violations,
  widthOf,
  type Browser,
  type How,
  type Looked
} from './browser.js'
import {
  ATTACKS,
  FLAT,
  FLAT_UNEVEN,
  halted,
  hostile,
  joined,
  large,
  mixed,
  NO_QUORUM,
  NOBODY,
  SPLIT,
  uneven
} from './networks.js'
import { cutByPages, SHEET } from './paper.js'

const files = folder()

const NETWORKS: Record<string, unknown> = {
  uneven: uneven(20, 0.1, 0.05),
  flat: FLAT,
  'flat-uneven': FLAT_UNEVEN,
  joined: joined(),
  split: SPLIT,
  'no-quorum': NO_QUORUM,
  nobody: NOBODY,
  heterogeneous: uneven(24, 0.15, 0.3),
  large: large(637),
  halted: halted(),
  hostile: hostile(),
  two: flat(['A', 'B'], 2),
  alone: flat(['A'], 1),
  mixed: mixed()
}
const fileOf = (name: string) => join(files.path, `${name}.html`)

let browser: Browser

/** Looks at a report in a window of its own and, whatever else, finds no complaint and no request. */
async function looking(name: string, how: How, look: (looked: Looked) => Promise<void>): Promise<void> {
  const looked = await browser.open(fileOf(name), how)
  await look(looked)
  assert.deepEqual([looked.complaints, looked.requests], [[], []], name)
  await looked.page.close()
}

/** What is drawn and not inside the picture. */
function outside(page: Page): Promise<(string | null)[]> {
  return page.evaluate(() => {
    const picture = document.querySelector('svg.picture')
    const frame = picture?.getBoundingClientRect()
    if (picture === null || frame === undefined) return []
    return [...picture.querySelectorAll('text, circle')]
      .map((element) => ({ text: element.textContent, box: element.getBoundingClientRect() }))
      .filter(({ box: { width, left, right, top, bottom } }) => {
        const isInside =
          left > frame.left - 1 && right < frame.right + 1 && top > frame.top - 1 && bottom < frame.bottom + 1
        return width > 0 && !isInside
      })
      .map(({ text }) => text)
  })
}

/** What stands in the middle of the picture and has no room in its circle. */
function beyondTheMiddle(page: Page): Promise<(string | null)[]> {
  return page.evaluate(() => {
    const radius = Number(document.querySelector('.hub-disc')?.getAttribute('r') ?? 0)
    return [...document.querySelectorAll<SVGTextElement>('.hub-note, .hub-rule')]
      .filter((text) => {
        const { x, y, width, height } = text.getBBox()
        return Math.hypot(Math.max(-x, x + width), Math.max(-y, y + 0.8 * height)) > radius
      })
      .map(({ textContent }) => textContent)
  })
}

/** Words that are broken between two of their letters, of headings and of what is short in tables. */
function broken(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [
      ...document.querySelectorAll(
        '.figures :is(th, td), .all-nodes thead th, .all-nodes [data-column=state]'
      )
    ]
      .flatMap((cell) => [...cell.childNodes])
      .filter((node) => node instanceof Text)
      .flatMap((text) =>
        [...text.data.matchAll(/\S+/g)].filter(({ index, 0: word }) => {
          const range = document.createRange()
          range.setStart(text, index)
          range.setEnd(text, index + word.length)
          return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1
        })
      )
      .map(([word]) => word)
  )
}

/** Of the picture's layers and the captions, those that can be seen. */
const shown = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('svg.picture > g:last-of-type > .layer, .caption')]
      .filter((element) => getComputedStyle(element).display !== 'none')
      .map((element) => [...element.classList].find((name) => name.startsWith('show-')))
  )
/** How many nodes have this mark, as far as it can be seen. */
const marked = (page: Page, part: string) =>
  page.locator(`svg.picture .layer .part.${part}`).filter({ visible: true }).count()

describe('the report in a browser', { skip: missing, concurrency: 2 }, () => {
  before(async () => {
    browser = await launch()
    const written = Object.entries(NETWORKS).map(([name, network]) => {
      const file = files.write(`${name}.json`, network)
      return output(['report', file, '-o', fileOf(name), '--timeout', '2', '--anytime'])
    })
    await Promise.all([...written, output(['report', '-o', fileOf('example'), '--date', '13 November 2025'])])
  })

  after(() => browser.close())

  test('the verdicts come first, in plain language', () =>
    looking('example', {}, async ({ page }) => {
      assert.equal(
        await page.title(),
        "Can it halt, can it split? Stellar's public network, November 2025, 13 November 2025"
      )
      assert.equal(
        await page.locator('.headline').innerText(),
        'One country can split its core: United States; so can one provider, for example Digitalocean LLC (one of 2 that can).\n\nIt takes 3 organizations to split its core, and it takes 3 organizations to halt it.'
      )
      const headings = await page.getByRole('heading').allInnerTexts()
      assert.deepEqual(
        headings.filter((text) => text.endsWith('?')),
        ['Can it split?', 'Can it halt?', 'Who decides?', 'Would its history survive?']
      )
      const answers = page.locator('.answer')
      assert.deepEqual(await answers.allInnerTexts(), [
        'Not by itself.',
        'Yes, if enough of it stops.',
        '7 organizations with 21 nodes.',
        'Yes, unless 1 archive goes bad.'
      ])
      const [first] = await Promise.all([page.locator('.verdict').first().boundingBox()])
      assert.ok(first !== null && first.y < 300, 'the first verdict is at the top')
      for (const text of [
        'Creit Technologies, LOBSTR, SatoshiPay',
        'Germany, United States',
        'Digitalocean LLC'
      ]) {
        assert.ok(await page.getByText(text, { exact: true }).first().isVisible(), text)
      }
      await keep(page, 'example-light')
    }))

  test('a network that splits opens on its two quorums, named and colored', () =>
    looking('split', {}, async ({ page }) => {
      assert.equal(
        await page.locator('.headline .words').innerText(),
        'It is split already: a quorum of 2 nodes and a quorum of 2 nodes have no node in common.'
      )
      assert.deepEqual(await shown(page), ['show-splitting-0', 'show-splitting-0'])
      assert.deepEqual([await marked(page, 'side-a'), await marked(page, 'side-b')], [2, 2])
      const sides = await page.locator('.side').filter({ visible: true }).allInnerTexts()
      assert.deepEqual(sides, ['one side, 2 nodes: A, B', 'the other side, 2 nodes: C, D'])
    }))

  test('where there is no data on groups there are no figures of them', () =>
    looking('split', {}, async ({ page }) => {
      const rows = await page.locator('.figures tbody tr').allInnerTexts()
      assert.deepEqual(
        rows.map((row) => row.replace(/\s+/g, ' ')),
        [
          'nodes 4 4 nodes in the top tier 2 2 nodes can halt the network by stopping 0 It is split already: nobody has to lie. no data',
          'organizations no data: none of the nodes of the core has an organization',
          'countries no data: none of the nodes of the core has a country',
          'providers no data: none of the nodes of the core has a provider'
        ]
      )
      assert.equal(await page.locator('.figures input').count(), 3)
      assert.equal(
        await page.locator('#halt .no-data').innerText(),
        'no data on organizations, countries, providers: none of the nodes of the core has one'
      )
    }))

  test('figures choose what the picture shows, by mouse and by keyboard', () =>
    looking('example', {}, async ({ page }) => {
      assert.deepEqual(await shown(page), ['show-top-tier-0', 'show-top-tier-0'])
      assert.equal(await marked(page, 'tier'), 21)

      await page.getByRole('radio', { name: '3 organizations can split the network by lying' }).check()
      assert.deepEqual(await shown(page), ['show-splitting-1', 'show-splitting-1'])
      assert.deepEqual(
        await Promise.all(['liar', 'side-a', 'side-b'].map((part) => marked(page, part))),
        [3, 7, 7]
      )
      assert.equal(await page.locator('.halo').filter({ visible: true }).count(), 3)
      assert.ok(await page.getByText('lies to both sides').filter({ visible: true }).first().isVisible())
      await keep(page, 'example-splitting', '.network')

      await page.getByRole('radio', { name: '6 nodes can halt the network by stopping' }).check()
      assert.equal(await marked(page, 'stopped'), 6)
      await keep(page, 'example-blocking', '.network')

      // The figures are one group: the arrow keys go through it.
      await page.keyboard.press('ArrowRight')
      assert.deepEqual(await shown(page), ['show-filtered-0', 'show-filtered-0'])
      await page.keyboard.press('ArrowRight')
      assert.deepEqual(await shown(page), ['show-splitting-0', 'show-splitting-0'])
      await page.getByRole('radio', { name: '1 node with the archives' }).check()
      assert.equal(await marked(page, 'archive'), 1)
      assert.ok((await marked(page, 'unarchived')) >= 9)
      await keep(page, 'example-history', '.network')
    }))

  test('nodes with the same quorum set stand together, with lines to whom they name', () =>
    looking('joined', {}, async ({ page }) => {
      // The last organization is in two parts, as one of its nodes has the set of others.
      const names = await page
        .locator('.cluster')
        .evaluateAll((clusters) => clusters.map((cluster) => cluster.getAttribute('data-name')))
      assert.equal(names.length, 8)
      assert.deepEqual(
        names.filter((name) => name?.startsWith('Granite Exchange')),
        ['Granite Exchange, set 2', 'Granite Exchange, set 3']
      )
      assert.equal(await page.locator('.band').count(), 2)
      assert.deepEqual(await page.locator('.band-rule').allTextContents(), ['4 of 5', '5 of 6'])
      const rows = await page.locator('.all-nodes tbody tr').allInnerTexts()
      assert.equal(rows.filter((row) => /\t2: 5 of 6 groups/.test(row)).length, 7)

      // Lines are there of what is chosen: of whom somebody points at, has reached by keyboard, or whom the address names.
      const lit = () =>
        page
          .locator('.line')
          .evaluateAll((lines) =>
            lines
              .filter((line) => Number(getComputedStyle(line).strokeOpacity) === 1)
              .map((line) => [...line.classList].filter((name) => name.startsWith('of-')))
          )
      assert.deepEqual(await lit(), [])
      const index = names.indexOf('Evergreen Bank')
      await page.locator(`#cluster-${index} .disc`).hover()
      const ofPointed = await lit()
      assert.ok(ofPointed.length > 3 && ofPointed.every((names) => names.includes(`of-${index}`)))
      await page.mouse.move(1, 1)
      assert.deepEqual(await lit(), [])
      await page.locator(`#cluster-${index}`).focus()
      assert.deepEqual(await lit(), ofPointed)
      assert.ok((await page.locator('#details').innerText()).startsWith('Evergreen Bank. 3 nodes: '))
      await keep(page, 'joined-chosen', '.network')
      await page.locator('.label a').nth(names.indexOf('Birch Finance')).click()
      assert.match(page.url(), new RegExp(`#cluster-${names.indexOf('Birch Finance')}$`))
      assert.ok((await page.locator('#details').innerText()).startsWith('Birch Finance. '))
    }))

  test('the address and the keyboard choose lines without scripts, too', async () => {
    const withoutScript = readFileSync(fileOf('joined'), 'utf8').replace(/<script>.*?<\/script>/s, '')
    const file = files.write('silent-joined.html', withoutScript)
    const looked = await browser.open(file)
    const lit = () =>
      looked.page
        .locator('.line')
        .evaluateAll((lines) => lines.filter((line) => getComputedStyle(line).strokeOpacity === '1').length)
    assert.equal(await lit(), 0)
    await looked.page.locator('#cluster-1').focus()
    assert.ok((await lit()) > 3)
    await looked.page.evaluate(() => (document.activeElement as SVGElement | null)?.blur())
    assert.equal(await lit(), 0)
    await looked.page.goto(`${looked.page.url()}#cluster-2`)
    assert.ok((await lit()) > 3)
    await looked.page.close()
  })

  test('squares say how organizations trust each other', () =>
    looking('uneven', {}, async ({ page }) => {
      const { nodes, organizations } = NETWORKS.uneven as ReturnType<typeof uneven>
      const squares = await page.locator('.cluster').evaluateAll((rows) => {
        return rows.flatMap((row) =>
          [...row.querySelectorAll('.cell')].map((cell) => {
            const { to = '', named = '', share = '' } = (cell as SVGElement).dataset
            const { width } = cell.getBoundingClientRect()
            const column = document.getElementById(`cluster-${to}`)
            return {
              ...{ row: row.getAttribute('data-name'), column: column?.getAttribute('data-name') },
              ...{ named, share, width }
            }
          })
        )
      })
      const validators = (name: string) => organizations.find((one) => one.name === name)?.validators ?? []
      const full = Math.max(...squares.map(({ width }) => width))
      for (const { name: row } of organizations) {
        for (const { name: column } of organizations) {
          const naming = nodes.filter(
            ({ publicKey, quorumSet }) =>
              validators(row ?? '').includes(publicKey) &&
              quorumSet?.innerQuorumSets.some((inner) => inner.validators[0] === validators(column ?? '')[0])
          )
          const square = squares.find((square) => square.row === row && square.column === column)
          assert.equal(Number(square?.named ?? 0), naming.length, `${row}, ${column}`)
          if (square === undefined) continue
          // Every entry is in as many of a hundred slices as there are entries of a hundred to be chosen.
          const shares = naming.map(({ quorumSet }) => {
            const { threshold = 0, innerQuorumSets = [] } = quorumSet ?? {}
            return threshold / innerQuorumSets.length
          })
          const share = shares.reduce((sum, share) => sum + share, 0) / shares.length
          assert.equal(Number(square.share), Math.round(100 * share), `${row}, ${column}`)
          assert.ok(Math.abs((square.width / full) ** 2 - naming.length / 3) < 0.05, `${row}, ${column}`)
        }
      }
      await keep(page, 'uneven-trust', '.network')
    }))

  test('pointing at a row, a square or a node, or going there by keyboard, says whom it trusts', () =>
    looking('uneven', {}, async ({ page }) => {
      const details = page.locator('#details')
      assert.match(await details.innerText(), /^Point at an organization/)
      await page.locator('#cluster-2').focus()
      const name = (await page.locator('#cluster-2').getAttribute('data-name')) ?? ''
      assert.ok((await details.innerText()).startsWith(`${name}. 3 nodes:`), await details.innerText())
      const trusts = (await page.locator('#cluster-2').getAttribute('data-trusts'))?.split(' ') ?? []
      assert.ok(trusts.length > 15)
      assert.equal(await page.locator('.trusted').count(), trusts.length)

      await page.keyboard.press('ArrowRight')
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'node-2-0')
      await page.keyboard.press('ArrowRight')
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'node-2-1')
      assert.match(await details.innerText(), new RegExp(`\\(${name}\\)\\. Asks for \\d+ of \\d+ groups`))
      await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('ArrowLeft')
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'cluster-2')
      await page.keyboard.press('ArrowDown')
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'cluster-3')
      await page.locator('h1').click()
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
      assert.match(await details.innerText(), /^Point at/)

      await page.locator('#node-5-0').hover()
      assert.match(await details.innerText(), /Asks for/)
      const square = page.locator('#cluster-4 .cell').nth(5)
      const { named, share, to } = await square.evaluate((cell) => ({ ...(cell as SVGElement).dataset }))
      const [row, column] = await Promise.all(
        ['4', to].map((index) => page.locator(`#cluster-${index}`).getAttribute('data-name'))
      )
      await square.hover()
      const [names, whose] = named === '1' ? ['names', 'its'] : ['name', 'their']
      assert.equal(
        await details.innerText(),
        `${row}: ${named} of its 3 nodes ${names} ${column}, with a node of it in ${share} % of ${whose} slices.`
      )
      await page.mouse.move(1, 1)
      assert.match(await details.innerText(), /^Point at/)
    }))

  test('Tab reaches the figures and every organization, in order', () =>
    looking('example', {}, async ({ page }) => {
      const reached: string[] = []
      for (let presses = 0; presses < 60 && reached.at(-1) !== 'cluster-6'; presses++) {
        await page.keyboard.press('Tab')
        reached.push(
          await page.evaluate(() => document.activeElement?.id || document.activeElement?.tagName || '')
        )
      }
      assert.deepEqual(
        reached.filter((id) => id.startsWith('cluster-')),
        [0, 1, 2, 3, 4, 5, 6].map((index) => `cluster-${index}`)
      )
      assert.ok(
        reached.indexOf('show-top-tier-0') >= 0 &&
          reached.indexOf('show-top-tier-0') < reached.indexOf('cluster-0')
      )
    }))

  const looks: [string, 'light' | 'dark', number][] = [
    ['example', 'light', 1280],
    ['example', 'dark', 1280],
    ['example', 'light', 360],
    ['example', 'dark', 360],
    ['uneven', 'dark', 1280],
    ['large', 'light', 1280],
    ['joined', 'light', 1280],
    ['joined', 'dark', 360],
    ['flat-uneven', 'dark', 1280],
    ['heterogeneous', 'dark', 1920],
    ['heterogeneous', 'light', 390],
    ['halted', 'light', 1280],
    ['nobody', 'dark', 390],
    ['split', 'dark', 360],
    ['no-quorum', 'light', 360]
  ]
  for (const [name, scheme, width] of looks) {
    test(`axe-core finds nothing wrong: ${name}, ${scheme}, ${width} px`, () =>
      looking(name, { scheme, width }, async ({ page }) => {
        await keep(page, `${name}-${scheme}-${width}`)
        assert.deepEqual(await violations(page), [])
      }))
  }

  for (const name of ['example', ...Object.keys(NETWORKS)]) {
    test(`no page scrolls sideways at any width: ${name}`, () =>
      looking(name, {}, ({ page }) =>
        atEachWidth(page, async (width) => {
          assert.deepEqual(await cutOff(page), [], `${width} px`)
          if (width === 390) await keep(page, `${name}-phone`)
          if (width === 1280) await keep(page, `${name}-wide`)
        })
      ))
  }

  for (const name of ['example', 'mixed']) {
    test(`headings and states are not broken within a word, whatever nodes are called: ${name}`, () =>
      looking(name, {}, ({ page }) =>
        atEachWidth(page, async (width) => assert.deepEqual(await broken(page), [], `${width} px`))
      ))
  }

  test('on a phone numbers stand for names, which are listed', () =>
    looking('example', { width: 360, height: 760 }, async ({ page }) => {
      assert.equal(await page.locator('.label-name').filter({ visible: true }).count(), 0)
      assert.equal(await page.locator('.label-number').filter({ visible: true }).count(), 7)
      assert.equal(await page.locator('.key li').filter({ visible: true }).count(), 7)
      // What is to be touched is large enough for a finger, and the picture fills the screen.
      const cell = await page.locator('.figures td').first().boundingBox()
      assert.ok(cell !== null && cell.height >= 40 && cell.width >= 40, JSON.stringify(cell))
      const cluster = await page.locator('#cluster-0 .disc').boundingBox()
      assert.ok(cluster !== null && cluster.width > 45, JSON.stringify(cluster))
    }))

  test('on paper everything is unfolded, on white, also for who likes it dark', () =>
    looking('example', { scheme: 'dark' }, async ({ page }) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
      assert.equal(background, 'rgb(255, 255, 255)')
      assert.ok(await page.locator('#decide dd').getByText('SDF 1', { exact: false }).first().isVisible())
      assert.ok(await page.locator('svg.picture').isVisible())
      assert.equal(await page.locator('#details').isVisible(), false)
      mkdirSync(artefacts, { recursive: true })
      const pdf = await page.pdf({ path: join(artefacts, 'example-print.pdf'), format: 'A4' })
      assert.ok(pdf.length > 10_000)
    }))

  test('on A4 nothing is cut off, whatever the network, and a matrix is as wide as the page', async () => {
    for (const name of ['example', ...Object.keys(NETWORKS)]) {
      await looking(name, SHEET, async ({ page }) => {
        await page.emulateMedia({ media: 'print' })
        assert.ok((await widthOf(page)) <= SHEET.width, `${name}: ${await widthOf(page)} px`)
        assert.deepEqual(await cutOff(page), [], name)
        const matrix = page.locator('svg.picture.matrix')
        if ((await matrix.count()) > 0) assert.ok(((await matrix.boundingBox())?.width ?? 0) > 600, name)
        await keep(page, `${name}-paper`)
      })
    }
  })

  for (const name of ['example', ...Object.keys(NETWORKS)]) {
    test(`sheets of A4 end between parts, and no heading stands alone: ${name}`, () =>
      looking(name, {}, async ({ page }) => {
        const { cut, alone } = await cutByPages(page)
        assert.deepEqual({ cut, alone }, { cut: [], alone: [] })
      }))
  }

  test('without scripts it can be read, and figures still choose', async () => {
    const withoutScript = readFileSync(fileOf('example'), 'utf8').replace(/<script>.*?<\/script>/s, '')
    files.write('silent.html', withoutScript)
    await looking('silent', {}, async ({ page }) => {
      await page.getByRole('radio', { name: '2 countries can halt the network' }).check()
      assert.deepEqual(await shown(page), ['show-blocking-2', 'show-blocking-2'])
    })
  })

  test('how often everybody is needed, what is odd, and how it was proven', () =>
    looking('example', {}, async ({ page }) => {
      const rows = page.locator('.occurrences tbody tr')
      assert.equal(await rows.count(), 1)
      assert.match(
        await rows.first().innerText(),
        /^All 7 alike: Blockdaemon, .*, Stellar Development Foundation\s+71\.4 %\s+42\.9 %\s+42\.9 %$/
      )
      assert.match(
        await page.locator('.occurrences thead').innerText(),
        /21 minimal quorums[^]*35 minimal blocking sets/
      )
      assert.equal(await page.locator('.findings li').count(), 2)
      const proofs = page.locator('.proofs tbody tr')
      assert.equal(await proofs.first().isVisible(), false, 'the proofs are folded')
      await page.getByText('figure by figure').click()
      assert.ok(await proofs.first().isVisible())
      assert.equal(await proofs.count(), 8)
      assert.match(
        (await proofs.allInnerTexts()).join('\n'),
        /Smallest splitting set\s+nodes 3, organizations 3, countries 1, providers 1\s+Two quorums were found/
      )
    }))

  test('nodes are searched, and keys copied and the data downloaded, by keyboard', () =>
    looking('example', {}, async ({ page }) => {
      const visible = page.locator('.all-nodes tbody tr').filter({ visible: true })
      assert.equal(await visible.count(), 37)
      await page.getByLabel('Find a node').focus()
      await page.keyboard.type('lobstr TOP')
      assert.equal(await visible.count(), 3)
      assert.equal(await page.locator('#found').innerText(), '3 of 37 nodes')
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      const key = await visible.first().locator('code').innerText()
      assert.match(key, /^G[A-Z2-7]{55}$/)
      await page.getByText('copied').waitFor()
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key)
      await page.getByLabel('Find a node').fill('nobody is called so')
      assert.equal(await visible.count(), 0)
      assert.equal(await page.locator('#found').innerText(), '0 of 37 nodes')
      await page.getByLabel('Find a node').fill('')
      assert.equal(await page.locator('#found').innerText(), '37 nodes')

      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download the data' }).press('Enter')
      ])
      assert.equal(download.suggestedFilename(), 'stellar-fbas-report.json')
      const { nodes } = JSON.parse(readFileSync(await download.path(), 'utf8'))
      assert.equal(nodes.length, 36)
    }))

  test('contents lead to every section, by keyboard', () =>
    looking('example', {}, async ({ page }) => {
      const links = page.getByRole('navigation', { name: 'Contents' }).getByRole('link')
      assert.equal(await links.count(), await page.locator('main > section[aria-labelledby]').count())
      await links.filter({ hasText: 'All nodes' }).press('Enter')
      await page.waitForFunction(() => {
        const top = document.getElementById('nodes')?.getBoundingClientRect().top ?? -Infinity
        return top > -2 && top < 900
      })
    }))

  const shapes: [string, form: string, clusters: number, said: RegExp][] = [
    ['example', 'hub', 7, /All of them ask for the same: there is one center/],
    ['flat', 'hub', 40, /All of them ask for the same: there is one center/],
    ['uneven', 'matrix', 20, /on which everybody depends who is in any quorum: 60 nodes\./],
    ['heterogeneous', 'matrix', 24, /A square means that nodes of the row name nodes of the column/],
    ['flat-uneven', 'matrix', 40, /a slice is a choice of just as many entries as a quorum set asks for/],
    ['large', 'matrix', 20, /577 other nodes that are listed are not drawn/],
    ['joined', 'circle', 8, /A band joins circles whose nodes have the same quorum set/],
    ['split', 'circle', 2, /Drawn is the core, on which everybody depends who is in any quorum: 4 nodes/],
    ['two', 'hub', 2, /all ask for\s+2 of 2\s+nodes/],
    ['no-quorum', 'circle', 1, /No quorum exists, so there is no core/],
    ['nobody', '', 0, /^No quorum set is known, so nothing is drawn\.$/],
    [
      'alone',
      'circle',
      1,
      /^[^]*No quorum exists but nodes on their own, which are left out, so there is no core\./
    ],
    ['mixed', 'hub', 5, /all ask for\s+2 of 3\s+nodes and groups/]
  ]
  for (const [name, form, clusters, said] of shapes) {
    test(`a network of another shape: ${name}`, () =>
      looking(name, {}, async ({ page }) => {
        assert.equal(
          await page.locator(`svg.picture${form === '' ? '' : `.${form}`} .cluster`).count(),
          clusters
        )
        assert.match(await page.locator('figure').innerText(), said)
        await keep(page, `${name}-network`, '.network')
        assert.deepEqual(await outside(page), [])
        assert.deepEqual(await beyondTheMiddle(page), [])
      }))
  }

  test('hostile names are shown as they are, and do nothing', () =>
    looking('hostile', {}, async ({ page }) => {
      const text = await page.evaluate(() => document.body.textContent ?? '')
      for (const attack of ATTACKS.slice(0, 7)) assert.ok(text.includes(attack), attack)
      assert.ok(text.includes('&lt;b&gt;\\u{202e}evil\\u{0}7'))
      // Pointing at them does not either.
      for (const cluster of await page.locator('.cluster').all()) await cluster.focus()
      assert.match(await page.locator('#details').innerText(), /Asks for/)
      assert.equal(await page.evaluate(() => document.scripts.length), 2)
      assert.equal(await page.evaluate(() => document.images.length), 0)
      await keep(page, 'hostile')
    }))

  test('a script that gets in all the same is not run', async () => {
    const html = readFileSync(fileOf('example'), 'utf8')
    files.write('injected.html', html.replace('<main>', '<main><script>document.title = "owned"</script>'))
    const { page, complaints } = await browser.open(fileOf('injected'))
    assert.notEqual(await page.title(), 'owned')
    assert.match(complaints.join(), /Content Security Policy/)
  })

  test('the picture alone', async () => {
    await output(['report', '--svg', '--show', 'splitting', '-o', join(files.path, 'picture.svg')])
    const html = files.write('picture.html', '<!doctype html><img src="picture.svg" width="900" alt="">')
    const { page } = await browser.open(html)
    const sides = await page.evaluate(() => [
      document.images[0]?.naturalWidth,
      document.images[0]?.naturalHeight
    ])
    assert.ok(
      sides.every((side) => side !== undefined && side > 100),
      sides.join()
    )
    await keep(page, 'picture-alone')
  })
})
