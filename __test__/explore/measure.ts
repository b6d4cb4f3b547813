// How long the page takes from a key press to its answer, on the example network and on others: for docs/performance.md. The whole network of
// November 2025 is among them where it is here.
//
//   npm run bench:explore

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { output } from '../cli/command.js'
import { launch } from '../report/browser.js'
import { large, uneven } from '../report/networks.js'
import { begun, missing } from './page.js'

const STEPS = 25
const OF_2025 = join(__dirname, '../../../shared/data/stellar-2025-11-13')

interface Case {
  name: string
  files: string[]
}

/** What the page is made of; no file: the example network. */
function casesIn(folder: string): Case[] {
  const written = (name: string, network: unknown): Case => {
    const file = join(folder, `${name}.json`)
    writeFileSync(file, JSON.stringify(network))
    return { name, files: [file] }
  }
  const of2025 = ['nodes.json', 'organizations.json'].map((file) => join(OF_2025, file))
  return [
    { name: 'the example network, 36 nodes', files: [] },
    ...(existsSync(OF_2025) ? [{ name: '2025-11-13, 301 nodes', files: of2025 }] : []),
    written('12 organizations, uneven', uneven(12, 0.1, 0.05)),
    written('637 nodes', large(637))
  ]
}

/** Of a page that has its first answer: from each key press until the next frame after its answer, and the longest task in between. */
async function measured(file: string): Promise<{ times: number[]; blocked: number }> {
  const browser = await launch()
  const { page } = await browser.open(file)
  await begun(page)
  await page.evaluate(`(() => {
    const answers = globalThis.answers = []
    globalThis.longest = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration)
    }).observe({ type: 'longtask' })
    let pressed
    addEventListener('keydown', ({ timeStamp }) => (pressed = timeStamp), true)
    const status = document.querySelector('[role=status]')
    new MutationObserver(() => {
      if (status.getAttribute('aria-busy') !== 'false' || pressed === undefined) return
      const since = pressed
      pressed = undefined
      requestAnimationFrame(() => setTimeout(() => answers.push(performance.now() - since)))
    }).observe(status, { attributes: true })
  })()`)
  const buttons = page.locator('.row .toggle.down')
  const count = await buttons.count()
  for (let step = 0; step < STEPS; step++) {
    // Each is a state that was not there before. Whoever presses a key sees what it is about, so that is in view and drawn by then.
    await buttons.nth((step * 7) % count).focus()
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))')
    await page.keyboard.press('Enter')
    while (((await page.evaluate('answers.length')) as number) <= step) await setTimeout(20)
  }
  const times = (await page.evaluate('answers')) as number[]
  const blocked = (await page.evaluate('longest')) as number
  await browser.close()
  return { times: times.sort((a, b) => a - b), blocked }
}

async function measure(): Promise<void> {
  if (missing !== undefined) throw new Error(missing)
  const folder = mkdtempSync(join(tmpdir(), 'stellar-fbas-'))
  const row = (name: string, cells: string[]) =>
    console.log(name.padEnd(34) + cells.map((cell) => cell.padStart(16)).join(''))
  row('from a key press to the answer', ['median', 'slowest', 'longest task'])
  for (const { name, files } of casesIn(folder)) {
    const file = join(folder, 'page.html')
    await output(['explore', ...files, '-o', file])
    const { times, blocked } = await measured(file)
    const told = [times[times.length >> 1], times.at(-1), blocked]
    row(
      name,
      told.map((time) => `${(time ?? NaN).toFixed(0)} ms`)
    )
  }
  rmSync(folder, { recursive: true })
}

void measure()
