// Networks to look at: of many organizations that trust each other unevenly, flat, split, without a quorum; and one with hostile names.

import type { FbasNode, FbasOrganization } from '../../index.js'
import { flat, quorumSet, TWO_PAIRS } from '../networks.js'

interface Network {
  nodes: FbasNode[]
  organizations: FbasOrganization[]
}

const NAMES = [
  ...['Aurora Labs', 'Birch Finance', 'Cobalt Pay', 'Delta Custody', 'Evergreen Bank', 'Fjord Systems'],
  ...[
    'Granite Exchange',
    'Harbor Network',
    'Indigo Remit',
    'Juniper Trust',
    'Kestrel Node',
    'Lumen Infrastructure'
  ],
  ...[
    'Meridian Capital',
    'Nimbus Hosting',
    'Orchid Wallet',
    'Pioneer Savings',
    'Quartz Validators',
    'Redwood Anchor'
  ],
  ...['Saffron Digital', 'Tidal Settlement']
]
const COUNTRIES = ['Germany', 'United States', 'Finland', 'Singapore', 'Brazil', 'Japan']
const PROVIDERS = ['Hetzner Online GmbH', 'Amazon.com, Inc.', 'OVH SAS', 'DigitalOcean, LLC']

/**
 * Organizations of three, two of three each. Every one leaves some others out of its quorum set, and asks for just more than two thirds of
 * the rest; some nodes leave out others than their organization does.
 */
export function uneven(organizations: number, drop: number, deviate: number): Network {
  let state = 7
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state / 0x7fffffff
  }
  const members = (id: number) => [0, 1, 2].map((index) => `ORG${id}NODE${index}`)
  const chosen = (owner: number) => {
    const kept = Array.from({ length: organizations }, (_, id) => id).filter(
      (id) => id === owner || random() >= drop
    )
    return quorumSet(
      kept.length - Math.floor((kept.length - 1) / 3),
      [],
      kept.map((id) => quorumSet(2, members(id)))
    )
  }
  const network: Network = { nodes: [], organizations: [] }
  for (let id = 0; id < organizations; id++) {
    const name = `${NAMES[id % NAMES.length]}${id < NAMES.length ? '' : ' II'}`
    const usual = chosen(id)
    network.organizations.push({ id: `org-${id}`, name, validators: members(id) })
    for (const [index, publicKey] of members(id).entries()) {
      network.nodes.push({
        publicKey,
        name: `${name} ${index + 1}`,
        quorumSet: random() < deviate ? chosen(id) : usual,
        geoData: { countryName: COUNTRIES[Math.floor(random() * COUNTRIES.length)] ?? null },
        isp: PROVIDERS[Math.floor(random() * PROVIDERS.length)] ?? null,
        isValidating: random() > 0.05,
        historyArchiveHasError: random() < 0.3
      })
    }
  }
  return network
}

/** Seven organizations of three, of which some have the same quorum set; one of the last has that of others than its own. */
export function joined(): Network {
  const members = (id: number) => [0, 1, 2].map((index) => `ORG${id}NODE${index}`)
  const asked = (threshold: number, ids: number[]) =>
    quorumSet(
      threshold,
      [],
      ids.map((id) => quorumSet(2, members(id)))
    )
  const first = asked(4, [0, 1, 2, 3, 4])
  const second = asked(5, [0, 1, 2, 4, 5, 6])
  const sets = [first, first, first, first, second, second, asked(3, [4, 5, 6])]
  return {
    nodes: sets.flatMap((set, id) =>
      members(id).map((publicKey, index) => ({
        ...{ publicKey, name: `${NAMES[id]} ${index + 1}` },
        quorumSet: id === 6 && index === 2 ? second : set
      }))
    ),
    organizations: sets.map((_, id) => ({ id: `org-${id}`, name: NAMES[id] ?? '', validators: members(id) }))
  }
}

/** Five that ask for the same: for a node, or for two groups; one of them has a name without an end. */
export function mixed(): FbasNode[] {
  const shared = quorumSet(2, ['A'], [quorumSet(2, ['B', 'C']), quorumSet(2, ['D', 'E'])])
  return [...'ABCDE'].map((publicKey, index) => ({
    publicKey,
    name: index === 0 ? 'endless'.repeat(9) : publicKey,
    quorumSet: shared,
    isValidating: index > 3,
    historyArchiveHasError: false
  }))
}

/** Many nodes, of which those of twenty organizations are asked by all others. */
export function large(count: number): Network {
  const { nodes, organizations } = uneven(20, 0.1, 0.05)
  const asked = organizations.slice(0, 13).map(({ validators }) => quorumSet(2, validators))
  const others = Array.from({ length: count - nodes.length }, (_, index) => ({
    publicKey: `WATCHER${String(index).padStart(4, '0')}`.padEnd(56, 'X'),
    name: index % 3 === 0 ? null : `Watcher ${index}`,
    quorumSet: index % 5 === 0 ? null : quorumSet(7 + (index % 4), [], asked),
    geoData: { countryName: COUNTRIES[index % COUNTRIES.length] ?? null },
    isValidating: index % 2 === 0
  }))
  return { nodes: [...nodes, ...others], organizations }
}

/** One of whose organizations enough is down. */
export function halted(): Network {
  const { nodes, organizations } = uneven(6, 0, 0)
  return {
    nodes: nodes.map((node, index) => ({ ...node, isValidating: index >= 9 })),
    organizations
  }
}

const keys = Array.from({ length: 40 }, (_, index) => `NODE${String(index).padStart(2, '0')}`)
/** 40 nodes without organizations that all ask for the same. */
export const FLAT = flat(keys, 21)
/** 40 nodes without organizations, each of which leaves another one out. */
export const FLAT_UNEVEN = keys.map((publicKey, index) => ({
  publicKey,
  quorumSet: quorumSet(
    33,
    keys.filter((_, other) => other !== (index * 7 + 1) % keys.length)
  )
}))
export const SPLIT = TWO_PAIRS
/** Each waits for one that is not there. */
export const NO_QUORUM = ['A', 'B', 'C'].map((publicKey) => ({
  publicKey,
  quorumSet: quorumSet(4, ['A', 'B', 'C', 'X'])
}))
export const NOBODY: FbasNode[] = []

/** What a page must show and never do. */
export const ATTACKS = [
  `<script>alert('element')</script>`,
  `<img src=x onerror=alert('image')>`,
  `"><svg onload=alert('attribute')>`,
  `' onfocus='alert(1)' autofocus='`,
  `</title></style></script><script>alert('closed')</script>`,
  `<!--<script>`,
  `javascript:alert('link')`,
  '&lt;b&gt;\u202eevil\u0000'
]

/** Everything that a stranger can name, named so. */
export function hostile(): Network {
  const names = ATTACKS.map((attack, index) => `${attack}${index}`)
  const shared = quorumSet(Math.floor(names.length / 2) + 1, names)
  const hostile = names.map((name, index) => ({
    publicKey: name,
    name,
    quorumSet: shared,
    homeDomain: name,
    isp: name,
    geoData: { countryName: name },
    isValidating: index > 0,
    historyArchiveHasError: false
  }))
  const unknown = { publicKey: `${ATTACKS[0]} unknown`, name: ATTACKS[1] ?? '', quorumSet: null }
  return {
    nodes: [...hostile, unknown],
    organizations: names
      .slice(0, 3)
      .map((name, index) => ({ id: name, name, validators: names.slice(2 * index, 2 * index + 2) }))
  }
}
