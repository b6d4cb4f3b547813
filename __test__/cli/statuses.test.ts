// The table of the guide that says what every situation ends with: each line of it is run.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'

import { root } from '../examples.js'
import type { FbasNode } from '../../index.js'
import { flat, hard, quorumSet, TWO_OF_THREE, TWO_PAIRS } from '../networks.js'
import { environment, folder, MAIN, type Ended } from './command.js'

/** What `ANY` stands for, with what else the command needs. */
const ANY = {
  analyze: '',
  intersection: '',
  'top-tier': '',
  'blocking-sets': '',
  'splitting-sets': '',
  quorums: '',
  'history-critical': '',
  node: '',
  nodes: '',
  intact: '--ill-behaved A',
  critical: '',
  symmetric: '',
  findings: '',
  diff: 'safe.json',
  plan: 'safe.json',
  suggest: '',
  change: '--add newcomer.json',
  verify: 'certificate.json',
  convert: '',
  report: '--output -',
  // Where this build has the WebAssembly.
  ...(existsSync(join(root, 'dist/web/stellar-fbas.wasm')) ? { explore: '--output -' } : {})
}

const files = folder()
const archived = (nodes: FbasNode[], historyArchiveHasError: boolean | undefined = false) =>
  nodes.map((node) => ({ ...node, historyArchiveHasError }))
files.write('safe.json', archived(TWO_OF_THREE))
files.write('split.json', archived(TWO_PAIRS))
files.write('halted.json', archived(flat(['A', 'B', 'C'], 4)))
files.write(
  'down.json',
  archived(TWO_OF_THREE).map((node, index) => ({ ...node, isValidating: index === 0 }))
)
files.write('forgotten.json', archived(TWO_OF_THREE, true))
files.write('untold.json', TWO_OF_THREE)
files.write('doubtful.json', archived(flat(['A', 'B', 'C', 'X'], 2).slice(0, 3)))
files.write(
  'waiting.json',
  archived(flat(['A', 'B', 'C', 'X'], 3).slice(0, 3)).map((node, index) => ({
    ...node,
    isValidating: index < 2
  }))
)
files.write(
  'over.json',
  archived(flat(['A', 'B', 'C', 'X'], 3).slice(0, 3)).map((node, index) => ({
    ...node,
    isValidating: index === 0
  }))
)
files.write(
  'blank.json',
  archived(TWO_OF_THREE).map((node) => ({ ...node, quorumSet: null }))
)
files.write('throws.js', `setImmediate(() => { throw new Error('something else') })`)
files.write('rejects.js', `setImmediate(() => void Promise.reject(new Error('something else')))`)
files.write('slow.json', hard(40))
files.write('unseen.json', flat(['A', 'B', 'C', 'X'], 2).slice(0, 3))
files.write('zeros.json', [
  ...flat(['A', 'B', 'C', 'D'], 2).slice(0, 2),
  { publicKey: 'C', quorumSet: quorumSet(0, []) },
  { publicKey: 'D', quorumSet: quorumSet(0, ['A', 'B', 'C', 'D']) }
])
files.write('newcomer.json', { publicKey: 'NEW', quorumSet: null })
const configured = (percent: number) =>
  `[QUORUM_SET]\nTHRESHOLD_PERCENT = ${percent}\nVALIDATORS = ['$self', 'B', 'C']\n`
