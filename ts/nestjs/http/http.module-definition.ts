/** `forRoot` and `forRootAsync`, as Nest builds them. */

import { ConfigurableModuleBuilder, type Type } from '@nestjs/common'

import { FbasAnalysisController } from './analysis.controller.js'
import { FbasChangeController } from './change.controller.js'
import { FbasHealthController } from './health.controller.js'
import { FBAS_HTTP_OPTIONS, type FbasHttpOptions } from './http.options.js'
import { FbasNetworkController } from './network.controller.js'

/** What is said beside the options, as it cannot wait for them. */
export interface FbasHttpExtras {
  /** The controllers to serve. Default: all four. */
  controllers?: Type[]
}

const EXTRAS: FbasHttpExtras = {
  controllers: [FbasAnalysisController, FbasChangeController, FbasNetworkController, FbasHealthController]
}

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<FbasHttpOptions>({
  optionsInjectionToken: FBAS_HTTP_OPTIONS
})
  .setClassMethodName('forRoot')
  .setExtras(EXTRAS, (definition, { controllers = [] }) => ({ ...definition, controllers }))
  .build()
