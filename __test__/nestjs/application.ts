// Real Nest applications on loopback, with what they log and what they count.

import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'

import type { INestApplication, LoggerService, Type } from '@nestjs/common'
import type { DynamicModule } from '@nestjs/common'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { Registry } from 'prom-client'

import { FbasModule, type FbasModuleOptions } from 'stellar-fbas/nestjs'
import { FbasHttpModule, type FbasHttpExtras, type FbasHttpOptions } from 'stellar-fbas/nestjs/http'

/** One line of the log. */
export interface Line {
  level: string
  event?: string
  context: string
  [field: string]: unknown
}

/** An application that runs, with everything that tests look at. */
export interface Running {
  app: INestApplication
  url: string
  registry: Registry
  log: Line[]
  get<T>(type: Type<T>): T
  /** Lines of an event. */
  events(event: string): Line[]
  /** The value of a metric with just these labels; 0 where it was never counted. */
  metric(name: string, labels?: Record<string, string>): Promise<number>
}

export type Platform = 'express' | 'fastify'

/** What an application is made of. */
export interface Setup {
  platform?: Platform
  options?: FbasModuleOptions
  http?: (FbasHttpOptions & FbasHttpExtras) | false
  imports?: (Type | DynamicModule)[]
  controllers?: Type[]
  before?: (app: INestApplication) => void
}

/** Starts an application, does something with it, and closes it. */
export async function withApplication<T>(setup: Setup, work: (running: Running) => Promise<T>): Promise<T> {
  const registry = setup.options?.registry ?? new Registry()
  const options = { environment: {}, ...setup.options, registry }
  const http = setup.http ?? {}
  const imports = [
    FbasModule.forRoot({ ...options, isGlobal: true }),
    ...(http === false ? [] : [FbasHttpModule.forRoot(http)]),
    ...(setup.imports ?? [])
  ]
  @Module({ imports, controllers: setup.controllers ?? [] })
  class Application {}

  const log: Line[] = []
  const adapter =
    setup.platform === 'fastify' ? new FastifyAdapter({ forceCloseConnections: true }) : new ExpressAdapter()
  // A client that gave up leaves a fresh connection behind, which the server would wait for.
  const settings = { logger: collecting(log), abortOnError: false, forceCloseConnections: true }
  const app = await NestFactory.create(Application, adapter, settings)
  setup.before?.(app)
  await app.listen(0, '127.0.0.1')
  try {
    return await work({
      app,
      url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
      registry,
      log,
      get: (type) => app.get(type),
      events: (event) => log.filter((line) => line.event === event),
      metric: async (name, labels = {}) => {
        const values = (await registry.getSingleMetric(name)?.get())?.values ?? []
        const wanted = Object.entries(labels)
        const fits = values.find(({ labels }) =>
          wanted.every(([label, value]) => labels[label as keyof typeof labels] === value)
        )
        return fits?.value ?? 0
      }
    })
  } finally {
    await app.close()
  }
}

function collecting(log: Line[]): LoggerService {
  const at =
    (level: string) =>
    (message: unknown, ...rest: unknown[]) => {
      const fields = typeof message === 'object' && message !== null ? message : { message }
      log.push({ level, context: String(rest.at(-1)), ...fields })
    }
  return { log: at('log'), warn: at('warn'), error: at('error'), debug: at('debug'), verbose: at('verbose') }
}

/** An answer over HTTP, its body parsed. */
export interface Answer {
  status: number
  headers: Headers
  body: any
}

/** Posts JSON, or bytes as they are. */
export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {}
): Promise<Answer> {
  const bytes = body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: bytes as string
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

export async function get(url: string): Promise<Answer> {
  const response = await fetch(url)
  return { status: response.status, headers: response.headers, body: await response.json() }
}

/** Posts a body without saying how long it is. */
export async function postInChunks(url: string, chunks: string[]): Promise<Answer> {
  const request = httpRequest(url, { method: 'POST', headers: { 'content-type': 'application/json' } })
  for (const chunk of chunks) request.write(chunk)
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let text = ''
  for await (const part of response) text += part
  return { status: response.statusCode ?? 0, headers: new Headers(), body: JSON.parse(text) }
}

/** Waits until something holds; fails after as many seconds. */
export async function until(holds: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
  const deadline = Date.now() + seconds * 1_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`still not so after ${seconds} seconds: ${holds}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
