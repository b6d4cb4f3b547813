/**
 * Loads the addon so late that a missing or broken binary is an answer, not the end of the application: where the roll-out has another
 * analyser, that one goes on.
 */

import type * as Addon from '../../index.js'

/** Everything that the core package exports. */
export type Engine = typeof Addon

/** The addon, or why it could not be loaded. */
export function loadEngine(): Engine | Error {
  try {
    // Not an import, which would throw before anybody could catch it.
    return require('../../index.js') as Engine
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
