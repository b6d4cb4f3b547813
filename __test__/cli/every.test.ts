// Every file goes through every command: what one of them reads all of them read, nothing ends as a defect, and the answer is the same whatever
// the format is that a network comes in.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { after, describe, test } from 'node:test'

import type { FbasNode, QuorumSet } from '../../index.js'
import { root } from '../examples.js'
import { fourOrganizations, quorumSet, TWO_PAIRS } from '../networks.js'
import { folder, type Ended } from './command.js'
import { Runner } from './runner.js'

const files = folder()
const runner = new Runner(files.path)
after(() => runner.end())
// It claims nothing, as it has to do for all files, so it proves nothing.
const certificate = files.write('certificate.json', {
  format: 'stellar-fbas certificate 2',
  ...{ engine: '', claims: [], unproven: [] }
})
const newcomer = files.write('newcomer.json', { publicKey: 'GNEWCOMER', quorumSet: null })
const BOUNDED = ['--timeout', '0.5', '--anytime']
/** Whether this build has the WebAssembly. */
const HAS_WEB = existsSync(join(root, 'dist/web/stellar-fbas.wasm'))
const FORMATS = ['table', 'json', 'ndjson', 'csv']

/** Every command about a file, each in one of the formats: another one for the next file. What is compared must not hang on the time it takes. */
function commandsAbout(file: string, organizations: string[], index: number, bounds = BOUNDED): string[][] {
  const format = (shift: number) => ['--format', FORMATS[(index + shift) % FORMATS.length] ?? '']
  const asked = [
    ...['analyze', 'intersection', 'top-tier', 'symmetric', 'findings', 'nodes', 'critical'],
    ...['blocking-sets', 'splitting-sets', 'quorums', 'history-critical']
  ]
  const targets = ['nodes', 'network', 'stellar-core', 'python-fbas']
  return [
    ...asked.map((command, shift) => [
      ...[command, file, ...organizations, ...bounds, ...format(shift)],
      ...(/sets|quorums|history/.test(command) ? ['--limit', '3'] : [])
    ]),
    ['intact', file, ...organizations, '--ill-behaved', 'none', ...bounds, ...format(2)],
    ['diff', file, file, ...bounds, ...format(1)],
    ['plan', file, file, '--unit', 'node', ...bounds, ...format(3)],
    ['suggest', file, ...organizations, ...bounds, ...format(0)],
    ['change', file, '--add', newcomer],
    ['verify', file, certificate, ...format(2)],
    ['convert', file, ...organizations, '--to', targets[index % targets.length] ?? ''],
    ...(HAS_WEB ? [['explore', file, ...organizations, '--output', '-']] : []),
    ['report', file, ...organizations, ...bounds, '--output', '-', ...(index % 2 === 0 ? ['--svg'] : [])]
  ]
}

/** The status of a command that reads its file. */
const whereRead = ([name]: string[]) => (name === 'verify' ? 1 : 0)

async function goesThrough(file: string, organizations: string[], index: number): Promise<void> {
  const commands = commandsAbout(file, organizations, index)
  const ended = await runner.run(commands)
  const isRead = ended[0]?.status === 0
  for (const [index, { status, stderr }] of ended.entries()) {
    const what = `${commands[index]?.join(' ')}\n${stderr}`
    assert.equal(status, isRead ? whereRead(commands[index] ?? []) : 2, what)
    assert.doesNotMatch(stderr, /^ +at .*:\d+:\d+/m, what)
    if (status === 2) assert.match(stderr, /^stellar-fbas: .*\n$/, what)
  }
}

