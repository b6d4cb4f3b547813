// The hash of a network, made a second time from its description in docs/input.md, of the JSON that explorers write and without the package.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { FbasNetwork, type FbasNode, type FbasOrganization, type QuorumSet } from '../index.js'
import { root } from './examples.js'
import { quorumSet } from './networks.js'
import { smallNetwork, type SmallNetwork } from './small_networks.js'

type Nodes = SmallNetwork['nodes'] | FbasNode[]
type Organizations = Pick<FbasOrganization, 'id' | 'validators'>[] | null

const sha256 = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')
const byCodePoints = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

function hashed(nodes: Nodes, organizations: Organizations): string {
  const listed = new Map<string, FbasNode>()
  const twice = new Set<string>()
  for (const node of nodes as FbasNode[]) {
    if (listed.has(node.publicKey)) twice.add(node.publicKey)
    else listed.set(node.publicKey, node)
  }
  const keys = new Set([
    ...nodes.map(({ publicKey }) => publicKey),
    ...(nodes as FbasNode[]).flatMap(({ quorumSet }) => named(quorumSet))
  ])
  const sorted = [...keys].sort(byCodePoints)

  const owner = new Map<string, string>()
  const contested = new Set<string>()
  for (const { id, validators } of organizations ?? []) {
    for (const key of new Set(validators.filter((key) => keys.has(key)))) {
      if (owner.has(key)) contested.add(key)
      else owner.set(key, id)
    }
  }
  const said = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
  const hasIds = [...listed.values()].some(({ organizationId }) => said(organizationId) !== undefined)
  const labels = [
    organizations === null
      ? labelled(({ organizationId, homeDomain }) => said(hasIds ? organizationId : homeDomain))
      : unique(owner),
    labelled(({ geoData }) => said(geoData?.countryName) ?? said(geoData?.countryCode)),
    labelled(({ isp }) => said(isp))
  ]

  const rows = sorted.map((key) => {
    const node = listed.get(key)
    return [
      key,
      node !== undefined,
      node?.quorumSet == null ? null : hashOfSet(node.quorumSet),
      node?.isValidating === false,
      node?.historyArchiveHasError === false,
      ...labels.map((label) => label.get(key) ?? null)
    ]
  })
  const all = [...listed.values()]
  const withoutUrl = all.some(({ historyUrl }) => said(historyUrl) !== undefined)
    ? all.filter((node) => node.historyArchiveHasError === false && said(node.historyUrl) === undefined)
    : []
  const oddities: [string, string[]][] = [
    ['DUPLICATE_NODE', [...twice]],
    ['HISTORY_WITHOUT_URL', withoutUrl.map(({ publicKey }) => publicKey)],
    ['VALIDATOR_IN_TWO_ORGANIZATIONS', [...contested]]
  ]
  const found = oddities.filter(([, nodes]) => nodes.length > 0)
  if (all.every(({ historyArchiveHasError }) => historyArchiveHasError == null))
    found.push(['NO_HISTORY_DATA', []])
  found.sort(([a], [b]) => byCodePoints(a, b)).forEach(([, nodes]) => nodes.sort(byCodePoints))
  return sha256(['stellar-fbas network 1', rows, found])

  /** Labels of the nodes that have one: names that are alike are called as the first node by key calls them. */
  function labelled(name: (node: FbasNode) => string | undefined): Map<string, string> {
    const names = sorted.flatMap((key) => {
      const node = listed.get(key)
      const own = node === undefined ? undefined : name(node)
      return own === undefined ? [] : [{ key, own, alike: own.replaceAll(',', '').replace(/\.$/, '') }]
    })
    const first = new Map([...names].reverse().map(({ alike, own }) => [alike, own]))
    return unique(new Map(names.map(({ key, alike }) => [key, first.get(alike) ?? ''])))
  }

  /** No group is called like a node that stands for itself, nor like another group that is not the same. */
  function unique(labels: Map<string, string>): Map<string, string> {
    const alone = new Set(sorted.filter((key) => !labels.has(key)))
    const given = new Map([...new Set(labels.values())].map((label) => [label, label]))
    const taken = new Set([...given.keys()].filter((label) => !alone.has(label)))
    for (const label of [...given.keys()].filter((label) => alone.has(label)).sort(byCodePoints)) {
      let other = label
      while (alone.has(other) || taken.has(other)) other += ' (group)'
      taken.add(other)
      given.set(label, other)
    }
    return new Map([...labels].map(([key, label]) => [key, given.get(label) ?? label]))
  }
}

