// Prints what the changelog says of a version, and fails where the version is not the one that everything here is of.
//
//   node npm/changes.mjs v1.2.3

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const read = (name) => readFileSync(join(root, name), 'utf8')

const version = process.argv[2]?.replace(/^v/, '')
if (version === undefined) throw new Error('usage: node npm/changes.mjs vX.Y.Z')
const inPackage = JSON.parse(read('package.json')).version
const inCrate = /^version = "(.+)"$/m.exec(read('Cargo.toml'))?.[1]
if (inPackage !== version || inCrate !== version) {
  throw new Error(`package.json is of version ${inPackage}, Cargo.toml of ${inCrate}, the tag of ${version}`)
}

const sections = read('docs/CHANGELOG.md').split(/^## /m).slice(1)
const section = sections.find(
  (section) => section.startsWith(`${version}\n`) || section.startsWith(`${version} `)
)
if (section === undefined) throw new Error(`docs/CHANGELOG.md has no section "## ${version}"`)
console.log(section.slice(section.indexOf('\n')).trim())
