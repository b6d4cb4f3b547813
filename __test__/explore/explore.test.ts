// The page to try changes on, in a real browser: every kind of step by keyboard, what the page says beside the addon, going back and forth, links,
// the file that `plan` takes, how it looks, and that it asks nobody for anything.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'

import type { Page } from 'playwright-core'

import { FbasNetwork } from '../../index.js'
import { folder, output } from '../cli/command.js'
import { flat, quorumSet } from '../networks.js'
import {
  atEachWidth,
  cutOff,
  keep,
  launch,
  violations,
  type Browser,
  type How,
  type Looked
} from '../report/browser.js'
import { ATTACKS, halted, hostile, large, NO_QUORUM, NOBODY, SPLIT, uneven } from '../report/networks.js'
import { cutByPages } from '../report/paper.js'
import { agrees, answered, begun, downloaded, missing } from './page.js'

const files = folder()
const NETWORKS: Record<string, unknown> = {
  uneven: uneven(12, 0.1, 0.05),
  split: SPLIT,
  'no-quorum': NO_QUORUM,
  nobody: NOBODY,
  unseen: [...'ABC'].map((publicKey) => ({ publicKey, quorumSet: null })),
  halted: halted(),
  uncrawled: [
    ...flat(['A', 'B', 'C'], 2).map((node) => ({ ...node, quorumSet: quorumSet(2, ['A', 'B', 'C', 'X']) })),
    { publicKey: 'F', quorumSet: quorumSet(2, ['A', 'B', 'C']) },
    { publicKey: 'L', quorumSet: quorumSet(1, ['L']) }
  ],
  hostile: hostile(),
  large: large(637)
}
const fileOf = (name: string) => join(files.path, `${name}.html`)

let browser: Browser

/** Tries a page in a window of its own and, whatever else, finds no complaint, and no request but to itself. */
async function trying(name: string, how: How, work: (looked: Looked) => Promise<void>): Promise<void> {
  const looked = await browser.open(fileOf(name), how)
  await begun(looked.page)
  await work(looked)
  const requests = looked.requests.filter((address) => !address.startsWith('blob:'))
  assert.deepEqual([looked.complaints, requests], [[], []], name)
  await looked.page.close()
}

/** Presses a button by keyboard, and waits for the answer. */
async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).press('Enter')
  await answered(page)
}

/** Opens all that the editor folds away. */
async function openEditor(page: Page): Promise<void> {
  await page.locator('.editor details').evaluateAll((all) => {
    for (const folded of all) folded.setAttribute('open', '')
  })
}

const words = (page: Page) => page.locator('.headline .words').innerText()
const lastStep = (page: Page) => page.locator('.last-step').innerText()
const rows = (page: Page) => page.locator('.row').count()
const changes = async (page: Page) =>
  (await page.locator('.changed tbody tr').allInnerTexts()).map((row) => row.replace(/\s+/g, ' '))

