// What a page may say of where everything is.

/** Where to load from. */
export interface Source {
  /** The WebAssembly: its address, or what was loaded already. Absent: what is inside of `stellar-fbas/web`. */
  wasm?: string | URL | Response | BufferSource | WebAssembly.Module
  /**
   * The address of the worker's script, on the server of the page. Absent: the one that is inside, which a page with a content security policy
   * has to allow: `worker-src blob:`.
   */
  worker?: string | URL
}
