// The README says what is so, in few words: its commands and its example run as printed, and its times are those of docs/performance.md.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

import { EXAMPLE, MAIN } from './cli/command.js'
import { examplesIn, root, run, typeCheck, withFolder, write } from './examples.js'

const MOST_WORDS = 1_200

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const [example = '', ...more] = examplesIn(readme)

/** Runs a command line of the README in a shell, with this package's program and the example's nodes. */
async function shell(command: string): Promise<string> {
  const here = command
    .replace('npx stellar-fbas', `'${process.execPath}' '${MAIN}'`)
    .replace('nodes.json', EXAMPLE)
  return (await promisify(execFile)('sh', ['-c', here], { encoding: 'utf8', maxBuffer: 1e8 })).stdout
}

test('it has few words', () => {
  const words = readme.split(/\s+/).filter((word) => word !== '')
  assert.ok(words.length <= MOST_WORDS, `${words.length} words`)
})

test('the example prints what its comments say, and type-checks', async () => {
  assert.deepEqual(more, [], 'one example; others stand in docs/usage.md')
  const expected = [...example.matchAll(/console\.log\(.*\) \/\/ (\w+)/g)].map((match) => match[1])
  assert.ok(expected.length >= 5)
  await withFolder(async (folder) => {
    const file = write(folder, 'example.mts', example)
    assert.deepEqual((await run(file, folder)).split('\n'), expected)
    typeCheck([file])
  })
})

test('the command prints what stands there', async () => {
  const [, command = '', printed = ''] = /```console\n\$ ([^\n]*)\n(.*?)…\n```/s.exec(readme) ?? []
  assert.ok(printed.length > 400)
  const output = await shell(command)
  assert.ok(output.startsWith(printed), output)
})

test('there is a command for everybody, and it runs', async () => {
  const lines = [...readme.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, text = '']) => text.trim().split('\n'))
  const ours = lines.filter((line) => line.startsWith('npx '))
  assert.ok(ours.length >= 2)
  const outputs = await Promise.all(ours.map(shell))
  for (const output of outputs) assert.notEqual(output, '')
  // The others install, build and test: they are what CI does.
  const others = lines.filter((line) => !ours.includes(line))
  assert.deepEqual(
    others.map((line) => line.replace(/ *#.*/, '')),
    ['npm install stellar-fbas', 'npm install && npm start', 'npm test']
  )
  const ci = readFileSync(join(root, '.ci/run'), 'utf8')
  for (const command of ['npm install', 'npm start', 'npm test'])
    assert.match(ci, new RegExp(`^${command}$`, 'm'))
})

test('times are those that stand in docs/performance.md', () => {
  const table = /^## How fast$.*?^\|.*?\n\n/ms.exec(readme)?.[0] ?? ''
  const times = [...table.matchAll(/(\d[\d.]*) ms/g)].map(([, time = '']) => time)
  assert.ok(times.length >= 6)
  const measured = readFileSync(join(root, 'docs/performance.md'), 'utf8')
  const missing = times.filter(
    (time) => !new RegExp(`(?<![\\d.])${time.replace('.', '\\.')}\\b(?!\\.)`).test(measured)
  )
  assert.deepEqual(missing, [])
})

test('every document is in the index', () => {
  const index = readFileSync(join(root, 'docs/README.md'), 'utf8')
  const documents = readdirSync(join(root, 'docs')).filter(
    (name) => name.endsWith('.md') && name !== 'README.md'
  )
  assert.deepEqual(
    documents.filter((name) => !index.includes(`](${name})`)),
    []
  )
})
