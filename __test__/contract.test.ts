// The public contract, at compile time: names, shapes and meaning that users rely on. `npm run test:types` checks it.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import ts from 'typescript'

import * as fbas from '../index.js'
import { FbasService } from 'stellar-fbas/nestjs'
import { compareNetworks } from 'stellar-fbas/report'

type NodesInput = fbas.FbasNode[] | string | Uint8Array
type OrganizationsInput = fbas.FbasOrganization[] | string | Uint8Array
type Analysis<R> = (
  nodes: NodesInput,
  organizations?: OrganizationsInput | null,
  options?: fbas.AnalysisOptions | null
) => Promise<R>

interface MinimalSet {
  minSize: number | null
  isExact: boolean
  lowerBound: number
  exampleSet: string[]
  sets?: string[][]
  isComplete?: boolean
  totalSets?: bigint
  executionTimeMs: number
}
interface Merged {
  topTierSize: number
  blockingSetsMinSize: number
  blockingSetsFilteredMinSize: number
  splittingSetsMinSize: number
}
interface Found {
  code: string
  message: string
  nodes: string[]
}
type Checked = 'safe' | 'unsafe' | 'unknown'
interface Result {
  hasQuorumIntersection: boolean
  hasSymmetricTopTier: boolean
  node: Merged
  organization: Merged
  country: Merged
  isp: Merged
  findings: Found[]
  engine: string
}

export const contract = {
  analyzeTopTier: fbas.analyzeTopTier satisfies Analysis<{ topTier: string[]; topTierSize: number }>,
  analyzeSymmetricTopTier: fbas.analyzeSymmetricTopTier satisfies Analysis<{
    symmetricTopTier: fbas.QuorumSet | null
    executionTimeMs: number
  }>,
  analyzeBlockingSets: fbas.analyzeBlockingSets satisfies Analysis<MinimalSet>,
  analyzeSplittingSets: fbas.analyzeSplittingSets satisfies Analysis<
    MinimalSet & { hasQuorumIntersection: boolean; quorumA: string[]; quorumB: string[] }
  >,
  analyzeQuorums: fbas.analyzeQuorums satisfies Analysis<
    MinimalSet & {
      hasQuorum: boolean
      hasQuorumIntersection: boolean
      disjointQuorums: [string[], string[]] | null
    }
  >,
  analyzeHistoryCritical: fbas.analyzeHistoryCritical satisfies Analysis<
    MinimalSet & { criticalSets: string[][]; quorum: string[] }
  >,
  performAnalysis: fbas.performAnalysis satisfies Analysis<Result>,
  preprocess: fbas.preprocess satisfies (
    nodes: NodesInput
  ) => Promise<{ nodes: fbas.FbasNode[]; findings: Found[] }>,
  changeNetwork: fbas.changeNetwork satisfies (
    nodes: NodesInput,
    organizations: OrganizationsInput | null,
    change: { set?: Record<string, fbas.QuorumSet | null>; add?: fbas.FbasNode[]; remove?: string[] }
  ) => Promise<fbas.FbasNetwork>,
  planChange: fbas.planChange satisfies (
    before: fbas.FbasNetwork | NodesInput,
    after: fbas.FbasNetwork | NodesInput,
    options?: { unit?: 'node' | 'organization'; floors?: { blocking?: number; splitting?: number } }
  ) => Promise<{ anyOrderIsSafe: boolean | null; order: { units: string[]; after: Merged }[] | null }>,
  compareNetworks: compareNetworks satisfies (
    before: fbas.FbasNetwork,
    after: fbas.FbasNetwork,
    options?: { unknownNodes?: 'dead' | 'free'; faultyNodes?: string[]; anytime?: boolean }
  ) => Promise<{ changes: { kind: string }[]; checks: { changed: Checked; worse: Checked } }>,
  health: fbas.health satisfies () => { status: 'healthy'; version: string; solver: string; target: string }
}

test('every function of the contract is there', () => {
  for (const [name, value] of Object.entries(contract)) assert.equal(typeof value, 'function', name)
})

/** What callers write, so that what counts is that all of it is taken, and not that no more is. */
const WRITTEN_BY_CALLERS = ['NetworkChange']

