// Starts a worker: it takes networks from the queue until it is asked to end, and gives back what it has not done by then.

import { ConsoleLogger } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'

import { WorkerModule } from './worker.module.js'

async function main() {
  const logger = new ConsoleLogger({ json: true, colors: false })
  const app = await NestFactory.create(WorkerModule, { logger })
  app.enableShutdownHooks()
  // For readiness and metrics; the work comes from Redis.
  await app.listen(Number(process.env['PORT'] ?? 8081), process.env['HOST'] ?? '127.0.0.1')
  logger.log(`Listens at ${await app.getUrl()}`)
}

void main()
