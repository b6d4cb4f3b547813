// What an analysis takes on a web page, beside the addon on one thread and on all: for docs/performance.md.
//
//   npm run bench:web

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { FbasNetwork } from '../../index.js'
import { root } from '../examples.js'
import { large, uneven } from '../report/networks.js'
import { missing, open } from './page.js'

const RUNS = 5
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
  row('performAnalysis of', ['addon', 'addon, one thread', 'page', 'page / one thread'])
  for (const [name, { nodes, organizations }] of Object.entries(NETWORKS)) {
    const network = await FbasNetwork.load(nodes, organizations)
    const all = await median(RUNS, () => network.performAnalysis())
    const one = await median(RUNS, () => network.performAnalysis({ threads: 1 }))
    const there = (await page.evaluate(`(async () => {
      const network = await web.FbasNetwork.load(...${JSON.stringify([nodes, organizations])})
      return (${median.toString()})(${RUNS}, () => network.performAnalysis())
    })()`)) as number
    row(name, [...[all, one, there].map((time) => `${time.toFixed(1)} ms`), `${(there / one).toFixed(1)} x`])
  }
  await close()
}

void measure()
