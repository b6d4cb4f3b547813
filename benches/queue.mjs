// How many networks a second one, two and four processes work out on a queue, beside one process that does it without: node benches/queue.mjs [SNAPSHOTS]
//
// The snapshots are the example network, each with a node more that nobody names, so that all differ. Redis is started here, on a port of its own, and
// keeps nothing. Needs redis-server.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { createRequire } from 'node:module'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(join(root, 'package.json'))
const { Module } = require('@nestjs/common')
const { NestFactory } = require('@nestjs/core')
const { FbasHistory, FbasModule } = require('stellar-fbas/nestjs')
const { FbasQueueModule } = require('stellar-fbas/nestjs/queue')

const count = Number(process.argv[2] ?? 500)
const nodes = JSON.parse(readFileSync(join(root, 'examples/network/stellar-2025-11.json'), 'utf8'))
const organizations = readFileSync(join(root, 'examples/network/organizations-2025-11.json'), 'utf8')
const snapshots = Array.from({ length: count }, (_, id) => ({
  nodes: JSON.stringify([...nodes, { publicKey: `NODE${id}`, quorumSet: nodes[0].quorumSet }]),
  organizations
}))

/** Works all of it out and says how many a second. */
async function rate(imports) {
  class Application {}
  Module({ imports })(Application)
  const app = await NestFactory.createApplicationContext(Application, { logger: ['error', 'warn'] })
  try {
    const began = performance.now()
    let done = 0
    for await (const { outcome } of app.get(FbasHistory).analyze(snapshots)) if (outcome.isOk()) done++
    if (done !== count) throw new Error(`${done} of ${count}`)
    return count / ((performance.now() - began) / 1000)
  } finally {
    await app.close()
  }
}

const server = createServer().listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address()
await new Promise((resolve) => server.close(resolve))
const folder = mkdtempSync(join(tmpdir(), 'stellar-fbas-redis-'))
const redis = spawn('redis-server', [
  '--port',
  `${port}`,
  '--bind',
  '127.0.0.1',
  '--dir',
  folder,
  '--save',
  ''
])
/** Processes that run, so that none stays behind whatever happens. */
const running = new Set()
const connection = { url: `redis://127.0.0.1:${port}` }
try {
  console.log(
    `${count} different networks of ${nodes.length + 1} nodes, ${availableParallelism()} processors\n`
  )
  const told = (what, perSecond) =>
    console.log(`${what.padEnd(24)} ${perSecond.toFixed(0).padStart(5)} a second`)
  told('in one process', await rate([FbasModule.forRoot({ isGlobal: true })]))
  for (const workers of [1, 2, 4]) {
    const prefix = `bench-${workers}`
    const options = { connection, prefix }
    const programs = Array.from({ length: workers }, () =>
      spawn(process.execPath, [join(root, '__test__/nestjs/queue-worker.cjs'), JSON.stringify({ options })], {
        cwd: root
      })
    )
    for (const program of programs) running.add(program)
    for (const { stdout } of programs)
      for await (const text of stdout.iterator({ destroyOnReturn: false })) if (/ready/.test(text)) break
    for (const { stdout, stderr } of programs) {
      stdout.resume()
      stderr.resume()
    }
    told(
      `on a queue, ${workers} worker${workers === 1 ? '' : 's'}`,
      await rate([FbasModule.forRoot({ isGlobal: true, history: 'queue' }), FbasQueueModule.forRoot(options)])
    )
    for (const program of programs) {
      program.kill('SIGTERM')
      await once(program, 'exit')
      running.delete(program)
    }
    await sleep(100)
  }
} finally {
  for (const program of running) program.kill('SIGKILL')
  redis.kill('SIGKILL')
  await once(redis, 'exit')
  rmSync(folder, { recursive: true })
}
