// Whether the reading test can fail: changes one rule of what is said at a time, in the text of the built program, and reads what it says then.
// `npm run test:mutations -- [SHARE [FILE...]]`, for example `0.1 study/verdicts.ts`: a tenth of the mutations of that file. What noticed the
// earlier mutations of a file is read first, and little of it is enough for most; only what that does not notice is read in full, and then on
// the page. What was noticed before is not read again as long as the text of its file is the same (`target/mutations.json`), so a run that was
// stopped goes on. Lists the mutations that nobody noticed.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import ts from 'typescript'

import { MAIN } from '../cli/command.js'
import { Runner } from '../cli/runner.js'
import { root } from '../examples.js'
import { COLORS, filesOf, readsOf, wrongIn, type Read } from './reads.js'

const [share = '1', ...chosen] = process.argv.slice(2)
/** Two of each kind, with and without a choice of how unknown nodes are read; and all of them. */
const [FEW, MANY] = [24, 96]
/** A mutation may never end. */
const MOST_MS = 120_000
const REPORT = join(root, 'dist/report/index.js')
const [copy, log] = [join(root, 'target/mutated'), join(root, 'target/mutations.json')]
const mutated = { program: join(copy, 'dist/cli/main.js'), report: join(copy, 'dist/report/index.js') }

/** What has rules of what is said, but for names of what strangers typed. */
const isRead = (file: string) =>
  chosen.length > 0
    ? chosen.includes(file)
    : /^study\/(?!naming|visible)/.test(file) ||
      /^cli\/(analyze|diff|findings|intersection|misbehaviour|node|plan|said|sets|suggest|symmetric|top-tier)\.ts$/.test(
        file
      )

const OPERATORS = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&']
])
const OTHERS: Record<string, string> = {
  ...{ good: 'bad', bad: 'good', caution: 'good', unknown: 'neutral', neutral: 'unknown' },
  ...{ safe: 'unsafe', unsafe: 'safe' }
}

/** A file as the bundle has it. */
interface Section {
  file: string
  start: number
  end: number
  text: string
}

/** One thing that is changed: where, until where, and what stands there instead. */
interface Mutation {
  section: Section
  start: number
  end: number
  instead: string
}

