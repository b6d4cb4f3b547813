// The licenses of what is bundled into dist/, to stand beside it.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The licenses of all packages that something bundled comes from. */
export function licenses(what, bundles) {
  const files = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs))
  // The last folder of that name: packages may hold packages.
  const packages = files.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [])
  const texts = [...new Set(packages)].sort().map((folder) => {
    const { name, version, license, author } = JSON.parse(readFileSync(join(root, folder, 'package.json')))
    return `${name} ${version} (${license})\n\n${licenseText(folder, license, author)}`
  })
  return [`${what} parts of these packages.`, ...new Set(texts)].join(`\n\n${'-'.repeat(80)}\n\n`) + '\n'
}

function licenseText(folder, license, author) {
  const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name))
  if (file !== undefined) return readFileSync(join(root, folder, file), 'utf8').trim()
  const holder = typeof author === 'string' ? author : author?.name
  if (license !== 'MIT' || holder === undefined) throw new Error(`${folder} has no license text`)
  // Published without its text, which is the same for all under this license.
  return `Copyright (c) ${holder}\n\n${mitTerms()}`
}

function mitTerms() {
  const own = readFileSync(join(root, 'LICENSE'), 'utf8')
  return own.slice(own.indexOf('Permission is hereby granted')).trim()
}
