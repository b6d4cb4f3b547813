/** Where a network comes from: a file, standard input (`-`), an explorer's endpoint, or the example that comes with the package. */

import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { buffer } from 'node:stream/consumers'

import { FbasNetwork } from '../../index.js'
import type { FbasNode, FbasOrganization } from '../../index.js'
import { Directory } from '../study/directory.js'
import { Failure } from './failure.js'
import { fetched } from './fetch.js'
import { listed } from './formats.js'

/** A network as the addon holds it, with the same on this side: for names, for trust, and for who is not validating. */
export interface Reading {
  /** What people call it. */
  title: string
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
  if (nodesFrom === '-' && organizationsFrom === '-') {
    throw new Failure('standard input can be the nodes or the organizations, not both')
  }
  const isExample = nodesFrom === undefined
  const nodesText = await bytes(nodesFrom ?? EXAMPLE_NODES, signal)
  const from = organizationsFrom ?? (isExample ? EXAMPLE_ORGANIZATIONS : undefined)
  const organizationsText = from === undefined ? undefined : await bytes(from, signal)

  // The addon reads the text itself, off the main thread, and says what is wrong with it.
  const network = await FbasNetwork.load(nodesText, organizationsText)
  const document = listed(JSON.parse(textOf(nodesText)))
  const organizations: FbasOrganization[] | undefined =
    organizationsText === undefined
      ? (document.organizations ?? undefined)
      : JSON.parse(textOf(organizationsText))
  return {
    title: isExample ? "Stellar's public network, November 2025" : called(nodesFrom),
    sources: [nodesFrom ?? EXAMPLE_NODES, from].flatMap((source) =>
      source === undefined ? [] : called(source)
    ),
    network,
    nodes: document.nodes,
    organizations,
    directory: new Directory(document.nodes, organizations)
  }
}

async function bytes(from: string, signal: AbortSignal): Promise<Uint8Array> {
  if (/^https?:\/\//i.test(from)) return fetched(from, signal)
  try {
    return from === '-' ? await buffer(process.stdin) : await readFile(from, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw new Failure(`${from}: ${reasonOf(error as NodeJS.ErrnoException, from)}`)
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException, from: string): string {
  // The first word may be a command or a file.
  if (code === 'ENOENT') return /^[a-z-]+$/.test(from) ? 'neither a command nor a file' : 'no such file'
  if (code === 'EISDIR') return 'a folder, expected a file'
  if (code === 'EACCES') return 'permission denied'
  return message
}

function textOf(text: Uint8Array): string {
  return new TextDecoder().decode(text)
}

/** A file goes by its name, an address by itself without what may be secret in it. */
function called(source: string): string {
  if (source === '-') return 'standard input'
  if (!/^https?:\/\//i.test(source)) return basename(source)
  const { protocol, host, pathname } = new URL(source)
  return `${protocol}//${host}${pathname}`
}
