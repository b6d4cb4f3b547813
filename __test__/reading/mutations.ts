// Whether the reading test can fail: changes one rule of what is said at a time, in the text of the built program, and reads what it says then.
// `npm run test:mutations -- [--minutes MOST] [--functions NAMES] [SHARE [FILE...]]`, for example `0.1 study/verdicts.ts`: a tenth of the changes of
// that file, the next tenth tomorrow; `--functions halt,split` takes those in functions of these names alone. Only command lines that reach the changed place are read, first those that noticed earlier changes of the file, and held
// against the truth only where they say something else than without the change; what little of it does not notice is read in full, and on the
// page. What was noticed before is not read again as long as the text of its file is the same (`target/mutations.json`), so a run that was
// stopped goes on. Lists the changes that nobody noticed, but for those of `equivalent.ts`; fails where there are any.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'

import { MAIN, type Ended } from '../cli/command.js'
import { Runner, type Reached } from '../cli/runner.js'
import { root } from '../examples.js'
import { EQUIVALENT } from './equivalent.js'
import { alsoIn, applied, mutantsOf, type Mutant } from './mutants.js'
import { missing } from '../report/browser.js'
import { RARE_SEEDS } from './networks.js'
import { COLORS, CUT_SHORT, filesOf, read, readsOf, type Read } from './reads.js'

const { values, positionals } = parseArgs({
  options: { minutes: { type: 'string', default: 'Infinity' }, functions: { type: 'string' } },
  allowPositionals: true
})
const [share = '1', ...chosen] = positionals
const functions = values.functions?.split(',')
const deadline = Date.now() + Number(values.minutes) * 60_000
const day = Math.floor(Date.now() / 86_400_000)
/** Two of each kind, with and without a choice of how unknown nodes are read; and all of them. */
const [FEW, MANY] = [24, 96]
/** A changed program may never end. */
const MOST_MS = 120_000
const REPORT = join(root, 'dist/report/index.js')
const [copy, log] = [join(root, 'target/mutated'), join(root, 'target/mutations.json')]
const mutated = { program: join(copy, 'dist/cli/main.js'), report: join(copy, 'dist/report/index.js') }

/** What has rules of what is said, but for names of what strangers typed. */
const isRead = (file: string) =>
  /^study\/(?!naming|visible)/.test(file) ||
  /^cli\/(analyze|diff|findings|intersection|misbehaviour|node|plan|said|sets|suggest|symmetric|top-tier|way)\.ts$/.test(
    file
  )

const [bundle, report] = [MAIN, REPORT].map((path) => readFileSync(path, 'utf8')) as [string, string]
const [mutants, ofReport] = [mutantsOf(bundle, isRead), mutantsOf(report, isRead)]
const places = [...new Set(mutants.map(({ reached }) => reached))]

/** A command line without a change: what it says, and the places that it reaches. */
interface Unchanged extends Reached {
  read: Read
  /** Whether it was held against the truth. */
  isHeld: boolean
}

/** Some command lines of one kind. */
interface Group {
  what: string
  reads: Read[]
  /** Absent: nothing hung on them yet. */
  unchanged?: Unchanged[]
}

/** What notices a change, and, if nothing does, what says something else all the same. */
interface Notice {
  by?: string
  unheld?: string
}

/** Reads with the changed program, in a process that is another one after it went down. */
class Reader {
  readonly #folder = mkdtempSync(join(tmpdir(), 'stellar-fbas-mutations-'))
  #runner: Runner | undefined
  /** How often what is read has noticed changes of a file. */
  readonly #noticed = new Map<string, number>()
  readonly #few = this.#groups([...seedsFrom(0, FEW), ...RARE_SEEDS])
  #many: Group[] | undefined
  #pages: string[] | undefined

