// In a real terminal: colors, width, progress, Ctrl-C, and names that would like to be more than names.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, test } from 'node:test'

import { hard, TWO_OF_THREE, TWO_PAIRS } from '../networks.js'
import { folder, inTerminal, json, lines, MAIN, output, plain, run } from './command.js'

const files = folder()
const pairs = files.write('pairs.json', TWO_PAIRS)
/** Takes minutes. */
const long = files.write('long.json', hard(40))
/** Has more quorums than anybody reads. */
const many = files.write('many.json', hard(12))

describe('how it looks', { concurrency: 6 }, () => {
  test('colors on a terminal, unless the environment says otherwise', async () => {
    const red = '\u001b[31mNO:'
    assert.ok((await inTerminal(['intersection', pairs]).ended).screen.includes(red))
    assert.ok(
      !(await inTerminal(['intersection', pairs], { NO_COLOR: '1' }).ended).screen.includes('\u001b[')
    )
    for (const env of [{}, { CI: 'true' }])
      assert.ok(!(await output(['intersection', pairs], { env })).includes('\u001b'))
    assert.ok((await output(['intersection', pairs], { env: { FORCE_COLOR: '1' } })).includes(red))
    // Programs get none in any case.
    const text = await output(['--format', 'json'], { env: { FORCE_COLOR: '1' } })
    assert.ok(!text.includes('\u001b'))
  })

  test('lines are no longer than the terminal is wide', async () => {
    const { screen } = await inTerminal([], {}, 80).ended
    const width = Math.max(
      ...plain(screen)
        .split('\n')
        .filter((line) => !/^─|^[a-z]+ {2,}/.test(line))
        .map((line) => [...line].length)
    )
    assert.ok(width <= 80 && width > 60, String(width))
  })

  test('nothing is left of what was drawn in between', async () => {
    const { screen, status } = await inTerminal([]).ended
    assert.equal(status, 0)
    assert.equal(plain(screen), await output([]))
  })
})

