// What is changed of a built program, one thing at a time: comparisons, conditions, numbers, moods, words.

import ts from 'typescript'

/** A file as the bundle has it. */
interface Section {
  file: string
  start: number
  text: string
}

/** One thing that is changed. */
export interface Mutant {
  /** In `ts/`. */
  file: string
  /** The innermost function around it that has a name. */
  functionName: string
  /** Where it is in the bundle, until where, and what stands there instead. */
  start: number
  end: number
  instead: string
  /** What is reached where the change may matter: of an operator all of it, for what stands behind it may never be asked. */
  reached: number
  /** The file, the function and the line, with the change in brackets: the same as long as these are, whatever changes elsewhere. */
  what: string
  /** The text of the file, so that what noticed it is asked again when that is another one. */
  text: string
}

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

/** Every change of one thing in the files that are asked for. */
export function mutantsOf(bundle: string, isAsked: (file: string) => boolean): Mutant[] {
  return sectionsOf(bundle)
    .filter(({ file }) => isAsked(file))
    .flatMap(mutantsIn)
}

export const applied = (bundle: string, { start, end, instead }: Mutant) =>
  bundle.slice(0, start) + instead + bundle.slice(end)

/** The same change in another bundle, where names may have other numbers; absent: what is changed is not in it. */
export function alsoIn(others: Mutant[], mutants: Mutant[], mutant: Mutant): Mutant | undefined {
  const alike = (of: Mutant[]) => of.filter(({ what }) => what === mutant.what)
  return alike(others)[alike(mutants).indexOf(mutant)]
}

function sectionsOf(bundle: string): Section[] {
  const heads = [...bundle.matchAll(/^\/\/ (\S+\.(?:[cm]?[jt]sx?|json|node))$/gm)]
  return heads.map(({ 1: path = '', index }, at) => {
    const end = heads[at + 1]?.index ?? bundle.length
    return { file: path.replace(/^ts\//, ''), start: index, text: bundle.slice(index, end) }
  })
}

function mutantsIn({ file, start: first, text }: Section): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
  const mutants: Mutant[] = []
  const mutate = (node: ts.Node, instead: string) => {
    const [start, end] = [node.getStart(), node.getEnd()]
    const [before, after] = [text.lastIndexOf('\n', start) + 1, text.indexOf('\n', end)]
    const line = `${text.slice(before, start)}[${text.slice(start, end)} -> ${instead}]${text.slice(end, after)}`
    const functionName = functionAround(node)
    const what = `${file} ${functionName}: ${plain(line)}`
    const reached = first + (ts.isBinaryExpression(node.parent) ? node.parent : node).getStart()
    mutants.push({ file, functionName, start: first + start, end: first + end, instead, reached, what, text })
  }
  const visit = (node: ts.Node): void => {
    // What the bundler wrote.
    if (ts.isVoidExpression(node)) return
    if (ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression)) return
    // What is in `__esm` is what stands at the top of a file.
    if (ts.isCallExpression(node) && /^(require|__(?!esm$)\w+)$/.test(node.expression.getText())) return
    if (ts.isBinaryExpression(node)) {
      if (node.operatorToken.kind === ts.SyntaxKind.CommaToken) return
      const instead = OPERATORS.get(node.operatorToken.kind)
      if (instead !== undefined) mutate(node.operatorToken, instead)
    } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      mutate(node, node.operand.getText())
    } else if (ts.isConditionalExpression(node)) {
      mutate(node.condition, `!(${node.condition.getText()})`)
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
  return mutants
}

/** The name of the innermost function that has one, or that the top of the file is around it. */
function functionAround(node: ts.Node): string {
  for (let around: ts.Node | undefined = node.parent; around !== undefined; around = around.parent) {
    const named = ts.isArrowFunction(around) ? around.parent : around
    const isOne =
      ts.isFunctionLike(around) &&
      'name' in named &&
      named.name !== undefined &&
      !ts.isStringLiteral(named.name as ts.Node)
    if (isOne) return plain((named.name as ts.Node).getText())
  }
  return 'top'
}

/** In one line, and without the numbers by which the bundler tells names of different files apart. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/(?<=[A-Za-z_$])\d+\b/g, '')
    .replace(/\b(\w+): \1\b/g, '$1')
    .trim()
}
