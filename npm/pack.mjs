// Packs what a release publishes: the package itself, and one package a platform.
//
//   node npm/pack.mjs FOLDER           for this platform, with the addon that `npm run build` has put into the root
//   node npm/pack.mjs FOLDER --all     for all platforms, with the addons that `build.mjs` has put into their folders
//
// Prints the paths of the archives, the package itself first.

import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The licenses of what is compiled into an addon: see licenses.mjs. */
const NOTICES = 'THIRD-PARTY-LICENSES.txt'
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const [destination, all] = process.argv.slice(2)
if (destination === undefined || ![undefined, '--all'].includes(all)) {
  throw new Error('usage: node npm/pack.mjs FOLDER [--all]')
}
mkdirSync(destination, { recursive: true })

const itself = described(root)
const platforms = readdirSync(join(root, 'npm'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ name, ...described(join(root, 'npm', name)) }))
for (const { name, version } of platforms) {
  if (version !== itself.version)
    throw new Error(`npm/${name} is of version ${version}, not ${itself.version}`)
}

// npm installs of these what fits the machine, and nothing for the others.
const optionalDependencies = Object.fromEntries(
  platforms.map(({ content: { name }, version }) => [name, version])
)
if (!existsSync(join(root, 'dist/web/index.mjs'))) {
  if (all) throw new Error('dist/web is missing: npm run build:web')
  // What a page needs is built apart.
  for (const names of [itself.content.exports, itself.content.typesVersions['*']]) {
    for (const name of Object.keys(names)) if (/^(\.\/)?(web|compat-web)\b/.test(name)) delete names[name]
  }
}
pack(root, root, { ...itself.content, optionalDependencies })

const ready = platforms.flatMap(({ name, content }) => {
  const from = all ? join(root, 'npm', name) : root
  const missing = content.files.find((file) => !existsSync(join(from, file)))
  if (missing !== undefined && all) throw new Error(`npm/${name} lacks ${missing}: node npm/build.mjs`)
  return missing === undefined ? [{ name, content, from }] : []
})
if (ready.length === 0) throw new Error('no addon is built here; `npm install` builds it')
for (const { name, content, from } of ready) pack(join(root, 'npm', name), from, content, NOTICES)

function described(folder) {
  const content = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return { content, version: content.version }
}

/** Packs a copy, so that what is published may differ from what lies here, and what is built already is not built again. */
function pack(folder, built, content, ...notices) {
  const copy = mkdtempSync(join(tmpdir(), 'stellar-fbas-'))
  for (const file of content.files) cpSync(join(built, file), join(copy, file), { recursive: true })
  cpSync(join(folder, 'README.md'), join(copy, 'README.md'))
  cpSync(join(root, 'LICENSE'), join(copy, 'LICENSE'))
  for (const file of notices) cpSync(join(root, 'npm', file), join(copy, file))
  const { scripts, devDependencies, napi, remarkConfig, ...published } = content
  writeFileSync(
    join(copy, 'package.json'),
    `${JSON.stringify({ ...published, files: [...published.files, ...notices] }, null, 2)}\n`
  )
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', resolve(destination)]
  const printed = execFileSync('npm', args, {
    cwd: copy,
    encoding: 'utf8',
    shell: process.platform === 'win32'
  })
  rmSync(copy, { recursive: true })
  console.log(join(resolve(destination), JSON.parse(printed)[0].filename))
}