function sectionsOf(bundle: string): Section[] {
  const heads = [...bundle.matchAll(/^\/\/ (\S+\.(?:[cm]?[jt]sx?|json|node))$/gm)]
  return heads.map(({ 1: path = '', index }, at) => {
    const end = heads[at + 1]?.index ?? bundle.length
    return { file: path.replace(/^ts\//, ''), start: index, end, text: bundle.slice(index, end) }
  })
}

/** Every change of one thing. */
function mutationsOf(section: Section): Mutation[] {
  const source = ts.createSourceFile(
    section.file,
    section.text,
    ts.ScriptTarget.Latest,
    true,
    ts.ScriptKind.JS
  )
  const mutations: Mutation[] = []
  const mutate = (node: ts.Node, instead: string) =>
    mutations.push({ section, start: node.getStart(), end: node.getEnd(), instead })
  const visit = (node: ts.Node): void => {
    // What the bundler wrote.
    if (ts.isVoidExpression(node)) return
    if (ts.isCallExpression(node) && /^(require|__\w+)$/.test(node.expression.getText())) return
    if (ts.isBinaryExpression(node)) {
      if (node.operatorToken.kind === ts.SyntaxKind.CommaToken) return
      const instead = OPERATORS.get(node.operatorToken.kind)
      if (instead !== undefined) mutate(node.operatorToken, instead)
    } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      mutate(node, node.operand.getText())
    } else if (ts.isConditionalExpression(node)) {
      const { condition, whenTrue, whenFalse } = node
      mutate(node, `${condition.getText()} ? ${whenFalse.getText()} : ${whenTrue.getText()}`)
    } else if (ts.isPropertyAccessExpression(node) && ['every', 'some'].includes(node.name.text)) {
      mutate(node.name, node.name.text === 'every' ? 'some' : 'every')
    } else if (ts.isNumericLiteral(node)) {
      mutate(node, String(Number(node.text) + 1))
    } else if (node.kind === ts.SyntaxKind.TrueKeyword) mutate(node, 'false')
    else if (node.kind === ts.SyntaxKind.FalseKeyword) mutate(node, 'true')
    else if (ts.isStringLiteral(node)) {
      const other = OTHERS[node.text]
      if (other !== undefined) mutate(node, `'${other}'`)
      // A sentence, or a part of one.
      else if (node.text.includes(' ')) mutate(node, "'something else'")
    } else if (ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)) {
      if (/[a-z]/.test(node.text)) mutate(node, node.getText().replace(/[a-z]+/, 'otherwise'))
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return mutations
}

const applied = (text: string, { start, end, instead }: Omit<Mutation, 'section'>) =>
  text.slice(0, start) + instead + text.slice(end)

/** The same change in the bundle of the report, if that has the place, and has it once. */
function inReport(report: string, { section, start, end, instead }: Mutation): string | undefined {
  const place = section.text.slice(Math.max(0, start - 60), end + 60)
  const at = report.indexOf(place)
  if (at < 0 || report.includes(place, at + 1)) return undefined
  const from = at + Math.min(60, start)
  return applied(report, { start: from, end: from + end - start, instead })
}

/** Reads with the mutated program, in a process that is another one after it went down. */
class Reader {
  #runner: Runner | undefined
  /** How often what is read has noticed mutations of a file. */
  readonly #noticed = new Map<string, number>()
  readonly #few: [string, Read[]][]
  #many: [string, Read[]][] | undefined

  constructor(readonly folder: string) {
    this.#few = this.#reads(0, FEW)
  }

  /** What notices it. */
  async notices({ section: { file } }: Mutation, onPage: () => boolean): Promise<string | undefined> {
    const few = await this.wrongOfFew(file)
    if (few !== undefined || onPage()) return few ?? 'on the page'
    this.#many ??= this.#reads(FEW, MANY - FEW)
    for (const [what, reads] of this.#many) if (await this.#isWrong(reads)) return `${what}, of many`
    return undefined
  }

  /** What is wrong of little that is read, and first of what has noticed something of this file. */
  async wrongOfFew(file = ''): Promise<string | undefined> {
    const score = (what: string) => this.#noticed.get(`${file} ${what}`) ?? 0
    for (const [what, reads] of [...this.#few].sort(([a], [b]) => score(b) - score(a))) {
      if (!(await this.#isWrong(reads))) continue
      this.#noticed.set(`${file} ${what}`, score(what) + 1)
      return what
    }
    return undefined
  }

  async #isWrong(reads: Read[]): Promise<boolean> {
    this.#runner ??= new Runner(this.folder, COLORS, MOST_MS)
    try {
      return (await wrongIn(mutated.program, this.#runner, reads)).length > 0
    } catch {
      this.end()
      return true
    }
  }

  end(): void {
    this.#runner?.end()
    this.#runner = undefined
  }

  #reads(first: number, count: number): [string, Read[]][] {
    const seeds = Array.from({ length: count }, (_, index) => first + index)
    for (const [name, network] of seeds.flatMap(filesOf))
      writeFileSync(join(this.folder, name), JSON.stringify(network))
    return readsOf(seeds)
  }
}

/** Whether the page is wrong with what stands in the copy. */
function isPageWrong(): boolean {
  const pattern = '--test-name-pattern=what the report shows is so'
  const test = join(root, '__test__/reading/reading.test.ts')
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', '--test', pattern, test], {
    cwd: root,
    env: { ...process.env, FBAS_READING_PROGRAM: mutated.program, FBAS_READING_NETWORKS: String(FEW) }
  })
  return status !== 0
}

async function main(): Promise<void> {
  rmSync(copy, { recursive: true, force: true })
  for (const folder of ['dist/cli', 'dist/report']) mkdirSync(join(copy, folder), { recursive: true })
  for (const name of ['index.js', 'package.json', 'examples']) symlinkSync(join(root, name), join(copy, name))
  const [bundle, report] = [MAIN, REPORT].map((path) => readFileSync(path, 'utf8')) as [string, string]
  const write = (program: string, page = report) => {
    writeFileSync(mutated.program, program)
    writeFileSync(mutated.report, page)
  }
  const folder = mkdtempSync(join(tmpdir(), 'stellar-fbas-mutations-'))
  const reader = new Reader(folder)
  write(bundle)
  const wrong = await reader.wrongOfFew()
  if (wrong !== undefined || isPageWrong())
    throw new Error(`wrong without a mutation: ${wrong ?? 'the page'}`)

  const noticed = new Set<string>(existsSync(log) ? (JSON.parse(readFileSync(log, 'utf8')) as string[]) : [])
  const mutations = sectionsOf(bundle)
    .filter(({ file }) => isRead(file))
    .flatMap(mutationsOf)
  const unnoticed: string[] = []
  let [count, debt] = [0, 0]
  for (const mutation of mutations) {
    debt += Number(share)
    if (debt < 1) continue
    debt -= 1
    count++
    const { section, start, end, instead } = mutation
    const key = createHash('sha256').update(`${section.text} ${start} ${instead}`).digest('hex')
    if (noticed.has(key)) continue
    const line = section.text.slice(0, start).split('\n').at(-1)?.trimStart()
    const what = `ts/${section.file}: ${line}[${section.text.slice(start, end)} -> ${instead}]`
    const page = inReport(report, mutation)
    write(applied(bundle, { start: section.start + start, end: section.start + end, instead }), page)
    const by = await reader.notices(mutation, () => page !== undefined && isPageWrong())
    if (by === undefined) unnoticed.push(what)
    else writeFileSync(log, JSON.stringify([...noticed.add(key)]))
    console.log(by === undefined ? `UNNOTICED  ${what}` : `noticed    ${what} by what is read ${by}`)
  }
  reader.end()
  for (const path of [copy, folder]) rmSync(path, { recursive: true })
  console.log(`${count} of ${mutations.length} mutations, ${unnoticed.length} of them unnoticed`)
  for (const what of unnoticed) console.log(what)
  process.exitCode = unnoticed.length === 0 ? 0 : 1
}

void main()
