// The guide says what is so: its examples print what stands there, and its tables name every command, option and status.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'

import type { FbasNode, FbasOrganization } from '../../index.js'
import { STATUS } from '../../ts/cli/failure.js'
import { root } from '../examples.js'
import { environment, EXAMPLE, EXAMPLE_ORGANIZATIONS, folder, MAIN, output } from './command.js'

const guide = readFileSync(join(root, 'docs/cli.md'), 'utf8')
const ofCertificates = readFileSync(join(root, 'docs/certificates.md'), 'utf8')
const files = folder()

copyFileSync(EXAMPLE, join(files.path, 'nodes.json'))
copyFileSync(EXAMPLE_ORGANIZATIONS, join(files.path, 'organizations.json'))
const nodes: FbasNode[] = JSON.parse(readFileSync(EXAMPLE, 'utf8'))
const organizations: FbasOrganization[] = JSON.parse(readFileSync(EXAMPLE_ORGANIZATIONS, 'utf8'))
files.write('monday.json', { nodes, organizations })
// On Tuesday two validators of one organization are down.
const down = organizations.find(({ id }) => id === 'stellar.blockdaemon.com')?.validators.slice(0, 2) ?? []
const tuesday = nodes.map((node) => (down.includes(node.publicKey) ? { ...node, isValidating: false } : node))
files.write('tuesday.json', { nodes: tuesday, organizations })

// Seven organizations that take in three more, as in docs/concepts.md.
const members = (id: string) => [1, 2, 3].map((number) => id + number)
const asking = (threshold: number, ids: string) =>
  [...'ABCDEFGHIJ'].flatMap((id) =>
    members(id).map((publicKey) => ({
      ...{ publicKey, organizationId: id },
      quorumSet: {
        ...{ threshold, validators: [] },
        innerQuorumSets: [...ids].map((id) => ({
          threshold: 2,
          validators: members(id),
          innerQuorumSets: []
        }))
      }
    }))
  )
files.write('seven.json', asking(5, 'ABCDEFG'))
files.write('ten.json', asking(7, 'ABCDEFGHIJ'))
// Two parts that trust only themselves.
const among = (threshold: number, ids: string) =>
  asking(threshold, ids).filter(({ organizationId }) => ids.includes(organizationId))
files.write('apart.json', [...among(3, 'ABCD'), ...among(2, 'EFG')])
files.write('set.json', { t: 7, v: [...'ABCDEFGHIJ'].map((id) => ({ t: 2, v: members(id) })) })

writeFileSync(join(files.path, 'stellar-fbas'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`)
chmodSync(join(files.path, 'stellar-fbas'), 0o755)

/** Commands with what they print; `…` stands for what is left out at the end. */
const examples = [...(guide + ofCertificates).matchAll(/```console\n(.*?)```/gs)].flatMap(([, text = '']) =>
  text
    .split(/^\$ /m)
    .slice(1)
    .map((example) => {
      const [command = '', ...printed] = example.split('\n')
      return { command, printed: printed.join('\n') }
    })
)

describe('examples', () => {
  assert.ok(examples.length >= 14)
  for (const { command, printed } of examples) {
    test(command, async () => {
      const env = environment({ PATH: `${files.path}:${process.env.PATH}` })
      const options = { cwd: files.path, env, encoding: 'utf8' as const }
      const { stdout } = await promisify(execFile)('sh', ['-c', `exec 2>&1; ${command}`], options)
      const expected = printed.split('…')
      if (expected.length > 1) assert.ok(stdout.startsWith(expected[0] ?? ''), stdout)
      else assert.equal(stdout, printed)
    })
  }
})

test('every command, option and status is in the tables', async () => {
  const help = await output(['--help'])
  const commands = [.../\nCommands:\n(.*?)\n\n/s.exec(help)![1]!.matchAll(/^ {2}([a-z-]+)/gm)].map(
    (match) => match[1] ?? ''
  )
  const named = commands.filter((command) => command !== 'help')
  assert.deepEqual(
    named.filter((command) => !new RegExp(`^\\| \`${command}[\` ]`, 'm').test(guide)),
    []
  )
  const helps = await Promise.all(named.map((command) => output(['help', command])))
  const options = new Set(
    helps.flatMap((help) => [...help.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1] ?? ''))
  )
  assert.ok(options.size > 20, [...options].join())
  assert.deepEqual(
    [...options].filter((option) => option !== '--help' && !guide.includes(option)),
    []
  )
  for (const status of Object.values(STATUS)) assert.match(guide, new RegExp(`^\\| ${status} +\\|`, 'm'))
})
