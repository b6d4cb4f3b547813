// Starts the application: the endpoints, their description at /docs, metrics, health, and an orderly end.

import { ConsoleLogger } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'

import { AppModule } from './app.module.js'

async function main() {
  const logger = new ConsoleLogger({ json: true, colors: false })
  const app = await NestFactory.create(AppModule, { logger })
  // Analyses under way get their time, and clients their answer, when the process is asked to end.
  app.enableShutdownHooks()

  const description = new DocumentBuilder().setTitle('FBAS analysis').setVersion('1').build()
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description))

  await app.listen(Number(process.env['PORT'] ?? 8080), process.env['HOST'] ?? '127.0.0.1')
  logger.log(`Listens at ${await app.getUrl()}`)
}

void main()
