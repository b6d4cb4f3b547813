// Certificates through the addon: every analysis can be proven, what is tampered with is not, and what is no certificate is said to be none.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'

import {
  analyzeCore,
  analyzeFull,
  analyzeQuorums,
  analyzeSymmetricTopTier,
  FbasNetwork,
  performAnalysis,
  performAnalysisSync,
  verifyCertificate,
  type Certificate,
  type FbasNode,
  type FbasOrganization
} from '../index.js'
import { examplesIn, root, run, typeCheck, withFolder, write } from './examples.js'
import { TWO_PAIRS } from './networks.js'

const read = (name: string) => readFileSync(join(root, 'examples/network', name), 'utf8')
const nodes: FbasNode[] = JSON.parse(read('stellar-2025-11.json'))
const organizations: FbasOrganization[] = JSON.parse(read('organizations-2025-11.json'))

describe('certificates', () => {
  test('what is proven of the network that one node sees is proven of the whole one, the others being down', async () => {
    const network = await FbasNetwork.load(TWO_PAIRS)
    const options = { reachableFrom: 'A', certificate: true }
    for (const result of await Promise.all([
      network.analyzeTopTier(options),
      network.analyzeQuorums(options),
      network.analyzeSplittingSets(options),
      network.analyzeFull(options),
      network.performAnalysis(options)
    ])) {
      assert.ok(result.certificate)
      const { isValid, problem, claims } = await network.verifyCertificate(result.certificate)
      assert.equal(isValid, true, problem ?? '')
      for (const claim of claims) assert.match(claim, /; C, D are down; /)
    }
  })

  test('every analysis of the example is proven, as an object and as text', async () => {
    const network = await FbasNetwork.load(nodes, organizations)
    for (const groupBy of [undefined, 'organization', 'country', 'isp', 'geoData.countryCode']) {
      for (const scope of ['core', 'all'] as const) {
        const options = { groupBy, scope, certificate: true, faultyNodes: [nodes[0]!.publicKey] }
        const results = await Promise.all([
          network.analyzeTopTier(options),
          network.analyzeBlockingSets(options),
          network.analyzeSplittingSets(options),
          network.analyzeQuorums(options),
          network.analyzeHistoryCritical(options),
          network.analyzeFull(options),
          network.analyzeQuorumIntersection({ ...options, groupBy: undefined }),
          network.performAnalysis({ ...options, groupBy: undefined })
        ])
        for (const { certificate } of results) {
          assert.ok(certificate)
          assert.deepEqual(certificate.unproven, [])
          const { isValid, problem, claims } = await network.verifyCertificate(certificate)
          assert.deepEqual([isValid, problem], [true, null])
          assert.equal(claims.length, certificate.claims.length)
          const text = JSON.stringify(certificate)
          assert.equal((await verifyCertificate(nodes, organizations, text)).isValid, true)
        }
      }
    }
  })

  test('the figures of an explorer, each with a claim', async () => {
    const { certificate } = await performAnalysis(nodes, organizations, { certificate: true })
    const claimed = certificate!.claims.map(({ statement }) => Object.keys(statement)[0])
    assert.deepEqual(claimed, [
      'quorumsIntersect',
      'topTier',
      ...Array.from({ length: 4 }, () => ['smallestBlockingSet', 'smallestSplittingSet']).flat()
    ])
    assert.deepEqual(
      performAnalysisSync(nodes, organizations, { certificate: true }).certificate,
      certificate
    )
    assert.equal((await performAnalysis(nodes, organizations)).certificate, undefined)
  })

  test('a network that splits, and one that has halted', async () => {
    const pair = (a: string, b: string) => ({
      publicKey: a,
      quorumSet: { threshold: 2, validators: [a, b], innerQuorumSets: [] }
    })
    for (const network of [
      [pair('A', 'B'), pair('B', 'A'), pair('C', 'D'), pair('D', 'C')],
      [pair('A', 'nobody')],
      []
    ]) {
      const { certificate, quorums } = await analyzeFull(network, null, { certificate: true })
      const { isValid, claims } = await verifyCertificate(network, null, certificate!)
      assert.ok(isValid)
      assert.ok(
        claims.some((claim) =>
          claim.startsWith(quorums.hasQuorum ? 'two quorums share no node;' : 'there is no quorum;')
        ),
        claims.join()
      )
    }
  })

  test('certificates of another network prove nothing', async () => {
    const { certificate } = await analyzeFull(nodes, organizations, { certificate: true, groupBy: 'country' })
    const other = structuredClone(nodes)
    for (const { quorumSet } of other) if (quorumSet) quorumSet.threshold++
    const { isValid, problem } = await verifyCertificate(other, organizations, certificate!)
    assert.equal(isValid, false)
    assert.match(problem!, /^certificate\.claims\[\d+\]: /)
  })

  test('what is tampered with proves nothing', async () => {
    const { certificate } = await analyzeFull(nodes, organizations, { certificate: true, groupBy: 'country' })
    const tampered = async (change: (text: string) => string) => {
      const text = JSON.stringify(certificate)
      const changed = change(text)
      assert.notEqual(changed, text)
      const { isValid, problem } = await verifyCertificate(nodes, organizations, changed)
      assert.equal(isValid, false, changed.slice(0, 300))
      return problem!
    }
    assert.match(
      await tampered((text) => text.replace(/"size":(\d)/, '"size":1$1')),
      /claimed to be 1\d, .* has \d/
    )
    assert.match(await tampered((text) => text.replace(/\\n(\d+) /, '\\n-$1 ')), /formula is not the one/)
    assert.match(
      await tampered((text) => text.replace('"format":"stellar-fbas certificate 2"', '"format":"2"')),
      /format/
    )
    assert.match(
      await tampered((text) => text.replace(/"quorum":\["\w+",/, '"quorum":["nobody",')),
      /no node/
    )
    assert.match(
      await tampered((text) => text.replace(/"proof":\{"refutation":\{.*?\}\}/, '"proof":"counting"')),
      /counting does not prove it/
    )
    assert.match(
      await tampered((text) => text.replace(/"proof":"[^"]*?\\n/, '"proof":"1 0\\n')),
      /line 1 of the proof|end in a/
    )
  })

  test('what is no certificate is said to be none, and where', async () => {
    const { certificate } = await analyzeQuorums(nodes, organizations, { certificate: true })
    const wrong = async (certificate: unknown, message: RegExp) => {
      const verified = verifyCertificate(nodes, organizations, certificate as Certificate)
      await assert.rejects(verified, { code: 'INVALID_INPUT', message })
    }
    await wrong(null, /^certificate: found null, expected a certificate/)
    await wrong('{', /^certificate: /)
    await wrong([], /^certificate\.claims: expected an array of claims/)
    await wrong({ claims: [] }, /^certificate: missing field `format`/)
    await wrong({ ...certificate, claims: [{}] }, /^certificate\.claims\[0\]: missing field `reading`/)
    await wrong({ ...certificate, claims: [...certificate!.claims, 7] }, /^certificate\.claims\[2\]: /)
    await wrong({ ...certificate, more: 1 }, /unknown field `more`/)
    const verified = verifyCertificate(nodes, organizations, certificate!, { scope: 'all' } as never)
    await assert.rejects(verified, {
      code: 'INVALID_INPUT',
      message: /^options\.scope: .*expected timeoutMs and signal only/
    })
  })

  test('refused where there is nothing to prove', async () => {
    const message = /^options\.certificate: /
    const options = { certificate: true }
    await assert.rejects(analyzeCore(nodes, null, options), { code: 'INVALID_INPUT', message })
    await assert.rejects(analyzeSymmetricTopTier(nodes, null, options), { code: 'INVALID_INPUT', message })
    const network = await FbasNetwork.load(nodes)
    assert.throws(() => network.minimalQuorums(options), { code: 'INVALID_INPUT', message })
    await assert.rejects(analyzeQuorums(nodes, null, { certificate: 1 } as never), { message })
  })

  test('limits bear on proofs as on answers', async () => {
    // That quorums intersect is clear to who counts nodes that are alike. A formula does not see it, nor does counting where an entry is
    // listed twice.
    const all = Array.from({ length: 80 }, (_, index) => `N${index}`)
    const quorumSet = { threshold: 42, validators: [...all, all[0]!], innerQuorumSets: [] }
    const hard = all.map((publicKey) => ({ publicKey, quorumSet }))
    const anytime = { certificate: true, anytime: true, timeoutMs: 300 }
    const { isExact, certificate } = await analyzeQuorums(hard, null, anytime)
    assert.equal(isExact, true)
    assert.ok(certificate!.unproven.length > 0)
    assert.ok((await verifyCertificate(hard, null, certificate!)).isValid)
    await assert.rejects(analyzeQuorums(hard, null, { certificate: true, timeoutMs: 300 }), {
      code: 'TIMEOUT'
    })
    const signal = AbortSignal.timeout(100)
    await assert.rejects(analyzeQuorums(hard, null, { certificate: true, signal }), { code: 'ABORT_ERR' })
    const aborted = verifyCertificate(nodes, null, certificate!, { signal: AbortSignal.abort() })
    await assert.rejects(aborted, { code: 'ABORT_ERR' })
  })

  test('the guide’s example prints what its comments say', async () => {
    const [code = '', ...others] = examplesIn(readFileSync(join(root, 'docs/certificates.md'), 'utf8'))
    assert.equal(others.length, 0)
    await withFolder(async (folder) => {
      const file = write(folder, 'example.mts', code)
      typeCheck([file])
      const [, inComment] = /claims\[0\]\) \/\/ (.*)/.exec(code) ?? []
      assert.equal(await run(file, folder), `true\n${inComment}`)
    })
  })
})
