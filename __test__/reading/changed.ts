// `change` and `config`: the network and the quorum set that they print are those that the change and the configuration say.

import assert from 'node:assert/strict'

import type { FbasNode, FbasOrganization, QuorumSet } from '../../index.js'
import type { Ended } from '../cli/command.js'
import type { Network } from './networks.js'

/** A change in words of the command line, the files that it names, and the network that comes of it. */
export interface Asked {
  args: string[]
  files: [string, unknown][]
  after: Network
}

/** What is to be said so that the nodes of one network become those of another. No quorum set can be taken away: who has none in the end keeps it. */
export function askedOf(before: Network, after: Network, name: string): Asked {
  const [files, args]: [[string, unknown][], string[]] = [[], []]
  const file = (part: string, content: unknown) => {
    files.push([`${name}-${part}.json`, content])
    return `${name}-${part}.json`
  }
  const old = new Map(before.nodes.map((node) => [node.publicKey, node]))
  const kept = new Set(after.nodes.map(({ publicKey }) => publicKey))
  const gone = [...old.keys()].filter((key) => !kept.has(key))
  const come = after.nodes.filter(({ publicKey }) => !old.has(publicKey))
  if (gone.length > 0) args.push('--remove', gone.join(','))
  if (come.length > 0) args.push('--add', file('add', come))
  const nodes = after.nodes.map((node): FbasNode => {
    const was = old.get(node.publicKey)
    if (was === undefined) return node
    const { quorumSet } = node
    if (quorumSet == null || JSON.stringify(quorumSet) === JSON.stringify(was.quorumSet)) return was
    args.push('--set', `${node.publicKey}=${file(node.publicKey, quorumSet)}`)
    return { ...was, quorumSet: meant(quorumSet, before) }
  })
  const place = ({ organizations }: Network, key: string) =>
    organizations.find(({ validators }) => validators.includes(key))?.id
  const organizations = after.organizations.map((organization) => {
    const { id } = organization
    // Nobody can be moved to no organization: who has none in the end keeps the one of before.
    const ends = (key: string) => place(after, key) ?? place(before, key)
    const validators = [...kept].filter((key) => ends(key) === id)
    const moved = validators.filter((key) => place(before, key) !== id)
    for (const key of moved) args.push('--move', `${key}=${id}`)
    return { ...organization, validators }
  })
  return { args, files, after: { nodes, organizations } }
}

/** A set in which names stand for keys: whoever has the key, else the only one that is called so, else the only one whose key begins so. */
function meant({ threshold, validators, innerQuorumSets }: QuorumSet, { nodes }: Network): QuorumSet {
  const named = (set: QuorumSet | null | undefined): string[] =>
    set == null ? [] : [...set.validators, ...set.innerQuorumSets.flatMap(named)]
  const keys = new Set(nodes.flatMap(({ publicKey, quorumSet }) => [publicKey, ...named(quorumSet)]))
  const only = (found: string[]) => (found.length === 1 ? found[0] : undefined)
  const key = (entry: string) => {
    if (keys.has(entry)) return entry
    const called = nodes.filter(({ name }) => name?.trim() === entry).map(({ publicKey }) => publicKey)
    return only(called) ?? only([...keys].filter((key) => key.startsWith(entry))) ?? entry
  }
  return {
    threshold,
    validators: validators.map(key),
    innerQuorumSets: innerQuorumSets.map((set) => meant(set, { nodes, organizations: [] }))
  }
}

/** The network that is printed. */
export function holdChanged({ after }: Asked, { stdout, stderr, status }: Ended): void {
  assert.deepEqual([stderr, status], ['', 0])
  const { nodes, organizations } = JSON.parse(stdout) as Network
  const [printed, expected] = [nodes, after.nodes].map((nodes) =>
    [...nodes].sort((a, b) => (a.publicKey < b.publicKey ? -1 : 1)).map(plain)
  )
  assert.deepEqual(printed, expected)
  const keys = after.nodes.map(({ publicKey }) => publicKey)
  assert.deepEqual(memberships(keys, organizations), memberships(keys, after.organizations))
}

/** Which organization a node counts to: the first that lists it. */
function memberships(keys: string[], organizations: FbasOrganization[]): [string, string | undefined][] {
  return keys
    .map((key): [string, string | undefined] => [
      key,
      organizations.find(({ validators }) => validators.includes(key))?.id
    ])
    .sort()
}

/** Without what stands for nothing, and without what is said of organizations. */
function plain({
  organizationId,
  quorumSet,
  ...node
}: FbasNode & { organizationId?: string | null }): unknown {
  const all = { ...node, quorumSet: quorumSet == null ? null : sorted(quorumSet) }
  return JSON.parse(JSON.stringify(all, (_, value: unknown) => value ?? undefined))
}

/** The order of entries means nothing. */
function sorted({ threshold, validators, innerQuorumSets }: QuorumSet): QuorumSet {
  const inner = innerQuorumSets.map((set) => JSON.stringify(sorted(set))).sort()
  return {
    threshold,
    validators: [...validators].sort(),
    innerQuorumSets: inner.map((set): QuorumSet => JSON.parse(set))
  }
}

/** MobileCoin's way to say a quorum set. */
export function configurationOf({ threshold, validators, innerQuorumSets }: QuorumSet): unknown {
  const inner = innerQuorumSets.map((set) => ({ type: 'InnerSet', args: configurationOf(set) }))
  return { threshold, members: [...validators.map((args) => ({ type: 'Node', args })), ...inner] }
}

const entriesOf = ({ validators, innerQuorumSets }: QuorumSet) => validators.length + innerQuorumSets.length

function all(set: QuorumSet): QuorumSet[] {
  return [set, ...set.innerQuorumSets.flatMap(all)]
}

/** What may be said of a set, and whether it is so of it for a node. */
const ODD: [message: string, isSo: (sets: QuorumSet[], node: string | undefined) => boolean][] = [
  [
    'The quorum set names a validator more than once; each mention counts, as in stellar-core.',
    (sets) => {
      const named = sets.flatMap(({ validators }) => validators)
      return new Set(named).size < named.length
    }
  ],
  [
    'The quorum set, or a set inside it, has a threshold of 0. At the top level that is no usable quorum set and the node counts as unknown; an inner set with threshold 0 counts as satisfied.',
    (sets) => sets.some(({ threshold }) => threshold === 0)
  ],
  [
    'The quorum set, or a set inside it, asks for more entries than it lists. At the top level the node can be in no quorum; an inner set like that is never satisfied.',
    (sets) => sets.some((set) => set.threshold > entriesOf(set))
  ],
  [
    'The quorum set, or a set inside it, has a threshold of at most half of its entries: it is satisfied by half of its entries as well as by the other half.',
    (sets) => sets.some((set) => set.threshold > 0 && 2 * set.threshold <= entriesOf(set))
  ],
  [
    'The quorum set does not name the node itself.',
    (sets, node) => node !== undefined && !sets.some(({ validators }) => validators.includes(node))
  ]
]

/** The quorum set that is printed, and what is odd about it. */
export function holdConfiguration(
  file: string,
  set: QuorumSet,
  node: string | undefined,
  { stdout, stderr, status }: Ended
): void {
  assert.equal(status, 0)
  assert.deepEqual(sorted(JSON.parse(stdout) as QuorumSet), sorted(set))
  const said = stderr.split('\n').filter((line) => line !== '')
  const expected = ODD.filter(([, isSo]) => isSo(all(set), node)).map(([message]) => `${file}: ${message}`)
  assert.deepEqual(said.sort(), expected.sort())
}
