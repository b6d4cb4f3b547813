// The worker: it answers one call after the other, keeps networks and iterators, and looks now and then whether its call is called off.

import type { FbasError, FbasNetwork, MinimalSetsIterator } from '../../index.js'
import { load, type Binding } from './binding.js'
import type { Answer, Argument, Call, FromWorker, Kept, Start, Told, ToWorker } from './messages.js'

/** How often it looks whether its call is called off, in milliseconds. */
const INTERVAL = 50

/** Times in milliseconds for what has none left: refused by nobody, and over at once. */
const NO_TIME = 0.001

const kept = new Map<Kept, FbasNetwork | MinimalSetsIterator>()
let binding: Binding
/** Looks whether the call under way is called off. */
let look: (() => void) | undefined
/** Calls whose turn has not come, and the end of all that is to be done so far. */
const waiting = new Set<number>()
let turn: Promise<void> = Promise.resolve()

const tell = (message: FromWorker) => postMessage(message)

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case 'start':
      return void start(data)
    case 'call':
      waiting.add(data.id)
      return inTurn(() => heard().then(() => answer(data)))
    case 'skip':
      return void waiting.delete(data.id)
    case 'free':
      return inTurn(() => free(data.kept))
  }
})

// What the binding does not survive: a defect of its own, or too little memory.
addEventListener('error', (event) => broken(event.message))
addEventListener('unhandledrejection', ({ reason }) => broken(String(reason)))

async function start({ module, probe }: Start): Promise<void> {
  // The binding wants to hear when its process ends, which a worker never does by itself; what `onProgress` throws is told by the page.
  ;(globalThis as { process?: unknown }).process = { on: () => {}, emitWarning: () => {} }
  binding = await load(module, () => look?.())
  tell({ type: 'ready', heedsFlags: probe !== undefined && isUp(probe) })
}

function broken(message: string): void {
  tell({
    type: 'broken',
    message: [message, binding?.lastWords() ?? ''].filter((text) => text !== '').join('; ')
  })
}

function inTurn(task: () => void | Promise<void>): void {
  turn = turn.then(task).catch((error) => broken(String(error)))
}

/** Resolves once what the page has said until now is heard. */
function heard(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}

async function answer(call: Call): Promise<void> {
  const { id } = call
  if (!waiting.delete(id)) return tell({ type: 'skipped', id })
  try {
    const result = await asked(call)
    tell({ type: 'done', id, answer: await told(result, call) })
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return broken(String(error))
    tell({ type: 'failed', id, error: described(error as FbasError) })
  } finally {
    look = undefined
  }
}

/** What the binding answers, or the promise of it. */
function asked(call: Call): unknown {
  const values = call.args.map((argument: Argument) =>
    'kept' in argument ? kept.get(argument.kept) : argument.value
  )
  if (call.optionsAt !== undefined)
    values[call.optionsAt] = withHooks(withTimeLeft(values[call.optionsAt], call), call)
  const owner = call.on === undefined ? undefined : kept.get(call.on)
  if (owner === undefined) {
    const { FbasNetwork } = binding.addon
    return call.name === 'load'
      ? FbasNetwork.load(...(values as Parameters<typeof FbasNetwork.load>))
      : (binding.addon as never as Methods)[call.name]!(...values)
  }
  return (owner as never as Methods)[call.name]!(...values)
}

type Methods = Record<string, (...args: unknown[]) => unknown>

/** The time that a call may take counts from when it was made. */
function withTimeLeft(options: unknown, { since }: Call): unknown {
  const { timeoutMs } = (options ?? {}) as { timeoutMs?: unknown }
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0)) return options
  const passed = performance.timeOrigin + performance.now() - since
  return { ...(options as object), timeoutMs: Math.max(timeoutMs - passed, NO_TIME) }
}

/** The options with what cannot be sent: who is told progress, and a signal that fires when the call is called off. */
function withHooks(options: unknown, { id, tellsProgress, flag }: Call): unknown {
  if (!tellsProgress && flag === undefined) return options
  const hooks: Record<string, unknown> = {}
  if (tellsProgress) hooks.onProgress = (progress: never) => tell({ type: 'progress', id, progress })
  if (flag !== undefined) {
    const abort = new AbortController()
    let looked = performance.now()
    look = () => {
      if (performance.now() - looked < INTERVAL) return
      if (!isUp(flag)) abort.abort()
      looked = performance.now()
    }
    hooks.signal = abort.signal
  }
  return { ...(options as object), ...hooks }
}

/** What can be sent of a result; what cannot is kept. */
async function told(result: unknown, { keepAs, skip }: Call): Promise<Answer> {
  const { FbasNetwork, MinimalSetsIterator } = binding.addon
  if (result instanceof FbasNetwork) {
    kept.set(keepAs, result)
    const { nodeCount, organizationCount, findings, reportedDown } = result
    return { network: { nodeCount, organizationCount, findings, reportedDown } }
  }
  if (result instanceof MinimalSetsIterator) {
    kept.set(keepAs, result)
    for (let index = 0; index < skip; index++) await result.next()
    return { iterator: true }
  }
  return { value: result }
}

function described({ message, name, code, lowerBound, upperBound }: FbasError): Told {
  const bounds = lowerBound === undefined ? undefined : { lowerBound, upperBound: upperBound ?? null }
  return { message, name, code: code ?? 'INTERNAL', bounds }
}

function free(one: Kept): void {
  const value = kept.get(one)
  kept.delete(one)
  if (value instanceof binding.addon.FbasNetwork) value[Symbol.dispose]()
  else void value?.return()
}

/** Whether an address of the page can be read. The only thing that a worker can find out in the middle of its work. */
function isUp(address: string): boolean {
  const request = new XMLHttpRequest()
  try {
    request.open('GET', address, false)
    request.send()
    return request.status === 200
  } catch {
    return false
  }
}
