// Times of questions about a network inside Node.js.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { performance } from 'node:perf_hooks'

const { FbasNetwork } = createRequire(import.meta.url)('..')

export const read = (file) => JSON.parse(readFileSync(file, 'utf8'))

/** The median time of some runs in milliseconds, each on a network that remembers nothing, and what the last one came to. */
export async function timed({ nodes, organizations }, runs, ask) {
  const times = []
  let answer
  for (let run = 0; run < runs; run++) {
    const network = await FbasNetwork.load(JSON.stringify(nodes), organizations)
    const start = performance.now()
    answer = await ask(network)
    times.push(performance.now() - start)
  }
  return { time: times.sort((a, b) => a - b)[runs >> 1], answer }
}
