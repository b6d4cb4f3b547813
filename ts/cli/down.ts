/**
 * Nodes that the data itself calls down, where `--faulty` says nothing of any.
 *
 * They are down where the question is who can halt the network now, and may be back where it is whether it can split: counting them out would
 * hide two quorums that share no node. But a network that they have halted is not one to call safe.
 */

import { notValidating, readingOf } from '../study/study.js'
import type { Reading } from './input.js'
import type { Options } from './options.js'
import { say } from './output.js'

/** How a command takes them. */
export type Down = 'are down' | 'may have halted it' | 'are up'

/** Takes them as faulty, and says so. */
export function takenAsDown(options: Options, reading: Reading): Options {
  const down = notValidating(reading)
  if (options.faulty !== undefined || down.length === 0) return options
  const { length } = down
  const nodes =
    length === 1
      ? '1 node that the data reports as down is'
      : `${length} nodes that the data reports as down are`
  say(`${nodes} taken as down (--faulty none: as up)`)
  return { ...options, faulty: down }
}

/** Whether no quorum is left without them, which is said. */
export async function haveHalted(options: Options, reading: Reading): Promise<boolean> {
  const down = notValidating(reading)
  if (options.faulty !== undefined || down.length === 0) return false
  const { coreSize } = await reading.network.analyzeCore({ ...readingOf(options), faultyNodes: down })
  if (coreSize > 0) return false
  say(
    'It has halted: without the nodes that the data reports as down no quorum is left (--faulty none: as up)'
  )
  return true
}
