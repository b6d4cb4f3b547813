// The gate of examples/change-gate lets through what is safe in any order, and nothing else.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'

import { root } from '../examples.js'
import { fourOrganizations } from '../networks.js'
import { environment, folder, MAIN, type Ended } from './command.js'

const files = folder()
const network = files.write('network.json', fourOrganizations())
const EXAMPLE = join(root, 'examples/change-gate')

/** Runs the gate as its README says, with configurations of these nodes. */
function gate(name: string, configurations: Record<string, string>, ...options: string[]): Promise<Ended> {
  const validators = join(files.path, name)
  mkdirSync(validators)
  for (const [node, text] of Object.entries(configurations)) {
    writeFileSync(join(validators, `${node}.cfg`), text)
  }
  return new Promise((resolve, reject) => {
    const child = spawn(join(EXAMPLE, 'gate.sh'), [network, validators, ...options], {
      env: environment({ STELLAR_FBAS: `${process.execPath} ${MAIN}` })
    })
    const ended = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text) => (ended.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (ended.stderr += text))
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, ...ended }))
  })
}

/** So many percent of four organizations of three validators, a majority of each. */
function allOrganizations(percent: number): string {
  const inner = ['p', 'q', 'r', 's'].map(
    (id) =>
      `[QUORUM_SET.${id}]\nTHRESHOLD_PERCENT = 66\nVALIDATORS = [${[1, 2, 3].map((node) => `"${id}${node}"`).join(', ')}]\n`
  )
  return `[QUORUM_SET]\nTHRESHOLD_PERCENT = ${percent}\n\n${inner.join('\n')}`
}

describe('change gate', { skip: process.platform === 'win32' && 'bash is asked for' }, () => {
  test('a change that is safe in any order passes', async () => {
    const { status, stdout, stderr } = await gate('safe', {
      p1: allOrganizations(100),
      p2: allOrganizations(75)
    })
    assert.equal(status, 0, stdout + stderr)
    // Three of four is what p2 asks for already.
    assert.match(stdout, /Safe: 1 node may change\./)
    assert.match(stdout, /p1: 3 of 4 → 4 of 4/)
  })

  test('a folder without configurations is an error', async () => {
    const { status, stdout, stderr } = await gate('without', {})
    assert.deepEqual([status, stdout], [2, ''])
    assert.match(stderr, /: no NODE\.cfg in it\n$/)
  })

  test('a change that splits the network on the way does not', async () => {
    const alone = (key: string) => `[QUORUM_SET]\nTHRESHOLD_PERCENT = 100\nVALIDATORS = ["${key}"]\n`
    const { status, stdout } = await gate('split', { p1: alone('p1'), q1: alone('q1') })
    assert.equal(status, 1, stdout)
    assert.match(stdout, /DANGER: .* two quorums share no node/)
    assert.match(stdout, /\n {2}p1\n {2}q1\n/)
  })

  test('options are those of plan', async () => {
    const { status, stdout } = await gate('floor', { p1: allOrganizations(100) }, '--floor-splitting', '12')
    assert.equal(status, 1, stdout)
  })

  test('a configuration that cannot be read is named with its line', async () => {
    const { status, stderr } = await gate('wrong', { p1: allOrganizations(101) })
    assert.equal(status, 2)
    assert.match(stderr, /p1\.cfg: line 2, QUORUM_SET\.THRESHOLD_PERCENT/)
  })

  test('nobody is passed over', async () => {
    const { status, stderr } = await gate('unknown', { nobody: allOrganizations(75) })
    assert.equal(status, 2)
    assert.match(stderr, /--set nobody: no node is called so/)
    assert.equal((await gate('nobody', {})).status, 2)
  })

  test('the workflow runs the gate that stands beside it, in the version of this package', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    const workflow = readFileSync(join(EXAMPLE, 'workflow.yml'), 'utf8')
    assert.ok(workflow.includes('run: ./gate.sh "$NETWORK" validators'))
    assert.ok(workflow.includes(`stellar-fbas@${version}`))
  })
})
