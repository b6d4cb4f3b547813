// The public contract, at compile time: names, shapes and meaning that users rely on. `npm run test:types` checks it.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import ts from 'typescript'

import * as fbas from '../index.js'

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
  health: fbas.health satisfies () => { status: 'healthy'; version: string; solver: string; target: string }
}

test('every function of the contract is there', () => {
  for (const [name, value] of Object.entries(contract)) assert.equal(typeof value, 'function', name)
})

/** Of the contract of the next version, what is there. */
const NEXT = [
  ...['NodeResult', 'IntactNodesResult', 'CriticalGroup', 'CriticalGroupsResult'],
  ...['analyzeNode', 'analyzeIntactNodes', 'analyzeCriticalGroups']
]

test('index.d.ts is assignable to the published contract', (context) => {
  const root = join(__dirname, '..')
  const published = join(root, '..', 'shared', 'API.d.ts')
  if (!existsSync(published)) {
    context.skip('SKIPPED: ../shared/API.d.ts is not there')
    return
  }
  // Every exported declaration of the contract, against the one of the same name that is generated.
  const source = ts.createSourceFile(
    published,
    ts.sys.readFile(published) ?? '',
    ts.ScriptTarget.ES2022,
    true
  )
  const lines = [
    `import type * as Ours from '../index.js'`,
    `import type * as Theirs from '../../shared/API.js'`
  ]
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement)) {
      const name = statement.name?.text
      lines.push(`export const ${name}: typeof Theirs.${name} = null as unknown as typeof Ours.${name}`)
    } else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
      const name = statement.name.text
      lines.push(`export const of${name}: Theirs.${name} = null as unknown as Ours.${name}`)
    } else if (ts.isClassDeclaration(statement)) {
      const name = statement.name?.text
      lines.push(`export const ${name}: Theirs.${name} = null as unknown as Ours.${name}`)
      lines.push(
        `export const load${name}: typeof Theirs.${name}.load = null as unknown as typeof Ours.${name}.load`
      )
    }
  }
  const next = ts.sys.readFile(join(root, '..', 'shared', 'API-next.d.ts')) ?? ''
  lines.push(`import type * as Next from '../../shared/API-next.js'`)
  for (const name of NEXT) {
    assert.match(next, new RegExp(`^export (interface|function) ${name}\\b`, 'm'))
    lines.push(
      /^[A-Z]/.test(name)
        ? `export const next${name}: Next.${name} = null as unknown as Ours.${name}`
        : `export const ${name}: typeof Next.${name} = null as unknown as typeof Ours.${name}`
    )
  }
  assert.ok(lines.length > 25, 'the contract was read')
  const file = join(root, '__test__', 'assignable.generated.ts')
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')]
  }
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists, getSourceFile } = host
  host.readFile = (name) => (name === file ? lines.join('\n') : readFile(name))
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? ts.createSourceFile(name, lines.join('\n'), ts.ScriptTarget.ES2022)
      : getSourceFile(name, ...rest)
  const program = ts.createProgram([file], options, host)
  const problems = ts.getPreEmitDiagnostics(program)
  assert.deepEqual(
    problems.map((problem) => ts.flattenDiagnosticMessageText(problem.messageText, '\n')),
    []
  )
})
