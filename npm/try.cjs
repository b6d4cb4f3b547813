// Loads the addon in a folder under npm/ and asks it for what has a known answer: whether it runs on this system. Needs nothing but Node.js.
//
//   node npm/try.cjs npm/linux-x64-gnu

const assert = require('node:assert/strict')
const { readFileSync } = require('node:fs')
const { join, resolve } = require('node:path')

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node npm/try.cjs FOLDER')
const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
const { FbasNetwork, analyzeFull, analyzeQuorums, health, performAnalysis, verifyCertificate } = require(
  resolve(folder, main)
)

const example = (name) => readFileSync(join(__dirname, '../examples/network', name), 'utf8')
const [nodes, organizations] = ['stellar-2025-11.json', 'organizations-2025-11.json'].map(example)

async function run() {
  const { node, organization, country, isp } = await performAnalysis(nodes, organizations)
  assert.deepEqual([node, organization, country, isp].map(Object.values), [
    [21, 6, 6, 3],
    [7, 3, 3, 3],
    [7, 2, 2, 1],
    [10, 2, 2, 1]
  ])

  const proven = await analyzeFull(nodes, organizations, { groupBy: 'country', certificate: true })
  assert.ok(JSON.stringify(proven.certificate).includes('refutation'))
  assert.ok((await verifyCertificate(nodes, organizations, proven.certificate)).isValid)

  const network = await FbasNetwork.load(nodes, organizations)
  assert.equal(network.analyzeQuorumsSync({ limit: 0 }).totalSets, 5103n)
  let blocking = 0
  for await (const set of network.minimalBlockingSets()) blocking += set.length === 6
  assert.equal(blocking, 945)

  const abort = new AbortController()
  const aborted = assert.rejects(analyzeFull(nodes, organizations, { signal: abort.signal }), {
    code: 'ABORT_ERR'
  })
  abort.abort()
  await aborted
  await assert.rejects(analyzeQuorums('[{"publicKey": 1}]'), {
    code: 'INVALID_INPUT',
    message: /nodes\[0\]\.publicKey/
  })
  await assert.rejects(analyzeQuorums(nodes, null, { timeoutMs: 0.001 }), { code: 'TIMEOUT' })

  const { version, solver, target } = health()
  console.log(`${version}, ${solver}, ${target}, Node.js ${process.version}: ok`)
}

run().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
