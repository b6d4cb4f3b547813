// The page's side of the worker: it queues calls, aborts them, and replaces the worker where that is needed.
//
// A call that is aborted is rejected at once. The worker hears nothing while it works, so it looks now and then whether the page has revoked
// an address that belongs to the call (a blob URL). Where that is not possible, or takes the worker too long, the worker is replaced, and
// the networks and iterators that it kept are made anew when they are needed.

import type { FbasError, FbasErrorCode, Progress } from '../../index.js'
import type { Source } from './where.js'
import type { Answer, Argument, FromWorker, Kept, Told, ToWorker } from './messages.js'
import { moduleAndWorker, type Module } from './source.js'

/** How long a worker may take to end a call that was called off, in milliseconds. */
const GRACE = 500
/** Times in milliseconds for what has none left: refused by nobody, and over at once. */
const NO_TIME = 0.001

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
const queue: Job[] = []
let active: Job | undefined
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
      since: performance.now(),
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

/** Begins the first call of the queue, if the worker has nothing to do. */
async function next(): Promise<void> {
  const job = active === undefined ? queue.shift() : undefined
  if (job === undefined) return
  active = job
  try {
    const { worker: at, heedsFlags } = await (worker ??= started())
    const missing = neededBy(job.question).find((kept) => kept.at !== at)
    if (active !== job) return
    if (missing === undefined) return begin(job, at, heedsFlags)
    // First what the call needs, then the call.
    queue.unshift(job)
    active = undefined
    if (missing.isFreed) return (job.reject(disposed()), dropSettled())
    remake(missing, job)
  } catch (error) {
    worker = undefined
    active = undefined
    job.reject(error)
    void next()
  }
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
  void next()
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
  if (job.isSettled) return done(job)
  job.isBegun = true
  const { name, on, optionsAt } = question
  const args = question.args.map((argument, index): Argument => {
    if (argument instanceof KeptByWorker) return { kept: argument.id }
    return index === optionsAt ? { value: withTimeLeft(argument.value, job) } : argument
  })
  if (signal !== undefined && heedsFlags && optionsAt !== undefined) {
    job.flag = URL.createObjectURL(new Blob(['']))
    if (signal.aborted) URL.revokeObjectURL(job.flag)
  }
  const tellsProgress = onProgress !== undefined
  send(at, {
    ...{ type: 'call', id, name, args, optionsAt, tellsProgress, flag: job.flag },
    on: on?.id,
    keepAs: keepAs?.id ?? 0,
    skip: keepAs?.taken ?? 0
  })
}

/** The time that a call may take counts from when it was asked. */
function withTimeLeft(options: unknown, { since }: Job): unknown {
  const { timeoutMs } = (options ?? {}) as { timeoutMs?: unknown }
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0)) return options
  return { ...(options as object), timeoutMs: Math.max(timeoutMs - (performance.now() - since), NO_TIME) }
}

/** The signal of a call has fired. */
function callOff(job: Job): void {
  // What is found until then is an answer, where the worker can be told so.
  const waits = job.isAnytime === true && (!job.isBegun || job.flag !== undefined)
  if (!waits) job.reject(aborted(job.signal?.reason))
  if (!job.isBegun) return waits || active === job ? undefined : dropSettled()
  if (job.flag === undefined) return replace()
  URL.revokeObjectURL(job.flag)
  setTimeout(() => {
    if (active !== job) return
    job.reject(aborted(job.signal?.reason))
    replace()
  }, GRACE)
}

/** Ends the worker in the middle of its work. The next call gets a new one. */
function replace(): void {
  const old = worker
  worker = undefined
  void old?.then(({ worker }) => worker.terminate()).catch(() => {})
  if (active !== undefined) done(active)
}

/** The call of the worker is over. */
function done(job: Job): void {
  if (job.flag !== undefined) URL.revokeObjectURL(job.flag)
  if (active !== job) return
  active = undefined
  void next()
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
  const job = active
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
