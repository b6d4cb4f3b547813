// Completion by Tab: scripts that the shells take, and suggestions that are those of the program.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { describe, test } from 'node:test'

import { folder, lines, MAIN, output } from './command.js'

const files = folder()

/** What is suggested for the last of some words. */
async function suggested(...words: string[]): Promise<string[]> {
  const all = await lines(['complete', '--', ...words], { cwd: files.path })
  return all.filter((line) => !line.startsWith(':')).map((line) => line.split('\t')[0] ?? '')
}

describe('completion', { concurrency: 4 }, () => {
  test('every command of the help is suggested', async () => {
    const help = await output(['--help'])
    const listed = /\nCommands:\n(.*?)\n\n/s.exec(help)?.[1] ?? ''
    const commands = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map((match) => match[1] ?? '')
    assert.ok(commands.length >= 13, commands.join())
    const found = await suggested('')
    assert.deepEqual(
      commands.filter((command) => !found.includes(command)),
      []
    )
    assert.ok(!found.includes('complete'), 'what only shells call is not for people')
  })

  test('options, values and files', async () => {
    files.write('nodes.json', '[]')
    files.write('other.txt', '')
    assert.deepEqual(await suggested('blocking-sets', '--fo'), ['--format'])
    assert.deepEqual(await suggested('blocking-sets', '--format', ''), ['table', 'json', 'ndjson', 'csv'])
    assert.deepEqual(await suggested('quorums', '--group-by', 'c'), ['country'])
    assert.deepEqual(await suggested('quorums', 'nod'), ['nodes.json'])
    assert.deepEqual(await suggested('diff', 'nodes.json', 'oth'), ['other.txt'])
    assert.deepEqual(await suggested('history', 'nodes.json', 'oth'), ['other.txt'])
    assert.deepEqual(await suggested('history', '--format', ''), ['ndjson', 'csv'])
    assert.deepEqual(await suggested('watch', 'nod'), ['nodes.json'])
    assert.deepEqual(await suggested('watch', '--format', ''), ['lines', 'ndjson'])
    assert.deepEqual(await suggested('watch', '--state', 'oth'), ['other.txt'])
    assert.deepEqual(await suggested('completion', ''), ['zsh', 'bash', 'fish', 'powershell'])
    assert.deepEqual(await suggested('quorums', 'no/such/folder/x'), [])
  })

  test('bash completes, without the package bash-completion', async (t) => {
    if (spawnSync('bash', ['--version']).status !== 0) return t.skip('no bash here')
    const script = files.write('completion.bash', await output(['completion', 'bash']))
    const command = files.write('stellar-fbas', `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`)
    chmodSync(command, 0o755)
    const completed = (...words: string[]) => {
      const program = `
        PATH=${files.path}:$PATH
        source ${script}
        COMP_WORDS=(${words.join(' ')})
        COMP_CWORD=${words.length - 1}
        $(complete -p stellar-fbas | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        printf '%s\\n' "\${COMPREPLY[@]}"`
      // compopt can only be called by a completion that is under way.
      const printed = spawnSync('bash', ['--norc', '-c', program], { encoding: 'utf8' }).stdout
      return printed.trim().split('\n')
    }
    assert.deepEqual(completed('stellar-fbas', 'split'), ['splitting-sets'])
    assert.deepEqual(completed('stellar-fbas', 'quorums', '--format', 'nd'), ['ndjson'])
  })

  for (const shell of ['zsh', 'fish']) {
    test(`${shell} takes the script`, async (t) => {
      const script = await output(['completion', shell])
      assert.match(script, /stellar-fbas/)
      if (spawnSync(shell, ['--version']).status !== 0) return t.skip(`no ${shell} here`)
      assert.equal(spawnSync(shell, ['-n', files.write(`completion.${shell}`, script)]).status, 0)
    })
  }
})
