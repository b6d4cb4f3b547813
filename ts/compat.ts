/**
 * A stand-in for the WebAssembly package `@stellarbeat/stellar_analysis_nodejs` 0.6.2: the same names, parameters, shapes and order of
 * results, so that changing over is one import path. Every call blocks the event loop, as there; {@link FbasNetwork} does not.
 *
 * How that package reads a network: nodes that are a quorum all by themselves are left out, also where others name them, and of the rest only
 * the core counts. What
 * differs, and why, stands in docs/migration.md.
 *
 * @module stellar-fbas/compat
 */

import { FbasNetwork } from '../index.js'
import type { FbasError, FbasNode, FbasOrganization, QuorumSet } from '../index.js'

/** What is counted. */
export enum MergeBy {
  /** Nodes. */
  DoNotMerge,
  /** Organizations, by the list that is passed. */
  Orgs,
  /** Internet providers, by `isp`. */
  ISPs,
  /** Countries, by `geoData.countryName`. */
  Countries
}
Object.freeze(MergeBy)

/** All minimal sets of a kind. */
export interface MinimalSetsAnalysis {
  /**
   * The sets, by size and then by members, these by the public key of a node or, of a group, of its first listed core node. They are
   * looked for when this is first read; more than {@link MOST_SETS} are refused with INVALID_INPUT.
   */
  result: string[][]
  /** How many they are. Worked out when it is first read, if that is not easy. */
  size: number
  /** Size of a smallest set; 0 as well if there is none, as in the package that this stands in for. */
  min: number
  /** Not an answer to this question. */
  quorum_intersection: null
}

/** All minimal quorums. */
export interface MinimalQuorumsAnalysis extends Omit<MinimalSetsAnalysis, 'quorum_intersection'> {
  /** Whether there is a quorum and every two share a node, whatever is counted. */
  quorum_intersection: boolean
}

/** The union of all minimal quorums. */
export interface TopTierAnalysis {
  /** Public keys or group names. */
  top_tier: string[]
  /** How many they are. */
  top_tier_size: number
  /** Whether an earlier call had the same nodes and they are still remembered. */
  cache_hit: boolean
}

/** A quorum set of nodes or groups. */
export interface MergedQuorumSet {
  /** How many entries must be satisfied. */
  threshold: number
  /** Public keys or group names. */
  validators: string[]
  /** Left out when there are none. */
  innerQuorumSets?: MergedQuorumSet[]
}

/** The quorum set that the top tier shares. */
export interface SymmetricTopTierAnalysis {
  /** Null if there is no symmetric top tier. */
  symmetric_top_tier: MergedQuorumSet | null
}

/** The longest list of sets that is put together. */
export const MOST_SETS = 1_000_000

/** How many networks are remembered. An explorer asks some eighteen questions of one network in a row. */
const MOST_REMEMBERED = 4

/**
 * All minimal quorums, and whether quorums intersect.
 *
 * @typeParam T What the caller takes the answer for: the old package's `any` could be taken for anything.
 * @throws {FbasError} INVALID_INPUT
 */
export function analyze_minimal_quorums<T = MinimalQuorumsAnalysis>(
  json_fbas: string,
  json_orgs: string,
  merge_by?: number | null
): T {
  const { network, groupBy, inOldOrder } = question(json_fbas, json_orgs, merge_by)
  const smallest = network.analyzeQuorumsSync({ groupBy })
  const analysis: MinimalQuorumsAnalysis = inOldOrder(
    smallest,
    (limit) => network.analyzeQuorumsSync({ groupBy, limit }),
    smallest.hasQuorumIntersection
  )
  return analysis as T
}

/**
 * All minimal sets that, together with the faulty nodes, block: no quorum avoids them.
 *
 * @param faulty_nodes JSON text: an array of public keys. Those that the core does not have are passed over.
 * @typeParam T See {@link analyze_minimal_quorums}.
 * @throws {FbasError} INVALID_INPUT
 */
