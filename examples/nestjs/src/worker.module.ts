// What works on the queue: the engine, the queue, and what watches both. Any number of machines run it.

import { Module } from '@nestjs/common'
import { TerminusModule } from '@nestjs/terminus'
import { FbasModule } from 'stellar-fbas/nestjs'
import { FbasQueueModule } from 'stellar-fbas/nestjs/queue'

import { MetricsController } from './metrics.controller.js'
import { ReadyController } from './ready.controller.js'

@Module({
  imports: [FbasModule.forRoot({ isGlobal: true }), FbasQueueModule.forRoot({ worker: true }), TerminusModule],
  controllers: [MetricsController, ReadyController]
})
export class WorkerModule {}
