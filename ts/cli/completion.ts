/** `completion SHELL`: a script that completes commands, options and their values, by asking this program. */

import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

import tab from '@bomb.sh/tab/commander'
import type { Command } from 'commander'

/** Adds the command to a program whose other commands are all defined: what is completed is read off them. */
export function completions(program: Command): void {
  const completion = tab(program, { completionCommandName: 'completion' })
  // Without a command it is `analyze`.
  completion.argument('nodes', files, true)
  for (const command of [completion, ...completion.commands.values()]) {
    for (const [name, argument] of command.arguments) {
      if (['nodes', 'organizations', 'old', 'new'].includes(name)) argument.handler = files
    }
    for (const [name, option] of command.options) {
      if (/organizations$|^output$/.test(name)) option.handler = files
      if (name === 'group-by') {
        option.handler = (complete) =>
          ['organization', 'country', 'isp'].forEach((value) => complete(value, ''))
      }
    }
  }
}

/** The files that a word may be the beginning of. */
function files(complete: (value: string, description: string) => void): void {
  const word = process.argv.at(-1) ?? ''
  const folder = /[/\\]$/.test(word) ? word : dirname(word)
  const path = (name: string) => (word.includes('/') ? join(folder, name) : name)
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      complete(entry.isDirectory() ? `${path(entry.name)}/` : path(entry.name), '')
    }
  } catch {
    // Nothing there to complete.
  }
}
