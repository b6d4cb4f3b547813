/**
 * Stellar's analyses for NestJS: an injectable service, a safe way to change over from another analyser, metrics and health. The HTTP
 * endpoints are in `stellar-fbas/nestjs/http`.
 *
 * @module stellar-fbas/nestjs
 */

export { type FbasError, type FbasErrorCode } from './fbas.error.js'
export { FbasHealthIndicator, type FbasHealth } from './fbas.health.js'
export { FbasMetrics } from './fbas.metrics.js'
export { FbasModule } from './fbas.module.js'
export { FBAS_MODULE_OPTIONS, type FbasModuleOptions } from './fbas.options.js'
export {
  FbasService,
  type FbasStatus,
  type Question,
  type QuestionOf,
  type QuestionOfTwo
} from './fbas.service.js'
export { FbasHistory } from './history/fbas.history.js'
export {
  type HistoryOptions,
  type HistoryProgress,
  type HistoryQuestion,
  type HistoryResult,
  type HistorySnapshot
} from './history/history.types.js'
export { type ComparisonOptions } from '../study/comparison.js'
export { type Bounds, type Figure, type FlatFigures, type NetworkRecord } from '../study/record.js'
export { FBAS_SETTINGS, type FbasSettings } from './fbas.settings.js'
export { type Discrepancy } from './rollout/discrepancies.js'
export { FbasRollout, type RolloutCallOptions, type RolloutState } from './rollout/fbas.rollout.js'
export {
  type AnalysisFigures,
  type FbasRolloutOptions,
  type OtherAnalyser,
  type RollBackLimits,
  type RolloutMode
} from './rollout/rollout.options.js'