function named(set?: Partial<QuorumSet> | null): string[] {
  return [...(set?.validators ?? []), ...(set?.innerQuorumSets ?? []).flatMap(named)]
}

function hashOfSet({ threshold, validators, innerQuorumSets = [] }: Partial<QuorumSet>): string {
  return sha256([
    threshold,
    [...(validators ?? [])].sort(byCodePoints),
    innerQuorumSets.map(hashOfSet).sort(byCodePoints)
  ])
}

const NODES: FbasNode[] = [
  { publicKey: 'B', name: 'Bee', isp: 'One, Inc.', geoData: { countryCode: 'DE' }, isValidating: false },
  {
    publicKey: 'A',
    isp: 'One Inc',
    historyArchiveHasError: false,
    quorumSet: quorumSet(2, ['X', 'A', 'B'], [quorumSet(1, ['\u{1F600}', '\uFFFD']), quorumSet(1, ['C'])])
  },
  { publicKey: 'C', quorumSet: null, historyUrl: 'https://history.example', organizationId: 'A' },
  { publicKey: '"\u0001\n\u2028', homeDomain: 'nobody.example' }
]

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(root, 'examples/network', name), 'utf8')) as T
}

const EXAMPLE = read<FbasNode[]>('stellar-2025-11.json')
const ORGANIZATIONS = read<FbasOrganization[]>('organizations-2025-11.json')

function loaded(nodes: Nodes, organizations: Organizations): FbasNetwork {
  return FbasNetwork.loadSync(nodes as FbasNode[], organizations as FbasOrganization[] | null)
}

test('both make the same hash, of nasty networks as well', () => {
  const oddities = new Set<string>()
  for (let seed = 0; seed < 2000; seed++) {
    const { nodes, organizations } = smallNetwork(seed)
    // Whatever explorers say of nodes, in turns.
    const says = nodes.map((node, index) => ({
      ...node,
      ...((seed + index) % 3 === 0 && { isValidating: index % 2 === 0 }),
      ...((seed + index) % 4 === 0 && { historyArchiveHasError: index % 2 === 0 }),
      ...((seed + index) % 5 === 0 && { historyUrl: 'https://history.example' }),
      ...((seed + index) % 7 === 0 && { organizationId: 'C' }),
      ...((seed + index) % 6 === 0 && { homeDomain: 'd' })
    }))
    const first = says.slice(0, seed % 11 === 0 ? 1 : 0)
    const all = [...says, ...first]
    for (const groups of [organizations, null]) {
      const network = loaded(all, groups)
      assert.equal(network.hash(), hashed(all, groups), `seed ${seed}`)
      for (const { code } of network.findings) oddities.add(code)
    }
  }
  for (const code of [
    'DUPLICATE_NODE',
    'HISTORY_WITHOUT_URL',
    'VALIDATOR_IN_TWO_ORGANIZATIONS',
    'NO_HISTORY_DATA'
  ]) {
    assert.ok(oddities.has(code), code)
  }
  assert.equal(loaded(NODES, null).hash(), hashed(NODES, null))
  assert.equal(loaded(EXAMPLE, ORGANIZATIONS).hash(), hashed(EXAMPLE, ORGANIZATIONS))
})

