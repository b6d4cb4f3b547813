/** Who is in a set, in numbers: a node without a group stands for itself and is not told as a group. */

import type { Directory } from './directory.js'
import { any, counted, NODES, type Grouping } from './groupings.js'
import { isOpen, sizeWords, type Size } from './sizes.js'

/** The size of a set in a sentence, with what the members of this one are. */
export function membersWords(
  size: Size,
  members: string[],
  grouping: Grouping,
  directory: Directory
): string {
  const alone = members.filter((member) => directory.isAlone(member, grouping)).length
  if (grouping.key === NODES.key || alone === 0) return sizeWords(size, grouping)
  const groups = members.length - alone
  const without =
    groups === 0
      ? `${counted(alone, NODES)} without ${any(grouping)}`
      : `${counted(groups, grouping)} and ${counted(alone, NODES)} without one`
  return isOpen(size) ? `${sizeWords(size, grouping)}: ${without}` : without
}

/** The same where the sentence goes on: bounds end with a comma, and who is in a set that may be larger than needed is left out. */
export function membersWordsWithin(
  size: Size,
  members: string[],
  grouping: Grouping,
  directory: Directory
): string {
  return isOpen(size) ? `${sizeWords(size, grouping)},` : membersWords(size, members, grouping, directory)
}

/** What the only member of a set is. */
export function oneWord(member: string, grouping: Grouping, directory: Directory): string {
  const isGroup = grouping.key === NODES.key || !directory.isAlone(member, grouping)
  return isGroup ? grouping.one : `${NODES.one} without ${any(grouping)}`
}
