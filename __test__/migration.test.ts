// The migration guide says what is so: its snippets run, and those that replace one another print the same.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { examplesIn, root, run, typeCheck, withFolder, write } from './examples.js'
import { fourOrganizations } from './networks.js'

const guide = readFileSync(join(root, 'docs/migration.md'), 'utf8')

/** The snippets of a section. */
function snippets(title: string): string[] {
  const section = guide.split(/^## /m).find((section) => section.startsWith(title)) ?? ''
  return examplesIn(section)
}

/** What the snippets print for the network of four organizations, without what the old package prints on its own. */
async function printed(snippets: string[], environment?: NodeJS.ProcessEnv): Promise<string[][]> {
  const { nodes, organizations } = fourOrganizations()
  // The old package traps where an organization has no name.
  const named = organizations.map((organization) => ({ ...organization, name: organization.id }))
  return withFolder(async (folder) => {
    writeFileSync(join(folder, 'nodes.json'), JSON.stringify(nodes))
    writeFileSync(join(folder, 'organizations.json'), JSON.stringify(named))
    const files = snippets.map((code, index) => write(folder, `snippet${index}.mts`, code))
    typeCheck(files)
    const outputs: string[][] = []
    for (const file of files) {
      const lines = (await run(file, folder, environment)).split('\n')
      outputs.push(lines.filter((line) => !line.startsWith('lib: ')))
    }
    return outputs
  })
}

test('from the WebAssembly package', async () => {
  const [today, ...instead] = await printed(snippets('From `@stellarbeat'))
  assert.deepEqual(today, ['true', '2'])
  assert.ok(instead.length >= 3)
  for (const output of instead) assert.deepEqual(output, today)
})

test('from the Python service', async (context) => {
  const url = await standIn(context)
  const [today, instead] = await printed(snippets('From the Python service'), {
    PYTHON_FBAS_SERVICE_URL: url
  })
  assert.deepEqual(today, ['12', '4 2', 'true'])
  assert.deepEqual(instead, today)
})

test('from the Python command line', async () => {
  const [instead] = await printed(snippets('From the Python command line'))
  assert.match(instead?.join() ?? '', /^2 \[ '.\.example', '.\.example' \]$/)
})

/** A server that answers as the Python service is documented to, with the figures of the network of four organizations by hand. */
async function standIn(context: TestContext): Promise<string> {
  const answer = {
    top_tier: { top_tier: fourOrganizations().nodes.map((node) => node.publicKey), top_tier_size: 12 },
    // Two of the four organizations, and two of three validators in each.
    blocking_sets: { min_size: 4, total_sets: 1 },
    // Two organizations are in both quorums, and in each at least one validator.
    splitting_sets: { min_size: 2, total_sets: 1, has_split: false },
    quorums: { min_size: 6, total_quorums: 1, quorum_intersection: true },
    total_execution_time_ms: 20_000
  }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { nodes, organizations } = JSON.parse(body)
    const isAsked = request.url === '/analyze/full' && nodes.length === 12 && organizations.length === 4
    response.statusCode = isAsked ? 200 : 500
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(isAsked ? answer : { detail: 'analysis failed' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
