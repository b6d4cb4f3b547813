// A process that works on the queue, as a machine of its own would: an application that has nothing else.

const { Module } = require('@nestjs/common')
const { NestFactory } = require('@nestjs/core')
const { FbasModule } = require('stellar-fbas/nestjs')
const { FbasQueueModule, folderStore } = require('stellar-fbas/nestjs/queue')

const { options, store } = JSON.parse(process.argv[2])
class Application {}
Module({
  imports: [
    FbasModule.forRoot({ isGlobal: true, maxConcurrent: 2, shutdownGraceMs: 200 }),
    FbasQueueModule.forRoot({
      worker: true,
      ...options,
      store: store === undefined ? undefined : folderStore(store)
    })
  ]
})(Application)

NestFactory.createApplicationContext(Application, { logger: ['error', 'warn', 'log'] }).then((app) => {
  app.enableShutdownHooks()
  console.log('ready')
})
