/** What steps are called, and whom they are about. */

import type { Directory } from '../study/directory.js'
import { counted, GROUPINGS, NODES } from '../study/groupings.js'
import { rule } from '../study/rule.js'
import { printable } from '../study/visible.js'
import type { Edit } from './edits.js'

/** Names in a line. */
const MOST_NAMED = 2

/** What nodes are called together: by name, or as the group that they are. `directories` know them, the first that does counts. */
export function whoWords(nodes: string[], directories: Directory[]): string {
  const name = (key: string) =>
    directories.map((directory) => directory.name(key)).find((name) => name !== printable(key)) ??
    printable(key)
  if (nodes.length <= MOST_NAMED) return nodes.map(name).join(' and ')
  for (const directory of directories) {
    for (const grouping of GROUPINGS.slice(1)) {
      const label = directory.labelOf(nodes[0] ?? '', grouping)
      const members = directory.membersOf(label, grouping)
      if (members.length === nodes.length && nodes.every((key) => members.includes(key)))
        return `the ${counted(nodes.length, NODES)} of ${directory.name(label, grouping)}`
    }
  }
  return counted(nodes.length, NODES)
}

/** A step in a few words. */
export function stepWords(edit: Edit, directories: Directory[]): string {
  switch (edit.kind) {
    case 'condition': {
      const words = { up: 'Up again', down: 'Down', malicious: 'Malicious' }[edit.condition]
      return `${words}: ${whoWords(edit.nodes, directories)}`
    }
    case 'quorumSet': {
      const { quorumSet } = edit
      const asked = quorumSet === null ? 'not known' : rule(quorumSet)
      return `Quorum set of ${whoWords(edit.nodes, directories)}: ${asked}`
    }
    case 'add': {
      const { name, publicKey } = edit.node
      return `Added: ${printable(name == null || name.trim() === '' ? publicKey : name)}`
    }
    case 'remove':
      return `Removed: ${whoWords(edit.nodes, directories)}`
  }
}