describe('the page to try changes on', { skip: missing, concurrency: 2 }, () => {
  before(async () => {
    browser = await launch()
    const written = Object.entries(NETWORKS).map(([name, network]) =>
      output(['explore', files.write(`${name}.json`, network), '-o', fileOf(name)])
    )
    await Promise.all([...written, output(['explore', '-o', fileOf('example')])])
  })

  after(() => browser.close())

  test('it begins with what the report says, of networks of every kind', async () => {
    for (const name of ['example', ...Object.keys(NETWORKS)].filter((name) => name !== 'large')) {
      await trying(name, {}, async ({ page }) => {
        await agrees(page)
        await keep(page, `explore-${name}`)
      })
    }
  })

  test('nodes, organizations, countries and providers go down and up again', () =>
    trying('example', {}, async ({ page }) => {
      await press(page, 'Down: SDF 1')
      assert.equal(await lastStep(page), 'Down: SDF 1')
      assert.deepEqual(await changes(page), ['smallest blocking set, filtered counting nodes 6 5 worse'])
      await agrees(page)
      await press(page, 'Down: SatoshiPay')
      assert.equal(await lastStep(page), 'Down: the 3 nodes of SatoshiPay')
      await agrees(page)
      const by = page.getByLabel('By', { exact: true })
      await by.selectOption('country')
      await press(page, 'Down: Germany')
      await agrees(page)
      await by.selectOption('provider')
      await press(page, 'Down: Hetzner Online Gmbh')
      assert.match(await words(page), /With 18 nodes down already, one more node can halt it/)
      const { nodes } = await agrees(page)
      assert.equal(nodes.find(({ name }) => name === 'SDF 1')?.isValidating, false)
      await press(page, 'Down: Hetzner Online Gmbh')
      assert.equal(
        await page.getByRole('button', { name: 'Down: Hetzner Online Gmbh' }).getAttribute('aria-pressed'),
        'false'
      )
      await agrees(page)
    }))

  test('of malicious nodes it says who is intact, as the addon does', () =>
    trying('example', {}, async ({ page }) => {
      await press(page, 'Malicious: SDF 1')
      const card = page.locator('#intact')
      const { nodes, organizations } = await agrees(page)
      const sdf = nodes.find(({ name }) => name === 'SDF 1')?.publicKey ?? ''
      const faultyNodes = nodes
        .filter(({ isValidating }) => isValidating === false)
        .map(({ publicKey }) => publicKey)
      const network = await FbasNetwork.load(nodes, organizations)
      const options = { unknownNodes: 'dead', ignoreOneNodeQuorums: true, faultyNodes } as const
      const one = await network.analyzeIntactNodes({ ...options, illBehaved: [sdf] })
      assert.ok(one.intact.length > 20)
      assert.equal(await card.locator('.answer').innerText(), `Intact: ${one.intact.length} nodes.`)
      const besideHeadline = () => page.locator('.answer-bar .who-lies').allInnerTexts()
      assert.deepEqual(await besideHeadline(), [
        `Here nobody counts as malicious. With 1 malicious node, intact: ${one.intact.length} nodes.`
      ])
      assert.match(
        await card.innerText(),
        /Whatever the ill-behaved nodes do, these go on and do not disagree\./
      )
      for (const organization of ['Stellar Development Foundation', 'LOBSTR', 'SatoshiPay'])
        await press(page, `Malicious: ${organization}`)
      assert.equal(await card.locator('.answer').innerText(), 'Intact: nobody.')
      assert.equal(await card.getAttribute('class'), 'verdict bad')
      assert.deepEqual(await besideHeadline(), [
        'Here nobody counts as malicious. With 9 malicious nodes, intact: nobody.'
      ])
      await press(page, 'Malicious: LOBSTR')
      await press(page, 'Down: LOBSTR')
      await agrees(page)
      for (let step = 0; step < 6; step++) await page.keyboard.press('Control+z')
      await agrees(page)
      assert.deepEqual(await besideHeadline(), [])
    }))

  test('where nothing is known, nobody is told to be intact or befouled', () =>
    trying('unseen', {}, async ({ page }) => {
      await press(page, 'Malicious: A')
      const card = page.locator('#intact')
      assert.match(await card.innerText(), /Not known: the data has no usable quorum set of any node\./)
      assert.deepEqual(await card.locator('dt').allInnerTexts(), ['Ill-behaved: 1'])
    }))

  test('what hangs on unknown nodes is in doubt wherever it is said, and they are named', () =>
    trying('uncrawled', {}, async ({ page }) => {
      await press(page, 'Malicious: A')
      await press(page, 'Remove: B')
      assert.match(
        await page.locator('.who-lies').innerText(),
        /^Here nobody counts as malicious\. In doubt: with 1 malicious node, intact: /
      )
      assert.match(
        await page.locator('.misbehaving .doubt').innerText(),
        /of unknown quorum set.* the answer is another one\. B, X$/
      )
    }))

  test('a quorum set is edited: thresholds, nodes, organizations, sets inside of sets', () =>
    trying('example', {}, async ({ page }) => {
      await page.getByRole('button', { name: 'Quorum set: SDF 1', exact: true }).press('Enter')
      const editor = page.locator('.editor')
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'editor')
      const setOf = async () =>
        (await agrees(page)).nodes.find(({ name }) => name === 'SDF 1')?.quorumSet ?? null

      await editor.getByRole('button', { name: 'One less' }).first().press('Enter')
      assert.equal((await setOf())?.threshold, 4)
      assert.match(await lastStep(page), /^Quorum set of SDF 1: 4 of 7 groups/)
      await editor.getByLabel('Threshold').first().focus()
      await page.keyboard.press('ArrowUp')
      await page.keyboard.press('ArrowUp')
      assert.equal((await setOf())?.threshold, 6)

      // What is no threshold is not taken, and does not stay there as if it were.
      for (const wrong of ['0', '-3', '1.5', '']) {
        await editor.getByLabel('Threshold').first().fill(wrong)
        await page.keyboard.press('Tab')
        assert.equal(await editor.getByLabel('Threshold').first().inputValue(), '6', wrong)
      }
      assert.equal((await setOf())?.threshold, 6)

      const find = editor.getByLabel('Add a node or an organization').last()
      await find.focus()
      await page.keyboard.type('whalestack hong')
      await page.keyboard.press('Enter')
      const withNode = await setOf()
      assert.equal(withNode?.validators.length, 1)
      await find.focus()
      await page.keyboard.type('lightsail')
      assert.match(await editor.getByRole('list', { name: 'Found' }).innerText(), /Lightsail Network/)
      await page.keyboard.press('Enter')
      assert.equal((await setOf())?.innerQuorumSets.length, 8)
      await editor.getByRole('button', { name: 'Add an inner set' }).last().press('Enter')
      await editor.locator('summary').filter({ hasText: 'no nodes' }).press('Enter')
      const inner = editor.locator('.inner').last()
      await inner.getByLabel('Add a node or an organization').focus()
      await page.keyboard.type('SDF 2')
      await page.keyboard.press('Enter')
      assert.ok((await setOf())?.innerQuorumSets.some(({ validators }) => validators.length === 1))

      await editor.getByRole('button', { name: /^Leave out Whalestack/ }).press('Enter')
      await editor.getByRole('button', { name: 'Leave out the inner set: LOBSTR' }).press('Enter')
      const left = await setOf()
      assert.deepEqual([left?.validators.length, left?.innerQuorumSets.length, left?.threshold], [0, 8, 6])
      await keep(page, 'explore-editor')

      await editor.getByRole('button', { name: 'Done' }).press('Enter')
      assert.equal(await editor.count(), 0)
      assert.equal(
        await page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
        'Quorum set: SDF 1'
      )
    }))

  test('the quorum sets of a whole organization are pasted, taken over, and forgotten', () =>
    trying('example', {}, async ({ page }) => {
      await page.getByRole('button', { name: 'Quorum set: LOBSTR', exact: true }).press('Enter')
      const editor = page.locator('.editor')
      const setsOf = async () =>
        (await agrees(page)).nodes.filter(({ name }) =>
          /^LOBSTR \d \((Europe|India|North|Asia)/.test(name ?? '')
        )
      await editor.locator('summary').filter({ hasText: 'As JSON' }).press('Enter')
      const text = editor.getByRole('textbox', { name: /as explorers or stellar-core write it/ })
      const keys = (await downloaded(page)).nodes.slice(0, 3).map(({ publicKey }) => publicKey)
      await text.fill(JSON.stringify({ t: 2, v: [keys[0], { t: 1, v: keys.slice(1) }] }))
      await press(page, 'Take this')
      const step = page.locator('.last-step')
      await step
        .filter({ hasText: /^Quorum set of the 3 nodes of LOBSTR: 2 of 2 nodes and groups/ })
        .waitFor()
      const members = (await setsOf()).filter(({ quorumSet }) => quorumSet?.validators[0] === keys[0])
      assert.ok(members.length >= 2)
      for (const [wrong, why] of [
        ['{', /JSON/],
        ['7', /^invalid type: integer `7`, expected a quorum set/],
        ['{"t":2,"v":"x"}', /^v: invalid type: string "x"/],
        ['{"threshold":-1,"validators":[],"innerQuorumSets":[]}', /^threshold/]
      ] as const) {
        await text.fill(wrong)
        await editor.getByRole('button', { name: 'Take this' }).press('Enter')
        await editor.getByRole('alert').filter({ hasText: why }).waitFor()
      }
      // The arrow keys choose, and nothing is taken before somebody says so.
      const others = editor.getByLabel('What others ask for')
      await others.focus()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      assert.doesNotMatch(await lastStep(page), /nodes of LOBSTR: 5 of/)
      const chosen = await others.locator('option:checked').innerText()
      await press(page, 'Take over')
      assert.ok(chosen.endsWith((await lastStep(page)).replace(/^.*: /, '')), chosen)
      await agrees(page)
      await others.selectOption('nothing that is known')
      await press(page, 'Take over')
      assert.match(await lastStep(page), /not known$/)
      await agrees(page)
      await press(page, 'Begin one')
      await agrees(page)
    }))

  test('nodes come and go', () =>
    trying('example', {}, async ({ page }) => {
      await page.locator('.newcomer summary').press('Enter')
      await page.getByLabel('Name').fill('Mine')
      const form = page.locator('.newcomer')
      await form.getByLabel('Organization').selectOption('LOBSTR')
      await form.getByRole('button', { name: 'Add' }).press('Enter')
      await answered(page)
      assert.equal(await rows(page), 38)
      assert.equal(await page.locator('#editor').innerText(), 'Quorum set of Mine')
      const { nodes, organizations } = await agrees(page)
      assert.ok(nodes.some(({ publicKey }) => publicKey === 'NEW-NODE-1'))
      assert.ok(organizations?.some(({ validators }) => validators.includes('NEW-NODE-1')))
      // Nobody has the key of another one.
      for (const wrong of ['NEW-NODE-1', '', '  ']) {
        await page.getByLabel('Public key').fill(wrong)
        await form.getByRole('button', { name: 'Add' }).press('Enter')
        assert.equal(await rows(page), 38)
        assert.equal(await lastStep(page), 'Added: Mine')
      }

      await page.getByRole('button', { name: 'One less' }).first().press('Enter')
      await agrees(page)
      await press(page, 'Remove: Mine')
      assert.equal(await page.locator('.editor').count(), 0)
      assert.equal(await rows(page), 37)
      await press(page, 'Remove: SDF 3')
      assert.equal(
        await page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
        'The list of nodes'
      )
      const left = await agrees(page)
      assert.equal(left.nodes.length, 35)
      assert.match(
        await page.locator('.changed').innerText(),
        /Listed\s+− 1 node: Stellar Development Foundation \(SDF 3\)/
      )
      // The answers are not pushed out of sight by what is odd.
      const folded = page.locator('.changed details:not(.steps)').filter({ hasText: /^\d+ findings/ })
      assert.equal(await folded.count(), 1)
      assert.ok((await folded.locator('ul > li').count()) > 2)
    }))

  test('steps are undone and done again, by buttons and by keys', () =>
    trying('example', {}, async ({ page }) => {
      const beginning = await words(page)
      for (const name of ['Blockdaemon', 'LOBSTR', 'SatoshiPay']) await press(page, `Down: ${name}`)
      const end = await words(page)
      assert.match(end, /^It has halted/)
      await press(page, 'Undo')
      assert.notEqual(await words(page), end)
      await agrees(page)
      await page.keyboard.press('Control+z')
      await page.keyboard.press('Control+z')
      await answered(page)
      assert.equal(await words(page), beginning)
      assert.equal(await page.locator('.changed').count(), 0)
      assert.equal(await page.getByRole('button', { name: 'Undo' }).isDisabled(), true)
      for (const key of ['Control+y', 'Control+Shift+z', 'Control+y']) await page.keyboard.press(key)
      await answered(page)
      assert.equal(await words(page), end)
      await press(page, 'Reset')
      assert.equal(await words(page), beginning)
      await press(page, 'Redo')
      assert.equal(await lastStep(page), 'Down: the 3 nodes of Blockdaemon')
    }))

  test('a link shows somebody else the same', () =>
    trying('example', {}, async ({ page }) => {
      await press(page, 'Down: LOBSTR')
      await press(page, 'Malicious: SDF 1')
      await press(page, 'Remove: SDF 2')
      const [here, changed] = [await words(page), await changes(page)]
      await page.waitForTimeout(200)
      const address = await page.evaluate(() => location.href)
      assert.match(address, /#steps=[\w-]+$/)
      const other = await browser.open(address.replace('file://', ''))
      await begun(other.page)
      await other.page.locator('.changed').waitFor()
      await answered(other.page)
      assert.deepEqual([await words(other.page), await changes(other.page)], [here, changed])
      assert.equal(await other.page.locator('.row.malicious').count(), 1)
      await agrees(other.page)
      // It is about one network.
      const elsewhere = await browser.open(`${fileOf('uneven')}#${address.split('#')[1]}`)
      await begun(elsewhere.page)
      assert.match(await elsewhere.page.locator('.refusal').innerText(), /another network/)
      assert.equal(await elsewhere.page.locator('.changed').count(), 0)
      for (const opened of [other, elsewhere]) await opened.page.close()
    }))

  test('a link to a place in the page leads there, below the answer, and the address keeps the steps', () =>
    trying('example', { width: 390 }, async ({ page }) => {
      await press(page, 'Malicious: SDF 1')
      await page.waitForFunction(() => location.hash.startsWith('#steps='))
      const before = await page.evaluate(() => [location.href, history.length])
      for (const [link, place] of [
        ['.who-lies a', '#intact'],
        ['.key a >> nth=0', '#cluster-0']
      ] as const) {
        await page.locator(link).press('Enter')
        await page.waitForFunction(() => location.hash.startsWith('#steps='))
        assert.deepEqual(await page.evaluate(() => [location.href, history.length]), before)
        assert.equal(await page.evaluate(() => `#${document.querySelector(':target')?.id}`), place)
        const top = (await page.locator(place).boundingBox())?.y ?? 0
        const bar = await page.locator('.answer-bar').boundingBox()
        assert.ok(bar !== null && top >= bar.y + bar.height && top < 500, `${place} at ${top}`)
      }
    }))

  test('steps that cannot be taken are said to be such, and nothing is said to be worked on', () =>
    trying('example', {}, async ({ page }) => {
      const network = await page.evaluate(
        () => JSON.parse(document.querySelector('#data')?.textContent ?? '').start.hash as string
      )
      const edits = [{ kind: 'add', node: { publicKey: '', name: 'Nobody', quorumSet: null } }]
      const packed = deflateRawSync(JSON.stringify({ network, edits })).toString('base64url')
      await page.evaluate((packed) => location.replace(`#steps=${packed}`), packed)
      await page.getByRole('alert').waitFor()
      assert.match(await page.getByRole('alert').innerText(), /^This cannot be worked out: .*publicKey/)
      await answered(page)
      assert.equal(await lastStep(page), 'Added: Nobody')
      await press(page, 'Undo')
      await agrees(page)
    }))

  test('the answer stays in view before everything else, and says who is malicious in line with it', () =>
    trying('example', {}, async ({ page }) => {
      await press(page, 'Malicious: SDF 1')
      await atEachWidth(page, async (width) => {
        await page.locator('.node-list').evaluate((list) => list.scrollIntoView())
        await page.locator('.node-list .scrolled').evaluate((list) => list.scrollTo(0, 300))
        await page.evaluate(() => scrollBy(0, 150))
        const covered = await page.locator('.answer-bar').evaluate((bar) => {
          const { left, right, top, bottom } = bar.getBoundingClientRect()
          const seen: string[] = []
          for (let x = left + 2; x < right; x += 25) {
            for (let y = top + 2; y < bottom; y += 15) {
              const there = document.elementFromPoint(x, y)
              if (there !== null && !bar.contains(there)) seen.push(`${there.tagName} ${there.className}`)
            }
          }
          return seen
        })
        assert.deepEqual(covered, [], `${width} px`)
        const lefts = await page
          .locator('.answer-bar .words, .answer-bar .who-lies')
          .evaluateAll((all) =>
            all.map(
              (one) => one.getBoundingClientRect().left + Number.parseFloat(getComputedStyle(one).paddingLeft)
            )
          )
        assert.equal(lefts[0], lefts[1], `${width} px`)
      })
    }))

  test('no rule of its style hangs on the whole page: each step would have all of it matched anew', () =>
    trying('example', {}, async ({ page }) => {
      const styles = (await page.locator('style').allTextContents()).join()
      assert.match(styles, /:has\(/)
      assert.doesNotMatch(styles, /\b(html|body)\b[^{},]*:has\(|:root[^{},]*:has\(/)
    }))

  test('what is downloaded is a network that plan takes', () =>
    trying('example', {}, async ({ page }) => {
      const start = await downloaded(page)
      const path = files.write('start.json', { nodes: start.nodes, organizations: start.organizations })
      assert.match(await output(['plan', path, path]), /Nothing changes/)
      await page.getByRole('button', { name: 'Quorum set: LOBSTR', exact: true }).press('Enter')
      await page.getByRole('button', { name: 'One more' }).first().press('Enter')
      const changed = await agrees(page)
      const plan = await output(['plan', path, changed.path])
      assert.match(plan, /LOBSTR/)
      assert.match(plan, /5 of 7 → 6 of 7/)
    }))

  test('nodes are searched, and keys are copied', () =>
    trying('example', {}, async ({ page }) => {
      await page.getByLabel('Find', { exact: true }).focus()
      await page.keyboard.type('lobstr TOP')
      assert.equal(await rows(page), 3)
      assert.equal(await page.locator('.found').innerText(), '3 of 37 nodes')
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await page
        .getByRole('button', { name: /^copy the key of/ })
        .first()
        .press('Enter')
      const key = await page.locator('.row code').first().innerText()
      assert.match(key, /^G[A-Z2-7]{55}$/)
      await page.getByText('copied').waitFor()
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key)
    }))

  test('nodes that are only named are there, and why a node that is down changes nothing is said at the switch', () =>
    trying('uncrawled', {}, async ({ page }) => {
      const find = page.getByLabel('Find', { exact: true })
      const row = (name: string) => page.locator('.row').filter({ hasText: new RegExp(`^${name} `) })
      await find.fill('not listed')
      assert.equal(await page.locator('.found').innerText(), '1 of 6 nodes')
      await row('X')
        .filter({ hasText: /^X not known, not listed\s*quorum set not known/i })
        .waitFor()
      await find.fill('')
      await agrees(page)
      const why = async (name: string) => {
        await press(page, `Down: ${name}`)
        await agrees(page)
        return row(name).locator('.why').allTextContents()
      }
      assert.deepEqual(await why('A'), [])
      assert.deepEqual(await why('F'), ['Every quorum that has it contains one without it.'])
      assert.deepEqual(await why('L'), [
        'It is left out anyway: a quorum by itself that no other node in a quorum names.'
      ])
      const unknown = 'taken to be in no quorum anyway, as its quorum set is not known.'
      assert.deepEqual(await why('X'), [`It is not listed, and ${unknown}`])
      const { nodes: listed } = await downloaded(page)
      assert.equal(listed.find(({ publicKey }) => publicKey === 'X')?.isValidating, false)
      await press(page, 'Malicious: X')
      assert.match(await page.locator('.misbehaving').innerText(), /Ill-behaved: 1\s+X/)
      await press(page, 'Malicious: X')

      // It is listed once it asks for something; one that is removed is only named.
      assert.equal(await page.getByRole('button', { name: 'Remove: X' }).count(), 0)
      await press(page, 'Quorum set: X')
      await press(page, 'Begin one')
      await find.fill('not listed')
      assert.equal(await rows(page), 0)
      await find.fill('')
      await press(page, 'Remove: A')
      assert.equal(await rows(page), 6)
      // Rows out of sight are not drawn, and have no inner text.
      await row('A').filter({ hasText: 'not known, not listed' }).waitFor()
      const { nodes } = await agrees(page)
      assert.equal(nodes.length, 5)
    }))

  test('a figure that was chosen stays chosen, and the picture tells whom a node trusts', () =>
    trying('uneven', {}, async ({ page }) => {
      const layers = () =>
        page.evaluate(() =>
          [...document.querySelectorAll('.caption')]
            .filter((element) => getComputedStyle(element).display !== 'none')
            .map((element) => element.className)
        )
      await page.locator('#show-splitting-0').check()
      assert.deepEqual(await layers(), ['caption show-splitting-0'])
      await page.locator('.row .toggle.down').first().press('Enter')
      await answered(page)
      assert.deepEqual(await layers(), ['caption show-splitting-0'])
      await page.locator('.cluster').nth(2).focus()
      assert.match(await page.locator('#details').innerText(), /Asks for|ask for/)
    }))

  test('an analysis that nobody waits for is called off', () =>
    trying('large', {}, async ({ page }) => {
      const buttons = page.locator('.row .toggle.down')
      for (let step = 0; step < 5; step++) await buttons.nth(step).press('Enter')
      await answered(page)
      assert.equal((await page.locator('.row .toggle.down[aria-pressed=true]').count()) > 0, true)
      await page.getByRole('button', { name: 'Undo' }).press('Enter')
      await agrees(page)
    }))

  const looks: [string, 'light' | 'dark', number][] = [
    ['example', 'light', 1400],
    ['example', 'dark', 360],
    ['uneven', 'dark', 1280],
    ['halted', 'light', 360],
    ['nobody', 'dark', 390],
    ['split', 'light', 768]
  ]
  for (const [name, scheme, width] of looks) {
    test(`axe-core finds nothing wrong: ${name}, ${scheme}, ${width} px`, () =>
      trying(name, { scheme, width }, async ({ page }) => {
        const first = page.locator('.row').first()
        if ((await first.count()) > 0) {
          await first.locator('.toggle.down').press('Enter')
          await page.locator('.row').nth(1).locator('.toggle.malicious').press('Enter')
          await first.getByRole('button', { name: /^Quorum set/ }).press('Enter')
          await page.locator('.pasted summary').press('Enter')
        }
        await page.locator('.newcomer summary').press('Enter')
        await answered(page)
        // What fades in is not read before it is there.
        await page.waitForTimeout(600)
        await keep(page, `explore-${name}-${scheme}-${width}`)
        assert.deepEqual(await violations(page), [])
      }))
  }

  for (const name of ['example', 'uneven', 'split', 'nobody', 'hostile']) {
    test(`nothing scrolls sideways at any width: ${name}`, () =>
      trying(name, {}, async ({ page }) => {
        const first = page.locator('.row').first()
        if ((await first.count()) > 0) {
          await first.locator('.toggle.malicious').press('Enter')
          await first.getByRole('button', { name: /^Quorum set/ }).press('Enter')
        }
        await page.locator('.newcomer summary').press('Enter')
        await answered(page)
        await openEditor(page)
        await atEachWidth(page, async (width) => {
          const cut = await cutOff(page, 'svg, .hidden, select, textarea, input')
          assert.deepEqual(cut, [], `${width} px`)
        })
      }))
  }

  test('whatever is typed in, chosen from or pressed in a form is as high as the rest, at any width', () =>
    trying('example', {}, async ({ page }) => {
      await page.getByRole('button', { name: 'Quorum set: SDF 1' }).press('Enter')
      await page.locator('.newcomer summary').press('Enter')
      await openEditor(page)
      const fields = ['.editor', '.newcomer', '.filters'].map(
        (form) => `${form} :is(input, select, button):not(.entry > *, .inner > *)`
      )
      await atEachWidth(page, async (width) => {
        const looks = await page.locator(fields.join()).evaluateAll((all: HTMLElement[]) =>
          all.map((field) => {
            const { borderWidth, borderRadius, fontSize } = getComputedStyle(field)
            return [field.offsetHeight, borderWidth, borderRadius, fontSize].join(' ')
          })
        )
        assert.ok(looks.length > 30, 'too few')
        assert.deepEqual([...new Set(looks)], ['32 1px 5px 16px'], `${width} px`)
      })
    }))

  test('on paper there is what is known, on white, and nothing to press', () =>
    trying('example', { scheme: 'dark' }, async ({ page }) => {
      await press(page, 'Down: LOBSTR')
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
      assert.equal(background, 'rgb(255, 255, 255)')
      assert.equal(await page.locator('button').filter({ visible: true }).count(), 0)
      assert.ok(await page.locator('.changed').isVisible())
      assert.deepEqual(await page.locator('.node-list h2 span').filter({ visible: true }).allInnerTexts(), [
        'All nodes'
      ])
      assert.deepEqual(await page.locator('.steps > summary').filter({ visible: true }).allInnerTexts(), [
        '1 step'
      ])
      assert.ok((await page.pdf({ format: 'A4' })).length > 10_000)
    }))

  for (const name of ['example', 'uneven', 'split', 'nobody', 'halted', 'hostile', 'large']) {
    test(`sheets of A4 end between parts, and no heading stands alone: ${name}`, () =>
      trying(name, {}, async ({ page }) => {
        const first = page.locator('.row').first()
        if ((await first.count()) > 0) {
          await first.locator('.toggle.down').press('Enter')
          await page.locator('.row').nth(1).locator('.toggle.malicious').press('Enter')
          await answered(page)
        }
        const { cut, alone } = await cutByPages(page)
        assert.deepEqual({ cut, alone }, { cut: [], alone: [] })
      }))
  }

  test('hostile names are shown as they are, and do nothing', () =>
    trying('hostile', {}, async ({ page }) => {
      const text = await page.evaluate(() => document.body.textContent ?? '')
      for (const attack of ATTACKS.slice(0, 7)) assert.ok(text.includes(attack), attack)
      await page
        .locator('.row')
        .first()
        .getByRole('button', { name: /^Quorum set/ })
        .press('Enter')
      await page.locator('.row .toggle.malicious').first().press('Enter')
      await agrees(page)
      assert.equal(await page.evaluate(() => document.scripts.length), 2)
      assert.equal(await page.evaluate(() => document.images.length), 0)
    }))
})
