// What is published: every file in the archives is one that should be there, and in an empty folder, on a machine without Rust, the examples run
// and type-check however a project resolves its modules.

import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'

import { examplesIn, root } from '../examples.js'
import { installInto, pack } from '../packed.js'

const work = promisify(execFile)
/** What `npm run build:web` has built, which needs more than the addon does. */
const webFiles = existsSync(join(root, 'dist/web/index.mjs'))
  ? [
      ...['index', 'by-url', 'compat'].flatMap((name) => [`web/${name}.mjs`, `web/${name}.d.mts`]),
      ...['where.d.mts', 'worker.js', 'stellar-fbas.wasm', 'THIRD-PARTY-LICENSES.txt'].map(
        (name) => `web/${name}`
      )
    ]
  : []
const modules = join(root, 'node_modules')
let folder: string
let installed: string
let archives: [itself: string, addon: string]

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stellar-fbas-'))
  installed = join(folder, 'installed')
  archives = pack(folder)
  await installInto(installed, ...archives)
  cpSync(join(modules, '@types/node'), join(installed, 'node_modules/@types/node'), { recursive: true })
  cpSync(join(modules, 'undici-types'), join(installed, 'node_modules/undici-types'), { recursive: true })
})

after(() => rmSync(folder, { recursive: true }))

/** All files below a folder, with forward slashes. */
function filesIn(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
}

/** Runs Node.js in the folder, with nothing else on the PATH. */
async function node(...args: string[]): Promise<string> {
  const { NODE_TEST_CONTEXT, NODE_PATH, ...inherited } = process.env
  const env = { ...inherited, PATH: dirname(process.execPath) }
  const { stdout } = await work(process.execPath, args, { cwd: installed, env }).catch((error) => {
    throw new Error(`${args.join(' ')}\n${error.stdout}\n${error.stderr}`)
  })
  return stdout.trim()
}

test('the package holds these files and no others', () => {
  const expected = [
    ...['LICENSE', 'README.md', 'index.d.ts', 'index.js', 'package.json'],
    ...['README.md', 'organizations-2025-11.json', 'stellar-2025-11.json'].map(
      (name) => `examples/network/${name}`
    ),
    ...[
      'THIRD-PARTY-LICENSES.txt',
      'cli/main.js',
      'explore/index.js',
      'report/index.js',
      'report/index.d.ts'
    ].map((name) => `dist/${name}`),
    ...webFiles.map((name) => `dist/${name}`),
    // What is imported is compiled file by file.
    ...[
      'compat.ts',
      ...['nestjs', 'study'].flatMap((folder) =>
        filesIn(join(root, 'ts', folder)).map((name) => `${folder}/${name}`)
      )
    ].flatMap((name) => ['js', 'd.ts'].map((ending) => `dist/${name.replace(/ts$/, ending)}`))
  ]
  assert.deepEqual(filesIn(join(installed, 'node_modules/stellar-fbas')), expected.sort())
})

test('an addon comes with what says for which platform it is, and is small', () => {
  const [name = ''] = readdirSync(join(installed, 'node_modules')).filter((name) =>
    name.startsWith('stellar-fbas-')
  )
  const directory = join(installed, 'node_modules', name)
  const [addon = ''] = filesIn(directory).filter((file) => file.endsWith('.node'))
  const beside = ['LICENSE', 'README.md', 'THIRD-PARTY-LICENSES.txt', 'package.json']
  assert.deepEqual(filesIn(directory), [...beside, addon].sort())
  assert.ok(statSync(join(directory, addon)).size <= 3_280_000)
  const { cpu, os, scripts, dependencies } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  assert.deepEqual(
    [cpu, os, scripts, dependencies],
    [[process.arch], [process.platform], undefined, undefined]
  )
})

