// Replaces the thread-safe functions of Node-API where there is one thread. Whoever calls such a function is called back at once, also in
// the middle of an analysis: that is when progress is reported and a call is aborted. The functions of emnapi wait for the event loop, which
// does not run meanwhile.

/** Node-API as the WebAssembly imports it: pointers and handles are numbers, and so are answers, of which 0 is well. */
export type NodeApi = Record<string, (...args: number[]) => number>

/** What the module exports that is made use of here. */
export interface Exported {
  memory: WebAssembly.Memory
  __indirect_function_table: WebAssembly.Table
  malloc: (bytes: number) => number
}

interface Made {
  env: number
  /** A reference to the JavaScript function, or 0. */
  callee: number
  /** Functions of the module, or 0, and what they are called with. */
  callBack: number
  context: number
  finish: number
  finishData: number
  /** How many still hold it. */
  holders: number
}

const OK = 0
const INVALID_ARGUMENT = 1
const CLOSING = 16

/** Replaces those functions of Node-API. `between` is called before everything that an analysis calls back. */
export function atOnce(api: NodeApi, exported: () => Exported, between: () => void): NodeApi {
  const made = new Map<number, Made>()
  let last = 0
  let cell = 0

  const view = () => new DataView(exported().memory.buffer)
  /** A place in memory for what Node-API answers. */
  const place = () => (cell ||= exported().malloc(8))
  const call = (pointer: number, ...args: number[]) =>
    (exported().__indirect_function_table.get(pointer) as (...args: number[]) => void)(...args)
  const asked = (name: string, ...args: number[]): number => {
    const status = api[name]!(...args, place())
    if (status !== OK) throw new Error(`${name}: status ${status}`)
    return view().getUint32(place(), true)
  }

  const inScope = (env: number, work: () => void) => {
    const scope = asked('napi_open_handle_scope', env)
    try {
      work()
    } finally {
      api.napi_close_handle_scope!(env, scope)
    }
  }

  return {
    napi_create_threadsafe_function(env, callee, _resource, _name, _most, holders, ...rest) {
      const [finishData, finish, context, callBack, result] = rest as [number, number, number, number, number]
      const reference = callee === 0 ? 0 : reference_to(env, callee)
      made.set(++last, { env, callee: reference, callBack, context, finish, finishData, holders })
      view().setUint32(result, last, true)
      return OK
    },
    napi_call_threadsafe_function(id, data) {
      const one = made.get(id)
      if (one === undefined || one.holders === 0) return CLOSING
      between()
      inScope(one.env, () => {
        const callee = one.callee === 0 ? 0 : asked('napi_get_reference_value', one.env, one.callee)
        call(one.callBack, one.env, callee, one.context, data)
      })
      return OK
    },
    napi_release_threadsafe_function(id, isAbort) {
      const one = made.get(id)
      if (one === undefined) return INVALID_ARGUMENT
      one.holders = isAbort === 1 ? 0 : one.holders - 1
      // Not before whoever is just using it has come to its end.
      if (one.holders === 0) setTimeout(() => finish(id, one))
      return OK
    },
    // Nothing here keeps anything running.
    napi_unref_threadsafe_function: () => OK,
    napi_ref_threadsafe_function: () => OK
  }

  function reference_to(env: number, value: number): number {
    return asked('napi_create_reference', env, value, 1)
  }

  function finish(id: number, one: Made): void {
    made.delete(id)
    inScope(one.env, () => {
      if (one.finish !== 0) call(one.finish, one.env, one.finishData, one.context)
      if (one.callee !== 0) api.napi_delete_reference!(one.env, one.callee)
    })
  }
}