  async notices(mutant: Mutant): Promise<Notice> {
    const score = ({ what }: Group) => this.#noticed.get(`${mutant.file} ${what}`) ?? 0
    let unheld: string | undefined
    for (const group of [...this.#few].sort((a, b) => score(b) - score(a))) {
      const notice = await this.#noticesIn(group, mutant)
      unheld ??= notice.unheld
      if (notice.by === undefined) continue
      this.#noticed.set(`${mutant.file} ${group.what}`, score(group) + 1)
      return notice
    }
    if (await this.#isPageOther()) {
      if (isPageWrong(mutated.program)) return { by: 'on the page' }
      unheld ??= 'the page'
    }
    this.#many ??= this.#groups(seedsFrom(FEW, MANY - FEW))
    for (const group of this.#many) {
      const notice = await this.#noticesIn(group, mutant)
      if (notice.by !== undefined) return { by: `${notice.by}, of many` }
      unheld ??= notice.unheld
    }
    return unheld === undefined ? {} : { unheld }
  }

  async #noticesIn(group: Group, mutant: Mutant): Promise<Notice> {
    group.unchanged ??= await this.#unchangedOf(group.reads)
    const reaching = group.unchanged.filter(({ reached }) => reached.includes(mutant.reached))
    // Certificates are verified as they were written before.
    const some = group.what === 'of certificates' && reaching.length > 0 ? group.unchanged : reaching
    if (some.length === 0) return {}
    let outcomes: Ended[]
    try {
      outcomes = await this.#run(
        some.map(({ read }) => read.args),
        mutated.program
      )
    } catch {
      this.#stop()
      return { by: group.what }
    }
    let unheld: string | undefined
    for (const [index, unchanged] of some.entries()) {
      const outcome = outcomes[index] as Ended
      if (isSame(unchanged, outcome)) continue
      hold(unchanged)
      if (!isHeld(unchanged.read, outcome)) return { by: group.what }
      unheld ??= unchanged.read.args.join(' ')
    }
    return unheld === undefined ? {} : { unheld }
  }

  async #unchangedOf(reads: Read[]): Promise<Unchanged[]> {
    this.#stop()
    const runner = new Runner(this.#folder, COLORS)
    const outcomes = await runner.runReaching(
      reads.map(({ args }) => args),
      MAIN,
      places
    )
    runner.end()
    return outcomes.map((outcome, index) => ({ ...outcome, read: reads[index] as Read, isHeld: false }))
  }

  /** Whether a page is another one with what stands in the copy. */
  async #isPageOther(): Promise<boolean> {
    if (missing !== undefined) return false
    const pages = async (program: string) => {
      // Node.js loads the report once in a process.
      this.#stop()
      const outcomes = await this.#run(
        [[], CUT_SHORT].flatMap((cut) =>
          [...seedsFrom(0, FEW), ...RARE_SEEDS].map((seed) => ['report', ...read(seed), '-o', '-', ...cut])
        ),
        program
      )
      this.#stop()
      return outcomes.map(({ stdout }) => stdout)
    }
    if (this.#pages === undefined) {
      this.#pages = await pages(MAIN)
      if (isPageWrong(MAIN)) throw new Error('the page is wrong without a change')
    }
    try {
      return !isDeepStrictEqual(await pages(mutated.program), this.#pages)
    } catch {
      this.#stop()
      return true
    }
  }

  #run(commands: string[][], program: string): Promise<Ended[]> {
    this.#runner ??= new Runner(this.#folder, COLORS, MOST_MS)
    return this.#runner.run(commands, program)
  }

  #stop(): void {
    this.#runner?.end()
    this.#runner = undefined
  }

  end(): void {
    this.#stop()
    rmSync(this.#folder, { recursive: true })
  }

  #groups(seeds: number[]): Group[] {
    for (const [name, network] of seeds.flatMap(filesOf))
      writeFileSync(join(this.#folder, name), JSON.stringify(network))
    return readsOf(seeds).map(([what, reads]) => ({ what, reads }))
  }
}

const seedsFrom = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)

