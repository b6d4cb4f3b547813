/** `convert`: the same network in another of the formats. */

import { preprocess } from '../../index.js'
import { inPythonFbas, inStellarCore } from './formats.js'
import { Failure } from './failure.js'
import type { Reading } from './input.js'
import { jsonText, print } from './output.js'

/** What a network can be written as. */
export const TARGETS = ['nodes', 'network', 'stellar-core', 'python-fbas'] as const
export type Target = (typeof TARGETS)[number]

/**
 * Writes the network to standard output.
 *
 * @param isPreprocessed Without nodes that have no usable quorum set, and without references to nodes that are not listed.
 */
export async function convert(reading: Reading, target: Target, isPreprocessed: boolean): Promise<void> {
  const { organizations } = reading
  const nodes = isPreprocessed ? (await preprocess(reading.nodes)).nodes : reading.nodes
  await print(`${jsonText(converted(), 2)}\n`)

  function converted(): unknown {
    switch (target) {
      case 'nodes':
        return nodes
      case 'network':
        return { nodes, ...(organizations === undefined ? {} : { organizations }) }
      case 'stellar-core':
        return inStellarCore(nodes)
      case 'python-fbas': {
        const written = inPythonFbas(nodes)
        const taken = nodes.find(({ publicKey }) => Object.hasOwn(written.qsets, publicKey))
        if (taken !== undefined) throw new Failure(`a node has the key of a quorum set: ${taken.publicKey}`)
        return written
      }
    }
  }
}
