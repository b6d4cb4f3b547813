/** The module: histories on a queue, for who asks and for who works. */

import { BullModule } from '@nestjs/bullmq'
import {
  ConfigurableModuleBuilder,
  Module,
  type ConfigurableModuleAsyncOptions,
  type DynamicModule
} from '@nestjs/common'

import { patient } from './queue.connection.js'
import { FbasQueueHealthIndicator } from './queue.health.js'
import { FbasQueueMetrics } from './queue.metrics.js'
import {
  FBAS_QUEUE,
  FBAS_QUEUE_OPTIONS,
  FBAS_QUEUE_SETTINGS,
  queueSettingsOf,
  type FbasQueueOptions,
  type FbasQueueSettings
} from './queue.options.js'
import { FbasQueueProducer } from './queue.producer.js'
import { FbasQueueWorker } from './queue.worker.js'

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<FbasQueueOptions>({
  optionsInjectionToken: FBAS_QUEUE_OPTIONS
})
  .setClassMethodName('forRoot')
  .build()

/** The settings by themselves: the queue is made from them as well. */
@Module({
  providers: [{ provide: FBAS_QUEUE_SETTINGS, useFactory: queueSettingsOf, inject: [FBAS_QUEUE_OPTIONS] }],
  exports: [FBAS_QUEUE_SETTINGS]
})
class FbasQueueSettingsModule extends ConfigurableModuleClass {}

/**
 * Histories on a queue. `FbasModule` is imported beside it with `isGlobal: true`; with `history: 'queue'` there, or `FBAS_HISTORY=queue`, its `FbasHistory`
 * has networks worked out by all processes that have this module with `worker: true`.
 *
 * `FbasQueueModule.forRoot(options)` or `FbasQueueModule.forRootAsync({ imports, inject, useFactory })`.
 */
@Module({})
export class FbasQueueModule {
  static forRoot(options: FbasQueueOptions = {}): DynamicModule {
    return this.with(FbasQueueSettingsModule.forRoot(options))
  }

  static forRootAsync(options: ConfigurableModuleAsyncOptions<FbasQueueOptions>): DynamicModule {
    return this.with(FbasQueueSettingsModule.forRootAsync(options))
  }

  private static with(settings: DynamicModule): DynamicModule {
    const queue = BullModule.registerQueueAsync({
      name: FBAS_QUEUE,
      imports: [settings],
      inject: [FBAS_QUEUE_SETTINGS],
      useFactory: ({ connection, prefix }: FbasQueueSettings) => ({
        ...(connection === undefined ? {} : { connection: patient(connection, () => false) }),
        ...(prefix === undefined ? {} : { prefix })
      })
    })
    const provided = [FbasQueueMetrics, FbasQueueProducer, FbasQueueWorker, FbasQueueHealthIndicator]
    return {
      module: FbasQueueModule,
      imports: [settings, queue],
      providers: provided,
      exports: [settings, queue, FbasQueueMetrics, FbasQueueHealthIndicator]
    }
  }
}
