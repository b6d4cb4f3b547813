// The page to try changes on, in Chromium: how it is waited for, and what it says beside what the addon says of the same network.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'

import type { Page } from 'playwright-core'

import { FbasNetwork, type FbasNode, type FbasOrganization } from '../../index.js'
import { columnsOf, figureText } from '../../ts/study/figures.js'
import { headlineOf } from '../../ts/study/headline.js'
import { studyNetwork } from '../../ts/study/study.js'
import { verdictsOn } from '../../ts/study/verdicts.js'
import { missing as missingBrowser } from '../report/browser.js'
import { dist } from '../web/page.js'

/** Why nothing can be tried here; absent: it can. */
export const missing = existsSync(`${dist}/stellar-fbas.wasm`)
  ? missingBrowser
  : 'no WebAssembly here: `npm run build:web` makes it'

/** Waits for the first answer. */
export async function begun(page: Page): Promise<void> {
  await page.locator('.answer-bar').waitFor({ timeout: 60_000 })
  await answered(page)
}

/** Waits for the answer to the last step. */
export async function answered(page: Page): Promise<void> {
  await page.locator('.answer-bar [role=status][aria-busy=false]').waitFor({ timeout: 60_000 })
}

/** A file as the page hands it out. */
export interface Handed {
  path: string
  nodes: FbasNode[]
  organizations?: FbasOrganization[]
}

/** Downloads the network as it is now. */
export async function downloaded(page: Page): Promise<Handed> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).press('Enter')
  ])
  assert.equal(download.suggestedFilename(), 'stellar-fbas-changed.json')
  const path = await download.path()
  return { path, ...(JSON.parse(readFileSync(path, 'utf8')) as Omit<Handed, 'path'>) }
}

/** What the page says of the network as it is now, to be that which the addon says of it. */
export async function agrees(page: Page): Promise<Handed> {
  await answered(page)
  const handed = await downloaded(page)
  const network = await FbasNetwork.load(handed.nodes, handed.organizations)
  const down = handed.nodes.filter((node) => node.isValidating === false).map((node) => node.publicKey)
  const study = await studyNetwork(network, { faultyNodes: down })
  const headline = headlineOf(study)
  const expected = {
    words: headline.words,
    beside: headline.beside.join(' '),
    verdicts: verdictsOn(study).map(({ answer, badge }) => [answer, badge]),
    figures: study.counted.map((counted) =>
      counted.data.kind === 'missing'
        ? []
        : columnsOf(study).map((column) => figureText(study, counted, column))
    )
  }
  const said = {
    words: await page.locator('.headline .words').innerText(),
    beside: (await page.locator('.headline .beside').allInnerTexts()).join(),
    verdicts: await page.evaluate(() =>
      [...document.querySelectorAll('.verdicts .verdict')].map((card) =>
        ['.answer', '.mood'].map((part) => card.querySelector(part)?.textContent?.trim())
      )
    ),
    figures: await page.evaluate(() =>
      [...document.querySelectorAll('.figures tbody tr')].map((row) =>
        row.querySelector('td[colspan]') === null
          ? [...row.querySelectorAll('td')].map((cell) =>
              (cell.querySelector('.figure') ?? cell).textContent?.trim()
            )
          : []
      )
    )
  }
  assert.deepEqual(said, expected)
  return handed
}
