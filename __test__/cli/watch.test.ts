// A network that is watched: a real server that gives it, the built command, a real webhook and real commands. What is told is told once, whatever
// fails or ends in between, and what Prometheus is told is what is proven.

import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

import { flat, fourOrganizations, hard, quorumSet, TWO_OF_THREE, TWO_PAIRS } from '../networks.js'
import { environment, folder, MAIN, run, output } from './command.js'

const files = folder()
const { nodes, organizations } = fourOrganizations()
/** Of `p` and `q` one node each is down, so that fewer can halt the rest. */
const fewer = nodes.map((node) => ({ ...node, isValidating: !['p1', 'q1'].includes(node.publicKey) }))
const all = nodes.map((node) => ({ ...node, isValidating: true }))
const text = (nodes: object[]) => JSON.stringify({ nodes, organizations })

/** Waits until something holds, as long as a machine with much to do may take. */
async function until(holds: () => boolean | Promise<boolean>, what: () => string = () => ''): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `still not so: ${holds}\n${what()}`)
    await setTimeout(20)
  }
}

const ends: (() => unknown)[] = []
after(async () => {
  for (const end of ends.reverse()) await end()
})

async function listening(listener: RequestListener, port = 0): Promise<[url: string, server: Server]> {
  const server = createServer(listener).listen(port, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => (server.closeAllConnections(), server.close()))
  return [`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server]
}

/** An address that gives whatever it is to give. */
class Source {
  answer: { status: number; body: string | Buffer } = { status: 200, body: text(all) }
  asked = 0
  atOnce = 0
  mostAtOnce = 0
  slowness = 0
  headers: IncomingHttpHeaders = {}
  url = ''

  static async start(): Promise<Source> {
    const source = new Source()
    const [url] = await listening(async ({ headers }, response) => {
      source.asked++
      source.headers = headers
      source.mostAtOnce = Math.max(source.mostAtOnce, ++source.atOnce)
      await setTimeout(source.slowness)
      source.atOnce--
      response.writeHead(source.answer.status).end(source.answer.body)
    })
    source.url = url
    return source
  }

  gives(nodes: object[]): void {
    this.answer = { status: 200, body: text(nodes) }
  }

  /** Waits until it has been asked some more times. */
  async scans(more: number): Promise<void> {
    const now = this.asked
    await until(() => this.asked >= now + more)
  }
}

/** A webhook, which takes what it gets unless it is told not to. */
class Webhook {
  status = 204
  tries = 0
  readonly got: { headers: IncomingHttpHeaders; body: any }[] = []
  url = ''

  static async start(): Promise<Webhook> {
    const webhook = new Webhook()
    const [url] = await listening(async (request, response) => {
      let body = ''
      for await (const part of request.setEncoding('utf8')) body += part
      webhook.tries++
      if (webhook.status < 300) webhook.got.push({ headers: request.headers, body: JSON.parse(body) })
      response.writeHead(webhook.status, { location: '/elsewhere' }).end()
    })
    webhook.url = url
    return webhook
  }
}

/** `watch` as it runs. */
class Watching {
  stdout = ''
  stderr = ''
  readonly child: ChildProcess
  readonly ended: Promise<[status: number | null, signal: string | null]>

  constructor(args: string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, [MAIN, 'watch', ...args], {
      cwd: files.path,
      env: environment(env),
      stdio: ['ignore', 'pipe', 'pipe']
    })
    this.child.stdout?.setEncoding('utf8').on('data', (text) => (this.stdout += text))
    this.child.stderr?.setEncoding('utf8').on('data', (text) => (this.stderr += text))
    this.ended = once(this.child, 'close') as Promise<[number | null, string | null]>
    ends.push(() => this.end('SIGKILL'))
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal)
    return (await this.ended)[0]
  }

  /** What has happened, where it is written as NDJSON. */
  events(event: string): any[] {
    const lines = this.stdout.split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line)).filter((line) => line.event === event)
  }

  async happens(event: string, times = 1): Promise<any> {
    await until(
      () => this.events(event).length >= times,
      () => this.stdout + this.stderr
    )
    return this.events(event)[times - 1]
  }

  async url(): Promise<string> {
    await until(
      () => /at http/.test(this.stderr),
      () => this.stderr
    )
    return /at (http\S+)/.exec(this.stderr)?.[1] ?? ''
  }

  async metrics(): Promise<string> {
    return (await fetch(`${await this.url()}/metrics`)).text()
  }

  /** The value of a metric, by its name with its labels; absent: it has none. */
  async metric(name: string): Promise<number | undefined> {
    const line = (await this.metrics()).split('\n').find((line) => line.startsWith(`${name} `))
    return line === undefined ? undefined : Number(line.slice(name.length + 1).replace('+Inf', 'Infinity'))
  }

  async health(): Promise<{ code: number; status: string; failures: number; lastError: string | null }> {
    const answer = await fetch(`${await this.url()}/health`)
    return { code: answer.status, ...((await answer.json()) as any) }
  }
}

const figure = (figure: string, counting = 'organization') =>
  `fbas_network_figure{counting="${counting}",figure="${figure}"}`
// Long enough for a machine with much else to do.
const OFTEN = ['--every', '0.1s', '--timeout', '30', '--format', 'ndjson']

describe(
  'watch',
  { concurrency: 3, skip: process.platform === 'win32' && 'commands are those of a shell' },
  () => {
    test('tells how it is, and once of what became worse, to a command and a webhook', async () => {
      const source = await Source.start()
      const webhook = await Webhook.start()
      const told = join(files.path, 'told')
      const command = `cat >> ${told}; echo "$FBAS_EVENT $FBAS_ID $FBAS_VERDICT $FBAS_IN_DOUBT $FBAS_TEXT" >> ${told}-env; echo done`
      const watching = new Watching([
        `${source.url}/api`,
        ...OFTEN,
        ...['--serve', '0', '--webhook', webhook.url, '--run', command]
      ])
      const scan = await watching.happens('scan')
      assert.deepEqual([scan.verdict, scan['organization.blockingSetsFilteredMinSize']], ['safe', 2])
      assert.equal(await watching.metric(figure('blockingSetsFilteredMinSize', 'node')), 4)
      assert.equal(await watching.metric('fbas_network_verdict{verdict="safe"}'), 1)
      assert.equal(await watching.metric('fbas_network_verdict{verdict="unsafe"}'), 0)
      assert.equal(await watching.metric('fbas_network_fact{fact="hasHalted"}'), 0)
      assert.equal((await watching.health()).code, 200)

      source.gives(fewer)
      const worse = await watching.happens('worse')
      assert.deepEqual(
        worse.changes.map(({ what, counting, old, new: now }: any) => [counting, what, old, now]),
        [
          ['node', 'blockingSetsFilteredMinSize', '4', '2'],
          ['isp', 'blockingSetsFilteredMinSize', '3', '2']
        ]
      )
      await until(() => webhook.got.length === 1 && existsSync(`${told}-env`))
      const [{ headers, body }] = webhook.got as [Webhook['got'][0]]
      assert.deepEqual([headers['content-type'], headers['idempotency-key']], ['application/json', worse.id])
      assert.match(headers['user-agent'] ?? '', /^stellar-fbas\/\d/)
      assert.deepEqual(body, worse)
      assert.equal(
        body.text,
        `${source.url}/api became worse: smallest blocking set, filtered, counting nodes: 4 → 2; smallest blocking set, filtered, counting providers: 3 → 2`
      )
      // Not again while it stays so.
      await source.scans(4)
      assert.deepEqual(JSON.parse(readFileSync(told, 'utf8')), worse)
      assert.equal(readFileSync(`${told}-env`, 'utf8'), `worse ${worse.id} safe false ${worse.text}\n`)
      assert.equal(watching.events('worse').length, 1)
      await until(async () => (await watching.metric('fbas_watch_announcements_pending{to="command"}')) === 0)
      assert.equal(
        await watching.metric('fbas_watch_announcements_total{to="webhook",outcome="delivered"}'),
        1
      )
      assert.equal(await watching.metric(figure('blockingSetsFilteredMinSize', 'node')), 2)
      assert.equal(await watching.metric('fbas_network_nodes_down'), 2)

      source.gives(all)
      const better = await watching.happens('better')
      assert.equal(better.changes[0].new, '4')
      source.gives(fewer)
      const again = await watching.happens('worse', 2)
      assert.notEqual(again.id, worse.id)
      await until(() => webhook.got.length === 2)
      assert.equal(await watching.metric('fbas_watch_changes_total{direction="worse"}'), 4)
      assert.equal(await watching.metric('fbas_watch_changes_total{direction="better"}'), 2)
      // What the command prints is not what is told.
      assert.match(watching.stderr, /^done$/m)
      assert.equal(await watching.end(), 143)
      assert.equal(webhook.got.length, 2)
    })

    test('an address that fails: what was known stays and grows old, and health says so', async () => {
      const source = await Source.start()
      const watching = new Watching([source.url, ...OFTEN, '--serve', '127.0.0.1:0', '--timeout', '5'])
      await watching.happens('scan')
      source.answer = { status: 503, body: '' }
      const failed = await watching.happens('failed')
      assert.deepEqual(
        [failed.reason, failed.error],
        ['unreachable', `${source.url}/: 503 Service Unavailable`]
      )
      await until(async () => (await watching.health()).status === 'down')
      const health = await watching.health()
      assert.deepEqual([health.code, health.lastError], [503, failed.error])
      assert.ok(health.failures > 0)
      assert.equal(await watching.metric(figure('topTierSize')), 4)
      assert.equal(await watching.metric('fbas_watch_up'), 0)
      const age = (await watching.metric('fbas_watch_age_seconds')) ?? 0
      assert.ok(((await watching.metric('fbas_watch_age_seconds')) ?? 0) >= age && age > 0)
      assert.ok(((await watching.metric('fbas_watch_scans_total{outcome="unreachable"}')) ?? 0) > 0)

      // Nor is what cannot be read the end; and what is packed is read.
      source.answer = { status: 200, body: '[{"publicKey": "A", "quorumSet"' }
      await until(() => watching.events('failed').some(({ reason }) => reason === 'unreadable'))
      source.answer = { status: 200, body: gzipSync(text(fewer)) }
      await until(async () => (await watching.metric('fbas_watch_up')) === 1)
      // What became worse in the meantime is told.
      await watching.happens('worse')
      assert.equal(await watching.metric('fbas_watch_failures'), 0)
      assert.equal(await watching.end('SIGINT'), 130)
    })

    test('before anything was read there are no figures', async () => {
      const watching = new Watching(['nosuch.json', ...OFTEN, '--serve', 'localhost:0'])
      assert.equal((await watching.happens('failed')).error, 'nosuch.json: no such file')
      assert.deepEqual((await watching.health()).status, 'down')
      assert.doesNotMatch(await watching.metrics(), /^(?:fbas_network|fbas_watch_age|fbas_watch_last)\w* \d/m)
      const url = await watching.url()
      assert.equal((await fetch(`${url}/`)).status, 404)
      assert.equal((await fetch(`${url}/metrics`, { method: 'POST' })).status, 405)
      assert.equal((await fetch(`${url}/metrics`, { method: 'HEAD' })).status, 200)
      const other = await run(['watch', 'nosuch.json', '--serve', new URL(url).host])
      assert.deepEqual([other.status, other.stdout], [2, ''])
      assert.match(other.stderr, /somebody serves there already/)
      writeFileSync(join(files.path, 'nosuch.json'), JSON.stringify(TWO_OF_THREE))
      await watching.happens('scan')
    })

    test('what is not proven is no figure, but has bounds', async () => {
      const source = await Source.start()
      source.gives(hard(40))
      const watching = new Watching([source.url, ...OFTEN, '--serve', '0', '--timeout', '0.5'])
      const scan = await watching.happens('scan')
      assert.equal(scan.isExact, false)
      const metrics = await watching.metrics()
      const [open] = Object.entries<[number, number | null]>(scan.bounds).filter(([name]) =>
        name.startsWith('node.')
      )
      assert.ok(open !== undefined)
      const [name] = open
      const labels = `{counting="node",figure="${name.slice('node.'.length)}"}`
      assert.ok(!metrics.includes(`fbas_network_figure${labels}`), metrics)
      assert.ok(metrics.includes(`fbas_network_figure_at_least${labels}`), metrics)
      assert.match(metrics, /^fbas_network_exact 0$/m)
      // Nobody has an organization.
      assert.doesNotMatch(metrics, /counting="organization"/)
    })

    test('what was not known in between is compared with what was known before', async () => {
      const state = join(files.path, 'gaps.json')
      const look = async (network: unknown, ...more: string[]) => {
        files.write('gaps', network)
        const { status, stdout, stderr } = await run(
          ['watch', 'gaps', '--once', '--state', state, '--format', 'ndjson', ...more],
          { cwd: files.path }
        )
        const worse = stdout.split('\n').filter((line) => line.includes('"event":"worse"'))
        return { status, stderr, worse: worse.map((line) => JSON.parse(line)) }
      }
      const unknown = TWO_OF_THREE.map((node) => ({ ...node, quorumSet: null }))
      assert.deepEqual(await look(TWO_OF_THREE), { status: 0, stderr: '', worse: [] })
      assert.deepEqual(await look(unknown), { status: 0, stderr: '', worse: [] })
      // There was no time to find out anything.
      assert.deepEqual(await look(flat(['A', 'B', 'C', 'D'], 3), '--timeout', '0.000001'), {
        ...{ status: 3, stderr: '', worse: [] }
      })
      const { worse } = await look(TWO_PAIRS)
      const changes: any[] = worse[0]?.changes
      assert.deepEqual(
        changes.filter(({ kind }) => kind === 'verdict').map(({ what, old, new: now }) => [what, old, now]),
        [
          ['verdict', 'safe', 'unsafe'],
          ['hasQuorumIntersection', 'true', 'false']
        ]
      )
      assert.deepEqual((await look(TWO_PAIRS)).worse, [])
      assert.deepEqual((await look(TWO_OF_THREE)).worse, [])
      assert.equal((await look(TWO_PAIRS)).worse.length, 1)
    })

    test('a halt is told, also where nobody was said to be up or down before', async () => {
      const explorer = ['A', 'B', 'C'].map((publicKey) => ({ ...TWO_OF_THREE[0], publicKey }))
      const core = (status: string) => ({
        nodes: ['A', 'B', 'C'].map((node) => ({
          ...{ node, status: node === 'A' ? 'tracking' : status },
          qset: { t: 2, v: ['A', 'B', 'C'] }
        }))
      })
      const down = explorer.map((node) => ({ ...node, isValidating: node.publicKey === 'A' }))
      for (const [name, first, second] of [
        ['explorer', explorer, down],
        ['core', core('tracking'), core('missing')]
      ] as const) {
        const look = async (network: unknown) => {
          files.write(`silent-${name}`, network)
          const args = ['watch', `silent-${name}`, '--once', '--state', `silent-${name}.state`]
          return output(args, { cwd: files.path })
        }
        assert.doesNotMatch(await look(first), /worse/)
        assert.match(
          await look(second),
          / unsafe: It has halted: .*\n.* worse: .*verdict: safe → unsafe/s,
          name
        )
        assert.match(await look(first), / better: /, name)
      }
    })

    test('without a quorum there are no sets to be small or large', async () => {
      files.write('no-quorum.json', [{ publicKey: 'A', quorumSet: quorumSet(2, ['A']) }])
      const text = await output(['watch', 'no-quorum.json', '--once'], { cwd: files.path })
      assert.match(
        text,
        / Counting nodes: top tier 0; blocking 0; splitting no quorum; history-critical no quorum\./
      )
    })

    test('who could not be told is told later, also by the next process, and once', async () => {
      const source = await Source.start()
      const webhook = await Webhook.start()
      webhook.status = 500
      const args = [source.url, ...OFTEN, '--state', 'restarted.json', '--webhook', webhook.url]
      const first = new Watching(args)
      await first.happens('scan')
      source.gives(fewer)
      const worse = await first.happens('worse')
      await until(() => /the webhook at http:\S+ was not told: 500/.test(first.stderr))
      const second = new Watching(args)
      assert.equal((await second.ended)[0], 2)
      assert.match(second.stderr, /restarted\.json: process \d+ has been writing to it/)
      await first.end('SIGKILL')

      // While nobody looks it becomes worse still.
      source.gives(fewer.map((node) => (node.publicKey === 'p2' ? { ...node, isValidating: false } : node)))
      webhook.status = 302
      const third = new Watching(args)
      await until(() => /was not told: 302/.test(third.stderr))
      webhook.status = 200
      await until(() => webhook.got.length === 2)
      assert.deepEqual(webhook.got[0]?.body, worse)
      const { what, old, new: now } = webhook.got[1]?.body.changes[0]
      assert.deepEqual([what, old, now], ['blockingSetsFilteredMinSize', '2', '1'])
      await source.scans(3)
      assert.equal(await third.end(), 143)
      const fourth = new Watching(args)
      await fourth.happens('scan', 3)
      assert.equal(await fourth.end(), 143)
      assert.equal(webhook.got.length, 2)

      const other = await run(['watch', 'elsewhere.json', '--once', '--state', 'restarted.json'], {
        cwd: files.path
      })
      assert.equal(other.status, 2)
      assert.match(other.stderr, /is about http:.*, and not about elsewhere\.json/)
      assert.ok(!existsSync(join(files.path, 'restarted.json.lock')))
    })

    test('--once tells before it ends, and says where it could not', async () => {
      const command = `test -e allowed && cat > by-once`
      const args = ['watch', 'once.json', '--once', '--state', 'once.state', '--run', command]
      const at = { cwd: files.path }
      files.write('once.json', { nodes: all, organizations })
      assert.equal((await run(args, at)).status, 0)
      files.write('once.json', { nodes: fewer, organizations })
      const failed = await run(args, at)
      assert.equal(failed.status, 74)
      assert.match(failed.stdout, /worse: smallest blocking set, filtered, counting nodes: 4 → 2; .*\n$/)
      assert.match(failed.stderr, /^the command was not told: it ended with status 1\n$/)
      files.write('allowed', '')
      assert.equal((await run(args, at)).status, 0)
      assert.equal(JSON.parse(readFileSync(join(files.path, 'by-once'), 'utf8')).event, 'worse')
      assert.equal((await run(args, at)).status, 0)
    })

    test('nothing secret is told, and nothing of a network is run', async () => {
      const source = await Source.start()
      const webhook = await Webhook.start()
      const secret = (url: string) =>
        `${url.replace('//', '//name:passw0rd@')}/$(touch pwned)/hook?token=t0ken`
      webhook.status = 500
      const env = {
        FBAS_WEBHOOK_URL: secret(webhook.url),
        FBAS_WEBHOOK_AUTHORIZATION: 'Bearer b3arer'
      }
      const told = join(files.path, 'environment')
      const watching = new Watching(
        [
          secret(source.url),
          ...OFTEN,
          '--serve',
          '0',
          '--state',
          'secret.json',
          '--run',
          `env > ${told}; cat > /dev/null`
        ],
        env
      )
      await watching.happens('scan')
      source.gives(fewer)
      await watching.happens('worse')
      await until(() => /was not told: 500/.test(watching.stderr))
      webhook.status = 200
      await until(() => webhook.got.length === 1 && existsSync(told))
      source.answer = { status: 401, body: '' }
      await watching.happens('failed')
      assert.equal(source.headers.authorization, `Basic ${Buffer.from('name:passw0rd').toString('base64')}`)
      assert.equal(webhook.got[0]?.headers.authorization, 'Bearer b3arer')
      const metrics = (await watching.metrics()) + JSON.stringify(await watching.health())
      await watching.end()
      const written = ['secret.json', 'environment'].map((name) =>
        readFileSync(join(files.path, name), 'utf8')
      )
      const everything = [watching.stdout, watching.stderr, metrics, ...written].join('\n')
      assert.doesNotMatch(everything, /passw0rd|t0ken|b3arer/)
      // The path of a webhook is often a secret.
      assert.doesNotMatch(watching.stderr, /hook\b(?!at)\/|\/hook/)
      assert.ok(!existsSync(join(files.path, 'pwned')))
      const wrong = await run(['watch', 'nosuch.json'], {
        env: { ...env, FBAS_WEBHOOK_AUTHORIZATION: 'b3arer\n' }
      })
      assert.equal(wrong.status, 2)
      assert.match(
        wrong.stderr,
        /^stellar-fbas: FBAS_WEBHOOK_AUTHORIZATION: no header can have this value\n$/
      )
    })

    test('it ends at once, and so does what it has started', async () => {
      const source = await Source.start()
      const watching = new Watching([
        source.url,
        ...OFTEN,
        ...['--run', `sleep 1000 & echo "started $! $$" >&2; wait`]
      ])
      await watching.happens('scan')
      source.gives(fewer)
      await until(() => /^started \d+ \d+$/m.test(watching.stderr))
      const started = /^started (\d+) (\d+)$/m.exec(watching.stderr)?.slice(1).map(Number) ?? []
      // A scan goes on beside it.
      await source.scans(2)
      assert.equal(await watching.end(), 143)
      assert.match(watching.stderr, /terminated\n$/)
      const isGone = (pid: number) => {
        try {
          return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
        } catch {
          return true
        }
      }
      if (process.platform === 'linux') await until(() => started.every(isGone))
    })

    test('scans do not overlap', async () => {
      const source = await Source.start()
      source.slowness = 300
      const watching = new Watching([source.url, '--every', '0.05s', '--format', 'ndjson'])
      await watching.happens('scan', 4)
      assert.equal(source.mostAtOnce, 1)
    })

    test('who stops reading is told nothing more, and nobody else is there', async () => {
      const source = await Source.start()
      const watching = new Watching([source.url, '--every', '0.1s'])
      await until(() => watching.stdout.includes('\n'))
      watching.child.stdout?.destroy()
      assert.deepEqual(await watching.ended, [0, null])
      assert.equal(watching.stderr, '')
    })
  }
)
