/** Decides whether something is piped into a command for which no network is named. Somebody who forgot `-` does not want the example. */

import { fstatSync } from 'node:fs'

/** A pipe that says nothing for so long is one that a shell or a service leaves open. */
const PATIENCE_MS = 1000

export async function isSomethingPipedIn(): Promise<boolean> {
  const input = fstatSync(0)
  if (input.isFile()) return input.size > 0
  if (!input.isFIFO() && !input.isSocket()) return false
  return new Promise((resolve) => {
    const { stdin } = process
    setTimeout(() => resolve(false), PATIENCE_MS)
    stdin.on('readable', () => resolve(stdin.readableLength > 0))
    stdin.on('error', () => resolve(false))
  })
}
