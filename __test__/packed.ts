// The package as a user has it: packed as a release packs it, and installed into empty folders.

import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { root } from './examples.js'

/** The archives of the package itself and of the addon built here. */
export function pack(folder: string): [itself: string, addon: string] {
  const printed = execFileSync(process.execPath, [join(root, 'npm/pack.mjs'), folder], { encoding: 'utf8' })
  const [itself = '', addon = '', ...others] = printed.trim().split('\n')
  if (addon === '' || others.length > 0) throw new Error(printed)
  return [itself, addon]
}

/** Runs npm in a folder. */
export async function npm(directory: string, ...args: string[]): Promise<void> {
  const { NODE_TEST_CONTEXT, ...env } = process.env
  const windows = process.platform === 'win32'
  await promisify(execFile)('npm', args, { cwd: directory, env, shell: windows }).catch((error) => {
    throw new Error(`npm ${args.join(' ')}\n${error.stdout}\n${error.stderr}`)
  })
}

/** Makes a folder and installs archives into it, and nothing that would have to be fetched. */
export async function installInto(directory: string, ...archives: string[]): Promise<void> {
  mkdirSync(directory)
  writeFileSync(join(directory, 'package.json'), '{"private": true}')
  await npm(directory, 'install', '--offline', '--no-audit', '--no-fund', ...archives)
}
