// Whether the reading test can fail: changes one rule of what is said at a time, builds the program and the report with it, and reads them.
// `node __test__/reading/mutations.mjs [SHARE [FILE...]]`, for example `0.1 verdicts.ts`: a tenth of the mutations of that file. Each takes some
// seconds, as a few networks are enough for most; only what these do not notice is read with all of them. What was noticed before is not read
// again as long as that file is the same (`target/mutations.json`), so a run that was stopped goes on. Lists the mutations that nobody noticed.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import ts from 'typescript'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const copy = join(root, 'target/mutated')
const [share = '1', ...chosen] = process.argv.slice(2)

/** What is read, the cheapest first: how many networks, and which tests of them. */
const STAGES = [
  { networks: 12, tests: 'of a network as a whole' },
  // Two of each kind, with and without a choice of how unknown nodes are read.
  { networks: 24, tests: 'what is said is so' },
  { networks: 96, tests: 'what the report shows is so' },
  { networks: 192, tests: 'what is said is so' }
]
/** What is not read: lists for programs, and names of what strangers typed. */
const LEFT_OUT = ['naming.ts', 'visible.ts']

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
const MOODS = { good: 'bad', bad: 'good', caution: 'good', unknown: 'neutral', neutral: 'unknown' }
const CHECKS = { safe: 'unsafe', unsafe: 'safe' }

/** Every change of one thing in a file: where, until where, and what stands there instead. */
function mutationsOf(name, text) {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  const mutations = []
  const mutate = (node, instead) => {
    const start = node.getStart()
    const { line } = file.getLineAndCharacterOfPosition(start)
    mutations.push({ name, line: line + 1, start, end: node.getEnd(), instead })
  }
  const visit = (node) => {
    // Types are gone when it runs.
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return
    if (ts.isBinaryExpression(node)) {
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
      const other = MOODS[node.text] ?? CHECKS[node.text]
      if (other !== undefined) mutate(node, `'${other}'`)
      // A sentence, or a part of one.
      else if (node.text.includes(' ') && !ts.isLiteralTypeNode(node.parent)) mutate(node, "'something else'")
    } else if (ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)) {
      if (/[a-z]/.test(node.text)) mutate(node, node.getText().replace(/[a-z]+/, 'otherwise'))
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return mutations
}

/** Builds what stands in the copy and reads it; whether anything was noticed. */
function isNoticed() {
  const built = spawnSync(process.execPath, [join(copy, 'ts/bundle.mjs')], { encoding: 'utf8' })
  if (built.status !== 0) return true
  const test = join(root, '__test__/reading/reading.test.ts')
  return STAGES.some(({ networks, tests }) => {
    const args = ['--import', 'tsx', '--test', `--test-name-pattern=${tests}`, test]
    const { status } = spawnSync(process.execPath, args, {
      cwd: root,
      env: {
        ...process.env,
        FBAS_READING_PROGRAM: join(copy, 'dist/cli/main.js'),
        FBAS_READING_NETWORKS: String(networks)
      }
    })
    return status !== 0
  })
}

rmSync(copy, { recursive: true, force: true })
mkdirSync(join(copy, 'dist'), { recursive: true })
cpSync(join(root, 'ts'), join(copy, 'ts'), { recursive: true })
for (const name of readdirSync(root)) {
  const isNeeded =
    /\.node$/.test(name) || ['node_modules', 'index.js', 'LICENSE', 'package.json', 'examples'].includes(name)
  if (isNeeded) symlinkSync(join(root, name), join(copy, name))
}
if (isNoticed()) throw new Error('the reading test fails without a mutation')

const study = join(copy, 'ts/study')
const files = readdirSync(study).filter((name) =>
  chosen.length === 0 ? !LEFT_OUT.includes(name) : chosen.includes(name)
)
const log = join(root, 'target/mutations.json')
const noticed = new Set(existsSync(log) ? JSON.parse(readFileSync(log, 'utf8')) : [])
const unnoticed = []
let [count, debt] = [0, 0]
for (const name of files) {
  const path = join(study, name)
  const text = readFileSync(path, 'utf8')
  for (const { line, start, end, instead } of mutationsOf(name, text)) {
    debt += Number(share)
    if (debt < 1) continue
    debt -= 1
    count++
    writeFileSync(path, text.slice(0, start) + instead + text.slice(end))
    const what = `ts/study/${name}:${line}: ${text.slice(start, end)} -> ${instead}`
    const key = createHash('sha256').update(`${name} ${start} ${instead} ${text}`).digest('hex')
    if (noticed.has(key)) continue
    if (isNoticed()) {
      console.log(`noticed    ${what}`)
      writeFileSync(log, JSON.stringify([...noticed.add(key)]))
    } else {
      unnoticed.push(what)
      console.log(`UNNOTICED  ${what}`)
    }
  }
  writeFileSync(path, text)
}
console.log(`${count} mutations, ${unnoticed.length} of them unnoticed`)
rmSync(copy, { recursive: true })
process.exitCode = unnoticed.length === 0 ? 0 : 1
