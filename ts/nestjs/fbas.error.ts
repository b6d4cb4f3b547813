/** Why an analysis gave no answer: the engine's own reasons, and those of a server. */

import type { FbasError as EngineError, FbasErrorCode as EngineErrorCode } from '../../index.js'

/**
 * Beside the engine's codes:
 *   'OVERLOADED'   too many analyses are running and waiting already
 *   'UNAVAILABLE'  the addon could not be loaded, or the application is shutting down
 */
export type FbasErrorCode = EngineErrorCode | 'OVERLOADED' | 'UNAVAILABLE'

/** What an analysis ends with if not with an answer. */
export interface FbasError extends Omit<EngineError, 'code'> {
  code: FbasErrorCode
  /** With 'OVERLOADED': in how many milliseconds a place is likely to be free. */
  retryAfterMs?: number
}

/** Makes an error with a code. */
export function fbasError(code: FbasErrorCode, message: string, more: Partial<FbasError> = {}): FbasError {
  return Object.assign(new Error(message), { code, ...more })
}

const CODES: readonly string[] = [
  'INVALID_INPUT',
  'TIMEOUT',
  'ABORT_ERR',
  'INTERNAL',
  'OVERLOADED',
  'UNAVAILABLE'
] satisfies FbasErrorCode[]

/** Anything thrown as an error with a code; what has none of ours is a defect. */
export function asFbasError(thrown: unknown): FbasError {
  const { code } = (thrown ?? {}) as { code?: unknown }
  if (thrown instanceof Error && CODES.includes(String(code))) return thrown as FbasError
  return Object.assign(fbasError('INTERNAL', messageOf(thrown)), { cause: thrown })
}

/** What anything thrown says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** The engine's own error, for a call that did not get as far. */
export function aborted(cause: unknown): FbasError {
  return Object.assign(fbasError('ABORT_ERR', 'the analysis was cancelled', { name: 'AbortError' }), {
    cause
  })
}
