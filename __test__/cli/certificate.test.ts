// Certificates on the command line: written to a folder, checked from it, refused when something is changed.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'

import type { Certificate, FbasNode } from '../../index.js'
import { EXAMPLE, EXAMPLE_ORGANIZATIONS, folder, json, run } from './command.js'

const files = folder()
const verify = (certificate: string, ...more: string[]) =>
  run(['verify', EXAMPLE, certificate, '--organizations', EXAMPLE_ORGANIZATIONS, ...more])

describe('certificates', () => {
  const proofs = join(files.path, 'proofs')

  test('everything is proven, formulas and proofs are files of their own', async () => {
    const { status, stderr, stdout } = await run(['--certificate', proofs, '--format', 'json'])
    assert.deepEqual([status, stderr], [0, `${proofs}/certificate.json: 22 claims with their proofs\n`])
    assert.ok(!stdout.includes('"certificate"'))
    const certificate: Certificate = JSON.parse(readFileSync(join(proofs, 'certificate.json'), 'utf8'))
    const formulas = readdirSync(proofs).filter((name) => name.endsWith('.cnf'))
    assert.ok(formulas.length > 3)
    for (const name of formulas) {
      const [, index, kind] = /^(\d+)-(\w+)\.cnf$/.exec(name) ?? []
      const statement = Object.entries(certificate.claims[Number(index)]!.statement)
      assert.equal(statement[0]![0], kind)
      const { formula, proof } = statement[0]![1].proof.refutation
      assert.equal(readFileSync(join(proofs, name), 'utf8'), formula)
      assert.equal(readFileSync(join(proofs, name.replace('cnf', 'drat')), 'utf8'), proof)
    }
  })

  test('verify says what is proven', async () => {
    const { status, stdout } = await verify(proofs)
    assert.equal(status, 0)
    assert.match(stdout, /^Proven:\n {2}every two quorums share a node; no node is down; /)
    const file = join(proofs, 'certificate.json')
    const organizations = ['--organizations', EXAMPLE_ORGANIZATIONS]
    const answer = await json(['verify', EXAMPLE, file, ...organizations])
    assert.deepEqual([answer.isValid, answer.problem, answer.claims.length], [true, null, 22])
  })

  test('also where sets are written as they are found', async () => {
    const streamed = join(files.path, 'streamed')
    const args = ['quorums', '--limit', '3', '--format', 'ndjson', '--certificate', streamed]
    const { status, stdout } = await run(args)
    assert.deepEqual([status, stdout.trim().split('\n').length], [0, 3])
    const { claims } = await json(['verify', EXAMPLE, streamed, '--organizations', EXAMPLE_ORGANIZATIONS])
    const reading = '; no node is down; unknown nodes are in no quorum; no node is left out'
    assert.deepEqual(
      claims,
      ['every two quorums share a node', 'a smallest quorum is of 10 nodes'].map((claim) => claim + reading)
    )
  })

  test('what claims nothing proves nothing, and what is left out of it is said', async () => {
    const certificate: Certificate = JSON.parse(readFileSync(join(proofs, 'certificate.json'), 'utf8'))
    const open = files.write('open.json', { ...certificate, unproven: ['topTier', 'quorums'] })
    const { status, stdout } = await verify(open)
    assert.equal(status, 0)
    assert.match(stdout, /^Proven:\n[^]*\nNot claimed, as not proven in time: topTier, quorums\n$/)
    const empty = files.write('empty.json', { ...certificate, claims: [], unproven: ['topTier'] })
    const nothing = await verify(empty)
    assert.deepEqual(
      [nothing.status, nothing.stdout],
      [1, 'NOT PROVEN: certificate.claims: nothing is claimed\nNot claimed, as not proven in time: topTier\n']
    )
    const answer = await verify(empty, '--format', 'json')
    assert.deepEqual(JSON.parse(answer.stdout), {
      ...{ isValid: false, problem: 'certificate.claims: nothing is claimed' },
      ...{ claims: [], unproven: ['topTier'] }
    })
  })

  test('about another network it proves nothing', async () => {
    const nodes: FbasNode[] = JSON.parse(readFileSync(EXAMPLE, 'utf8'))
    for (const { quorumSet } of nodes) if (quorumSet) quorumSet.threshold++
    const other = files.write('other.json', nodes)
    const { status, stdout } = await run(['verify', other, proofs, '--organizations', EXAMPLE_ORGANIZATIONS])
    assert.equal(status, 1)
    assert.match(stdout, /^NOT PROVEN: certificate\.claims\[\d+\]: /)
  })

  test('what is changed is not proven, what is no certificate is bad input', async () => {
    const text = readFileSync(join(proofs, 'certificate.json'), 'utf8')
    const changed = join(files.path, 'changed.json')
    writeFileSync(changed, text.replace(/"size": (\d+)/, '"size": 1$1'))
    const { status, stdout } = await verify(changed, '--format', 'json')
    assert.equal(status, 1)
    assert.match(JSON.parse(stdout).problem, /^certificate\.claims\[\d+\]: the size is claimed/)
    writeFileSync(changed, '{"claims": 1}')
    for (const from of [changed, EXAMPLE, files.path, join(files.path, 'nothing')]) {
      const { status, stderr } = await verify(from)
      assert.equal(status, 2, stderr)
    }
  })

  test('what cannot be written is said', async () => {
    const { status, stderr } = await run(['intersection', '--certificate', join(EXAMPLE, 'below-a-file')])
    assert.equal(status, 74)
    assert.match(stderr, /below-a-file: a part of the path is a file/)
    assert.ok(!existsSync(join(EXAMPLE, 'below-a-file')))
  })
})
