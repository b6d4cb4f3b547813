// The methods name where they stand in the source: what is named is there, and what is there is named.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'

import { root } from './examples.js'

const text = readFileSync(join(root, 'docs/methods.md'), 'utf8')

const sources = ['src', 'tests'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.rs'))
    .map((name) => `${folder}/${name}`)
)

test('every file and function that is named exists', () => {
  const named = [...text.matchAll(/`([\w/]+\.rs)`/g)].map((match) => match[1] ?? '')
  assert.ok(named.length > 20)
  assert.deepEqual(
    named.filter((name) => !sources.some((source) => `/${source}`.endsWith(`/${name}`))),
    []
  )
  const code = sources.map((source) => readFileSync(join(root, source), 'utf8')).join('\n')
  const functions = [...text.matchAll(/\(`([a-z]+(?:_[a-z]+)+)`\)/g)].map((match) => match[1] ?? '')
  assert.ok(functions.length > 4)
  assert.deepEqual(
    functions.filter((name) => !code.includes(`fn ${name}`)),
    []
  )
})

test('every file with a method is named', () => {
  // These put answers together and have no method of their own.
  const without = [
    'mod',
    'beside',
    'core',
    'error',
    'figures',
    'options',
    'report',
    'scenario',
    'smallest',
    'suggested'
  ]
  const analyses = sources.filter((source) => source.startsWith('src/analysis/'))
  const names = analyses.map((source) => basename(source, '.rs')).filter((name) => !without.includes(name))
  assert.ok(names.length > 15)
  assert.deepEqual(
    names.filter((name) => !text.includes(`${name}.rs\``)),
    []
  )
})

test('every reference is cited', () => {
  const [body = '', references = ''] = text.split(/## \d+\. References/)
  const lines = references.trim().split('\n')
  assert.ok(lines.length > 15)
  const isCited = (line: string) => {
    const [author = '', year = ''] = /^- ([^,]+),.* (\d{4})\.$/.exec(line)?.slice(1) ?? []
    return (
      author !== '' && new RegExp(`${author}[^.;]{0,80}${year}`).test(body.replaceAll('et al.', 'and others'))
    )
  }
  assert.deepEqual(
    lines.filter((line) => !isCited(line)),
    []
  )
})
