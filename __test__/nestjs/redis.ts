// A real Redis on a loopback port of its own, which can be killed and started again with what it kept, and processes that work on its queue.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { root } from '../examples.js'
import { until } from './application.js'

/** Why tests of the queue are skipped; false where they are not. */
export const withoutRedis =
  spawnSync('redis-server', ['--version']).status === 0 ? false : 'there is no redis-server on this machine'

export class Redis {
  readonly folder = mkdtempSync(join(tmpdir(), 'stellar-fbas-redis-'))
  private program: ChildProcess | undefined

  private constructor(
    readonly port: number,
    private readonly settings: string[]
  ) {}

  /** On a port that nobody has; another one, should somebody have taken it before Redis did. */
  static async start(...settings: string[]): Promise<Redis> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const redis = new Redis(port, settings)
    try {
      await redis.again()
      return redis
    } catch (error) {
      await redis.end()
      if (!String(error).includes('Address already in use')) throw error
      return Redis.start(...settings)
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** Starts it with what is in its folder. */
  async again(): Promise<void> {
    const args = [
      '--port',
      `${this.port}`,
      '--bind',
      '127.0.0.1',
      '--dir',
      this.folder,
      '--save',
      '',
      ...this.settings
    ]
    const program = spawn('redis-server', args)
    let printed = ''
    program.stdout.on('data', (text) => (printed += text))
    this.program = program
    await until(() => printed.includes('Ready to accept connections') || program.exitCode !== null)
    if (program.exitCode !== null) throw new Error(printed)
  }

  async kill(): Promise<void> {
    const { program } = this
    if (program === undefined || program.exitCode !== null || program.signalCode !== null) return
    program.kill('SIGKILL')
    await once(program, 'exit')
  }

  async end(): Promise<void> {
    await this.kill()
    rmSync(this.folder, { recursive: true })
  }
}

/** A process that works on the queue. */
export class WorkingProcess {
  printed = ''
  readonly program: ChildProcess

  constructor(options: object, store?: string, environment: NodeJS.ProcessEnv = {}) {
    const { NODE_TEST_CONTEXT, ...inherited } = process.env
    this.program = spawn(
      process.execPath,
      [join(root, '__test__/nestjs/queue-worker.cjs'), JSON.stringify({ options, store })],
      { cwd: root, env: { ...inherited, ...environment } }
    )
    this.program.stdout?.on('data', (text) => (this.printed += text))
    this.program.stderr?.on('data', (text) => (this.printed += text))
  }

  async ready(): Promise<this> {
    const deadline = Date.now() + 30_000
    while (!/ready/.test(this.printed)) {
      if (Date.now() > deadline || this.program.exitCode !== null) throw new Error(this.printed)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return this
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { program } = this
    if (program.exitCode !== null || program.signalCode !== null) return
    program.kill(signal)
    await once(program, 'exit')
  }
}
