// What the application is made of.

import { Module } from '@nestjs/common'
import { TerminusModule } from '@nestjs/terminus'
import { FbasModule } from 'stellar-fbas/nestjs'
import { FbasHttpModule } from 'stellar-fbas/nestjs/http'

import { MetricsController } from './metrics.controller.js'
import { NetworkModule, NetworkService } from './network.service.js'
import { ReadyController } from './ready.controller.js'
import { ScanController } from './scan.controller.js'
import { analyseWithWasm } from './wasm-analyser.js'

@Module({
  imports: [
    // Roll-out, time limit and retries come from the environment: FBAS_ENABLED, FBAS_ROLLOUT_PERCENTAGE, ...
    FbasModule.forRoot({ isGlobal: true, rollout: { other: analyseWithWasm } }),
    FbasHttpModule.forRootAsync({
      imports: [NetworkModule],
      inject: [NetworkService],
      useFactory: (network: NetworkService) => ({ networkSource: () => network.current() })
    }),
    NetworkModule,
    TerminusModule
  ],
  controllers: [ScanController, MetricsController, ReadyController]
})
export class AppModule {}
