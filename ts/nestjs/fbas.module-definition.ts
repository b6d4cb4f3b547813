/** `forRoot` and `forRootAsync`, as Nest builds them. */

import { ConfigurableModuleBuilder } from '@nestjs/common'

import { FBAS_MODULE_OPTIONS, type FbasModuleOptions } from './fbas.options.js'

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<FbasModuleOptions>({
  optionsInjectionToken: FBAS_MODULE_OPTIONS
})
  .setClassMethodName('forRoot')
  .setExtras({ isGlobal: false }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
  .build()
