/** Where a network comes from: a file, standard input (`-`), an explorer's endpoint, or the example that comes with the package. */

import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { buffer } from 'node:stream/consumers'

import { FbasNetwork } from '../../index.js'
import type { FbasNode, FbasOrganization } from '../../index.js'
import { Directory } from '../study/directory.js'
import { Failure, notRead } from './failure.js'
import { fetched, isAddress, withoutSecrets } from './fetch.js'
import { isSomethingPipedIn } from './piped.js'
import { unpacked } from './unpacked.js'

/** A network as the addon holds it, with the same on this side: for names, for trust, and for who is not validating. */
export interface Reading {
  /** What people call it. */
  title: string
  /** Where it is, in full; absent: it comes with the package. */
  place: string | undefined
  /** Files and addresses that it was read from. */
  sources: string[]
  network: FbasNetwork
  nodes: FbasNode[]
  organizations: FbasOrganization[] | undefined
  directory: Directory
}

const EXAMPLE = join(__dirname, '../../examples/network')
const EXAMPLE_NODES = join(EXAMPLE, 'stellar-2025-11.json')
const EXAMPLE_ORGANIZATIONS = join(EXAMPLE, 'organizations-2025-11.json')

/** Reads a network; without nodes, the example. */
export async function read(
  nodesFrom: string | undefined,
  organizationsFrom: string | undefined,
  signal: AbortSignal
): Promise<Reading> {
  if (nodesFrom !== undefined) return readingIn(await textsFrom(nodesFrom, organizationsFrom, signal))
  if (organizationsFrom !== '-' && (await isSomethingPipedIn())) {
    throw new Failure('something is piped in, but no network is named; - reads it')
  }
  const texts = await textsFrom(EXAMPLE_NODES, organizationsFrom ?? EXAMPLE_ORGANIZATIONS, signal)
  return { ...(await readingIn(texts)), title: "Stellar's public network, November 2025", place: undefined }
}

/** What sources gave, not looked at yet. */
export interface Texts {
  nodes: [from: string, text: Uint8Array]
  organizations: [from: string, text: Uint8Array] | undefined
}

/** Has what the sources of a network give. */
export async function textsFrom(
  nodesFrom: string,
  organizationsFrom: string | undefined,
  signal: AbortSignal
): Promise<Texts> {
  const nodes = await bytes(nodesFrom, signal)
  if (organizationsFrom === undefined) return { nodes: [nodesFrom, nodes], organizations: undefined }
  return {
    nodes: [nodesFrom, nodes],
    organizations: [organizationsFrom, await bytes(organizationsFrom, signal)]
  }
}

/** The network that texts mean. */
export async function readingIn({ nodes, organizations }: Texts): Promise<Reading> {
  const [from] = nodes
  const sources = [from, ...(organizations === undefined ? [] : [organizations[0]])]
  return readingOf(await load(nodes, organizations), {
    ...{ title: called(from), place: named(from) },
    sources: sources.map(called)
  })
}

/** A network that is read already. */
export function readingOf(network: FbasNetwork, from: Pick<Reading, 'title' | 'place' | 'sources'>): Reading {
  const nodes = network.nodes()
  const organizations = network.organizations() ?? undefined
  return { ...from, network, nodes, organizations, directory: Directory.of(network, nodes) }
}

/** The addon reads the text itself, off the main thread; what is wrong with it is said of the source that it came from. */
async function load(
  [from, text]: [string, Uint8Array],
  [groupsFrom, groups]: [string?, Uint8Array?] = []
): Promise<FbasNetwork> {
  try {
    return await FbasNetwork.load(text, groups)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'INVALID_INPUT') throw error
    const isAboutGroups = groupsFrom !== undefined && message.startsWith('organizations')
    throw new Failure(`${named(isAboutGroups ? groupsFrom : from)}: ${message}`, undefined, { cause: error })
  }
}

async function bytes(from: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    if (isAddress(from)) return await unpacked(await fetched(from, signal))
    if (from === '-') return await unpacked(await buffer(process.stdin))
    return await unpacked(await readFile(from, { signal }), from)
  } catch (error) {
    if (error instanceof Failure) throw error
    signal.throwIfAborted()
    throw notRead(named(from), error)
  }
}

/** What two networks are called beside each other: where their names are the same, with as much of their places as tells them apart. */
export function toldApart(one: Reading, other: Reading): [string, string] {
  const [here, there] = [one, other].map(({ place }) => place?.split(/[/\\]/))
  if (one.title !== other.title || here === undefined || there === undefined) return [one.title, other.title]
  const length = Math.max(here.length, there.length)
  for (let parts = 2; parts <= length; parts++) {
    const [first, second] = [here, there].map((place) => place.slice(-parts).join('/'))
    if (first !== undefined && second !== undefined && first !== second) return [first, second]
  }
  return [one.title, other.title]
}

/** What a source is called in results: a file by its name alone. */
function called(source: string): string {
  return isAddress(source) ? named(source) : basename(named(source))
}

/** What a source is called where something is wrong with it. */
export function named(source: string): string {
  return source === '-' ? 'standard input' : isAddress(source) ? withoutSecrets(source) : source
}
