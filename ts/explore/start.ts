/** What lies in the page: the network that people begin with, how it is read, and what analyses it. */

import type { FbasNode, FbasOrganization } from '../../index.js'
import type { StudyOptions } from '../study/study.js'

/** The network that people begin with. */
export interface Start {
  title: string
  /** Files and addresses that it was read from. */
  sources: string[]
  nodes: FbasNode[]
  /** null: none came with it. */
  organizations: FbasOrganization[] | null
  /** What tells it from other networks. */
  hash: string
  /** Public keys. */
  down: string[]
  /** How it is read, in every state. */
  options: Pick<StudyOptions, 'unknown' | 'scope' | 'countOneNodeQuorums'>
}

/** The analysis, as `npm run build:web` makes it. */
export interface Engine {
  /** The WebAssembly, packed with gzip, as base64. */
  wasm: string
  /** The script of the worker. */
  worker: string
}
