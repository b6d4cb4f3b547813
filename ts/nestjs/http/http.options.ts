/** What an application can set about the endpoints. */

import type { NetworkInput, OrganizationsInput } from '../../../index.js'

/** Injection token of the options. */
export const FBAS_HTTP_OPTIONS = Symbol('FBAS_HTTP_OPTIONS')

/** The network that the application knows at the moment. */
export interface CurrentNetwork {
  nodes: NetworkInput
  organizations?: OrganizationsInput | null
}

/** Options of `FbasHttpModule`. */
export interface FbasHttpOptions {
  /** The largest body, unpacked, in bytes. Default 33,554,432: 32 MiB, twice what 10,000 nodes take. */
  bodyLimit?: number
  /** Gives `GET /api/v1/network/history-critical` its network; without it that answers 404. The signal fires when the client goes away. */
  networkSource?: (signal: AbortSignal) => CurrentNetwork | Promise<CurrentNetwork>
}
