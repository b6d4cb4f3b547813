// Examples out of documents, written to a folder of their own and run or type-checked there as a user would.

import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const root = join(__dirname, '..')

/** The TypeScript examples of a document. */
export function examplesIn(text: string): string[] {
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1] ?? '')
}

/** Does something with a folder of its own inside this one, so that examples resolve packages as a test would. */
export async function withFolder<T>(work: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(__dirname, 'example-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Writes an example as it is: inside the package, its name stands for what is built here. */
export function write(folder: string, name: string, code: string): string {
  const file = join(folder, name)
  writeFileSync(file, code)
  return file
}

/** Runs an example in a folder; what it prints. */
export async function run(
  file: string,
  folder: string,
  environment: NodeJS.ProcessEnv = {}
): Promise<string> {
  const tsx = require.resolve('tsx')
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', tsx, file], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...environment }
  })
  return stdout.trim()
}

/** Fails where a file has a type error. */
export function typeCheck(files: string[]): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const options =
    '--noEmit --strict --skipLibCheck --target es2022 --module nodenext --types node --experimentalDecorators'.split(
      ' '
    )
  try {
    execFileSync(process.execPath, [tsc, ...options, ...files], { cwd: root, encoding: 'utf8' })
  } catch (error) {
    assert.fail(String((error as { stdout?: string }).stdout))
  }
}
