// Reads the product: every sentence, color, number, example and status is held against what is so by trying everything.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'

import { folder, MAIN, type Ended } from '../cli/command.js'
import { Runner } from '../cli/runner.js'
import { launch, missing, type Browser } from '../report/browser.js'
import { RARE_SEEDS } from './networks.js'
import { holdPage, written } from './page.js'
import { about, COLORS, CUT_SHORT, filesOf, read, readsOf, wrongIn } from './reads.js'
import { holdStatus } from './statuses.js'

const FIRST = Number(process.env.FBAS_READING_SEED ?? 0)
const COUNT = Number(process.env.FBAS_READING_NETWORKS ?? 96)
const PROGRAM = process.env.FBAS_READING_PROGRAM ?? MAIN

const files = folder()
const seeds = [...Array.from({ length: COUNT }, (_, index) => FIRST + index), ...RARE_SEEDS]
const runner = new Runner(files.path, COLORS)
after(() => runner.end())
for (const [name, network] of seeds.flatMap(filesOf)) files.write(name, network)

describe('what is said is so', () => {
  for (const [what, reads] of readsOf(seeds)) {
    test(what, async () => {
      const wrong = await wrongIn(PROGRAM, runner, reads)
      assert.ok(
        wrong.length === 0,
        `${wrong.length} of ${reads.length} are not so, first of all\n${wrong[0]}`
      )
    })
  }
})

describe('what the report shows is so', { skip: missing }, () => {
  const some = [...seeds.slice(0, Math.min(COUNT, 24)), ...RARE_SEEDS]
  let browser: Browser
  before(async () => {
    browser = await launch()
  })
  after(() => browser.close())

  for (const isCutShort of [false, true]) {
    test(`all that is written on the page${isCutShort ? ', when time ran out' : ''}`, async () => {
      const commands = some.map((seed) => [
        ...['report', ...read(seed), '-o', `${seed}.html`, '--check'],
        ...(isCutShort ? CUT_SHORT : [])
      ])
      const outcomes = await runner.run(commands, PROGRAM)
      const wrong: string[] = []
      for (const [index, seed] of some.entries()) {
        const { page, complaints, requests } = await browser.open(join(files.path, `${seed}.html`))
        try {
          holdStatus(about(seed, isCutShort), (outcomes[index] as Ended).status)
          holdPage(about(seed, isCutShort), await written(page), `${seed}.json`)
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
  }
})
