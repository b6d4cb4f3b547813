// Chromium as people have it, for looking at reports. Debian's, or the one that CHROMIUM names.

import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { chromium, type BrowserContext, type Page } from 'playwright-core'

const CANDIDATES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome'
]
const executablePath = CANDIDATES.find((path) => path !== undefined && existsSync(path))

/** Why there is nothing to look at a report with; absent: there is. */
export const missing =
  executablePath === undefined
    ? 'no Chromium here: `apt-get install chromium`, or say in CHROMIUM where it is'
    : undefined

/** Where screenshots are kept: never in the repository. */
export const artefacts = process.env.FBAS_ARTEFACTS ?? join(tmpdir(), 'stellar-fbas-artefacts')

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

const SWITCHES = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync']
]

/** A page with what went wrong on it, and what it asked the network for. */
export interface Looked {
  page: Page
  /** Console messages, errors of scripts, violations of the content security policy. */
  complaints: string[]
  /** Addresses of everything that was asked for but the page itself. */
  requests: string[]
}

/** A browser with a profile of its own, which is gone with it. */
export interface Browser {
  /** Opens a file, or an address. */
  open: (file: string, how?: How) => Promise<Looked>
  close: () => Promise<void>
}

export async function launch(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(missing)
  const profile = mkdtempSync(join(tmpdir(), 'stellar-fbas-chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: SWITCHES
  })
  return {
    open: (file, how) => open(context, file, how),
    close: async () => {
      await context.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    }
  }
}

/** Of windows, in pixels: from a small phone's to a large screen's, with both sides of where pages change. */
const WIDTHS = [320, 390, 400, 760, 768, 1024, 1280, 1920]

export interface How {
  width?: number
  height?: number
  scheme?: 'light' | 'dark'
}

async function open(
  context: BrowserContext,
  file: string,
  { width = 1280, height = 900, scheme = 'light' }: How = {}
): Promise<Looked> {
  const page = await context.newPage()
  await page.setViewportSize({ width, height })
  await page.emulateMedia({ colorScheme: scheme })
  const complaints: string[] = []
  const requests: string[] = []
  const url = /^https?:/.test(file) ? file : `file://${file}`
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (request.url() !== url) requests.push(request.url())
  })
  await page.goto(url)
  return { page, complaints, requests }
}

/** Keeps a picture of the whole page, or of a part of it. */
export async function keep(page: Page, name: string, part?: string): Promise<void> {
  mkdirSync(artefacts, { recursive: true })
  const path = join(artefacts, `${name}.png`)
  if (part === undefined) await page.screenshot({ path, fullPage: true })
  else await page.locator(part).screenshot({ path })
}

/** What axe-core finds wrong. It is put in by the debugger, past the page's policy. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const { violations } = await (globalThis as any).axe.run(document, { resultTypes: ['violations'] })
    return violations.map(
      ({ id, nodes }: any) => `${id}: ${nodes.map(({ target }: any) => target.join(' ')).join(', ')}`
    )
  })
}

/** How wide what is on a page is. */
export function widthOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth)
}

/** Holds that a page is no wider than its window, however wide that is, and looks further at each width. */
export async function atEachWidth(
  page: Page,
  look: (width: number) => Promise<void> = async () => {}
): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 })
    const needed = await widthOf(page)
    assert.ok(needed <= width, `${needed} px in ${width}, ${page.url()}`)
    await look(width)
  }
}

/** What is wider than the place that it has, but for what a keyboard can scroll. `except` is what scrolls by itself. */
export function cutOff(page: Page, except = 'svg, .hidden'): Promise<string[]> {
  return page.evaluate(
    (except) =>
      [...document.querySelectorAll('main *, header *, footer *')]
        .filter((element) => element.closest(except) === null && element.clientWidth > 0)
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map((element) => `${element.tagName} ${element.className}`)
        .filter((element) => element !== 'DIV frame'),
    except
  )
}
