// Builds the addon for other platforms than this one, each into its folder under npm/, as the release workflow does.
//
//   node npm/build.mjs TARGET...     Rust's names: x86_64-unknown-linux-musl, ...; all that can be built here if none is named
//
// On Linux with cargo-zigbuild and zig (`pip install cargo-zigbuild ziglang`), which bring the C libraries of all systems; Windows' own linker
// is to be had on Windows only, and Apple's, which leaves out what nobody calls, on macOS.

import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The oldest GNU C library that the addon runs with: that of 2012, the oldest that Rust supports. */
const GLIBC = '2.17'
/** Smaller code, as `npm run build` makes it. */
const SMALL = ['--config', 'npm/size.toml']
const [, FLAGS] = /^rustflags = (\[.*\])$/m.exec(readFileSync(join(root, 'npm/size.toml'), 'utf8'))
const SMALL_FLAGS = JSON.parse(FLAGS).join(' ')
/**
 * The largest addon that goes out, in bytes. On Linux (x64, glibc) the questions about one node, intact nodes and critical groups have made it
 * 2,728,872 bytes from 2,497,032, and reading configurations (TOML) 2,921,176; with certificates that
 * keep witnesses it has 2,948,280, with the inequalities about one node 2,959,208 at most, and with changing
 * a network and planning a change about 150,000 more (3,108,800 before those inequalities). Who has to adopt a quorum set took
 * 44,696 more, to 3,191,320. Faster inequalities took 5,776 on top of 3,199,032, so the limit of 3,200,000 was raised. Deciding
 * which groups split one node off took 6,704 more. Floors of changes that are decided by bounds, and formulas that end with their budget, took 9,464,
 * to 3,216,464, and what hangs on unknown nodes in plans, suggestions and symmetric top tiers 27,368, to 3,243,832. Link-time optimization would save about 8 %, but cargo skips it for a library that is also one for Rust (rlib),
 * and `napi build` has no way to build the addon alone.
 */
const MOST_BYTES = 3_280_000

const { napi } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Where each target's addon goes, on which systems it can be built, and what cargo calls the result. */
const PLATFORMS = {
  'x86_64-unknown-linux-gnu': { name: 'linux-x64-gnu', on: ['linux'], library: 'libstellar_fbas.so' },
  'aarch64-unknown-linux-gnu': { name: 'linux-arm64-gnu', on: ['linux'], library: 'libstellar_fbas.so' },
  'x86_64-unknown-linux-musl': { name: 'linux-x64-musl', on: ['linux'], library: 'libstellar_fbas.so' },
  'aarch64-unknown-linux-musl': { name: 'linux-arm64-musl', on: ['linux'], library: 'libstellar_fbas.so' },
  'x86_64-apple-darwin': { name: 'darwin-x64', on: ['darwin'], library: 'libstellar_fbas.dylib' },
  'aarch64-apple-darwin': { name: 'darwin-arm64', on: ['darwin'], library: 'libstellar_fbas.dylib' },
  'x86_64-pc-windows-msvc': { name: 'win32-x64-msvc', on: ['win32'], library: 'stellar_fbas.dll' },
  'aarch64-pc-windows-msvc': { name: 'win32-arm64-msvc', on: ['win32'], library: 'stellar_fbas.dll' },
  'wasm32-wasip1-threads': { name: 'wasm32-wasi', on: ['linux', 'darwin', 'win32'] }
}

const asked = process.argv.slice(2)
const unknown = asked.filter((target) => !napi.targets.includes(target) || PLATFORMS[target] === undefined)
if (unknown.length > 0) throw new Error(`no such target: ${unknown}; there are ${napi.targets.join(', ')}`)
const here = napi.targets.filter((target) => PLATFORMS[target].on.includes(process.platform))

for (const target of asked.length > 0 ? asked : here) {
  const { name, library } = PLATFORMS[target]
  const folder = join(root, 'npm', name)
  mkdirSync(folder, { recursive: true })
  run('rustup', 'target', 'add', target)
  const addon = library === undefined ? wasm(folder) : native(target, library, folder, name)
  const { size } = statSync(addon)
  console.log(`${target}: ${size} bytes`)
  if (size > MOST_BYTES) throw new Error(`${addon} is larger than ${MOST_BYTES} bytes`)
}

function native(target, library, folder, name) {
  const options = ['--release', '--features', 'node', ...SMALL]
  if (target.includes('linux')) {
    // The C library of musl is that of the Node.js around it, not a copy.
    const flags = target.endsWith('musl') ? `-C target-feature=-crt-static ${SMALL_FLAGS}` : SMALL_FLAGS
    const version = target.endsWith('gnu') ? `.${GLIBC}` : ''
    run({ RUSTFLAGS: flags }, 'cargo-zigbuild', 'zigbuild', ...options, '--target', target + version)
  } else {
    run('cargo', 'build', ...options, '--target', target)
  }
  const addon = join(folder, `stellar-fbas.${name}.node`)
  copyFileSync(join(root, 'target', target, 'release', library), addon)
  return addon
}

/** The loader for WebAssembly and what it runs its threads with come from napi. */
function wasm(folder) {
  const napi = join(root, 'node_modules/@napi-rs/cli/dist/cli.js')
  const built = mkdtempSync(join(tmpdir(), 'stellar-fbas-'))
  const options = ['--platform', '--release', '--no-const-enum', '--features', 'node', '--output-dir', built]
  run(process.execPath, napi, 'build', ...options, '--target', 'wasm32-wasip1-threads', '--', ...SMALL)
  const { files } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  for (const file of files) copyFileSync(join(built, file), join(folder, file))
  rmSync(built, { recursive: true })
  return join(folder, 'stellar-fbas.wasm32-wasi.wasm')
}

function run(...command) {
  const environment = typeof command[0] === 'object' ? command.shift() : {}
  const [program, ...args] = command
  execFileSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } })
}
