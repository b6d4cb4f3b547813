// The guide says what is so: its examples compile and run, and its tables name what there is.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { examplesIn, root, run, typeCheck, withFolder, write } from '../examples.js'
import { fourOrganizations } from '../networks.js'
import { get, withApplication } from './application.js'

const guide = readFileSync(join(root, 'docs/nestjs.md'), 'utf8')
const [service = '', history = '', queue = '', endpoints = '', rollout = '', ...more] = examplesIn(guide)
const NETWORK = fourOrganizations()

test('every example type-checks', () => {
  assert.deepEqual(more, [])
  return withFolder((folder) =>
    typeCheck(
      [service, history, queue, endpoints, rollout].map((code, index) =>
        write(folder, `example${index}.mts`, code)
      )
    )
  )
})

test('the example of the service, run', () =>
  withFolder(async (folder) => {
    write(folder, 'service.ts', service)
    const program = `
      import { NestFactory } from '@nestjs/core'
      import { AppModule, Scanner } from './service.js'
      const app = await NestFactory.createApplicationContext(AppModule, { logger: false })
      const { nodes, organizations } = JSON.parse(process.env.NETWORK ?? '')
      const { signal } = new AbortController()
      const scanner = app.get(Scanner)
      console.log(await scanner.scan(JSON.stringify(nodes), JSON.stringify(organizations), signal))
      console.log(await scanner.scan('[{}]', '[]', signal))
      await app.close()`
    const printed = await run(write(folder, 'program.mts', program), folder, {
      NETWORK: JSON.stringify(NETWORK)
    })
    assert.equal(printed, '12 nodes of 4 organizations\nINVALID_INPUT: nodes[0]: missing field `publicKey`')
  }))

test('the example of many snapshots, run', () =>
  withFolder(async (folder) => {
    write(folder, 'history.ts', history)
    const program = `
      import { NestFactory } from '@nestjs/core'
      import { AppModule, Past } from './history.js'
      const app = await NestFactory.createApplicationContext(AppModule, { logger: false })
      async function* snapshots() {
        yield { time: '2020-01-01', ...JSON.parse(process.env.NETWORK ?? '') }
        yield { time: '2020-01-02', nodes: '[{}]' }
      }
      for await (const line of app.get(Past).figures(snapshots())) console.log(line)
      await app.close()`
    const printed = await run(write(folder, 'program.mts', program), folder, {
      NETWORK: JSON.stringify(NETWORK)
    })
    assert.equal(
      printed,
      '2020-01-01: safe, top tier 4\n2020-01-02: INVALID_INPUT: nodes[0]: missing field `publicKey`'
    )
  }))

test('the example of the endpoints, run', () =>
  withFolder(async (folder) => {
    write(folder, 'endpoints.ts', endpoints)
    writeFileSync(join(folder, 'nodes.json'), JSON.stringify(NETWORK.nodes))
    const program = `
      import { NestFactory } from '@nestjs/core'
      import { AppModule } from './endpoints.js'
      const app = await NestFactory.create(AppModule, { logger: false, forceCloseConnections: true })
      await app.listen(0, '127.0.0.1')
      const answer = await fetch(await app.getUrl() + '/api/v1/network/history-critical')
      console.log(answer.status, (await answer.json()).min_size)
      await app.close()`
    assert.equal(await run(write(folder, 'program.mts', program), folder), '200 0')
  }))

test('every metric, name in the environment, option, endpoint, mode and event is in the tables', () =>
  withApplication({}, async ({ registry, url }) => {
    for (const { name } of await registry.getMetricsAsJSON())
      assert.match(guide, new RegExp(`\`${name}[\`{]`))
    assert.equal((await get(`${url}/health`)).status, 200)

    const source = (file: string) => readFileSync(join(root, 'ts/nestjs', file), 'utf8')
    const named = (file: string, pattern: RegExp) =>
      [...source(file).matchAll(pattern)].map((match) => match[1])
    const names = [
      ...named('fbas.settings.ts', /'((?:PYTHON_)?FBAS_[A-Z_]+)'/g).filter(
        (name) => name !== 'FBAS_SETTINGS'
      ),
      ...named('fbas.options.ts', /^  (\w+)\?:/gm),
      ...named('history/history.types.ts', /^  (\w+)\??:/gm),
      ...named('history/fbas.history.ts', /'(history [a-z ]+)'/g),
      ...named('queue/queue.options.ts', /^  (\w+)\?:/gm),
      ...named('queue/queue.options.ts', /'(FBAS_[A-Z_]+)'/g).filter(
        (name) => !/_(OPTIONS|SETTINGS)$/.test(name ?? '')
      ),
      ...named('queue/queue.metrics.ts', /'(fbas_queue_\w+)'/g),
      ...named('queue/queue.worker.ts', /event: '([^']+)'/g),
      ...named('queue/queue.producer.ts', /event: '([^']+)'/g),
      ...named('http/http.options.ts', /^  (\w+)\?:/gm),
      ...named('http/query.ts', /^  (\w+): \{$/gm),
      ...named('http/paths.ts', /: '([\w-]+)'/g).map((path) => `| \`POST /analyze/${path}\` `),
      ...named('fbas.service.ts', /event: '([^']+)'/g),
      ...named('rollout/fbas.rollout.ts', /event: '([^']+)'/g),
      ...named('rollout/rollout.options.ts', /^ \* {3}'(\w+)'/gm)
    ]
    assert.ok(names.length > 40, names.join(' '))
    const quiet = ['engine not loaded', 'shutting down', 'answers could not be compared']
    assert.deepEqual(
      names.filter((name) => !quiet.includes(name ?? '') && !guide.includes(name ?? '')),
      []
    )
  }))
