// `stellar-fbas/compat-web` answers like `stellar-fbas/compat`, in the thread that asks, once it is loaded.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import * as compat from '../../dist/compat.js'
import { root } from '../examples.js'
import { smallNetwork } from '../small_networks.js'
import { missing, open } from './page.js'

const example = (name: string) => readFileSync(join(root, 'examples/network', name), 'utf8')
const NETWORKS: [nodes: string, organizations: string][] = [
  [example('stellar-2025-11.json'), example('organizations-2025-11.json')],
  ...Array.from({ length: 20 }, (_, seed) => smallNetwork(seed)).map(
    ({ nodes, organizations }): [string, string] => [JSON.stringify(nodes), JSON.stringify(organizations)]
  )
]

/** All that explorers ask, as text. Also runs on the page. */
function answers(asked: typeof compat, [nodes, organizations]: [string, string]): string[] {
  return [0, 1, 2, 3].flatMap((by) => [
    JSON.stringify(asked.analyze_minimal_quorums(nodes, organizations, by)),
    JSON.stringify(asked.analyze_minimal_blocking_sets(nodes, organizations, '[]', by)),
    JSON.stringify(asked.analyze_minimal_splitting_sets(nodes, organizations, by)),
    JSON.stringify(asked.analyze_top_tier(nodes, organizations, by)),
    JSON.stringify(asked.analyze_symmetric_top_tier(nodes, organizations, by))
  ])
}

test(
  'compat-web has the names of the package that it stands in for, and answers as compat',
  { skip: missing ?? false },
  async () => {
    const { page, complaints, close } = await open({ module: '/compat.mjs' })
    try {
      assert.deepEqual(((await page.evaluate('Object.keys(web)')) as string[]).sort(), [
        ...['MOST_SETS', 'MergeBy', 'analyze_minimal_blocking_sets', 'analyze_minimal_quorums'],
        ...['analyze_minimal_splitting_sets', 'analyze_symmetric_top_tier', 'analyze_top_tier'],
        ...['default', 'initSync', 'init_panic_hook']
      ])
      const early = await page.evaluate(
        `(() => { try { web.analyze_top_tier('[]', '[]', 0) } catch ({ message }) { return message } })()`
      )
      assert.equal(early, 'nothing is loaded yet: `await init()` first')
      await page.evaluate('web.default()')
      for (const network of NETWORKS) {
        const found = await page.evaluate(`(${answers.toString()})(web, ${JSON.stringify(network)})`)
        assert.deepEqual(found, answers(compat, network))
      }
      // The other ways to load it.
      await page.evaluate(`(async () => {
      const bytes = await (await fetch('/stellar-fbas.wasm')).arrayBuffer()
      web.initSync({ module: await WebAssembly.compile(bytes) })
      await web.default('/stellar-fbas.wasm')
      await web.default({ module_or_path: fetch('/stellar-fbas.wasm') })
    })()`)
      assert.deepEqual(
        await page.evaluate('web.analyze_top_tier("[]", "[]", web.MergeBy.Orgs).top_tier_size'),
        0
      )
      assert.deepEqual(complaints, [])
    } finally {
      await close()
    }
  }
)
