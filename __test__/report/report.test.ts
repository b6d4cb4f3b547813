// The report and the picture as files: what is in them, that nothing else is needed, and that the same network gives the same bytes.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'

import { EXAMPLE, EXAMPLE_ORGANIZATIONS, folder, output, run } from '../cli/command.js'
import { root } from '../examples.js'
import { TITLES } from '../../ts/report/findings.js'
import { hard } from '../networks.js'
import { FLAT, FLAT_UNEVEN, hostile, NO_QUORUM, NOBODY, SPLIT, uneven } from './networks.js'

const files = folder()
const MOST_BYTES = 2_000_000

async function report(network: unknown, ...more: string[]): Promise<string> {
  const input = JSON.stringify(network)
  return output(['report', '-', '--output', '-', ...more], { input })
}

test('every code of a finding has a title, and none is a code', () => {
  const declared = readFileSync(join(root, 'index.d.ts'), 'utf8')
  const [, codes = ''] = /export interface Finding \{.*?\bcode: (.*?)\| \(string/s.exec(declared) ?? []
  const known = [...codes.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code)
  assert.ok(known.length > 20)
  assert.deepEqual(Object.keys(TITLES).sort(), known.sort())
  for (const title of Object.values(TITLES)) assert.match(title, /^[A-Z][a-z, ]+[a-z]$/)
})

describe('the file', { concurrency: 4 }, () => {
  test('the same network gives the same bytes, and dates only if they are given', async () => {
    const [once, again] = await Promise.all(
      [1, 2].map((threads) => output(['report', '-o', '-', '--threads', String(threads)]))
    )
    assert.ok(once !== undefined && once.length > 50_000)
    assert.equal(once, again)
    assert.doesNotMatch(once, new RegExp(`${new Date().getFullYear()}-\\d\\d-\\d\\d|\\d\\d:\\d\\d:\\d\\d`))
    const dated = await output(['report', '-o', '-', '--date', '13 November 2025', '--title', 'My network'])
    assert.match(dated, /<h1>My network<\/h1>/)
    assert.match(dated, /<title>Can it halt, can it split\? My network, 13 November 2025<\/title>/)
    assert.match(dated, /<p>13 November 2025 · 36 nodes listed/)
  })

  test('the data is in it, as a network that gives the same answers', async () => {
    const html = await output(['report', '-o', '-', '--date', '13 November 2025'])
    const [, data = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html) ?? []
    const { nodes, organizations, report } = JSON.parse(data)
    const example = JSON.parse(readFileSync(EXAMPLE, 'utf8'))
    assert.deepEqual(
      nodes.map(({ publicKey }: { publicKey: string }) => publicKey).sort(),
      (example.nodes ?? example).map(({ publicKey }: { publicKey: string }) => publicKey).sort()
    )
    assert.equal(organizations.length, 11)
    assert.equal(report.date, '13 November 2025')
    assert.match(report.headline, /^One country can split its core: United States/)
    const analyzed = JSON.parse(
      await output(['analyze', '-', '--format', 'json', '--no-names'], { input: data })
    )
    for (const [key, answers] of Object.entries<any>(analyzed.counting)) {
      for (const [kind, { minSize, topTierSize }] of Object.entries<any>(answers)) {
        const embedded = report.counting[key][kind]
        assert.deepEqual([embedded.minSize, embedded.topTierSize], [minSize, topTierSize], `${key} ${kind}`)
      }
    }
    assert.equal(report.hasQuorumIntersection, true)
  })

  test('the order of the input is of no interest', async () => {
    const { nodes, organizations } = uneven(6, 0.2, 0.2)
    const shuffled = { nodes: [...nodes].reverse(), organizations: [...organizations].reverse() }
    assert.equal(await report({ nodes, organizations }, '--svg'), await report(shuffled, '--svg'))
  })

  test('it is written where it is said, and says so', async () => {
    const named = join(files.path, 'here.html')
    const { status, stdout, stderr } = await run(['report', EXAMPLE, EXAMPLE_ORGANIZATIONS, '-o', named])
    assert.deepEqual([status, stdout, stderr], [0, '', `written to ${named}\n`])
    assert.match(readFileSync(named, 'utf8'), /^<!doctype html>\n<html lang="en">/)
    await output(['report'], { cwd: files.path })
    assert.ok(readFileSync(join(files.path, 'stellar-fbas-report.html')).length < MOST_BYTES)
    await output(['report', '--svg'], { cwd: files.path })
    assert.match(
      readFileSync(join(files.path, 'stellar-fbas.svg'), 'utf8'),
      /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/
    )
    const nowhere = await run(['report', '-o', join(files.path, 'no/such/folder.html')])
    assert.equal(nowhere.status, 74)
    assert.match(nowhere.stderr, /folder\.html: no such folder$/m)
  })

  test('nothing is loaded from anywhere, and the policy allows only what is inside', async () => {
    const html = await output(['report', '-o', '-'])
    const policy =
      /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1]?.replaceAll('&#39;', "'") ?? ''
    assert.match(policy, /^default-src 'none'; style-src 'sha256-/)
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    for (const element of ['style', 'script']) {
      const inside = [...html.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs'))].map(
        (match) => match[1] ?? ''
      )
      assert.equal(inside.length, 1, element)
      assert.ok(policy.includes(`${element}-src ${hash(inside[0] ?? '')}`), element)
    }
    assert.doesNotMatch(html, /\s(?:src|style|on\w+)=/)
    // Links lead to places on the page, all of which are there.
    const links = [...html.matchAll(/\shref="([^"]*)"/g)].map(([, link = '']) => link)
    assert.ok(links.length > 3)
    for (const link of links) assert.ok(link.startsWith('#') && html.includes(` id="${link.slice(1)}"`), link)
    assert.doesNotMatch(html, /@import|url\((?!#)/)
  })

  const networks: [string, unknown][] = [
    ['40 nodes alike', FLAT],
    ['40 nodes unlike', FLAT_UNEVEN],
    ['split', SPLIT],
    ['without a quorum', NO_QUORUM],
    ['of nobody', NOBODY],
    ['of 20 organizations', uneven(20, 0.1, 0.05)],
    ['of 40 organizations', uneven(40, 0.5, 0)],
    ['of 120 nodes, hard', hard(40)],
    [
      'of 300 nodes alike',
      FLAT.concat(
        Array.from({ length: 260 }, (_, index) => ({
          publicKey: `more ${index}`,
          quorumSet: FLAT[0]!.quorumSet!
        }))
      )
    ]
  ]
  for (const [name, network] of networks) {
    test(`a network ${name} is less than 2 MB`, async () => {
      const html = await report(network, '--timeout', '2', '--anytime')
      assert.ok(html.length < MOST_BYTES, `${html.length}`)
      assert.match(html, /<h2>Can it split\?<\/h2>/)
      assert.doesNotMatch(html, /NaN|undefined|\[object/)
    })
  }
})

test('a time limit without --anytime writes no report', async () => {
  const file = join(files.path, 'none.html')
  const { status } = await run(['report', '-', '-o', file, '--timeout', '1'], {
    input: JSON.stringify(hard(40))
  })
  assert.equal(status, 3)
  assert.throws(() => readFileSync(file), /ENOENT/)
})

test('--check writes the report and says unsafe', async () => {
  const { status, stdout } = await run(['report', '-', '-o', '-', '--check'], {
    input: JSON.stringify(SPLIT)
  })
  assert.equal(status, 1)
  assert.match(stdout, /YES, without anybody misbehaving/)
})

test('the picture alone, with the set that is asked for', async () => {
  for (const [show, said] of [
    ['top-tier', '21 nodes in the top tier'],
    ['blocking', '6 nodes can halt the network by stopping'],
    ['splitting', '3 nodes can split the network by lying'],
    ['history-critical', '1 node with the archives']
  ] as const) {
    const svg = await output(['report', '--svg', '--show', show, '-o', '-'])
    assert.ok(svg.includes(said), show)
    assert.doesNotMatch(svg, /\s(?:src|href|style|on\w+)=|<script/)
    // The top tier, unless another is asked for.
    if (show === 'top-tier') assert.equal(await output(['report', '--svg', '-o', '-']), svg)
  }
})

test('importing the package loads nothing of the command line or the report', async () => {
  const program = `
    for (const path of ['', '/compat']) require('stellar-fbas' + path)
    const loaded = Object.keys(require.cache).filter((file) => /dist.(cli|report)/.test(file))
    if (loaded.length > 0) throw new Error(loaded.join())`
  const { execFileSync } = await import('node:child_process')
  execFileSync(process.execPath, ['-e', program], { cwd: root })
})

test('the licenses of everything bundled are there', () => {
  const licenses = readFileSync(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8')
  for (const name of [
    'commander',
    'cli-table3',
    '@bomb.sh/tab',
    'preact',
    'd3-scale',
    'd3-shape',
    'd3-hierarchy',
    'log-update',
    'csv-stringify'
  ]) {
    assert.match(licenses, new RegExp(`^${name} \\d`, 'm'))
  }
  const bundled = ['cli/main.js', 'report/index.js'].flatMap((file) =>
    [
      ...readFileSync(join(root, 'dist', file), 'utf8').matchAll(
        /^\/\/ node_modules\/((?:@[^/\n]+\/)?[^/\n]+)/gm
      )
    ].map((match) => match[1])
  )
  assert.ok(bundled.length > 20)
  assert.deepEqual(
    [...new Set(bundled)].filter((name) => !licenses.includes(`${name} `)),
    []
  )
})

test('hostile names stay names in the file', async () => {
  const html = await report(hostile())
  const opened = [...html.matchAll(/<([a-z!][\w-]*)/gi)].map((match) => match[1])
  assert.equal(opened.filter((name) => name === 'script').length, 2)
  assert.deepEqual(
    opened.filter((name) => ['img', 'iframe', 'object'].includes(name ?? '')),
    []
  )
  assert.doesNotMatch(html, /<a (?!href="#[a-z]+(-\d+" tabindex="-1|-\d+)?">)/i)
  assert.doesNotMatch(html, /[\u0000\u202e]/)
})