describe('progress and Ctrl-C', { concurrency: 6, timeout: 120_000 }, () => {
  test('bounds close in, and Ctrl-C prints what is proven', async () => {
    const terminal = inTerminal(['splitting-sets', long])
    await terminal.appears(/splitting sets, counting nodes {2}[\d.]+ s/)
    await terminal.appears(/splitting sets +\w+ +\d+ to \d+/)
    terminal.type('\u0003')
    const { status, screen } = await terminal.ended
    assert.equal(status, 130)
    const text = plain(screen)
    assert.match(text, /interrupted: what is proven so far follows/)
    assert.match(text, /Smallest splitting set: at most \d+ nodes, at least \d+/)
    assert.match(text, /NOT proven smallest; the example was checked against the definition\.\n$/)
  })

  test('everything at once, interrupted', async () => {
    const terminal = inTerminal([long])
    await terminal.appears(/counting nodes {2}[\d.]+ s/)
    await terminal.appears(/blocking sets +\w+ +16\b/)
    terminal.type('\u0003')
    const { status, screen } = await terminal.ended
    assert.equal(status, 130)
    const text = plain(screen)
    assert.match(text, /NOT exact\. Not proven:/)
    // Which of the questions is how far is the machine's; the lower bound that was seen is never lost.
    assert.match(text, /^nodes +(120|at least \d+) +(16|at most \d+, at least 16) /m)
    assert.doesNotMatch(text, /Exact: every size is proven/)
  })

  test('before anything is asked, it ends at once', async () => {
    // Standard input never ends.
    const terminal = inTerminal(['top-tier', '-'])
    await new Promise((resolve) => setTimeout(resolve, 1000))
    terminal.type('\u0003')
    assert.equal((await terminal.ended).status, 130)
  })

  test('for programs the bounds are in the answer', async () => {
    const terminal = inTerminal(['blocking-sets', long, '--limit', 'all', '--format', 'json'])
    await terminal.appears(/blocking sets, counting nodes/)
    terminal.type('\u0003')
    const { status, screen } = await terminal.ended
    assert.equal(status, 130)
    assert.match(plain(screen), /"isComplete": false/)
  })

  test('where sets are written as they are found, too: none is written that is not proven minimal', async () => {
    for (const format of ['ndjson', 'csv']) {
      const terminal = inTerminal(['splitting-sets', long, '--limit', 'all', '--format', format])
      await terminal.appears(/splitting sets +\w+ +\d+ to \d+/)
      terminal.type('\u0003')
      const { status, screen } = await terminal.ended
      assert.equal(status, 130)
      const said = /smallest splitting set, counting nodes: at most (\d+), at least (\d+)/.exec(plain(screen))
      assert.ok(said !== null && Number(said[2]) < Number(said[1]), plain(screen))
      assert.match(plain(screen), /interrupted: there may be more/)
      assert.doesNotMatch(plain(screen), /^\{|^\d+,/m)
    }
  })

  test('rows on a terminal are not wiped out by what is drawn in between', async () => {
    const args = ['quorums', many, '--limit', '3000', '--format', 'ndjson']
    const { screen } = await inTerminal(args).ended
    const rows = screen.slice(screen.indexOf('{'))
    assert.ok(!rows.includes('\u001b'), JSON.stringify(rows.slice(0, 2000)))
    assert.equal(plain(rows).trim().split('\n').length, 3000)
  })

  test('what was written before Ctrl-C stays, and that there may be more is said', async () => {
    const child = spawn(process.execPath, [MAIN, 'quorums', many, '--limit', 'all', '--format', 'ndjson'])
    let stderr = ''
    child.stderr.on('data', (text) => (stderr += text))
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    child.stdout.resume()
    const [status] = await once(child, 'close')
    assert.deepEqual([status, stderr.split('\n').at(-2)], [130, 'interrupted: there may be more'])
  })

  test('SIGTERM is like Ctrl-C, with its own status', async () => {
    const terminated = async (afterSeconds: number) => {
      const child = spawn(process.execPath, [MAIN, 'splitting-sets', long, '--check', '--format', 'json'])
      let stdout = ''
      child.stdout.on('data', (text) => (stdout += text))
      await new Promise((resolve) => setTimeout(resolve, afterSeconds * 1000))
      child.kill('SIGTERM')
      const [status] = await once(child, 'close')
      return { status, stdout }
    }
    // Without a terminal nothing says that the analysis has begun; before that there is no answer to print.
    let [ended, seconds] = [await terminated(1), 1]
    while (ended.stdout === '' && seconds < 60) ended = await terminated((seconds *= 2))
    const { status, stdout } = ended
    assert.equal(status, 143)
    const { isExact, lowerBound } = JSON.parse(stdout)
    // How much is proven by then hangs on the machine.
    assert.deepEqual([isExact, Number.isInteger(lowerBound)], [false, true])
  })

  test('silent if that is wished', async () => {
    const args = ['splitting-sets', long, '--timeout', '1', '--anytime', '--no-progress']
    const { status, screen } = await inTerminal(args).ended
    assert.equal(status, 0)
    assert.doesNotMatch(screen, /Ctrl-C/)
  })

  test('silent through pipes', async () => {
    const { status, stdout, stderr } = await run(['splitting-sets', long, '--timeout', '1', '--anytime'])
    assert.deepEqual([status, stderr], [0, ''])
    assert.match(stdout, /NOT proven smallest/)
  })
})

describe('time limits', { concurrency: 6 }, () => {
  test('an error with the bounds, and nothing that could be taken for an answer', async () => {
    const { status, stdout, stderr } = await run(['splitting-sets', long, '--timeout', '1'])
    assert.deepEqual([status, stdout], [3, ''])
    // A slow machine may not have found any set by then, or not have come to it.
    assert.match(stderr, /smallest splitting set, counting nodes: ((at most \d+, )?at least \d+|not known)\n/)
    assert.match(stderr, /--anytime/)
  })

  test('with --anytime the bounds are the answer, and the questions share the time', async () => {
    const { counting } = await json([long, '--timeout', '8', '--anytime'])
    for (const key of ['node', 'organization', 'country', 'isp']) {
      const { topTier, blockingSets, splittingSets } = counting[key]
      assert.ok(topTier.topTierSize > 0, key)
      assert.ok(blockingSets.lowerBound <= 16 && (blockingSets.minSize ?? 16) >= 16, key)
      assert.ok(splittingSets.lowerBound <= (splittingSets.minSize ?? Infinity), key)
    }
  })

  test('--check does not take what is not proven for safe', async () => {
    assert.equal((await run(['intersection', long, '--check'])).status, 0)
    const { status } = await run(['blocking-sets', long, '--check', '--timeout', '0.000001', '--anytime'])
    assert.equal(status, 3)
  })

  test('a list that is cut short says so', async () => {
    const args = ['quorums', many, '--limit', 'all', '--format', 'ndjson', '--timeout', '2']
    const cut = await run(args)
    assert.equal(cut.status, 3)
    assert.match(cut.stderr, /there may be more/)
    assert.equal((await run([...args, '--anytime'])).status, 0)
  })

  test('who has time is not hurried', async () => {
    assert.equal((await run(['--timeout', '100'])).status, 0)
  })
})

describe('hostile names', { concurrency: 6 }, () => {
  const name = 'Trust me\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp.exe\r\nNO: it has halted'
  const nodes = TWO_OF_THREE.map((node) => ({ ...node, name, isp: name, homeDomain: name }))
  const hostile = files.write('hostile.json', {
    nodes,
    organizations: [{ id: name, name, validators: ['A', 'B'] }]
  })
  // NDJSON is written as JSON is.
  const FORMATS = ['table', 'json', 'csv']
  const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/

  for (const command of [
    'analyze',
    'top-tier',
    'blocking-sets',
    'splitting-sets',
    'quorums',
    'symmetric',
    'findings',
    'convert'
  ]) {
    test(`${command} prints them as text`, async () => {
      const formats = command === 'convert' ? [[]] : FORMATS.map((format) => ['--format', format])
      const grouping = ['analyze', 'symmetric', 'findings', 'convert'].includes(command)
        ? []
        : ['--group-by', 'organization']
      for (const format of formats) {
        const names = command === 'convert' ? [] : ['--names']
        const text = await output([command, hostile, ...format, ...grouping, ...names])
        assert.doesNotMatch(text, control, `${command} ${format}`)
        assert.doesNotMatch(text, /^NO: it has halted/m)
      }
    })
  }

  test('JSON still says the same', async () => {
    assert.deepEqual(JSON.parse(await output(['convert', hostile])), nodes)
  })

  test('a name that two bear stands for neither alone', async () => {
    const twins = TWO_OF_THREE.map((node, index) => ({ ...node, name: index < 2 ? 'SDF 1' : 'SDF 1 (A)' }))
    const [, ...names] = await lines([
      'top-tier',
      files.write('twins.json', twins),
      '--names',
      '--format',
      'csv'
    ])
    assert.deepEqual(names, ['A', 'SDF 1 (B)', 'SDF 1 (A) (C)'])
  })

  test('no cell of a spreadsheet is a formula', async () => {
    const formula = TWO_OF_THREE.map((node, index) => ({ ...node, name: `=HYPERLINK("http://x${index}")` }))
    const cells = await lines([
      'top-tier',
      files.write('formula.json', formula),
      '--names',
      '--format',
      'csv'
    ])
    for (const cell of cells.slice(1)) assert.match(cell, /^"?'=/)
  })
})
