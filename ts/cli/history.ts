/**
 * `history`: the figures of many snapshots, several at a time.
 *
 * Networks with the same hash are solved once. With `--output` a result is written as soon as it is there, and a run that was ended goes on: every
 * snapshot is read again, and solved only if the file has no proven result for its hash, read the same way by the same engine. On standard
 * output results come in the order of time, so that one that takes long holds back those behind it, and only so many may wait.
 */

import { availableParallelism } from 'node:os'

import { pMapIterable } from 'p-map'

import type { Check } from '../study/check.js'
import { counted } from '../study/groupings.js'
import type { Called, SnapshotRecord } from '../study/record.js'
import { Failure, STATUS, type Status } from './failure.js'
import { Bar } from './history/bar.js'
import {
  formatFor,
  headOf,
  isProven,
  isRead,
  lineOf,
  placeOf,
  type Format,
  type Record
} from './history/records.js'
import { ResultsFile } from './history/results-file.js'
import { inOrder, snapshotsIn, textOf } from './history/snapshots.js'
import { Solver } from './solver.js'
import type { Options } from './options.js'
import { print, save, say } from './output.js'

export interface HistoryOptions extends Omit<Options, 'format'> {
  format?: Format
  /** A file. Absent, or `-`: standard output. */
  output?: string
  /** The page over time: a file, or `-`. */
  report?: string
  /** What the page calls the network. */
  title?: string
}

const SNAPSHOTS = { one: 'snapshot', many: 'snapshots' }
const NETWORKS = { one: 'different network', many: 'different networks' }

/** Most results that wait for one before them. */
const MOST_WAITING = 256

