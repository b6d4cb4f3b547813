/** The module: what it provides, and to whom. */

import { Module } from '@nestjs/common'

import { FbasHealthIndicator } from './fbas.health.js'
import { FbasMetrics } from './fbas.metrics.js'
import { ConfigurableModuleClass } from './fbas.module-definition.js'
import { FBAS_MODULE_OPTIONS } from './fbas.options.js'
import { FbasService } from './fbas.service.js'
import { FBAS_SETTINGS, settingsOf } from './fbas.settings.js'
import { FbasHistory } from './history/fbas.history.js'
import { FbasRollout } from './rollout/fbas.rollout.js'

const PUBLIC = [FBAS_SETTINGS, FbasService, FbasHistory, FbasRollout, FbasMetrics, FbasHealthIndicator]

/**
 * Provides {@link FbasService}, {@link FbasHistory}, {@link FbasRollout}, {@link FbasMetrics} and {@link FbasHealthIndicator}.
 *
 * `FbasModule.forRoot(options)` or, where options need other providers, `FbasModule.forRootAsync({ imports, inject, useFactory })`; either
 * takes `isGlobal: true` beside them.
 */
@Module({
  providers: [
    { provide: FBAS_SETTINGS, useFactory: settingsOf, inject: [FBAS_MODULE_OPTIONS] },
    FbasService,
    FbasHistory,
    FbasRollout,
    FbasMetrics,
    FbasHealthIndicator
  ],
  exports: PUBLIC
})
export class FbasModule extends ConfigurableModuleClass {}
