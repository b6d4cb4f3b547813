// How long a call holds the event loop: the call itself until its promise is returned, and the longest delay of the loop while it runs.
// `npm run bench:event-loop`; the addon must be built. On one thread, as otherwise the analysis may take the very core from the event loop.
import { createRequire } from 'node:module'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

const require = createRequire(import.meta.url)
const fbas = require('..')

/** Nodes that all name the same 20: a top tier and its watchers. */
function network(count) {
  const key = (index) => `G${String(index).padStart(55, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`
  return Array.from({ length: count }, (_, index) => {
    const validators = Array.from({ length: 20 }, (_, entry) => key(entry))
    return {
      publicKey: key(index),
      name: `node ${index}`,
      quorumSet: { threshold: 14, validators, innerQuorumSets: [] },
      geoData: { countryCode: 'DE', countryName: 'Germany' },
      isp: 'Example Hosting',
      isValidating: true
    }
  })
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]

/** Median time of the call, and the median of the loop's longest delay until the promise settles. */
async function measure(runs, call) {
  const calls = []
  const delays = []
  for (let run = 0; run < runs; run++) {
    await sleep(20)
    const monitor = monitorEventLoopDelay({ resolution: 1 })
    monitor.enable()
    await sleep(5)
    const start = performance.now()
    const promise = call()
    calls.push(performance.now() - start)
    await promise
    await sleep(5)
    monitor.disable()
    delays.push(monitor.max / 1e6)
  }
  return [median(calls), median(delays)]
}

async function measureIdle(runs) {
  return (await measure(runs, () => sleep(50)))[1]
}

console.log(`loop without a call: longest delay ${(await measureIdle(9)).toFixed(1)} ms`)
const line = (what, held, delay) => {
  console.log(`  ${what.padEnd(52)}${held.toFixed(2).padStart(9)} ms${delay.toFixed(1).padStart(9)} ms`)
}
/** Organizations of three that all ask for more than two thirds of each other. */
function organizations(count) {
  const key = (id, member) => `G${id}N${member}`.padEnd(56, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')
  const ids = Array.from({ length: count }, (_, id) => id)
  const innerQuorumSets = ids.map((id) => ({
    threshold: 2,
    validators: [0, 1, 2].map((member) => key(id, member))
  }))
  const quorumSet = { threshold: count - Math.floor((count - 1) / 3), validators: [], innerQuorumSets }
  return ids.flatMap((id) => [0, 1, 2].map((member) => ({ publicKey: key(id, member), quorumSet })))
}

console.log('10,000 listed quorums reach JavaScript: call held, longest delay of the loop')
for (const count of [13, 100]) {
  const parsed = await fbas.FbasNetwork.load(organizations(count))
  const options = { limit: 10_000, threads: 1 }
  const { sets, totalSets } = await parsed.analyzeQuorums(options)
  line(
    `of ${Number(totalSets).toExponential(1)}, ${sets[0].length} nodes each`,
    ...(await measure(15, () => parsed.analyzeQuorums(options)))
  )
}
for (const count of [300, 10_000]) {
  const objects = network(count)
  const text = JSON.stringify(objects)
  const bytes = Buffer.from(text)
  console.log(
    `${count} nodes of 20 validators, ${(bytes.length / 1e6).toFixed(1)} MB: call held, longest delay of the loop`
  )
  const runs = count > 1000 ? 9 : 25
  const ways = {
    'JSON text as a string': () => text,
    'JSON text as bytes': () => bytes,
    objects: () => objects
  }
  for (const [what, input] of Object.entries(ways)) {
    line(`FbasNetwork.load, ${what}`, ...(await measure(runs, () => fbas.FbasNetwork.load(input()))))
    line(
      `performAnalysis on one thread, ${what}`,
      ...(await measure(runs, () => fbas.performAnalysis(input(), null, { threads: 1 })))
    )
  }
  const stringify = async () => JSON.stringify(objects)
  line('for comparison: JSON.stringify', ...(await measure(runs, stringify)))
  line(
    'for comparison: JSON.stringify and a copy',
    ...(await measure(runs, async () => Buffer.from(JSON.stringify(objects))))
  )
}
