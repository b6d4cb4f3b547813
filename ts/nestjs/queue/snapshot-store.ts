/** Where snapshots are kept that are too large to travel through Redis: everybody who works on the queue must reach it. */

import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { HistorySnapshot } from '../history/history.types.js'

/** A place for snapshots. */
export interface SnapshotStore {
  /**
   * Keeps a snapshot and says what to call it from then on. `name` is the same for networks with the same answers. Whoever has the snapshot somewhere
   * already may answer with where that is, and keep nothing.
   */
  put(name: string, packed: Uint8Array, snapshot: HistorySnapshot): Promise<string>
  /** What was kept, or the JSON text of a network, packed with gzip or as it is. */
  get(reference: string): Promise<Uint8Array>
}

/** A folder that all machines share. What is no longer wanted may be deleted at any time that no history is under way. */
export function folderStore(folder: string): SnapshotStore {
  const pathOf = (name: string): string => {
    if (!/^[\w-]+$/.test(name)) throw new Error(`${JSON.stringify(name)} is no name of a snapshot`)
    return join(folder, `${name}.gz`)
  }
  return {
    put: async (name, packed) => {
      const path = pathOf(name)
      const isThere = await stat(path).then(
        () => true,
        () => false
      )
      if (isThere) return name
      await mkdir(folder, { recursive: true })
      // Nobody ever sees half of it.
      const beside = join(folder, `${randomUUID()}.unfinished`)
      await writeFile(beside, packed)
      await rename(beside, path)
      return name
    },
    get: (reference) => readFile(pathOf(reference))
  }
}
