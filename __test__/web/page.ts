// `stellar-fbas/web` on a page in a real browser. The page has no cross-origin isolation and the strictest content security policy under which
// WebAssembly works at all: nothing is evaluated, nothing comes from elsewhere.

import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

import type { Page } from 'playwright-core'

import { root } from '../examples.js'
import { launch, missing as missingBrowser } from '../report/browser.js'

export const dist = join(root, 'dist/web')

/** Why nothing can be tried here; absent: it can. */
export const missing = existsSync(join(dist, 'index.mjs'))
  ? missingBrowser
  : 'no WebAssembly here: `npm run build:web` makes it'
if (missing !== undefined) console.warn(`stellar-fbas/web is not tried: ${missing}`)

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  'worker-src blob:',
  "connect-src 'self' blob:"
].join('; ')

const TYPES: Record<string, string> = {
  '.mjs': 'text/javascript',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm'
}

export interface Opened {
  page: Page
  /** What the page complained about. */
  complaints: string[]
  close: () => Promise<void>
}

/** A page with the files of a folder beside it, and `web`, the module of this name. */
export async function open({
  folder = dist,
  module = '/index.mjs',
  policy = POLICY
}: { folder?: string; module?: string; policy?: string } = {}): Promise<Opened> {
  const server = await served(folder, policy, module)
  const { port } = server.address() as AddressInfo
  const browser = await launch()
  const close = async () => {
    await browser.close()
    server.closeAllConnections()
    server.close()
  }
  try {
    const { page, complaints } = await browser.open(`http://127.0.0.1:${port}/`)
    await page.evaluate(`new Promise((there) => {
      const look = () => (globalThis.web === undefined ? setTimeout(look, 10) : there())
      look()
    })`)
    return { page, complaints, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function served(folder: string, policy: string, module: string): Promise<Server> {
  const page =
    '<!doctype html><title>a page</title><link rel="icon" href="data:,"><script type="module" src="/page.mjs"></script>'
  const script = `globalThis.web = await import(${JSON.stringify(module)})`
  const server = createServer(({ url = '/' }, response) => {
    const content = url === '/' ? page : url === '/page.mjs' ? script : fileIn(folder, url)
    const type = url === '/' ? 'text/html' : (TYPES[extname(url)] ?? 'text/plain')
    response.writeHead(content === undefined ? 404 : 200, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': `${policy}; img-src data:`
    })
    response.end(content)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function fileIn(folder: string, url: string): Buffer | undefined {
  const file = join(folder, url)
  return existsSync(file) ? readFileSync(file) : undefined
}

/** A result without the time that it took and without the sets that stand for others as well, as text. Also runs on pages. */
export function comparable(result: unknown): string {
  const left = ['executionTimeMs', 'exampleSet', 'disjointQuorums', 'quorum', 'quorumA', 'quorumB']
  return JSON.stringify(result, (name, value) =>
    left.includes(name) ? undefined : typeof value === 'bigint' ? `${value}n` : value
  )
}
