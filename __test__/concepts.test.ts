// The concepts are explained with examples that run: each prints what its comments say.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { examplesIn, root, run, typeCheck, withFolder, write } from './examples.js'

const text = readFileSync(join(root, 'docs/concepts.md'), 'utf8')

/** The examples, each with the heading that it stands under. */
const examples = text
  .split(/^## /m)
  .flatMap((section) => examplesIn(section).map((code) => ({ title: section.split('\n')[0] ?? '', code })))

/** What stands behind each `console.log`: a printed line, up to a colon and a remark. */
function comments(code: string): string[] {
  const lines = code.split('\n').filter((line) => line.includes('console.log('))
  return lines.map((line) => {
    const comment = /\) \/\/ (.*)$/.exec(line)?.[1]
    assert.ok(comment, `a comment behind ${line}`)
    return comment
  })
}

test('every example type-checks', async () => {
  assert.ok(examples.length >= 10)
  await withFolder((folder) =>
    typeCheck(examples.map(({ code }, index) => write(folder, `example${index}.mts`, code)))
  )
})

for (const [index, { title, code }] of examples.entries()) {
  test(`example ${index + 1}, ${title}, prints what its comments say`, async () => {
    const expected = comments(code)
    assert.ok(expected.length > 0)
    const printed = await withFolder((folder) => run(write(folder, 'example.mts', code), folder))
    const lines = printed.split('\n')
    assert.equal(lines.length, expected.length, printed)
    for (const [place, line] of lines.entries()) {
      const comment = expected[place] ?? ''
      assert.ok(
        comment === line || comment.startsWith(`${line}: `),
        `printed ${line}, the comment says ${comment}`
      )
    }
  })
}

test('every finding is explained', () => {
  const source = readFileSync(join(root, 'src/network/findings.rs'), 'utf8')
  const findings = [...source.matchAll(/=> "([A-Z_]+)"/g)].map((match) => match[1])
  assert.ok(findings.length >= 14)
  assert.deepEqual(
    findings.filter((code) => !text.includes(`\`${code}\``)),
    []
  )
})

test('the table of contents names every section', () => {
  const sections = [...text.matchAll(/^## (.*)$/gm)].map((match) => match[1] ?? '')
  const anchor = (title: string) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-')
  const expected = sections.map((title) => `- [${title}](#${anchor(title)})`)
  assert.deepEqual(text.match(/^- \[.*\]\(#.*\)$/gm), expected)
})
