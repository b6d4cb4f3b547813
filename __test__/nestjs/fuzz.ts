// Fuzzes the endpoints by their own description: every answer must have a status and a shape that it announces, what fits the description
// must be accepted and what does not must be refused. The fuzzer, Schemathesis, is a Python package and gets an environment of its own.
//
//   npm run fuzz:http -- [seconds [seed]]

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'

import { root } from '../examples.js'
import { fourOrganizations } from '../networks.js'
import { withApplication } from './application.js'

const PYTHON = join(root, 'target/fuzz/bin/python')
const REQUIREMENTS = join(__dirname, 'fuzz-requirements.txt')

/** Which nodes there are the body says, and a description cannot: almost any value is refused. What it does is tested elsewhere. */
const NODES_OF_THE_NETWORK = ['reachable_from', 'quorum_set']
/** The same of the node that is asked about, without which there is no question; of its answers everything else is checked. */
const CONFIGURATION = `[checks]
# Other methods of a path are for Nest to answer, which says 404.
unsupported_method.enabled = false

[[operations]]
include-path = "/analyze/node"
[operations.checks]
positive_data_acceptance.enabled = false
`

async function main(seconds = '60', seed = '1') {
  if (spawnSync('python3', ['--version']).status !== 0) throw new Error('python3 is needed for the fuzzer')
  if (!existsSync(PYTHON)) execFileSync('python3', ['-m', 'venv', join(root, 'target/fuzz')])
  const quietly = ['--quiet', '--disable-pip-version-check']
  execFileSync(PYTHON, ['-m', 'pip', 'install', ...quietly, '-r', REQUIREMENTS], { stdio: 'inherit' })

  writeFileSync(join(root, 'target/fuzz/schemathesis.toml'), CONFIGURATION)

  const before: Parameters<typeof withApplication>[0]['before'] = (app) => {
    const description = new DocumentBuilder().setTitle('FBAS analysis').setVersion('1').build()
    SwaggerModule.setup('docs', app, () => {
      const document = SwaggerModule.createDocument(app, description)
      for (const { get, post } of Object.values(document.paths)) {
        for (const operation of [get, post]) {
          if (operation?.parameters === undefined) continue
          operation.parameters = operation.parameters.filter(
            (parameter) => !('name' in parameter && NODES_OF_THE_NETWORK.includes(parameter.name))
          )
        }
      }
      return document
    })
  }
  const options = { timeoutMs: 10_000 }
  const http = { networkSource: () => fourOrganizations() }
  process.exitCode = await withApplication({ before, options, http }, async ({ url }) => {
    const args = ['--max-time', seconds, '--seed', seed, '--continue-on-failure']
    const fuzzer = spawn(PYTHON, ['-m', 'schemathesis.cli', 'run', `${url}/docs-json`, ...args], {
      cwd: join(root, 'target/fuzz'),
      stdio: 'inherit'
    })
    const [code] = await once(fuzzer, 'exit')
    return code
  })
}

void main(...process.argv.slice(2))
