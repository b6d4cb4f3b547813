/** The members of a set by name, nodes by their organizations; long lists are folded. */

import type { JSX } from 'preact'

import { NODES, type Grouping } from '../study/groupings.js'
import { listOf, separatorOfGroups, sorted } from '../study/listing.js'
import { togetherIn } from '../study/naming.js'
import type { Study } from '../study/study.js'

interface Props {
  study: Study
  members: string[]
  /** Absent: nodes. */
  grouping?: Grouping
  /** How many stand on the page unfolded. */
  most?: number
}

const MOST_UNFOLDED = 9
/** More may take a sheet of paper and more. */
const MOST_ON_A_SHEET = 150

/** How lists are to be set that have no room on one sheet of paper; absent: as all others. */
export function lengthOf(...lists: string[][]): 'long' | undefined {
  return lists.some(({ length }) => length > MOST_ON_A_SHEET) ? 'long' : undefined
}

export function Members({ most = MOST_UNFOLDED, ...props }: Props): JSX.Element {
  if (props.members.length <= most) return <Names {...props} />
  return (
    <details>
      <summary>by name</summary>
      <Names {...props} />
    </details>
  )
}

function Names({ study: { directory }, members, grouping = NODES }: Omit<Props, 'most'>): JSX.Element {
  if (grouping.key !== NODES.key)
    return <>{listOf(sorted(members.map((member) => directory.name(member, grouping))))}</>
  const groups = togetherIn(members, directory)
  const separator = separatorOfGroups(groups)
  return (
    <>
      {groups.map(({ organization, names }, index) => (
        <span key={index}>
          {organization === undefined ? (
            listOf(names)
          ) : (
            <>
              <b>{organization}</b> ({listOf(names)})
            </>
          )}
          {index < groups.length - 1 ? separator : ''}
        </span>
      ))}
    </>
  )
}
