// The command line as a user has it: packed, installed into an empty folder, with nothing else.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { promisify } from 'node:util'

import { installInto, pack } from '../packed.js'
import { folder } from './command.js'

const files = folder()
const work = promisify(execFile)
const windows = process.platform === 'win32'

async function install(name: string, ...archives: string[]): Promise<string> {
  const directory = join(files.path, name)
  await installInto(directory, ...archives)
  return directory
}

/** What is installed as `npx stellar-fbas` finds it. */
async function stellarFbas(
  directory: string,
  ...args: string[]
): Promise<{ status: number; stdout: string; stderr: string }> {
  const command = join(directory, 'node_modules/.bin', windows ? 'stellar-fbas.cmd' : 'stellar-fbas')
  const { NODE_TEST_CONTEXT, ...env } = process.env
  return work(command, args, { cwd: directory, env, shell: windows }).then(
    ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ status: code, stdout, stderr })
  )
}

describe('packed', () => {
  let archives: string[]
  let installed: string

  before(async () => {
    archives = pack(files.path)
    installed = await install('all', ...archives)
  })

  test('nothing is installed but the package and its addon', () => {
    const packages = readdirSync(join(installed, 'node_modules')).filter((name) => !name.startsWith('.'))
    assert.equal(packages.length, 2, packages.join())
    assert.ok(packages.every((name) => name.startsWith('stellar-fbas')))
  })

  test('it answers, with the example that it carries', async () => {
    const { status, stdout } = await stellarFbas(installed, '--format', 'csv')
    assert.equal(status, 0)
    assert.match(stdout, /^organization,7,3,3,3,5,1,,true,$/m)
    assert.match((await stellarFbas(installed, '--help')).stdout, /^Usage: stellar-fbas/)
    assert.equal((await stellarFbas(installed, 'nosuch')).status, 2)
  })

  test('it writes the report', async () => {
    const { status, stderr } = await stellarFbas(installed, 'report')
    assert.deepEqual([status, stderr], [0, 'written to stellar-fbas-report.html\n'])
    const html = readFileSync(join(installed, 'stellar-fbas-report.html'), 'utf8')
    assert.match(html, /<h2>Can it split\?<\/h2>/)
    assert.match(html, /<svg class="picture[ "]/)
  })

  test('the licenses of what is bundled are in it', () => {
    const licenses = readFileSync(
      join(installed, 'node_modules/stellar-fbas/dist/THIRD-PARTY-LICENSES.txt'),
      'utf8'
    )
    assert.match(licenses, /Permission is hereby granted/)
  })

  test('importing the package loads nothing that only the command line or its pages need', async () => {
    const program = `
      require('stellar-fbas'); require('stellar-fbas/compat')
      const loaded = Object.keys(require.cache).filter((file) => /dist.(cli|explore|report)/.test(file))
      console.log(JSON.stringify(loaded))`
    const { stdout } = await work(process.execPath, ['-e', program], { cwd: installed })
    assert.equal(stdout, '[]\n')
  })

  test('without an addon it says so', async () => {
    const bare = await install('bare', archives[0] ?? '')
    const { status, stdout, stderr } = await stellarFbas(bare)
    assert.deepEqual([status, stdout], [70, ''])
    assert.match(stderr, /^stellar-fbas: the addon could not be loaded: .+\n$/)
  })
})