/** What the lines make use of. */
const PREAMBLE = [
  `import type { Result } from 'neverthrow'`,
  `import type { FbasError, FbasService } from 'stellar-fbas/nestjs'`,
  `import type * as Ours from '../index.js'`,
  `import type { FbasNetwork } from '../../shared/API.js'`,
  // A network that is passed is one that was loaded, with all that ours have.
  `type Passed<P extends unknown[]> = { [K in keyof P]: P[K] extends FbasNetwork ? Ours.FbasNetwork : P[K] }`,
  `type Called<F extends (...args: never[]) => unknown> = (...args: Passed<Parameters<F>>) => ReturnType<F>`,
  `type Served<F extends (...args: never[]) => unknown> =` +
    ` (...args: Passed<Parameters<F>>) => Promise<Result<Awaited<ReturnType<F>>, FbasError>>`
]

/** Lines for every declaration of a contract: that what has its name can be used as it says, in the package and in the service. */
function linesFor(contract: ts.SourceFile, theirs: string): string[] {
  const line = (what: string, canBe: string, is: string) =>
    `export const ${theirs}_${what}: ${canBe} = null as unknown as ${is}`
  return contract.statements.flatMap((statement) => {
    if (ts.isFunctionDeclaration(statement)) {
      const name = statement.name?.text ?? ''
      const [asked, called] = [`typeof ${theirs}.${name}`, `typeof Ours.${name}`]
      const lines = [line(name, `Called<${asked}>`, called)]
      if (name in FbasService.prototype) {
        lines.push(line(`${name}_served`, `Served<${asked}>`, `FbasService['${name}']`))
      }
      return lines
    }
    if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
      const name = statement.name.text
      const [is, canBe] = WRITTEN_BY_CALLERS.includes(name) ? [theirs, 'Ours'] : ['Ours', theirs]
      return [line(name, `${canBe}.${name}`, `${is}.${name}`)]
    }
    if (ts.isClassDeclaration(statement)) {
      const name = statement.name?.text
      return [
        line(`${name}`, `${theirs}.${name}`, `Ours.${name}`),
        line(`${name}_load`, `typeof ${theirs}.${name}.load`, `typeof Ours.${name}.load`)
      ]
    }
    assert.ok(ts.isImportDeclaration(statement), `${statement.getText()} is not held against anything`)
    return []
  })
}

test('index.d.ts and the service are assignable to the published contracts', (context) => {
  const root = join(__dirname, '..')
  const contracts = { API: 25, 'API-next': 15 }
  const published = (name: string) => join(root, '..', 'shared', `${name}.d.ts`)
  const missing = Object.keys(contracts).filter((name) => !existsSync(published(name)))
  if (missing.length > 0) {
    context.skip(`SKIPPED: ../shared/${missing.join('.d.ts and ../shared/')}.d.ts is not there`)
    return
  }
  const lines = Object.entries(contracts).flatMap(([name, least], index) => {
    const text = ts.sys.readFile(published(name)) ?? ''
    const source = ts.createSourceFile(published(name), text, ts.ScriptTarget.ES2022, true)
    const found = linesFor(source, `Theirs${index}`)
    assert.ok(found.length >= least, `${name}.d.ts: only ${found.length} lines`)
    return [`import type * as Theirs${index} from '../../shared/${name}.js'`, ...found]
  })
  const file = join(root, '__test__', 'assignable.generated.ts')
  // What is not so is found.
  const wrong =
    'export const wrong: Called<typeof Theirs1.planChange> = null as unknown as typeof Ours.analyzeNode'
  const problems = problemsOf(file, [...PREAMBLE, ...lines, wrong])
  const isOfWrong = (problem: string) => problem.startsWith(wrong)
  assert.deepEqual(
    problems.filter((problem) => !isOfWrong(problem)),
    []
  )
  assert.equal(problems.filter(isOfWrong).length, 1)
})

/** What the compiler says of a file that is not written. */
function problemsOf(file: string, lines: string[]): string[] {
  const text = lines.join('\n')
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    typeRoots: [join(__dirname, '..', 'node_modules', '@types')]
  }
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists, getSourceFile } = host
  host.readFile = (name) => (name === file ? text : readFile(name))
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest)
  const problems = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host))
  return problems.map((problem) => {
    const { line } = problem.file?.getLineAndCharacterOfPosition(problem.start ?? 0) ?? { line: 0 }
    return `${lines[line]}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`
  })
}
