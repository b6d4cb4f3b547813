// What a text is about: a network, how it was read, and by which names people know who is in it.

import assert from 'node:assert/strict'

import type { FbasNode } from '../../index.js'
import type { Network } from './networks.js'
import { GROUPINGS, Population, Truth, type Grouping, type Mask, type Unit } from './truth.js'

export const WORDS: Record<Grouping, { one: string; many: string }> = {
  node: { one: 'node', many: 'nodes' },
  organization: { one: 'organization', many: 'organizations' },
  country: { one: 'country', many: 'countries' },
  isp: { one: 'provider', many: 'providers' }
}

export type SetKind = 'blocking' | 'filtered' | 'splitting' | 'quorum' | 'history' | 'top-tier'

export class About {
  readonly population: Population
  /** As it was read. */
  readonly truth: Truth
  /** With unknown nodes read the other way. */
  readonly other: Truth
  /** Nodes taken to be down, and the truth with them down. */
  readonly faulty: string[]
  readonly down: Truth
  readonly otherDown: Truth

  constructor(
    readonly network: Network,
    /** Whether the command line said how unknown nodes are read. */
    readonly chosen: 'dead' | 'free' | undefined,
    /** Whether bounds may be open. */
    readonly isCutShort: boolean
  ) {
    this.population = new Population(network)
    this.faulty = network.nodes
      .filter(({ isValidating }) => isValidating === false)
      .map(({ publicKey }) => publicKey)
    const unknown = chosen ?? 'dead'
    const opposite = unknown === 'dead' ? 'free' : 'dead'
    this.truth = new Truth(this.population, { unknown, faulty: [] })
    this.other = new Truth(this.population, { unknown: opposite, faulty: [] })
    this.down = new Truth(this.population, { unknown, faulty: this.faulty })
    this.otherDown = new Truth(this.population, { unknown: opposite, faulty: this.faulty })
  }

  /** Who is dead in all that is asked. */
  readonly takenAsDown: Mask = 0

  /** What is counted where everything is told. */
  readonly groupings: readonly Grouping[] = GROUPINGS

  /** The same where one way of counting was asked for. */
  counting(grouping: Grouping): About {
    return Object.assign(Object.create(About.prototype) as About, this, { groupings: [grouping] })
  }

  /** The same with those that are down dead in all that is asked. */
  whileDown(): About {
    const takenAsDown = this.population.maskOf(this.faulty)
    const dead = { truth: this.down, other: this.otherDown, takenAsDown }
    return Object.assign(Object.create(About.prototype) as About, this, dead)
  }

  /** The networks by whose names it is told, the latest first. */
  readonly told: readonly About[] = [this]

  /** The same as it is told beside a later network: no name stands for two, and what both have is called as in the later one. */
  beside(later: About): { old: About; now: About } {
    const told = [later, this]
    const telling = (about: About) =>
      Object.assign(Object.create(About.prototype) as About, about, { told }) as About
    return { old: telling(this), now: telling(later) }
  }

  /** Nodes of which nobody knows whom they ask for. */
  get unknown(): Mask {
    return this.population.all & ~this.truth.usable
  }

  /** Nodes left out of a network in which nothing else is a quorum. */
  get onlyLeftOut(): Mask {
    return this.truth.hasQuorum || this.isNothingKnown ? 0 : this.truth.stray
  }

  /** Those of them who are up. */
  get onlyLeftUp(): Mask {
    return this.onlyLeftOut & ~this.population.maskOf(this.faulty)
  }

  /** No node has a quorum set, so there is nothing to say. */
  get isNothingKnown(): boolean {
    return this.network.nodes.every(({ quorumSet }) => (quorumSet?.threshold ?? 0) === 0)
  }

  /** Whether nobody says which archives have errors. */
  get isWithoutHistory(): boolean {
    return this.network.nodes.every(({ historyArchiveHasError }) => historyArchiveHasError == null)
  }

  /** Whether figures of history rest on nothing. */
  get isHistoryMissing(): boolean {
    return this.isWithoutHistory && (this.truth.hasQuorum || this.isNothingKnown)
  }

  /** Nodes whose archive counts as good, without an address, if there is any address at all. */
  get withoutUrl(): Mask {
    const { nodes } = this.network
    const hasUrl = ({ historyUrl }: FbasNode) => historyUrl != null && historyUrl !== ''
    const without = nodes.filter((node) => node.historyArchiveHasError === false && !hasUrl(node))
    return nodes.some(hasUrl) ? this.population.maskOf(without.map(({ publicKey }) => publicKey)) : 0
  }

  /** Whether no node that counts has a group. */
  isWithoutData(grouping: Grouping): boolean {
    const { core } = this.truth
    const counts =
      core === 0 ? this.population.maskOf(this.network.nodes.map(({ publicKey }) => publicKey)) : core
    const units = this.population.units(grouping).filter(({ nodes }) => (nodes & counts) !== 0)
    return grouping !== 'node' && units.every(({ isNode }) => isNode)
  }

