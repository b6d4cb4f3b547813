/** `completion SHELL`: a script that completes commands, options and their values, by asking this program. */

import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

import tab from '@bomb.sh/tab/commander'
import type { Command } from 'commander'

/** The script for bash asks the package bash-completion for the words. Where that is not installed, they are as bash itself has them. */
const WORDS_IN_BASH = `declare -F _get_comp_words_by_ref > /dev/null || _get_comp_words_by_ref() {
    cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
}
`

/** Adds the command to a program whose other commands are all defined: what is completed is read off them. `done` is called after it. */
export function completions(program: Command, done: () => void): void {
  const completion = tab(program, { completionCommandName: 'completion' })
  for (const command of program.commands.filter((command) => /^complet(e|ion)$/.test(command.name()))) {
    command.hook('preAction', ({ args: [shell] }) => {
      if (shell === 'bash') console.log(WORDS_IN_BASH)
    })
    command.hook('postAction', done)
  }
  // Without a command it is `analyze`.
  completion.argument('nodes', files, true)
  for (const command of [completion, ...completion.commands.values()]) {
    for (const [name, argument] of command.arguments) {
      if (['nodes', 'organizations', 'old', 'new', 'paths'].includes(name)) argument.handler = files
    }
    for (const [name, option] of command.options) {
      if (/organizations$|^(?:output|report|state)$/.test(name)) option.handler = files
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