export function analyze_minimal_blocking_sets<T = MinimalSetsAnalysis>(
  json_fbas: string,
  json_orgs: string,
  faulty_nodes: string,
  merge_by?: number | null
): T {
  const faultyNodes = publicKeys(faulty_nodes)
  const { network, groupBy, inOldOrder } = question(json_fbas, json_orgs, merge_by)
  const smallest = network.analyzeBlockingSetsSync({ groupBy, faultyNodes })
  // Nothing has to be blocked where there is no core: the old package finds no set then, not the empty one.
  const none = { minSize: null, totalSets: 0n }
  const analysis: MinimalSetsAnalysis = inOldOrder(
    network.nodeCount === 0 ? none : smallest,
    (limit) => network.analyzeBlockingSetsSync({ groupBy, faultyNodes, limit }),
    null
  )
  return analysis as T
}

/**
 * All minimal sets that, if Byzantine, let two other nodes of the core diverge.
 *
 * @typeParam T See {@link analyze_minimal_quorums}.
 * @throws {FbasError} INVALID_INPUT
 */
export function analyze_minimal_splitting_sets<T = MinimalSetsAnalysis>(
  json_fbas: string,
  json_orgs: string,
  merge_by?: number | null
): T {
  const { network, groupBy, inOldOrder } = question(json_fbas, json_orgs, merge_by)
  const analysis: MinimalSetsAnalysis = inOldOrder(
    network.analyzeSplittingSetsSync({ groupBy, scope: 'all' }),
    (limit) => network.analyzeSplittingSetsSync({ groupBy, scope: 'all', limit }),
    null
  )
  return analysis as T
}

/**
 * The union of all minimal quorums.
 *
 * @typeParam T See {@link analyze_minimal_quorums}.
 * @throws {FbasError} INVALID_INPUT
 */
export function analyze_top_tier<T = TopTierAnalysis>(
  json_fbas: string,
  json_orgs: string,
  merge_by?: number | null
): T {
  const cache_hit = remembered.some((reading) => reading.json_fbas === json_fbas)
  const { network, groupBy, nameOf } = question(json_fbas, json_orgs, merge_by)
  const { topTier, topTierSize } = network.analyzeTopTierSync({ groupBy })
  const analysis: TopTierAnalysis = { top_tier: topTier.map(nameOf), top_tier_size: topTierSize, cache_hit }
  return analysis as T
}

/**
 * The quorum set that exactly the nodes it names share and that no quorum avoids.
 *
 * @typeParam T See {@link analyze_minimal_quorums}.
 * @throws {FbasError} INVALID_INPUT
 */
export function analyze_symmetric_top_tier<T = SymmetricTopTierAnalysis>(
  json_fbas: string,
  json_orgs: string,
  merge_by?: number | null
): T {
  const { network, merged } = question(json_fbas, json_orgs, merge_by)
  const { symmetricTopTier } = network.analyzeSymmetricTopTierSync()
  const analysis: SymmetricTopTierAnalysis = {
    symmetric_top_tier: symmetricTopTier === null ? null : merged(symmetricTopTier)
  }
  return analysis as T
}

/** Does nothing: there are no panics to report, as errors are thrown. */
export function init_panic_hook(): void {}

/** What is known of all minimal sets of a kind before they are listed. */
interface Smallest {
  minSize: number | null
  totalSets?: bigint
}

/** The same with the sets. */
interface Listed extends Smallest {
  sets?: string[][]
  isComplete?: boolean
}

