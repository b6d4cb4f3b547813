// The page's side of the worker: it queues calls, aborts them, and replaces the worker where that is needed.
//
// A call that is aborted is rejected at once. The worker hears nothing while it works, so it looks now and then whether the page has revoked
// an address that belongs to the call (a blob URL). Where that is not possible, as on pages that are opened as files, or takes the worker too
// long, the worker is replaced, and the networks and iterators that it kept are made anew when they are needed.
//
// The worker has some calls ahead, so that it does not wait for a page that has something to draw.

import type { FbasError, FbasErrorCode, Progress } from '../../index.js'
import type { Source } from './where.js'
import type { Answer, Argument, Call, FromWorker, Kept, Told, ToWorker } from './messages.js'
import { moduleAndWorker, type Module } from './source.js'

/** How long a worker may take to end a call that was called off, in milliseconds: one that can be told so, and one that cannot. */
const GRACE = 500
const UNTOLD = 100
/** How many calls a worker has at most, the one under way included. */
const MOST_AHEAD = 8

/** Something that a worker keeps, and how to make it anew. */
export class KeptByWorker {
  private static last = 0

  readonly id: Kept = ++KeptByWorker.last
  /** The worker that has it. */
  at: Worker | undefined
  isFreed = false
  /** How many sets an iterator has handed out. */
  taken = 0

  constructor(readonly origin: Question) {}
}

/** A call as a page makes it. */
export interface Question {
  name: string
  on: KeptByWorker | undefined
  args: (KeptByWorker | { value: unknown })[]
  optionsAt: number | undefined
}

/** What only the page knows of a call. */
export interface Hooks {
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
  /** Whether what is found until the call is called off is an answer. */
  isAnytime?: boolean
}

interface Job extends Hooks {
  id: number
  question: Question
  keepAs: KeptByWorker | undefined
  since: number
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
  flag?: string
  isBegun: boolean
  isSettled: boolean
}

let last = 0
/** What waits; and what the worker has, in the order in which it answers. */
const queue: Job[] = []
const sent: Job[] = []
let isHanding = false
/** The worker, once it was asked for; what it is made of is loaded once. */
let worker: Promise<Ready> | undefined
let source: Promise<Module> | undefined

interface Ready {
  worker: Worker
  heedsFlags: boolean
}

/** Where to load from, if anything has to be said about it. */
export function from(where: Source): void {
  source = moduleAndWorker(where)
  source.catch(() => {})
}

/** Loads what there is to be loaded. */
export async function ready(): Promise<void> {
  await (worker ??= started())
}

/** Asks the worker. */
export function ask(question: Question, hooks: Hooks = {}, keepAs?: KeptByWorker): Promise<Answer> {
  const { signal } = hooks
  if (signal?.aborted === true && hooks.isAnytime !== true) return Promise.reject(aborted(signal.reason))
  return new Promise((resolve, reject) => {
    const job: Job = {
      ...hooks,
      id: ++last,
      question,
      keepAs,
      since: performance.timeOrigin + performance.now(),
      isBegun: false,
      isSettled: false,
      resolve: (answer) => settle(() => resolve(answer)),
      reject: (error) => settle(() => reject(error))
    }
    const onAbort = () => callOff(job)
    const settle = (how: () => void) => {
      if (job.isSettled) return
      job.isSettled = true
      signal?.removeEventListener('abort', onAbort)
      how()
    }
    signal?.addEventListener('abort', onAbort)
    queue.push(job)
    void next()
  })
}

/** The worker need not keep this any more. */
export function free(kept: KeptByWorker): void {
  if (kept.isFreed) return
  kept.isFreed = true
  if (kept.at !== undefined) send(kept.at, { type: 'free', kept: kept.id })
}

/** What promises are rejected with. */
export function failure(code: FbasErrorCode, message: string, more: object = {}): FbasError {
  return Object.assign(new Error(message), { code, ...more })
}

const aborted = (reason: unknown) =>
  failure('ABORT_ERR', 'the analysis was cancelled', { name: 'AbortError', cause: reason })

/** Hands the worker as many calls as it may have. */
async function next(): Promise<void> {
  if (isHanding) return
  isHanding = true
  while (queue.length > 0) {
    const asked = (worker ??= started())
    try {
      const ready = await asked
      if (worker === asked && !handOver(ready)) break
    } catch (error) {
      worker = undefined
      queue.shift()?.reject(error)
    }
  }
  isHanding = false
}

/** Hands the worker the first call of the queue, or what has to come before it; false: it may have nothing now. */
function handOver({ worker: at, heedsFlags }: Ready): boolean {
  const [job] = queue
  if (job === undefined || sent.length === MOST_AHEAD) return false
  const missing = neededBy(job.question).find((kept) => kept.at !== at)
  if (missing === undefined) {
    queue.shift()
    begin(job, at, heedsFlags)
    return true
  }
  // It may be on its way.
  if (sent.length > 0) return false
  if (missing.isFreed) {
    queue.shift()
    job.reject(disposed())
  } else remake(missing, job)
  return true
}

/** Networks and iterators that a call is about. */
function neededBy({ on, args }: Question): KeptByWorker[] {
  return [on, ...args].filter((one) => one instanceof KeptByWorker)
}

export const disposed = () => failure('INVALID_INPUT', 'network: it was disposed of')