writeFileSync(join(files.path, 'node.cfg'), configured(100))
writeFileSync(join(files.path, 'bad.cfg'), configured(101))
files.write('zero.json', quorumSet(0, ['A']))
files.write('many.json', { threshold: 4, validators: ['A', 'B', 'C'], innerQuorumSets: [] })
files.write('nothing.json', [{ publicKey: 'A', quorumSet: null }])
// Wrong as nodes, and wrong as organizations.
files.write('bad.json', [{ publicKey: 'A', quorumSet: { ...quorumSet(1, ['A']), threshold: -1 } }])
files.write('certificate.json', {
  format: 'stellar-fbas certificate 2',
  engine: '',
  // True of safe.json and of split.json.
  claims: [
    {
      reading: { unknownNodes: 'dead', faultyNodes: [], ignoreOneNodeQuorums: true },
      statement: {
        smallestQuorum: {
          ...{ groupBy: null, withHistory: false, size: 2, quorum: ['A', 'B'], proof: 'counting' }
        }
      }
    }
  ],
  unproven: []
})
const program = (path: string, main: string) => {
  chmodSync(files.write(path, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`), 0o755)
}
program('stellar-fbas', MAIN)
mkdirSync(join(files.path, 'broken-installation/dist/cli'), { recursive: true })
copyFileSync(MAIN, join(files.path, 'broken-installation/dist/cli/main.js'))
program('broken-installation/stellar-fbas', join(files.path, 'broken-installation/dist/cli/main.js'))
// As `timeout` of GNU does, but only after the command has begun, and with what the command ended with.
const WITHIN = `within() { seconds=$1 signal=$2; shift 2
  "$@" & (sleep $seconds; kill -s $signal $!) 2> /dev/null & wait %1; }`

interface Row {
  command: string
  status: number
  stdout: string
  stderr: string
}

const guide = readFileSync(join(root, 'docs/cli.md'), 'utf8')
const section = guide.slice(guide.indexOf('### In every situation'), guide.indexOf('## What changed'))
/** What `--check` makes of some networks, a column for each command. */
const [, checks = ''] = guide.split('With `--check`, these networks end so:')
const [header = [], , ...networks] = [...checks.slice(0, checks.indexOf('###')).matchAll(/^\|(.*)\|$/gm)].map(
  ([, cells = '']) => cells.split('|').map((cell) => cell.trim().replaceAll('`', ''))
)
const checked: Row[] = networks.flatMap(([file, , ...statuses]) =>
  header.slice(2).map((command, index) => ({
    command: `stellar-fbas ${command} ${command === 'diff' ? 'safe.json ' : ''}${file} --check${command === 'report' ? ' --output -' : ''}`,
    ...{ status: Number(statuses[index]), stdout: 'anything', stderr: 'anything' }
  }))
)

const situations: Row[] = [...section.matchAll(/^\| (`.*?) +\| (\d+) +\| (.*?) +\| (.*?) +\|$/gm)].flatMap(
  ([, commands = '', status, stdout = '', stderr = '']) =>
    commands
      .split(/(?<=`), (?=`)/)
      .map((command) => command.replace(/^`|`$/g, '').replaceAll('\\|', '|'))
      .flatMap((command) =>
        command.includes('ANY')
          ? Object.entries(ANY).map(([name, more]) => {
              const asked = name === 'node' && !command.includes('help') ? 'node A' : name
              return command.replace(/ANY( [^ >]+)?/, command.includes('help') ? name : `${asked}$1 ${more}`)
            })
          : [command]
      )
      .map((command) => ({ command, status: Number(status), stdout, stderr }))
)

function run(command: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = environment({ PATH: `${files.path}:${process.env.PATH}` })
    const child = spawn('bash', ['-c', `set -o pipefail; ${WITHIN}\n${command}`], { cwd: files.path, env })
    const ended = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text) => (ended[stream] += text))
    }
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, ...ended }))
    child.stdin.end()
  })
}

/** What a cell of the table says of an output: text that it has, nothing, or anything. */
function holds(cell: string, output: string): boolean {
  if (cell === 'anything') return true
  if (cell === 'nothing') return output === ''
  return output.includes(cell.replace(/^`|`$/g, ''))
}

describe('statuses', { concurrency: 3, timeout: 600_000, skip: process.platform !== 'linux' }, () => {
  assert.ok(checked.length === 100 && situations.length > 150, `${checked.length}, ${situations.length}`)
  for (const { command, status, stdout, stderr } of [...checked, ...situations]) {
    test(`${command}: ${status}`, async () => {
      const hold = (ended: Ended) => {
        assert.equal(ended.status, status, ended.stderr)
        assert.ok(holds(stdout, ended.stdout), ended.stdout)
        assert.ok(holds(stderr, ended.stderr), ended.stderr)
        // Nothing of the program's inside.
        assert.doesNotMatch(ended.stderr, /^ +at .*:\d+:\d+/m)
      }
      try {
        hold(await run(command))
      } catch (error) {
        // On a slow machine the analysis may not have begun in a few seconds.
        if (!command.startsWith('within 3 ')) throw error
        hold(await run(command.replace('within 3 ', 'within 30 ')))
      }
    })
  }
})