test('nothing runs when it is installed, and nothing else is installed with it', () => {
  const published = JSON.parse(
    readFileSync(join(installed, 'node_modules/stellar-fbas/package.json'), 'utf8')
  )
  assert.deepEqual([published.scripts, published.dependencies], [undefined, undefined])
  const platforms = readdirSync(join(root, 'npm'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory()
  )
  assert.deepEqual(
    published.optionalDependencies,
    Object.fromEntries(platforms.map(({ name }) => [`stellar-fbas-${name}`, published.version]))
  )
  // An optional peer is the choice of whoever needs it.
  assert.deepEqual(
    Object.keys(published.peerDependencies).sort(),
    Object.keys(published.peerDependenciesMeta).sort()
  )
})

test('versions are the same everywhere', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const cargo = readFileSync(join(root, 'Cargo.toml'), 'utf8')
  assert.equal(/^version = "(.+)"$/m.exec(cargo)?.[1], version)
  for (const name of readdirSync(join(root, 'npm'), { withFileTypes: true })) {
    if (!name.isDirectory()) continue
    const platform = JSON.parse(readFileSync(join(root, 'npm', name.name, 'package.json'), 'utf8'))
    assert.equal(platform.version, version, name.name)
  }
})

test('the first example of the README, as an ES module and as CommonJS', async () => {
  const [example = ''] = examplesIn(readFileSync(join(root, 'README.md'), 'utf8'))
  const expected = [...example.matchAll(/console\.log\(.*\) \/\/ (\w+)/g)].map((match) => match[1])
  assert.ok(expected.length >= 5)
  // Types are checked below; here is what a project runs after its own build.
  writeFileSync(join(installed, 'module.mjs'), example)
  const [imports = '', ...rest] = example.split('\n')
  const required = imports.replace(/import (.*) from (.*)/, 'const $1 = require($2)')
  writeFileSync(join(installed, 'common.cjs'), `${required}\n!(async () => {${rest.join('\n')}})()`)
  assert.deepEqual((await node('module.mjs')).split('\n'), expected)
  assert.deepEqual((await node('common.cjs')).split('\n'), expected)
})

test('the report and what changed, as an ES module and as CommonJS', async () => {
  const names = 'changesBetween, reportHtml, studyNetwork'
  const program = `
    !(async () => {
      const network = FbasNetwork.loadSync([{ publicKey: 'A', quorumSet: { threshold: 1, validators: ['A'] } }])
      const study = await studyNetwork(network, { title: 'One node' })
      console.log(reportHtml(study).includes('One node</title>'), changesBetween(study, study, 'up').length)
    })()`
  const imports = `import { FbasNetwork } from 'stellar-fbas'\nimport { ${names} } from 'stellar-fbas/report'`
  writeFileSync(join(installed, 'report.mjs'), imports + program)
  writeFileSync(
    join(installed, 'report.cjs'),
    imports.replaceAll(/import (.*) from (.*)/g, 'const $1 = require($2)') + program
  )
  for (const file of ['report.mjs', 'report.cjs']) assert.equal(await node(file), 'true 0', file)
})

