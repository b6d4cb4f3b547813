/** The endpoints as a module. It serves what a global `FbasModule` provides. */

import { Inject, Module } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'

import { readBodies } from './bodies.js'
import { ConfigurableModuleClass } from './http.module-definition.js'
import { FBAS_HTTP_OPTIONS, type FbasHttpOptions } from './http.options.js'

const MOST_BYTES = 32 * 1024 * 1024

/**
 * `FbasHttpModule.forRoot(options)` or `forRootAsync({ imports, inject, useFactory })`. Serves `FbasAnalysisController`,
 * `FbasChangeController`, `FbasNetworkController` and `FbasHealthController`, or those of them that `controllers` beside the options names.
 *
 * Needs `FbasModule.forRoot({ isGlobal: true, ... })` in the same application.
 */
@Module({})
export class FbasHttpModule extends ConfigurableModuleClass {
  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(FBAS_HTTP_OPTIONS) options: FbasHttpOptions
  ) {
    super()
    readBodies(host, options.bodyLimit ?? MOST_BYTES)
  }
}
