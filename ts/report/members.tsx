/** The members of a set by name, nodes by their organizations; long lists are folded. */

import type { JSX } from 'preact'

import { NODES, type Grouping } from '../study/groupings.js'
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
    return <>{sorted(members.map((member) => directory.name(member, grouping))).join(', ')}</>
  const groups = directory.byOrganization(members).map(({ organization, nodes }) => ({
    organization,
    names: sorted(nodes.map((node) => directory.name(node)))
  }))
  const listed = sortedBy(groups, ({ organization, names }) => organization ?? names[0] ?? '')
  return (
    <>
      {listed.map(({ organization, names }, index) => (
        <span key={index}>
          {organization === undefined ? null : <b>{organization}: </b>}
          {names.join(', ')}
          {index < listed.length - 1 ? '; ' : ''}
        </span>
      ))}
    </>
  )
}

export function sorted(texts: string[]): string[] {
  return sortedBy(texts, (text) => text)
}

function sortedBy<T>(items: T[], by: (item: T) => string): T[] {
  return [...items].sort((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0))
}
