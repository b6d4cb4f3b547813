// Reads the product: every sentence, color, number, example and status is held against what is so by trying everything.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'

import { environment, folder, MAIN, type Ended } from '../cli/command.js'
import { About, GROUPINGS } from './about.js'
import { holdAnalyzed } from './analyzed.js'
import { holdAsked, type Asked } from './asked.js'
import { holdChanges } from './changes.js'
import { launch, missing, type Browser } from '../report/browser.js'
import { networkOf } from './networks.js'
import { holdPage, written } from './page.js'
import { holdStatus } from './statuses.js'

const FIRST = Number(process.env.FBAS_READING_SEED ?? 0)
const COUNT = Number(process.env.FBAS_READING_NETWORKS ?? 96)
const PROGRAM = process.env.FBAS_READING_PROGRAM ?? MAIN

const files = folder()

/** Runs command lines in one process, with colors. */
function batch(commands: string[][]): Promise<Ended[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(__dirname, 'batch.cjs'), PROGRAM], {
      cwd: files.path,
      env: environment({ FORCE_COLOR: '1' }),
      stdio: ['pipe', 'inherit', 'inherit', 'pipe']
    })
    const chunks: Buffer[] = []
    child.stdio[3]?.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(String(Buffer.concat(chunks))))
      else reject(new Error(`the batch ended with ${code}`))
    })
    child.stdin?.end(JSON.stringify(commands))
  })
}

/** A command line, and what holds its outcome against the truth. */
interface Read {
  name: string
  args: string[]
  hold: (outcome: Ended) => void
}

async function readAll(reads: Read[]): Promise<void> {
  const outcomes = await batch(reads.map(({ args }) => args))
  const wrong = reads.flatMap(({ name, args, hold }, index) => {
    const outcome = outcomes[index] as Ended
    try {
      hold(outcome)
      return []
    } catch (error) {
      return [`${name}: ${args.join(' ')}\n${(error as Error).message}\n${outcome.stdout}${outcome.stderr}`]
    }
  })
  assert.ok(wrong.length === 0, `${wrong.length} of ${reads.length} are not so, first of all\n${wrong[0]}`)
}

const seeds = Array.from({ length: COUNT }, (_, index) => FIRST + index)
for (const seed of seeds) files.write(`${seed}.json`, networkOf(seed))

/** How unknown nodes are read: as nobody chose, or chosen. */
const chosen = (seed: number) =>
  [undefined, undefined, 'free', 'dead'][(seed >> 1) % 4] as 'free' | 'dead' | undefined
const abouts = new Map<number, About>()
function about(seed: number): About {
  const known = abouts.get(seed) ?? new About(networkOf(seed), chosen(seed), false)
  abouts.set(seed, known)
  return known
}
const read = (seed: number) => [
  `${seed}.json`,
  ...(chosen(seed) === undefined ? [] : ['--unknown', chosen(seed) ?? ''])
]

describe('what is said is so', () => {
  test('of a network as a whole', () =>
    readAll(
      seeds.map((seed) => ({
        name: `seed ${seed}`,
        args: ['analyze', ...read(seed), '--check'],
        hold: ({ stdout, stderr, status }) => {
          assert.equal(stderr, '')
          holdAnalyzed(about(seed), stdout, `${seed}.json`)
          holdStatus(about(seed), status)
        }
      }))
    ))

  test('of a network as a whole, when time ran out', () =>
    readAll(
      seeds.map((seed) => ({
        name: `seed ${seed}`,
        args: ['analyze', ...read(seed), '--check', '--anytime', '--timeout', '0.000001'],
        hold: ({ stdout, stderr, status }) => {
          assert.equal(stderr, '')
          const cut = new About(networkOf(seed), chosen(seed), true)
          holdAnalyzed(cut, stdout, `${seed}.json`)
          holdStatus(cut, status)
        }
      }))
    ))

  for (const command of [
    ...['intersection', 'top-tier', 'symmetric'],
    ...['blocking-sets', 'splitting-sets', 'quorums', 'history-critical']
  ]) {
    test(`of a single question: ${command}`, () =>
      readAll(
        seeds.map((seed) => {
          const isOfSets = /sets|quorums|critical/.test(command)
          const grouping =
            isOfSets || command === 'top-tier' ? (GROUPINGS[(seed >> 3) % 4] ?? 'node') : 'node'
          const isListed = isOfSets && seed % 3 === 0
          const asked: Asked = { command, grouping, isListed }
          return {
            name: `seed ${seed}`,
            args: [
              ...[command, ...read(seed)],
              ...(grouping === 'node' ? [] : ['--group-by', grouping]),
              ...(isListed ? ['--limit', 'all'] : []),
              ...(command === 'top-tier' || command === 'symmetric' ? [] : ['--check'])
            ],
            hold: (ended) => holdAsked(about(seed), asked, ended)
          }
        })
      ))
  }

  test('of two snapshots', () =>
    readAll(
      seeds.map((seed) => {
        // Another one of its kind, or of the next.
        const later = FIRST + ((seed - FIRST + (seed % 2 === 0 ? 12 : 1)) % COUNT)
        const how = chosen(seed)
        const side = (seed: number) => ({
          about: new About(networkOf(seed), how, false),
          title: `${seed}.json`
        })
        return {
          name: `seed ${seed}`,
          args: [
            ...['diff', `${seed}.json`, `${later}.json`, '--check'],
            ...(how === undefined ? [] : ['--unknown', how])
          ],
          hold: ({ stdout, stderr, status }) => {
            assert.equal(stderr, '')
            holdChanges(side(seed), side(later), stdout)
            holdStatus(side(later).about, status)
          }
        }
      })
    ))
})

describe('what the report shows is so', { skip: missing }, () => {
  const some = seeds.slice(0, 24)
  let browser: Browser
  before(async () => {
    browser = await launch()
  })
  after(() => browser.close())

  test('all that is written on the page', async () => {
    const outcomes = await batch(
      some.map((seed) => ['report', ...read(seed), '-o', `${seed}.html`, '--check'])
    )
    const wrong: string[] = []
    for (const [index, seed] of some.entries()) {
      holdStatus(about(seed), (outcomes[index] as Ended).status)
      const { page, complaints, requests } = await browser.open(join(files.path, `${seed}.html`))
      try {
        holdPage(about(seed), await written(page), `${seed}.json`)
        assert.deepEqual([complaints, requests], [[], []])
      } catch (error) {
        wrong.push(`seed ${seed}: ${(error as Error).message}`)
      }
      await page.close()
    }
    assert.ok(
      wrong.length === 0,
      `${wrong.length} of ${some.length} are not so, first of all\n${wrong.join('\n---\n')}`
    )
  })
})
