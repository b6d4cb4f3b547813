/** `explore`: the page on which people try out changes of a network, as one HTML file, or served on this machine alone and opened. */

import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import openInBrowser from 'open'

import { Failure, STATUS } from './failure.js'
import type { Reading } from './input.js'
import type { Options } from './options.js'
import { print, save, say } from './output.js'
import type { Session } from './session.js'
import { notValidating } from '../study/study.js'

export interface ExploreOptions extends Options {
  output?: string
  port?: number
  /** Whether a browser is opened. */
  open?: boolean
  title?: string
}

/** What `npm run build:web` makes. */
const WEB = join(__dirname, '../web')
const HOST = '127.0.0.1'

/** Writes the page, or serves it until somebody ends that. */
export async function explore({ options }: Session, reading: Reading, asked: ExploreOptions): Promise<void> {
  // Loaded only here: nothing else needs what draws pages.
  const { exploreHtml } = await import('../explore/index.js')
  const { network, nodes, organizations, sources } = reading
  const html = exploreHtml(
    {
      ...{ nodes, sources, hash: network.hash() },
      title: asked.title ?? reading.title,
      organizations: organizations ?? null,
      down: options.faulty ?? notValidating(reading),
      options: {
        unknown: options.unknown,
        scope: options.scope,
        countOneNodeQuorums: options.countOneNodeQuorums
      }
    },
    await analysis()
  )
  if (asked.output === '-') {
    await print(html)
  } else if (asked.output !== undefined) {
    await save(asked.output, html)
    say(`written to ${asked.output}`)
  } else {
    const address = await serve(html, asked.port ?? 0)
    say(`served at ${address} until Ctrl-C`)
    // Where nothing can be opened, the address is there.
    if (asked.open !== false) await openInBrowser(address).catch(() => {})
    await new Promise(() => {})
  }
}

/** The WebAssembly and its worker, which not every build has. */
async function analysis(): Promise<{ wasm: Uint8Array; worker: string }> {
  try {
    const [wasm, worker] = await Promise.all([
      readFile(join(WEB, 'stellar-fbas.wasm')),
      readFile(join(WEB, 'worker.js'), 'utf8')
    ])
    return { wasm, worker }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Failure(
      'explore needs the WebAssembly for web pages, which this build does not have: npm run build:web makes it',
      STATUS.defect,
      { cause: error }
    )
  }
}

/** Serves one page to this machine alone, and says where. */
async function serve(html: string, port: number): Promise<string> {
  const server = createServer(({ method, url }, response) => {
    const isHere = url?.replace(/\?.*/s, '') === '/'
    const status = method !== 'GET' && method !== 'HEAD' ? 405 : isHere ? 200 : 404
    response.writeHead(status, {
      'content-type': `text/${status === 200 ? 'html' : 'plain'}; charset=utf-8`,
      'cache-control': 'no-store'
    })
    response.end(status !== 200 ? 'the page is at /\n' : method === 'HEAD' ? undefined : html)
  })
  server.listen(port, HOST)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new Failure(`--port ${port}: ${code === 'EADDRINUSE' ? 'somebody serves there already' : message}`)
  }
  return `http://${HOST}:${(server.address() as AddressInfo).port}/`
}
