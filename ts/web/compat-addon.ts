// What `stellar-fbas/compat` is bundled with on a page in place of the addon: the binding, once it is loaded.

import type * as addon from '../../index.js'

const MISSING = 'nothing is loaded yet: `await init()` first'

/** The addon's class, as far as `stellar-fbas/compat` needs it. */
export let FbasNetwork: Pick<typeof addon.FbasNetwork, 'loadSync'> = {
  loadSync: () => {
    throw new Error(MISSING)
  }
}

/** Makes it the binding's. */
export function provide(loaded: typeof addon): void {
  FbasNetwork = loaded.FbasNetwork
}
