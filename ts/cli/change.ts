/** `change`: the network in which some nodes come, go, move or ask for something else. What is wrong with it is said of the file that says it. */

import { readFile } from 'node:fs/promises'

import { changeNetwork, type FbasNode, type NetworkChange, type QuorumSet } from '../../index.js'
import { Directory } from '../study/directory.js'
import { Failure, reasonOf } from './failure.js'
import type { Reading } from './input.js'
import type { Options } from './options.js'
import { nodesNamed } from './understood.js'

/** Whether the options change anything. */
export function changesAnything({ set, add, remove, move }: Options): boolean {
  return [set, add, remove, move].some((given) => given !== undefined)
}

/** The changed network. */
export async function changed(reading: Reading, options: Options): Promise<Reading> {
  const { set = [], add = [], remove = [], move = [] } = options
  const places: [string, string][] = []
  const change: Required<NetworkChange> = { set: {}, add: [], remove: [], move: {} }
  const node = (text: string, option: string) => {
    const [key = ''] = nodesNamed(option, [text], [reading])
    return key
  }
  for (const text of add) {
    const nodes = await json(text)
    const listed = Array.isArray(nodes) ? nodes : [nodes]
    listed.forEach((_, index) => places.push([`change.add[${(change.add ?? []).length + index}]`, text]))
    change.add?.push(...(listed as FbasNode[]))
  }
  const added = new Set(change.add?.map(({ publicKey }) => publicKey))
  for (const text of set) {
    const [name, file] = halves(text, '--set', 'NODE=FILE')
    const key = added.has(name) ? name : node(name, '--set')
    if (Object.hasOwn(change.set ?? {}, key)) throw new Failure(`--set ${name}: it is set twice`)
    places.push([`change.set.${key}`, file])
    Object.assign(change.set ?? {}, { [key]: (await json(file)) as QuorumSet })
  }
  for (const text of move) {
    const [name, organization] = halves(text, '--move', 'NODE=ORGANIZATION')
    const key = added.has(name) ? name : node(name, '--move')
    places.push([`change.move.${key}`, `--move ${name}`])
    Object.assign(change.move ?? {}, { [key]: organization })
  }
  change.remove = remove.length === 0 ? [] : nodesNamed('--remove', remove, [reading])

  const network = await changeNetwork(reading.network, null, change).catch((error: Error) => {
    const place = places.find(([path]) => error.message.startsWith(path))
    if (place === undefined) throw error
    throw new Failure(`${place[1]}${error.message.slice(place[0].length)}`, undefined, { cause: error })
  })
  return {
    title: `${reading.title}, changed`,
    place: reading.place,
    sources: reading.sources,
    network,
    nodes: network.nodes(),
    organizations: network.organizations() ?? undefined,
    directory: new Directory(network)
  }
}

/** What stands before and behind the last `=`. */
function halves(text: string, option: string, expected: string): [string, string] {
  const at = text.lastIndexOf('=')
  if (at <= 0 || at === text.length - 1) throw new Failure(`${option} ${text}: expected ${expected}`)
  return [text.slice(0, at), text.slice(at + 1)]
}

async function json(file: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new Failure(`${file}: ${reasonOf(error as NodeJS.ErrnoException)}`, undefined, { cause: error })
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new Failure(`${file}: not JSON: ${(error as Error).message}`, undefined, { cause: error })
  }
}
