// The picture of the report in the README: what a browser shows first of the report on the example. `npm run docs:picture`

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { MAIN } from '../cli/command.js'
import { root } from '../examples.js'
import { launch } from './browser.js'

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stellar-fbas-'))
  const file = join(folder, 'report.html')
  execFileSync(process.execPath, [MAIN, 'report', '--date', '13 November 2025', '--output', file])
  const browser = await launch()
  const { page } = await browser.open(file, { width: 1100, height: 900 })
  await page.locator('#show-splitting-1').check()
  const height = await page.evaluate(() => {
    const network = document.querySelector('.network')
    if (network === null) throw new Error('the report has no picture')
    return Math.ceil(network.getBoundingClientRect().bottom + scrollY)
  })
  const clip = { x: 0, y: 0, width: 1100, height }
  await page.screenshot({ path: join(root, 'docs/report.png'), fullPage: true, clip })
  await browser.close()
  rmSync(folder, { recursive: true })
}

void main()
