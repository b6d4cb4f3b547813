// Bundles the command line, the report and the page to try changes on, and one file of the module for NestJS, with the libraries that they use, so that the package itself
// depends on none.
//
// The addon's loader stays outside, and so do both pages, which the command line loads when it is asked for one. The page to try changes on has
// the WebAssembly put in when it is written. The licenses of what is bundled are written beside it.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'
import { declared } from './declared.mjs'
import { licenses } from './licenses.mjs'

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

for (const folder of ['cli', 'explore', 'report'])
  rmSync(join(dist, folder), { recursive: true, force: true })

const [cli, nestjs, page] = await Promise.all([
  build({
    ...OPTIONS,
    entryPoints: ['ts/cli/main.ts'],
    outfile: 'dist/cli/main.js',
    // Its other form asks for its own address, which a bundle has not.
    alias: { tinyglobby: join(root, 'node_modules/tinyglobby/dist/index.cjs') },
    // `open` looks whether it has one.
    logOverride: { 'empty-import-meta': 'silent' },
    external: ['../../index.js', '../explore/index.js', '../report/index.js']
  }),
  // In place of what was compiled, which asks for a library.
  build({
    ...OPTIONS,
    entryPoints: ['ts/nestjs/history/concurrently.ts'],
    outfile: 'dist/nestjs/history/concurrently.js'
  }),
  // What the pages need while somebody looks at them.
  build({
    ...OPTIONS,
    entryPoints: [
      ...['report/page.client.ts', 'report/page.css', 'report/picture/picture.css'],
      ...['report/time/page.client.tsx', 'report/time/page.css'],
      ...['explore/page.client.tsx', 'explore/page.css']
    ].map((file) => `ts/${file}`),
    ...JSX,
    outbase: 'ts',
    outdir: 'dist',
    // What the page to try changes on passes to it instead.
    define: { WASM: 'undefined', WORKER: '""' },
    write: false,
    minify: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022'
  })
])
const inlined = (name) => JSON.stringify(page.outputFiles.find(({ path }) => path.endsWith(name)).text.trim())
const styles = { PAGE_STYLE: inlined('report/page.css'), PICTURE_STYLE: inlined('picture.css') }
const [report, explore] = await Promise.all([
  build({
    ...OPTIONS,
    entryPoints: ['ts/report/index.tsx'],
    outfile: 'dist/report/index.js',
    ...JSX,
    define: {
      ...styles,
      PAGE_SCRIPT: inlined('report/page.client.js'),
      TIME_SCRIPT: inlined('time/page.client.js'),
      TIME_STYLE: inlined('time/page.css')
    }
  }),
  build({
    ...OPTIONS,
    entryPoints: ['ts/explore/index.tsx'],
    outfile: 'dist/explore/index.js',
    ...JSX,
    define: {
      ...styles,
      EXPLORE_SCRIPT: inlined('explore/page.client.js'),
      EXPLORE_STYLE: inlined('explore/page.css')
    }
  })
])
// What a backend sees of it; what the types are made of is compiled beside it, file by file.
writeFileSync(join(dist, 'report/index.d.ts'), declared(join(ts, 'report/index.tsx')))
const WHAT =
  'The command line (cli/), the report (report/), the page to try changes on (explore/) and histories in NestJS (nestjs/history/) contain'
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licenses(WHAT, [cli, nestjs, page, report, explore]))
