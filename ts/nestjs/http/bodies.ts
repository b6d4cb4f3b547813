/**
 * Bodies of the analysis endpoints as bytes: they go to the worker thread as they came, and the event loop does not parse them. Nest's own
 * parser, with its limit for the whole application, does not see them.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

import { createParamDecorator, HttpException, HttpStatus, type ExecutionContext } from '@nestjs/common'
import type { HttpAdapterHost } from '@nestjs/core'

import { ANALYSIS_PATHS, PATHS_OF_TWO } from './paths.js'
import { Outline, type TwoNetworks } from './two-networks.js'

/** Where a request keeps its body, or why it has none. */
const BODY = Symbol('body of an analysis')

type Body = Buffer | TwoNetworks | HttpException

type Incoming = IncomingMessage & { [BODY]?: Body }

const ROUTE = routeOf({ ...ANALYSIS_PATHS, ...PATHS_OF_TWO })
const ROUTE_OF_TWO = routeOf(PATHS_OF_TWO)

const DECODERS: Record<string, () => Transform> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress
}

/** Makes the application read these bodies up to `limit` bytes, unpacked. To be called before it registers its parsers. */
export function readBodies({ httpAdapter }: HttpAdapterHost, limit: number): void {
  if (httpAdapter.getType() === 'fastify') readInFastify(httpAdapter.getInstance(), limit)
  else httpAdapter.use(inExpress(limit))
}

/** The body of a request as it came. */
export const NetworkBody = createParamDecorator((_: undefined, context: ExecutionContext): Buffer => {
  const body = bodyOf(context)
  if (body instanceof Buffer) return body
  throw readByOthers()
})

/** Both networks of a body, as they came. */
export const TwoNetworksBody = createParamDecorator(
  (_: undefined, context: ExecutionContext): TwoNetworks => {
    const body = bodyOf(context)
    if (body !== undefined && 'before' in body) return body
    throw readByOthers()
  }
)

function bodyOf(context: ExecutionContext): Buffer | TwoNetworks | undefined {
  const request: Incoming & { raw?: Incoming } = context.switchToHttp().getRequest()
  const body = (request.raw ?? request)[BODY]
  if (body instanceof HttpException) throw body
  return body
}

function readByOthers(): HttpException {
  return new HttpException('the body was read by somebody else', HttpStatus.INTERNAL_SERVER_ERROR)
}

function routeOf(paths: Record<string, string>): RegExp {
  return new RegExp(`/analyze/(${Object.values(paths).join('|')})/?$`)
}

function inExpress(limit: number) {
  return async (
    request: Incoming & { body?: unknown; _body?: true },
    _: ServerResponse,
    next: () => void
  ) => {
    const path = request.url?.split('?', 1)[0] ?? ''
    if (request.method === 'POST' && ROUTE.test(path)) {
      request[BODY] = await read(request, limit, path)
      // What the parsers of Express 4 go by to leave a body alone; those of Express 5 see that it was read.
      request._body = true
    }
    next()
  }
}

interface FastifyRoute {
  method: string | string[]
  url: string
  bodyLimit?: number
  preParsing?: (request: { raw: Incoming }) => Promise<void>
}

function readInFastify(
  instance: { addHook(name: 'onRoute', hook: (route: FastifyRoute) => void): void },
  limit: number
): void {
  instance.addHook('onRoute', (route) => {
    if (!route.method.includes('POST') || !ROUTE.test(route.url)) return
    route.preParsing = async ({ raw }) => {
      raw[BODY] = await read(raw, limit, route.url)
      // Fastify looks at these next, and finds that there is nothing left to parse.
      for (const name of ['content-type', 'content-length', 'transfer-encoding']) delete raw.headers[name]
    }
  })
}

/** The body of a path, or the answer to a request without a fitting one. */
async function read(request: IncomingMessage, limit: number, path: string): Promise<Body> {
  if (!ROUTE_OF_TWO.test(path)) return readWhole(request, limit)
  const outline = new Outline()
  const body = await readWhole(request, limit, (chunk) => outline.push(chunk))
  return body instanceof Buffer ? outline.networks(body) : body
}

/** All bytes, unpacked; `seen` is told each chunk as it comes. */
async function readWhole(
  request: IncomingMessage,
  limit: number,
  seen: (chunk: Buffer) => void = () => {}
): Promise<Buffer | HttpException> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (!/^application\/([\w.-]+\+)?json$/.test(type)) {
    return new HttpException(
      `Content-Type: expected application/json, found ${type === '' ? 'none' : type}`,
      HttpStatus.UNSUPPORTED_MEDIA_TYPE
    )
  }
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  const decoder = encoding === 'identity' ? undefined : DECODERS[encoding]
  if (encoding !== 'identity' && decoder === undefined) {
    return new HttpException(
      `Content-Encoding: expected one of ${Object.keys(DECODERS).join(', ')}, found ${encoding}`,
      HttpStatus.UNSUPPORTED_MEDIA_TYPE
    )
  }
  const tooLarge = new HttpException(`the body is larger than ${limit} bytes`, HttpStatus.PAYLOAD_TOO_LARGE)
  if (Number(request.headers['content-length'] ?? 0) > limit) return tooLarge

  const source: Readable = decoder === undefined ? request : request.pipe(decoder())
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const end = (body: Buffer | HttpException) => {
      source.removeAllListeners('data')
      // What is still to come is thrown away as it comes; the connection can go on being used.
      if (source !== request) {
        request.unpipe()
        source.destroy()
      }
      request.resume()
      resolve(body)
    }
    source.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) return end(tooLarge)
      seen(chunk)
      chunks.push(chunk)
    })
    source.on('end', () => end(Buffer.concat(chunks)))
    const broken = () => end(new HttpException('the body could not be read', HttpStatus.BAD_REQUEST))
    source.on('error', broken)
    if (source !== request) request.on('error', broken)
    request.on('aborted', broken)
  })
}
