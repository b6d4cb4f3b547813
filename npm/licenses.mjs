// Gathers the licenses of all crates that are compiled into the addon, for whoever gets the addon: most of them ask for that.
//
//   node npm/licenses.mjs              writes npm/THIRD-PARTY-LICENSES.txt, which is committed and packed beside every addon
//
// Those of the libraries that are bundled into dist/ are gathered by ts/bundle.mjs.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Where the text is. */
export const FILE = join(root, 'npm/THIRD-PARTY-LICENSES.txt')

/** The licenses as they should be there, by the crates of Cargo.lock. */
export function licenses() {
  const args = ['metadata', '--format-version', '1', '--locked', '--features', 'node']
  const metadata = JSON.parse(
    execFileSync('cargo', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  )
  const crates = compiledIn(metadata)
  // Many crates have one text in common.
  const byText = new Map()
  for (const crate of crates) {
    const text = licenseText(crate)
    byText.set(text, [...(byText.get(text) ?? []), crate])
  }
  const introduction =
    'The addon (*.node, or *.wasm) contains these packages in compiled form, unchanged. The source of each is at the address given,\n' +
    "and so it is for the standard library of Rust (https://github.com/rust-lang/rust, MIT OR Apache-2.0), which is the Rust Project's."
  const parts = [...byText].map(([text, crates]) => [...crates.map(line), '', text].join('\n'))
  return [introduction, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`) + '\n'
}

function line({ name, version, license }) {
  return `${name} ${version} (${license}) https://crates.io/crates/${name}/${version}`
}

/** Packages that the crate depends on when it runs, on whatever platform; not those that only compile it. */
function compiledIn({ packages, resolve }) {
  const described = new Map(packages.map((crate) => [crate.id, crate]))
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]))
  const reached = new Set([resolve.root])
  for (const id of reached) {
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) {
      const isMacro = described.get(pkg).targets.some(({ kind }) => kind.includes('proc-macro'))
      if (!isMacro && kinds.some(({ kind }) => kind === null)) reached.add(pkg)
    }
  }
  reached.delete(resolve.root)
  const crates = [...reached].map((id) => described.get(id))
  return crates.sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1))
}

/** The text that counts: that of MIT where there is a choice. */
function licenseText({ name, license, authors, manifest_path: manifest }) {
  const folder = dirname(manifest)
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|unlicense)/i.test(file))
  const allows = (one) => license.split(/[/() ]+/).includes(one)
  const chosen = allows('MIT')
    ? (files.find((file) => /mit/i.test(file)) ?? files.find((file) => !/apache|unlicense|zlib/i.test(file)))
    : files.sort()[0]
  if (chosen !== undefined) return readFileSync(join(folder, chosen), 'utf8').replaceAll('\r', '').trim()
  if (!allows('MIT')) throw new Error(`${name} has no license text`)
  // Published without its text, which is the same for all under this license.
  return `Copyright (c) ${authors.length > 0 ? authors.join(', ') : `the authors of ${name}`}\n\n${mitTerms()}`
}

function mitTerms() {
  const own = readFileSync(join(root, 'LICENSE'), 'utf8')
  return own.slice(own.indexOf('Permission is hereby granted')).trim()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, licenses())