/** A network as the old package reads it, and how it counts. */
function question(json_fbas: string, json_orgs: string, merge_by: number | null | undefined) {
  // As WebAssembly takes a number: undefined, null and what is no number are 0.
  const kind: MergeBy = (merge_by as number) | 0
  if (!(kind in MergeBy)) throw invalid('merge_by: invalid enum value passed')
  if (kind === MergeBy.Orgs && typeof json_orgs !== 'string') throw invalid('json_orgs: expected JSON text')
  const reading = remember(json_fbas, kind === MergeBy.Orgs ? json_orgs : null)
  const { network, keys } = reading
  const { idOf, nameOfId } = reading.groups[kind]
  const nameOf = (label: string) => nameOfId.get(Number(label)) ?? keys[Number(label)] ?? label

  function inOldOrder<Q>(smallest: Smallest, list: (limit: number) => Listed, quorum_intersection: Q) {
    const all = () => {
      if (smallest.totalSets === 0n) return []
      // Where it is known that they are too many, there is no need to look for a million of them first.
      const { sets = [], isComplete }: Partial<Listed> =
        (smallest.totalSets ?? 0n) > MOST_SETS ? {} : list(MOST_SETS)
      if (!isComplete) throw invalid(`result: more than ${MOST_SETS} sets; FbasNetwork iterates over them`)
      return sets.map((set) => set.map(nameOf))
    }
    const size = () => Number(smallest.totalSets ?? list(0).totalSets ?? analysis.result.length)
    const analysis = { result: [] as string[][], size: 0, min: smallest.minSize ?? 0, quorum_intersection }
    onFirstRead(analysis, 'result', all)
    onFirstRead(analysis, 'size', size)
    return analysis
  }

  function merged(set: QuorumSet): MergedQuorumSet {
    return withNames(withPlaces(set))
  }

  // Inner sets are collapsed again on every level, as in the old package. It shows where groups overlap: there the group of a group's
  // first node may be another one.
  function withNames(set: CollapsedQuorumSet): MergedQuorumSet {
    const { threshold, validators, inner } = kind === MergeBy.DoNotMerge ? set : collapsed(set)
    const merged: MergedQuorumSet = { threshold, validators: validators.map((id) => nameOf(String(id))) }
    if (inner.length > 0) merged.innerQuorumSets = inner.map(withNames)
    return merged
  }

  function withPlaces({ threshold, validators, innerQuorumSets }: QuorumSet): CollapsedQuorumSet {
    const places = validators.map((key) => keys.indexOf(key))
    return { threshold, validators: places, inner: innerQuorumSets.map(withPlaces) }
  }

  // An inner set of one group becomes a validator, and so does a list of nothing but one group.
  function collapsed(set: CollapsedQuorumSet): CollapsedQuorumSet {
    const inner = set.inner.map(collapsed)
    const validators = set.validators.map(idOf)
    for (const { validators: only } of inner) if (only.length === 1) validators.push(...only)
    const isOne = validators.length > 0 && validators.every((id) => id === validators[0])
    return {
      threshold: isOne ? 1 : set.threshold,
      validators: isOne ? validators.slice(0, 1) : validators,
      inner: inner.filter(({ validators }) => validators.length !== 1)
    }
  }

  return { network, groupBy: MergeBy[kind], nameOf, inOldOrder, merged }
}

/** A quorum set of places of nodes or, collapsed, of group ids. */
interface CollapsedQuorumSet {
  threshold: number
  validators: number[]
  inner: CollapsedQuorumSet[]
}

/** A network's core with the four ways to group it. */
interface Reading {
  json_fbas: string
  json_orgs: string | null
  /** The core; every node has an attribute per way, which is called like it: the id of its group. */
  network: FbasNetwork
  /** The public keys of the core, ascending. */
  keys: string[]
  groups: Record<MergeBy, Groups>
}

/** The networks that were asked about last, the latest at the end. */
const remembered: Reading[] = []

function remember(json_fbas: string, json_orgs: string | null): Reading {
  const index = remembered.findIndex(
    (reading) => reading.json_fbas === json_fbas && (json_orgs === null || reading.json_orgs === json_orgs)
  )
  const [reading = read(json_fbas, json_orgs)] = index < 0 ? [] : remembered.splice(index, 1)
  remembered.push(reading)
  if (remembered.length > MOST_REMEMBERED) remembered.shift()
  return reading
}

function read(json_fbas: string, json_orgs: string | null): Reading {
  if (typeof json_fbas !== 'string') throw invalid('json_fbas: expected JSON text')
  const all = FbasNetwork.loadSync(json_fbas)
  const listed = all.nodes()
  const { core: keys } = all.analyzeCoreSync({
    faultyNodes: listed.filter(isAlone).map(({ publicKey }) => publicKey)
  })
  const places = new Map(keys.map((key, place) => [key, place]))
  const nodes = listed.filter(({ publicKey }) => places.has(publicKey))
  const groups = {
    [MergeBy.DoNotMerge]: new Groups([], places),
    [MergeBy.Orgs]: new Groups(json_orgs === null ? [] : organizations(json_orgs, nodes), places),
    [MergeBy.ISPs]: new Groups(
      byName(nodes, ({ isp }) => isp),
      places
    ),
    [MergeBy.Countries]: new Groups(
      byName(nodes, ({ geoData }) => (geoData?.countryName === '' ? null : (geoData?.countryName ?? null))),
      places
    )
  }
  const withGroups = nodes.map(({ publicKey, quorumSet }) => {
    const place = places.get(publicKey) ?? 0
    const ids = Object.entries(groups).map(([kind, { label }]) => [MergeBy[Number(kind)], label(place)])
    return { publicKey, quorumSet, ...Object.fromEntries(ids) }
  })
  const network = FbasNetwork.loadSync(JSON.stringify(withGroups))
  return { json_fbas, json_orgs, network, keys, groups }
}

