// Packs what a release publishes for this machine: the package itself, and the one that holds the addon as it was built here.
//
//   node npm/pack.mjs FOLDER     prints the paths of both archives

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node npm/pack.mjs FOLDER')
mkdirSync(folder, { recursive: true })

const addons = readdirSync(root).filter((name) => name.endsWith('.node'))
if (addons.length === 0) throw new Error('no addon is built here; `npm install` builds it')

pack(root)
for (const addon of addons) {
  // stellar-fbas.linux-x64-gnu.node belongs to npm/linux-x64-gnu.
  const copy = mkdtempSync(join(tmpdir(), 'stellar-fbas-'))
  cpSync(join(root, 'npm', addon.split('.')[1] ?? ''), copy, { recursive: true })
  cpSync(join(root, addon), join(copy, addon))
  pack(copy)
  rmSync(copy, { recursive: true })
}

/** What is built already is not built again. */
function pack(directory) {
  const destination = resolve(folder)
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', destination]
  const [{ filename }] = JSON.parse(execFileSync('npm', args, { cwd: directory, encoding: 'utf8' }))
  console.log(join(destination, filename))
}
