// Networks to read about: small enough to try everything, and of every kind that something is said of.

import type { FbasNode, FbasOrganization, QuorumSet } from '../../index.js'
import { quorumSet } from '../networks.js'

export interface Network {
  nodes: FbasNode[]
  organizations: FbasOrganization[]
}

/** Kinds of networks; what else is odd about one is drawn by lot. */
const KINDS = [
  ...['organizations', 'organizations', 'flat', 'uneven', 'everybody needs everybody'],
  ...['one country', 'down', 'split', 'no quorum', 'nothing known', 'unknown nodes', 'one-node quorums']
] as const
type Kind = (typeof KINDS)[number]

const KEYS = ['ANNE', 'BERT', 'CARL', 'DORA', 'LONGKEYNUMBER1', 'LONGKEYNUMBER2', 'b']
/** Names that two bear, names like keys and like those of groups, none. */
const NAMES = [
  'Node, Inc.',
  'Twin',
  'Twin',
  'ANNE',
  'Node (Twin)',
  'Twins',
  'Utopia',
  'zeta',
  null,
  ' ',
  undefined
]
const ORGANIZATIONS = ['Twins', 'Twins', 'One, Two', null, 'BERT']
const COUNTRIES = ['Utopia', 'Atlantis', 'Eldorado', 'CARL']
const PROVIDERS = ['Cloud, Inc.', 'Cloud Inc', 'Metal', 'DORA']

/** Nobody goes without ANNE, so she alone halts it however unknown DORA is read; only where DORA joins can anybody split it. */
const SPLIT_ALONE_IN_DOUBT = quorumSet(2, ['ANNE'], [quorumSet(2, ['BERT', 'CARL', 'DORA'])])

/** With two of four whose thresholds of 0 make them unknown it can split, if these join any quorum. */
const HALF = quorumSet(2, ['ANNE', 'BERT', 'CARL', 'DORA'])

/** Of two nodes each, and each in a country of its own. */
const PAIRS = [
  { id: 'one', name: 'One, Two', validators: ['ANNE', 'BERT'], country: 'Utopia' },
  { id: 'twins', name: 'Twins', validators: ['CARL', 'DORA'], country: 'Atlantis' },
  { id: 'others', name: null, validators: ['LONGKEYNUMBER1', 'LONGKEYNUMBER2'], country: 'Eldorado' }
]

/** With one node down it takes two more to halt it, and so one more organization or one more country. */
const FOUR_OF_SIX = quorumSet(
  4,
  PAIRS.flatMap(({ validators }) => validators)
)

/** ANNE closes ledgers with BERT or with CARL. So all three are in the top tier, and of organizations the one of ANNE and BERT is the only minimal quorum. */
const NEEDED_BY_NOBODY: FbasOrganization[] = [
  { id: 'pair', name: 'Pair', validators: ['ANNE', 'BERT'] },
  { id: 'one', name: 'One', validators: ['CARL'] }
]

/** What chance hardly ever comes to, by seeds far from others: whoever reads does not choose there how unknown nodes are read. */
const RARE = new Map<number, Network>([
  [
    8_000_000,
    {
      nodes: ['ANNE', 'BERT', 'CARL'].map((publicKey) => ({ publicKey, quorumSet: SPLIT_ALONE_IN_DOUBT })),
      organizations: []
    }
  ],
  [
    8_000_001,
    {
      nodes: [
        ...['ANNE', 'BERT'].map((publicKey) => ({ publicKey, quorumSet: HALF })),
        { publicKey: 'CARL', quorumSet: quorumSet(0, []) },
        { publicKey: 'DORA', quorumSet: quorumSet(0, ['ANNE', 'BERT', 'CARL', 'DORA']) }
      ],
      organizations: []
    }
  ],
  [
    8_000_002,
    {
      nodes: PAIRS.flatMap(({ validators, country }) =>
        validators.map((publicKey) => ({
          ...{ publicKey, quorumSet: FOUR_OF_SIX, geoData: { countryName: country } },
          isValidating: publicKey !== 'DORA'
        }))
      ),
      organizations: PAIRS.map(({ id, name, validators }) => ({ id, name, validators }))
    }
  ],
  [
    8_000_003,
    {
      nodes: [
        { publicKey: 'ANNE', quorumSet: quorumSet(2, ['ANNE', 'BERT', 'CARL']) },
        { publicKey: 'BERT', quorumSet: quorumSet(2, ['ANNE', 'BERT']) },
        { publicKey: 'CARL', quorumSet: quorumSet(2, ['ANNE', 'CARL']) }
      ],
      organizations: NEEDED_BY_NOBODY
    }
  ],
  // Three of six halt it, and two beside the one that is down.
  [
    8_000_004,
    {
      nodes: PAIRS.flatMap(({ validators }) =>
        validators.map((publicKey) => ({
          publicKey,
          quorumSet: FOUR_OF_SIX,
          isValidating: publicKey !== 'DORA'
        }))
      ),
      organizations: []
    }
  ]
])

