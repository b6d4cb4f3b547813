/**
 * A stand-in for the WebAssembly package `@stellarbeat/stellar_analysis_web`: `await init()`, and then the functions of `stellar-fbas/compat`,
 * which block the thread that calls them, as there: it should be a worker. `stellar-fbas/web` has one of its own.
 *
 * @module stellar-fbas/compat-web
 */

import { load, loadSync } from './binding.js'
import { provide } from './compat-addon.js'
import { compiled } from './source.js'

export * from '../compat.js'

/** What the WebAssembly can be loaded from. */
export type InitInput = string | URL | Request | Response | BufferSource | WebAssembly.Module

/**
 * Loads what the functions need; to be called once, before any of them. Without an argument that is inside of this module; with one, it is
 * `stellar-fbas/web/stellar-fbas.wasm`, its address or what was loaded of it.
 */
export default async function init(
  from?: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>
): Promise<void> {
  const given = await from
  const source = await (isNamed(given, 'module_or_path') ? given.module_or_path : given)
  provide((await load(await compiled(source instanceof Request ? await fetch(source) : source))).addon)
}

/** The same at once, from what is loaded already. */
export function initSync(
  from: { module: BufferSource | WebAssembly.Module } | BufferSource | WebAssembly.Module
): void {
  const module = isNamed(from, 'module') ? from.module : from
  provide(loadSync(module instanceof WebAssembly.Module ? module : new WebAssembly.Module(module)).addon)
}

function isNamed<T, N extends string>(given: T, name: N): given is Extract<T, Record<N, unknown>> {
  return typeof given === 'object' && given !== null && Object.hasOwn(given, name)
}
