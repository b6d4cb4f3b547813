/** Gives a controller a signal that fires when the client of its request disconnects before it has its answer. */

import type { ServerResponse } from 'node:http'

import { createParamDecorator, type ExecutionContext } from '@nestjs/common'

/** A signal that fires when the client goes away before it has its answer. */
export const ClientSignal = createParamDecorator((_: undefined, context: ExecutionContext): AbortSignal => {
  const response: ServerResponse & { raw?: ServerResponse } = context.switchToHttp().getResponse()
  const outgoing = response.raw ?? response
  const gone = new AbortController()
  const closed = () => {
    if (!outgoing.writableFinished) gone.abort(new Error('the client went away'))
  }
  if (outgoing.destroyed) closed()
  else outgoing.once('close', closed)
  return gone.signal
})
