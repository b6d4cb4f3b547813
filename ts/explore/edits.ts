/** The steps that somebody takes on a network, one after the other: which there are, what is undone, and what can be done again. */

import type { FbasNode, QuorumSet } from '../../index.js'

/** What a node does, whatever it asks for. */
export type Condition = 'up' | 'down' | 'malicious'

/** A step. Nodes are public keys. */
export type Edit =
  | { kind: 'condition'; nodes: string[]; condition: Condition }
  /** null: it is not known any more. */
  | { kind: 'quorumSet'; nodes: string[]; quorumSet: QuorumSet | null }
  | { kind: 'add'; node: FbasNode }
  | { kind: 'remove'; nodes: string[] }

/** All steps that were taken. */
export interface Journal {
  /** In the order in which they were taken. */
  done: Edit[]
  /** The one that is done again next comes first. */
  undone: Edit[]
}

export type Action =
  | { type: 'edit'; edit: Edit }
  | { type: 'undo' }
  | { type: 'redo' }
  /** Undoes everything. */
  | { type: 'restart' }
  /** Takes other steps instead. */
  | { type: 'replace'; done: Edit[] }

/** Nothing was done yet. */
export const BEGINNING: Journal = { done: [], undone: [] }

/** What an action makes of the steps. */
export function reduced({ done, undone }: Journal, action: Action): Journal {
  switch (action.type) {
    case 'edit':
      return { done: [...done, action.edit], undone: [] }
    case 'undo':
      return { done: done.slice(0, -1), undone: [...done.slice(-1), ...undone] }
    case 'redo':
      return { done: [...done, ...undone.slice(0, 1)], undone: undone.slice(1) }
    case 'restart':
      return { done: [], undone: [...done, ...undone] }
    case 'replace':
      return { done: action.done, undone: [] }
  }
}

/** The same without those steps that the next one makes good for nothing: of several quorum sets of the same nodes in a row the last. */
export function shortened(edits: Edit[]): Edit[] {
  return edits.filter((edit, index) => {
    const next = edits[index + 1]
    return !(
      edit.kind === 'quorumSet' &&
      next?.kind === 'quorumSet' &&
      edit.nodes.join(' ') === next.nodes.join(' ')
    )
  })
}