  /** Whether no node that can be in a quorum has a group. */
  isWithoutGroups(grouping: Grouping): boolean {
    const { live } = this.truth
    const units = this.population.units(grouping).filter(({ nodes }) => (nodes & live) !== 0)
    return live !== 0 && grouping !== 'node' && units.every(({ isNode }) => isNode)
  }

  /** The smallest set of a kind, or the number of the top tier; null where there is none. */
  smallest(kind: SetKind, grouping: Grouping): number | null {
    if (kind === 'top-tier') return bits(this.truth.topTier(grouping)).length
    return kind === 'filtered'
      ? this.down.smallest('blocking', grouping)
      : this.truth.smallest(kind, grouping)
  }

  /** Whether it is a set of that kind. */
  holds(kind: SetKind, units: Mask, grouping: Grouping): boolean {
    const { truth } = this
    switch (kind) {
      case 'blocking':
        return truth.blocks(units, grouping)
      case 'filtered':
        return this.down.blocks(units, grouping)
      case 'splitting':
        return truth.splits(units, grouping)
      case 'quorum':
        return truth.hasQuorumIn(units, grouping)
      case 'history':
        return truth.isHistoryCritical(units, grouping)
      case 'top-tier':
        return (units & ~truth.topTier(grouping)) === 0
    }
  }

  /** Every name by which a unit may be called, with the unit; names that stand for two are in it twice. */
  namesOf(grouping: Grouping): [string, number][] {
    return this.namesAmong(grouping, this.told)
  }

  private namesAmong(grouping: Grouping, told: readonly About[]): [string, number][] {
    return this.population
      .units(grouping)
      .flatMap((unit, index) =>
        this.callings(unit, grouping, told).map((name) => [name, index] as [string, number])
      )
  }

  /** The units that a list names, as a set of indices. */
  listed(text: string, grouping: Grouping): Mask {
    return this.listedAs([text], grouping)
  }

  /** The same of a list that ends a sentence, whose full stop may be that of the last name as well. */
  listedLast(text: string, grouping: Grouping): Mask {
    return this.listedAs([text, `${text}.`], grouping)
  }

  private listedAs([text = '', ...others]: string[], grouping: Grouping): Mask {
    const names = [...this.namesOf(grouping), ...this.namesElsewhere(grouping)]
    const found = [text, ...others].flatMap((way) => listsIn(way, names))
    const units = onlyOne(found, text)
    assert.ok(units < 1 << ELSEWHERE, `names what is only in the other network: ${text}`)
    return units
  }

  /** The names of what only the others are that it is told beside, which nothing may be called here. */
  private namesElsewhere(grouping: Grouping): [string, number][] {
    const own = this.population.units(grouping)
    return this.told.flatMap((other) =>
      other
        .namesAmong(grouping, this.told)
        .filter(([, index]) => {
          const unit = other.population.units(grouping)[index]
          return !own.some(({ id, isNode }) => id === unit?.id && isNode === unit.isNode)
        })
        .map(([name, index]): [string, number] => [name, index + ELSEWHERE])
    )
  }

  /** The units that a list names by what results call them. */
  labelled(text: string, grouping: Grouping): Mask {
    const labels = this.population
      .units(grouping)
      .flatMap((unit, index) => this.labels(unit, grouping).map((label): [string, number] => [label, index]))
    return onlyOne(listsIn(text, labels), text)
  }

  /** Nodes listed by their organizations. */
  listedFully(text: string): Mask {
    const organizations = this.population.units('organization')
    const names = this.namesOf('node')
    const items: Item[] = organizations.flatMap((unit) => {
      if (unit.isNode) return names.filter(([, node]) => 1 << node === unit.nodes).map(itemOf)
      const own = names.filter(([, node]) => ((unit.nodes >> node) & 1) === 1)
      // Every choice of members, written out: there are few.
      return this.callings(unit, 'organization').flatMap((organization) =>
        listings(own).map(([list, set]): Item => {
          return { text: `${organization} (${list})`, set, hasComma: organization.includes(',') }
        })
      )
    })
    return onlyOne(sequences(text, items), text)
  }

  /** What results may call a unit: a group by an id, or as one of its nodes spells it, marked where a node that stands for itself is called so. */
  labels(unit: Unit, grouping: Grouping): string[] {
    if (grouping === 'node' || grouping === 'organization' || unit.isNode) return [unit.id]
    const alone = this.population.units(grouping).filter(({ isNode }) => isNode)
    const spellings = bits(unit.nodes).flatMap((index) => {
      const key = this.population.keys[index]
      const node = this.network.nodes.find(({ publicKey }) => publicKey === key)
      return (grouping === 'isp' ? node?.isp : node?.geoData?.countryName || node?.geoData?.countryCode) ?? []
    })
    return [...new Set(spellings)].map((spelling) =>
      alone.some(({ id }) => id === spelling) ? `${spelling} (group)` : spelling
    )
  }

