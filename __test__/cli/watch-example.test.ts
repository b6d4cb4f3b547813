// The rules and the dashboard of examples/watch speak of nothing but what `watch` serves, and Prometheus itself takes them.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'

import { parse } from 'yaml'

import { root } from '../examples.js'
import { promtool, withoutPromtool } from '../promtool.js'
import { environment, EXAMPLE, EXAMPLE_ORGANIZATIONS, folder, MAIN } from './command.js'

const files = folder()
const FOLDER = join(root, 'examples/watch')
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8')
const { groups } = parse(read('alerts.yml')) as {
  groups: { name: string; rules: { alert: string; expr: string; annotations: { summary: string } }[] }[]
}
const dashboard = JSON.parse(read('dashboard.json'))
const rules = groups.flatMap(({ rules }) => rules)

/** All that is served, of the example with everybody to be told. */
async function served(): Promise<string> {
  const args = ['watch', EXAMPLE, EXAMPLE_ORGANIZATIONS, '--serve', '0']
  const told = ['--run', 'true', '--webhook', 'http://127.0.0.1:9']
  const child = spawn(process.execPath, [MAIN, ...args, ...told], { env: environment() })
  try {
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text) => (said += text))
    // A scan is told after it is served.
    await once(child.stdout, 'data')
    return await (await fetch(`${/at (http\S+)/.exec(said)?.[1]}/metrics`)).text()
  } finally {
    child.kill('SIGKILL')
  }
}

describe('examples/watch', () => {
  let metrics = ''
  const names = () => new Set([...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name))
  before(async () => {
    metrics = await served()
  })

  /** What an expression names must be there: metrics, and the values that labels must have. */
  function speaksOfWhatIsThere(expression: string, what: string): void {
    for (const [name] of expression.matchAll(/\bfbas_\w+/g)) assert.ok(names().has(name), `${what}: ${name}`)
    for (const [, label = '', is, value = ''] of expression.matchAll(/\b(\w+)(=~?)"([^"]*)"/g)) {
      if (['instance', 'job'].includes(label) || value.includes('$')) continue
      for (const one of is === '=' ? [value] : value.split('|'))
        assert.ok(metrics.includes(`${label}="${one}"`), `${what}: ${label}="${one}"`)
    }
  }

  test('every rule', () => {
    assert.ok(rules.length >= 10)
    for (const { alert, expr, annotations } of rules) {
      assert.match(annotations.summary, /\w/, alert)
      speaksOfWhatIsThere(expr, alert)
      speaksOfWhatIsThere(JSON.stringify(annotations).replaceAll('\\"', "'"), alert)
    }
  })

  test('every panel, variable and annotation of the dashboard', () => {
    const ids = dashboard.panels.map(({ id }: { id: number }) => id)
    assert.ok(ids.length >= 10 && new Set(ids).size === ids.length)
    for (const { title, targets } of dashboard.panels) {
      assert.ok(targets.length > 0, title)
      for (const { expr } of targets) speaksOfWhatIsThere(expr, title)
    }
    const variables = dashboard.templating.list
    for (const { name, query } of variables) speaksOfWhatIsThere(query.query ?? '', name)
    for (const { name, expr } of dashboard.annotations.list) speaksOfWhatIsThere(expr, name)
    // What is chosen above is used below, and nothing else is expected.
    const used = new Set(
      [...JSON.stringify(dashboard).matchAll(/\$\{?([a-z]\w*)/g)].map(([, name = '']) => name)
    )
    assert.deepEqual([...used].sort(), variables.map(({ name }: { name: string }) => name).sort())
  })

  test('what is served stands in the guide', () => {
    const guide = readFileSync(join(root, 'docs/cli.md'), 'utf8')
    assert.ok(names().size > 15)
    assert.deepEqual(
      [...names()].filter((name) => !guide.includes(`\`${name}`)),
      []
    )
  })

  test('Prometheus takes all of it', { skip: withoutPromtool }, () => {
    promtool(FOLDER, ['check', 'metrics'], metrics)
    promtool(FOLDER, ['check', 'config', 'prometheus.yml'])
    promtool(FOLDER, ['test', 'rules', 'alerts.test.yml'])
    const panels = dashboard.panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
      targets.map(({ expr }) => ({ record: 'panel', expr: expr.replaceAll('$__rate_interval', '5m') }))
    )
    promtool(FOLDER, [
      'check',
      'rules',
      files.write('panels.json', { groups: [{ name: 'panels', rules: panels }] })
    ])
  })
})
