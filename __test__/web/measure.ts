// What an analysis takes on a web page, beside the addon on one thread and on all, and beside the WebAssembly that explorers' pages load today: for
// docs/performance.md.
//
//   npm run bench:web

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'

import { FbasNetwork } from '../../index.js'
import { root } from '../examples.js'
import { large, uneven } from '../report/networks.js'
import { missing, open } from './page.js'

const RUNS = 5
const text = (data: unknown) => (typeof data === 'string' ? data : JSON.stringify(data ?? []))
const example = (name: string) => readFileSync(join(root, 'examples/network', name), 'utf8')
const NETWORKS = {
  'the example network, 36 nodes': {
    nodes: example('stellar-2025-11.json'),
    organizations: example('organizations-2025-11.json')
  },
  '12 organizations, uneven': uneven(12, 0.1, 0.05),
  '19 organizations, uneven': uneven(19, 0.1, 0.05),
  '12 organizations, heterogeneous': uneven(12, 0.15, 0.3),
  '637 nodes': large(637)
}

/** The median time of some runs, in milliseconds. Also runs on the page. */
async function median(runs: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[runs >> 1] ?? NaN
}

const OLD = join(root, 'benches/node_modules/@stellarbeat/stellar_analysis_web')
/** How long the old build may take for all figures of a network. */
const MOST_SECONDS = 60

/** The same figures by the old build: what an explorer asks of it, once for each way of counting. Runs on the page, which it holds. */
function figuresByOld(nodes: string, organizations: string, faulty: string): void {
  const { web } = globalThis as unknown as {
    web: Record<string, (...args: unknown[]) => unknown>
  }
  for (const merge of [0, 1, 2, 3]) {
    web.analyze_top_tier?.(nodes, organizations, merge)
    for (const down of ['[]', faulty]) web.analyze_minimal_blocking_sets?.(nodes, organizations, down, merge)
    web.analyze_minimal_splitting_sets?.(nodes, organizations, merge)
  }
}

/** What the old build takes, in words; it cannot be stopped but with its page. */
async function takenByOld(nodes: string, organizations: string): Promise<string> {
  const { page, close } = await open({ folder: OLD, module: '/stellar_analysis.js' })
  const down = (JSON.parse(nodes) as { publicKey: string; isValidating?: boolean }[])
    .filter(({ isValidating }) => isValidating === false)
    .map(({ publicKey }) => publicKey)
  const input = [nodes, organizations, JSON.stringify(down)].map((text) => JSON.stringify(text))
  const taken = page.evaluate(
    `web.default().then(() => (${median.toString()})(1, async () => (${figuresByOld.toString()})(${input.join()})))`
  )
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, MOST_SECONDS * 1000))
  try {
    const time = await Promise.race([taken as Promise<number>, late])
    return time === undefined ? `> ${MOST_SECONDS} s` : `${time.toFixed(1)} ms`
  } catch (error) {
    return (error as Error).message.includes('unreachable') ? 'it ends with a trap' : 'it fails'
  } finally {
    taken.catch(() => undefined)
    await close()
  }
}

async function measure(): Promise<void> {
  if (missing !== undefined) throw new Error(missing)
  const { page, close } = await open()
  const began = performance.now()
  await page.evaluate('web.load()')
  console.log(
    `from the loaded module to a worker that is ready: ${(performance.now() - began).toFixed(0)} ms`
  )
  const row = (name: string, cells: string[]) =>
    console.log(name.padEnd(36) + cells.map((cell) => cell.padStart(20)).join(''))
  row('performAnalysis of', [...['addon', 'addon, one thread', 'page', 'page / one thread'], 'old build'])
  for (const [name, { nodes, organizations }] of Object.entries(NETWORKS)) {
    const network = await FbasNetwork.load(nodes, organizations)
    const all = await median(RUNS, () => network.performAnalysis())
    const one = await median(RUNS, () => network.performAnalysis({ threads: 1 }))
    const there = (await page.evaluate(`(async () => {
      const network = await web.FbasNetwork.load(...${JSON.stringify([nodes, organizations])})
      return (${median.toString()})(${RUNS}, () => network.performAnalysis())
    })()`)) as number
    const old = await takenByOld(text(nodes), text(organizations))
    row(name, [
      ...[all, one, there].map((time) => `${time.toFixed(1)} ms`),
      ...[`${(there / one).toFixed(1)} x`, old]
    ])
  }
  await close()
  for (const file of ['stellar_analysis.js', 'stellar_analysis_bg.wasm'])
    console.log(
      `old build, ${file}: ${brotliCompressSync(readFileSync(join(OLD, file))).length} bytes with brotli`
    )
}

void measure()
