/**
 * `change`: the network in which some nodes come, go, move or ask for something else; and the quorum set that a configuration means. What is wrong
 * with it is said of the file that says it.
 */

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

import {
  changeNetwork,
  quorumSetOfConfig,
  type FbasNetwork,
  type FbasNode,
  type QuorumSet
} from '../../index.js'
import { Directory } from '../study/directory.js'
import { Failure, notRead } from './failure.js'
import type { Reading } from './input.js'
import type { Options } from './options.js'
import { say } from './output.js'
import { nodeNamed, nodesNamed } from './understood.js'

/** Whether the options change anything. */
export function changesAnything({ set, add, remove, move }: Options): boolean {
  return [set, add, remove, move].some((given) => given !== undefined)
}

/** The changed network. */
export async function changed(reading: Reading, options: Options): Promise<Reading> {
  const { set = [], add = [], remove = [], move = [] } = options
  const places: [string, string][] = []
  const change = {
    set: {} as Record<string, QuorumSet>,
    add: [] as FbasNode[],
    remove: [] as string[],
    move: {} as Record<string, string>
  }
  const node = (text: string, option: string) => {
    const [key = ''] = nodesNamed(option, [text], [reading])
    return key
  }
  for (const file of add) {
    const nodes = await json(file)
    const listed = Array.isArray(nodes) ? nodes : [nodes]
    const place = (index: number) => (Array.isArray(nodes) ? `${file}[${index}]` : file)
    listed.forEach((_, index) => places.push([`change.add[${change.add.length + index}]`, place(index)]))
    change.add.push(...(listed as FbasNode[]))
  }
  change.remove = remove.length === 0 ? [] : nodesNamed('--remove', remove, [reading])
  const refuseGone = (key: string, option: string) => {
    if (change.remove.includes(key)) throw new Failure(`${option}: --remove names this node, too`)
  }
  const added = new Set(change.add.map(({ publicKey }) => publicKey))
  for (const text of set) {
    const [name, file] = halves(text, '--set', 'NODE=FILE')
    const key = added.has(name) ? name : node(name, '--set')
    if (Object.hasOwn(change.set, key)) throw new Failure(`--set ${name}: it is set twice`)
    refuseGone(key, `--set ${name}`)
    places.push([`change.set.${key}`, file])
    define(change.set, key, await quorumSetIn(file, key))
  }
  for (const text of move) {
    const [name, organization] = halves(text, '--move', 'NODE=ORGANIZATION')
    const key = added.has(name) ? name : node(name, '--move')
    refuseGone(key, `--move ${name}`)
    places.push([`change.move.${key}`, `--move ${name}`])
    define(change.move, key, organization)
  }

  const network = await changeNetwork(reading.network, null, change).catch((error: Error) => {
    // The key of a node may begin with that of another one.
    const found = places.filter(([path]) => error.message.startsWith(path))
    const [place] = found.sort(([one], [other]) => other.length - one.length)
    if (place === undefined) throw error
    throw new Failure(`${place[1]}${error.message.slice(place[0].length)}`, undefined, { cause: error })
  })
  return later(reading, network)
}

/** The network in which a node asks for what its configuration means, and what that is. */
export async function configured(
  reading: Reading,
  file: string,
  called: string
): Promise<{ node: string; quorumSet: QuorumSet; after: Reading }> {
  const node = nodeNamed('--node', called, [reading])
  const quorumSet = await meantBy(file, node)
  const set: Record<string, QuorumSet> = {}
  define(set, node, quorumSet)
  return { node, quorumSet, after: later(reading, await changeNetwork(reading.network, null, { set })) }
}

/** What a network has become. */
function later({ title, place, sources }: Reading, network: FbasNetwork): Reading {
  return {
    ...{ title: `${title}, changed`, place, sources, network },
    nodes: network.nodes(),
    organizations: network.organizations() ?? undefined,
    directory: Directory.of(network)
  }
}

/** What stands before and behind the last `=`. */
function halves(text: string, option: string, expected: string): [string, string] {
  const at = text.lastIndexOf('=')
  if (at <= 0 || at === text.length - 1) throw new Failure(`${option} ${text}: expected ${expected}`)
  return [text.slice(0, at), text.slice(at + 1)]
}

/** Also where the key means something to JavaScript. */
function define<T>(all: Record<string, T>, key: string, value: T): void {
  Object.defineProperty(all, key, { value, enumerable: true, configurable: true })
}

/** The quorum set that a text names: the one in a file of this name, or else the node that is called so, whose it is. */
export async function quorumSetNamed(name: string, reading: Reading): Promise<QuorumSet | string> {
  const isFile = existsSync(name) || /\.(json|cfg|toml)$/i.test(name)
  if (!isFile) return nodeNamed('--quorum-set', name, [reading])
  const set: unknown = /\.(cfg|toml)$/i.test(name) ? await meantBy(name) : await json(name)
  if (typeof set !== 'object' || set === null) throw new Failure(`${name}: expected a quorum set`)
  return set as QuorumSet
}

/** The quorum set that a file has, or that a configuration means for the node. */
async function quorumSetIn(file: string, node: string): Promise<QuorumSet> {
  return /\.(cfg|toml)$/i.test(file) ? meantBy(file, node) : ((await json(file)) as QuorumSet)
}

/** The quorum set that a configuration means for the node that it is of, if that is named; says what is odd in it. */
export async function meantBy(file: string, node?: string): Promise<QuorumSet> {
  const config = await text(file)
  try {
    const { quorumSet, findings } = quorumSetOfConfig(config, node)
    for (const { message } of findings) say(`${file}: ${message}`)
    return quorumSet
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'INVALID_INPUT') throw error
    throw new Failure(`${file}: ${message}`, undefined, { cause: error })
  }
}

async function json(file: string): Promise<unknown> {
  const content = await text(file)
  try {
    return JSON.parse(content.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new Failure(`${file}: not JSON: ${(error as Error).message}`, undefined, { cause: error })
  }
}

async function text(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw notRead(file, error)
  }
}
