// What the application is made of.

import { Module } from '@nestjs/common'
import { TerminusModule } from '@nestjs/terminus'
import { FbasModule } from 'stellar-fbas/nestjs'
import { FbasHttpModule } from 'stellar-fbas/nestjs/http'
import { FbasQueueModule } from 'stellar-fbas/nestjs/queue'

import { MetricsController } from './metrics.controller.js'
import { NetworkModule, NetworkService } from './network.service.js'
import { OutagesController } from './outages.controller.js'
import { ReadyController } from './ready.controller.js'
import { ScanController } from './scan.controller.js'
import { analyseWithWasm } from './wasm-analyser.js'

/** Who is asked for many networks works them out itself, or leaves them to those that work on a queue. */
const isOnQueue = process.env['FBAS_HISTORY'] === 'queue'

@Module({
  imports: [
    // Roll-out, time limit and retries come from the environment: FBAS_ENABLED, FBAS_ROLLOUT_PERCENTAGE, ...
    FbasModule.forRoot({ isGlobal: true, rollout: { other: analyseWithWasm } }),
    FbasHttpModule.forRootAsync({
      imports: [NetworkModule],
      inject: [NetworkService],
      useFactory: (network: NetworkService) => ({ networkSource: () => network.current() })
    }),
    // Where Redis is comes from the environment: FBAS_REDIS_URL.
    ...(isOnQueue ? [FbasQueueModule.forRoot()] : []),
    NetworkModule,
    TerminusModule
  ],
  controllers: [ScanController, OutagesController, MetricsController, ReadyController]
})
export class AppModule {}
