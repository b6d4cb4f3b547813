// Bundles `stellar-fbas/web` out of ts/web/ and of the WebAssembly that npm/wasm.mjs has made, and measures it.
//
//   node ts/bundle-web.mjs
//
// `index.mjs` is one module with everything in it, so that no bundler has to know of workers and WebAssembly; `by-url.mjs` is the same without
// the WebAssembly, which is beside it, and so is the worker for pages that may not make one of text.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

import { declared } from './declared.mjs'
import { licenses } from './licenses.mjs'
import { MOST_BYTES, packed } from './packed.mjs'

const ts = dirname(fileURLToPath(import.meta.url))
const root = join(ts, '..')
const binding = join(root, 'src/binding')
const web = join(root, 'dist/web')
const WASM = join(web, 'stellar-fbas.wasm')
async function bundle() {
  mkdirSync(web, { recursive: true })
  const worker = await build({
    ...options('worker'),
    format: 'iife',
    outfile: join(web, 'worker.js'),
    plugins: [scripts]
  })
  const inside = JSON.stringify(asText(readFileSync(WASM)))
  const define = { WORKER: JSON.stringify(readFileSync(join(web, 'worker.js'), 'utf8')) }
  const pages = await Promise.all(
    Object.entries({ index: inside, 'by-url': 'undefined' }).map(([name, wasm]) =>
      build({
        ...options('index'),
        format: 'esm',
        outfile: join(web, `${name}.mjs`),
        define: { ...define, WASM: wasm }
      })
    )
  )
  const compat = await build({
    ...options('compat'),
    format: 'esm',
    outfile: join(web, 'compat.mjs'),
    plugins: [scripts, onPage],
    define: { WORKER: '""', WASM: inside }
  })
  writeFileSync(join(web, 'compat.d.mts'), declared(join(ts, 'web/compat.ts')))
  // The same for both.
  for (const name of ['index', 'by-url']) {
    const text = declared(join(ts, 'web/index.ts')).replace("'./where.js'", "'./where.mjs'")
    writeFileSync(join(web, `${name}.d.mts`), text)
  }
  writeFileSync(join(web, 'where.d.mts'), declared(join(ts, 'web/where.ts')))
  writeFileSync(
    join(web, 'THIRD-PARTY-LICENSES.txt'),
    licenses('The worker contains', [worker, ...pages, compat])
  )
  for (const name of ['index.mjs', 'by-url.mjs', 'compat.mjs']) {
    const bytes = packed(join(web, name))
    console.log(`dist/web/${name}: ${bytes} bytes with brotli`)
    if (bytes > MOST_BYTES) throw new Error(`dist/web/${name} is larger than ${MOST_BYTES} bytes with brotli`)
  }
}

function options(name) {
  return {
    absWorkingDir: root,
    entryPoints: [`ts/web/${name}.ts`],
    bundle: true,
    minify: true,
    charset: 'utf8',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true
  }
}

/** Bytes as a text of as many characters, none of which a script has to escape: brotli packs it as well as the bytes, unlike base64. */
function asText(bytes) {
  return Array.from(bytes, (byte) => String.fromCharCode(byte + (byte < 57 ? 35 : 36))).join('')
}

/** Scripts that the binding has evaluated, by their texts: pages may not evaluate any. */
const scripts = {
  name: 'scripts of the binding',
  setup(build) {
    const only = { filter: /.*/, namespace: 'scripts' }
    build.onResolve({ filter: /^scripts of the binding$/ }, ({ path }) => ({ path, namespace: 'scripts' }))
    build.onLoad(only, () => {
      const files = readdirSync(binding).filter((name) => name.endsWith('.js'))
      const texts = [...files.map((name) => readFileSync(join(binding, name), 'utf8')), 'JSON.parse']
      const entries = texts.map((text) => `${JSON.stringify(text)}: () => (${expression(text)})`)
      return { contents: `export default { ${entries.join(', ')} }` }
    })
  }
}

/** What was written for the addon has the binding. */
const onPage = {
  name: 'on a page',
  setup(build) {
    build.onResolve({ filter: /^\.\.\/index\.js$/ }, () => ({ path: join(ts, 'web/compat-addon.ts') }))
  }
}

/** A script without what stands before its one expression. */
const expression = (text) => text.replace(/^(\/\/.*\n|\s|;)*/, '')

await bundle()
