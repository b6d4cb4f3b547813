/**
 * Stellar's analyses as HTTP endpoints of a Nest application, in the shapes of the Python service that explorers ran before.
 *
 * @module stellar-fbas/nestjs/http
 */

export { FbasAnalysisController } from './analysis.controller.js'
export { FbasChangeController } from './change.controller.js'
export {
  type FbasChangeAnswer,
  FbasChecksAnswer,
  FbasComparedAnswer,
  FbasComparisonAnswer,
  FbasCountedAnswer,
  FbasDoubtAnswer,
  FbasFigureChangeAnswer,
  FbasFindingChangeAnswer,
  FbasInnerSetChangeAnswer,
  FbasMemberChangeAnswer,
  FbasNotComparedAnswer,
  FbasQuorumSetChangeAnswer,
  FbasQuorumSetDifferenceAnswer,
  FbasThresholdAnswer,
  FbasThresholdChangeAnswer
} from './comparison.responses.js'
export { FbasHealthController } from './health.controller.js'
export { FbasHttpModule } from './http.module.js'
export { type FbasHttpExtras } from './http.module-definition.js'
export { FBAS_HTTP_OPTIONS, type CurrentNetwork, type FbasHttpOptions } from './http.options.js'
export { FbasNetworkController } from './network.controller.js'
export { FbasPlanAnswer, FbasRoundAnswer, FbasStageAnswer, FbasUnsafeStateAnswer } from './plan.responses.js'
export {
  FbasBlockingSetsAnswer,
  FbasCriticalGroupAnswer,
  FbasCriticalGroupsAnswer,
  FbasFullAnswer,
  FbasHealthAnswer,
  FbasHistoryCriticalAnswer,
  FbasIntactNodesAnswer,
  FbasNodeAnswer,
  FbasNodesAnswer,
  FbasProblemAnswer,
  FbasQuorumsAnswer,
  FbasQuorumSetAnswer,
  FbasSmallestSetAnswer,
  FbasSplittingOffAnswer,
  FbasSplittingSetsAnswer,
  FbasTopTierAnswer
} from './responses.js'
export { FbasSuggestionAnswer } from './suggestion.responses.js'
export { type TwoNetworks } from './two-networks.js'
