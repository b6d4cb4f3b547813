/** Errors of the endpoints as the Python service words them: `{ "detail": "..." }`, with a status that says whose turn it is. */

import {
  Catch,
  HttpException,
  HttpStatus,
  Inject,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter
} from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'

import type { FbasError, FbasErrorCode } from '../fbas.error.js'

const STATUS: Record<FbasErrorCode, HttpStatus> = {
  INVALID_INPUT: HttpStatus.BAD_REQUEST,
  TIMEOUT: HttpStatus.GATEWAY_TIMEOUT,
  OVERLOADED: HttpStatus.SERVICE_UNAVAILABLE,
  UNAVAILABLE: HttpStatus.SERVICE_UNAVAILABLE,
  // The client went away and sees no status, or the application shuts down.
  ABORT_ERR: HttpStatus.SERVICE_UNAVAILABLE,
  INTERNAL: HttpStatus.INTERNAL_SERVER_ERROR
}

/** An analysis that gave no answer, as an exception of HTTP. */
export class AnalysisFailed extends HttpException {
  /** For the header `Retry-After`. */
  readonly retryAfterSeconds: number | undefined

  constructor({ code, message, retryAfterMs }: FbasError) {
    super(message, STATUS[code])
    const unavailable = STATUS[code] === HttpStatus.SERVICE_UNAVAILABLE
    this.retryAfterSeconds = unavailable ? Math.max(1, Math.ceil((retryAfterMs ?? 1000) / 1000)) : undefined
  }
}

/** Answers with `{ detail }`. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  private readonly logger = new Logger(ErrorsFilter.name)

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  catch(exception: unknown, context: ArgumentsHost): void {
    const { httpAdapter } = this.host
    const response: unknown = context.switchToHttp().getResponse()
    const known = exception instanceof HttpException
    if (!known) this.logger.error(exception)
    if (exception instanceof AnalysisFailed && exception.retryAfterSeconds !== undefined) {
      httpAdapter.setHeader(response, 'Retry-After', String(exception.retryAfterSeconds))
    }
    const detail = known ? exception.message : 'internal error'
    const status = known ? exception.getStatus() : HttpStatus.INTERNAL_SERVER_ERROR
    httpAdapter.reply(response, { detail }, status)
  }
}