/** Whether a node is a quorum all by itself. The old package leaves out all of these, also those that others name. */
function isAlone({ publicKey, quorumSet }: FbasNode): boolean {
  const isSatisfied = ({ threshold, validators, innerQuorumSets }: QuorumSet): boolean =>
    validators.filter((key) => key === publicKey).length + innerQuorumSets.filter(isSatisfied).length >=
    threshold
  return quorumSet != null && quorumSet.threshold > 0 && isSatisfied(quorumSet)
}

/** A named group before it is known who is in the core. */
interface NamedGroup {
  name: string
  validators: string[]
}

/** Which node belongs where. A group goes by the place of its first listed core node, a node without a group by its own. */
class Groups {
  readonly nameOfId = new Map<number, string>()
  private readonly ids: number[]
  private readonly digits: number

  /** Where groups overlap, the old package counts a node for the last, except that a group's first node keeps what it had. */
  constructor(groups: NamedGroup[], places: Map<string, number>) {
    this.ids = [...places.values()]
    this.digits = String(places.size).length
    for (const { name, validators } of groups) {
      const [first, ...others] = validators.flatMap((key) => places.get(key) ?? [])
      if (first === undefined) continue
      this.nameOfId.set(first, name)
      for (const other of others) {
        this.ids[other] = first
        this.nameOfId.set(other, name)
      }
    }
  }

  /** The id of a node's group. */
  readonly idOf = (place: number): number => this.ids[place] ?? place

  /** The same as text that sorts like a number. */
  readonly label = (place: number): string => String(this.idOf(place)).padStart(this.digits, '0')
}

function organizations(json_orgs: string, nodes: FbasNode[]): NamedGroup[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(json_orgs)
  } catch (error) {
    throw invalid(`json_orgs: expected an array of organizations as JSON text: ${(error as Error).message}`)
  }
  if (!Array.isArray(parsed)) throw invalid('json_orgs: expected an array of organizations')
  // The old package does not look at ids.
  const list = parsed.map((organization, index) =>
    typeof organization === 'object' && organization !== null
      ? { id: `${index}`, ...organization }
      : organization
  )
  FbasNetwork.loadSync(nodes, JSON.stringify(list))
  return (list as FbasOrganization[]).map(({ id, name, validators }) => ({ name: name ?? id, validators }))
}

/** Names that differ only by commas or a full stop at the end are one group, which is called by what they have in common. */
function byName(nodes: FbasNode[], nameOf: (node: FbasNode) => string | null | undefined): NamedGroup[] {
  const groups = new Map<string, NamedGroup>()
  for (const node of nodes) {
    const name = nameOf(node)?.replaceAll(',', '').replace(/\.$/, '')
    if (name === undefined) continue
    const group = groups.get(name) ?? { name, validators: [] }
    group.validators.push(node.publicKey)
    groups.set(name, group)
  }
  return [...groups.values()]
}

function publicKeys(faulty_nodes: string): string[] {
  try {
    const keys: unknown = JSON.parse(faulty_nodes)
    if (Array.isArray(keys) && keys.every((key) => typeof key === 'string')) return keys
  } catch {
    // The same as text that is JSON of something else.
  }
  throw invalid('faulty_nodes: expected an array of public keys as JSON text')
}

function invalid(message: string): FbasError {
  return Object.assign(new Error(message), { code: 'INVALID_INPUT' as const })
}

/** Makes a property one that is worked out when it is first read. */
function onFirstRead<T, K extends keyof T>(target: T, name: K, work: () => T[K]): void {
  const set = (value: T[K]) => {
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true })
    return value
  }
  Object.defineProperty(target, name, { get: () => set(work()), set, enumerable: true, configurable: true })
}