/** Does it, and the status that comes of it. */
export async function history(paths: string[], options: HistoryOptions): Promise<Status> {
  const { organizations, report } = options
  const output = options.output === '-' ? undefined : options.output
  const most = options.threads ?? availableParallelism()
  // While some are solved one is read and one is told, unless somebody says how many threads there may be.
  const atOnce = options.threads ?? most + 2
  // Each takes a thread of Node.js's own meanwhile; these are four unless somebody says so before the first is used.
  process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, atOnce))

  // Until it is known how many there are, an end says only that it is one.
  let many: number | undefined
  const counts = { done: 0, notRead: 0, notProven: 0 }
  let bar: Bar | undefined
  endOnSignals()

  const format = formatFor(options.format, output)
  refuse(options, output, format)
  const except = output === undefined ? [] : [output, `${output}.unfinished`]
  const snapshots = await snapshotsIn(paths, except, organizations)
  if (organizations !== undefined && snapshots.every((one) => one.organizations !== organizations)) {
    throw new Failure(`${organizations}: every snapshot has organizations beside it`)
  }
  const forAll = organizations === undefined ? undefined : await textOf(organizations)
  const { length } = snapshots
  many = length
  const file = output === undefined ? undefined : await ResultsFile.open(output, format)
  const threads = Math.max(1, Math.floor(most / length))
  const solver = await Solver.with({ ...options, threads }, file?.records.values() ?? [], forAll)
  // What is drawn in between would wipe out what was written to the same terminal.
  const isPrinted = file === undefined && (report === undefined || options.output === '-')
  bar = new Bar(length, options.progress !== false && !(isPrinted && process.stdout.isTTY))
  const records: Record[] = []
  let latest: Record | undefined

  const results = pMapIterable(snapshots, (snapshot) => solver.recordOf(snapshot), {
    concurrency: atOnce,
    backpressure: atOnce + MOST_WAITING,
    preserveOrder: isPrinted
  })
  try {
    if (isPrinted) await print(headOf(format))
    for await (const record of results) {
      counts.done++
      if (!isRead(record)) counts.notRead++
      if (!isProven(record)) counts.notProven++
      if (latest === undefined || inOrder(placeOf(latest), placeOf(record)) < 0) latest = record
      bar.step(!isRead(record))
      if (report !== undefined) records.push(record)
      // Whoever reads a pipe may stop reading.
      if (isPrinted && !(await print(lineOf(record, format))) && report === undefined) break
      if (file !== undefined && !isSame(file.records.get(snapshotIn(record)), record, format))
        await file.add(record)
    }
    await file?.finish()
  } finally {
    bar.end()
    await file?.close()
  }

  if (output !== undefined) {
    say(
      `written to ${output}: ${counted(length, SNAPSHOTS)}, ${counted(solver.networks, NETWORKS)}, ${solver.solved} solved now`
    )
  }
  if (report !== undefined) {
    await writePage(
      report,
      file?.inOrder() ?? records.sort((one, other) => inOrder(placeOf(one), placeOf(other)))
    )
  }
  if (counts.notRead > 0) say(`not read: ${counts.notRead} of ${counted(length, SNAPSHOTS)}, see "error"`)
  if (counts.notProven > 0)
    say(`not proven: figures of ${counts.notProven} of ${counted(length, SNAPSHOTS)}, see "inexact"`)
  if (solver.defects > 0) return STATUS.defect
  // Whoever reads a pipe may have stopped before the snapshot that has such a node.
  if (counts.done === length && solver.neverFound.length > 0)
    throw new Failure(`--faulty ${solver.neverFound.join()}: no snapshot has a node that is called so`)
  const check = options.check === true ? checkOfLatest(latest) : 'safe'
  // Of years of snapshots one that cannot be read must not hide that it is unsafe now.
  if (check === 'unsafe') return STATUS.unsafe
  if (counts.notRead > 0) return STATUS.badInput
  return check === 'unknown' || counts.notProven > 0 ? STATUS.notProven : STATUS.fine

  async function writePage(file: string, records: Record[]): Promise<void> {
    // Loaded only here: nothing else needs what draws pictures.
    const { historyHtml } = await import('../report/index.js')
    const page = historyHtml(records as unknown as SnapshotRecord[], {
      title: options.title,
      names: await namesOf(records)
    })
    if (file === '-') await print(page)
    else {
      await save(file, page)
      say(`written to ${file}`)
    }
  }

  /** Of the nodes of top tiers, in the latest of the snapshots that have them. */
  async function namesOf(records: Record[]): Promise<Map<string, Called>> {
    const tiers = new Map(records.map((record) => [snapshotIn(record), record.topTier]))
    const names = new Map<string, Called>()
    for (const snapshot of [...snapshots].reverse()) {
      const tier = tiers.get(snapshot.name)
      const keys = (Array.isArray(tier) ? tier : []).filter((key) => !names.has(key))
      if (keys.length === 0) continue
      for (const [key, called] of await solver.namesIn(snapshot, keys)) names.set(key, called)
    }
    return names
  }

  function endOnSignals(): void {
    const ends = { SIGINT: 'interrupted', SIGTERM: 'terminated' } as const
    for (const [signal, end] of Object.entries(ends)) {
      process.on(signal, () => {
        bar?.end()
        const more = output === undefined ? '' : '; the same command goes on from there'
        say(many === undefined ? end : `${end} after ${counts.done} of ${counted(many, SNAPSHOTS)}${more}`)
        process.exit(STATUS[end])
      })
    }
  }
}

/** What was asked for and could not be done. */
function refuse(options: HistoryOptions, output: string | undefined, format: Format): void {
  const { report, title } = options
  if (report === undefined) {
    if (title !== undefined) throw new Failure('--title is for the page that --report writes')
    return
  }
  if (report === '-' && options.output === '-')
    throw new Failure('standard output can be only one of the results and the page')
  if (options.output === undefined && options.format !== undefined)
    throw new Failure('--format is for results, and --output says where they go')
  if (output !== undefined && format === 'csv')
    throw new Failure(
      `${output}: a page is not made of CSV, which has neither the top tier nor bounds; .ndjson has`
    )
}

/** What is so now, as far as there are snapshots; what was so before is past. */
function checkOfLatest(latest: Record | undefined): Check {
  if (latest === undefined) return 'unknown'
  const { verdict } = latest
  const check = verdict === 'safe' || verdict === 'unsafe' ? verdict : 'unknown'
  say(`the latest, ${snapshotIn(latest)}: ${check}`)
  return check
}

function snapshotIn(record: Record): string {
  return String(record.snapshot)
}

function isSame(known: Record | undefined, record: Record, format: Format): boolean {
  return known !== undefined && lineOf(known, format) === lineOf(record, format)
}