/** Makes anew what the worker does not have. */
function remake(kept: KeptByWorker, { reject, since }: Job): void {
  queue.unshift({
    id: ++last,
    question: kept.origin,
    keepAs: kept,
    since,
    isBegun: false,
    isSettled: false,
    resolve: () => {},
    reject: (error) => {
      reject(error)
      dropSettled()
    }
  })
}

/** Nobody waits for these any more. */
function dropSettled(): void {
  queue.splice(0, queue.length, ...queue.filter((job) => !job.isSettled))
  void next()
}

function begin(job: Job, at: Worker, heedsFlags: boolean): void {
  const { id, question, keepAs, signal, onProgress } = job
  // Where a worker cannot be told, there is nothing to wait for.
  if (signal?.aborted === true && !heedsFlags) job.reject(aborted(signal.reason))
  if (job.isSettled) return
  job.isBegun = true
  const { name, on, optionsAt } = question
  const args = question.args.map((argument): Argument =>
    argument instanceof KeptByWorker ? { kept: argument.id } : argument
  )
  if (signal !== undefined && heedsFlags && optionsAt !== undefined) {
    job.flag = URL.createObjectURL(new Blob(['']))
    if (signal.aborted) URL.revokeObjectURL(job.flag)
  }
  const tellsProgress = onProgress !== undefined
  const call: Call = {
    ...{ type: 'call', id, name, args, optionsAt, tellsProgress, flag: job.flag, since: job.since },
    on: on?.id,
    keepAs: keepAs?.id ?? 0,
    skip: keepAs?.taken ?? 0
  }
  try {
    send(at, call)
    sent.push(job)
  } catch (error) {
    // An argument that cannot be sent.
    over(job)
    job.reject(error)
  }
}

/** The signal of a call has fired. */
function callOff(job: Job): void {
  // What is found until then is an answer, where the worker can be told so.
  const waits = job.isAnytime === true && (!job.isBegun || job.flag !== undefined)
  if (!waits) job.reject(aborted(job.signal?.reason))
  if (!job.isBegun) return waits ? undefined : dropSettled()
  if (job.flag !== undefined) URL.revokeObjectURL(job.flag)
  if (sent[0] === job) return hurry(job)
  if (!waits) void worker?.then(({ worker: at }) => send(at, { type: 'skip', id: job.id }))
}

/** Gives the worker a while to end a call that is called off. */
function hurry(job: Job): void {
  const patience = job.flag === undefined ? UNTOLD : GRACE
  setTimeout(() => {
    if (sent[0] !== job) return
    job.reject(aborted(job.signal?.reason))
    replace()
  }, patience)
}

/** Ends the worker in the middle of its work. The next call gets a new one, and so do those that it had ahead. */
function replace(): void {
  const old = worker
  worker = undefined
  const end = ({ worker }: Ready) => {
    worker.onmessage = null
    worker.terminate()
  }
  void old?.then(end).catch(() => {})
  const [, ...ahead] = sent
  sent.splice(0).forEach(over)
  ahead.forEach((job) => (job.isBegun = false))
  queue.unshift(...ahead)
  dropSettled()
}

/** The worker is done with the call. */
function done(job: Job): void {
  if (sent[0] !== job) return
  sent.shift()
  over(job)
  const [following] = sent
  if (following?.signal?.aborted === true) hurry(following)
  void next()
}

function over(job: Job): void {
  if (job.flag !== undefined) URL.revokeObjectURL(job.flag)
  job.flag = undefined
}

async function started(): Promise<Ready> {
  const { module, newWorker } = await (source ??= moduleAndWorker())
  const at = newWorker()
  const probe = URL.createObjectURL(new Blob(['']))
  try {
    return await new Promise<Ready>((resolve, reject) => {
      at.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.type === 'ready') resolve({ worker: at, heedsFlags: data.heedsFlags })
        else if (data.type === 'broken')
          reject(failure('INTERNAL', `the worker does not start: ${data.message}`))
      }
      at.onerror = ({ message }) =>
        reject(failure('INTERNAL', `the worker does not start: ${message ?? 'refused'}`))
      send(at, { type: 'start', module, probe })
    }).then((ready) => {
      at.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data, at)
      at.onerror = (event) => {
        event.preventDefault()
        hear({ type: 'broken', message: event.message }, at)
      }
      return ready
    })
  } catch (error) {
    at.terminate()
    throw error
  } finally {
    URL.revokeObjectURL(probe)
  }
}

const send = (at: Worker, message: ToWorker) => at.postMessage(message)

function hear(message: FromWorker, at: Worker): void {
  const [job] = sent
  if (job === undefined) return
  switch (message.type) {
    case 'progress':
      if (message.id !== job.id || job.isSettled) return
      try {
        job.onProgress?.(message.progress)
      } catch (error) {
        reportError(error)
      }
      return
    case 'done':
      if (message.id !== job.id) return
      if (job.keepAs !== undefined) {
        job.keepAs.at = at
        if (job.keepAs.isFreed) send(at, { type: 'free', kept: job.keepAs.id })
      }
      job.resolve(message.answer)
      return done(job)
    case 'failed':
      if (message.id !== job.id) return
      job.reject(errorOf(message.error))
      return done(job)
    case 'skipped':
      // It was rejected when it was called off.
      if (message.id === job.id) done(job)
      return
    case 'broken':
      job.reject(failure('INTERNAL', `the worker ended: ${message.message}`))
      return replace()
    case 'ready':
  }
}

function errorOf({ message, name, code, bounds }: Told): FbasError {
  const named = name === 'Error' ? {} : { name }
  return failure(code as FbasErrorCode, message, { ...named, ...bounds })
}