test('names, order and what no answer reads do not matter', () => {
  const hash = loaded(EXAMPLE, ORGANIZATIONS).hash()
  const reversed = (set: QuorumSet): QuorumSet => ({
    threshold: set.threshold,
    validators: [...set.validators].reverse(),
    innerQuorumSets: set.innerQuorumSets.map(reversed).reverse()
  })
  const otherwise = EXAMPLE.map((node) => ({
    ...node,
    name: 'another',
    versionStr: '1',
    quorumSet: node.quorumSet == null ? node.quorumSet : reversed(node.quorumSet)
  })).reverse()
  const renamed = ORGANIZATIONS.map(({ id, validators }) => ({
    id,
    name: 'another',
    validators: [...validators, 'nobody'].reverse()
  })).reverse()
  assert.equal(loaded(otherwise, renamed).hash(), hash)
  assert.equal(
    FbasNetwork.loadSync(JSON.stringify({ nodes: otherwise, organizations: renamed, time: 'now' })).hash(),
    hash
  )
  // An organization without a node of the network is nobody's.
  assert.equal(loaded(EXAMPLE, [...ORGANIZATIONS, { id: 'empty', validators: ['nobody'] }]).hash(), hash)
})

test('every change that an answer reads makes another hash', () => {
  const set = quorumSet(2, ['A', 'B', 'C'])
  const node = (publicKey: string) => ({
    publicKey,
    quorumSet: set,
    isp: 'One',
    historyArchiveHasError: true
  })
  const nodes: FbasNode[] = ['A', 'B', 'C'].map(node)
  const changed = (change: Partial<FbasNode>) =>
    nodes.map((node, index) => (index > 0 ? node : { ...node, ...change }))
  const networks: [string, Nodes, Organizations][] = [
    ['as it is', nodes, null],
    ['a threshold', changed({ quorumSet: quorumSet(1, ['A', 'B', 'C']) }), null],
    ['an entry more', changed({ quorumSet: quorumSet(2, ['A', 'B', 'C', 'C']) }), null],
    ['an entry less', changed({ quorumSet: quorumSet(2, ['A', 'B']) }), null],
    ['an entry inside', changed({ quorumSet: quorumSet(2, ['A', 'B'], [quorumSet(1, ['C'])]) }), null],
    ['no set', changed({ quorumSet: null }), null],
    ['an unusable set', changed({ quorumSet: quorumSet(0, ['A', 'B', 'C']) }), null],
    ['another key', changed({ publicKey: 'D' }), null],
    ['down', changed({ isValidating: false }), null],
    ['a good archive', changed({ historyArchiveHasError: false }), null],
    [
      'a good archive without an address',
      [...changed({ historyArchiveHasError: false }).slice(0, 2), { ...node('C'), historyUrl: 'u' }],
      null
    ],
    [
      'no word on archives',
      nodes.map(({ publicKey, quorumSet, isp }) => ({ publicKey, quorumSet, isp })),
      null
    ],
    ['an organization', changed({ organizationId: 'o' }), null],
    ['a country', changed({ geoData: { countryName: 'Utopia' } }), null],
    ['another provider', changed({ isp: 'Two' }), null],
    ['no provider', changed({ isp: null }), null],
    ['not listed', nodes.slice(1), null],
    ['listed, and nothing else', [...nodes, { publicKey: 'D' }], null],
    ['twice', [...nodes, node('A')], null],
    ['in one organization', nodes, [{ id: 'o', validators: ['A', 'B', 'C'] }]],
    ['in one of another id', nodes, [{ id: 'p', validators: ['A', 'B', 'C'] }]],
    [
      'in two',
      nodes,
      [
        { id: 'o', validators: ['A', 'B'] },
        { id: 'p', validators: ['C'] }
      ]
    ],
    [
      'in two at once',
      nodes,
      [
        { id: 'o', validators: ['A', 'B', 'C'] },
        { id: 'p', validators: ['C'] }
      ]
    ]
  ]
  const byHash = new Map<string, string>()
  for (const [what, nodes, organizations] of networks) {
    const hash = loaded(nodes, organizations).hash()
    assert.equal(byHash.get(hash), undefined, what)
    byHash.set(hash, what)
  }
})

test('the hash is what it was, and what is disposed of has none', () => {
  const network = loaded(NODES, [{ id: 'A', validators: ['B'] }])
  assert.equal(network.hash(), 'bf7a4c79d1839ef74957c17b0ee85a20f157cf7e3cc7ca7adf15e1559fa4eae3')
  network[Symbol.dispose]()
  assert.throws(() => network.hash(), { code: 'INVALID_INPUT', message: /disposed of/ })
})