/** Seeds of networks that are always read. */
export const RARE_SEEDS = [...RARE.keys()]

/** The same network for the same seed; as many seeds as there are kinds have one of each. */
export function networkOf(seed: number): Network {
  const rare = RARE.get(seed)
  if (rare !== undefined) return rare
  return new Generator(seed).network(KINDS[seed % KINDS.length] ?? 'flat')
}

/** A change of that network: some nodes ask for something else, come or go. The same for the same seed. */
export function changeOf(seed: number): { before: Network; after: Network } {
  return new Generator(seed ^ 0x5eed).change(networkOf(seed), networkOf(seed + 5 * KINDS.length))
}

class Generator {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1)
  }

  network(kind: Kind): Network {
    const keys = this.#shuffled(KEYS).slice(0, 2 + this.#below(5))
    const teams = this.#teams(keys)
    const sets = this.#quorumSets(kind, keys, teams)
    const places = this.#places(kind)
    const archives = this.#pick(['none said', 'good', 'mixed', 'mixed'])
    const urls = archives === 'none said' ? 0 : this.#pick([0, 0.5, 1])
    const downs = kind === 'down' ? 0.6 : this.#pick([0, 0, 0.2])
    const names = this.#shuffled(NAMES)
    const nodes = keys.map((publicKey, index): FbasNode => {
      const node: FbasNode = { publicKey, quorumSet: sets.get(publicKey) ?? null }
      const name = names[index]
      if (name !== undefined) node.name = name
      if (this.#chance(downs)) node.isValidating = false
      if (archives === 'good') node.historyArchiveHasError = false
      if (archives === 'mixed' && this.#chance(0.8)) node.historyArchiveHasError = this.#chance(0.4)
      if (this.#chance(urls)) node.historyUrl = this.#pick(['https://archive.example', '', null])
      return { ...node, ...places() }
    })
    return { nodes: this.#shuffled(nodes), organizations: this.#organizations(teams) }
  }

  /** Quorum sets of the other one come in, thresholds move, nodes come and go, or a few do as one of them does; some are moved. */
  change({ nodes, organizations }: Network, other: Network): { before: Network; after: Network } {
    const setOf = (key: string) => other.nodes.find(({ publicKey }) => publicKey === key)?.quorumSet
    const how = this.#pick(['thresholds', 'thresholds', 'mixed', 'others', 'alike', 'nothing'])
    const model = this.#pick(nodes).quorumSet
    const changed = (node: FbasNode): FbasNode => {
      const { quorumSet, publicKey } = node
      if (how === 'nothing' || this.#chance(0.3)) return node
      if (how === 'alike') return { ...node, quorumSet: model ?? null }
      if (how === 'others' || (how === 'mixed' && this.#chance(0.5))) {
        return { ...node, quorumSet: setOf(publicKey) ?? null }
      }
      if (quorumSet == null) return node
      const threshold = Math.max(1, quorumSet.threshold + this.#pick([-1, 0, 1]))
      return { ...node, quorumSet: { ...quorumSet, threshold } }
    }
    const isHere = nodes.map(() =>
      how === 'mixed' ? this.#pick(['both', 'both', 'both', 'before', 'after']) : 'both'
    )
    const there = (side: string) => (_: FbasNode, index: number) =>
      ['both', side].includes(isHere[index] ?? '')
    const [before, after] = [nodes.filter(there('before')), nodes.filter(there('after')).map(changed)]
    if (before.length === 0 || after.length === 0)
      return { before: { nodes, organizations }, after: { nodes, organizations } }
    const moved = this.#chance(0.25) ? this.#moved(organizations, this.#pick(nodes).publicKey) : organizations
    return { before: { nodes: before, organizations }, after: { nodes: after, organizations: moved } }
  }

  /** The node in another organization, or in none. */
  #moved(organizations: FbasOrganization[], key: string): FbasOrganization[] {
    const to = this.#pick([...organizations.map(({ id }) => id), undefined])
    return organizations.map((organization) => {
      const without = organization.validators.filter((validator) => validator !== key)
      return { ...organization, validators: organization.id === to ? [...without, key] : without }
    })
  }

  #teams(keys: string[]): string[][] {
    const size = this.#pick([1, 2, 3])
    return Array.from({ length: Math.ceil(keys.length / size) }, (_, team) =>
      keys.slice(team * size, (team + 1) * size)
    )
  }

  #quorumSets(kind: Kind, keys: string[], teams: string[][]): Map<string, QuorumSet | null> {
    const all = (set: QuorumSet | null) => new Map(keys.map((key) => [key, set] as const))
    const of = (members: string[], lower = 0) =>
      quorumSet(Math.max(1, Math.floor(members.length / 2) + 1 - lower), members)
    const ofTeams = () => {
      const inner = teams.map((team) => of(team))
      const most = Math.floor((2 * inner.length) / 3) + 1
      return quorumSet(Math.min(inner.length, this.#pick([most, most, most + 1])), [], inner)
    }
    switch (kind) {
      case 'organizations':
      case 'down':
      case 'one country':
        return all(ofTeams())
      case 'flat': {
        // Some may be named twice, or stand alone in sets of their own.
        const named = this.#chance(0.3) ? [...keys, keys[0] ?? ''] : keys
        const alone = this.#chance(0.2) ? keys.map((key) => quorumSet(1, [key])) : []
        const entries = alone.length > 0 ? alone.length : named.length
        return all(quorumSet(1 + this.#below(entries), alone.length > 0 ? [] : named, alone))
      }
      case 'everybody needs everybody':
        return all(quorumSet(keys.length, keys))
      case 'no quorum':
        return all(quorumSet(keys.length + 1, this.#pick([keys, [...keys, 'NOBODY']])))
      case 'nothing known':
        return this.#chance(0.5) ? all(null) : new Map(keys.map((key) => [key, null]))
      case 'split': {
        const half = 1 + this.#below(keys.length - 1)
        const parts = [keys.slice(0, half), keys.slice(half)]
        return new Map(parts.flatMap((part) => part.map((key) => [key, of(part)] as const)))
      }
      case 'uneven':
        return new Map(
          keys.map((key) => {
            const named = keys.filter((other) => other === key || this.#chance(0.7))
            return [key, this.#chance(0.3) ? ofTeams() : of(named, this.#pick([0, 0, 1]))] as const
          })
        )
      case 'unknown nodes': {
        const sets = all(of([...keys, ...this.#pick([[], ['NOBODY']])], this.#pick([0, 1])))
        for (const key of keys.slice(0, this.#below(3))) sets.set(key, null)
        return sets
      }
      case 'one-node quorums': {
        const [first = '', ...others] = keys
        // Nobody may trust anybody else.
        if (this.#chance(0.25)) return new Map(keys.map((key) => [key, quorumSet(1, [key])]))
        // Somebody may count on who trusts only itself, or nobody does.
        const rest = this.#chance(0.5) ? keys : others
        const sets = all(of(rest))
        return sets.set(first, this.#pick([quorumSet(1, [first]), quorumSet(1, [first, ...others])]))
      }
    }
  }

  /** Where nodes are: all data, some, or none; by lot or all in one place. */
  #places(kind: Kind): () => Partial<FbasNode> {
    const shares = { country: this.#pick([0, 0.7, 1]), provider: this.#pick([0, 0.7, 1]) }
    const isOne = kind === 'one country'
    const countries = isOne ? COUNTRIES.slice(0, 1) : COUNTRIES
    const code = this.#chance(0.2)
    return () => ({
      ...(isOne || this.#chance(shares.country)
        ? {
            geoData: code
              ? { countryCode: this.#pick(countries) }
              : { countryName: this.#pick(countries), countryCode: 'XX' }
          }
        : {}),
      ...(this.#chance(shares.provider) ? { isp: this.#pick(PROVIDERS) } : {})
    })
  }

  #organizations(teams: string[][]): FbasOrganization[] {
    const share = this.#pick([0, 0.6, 1, 1])
    const names = this.#shuffled(ORGANIZATIONS)
    return teams
      .filter(() => this.#chance(share))
      .map((validators, index) => ({
        id: `org-${index}`,
        name: names[index % names.length] ?? null,
        validators
      }))
  }

  /** Between 0 and 1, by the "mulberry32" generator. */
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  #chance(probability: number): boolean {
    return this.#random() < probability
  }

  #below(bound: number): number {
    return Math.floor(this.#random() * bound)
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#below(from.length)] as T
  }

  #shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list]
    return list.map(() => rest.splice(this.#below(rest.length), 1)[0] as T)
  }
}
