// Where the WebAssembly and the worker come from: both are inside of this module, or the page says where.

import type { Source } from './where.js'

/** The bytes of the WebAssembly as a text, in the form of the module that has them inside. See ts/bundle-web.mjs. */
declare const WASM: string | undefined
/** The script of the worker. */
declare const WORKER: string

/** The compiled WebAssembly, and how to get a worker. */
export interface Module {
  module: WebAssembly.Module
  newWorker: () => Worker
}

export async function moduleAndWorker({ wasm, worker }: Source = {}): Promise<Module> {
  if (typeof Worker === 'undefined')
    throw new Error('there are no workers here: stellar-fbas/web is for web pages')
  return { module: await compiled(wasm), newWorker: () => newWorker(worker) }
}

/** What a page has of the WebAssembly, or what is inside, compiled. */
export async function compiled(wasm: Source['wasm']): Promise<WebAssembly.Module> {
  if (wasm === undefined) {
    if (WASM === undefined) throw new Error('no WebAssembly: pass its address to `load`')
    return WebAssembly.compile(bytesOf(WASM))
  }
  if (wasm instanceof WebAssembly.Module) return wasm
  if (wasm instanceof ArrayBuffer || ArrayBuffer.isView(wasm)) return WebAssembly.compile(wasm)
  const response = wasm instanceof Response ? wasm : await fetch(wasm)
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${response.statusText}`)
  // Not while it is loaded: servers may not know of what type it is.
  return WebAssembly.compile(await response.arrayBuffer())
}

/** The bytes behind a text: as many characters from '#' on, without the backslash. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    bytes[index] = code < 92 ? code - 35 : code - 36
  }
  return bytes
}

function newWorker(address: Source['worker']): Worker {
  if (address !== undefined) return new Worker(address)
  const url = URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' }))
  const worker = new Worker(url)
  // Not before it is loaded.
  worker.addEventListener('message', () => URL.revokeObjectURL(url), { once: true })
  return worker
}