for (const [module, moduleResolution] of [
  ['node16', 'node16'],
  ['esnext', 'bundler']
] as const) {
  test(`types are right where modules are resolved as by ${moduleResolution}`, async () => {
    const [example = ''] = examplesIn(readFileSync(join(root, 'README.md'), 'utf8'))
    const uses = `
      import { performAnalysis, FbasNetwork, type AnalysisResult, type FbasErrorCode } from 'stellar-fbas'
      import { analyze_top_tier, MergeBy } from 'stellar-fbas/compat'
      import { changesBetween, pictureSvg, reportHtml, studyNetwork, type Change, type Study } from 'stellar-fbas/report'
      export const result: Promise<AnalysisResult> = performAnalysis('[]', null, { timeoutMs: 1_000 })
      export const size: number = analyze_top_tier('[]', '[]', MergeBy.DoNotMerge).top_tier_size
      export async function all(network: FbasNetwork): Promise<bigint | undefined> {
        using held = network
        for await (const set of held.minimalQuorums({ limit: 3 })) set.join()
        return (await held.analyzeQuorums()).totalSets
      }
      export const code: FbasErrorCode = 'TIMEOUT'
      export async function told(network: FbasNetwork, before: Study): Promise<[string, string, Change[]]> {
        const study = await studyNetwork(network, { title: 'T', timeoutMs: 1_000 })
        return [reportHtml(study, { date: 'today' }), pictureSvg(study, 'splitting'), changesBetween(before, study, 'up')]
      }
      // @ts-expect-error no such set is shown
      export const picture = (study: Study): string => pictureSvg(study, 'nothing')
      // @ts-expect-error there is no such option
      void performAnalysis('[]', null, { timeout: 1 })`
    writeFileSync(join(installed, 'example.mts'), example)
    writeFileSync(join(installed, 'uses.mts'), uses)
    const files = ['example.mts', 'uses.mts']
    // What a bundler resolves is ES modules alone.
    if (moduleResolution === 'node16') {
      writeFileSync(join(installed, 'uses.cts'), uses)
      files.push('uses.cts')
    }
    const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess']
    const how = ['--module', module, '--moduleResolution', moduleResolution, '--target', 'es2022']
    await node(
      join(modules, 'typescript/bin/tsc'),
      ...[...options, ...how, '--lib', 'es2022,esnext.disposable', '--types', 'node', ...files]
    )
  })
}

test('types of a web page are right', { skip: webFiles.length === 0 && 'not built here' }, async () => {
  const uses = `
    import { analyzeFull, changeNetwork, FbasNetwork, health, load, type AnalysisOptions, type FullAnalysis, type Health, type Source } from 'stellar-fbas/web'
    import * as byUrl from 'stellar-fbas/web/by-url'
    import init, { analyze_top_tier, MergeBy } from 'stellar-fbas/compat-web'
    export const size = async (): Promise<number> => (await init(), analyze_top_tier('[]', '[]', MergeBy.Orgs).top_tier_size)
    const from: Source = { wasm: new URL('https://example.org/stellar-fbas.wasm') }
    export const both: Promise<void>[] = [load(), byUrl.load(from)]
    export const full = (options: AnalysisOptions): Promise<FullAnalysis> => analyzeFull('[]', null, options)
    export const said: Promise<Health> = health()
    export async function all(): Promise<bigint | undefined> {
      const network: FbasNetwork = await FbasNetwork.load([])
      const changed: FbasNetwork = await changeNetwork(network, null, { remove: ['A'] })
      for await (const set of changed.minimalQuorums({ limit: 3 })) set.join()
      const hash: string = await network.hash()
      return hash === '' ? undefined : (await network.analyzeQuorums({ signal: AbortSignal.abort() })).totalSets
    }
    // @ts-expect-error nothing blocks
    void FbasNetwork.loadSync
    // @ts-expect-error there is no such option
    void analyzeFull('[]', null, { timeout: 1 })`
  writeFileSync(join(installed, 'page.mts'), uses)
  for (const [module, moduleResolution] of [
    ['node16', 'node16'],
    ['esnext', 'bundler']
  ] as const) {
    const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess']
    const how = ['--module', module, '--moduleResolution', moduleResolution, '--target', 'es2022']
    const libraries = ['--lib', 'es2022,dom,esnext.disposable', '--types', 'node']
    await node(join(modules, 'typescript/bin/tsc'), ...options, ...how, ...libraries, 'page.mts')
  }
})

test('linters of packages find nothing', () => {
  const [itself] = archives
  const run = (program: string, ...args: string[]) =>
    execFileSync(process.execPath, [join(modules, program), ...args], { encoding: 'utf8', stdio: 'pipe' })
  run('publint/src/cli.js', itself, '--strict')
  // Web pages have ES modules only, and two files that are no modules.
  const apart = ['--exclude-entrypoints', 'web/stellar-fbas.wasm', 'web/worker.js']
  run('@arethetypeswrong/cli/dist/index.js', itself, '--ignore-rules', 'cjs-resolves-to-esm', ...apart)
})
