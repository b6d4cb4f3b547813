// Fuzzes the endpoints by their own description: every answer must have a status and a shape that it announces, what fits the description
// must be accepted and what does not must be refused. The fuzzer, Schemathesis, is a Python package and gets an environment of its own.
//
//   npm run fuzz:http -- [seconds [seed]]

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'

import { root } from '../examples.js'
import { fourOrganizations } from '../networks.js'
import { withApplication } from './application.js'

const PYTHON = join(root, 'target/fuzz/bin/python')
const REQUIREMENTS = join(__dirname, 'fuzz-requirements.txt')

async function main(seconds = '60', seed = '1') {
  if (spawnSync('python3', ['--version']).status !== 0) throw new Error('python3 is needed for the fuzzer')
  if (!existsSync(PYTHON)) execFileSync('python3', ['-m', 'venv', join(root, 'target/fuzz')])
  const quietly = ['--quiet', '--disable-pip-version-check']
  execFileSync(PYTHON, ['-m', 'pip', 'install', ...quietly, '-r', REQUIREMENTS], { stdio: 'inherit' })

  const before: Parameters<typeof withApplication>[0]['before'] = (app) => {
    const description = new DocumentBuilder().setTitle('FBAS analysis').setVersion('1').build()
    SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description))
  }
  const options = { timeoutMs: 10_000 }
  const http = { networkSource: () => fourOrganizations() }
  process.exitCode = await withApplication({ before, options, http }, async ({ url }) => {
    // Other methods of a path are for Nest to answer, which says 404.
    const args = [
      '--checks',
      'all',
      '--exclude-checks',
      'unsupported_method',
      '--max-time',
      seconds,
      '--seed',
      seed,
      '--continue-on-failure'
    ]
    const fuzzer = spawn(PYTHON, ['-m', 'schemathesis.cli', 'run', `${url}/docs-json`, ...args], {
      cwd: join(root, 'target/fuzz'),
      stdio: 'inherit'
    })
    const [code] = await once(fuzzer, 'exit')
    return code
  })
}

void main(...process.argv.slice(2))