  private callings(unit: Unit, grouping: Grouping, told = this.told): string[] {
    if (grouping === 'node' || unit.isNode) {
      const keys = new Set(told.flatMap(({ population }) => population.keys))
      const nodes = told.flatMap(({ network }) =>
        network.nodes.map(({ publicKey: id, name }) => ({ id, name }))
      )
      return callings(unit.id, firstNamed([...keys], nodes))
    }
    if (grouping === 'organization') {
      const organizations = told.flatMap(({ network }) => network.organizations)
      return callings(unit.id, firstNamed([...new Set(organizations.map(({ id }) => id))], organizations))
    }
    // Marked where a node is called so.
    return this.labels(unit, grouping).flatMap((label) => [label, `${label} (group)`])
  }
}

/** Where the names of another network's units begin. */
const ELSEWHERE = 15

type Bearer = { id: string; name?: string | null | undefined }

/** Each with the first name that is said of it. */
function firstNamed(ids: string[], said: Bearer[]): Bearer[] {
  return ids.map((id) => ({
    id,
    name: said.find((bearer) => bearer.id === id && (bearer.name?.trim() ?? '') !== '')?.name
  }))
}

/** What one of some may be called: its name or, if another one is called so, with the beginning of its key. */
function callings(id: string, bearers: Bearer[]): string[] {
  const short = (key: string) => (key.length > 12 ? `${key.slice(0, 8)}…` : key)
  const plain = ({ id, name }: Bearer) => (name?.trim() ? name.trim() : short(id))
  const all = bearers.flatMap((bearer) => {
    const name = plain(bearer)
    const names = [name, `${name} (${short(bearer.id)})`, `${name} (${bearer.id})`]
    return [...new Set(names)].map((name) => ({ id: bearer.id, name }))
  })
  const own = all.filter((calling) => calling.id === id).map(({ name }) => name)
  return own.filter((name) => all.filter((calling) => calling.name === name).length === 1)
}

export function bits(set: Mask): number[] {
  return [...Array(31).keys()].filter((index) => ((set >> index) & 1) === 1)
}

/** What stands in a list, and whom it stands for. */
interface Item {
  text: string
  set: Mask
  /** Whether its name has one. */
  hasComma: boolean
}

function itemOf([text, index]: [string, number]): Item {
  return { text, set: 1 << index, hasComma: text.includes(',') }
}

/** All readings of a text as a list of distinct names, each as the union of what these stand for. */
function listsIn(text: string, names: [string, number][]): Mask[] {
  return sequences(text, names.map(itemOf))
}

/** Semicolons stand in a list where a name in it has a comma, and nowhere else. */
function sequences(text: string, items: Item[]): Mask[] {
  if (text === '') return [0]
  const without = items.filter(({ hasComma }) => !hasComma)
  const alone = items.filter((item) => item.text === text).map(({ set }) => set)
  const plain = partedBy('; ', text, without)
  return [
    ...alone,
    ...partedBy(', ', text, without),
    ...partedBy('; ', text, items).filter((set) => !plain.includes(set))
  ]
}

function partedBy(separator: string, text: string, items: Item[]): Mask[] {
  return items.flatMap(({ text: name, set }) => {
    if (text === name) return [set]
    if (!text.startsWith(name + separator)) return []
    const rest = partedBy(separator, text.slice(name.length + separator.length), items)
    return rest.filter((more) => (more & set) === 0).map((more) => more | set)
  })
}

/** All ways of writing some of these names one after another, sorted as people look for them. */
function listings(names: [string, number][]): [string, Mask][] {
  const keys = [...new Set(names.map(([, node]) => node))]
  const choices = keys.reduce<[string, number][][]>(
    (lists, key) => [
      ...lists,
      ...lists.flatMap((list) => names.filter(([, node]) => node === key).map((name) => [...list, name]))
    ],
    [[]]
  )
  return choices
    .filter((choice) => choice.length > 0)
    .map((choice) => {
      const sorted = choice.map(([name]) => name).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
      const separator = sorted.some((name) => name.includes(',')) ? '; ' : ', '
      return [sorted.join(separator), choice.reduce((set, [, node]) => set | (1 << node), 0)]
    })
}

export function onlyOne(readings: Mask[], text: string): Mask {
  const [first, ...others] = [...new Set(readings)]
  assert.ok(first !== undefined, `names nobody: ${text}`)
  assert.deepEqual(others, [], `may stand for several: ${text}`)
  return first
}

export { GROUPINGS, type Grouping, type Mask }
