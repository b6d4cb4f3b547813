// Compiles the addon to WebAssembly for web pages, without threads, into dist/web/. `npm run build:web` bundles what goes around it.
//
//   node npm/wasm.mjs
//   node npm/wasm.mjs --ready     only sees to it that Rust can, and fails where it cannot
//
// Needs Rust's standard library for wasm32-wasip1, which `rustup target add wasm32-wasip1` installs: from rustup, or from a Linux distribution
// that packages it. Where neither has it, this says so and fails.

import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TARGET = 'wasm32-wasip1'
const root = join(dirname(fileURLToPath(import.meta.url)), '..')

if (!isInstalled()) {
  console.log(`Rust cannot compile for ${TARGET} yet: rustup target add ${TARGET}`)
  try {
    execFileSync('rustup', ['target', 'add', TARGET], { cwd: root, stdio: 'inherit', timeout: 300_000 })
  } catch (error) {
    console.error(`Rust's standard library for ${TARGET} is not to be had here: ${error.message}`)
    process.exit(1)
  }
}
if (process.argv[2] === '--ready') process.exit(0)
const options = ['--release', '--lib', '--features', 'node', '--config', 'npm/size.toml', '--target', TARGET]
execFileSync('cargo', ['build', ...options], { cwd: root, stdio: 'inherit' })

const folder = join(root, 'dist/web')
mkdirSync(folder, { recursive: true })
const built = join(targetFolder(), TARGET, 'release/stellar_fbas.wasm')
copyFileSync(built, join(folder, 'stellar-fbas.wasm'))

/** Whether the standard library is there, whoever has put it there. */
function isInstalled() {
  try {
    const args = ['--print', 'target-libdir', '--target', TARGET]
    const libraries = readdirSync(execFileSync('rustc', args, { cwd: root, encoding: 'utf8' }).trim())
    return libraries.some((name) => name.startsWith('libstd-'))
  } catch {
    return false
  }
}

/** Where cargo builds. */
function targetFolder() {
  const args = ['metadata', '--format-version', '1', '--no-deps']
  return JSON.parse(execFileSync('cargo', args, { cwd: root, encoding: 'utf8' })).target_directory
}