const isSame = (one: Ended, other: Ended) =>
  one.status === other.status && one.stdout === other.stdout && one.stderr === other.stderr

function isHeld(read: Read, outcome: Ended): boolean {
  try {
    read.hold(outcome)
    return true
  } catch {
    return false
  }
}

/** What is wrong without a change would notice everything. */
function hold(unchanged: Unchanged): void {
  if (!unchanged.isHeld && !isHeld(unchanged.read, unchanged))
    throw new Error(`wrong without a change: ${unchanged.read.args.join(' ')}`)
  unchanged.isHeld = true
}

function isPageWrong(program: string): boolean {
  const pattern = '--test-name-pattern=what the report shows is so'
  const test = join(root, '__test__/reading/reading.test.ts')
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', '--test', pattern, test], {
    cwd: root,
    env: { ...process.env, FBAS_READING_PROGRAM: program, FBAS_READING_NETWORKS: String(FEW) }
  })
  return status !== 0
}

/** As many as the share says, others every day. */
function someOf(all: Mutant[]): Mutant[] {
  const before = (index: number) => Math.floor((index + day) * Number(share))
  return all.filter((_, index) => before(index + 1) > before(index))
}

/** What is listed as equivalent and is no change of the program, or stands for several. */
function strayIn(listed: string[]): string[] {
  const counts = listed.map(
    (what) => [what, mutants.filter((mutant) => mutant.what === what).length] as const
  )
  return counts.filter(([, count]) => count !== 1).map(([what, count]) => `${what}: ${count} changes`)
}

async function main(): Promise<void> {
  rmSync(copy, { recursive: true, force: true })
  for (const folder of ['dist/cli', 'dist/report']) mkdirSync(join(copy, folder), { recursive: true })
  for (const name of ['index.js', 'package.json', 'examples']) symlinkSync(join(root, name), join(copy, name))
  if (missing !== undefined) console.log(`no page is read: ${missing}`)

  const noticed = new Set<string>(existsSync(log) ? (JSON.parse(readFileSync(log, 'utf8')) as string[]) : [])
  const reader = new Reader()
  const asked = mutants.filter(
    ({ file, functionName }) =>
      (chosen.length === 0 || chosen.includes(file)) && (functions?.includes(functionName) ?? true)
  )
  const some = someOf(asked)
  const unnoticed: string[] = []
  let [listed, untried] = [0, 0]
  for (const mutant of some) {
    const { what, text, instead } = mutant
    const key = createHash('sha256').update(`${text} ${what} ${instead}`).digest('hex')
    if (noticed.has(key)) continue
    if (EQUIVALENT[what] !== undefined) {
      listed++
      continue
    }
    if (Date.now() > deadline) {
      untried++
      continue
    }
    writeFileSync(mutated.program, applied(bundle, mutant))
    const same = alsoIn(ofReport, mutants, mutant)
    writeFileSync(mutated.report, same === undefined ? report : applied(report, same))
    const { by, unheld } = await reader.notices(mutant)
    if (by === undefined) {
      unnoticed.push(what)
      console.log(`UNNOTICED  ${what}${unheld === undefined ? '' : `\n  but other is: ${unheld}`}`)
    } else {
      writeFileSync(log, JSON.stringify([...noticed.add(key)]))
      console.log(`noticed    ${what} by what is read ${by}`)
    }
  }
  reader.end()
  rmSync(copy, { recursive: true })
  const stray = strayIn(Object.keys(EQUIVALENT))
  const counts = `${unnoticed.length} of them unnoticed, ${listed} listed as equivalent, ${untried} not tried in time`
  console.log(`${some.length} of ${asked.length} changes, ${counts}`)
  for (const what of unnoticed) console.log(what)
  for (const what of stray) console.log(`listed in equivalent.ts, but not one change of the program: ${what}`)
  process.exitCode = unnoticed.length + stray.length === 0 ? 0 : 1
}

void main()
