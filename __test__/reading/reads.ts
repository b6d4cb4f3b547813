// What is read: command lines about small networks, each with what holds its outcome against the truth.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'

import { environment, type Ended } from '../cli/command.js'
import { About, GROUPINGS } from './about.js'
import { findingsIn, holdAnalyzed } from './analyzed.js'
import { holdAsked, type Asked } from './asked.js'
import { holdChanges, holdChangesForPrograms } from './changes.js'
import { holdClaims, type Format } from './claims.js'
import { blocksOf } from './blocks.js'
import { holdFindings } from './findings.js'
import { networkOf } from './networks.js'
import {
  holdAnalysis,
  holdAnswer,
  holdFiguresForPrograms,
  holdFindingRows,
  holdFindingsForPrograms,
  holdRows
} from './programs.js'
import { holdStatus } from './statuses.js'

/** Runs command lines with a program in one process, with colors. */
export function batch(program: string, folder: string, commands: string[][]): Promise<Ended[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(__dirname, 'batch.cjs'), program], {
      cwd: folder,
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
export interface Read {
  name: string
  args: string[]
  hold: (outcome: Ended) => void
}

/** Runs them; what was not so, in full. */
export async function wrongIn(program: string, folder: string, reads: Read[]): Promise<string[]> {
  const outcomes = await batch(
    program,
    folder,
    reads.map(({ args }) => args)
  )
  return reads.flatMap(({ name, args, hold }, index) => {
    const outcome = outcomes[index] as Ended
    try {
      hold(outcome)
      return []
    } catch (error) {
      return [`${name}: ${args.join(' ')}\n${(error as Error).message}\n${outcome.stdout}${outcome.stderr}`]
    }
  })
}

/** How unknown nodes are read: as nobody chose, or chosen. */
export const chosen = (seed: number) =>
  [undefined, undefined, 'free', 'dead'][(seed >> 1) % 4] as 'free' | 'dead' | undefined

const abouts = new Map<string, About>()
/** What is so of a network, read as that of another seed is; worked out once. */
export function about(seed: number, isCutShort = false, readAs = seed): About {
  const how = chosen(readAs)
  const key = `${seed} ${isCutShort} ${how}`
  const known = abouts.get(key) ?? new About(networkOf(seed), how, isCutShort)
  abouts.set(key, known)
  return known
}

/** The file of a network, and how it is read. */
export const read = (seed: number) => [
  `${seed}.json`,
  ...(chosen(seed) === undefined ? [] : ['--unknown', chosen(seed) ?? ''])
]

export const CUT_SHORT = ['--anytime', '--timeout', '0.000001']
const SETS = ['blocking-sets', 'splitting-sets', 'quorums', 'history-critical']
const QUESTIONS = ['intersection', 'top-tier', 'symmetric', ...SETS]

/** What a question is asked about, and the command line for it. */
function asking(command: string, seed: number): { asked: Asked; args: string[] } {
  const isOfSets = SETS.includes(command)
  const grouping = isOfSets || command === 'top-tier' ? (GROUPINGS[(seed >> 3) % 4] ?? 'node') : 'node'
  const isListed = isOfSets && seed % 3 === 0
  const args = [
    ...[command, ...read(seed)],
    ...(grouping === 'node' ? [] : ['--group-by', grouping]),
    ...(isListed ? ['--limit', 'all'] : [])
  ]
  return { asked: { command, grouping, isListed }, args }
}

const canBeChecked = (command: string) => command !== 'top-tier' && command !== 'symmetric'

/** Everything that is read of networks with these seeds, the cheapest to notice first. */
export function readsOf(seeds: number[]): [string, Read[]][] {
  const each = (of: (seed: number) => Omit<Read, 'name'>) =>
    seeds.map((seed) => ({ name: `seed ${seed}`, ...of(seed) }))
  /** What goes well and says nothing but its answer. */
  const alone =
    (hold: (text: string) => void) =>
    ({ stdout, stderr, status }: Ended) => {
      assert.deepEqual([stderr, status], ['', 0])
      hold(stdout)
    }
  const analyze = (isCutShort: boolean) =>
    each((seed) => ({
      args: ['analyze', ...read(seed), '--check', ...(isCutShort ? CUT_SHORT : [])],
      hold: ({ stdout, stderr, status }) => {
        assert.equal(stderr, '')
        holdAnalyzed(about(seed, isCutShort), stdout, `${seed}.json`)
        holdStatus(about(seed, isCutShort), status)
      }
    }))
  const question = (command: string, isCutShort: boolean) =>
    each((seed) => {
      const { asked, args } = asking(command, seed)
      const check = canBeChecked(command) ? ['--check'] : []
      return {
        args: [...args, ...check, ...(isCutShort ? CUT_SHORT : [])],
        hold: (ended) => holdAsked(about(seed, isCutShort), asked, ended)
      }
    })
  const forPrograms = (command: string) =>
    each((seed) => {
      const { asked, args } = asking(command, seed)
      const [format, hold] = seed % 2 === 0 ? (['json', holdAnswer] as const) : (['csv', holdRows] as const)
      return {
        args: [...args, '--format', format],
        hold: ({ stdout, status }) => {
          assert.equal(status, 0)
          hold(about(seed), asked, stdout)
        }
      }
    })
  const formats: [Format, (seed: number, text: string) => void, (seed: number, text: string) => void][] = [
    ['table', () => {}, (seed, text) => holdFindings(about(seed), findingsIn(about(seed), blocksOf(text)))],
    [
      'json',
      (seed, text) => holdAnalysis(about(seed), text, `${seed}.json`),
      (seed, text) => holdFindingsForPrograms(about(seed), text)
    ],
    [
      'csv',
      (seed, text) => holdFiguresForPrograms(about(seed), text),
      (seed, text) => holdFindingRows(about(seed), text)
    ]
  ]
  // Another one of its kind, or of the next.
  const [first = 0] = seeds
  const laterThan = (seed: number) => first + ((seed - first + (seed % 2 === 0 ? 12 : 1)) % seeds.length)
  const differences = (isCutShort: boolean, format: Format) =>
    each((seed) => {
      const later = laterThan(seed)
      const how = chosen(seed)
      const side = (other: number) => ({ about: about(other, isCutShort, seed), title: `${other}.json` })
      return {
        args: [
          ...['diff', `${seed}.json`, `${later}.json`, '--check'],
          ...(how === undefined ? [] : ['--unknown', how]),
          ...(isCutShort ? CUT_SHORT : []),
          ...(format === 'table' ? [] : ['--format', format])
        ],
        hold: ({ stdout, stderr, status }) => {
          assert.equal(stderr, '')
          if (format === 'table') holdChanges(side(seed), side(later), stdout)
          else holdChangesForPrograms(side(seed), side(later), format, stdout)
          holdStatus(side(later).about, status)
        }
      }
    })
  return [
    ['of a network as a whole', analyze(false)],
    ['of a network as a whole, when time ran out', analyze(true)],
    ...QUESTIONS.map((command): [string, Read[]] => [
      `of a single question: ${command}`,
      question(command, false)
    ]),
    ['of two snapshots', differences(false, 'table')],
    ['of two snapshots, when time ran out', differences(true, 'table')],
    ['of two snapshots, for programs', [...differences(false, 'json'), ...differences(false, 'csv')]],
    ...QUESTIONS.map((command): [string, Read[]] => [
      `of a single question, when time ran out: ${command}`,
      question(command, true)
    ]),
    ...QUESTIONS.map((command): [string, Read[]] => [
      `of a single question, for programs: ${command}`,
      forPrograms(command)
    ]),
    ...formats.map(([format, , hold]): [string, Read[]] => [
      `of what is odd in the data: ${format}`,
      each((seed) => ({
        args: ['findings', ...read(seed), '--format', format],
        hold: alone((text) => hold(seed, text))
      }))
    ]),
    ...formats.slice(1).map(([format, hold]): [string, Read[]] => [
      `of a network as a whole, for programs: ${format}`,
      each((seed) => ({
        args: ['analyze', ...read(seed), '--format', format],
        hold: alone((text) => hold(seed, text))
      }))
    ]),
    [
      'of a network as a whole, for programs, when time ran out',
      each((seed) => ({
        args: ['analyze', ...read(seed), '--format', 'json', ...CUT_SHORT],
        hold: alone((text) => holdAnalysis(about(seed, true), text, `${seed}.json`))
      }))
    ],
    [
      'of certificates',
      [
        ...each((seed) => ({
          args: ['analyze', ...read(seed), '--certificate', `certificate-${seed}`],
          hold: ({ stdout, stderr, status }) => {
            assert.match(
              stderr,
              new RegExp(
                `^certificate-${seed}/certificate.json: \\d+ claims? with (its proof|their proofs)\n$`
              )
            )
            assert.equal(status, 0)
            holdAnalyzed(about(seed), stdout, `${seed}.json`)
          }
        })),
        ...[true, false].flatMap((isOwn) =>
          each((seed) => {
            const of = isOwn ? seed : laterThan(seed)
            const format = (['table', 'json', 'csv'] as const)[seed % 3] ?? 'table'
            return {
              args: ['verify', `${of}.json`, `certificate-${seed}`, '--format', format],
              hold: (ended) => holdClaims(about(of), format, isOwn, ended)
            }
          })
        )
      ]
    ]
  ]
}