const SHARED = join(root, '../shared/data')
const shared = existsSync(SHARED)
  ? readdirSync(SHARED, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
  : []

describe('every file of other people', { skip: shared.length === 0 && 'the data is not here' }, () => {
  for (const [index, file] of shared.entries()) {
    test(relative(SHARED, file), { timeout: 120_000 }, async () => {
      const organizations = join(file, '../organizations.json')
      const isNodes = file.endsWith('/nodes.json') && existsSync(organizations)
      await goesThrough(file, isNodes ? [organizations] : [], index)
    })
  }
})

/** What commands print that are expected to go well. */
async function printed(commands: string[][]): Promise<string[]> {
  const ended = await runner.run(commands)
  const text = ({ status, stdout, stderr }: Ended, index: number) => {
    const command = commands[index] ?? []
    assert.equal(status, whereRead(command), `${command.join(' ')}\n${stderr}`)
    return stdout
  }
  return ended.map(text)
}

/** The same network in every format and spelling that is read. */
function spellings(nodes: FbasNode[]): Record<string, unknown> {
  const renamed = (names: [string, string, string]) => {
    const set = ({ threshold, validators, innerQuorumSets }: QuorumSet): unknown => ({
      [names[0]]: threshold,
      [names[1]]: validators,
      [names[2]]: innerQuorumSets.map(set)
    })
    return nodes.map(({ quorumSet, ...node }) => ({ ...node, quorumSet: quorumSet ? set(quorumSet) : null }))
  }
  const core = ({ threshold, validators, innerQuorumSets }: QuorumSet): unknown => ({
    t: threshold,
    v: [...validators, ...innerQuorumSets.map(core)]
  })
  const qsets: Record<string, unknown> = {}
  const named = ({ threshold, validators, innerQuorumSets }: QuorumSet): string => {
    const id = `set ${Object.keys(qsets).length}`
    qsets[id] = null
    qsets[id] = { threshold, members: [...validators, ...innerQuorumSets.map(named)] }
    return id
  }
  const validators = nodes.map(({ publicKey, quorumSet, ...attrs }) => ({
    id: publicKey,
    qset: quorumSet ? named(quorumSet) : null,
    attrs
  }))
  return {
    nodes,
    network: { nodes },
    innerSets: renamed(['threshold', 'validators', 'innerSets']),
    inner_sets: renamed(['threshold', 'validators', 'inner_sets']),
    'stellar-core': {
      nodes: nodes.map(({ publicKey, quorumSet, ...more }) => ({
        ...more,
        node: publicKey,
        ...(quorumSet ? { qset: core(quorumSet) } : {})
      }))
    },
    'python-fbas': { validators, qsets }
  }
}

describe('every format', { timeout: 600_000 }, () => {
  const flatSets = ['A', 'B', 'C'].map((publicKey) => ({
    publicKey,
    quorumSet: { threshold: 2, validators: ['A', 'B', 'C'] }
  }))
  const networks: Record<string, FbasNode[]> = {
    'four organizations': fourOrganizations().nodes,
    split: TWO_PAIRS,
    'nodes that nobody knows': [
      { publicKey: 'A', quorumSet: quorumSet(2, ['A', 'X'], [quorumSet(1, ['B', 'Y'])]) },
      { publicKey: 'B', quorumSet: null }
    ]
  }
  for (const [name, nodes] of Object.entries(networks)) {
    test(name, async () => {
      const answers = new Map<string, string>()
      for (const [format, written] of Object.entries(spellings(nodes))) {
        const file = files.write('network.json', written)
        const answer = await printed(
          commandsAbout(file, [], 1, []).filter(([command]) => command !== 'convert' && command !== 'verify')
        )
        for (const to of ['nodes', 'stellar-core', 'python-fbas']) {
          const [converted = ''] = await printed([['convert', file, '--to', to]])
          const again = files.write('again.json', converted)
          const [ours, theirs] = await printed([again, file].map((of) => ['quorums', of, '--format', 'json']))
          assert.equal(ours, theirs, `${format} to ${to}`)
          answer.push(converted)
        }
        answers.set(format, answer.join('\n'))
      }
      const [first] = answers.values()
      for (const [format, answer] of answers) assert.equal(answer, first, format)
    })
  }

  test('quorum sets without inner sets, or with null for them', async () => {
    const file = files.write('flat.json', flatSets)
    await goesThrough(file, [], 0)
    const nulls = flatSets.map(({ publicKey, quorumSet }) => ({
      publicKey,
      quorumSet: { ...quorumSet, innerQuorumSets: null }
    }))
    await goesThrough(files.write('nulls.json', nulls), [], 1)
    const [answer = ''] = await printed([['blocking-sets', file, '--format', 'json']])
    assert.equal((JSON.parse(answer) as { minSize: number }).minSize, 2)
    assert.equal(readFileSync(file, 'utf8').includes('innerQuorumSets'), false)
  })
})
