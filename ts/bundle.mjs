// Bundles the command line and the report, and one file of the module for NestJS, with the libraries that they use, so that the package itself
// depends on none.
//
// The addon's loader stays outside, and so does the report, which the command line loads when it is asked for one. The licenses of what is
// bundled are written beside it.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'
import typescript from 'typescript'

const ts = dirname(fileURLToPath(import.meta.url))
const root = join(ts, '..')
const dist = join(root, 'dist')

const OPTIONS = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true
}

const JSX = { jsx: 'automatic', jsxImportSource: 'preact' }

for (const folder of ['cli', 'report']) rmSync(join(dist, folder), { recursive: true, force: true })

const [cli, nestjs, page] = await Promise.all([
  build({
    ...OPTIONS,
    entryPoints: ['ts/cli/main.ts'],
    outfile: 'dist/cli/main.js',
    // Its other form asks for its own address, which a bundle has not.
    alias: { tinyglobby: join(root, 'node_modules/tinyglobby/dist/index.cjs') },
    external: ['../../index.js', '../report/index.js']
  }),
  // In place of what was compiled, which asks for a library.
  build({
    ...OPTIONS,
    entryPoints: ['ts/nestjs/history/concurrently.ts'],
    outfile: 'dist/nestjs/history/concurrently.js'
  }),
  // What the page needs while somebody looks at it.
  build({
    ...OPTIONS,
    entryPoints: [
      ...['page.client.ts', 'page.css', 'picture/picture.css'],
      ...['time/page.client.tsx', 'time/page.css']
    ].map((file) => `ts/report/${file}`),
    ...JSX,
    outdir: 'dist/report',
    write: false,
    minify: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022'
  })
])
const inlined = (name) => JSON.stringify(page.outputFiles.find(({ path }) => path.endsWith(name)).text.trim())
const report = await build({
  ...OPTIONS,
  entryPoints: ['ts/report/index.tsx'],
  outfile: 'dist/report/index.js',
  ...JSX,
  define: {
    PAGE_SCRIPT: inlined('report/page.client.js'),
    PAGE_STYLE: inlined('report/page.css'),
    PICTURE_STYLE: inlined('picture.css'),
    TIME_SCRIPT: inlined('time/page.client.js'),
    TIME_STYLE: inlined('time/page.css')
  }
})
// What a backend sees of it; what the types are made of is compiled beside it, file by file.
const types = typescript.transpileDeclaration(readFileSync(join(ts, 'report/index.tsx'), 'utf8'), {
  fileName: 'index.tsx',
  reportDiagnostics: true
})
if (types.diagnostics.length > 0)
  throw new Error(types.diagnostics.map(({ messageText }) => messageText).join())
writeFileSync(join(dist, 'report/index.d.ts'), types.outputText)
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licenses([cli, nestjs, page, report]))

/** The licenses of all packages that something bundled comes from. */
function licenses(bundles) {
  const files = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs))
  // The last folder of that name: packages may hold packages.
  const packages = files.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [])
  const texts = [...new Set(packages)].sort().map((folder) => {
    const { name, version, license, author } = JSON.parse(readFileSync(join(root, folder, 'package.json')))
    return `${name} ${version} (${license})\n\n${licenseText(folder, license, author)}`
  })
  const introduction =
    'The command line (cli/), the report (report/) and histories in NestJS (nestjs/history/) contain parts of these packages.'
  return [introduction, ...new Set(texts)].join(`\n\n${'-'.repeat(80)}\n\n`) + '\n'
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
