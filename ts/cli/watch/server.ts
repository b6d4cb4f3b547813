/** Serves `/metrics` and `/health` to who asks, on this machine alone unless somebody says otherwise. */

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Registry } from 'prom-client'

import { Failure } from '../failure.js'
import type { Condition } from './condition.js'

export interface Place {
  host: string
  port: number
}

/** Serves, and says where. */
export async function serve(
  { host, port }: Place,
  registry: Registry,
  condition: Condition
): Promise<string> {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, text: string) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
      response.end(request.method === 'HEAD' ? undefined : text)
    }
    const plain = 'text/plain; charset=utf-8'
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, plain, 'only GET\n')
    switch (request.url?.replace(/\?.*/s, '')) {
      case '/metrics':
        registry.metrics().then(
          (text) => answer(200, registry.contentType, text),
          (error: unknown) => answer(500, plain, `${(error as Error).message}\n`)
        )
        return
      case '/health':
        return answer(
          condition.status === 'down' ? 503 : 200,
          'application/json',
          `${JSON.stringify(condition.health)}\n`
        )
      default:
        return answer(404, plain, '/metrics and /health are here\n')
    }
  })
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'EADDRINUSE' ? 'somebody serves there already' : message
    throw new Failure(`--serve ${host}:${port}: ${reason}`)
  }
  const { address, family, port: served } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${served}`
}
