// The backend's own tests: what it stores of a network of five organizations, its lists, and that errors are values.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FbasAnalyzerFacade, MergeBy, type Node, type Organization, type QuorumSet } from './analysis.js'

const facade = new FbasAnalyzerFacade()
const names = ['alpha', 'beta', 'gamma', 'delta', 'epsilon']

/** Everybody asks for four of five organizations and for two of the three nodes of each. */
function network(): { nodes: Node[]; organizations: Organization[] } {
  const organizations = names.map((name) => ({
    id: `${name}.example`,
    name: `${name}, Inc.`,
    validators: [1, 2, 3].map((index) => `${name}${index}`)
  }))
  const inner = organizations.map(({ validators }) => ({ threshold: 2, validators, innerQuorumSets: [] }))
  const quorumSet: QuorumSet = { threshold: 4, validators: [], innerQuorumSets: inner }
  const countries = ['Atlantis', 'Atlantis', 'Atlantis', 'Utopia', null]
  const nodes: Node[] = organizations.flatMap(({ validators }, organization) =>
    validators.map((publicKey, index) => ({
      publicKey,
      quorumSet,
      isp: ['Cloud, Inc.', 'Hosting Ltd.', null][index] ?? null,
      geoData: { countryCode: null, countryName: countries[organization] ?? null }
    }))
  )
  // Somebody who only follows.
  const watched = { threshold: 1, validators: ['alpha1'], innerQuorumSets: [] }
  nodes.push({ publicKey: 'watcher', quorumSet: watched, isp: 'Cloud Inc', geoData: null })
  return { nodes: nodes.reverse(), organizations }
}

const { nodes, organizations } = network()

test('the eighteen figures', () => {
  const figures = facade.analyze(nodes, organizations, ['alpha1', 'alpha2', 'beta1', 'watcher', 'nobody'])
  assert.deepEqual(figures._unsafeUnwrap(), {
    hasQuorumIntersection: true,
    hasSymmetricTopTier: true,
    node: {
      topTierSize: 15,
      blockingSetsMinSize: 4,
      blockingSetsFilteredMinSize: 1,
      splittingSetsMinSize: 3
    },
    organization: {
      topTierSize: 5,
      blockingSetsMinSize: 2,
      blockingSetsFilteredMinSize: 1,
      splittingSetsMinSize: 3
    },
    country: {
      topTierSize: 5,
      blockingSetsMinSize: 1,
      blockingSetsFilteredMinSize: 1,
      splittingSetsMinSize: 1
    },
    isp: {
      topTierSize: 7,
      blockingSetsMinSize: 2,
      blockingSetsFilteredMinSize: 1,
      splittingSetsMinSize: 1
    }
  })
})

test('a network that has halted', () => {
  const faulty = ['alpha1', 'alpha2', 'beta2', 'beta3']
  const figures = facade.analyze(nodes, organizations, faulty)._unsafeUnwrap()
  for (const { blockingSetsFilteredMinSize } of [
    figures.node,
    figures.organization,
    figures.country,
    figures.isp
  ]) {
    assert.equal(blockingSetsFilteredMinSize, 0)
  }
})

test('lists of nodes', () => {
  const topTier = facade.analyzeTopTier(nodes, organizations, MergeBy.DoNotMerge)._unsafeUnwrap()
  const sorted = [...names].sort().flatMap((name) => [1, 2, 3].map((index) => `${name}${index}`))
  assert.deepEqual(topTier.top_tier, sorted)
  const quorums = facade.analyzeMinimalQuorums(nodes, organizations, MergeBy.DoNotMerge)._unsafeUnwrap()
  assert.deepEqual([quorums.size, quorums.result.length, quorums.min], [405, 405, 8])
  assert.deepEqual(
    quorums.result[0],
    sorted.slice(0, 12).filter((key) => !key.endsWith('3'))
  )
  const blocking = facade
    .analyzeMinimalBlockingSets(nodes, organizations, [], MergeBy.DoNotMerge)
    ._unsafeUnwrap()
  assert.equal(blocking.result.length, 90)
  assert.deepEqual(blocking.result.at(-1), ['epsilon2', 'epsilon3', 'gamma2', 'gamma3'])
  const splitting = facade
    .analyzeMinimalSplittingSets(nodes, organizations, MergeBy.DoNotMerge)
    ._unsafeUnwrap()
  assert.equal(splitting.result.length, 270)
  assert.deepEqual(splitting.result[1], ['alpha1', 'beta1', 'delta2'])
})

test('lists of groups', () => {
  const topTier = facade.analyzeTopTier(nodes, organizations, MergeBy.Orgs)._unsafeUnwrap()
  const sorted = [...names].sort().map((name) => `${name}, Inc.`)
  assert.deepEqual(topTier.top_tier, sorted)
  const blocking = facade.analyzeMinimalBlockingSets(nodes, organizations, [], MergeBy.Orgs)._unsafeUnwrap()
  const pairs = sorted.flatMap((one, index) => sorted.slice(index + 1).map((other) => [one, other]))
  assert.deepEqual(blocking.result, pairs)
  const faulty = facade.analyzeMinimalBlockingSets(nodes, organizations, ['beta1', 'beta2'], MergeBy.Orgs)
  assert.deepEqual(
    faulty._unsafeUnwrap().result,
    sorted.filter((name) => name !== 'beta, Inc.').map((name) => [name])
  )
  const byIsp = facade.analyzeMinimalSplittingSets(nodes, organizations, MergeBy.ISPs)._unsafeUnwrap()
  assert.deepEqual(byIsp.result.slice(0, 3), [['Cloud Inc'], ['Hosting Ltd'], ['alpha3', 'beta3', 'delta3']])
  const byCountry = facade.analyzeMinimalSplittingSets(nodes, organizations, MergeBy.Countries)
  assert.deepEqual(byCountry._unsafeUnwrap().result[0], ['Atlantis'])
})

test('the symmetric top tier', () => {
  const byNode = facade.analyzeSymmetricTopTier(nodes, organizations, MergeBy.DoNotMerge)._unsafeUnwrap()
  assert.deepEqual(byNode.symmetric_top_tier, {
    threshold: 4,
    validators: [],
    innerQuorumSets: [...names]
      .sort()
      .map((name) => ({ threshold: 2, validators: [1, 2, 3].map((index) => `${name}${index}`) }))
  })
  const byOrganization = facade.analyzeSymmetricTopTier(nodes, organizations, MergeBy.Orgs)._unsafeUnwrap()
  assert.deepEqual(byOrganization.symmetric_top_tier, {
    threshold: 4,
    validators: [...names].sort().map((name) => `${name}, Inc.`)
  })
})

test('errors are values', () => {
  const broken = [{ publicKey: 'alpha1', quorumSet: { threshold: -1 } }] as Node[]
  assert.ok(facade.analyze(broken, organizations, []).isErr())
  assert.ok(facade.analyzeTopTier(broken, [], MergeBy.ISPs)._unsafeUnwrapErr() instanceof Error)
  assert.ok(facade.analyzeTopTier(nodes, organizations, MergeBy.Orgs).isOk())
})
