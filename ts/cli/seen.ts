/** `--reachable-from`: the network that one node sees, as if the data had nobody else. */

import { FbasNetwork } from '../../index.js'
import { Directory } from '../study/directory.js'
import { Failure } from './failure.js'
import type { Reading } from './input.js'
import { nodeNamed } from './understood.js'

/** The part of a network that the node reaches, which goes by its key or name. */
export async function seenBy(called: string, reading: Reading): Promise<Reading> {
  const node = nodeIn(reading, called)
  // Whom it reaches takes no search, so no time is needed for one.
  const { reach } = await reading.network.analyzeNode({ node, timeoutMs: 0, anytime: true })
  const seen = new Set([node, ...reach])
  const nodes = reading.nodes.filter(({ publicKey }) => seen.has(publicKey))
  const isSeen = ({ validators }: { validators: string[] }) => validators.some((key) => seen.has(key))
  const organizations = reading.organizations?.filter(isSeen)
  const groups = organizations === undefined ? null : JSON.stringify(organizations)
  const network = await FbasNetwork.load(JSON.stringify(nodes), groups)
  reading.network[Symbol.dispose]()
  const directory = Directory.of(network)
  const title = `${reading.title}, as ${directory.name(node)} sees it`
  return { ...reading, title, network, nodes, organizations: network.organizations() ?? undefined, directory }
}

/** Says of which network it is that nobody there is called so: another one may be read, too. */
function nodeIn(reading: Reading, called: string): string {
  try {
    return nodeNamed('--reachable-from', called, [reading])
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure(`${error.message} (${reading.title})`, error.status, { cause: error })
  }
}
