// The addon's own binding, compiled to WebAssembly: Node-API comes from emnapi, so that what JavaScript sees is made by the same code.
//
// The binding has scripts of its own evaluated. Pages may not evaluate text, so the scripts are compiled into this file.

import { instantiateNapiModule, instantiateNapiModuleSync, type InstantiateOptions } from '@emnapi/core'
import { createContext } from '@emnapi/runtime'
import scripts from 'scripts of the binding'

import type * as addon from '../../index.js'
import { system } from './system.js'
import { atOnce, type Exported, type NodeApi } from './threadsafe.js'

export interface Binding {
  addon: typeof addon
  /** What it has written for people: what is wrong where it ended by itself. */
  lastWords: () => string
}

/** Loads the binding. `between` is called now and then while it works. */
export async function load(module: WebAssembly.Module, between?: () => void): Promise<Binding> {
  const { options, lastWords } = setUp(between)
  const { napiModule } = await instantiateNapiModule(module, options)
  return { addon: napiModule.exports as typeof addon, lastWords }
}

/** The same at once. Browsers may refuse that outside of workers. */
export function loadSync(module: WebAssembly.Module): Binding {
  const { options, lastWords } = setUp()
  const { napiModule } = instantiateNapiModuleSync(module, options)
  return { addon: napiModule.exports as typeof addon, lastWords }
}

function setUp(between = () => {}): { options: InstantiateOptions; lastWords: () => string } {
  // Networks are freed by it, and not every browser has it.
  ;(Symbol as { dispose?: symbol }).dispose ??= Symbol('Symbol.dispose')
  const { wasi, lastWords } = system()
  let exported: Exported
  const options: InstantiateOptions = {
    context: createContext(),
    wasi: wasi as never,
    overwriteImports: ({ env, napi, emnapi, ...others }) => {
      const api = { ...env, ...napi, ...emnapi } as NodeApi
      const replaced = { ...atOnce(api, () => exported, between), napi_run_script: withoutEval(api) }
      return { ...others, napi: api, env: { ...api, ...replaced } } as never
    },
    beforeInit: ({ instance }) => {
      exported = instance.exports as unknown as Exported
      // Each function and class of the binding makes itself known.
      for (const [name, register] of Object.entries(instance.exports)) {
        if (name.startsWith('__napi_register__')) (register as () => void)()
      }
    }
  }
  return { options, lastWords }
}

/** emnapi evaluates by the global function of this name, which stands for the scripts as long as one is asked for. */
function withoutEval({ napi_run_script }: NodeApi) {
  const here = globalThis as { eval: unknown }
  return (...args: number[]): number => {
    const before = here.eval
    here.eval = (text: string) => {
      const script = scripts[text]
      if (script === undefined) throw new Error(`not compiled in: ${text.slice(0, 80)}`)
      return script()
    }
    try {
      return napi_run_script!(...args)
    } finally {
      here.eval = before
    }
  }
}
