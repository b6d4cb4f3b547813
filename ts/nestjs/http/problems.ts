/** Describes what can go wrong at an endpoint. */

import { applyDecorators } from '@nestjs/common'
import { ApiResponse } from '@nestjs/swagger'

import { FbasProblemAnswer } from './responses.js'

const PROBLEMS: Record<number, string> = {
  400: 'The body or the query is not what was expected; `detail` names the place',
  404: 'The application has no network',
  413: 'The body is too large',
  415: 'The body is not JSON, or packed in an unknown way',
  500: 'A defect',
  503: 'Too many analyses, no engine, or shutting down; `Retry-After` says when to come back',
  504: 'The time ran out'
}

/** Describes answers of these statuses. */
export function ApiProblems(...statuses: number[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({ status, type: FbasProblemAnswer, description: PROBLEMS[status] ?? '' })
    )
  )
}
