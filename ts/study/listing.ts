/**
 * Names one after another, so that people see where one ends and the next begins: a name may have commas in it, and where one has, semicolons
 * stand between them.
 */

/** What stands between these names. */
export function separatorOf(names: string[]): string {
  return names.some((name) => name.includes(',')) ? '; ' : ', '
}

/** Names in a line. `more` of them are not told. */
export function listOf(names: string[], more = 0): string {
  return [...names, ...(more > 0 ? [`and ${more} more`] : [])].join(separatorOf(names))
}

/** Names that belong together, by what they belong to; absent: to nothing that has a name. */
export interface Together {
  organization: string | undefined
  names: string[]
}

/** By what people see first of each. */
export function sortedTogether(groups: Together[]): Together[] {
  return sortedBy(groups, ({ organization, names }) => organization ?? names[0] ?? '')
}

/** The names of nodes, behind those of their organizations. */
export function listedTogether(groups: Together[]): string {
  const texts = groups.map(({ organization, names }) =>
    organization === undefined ? listOf(names) : `${organization} (${listOf(names)})`
  )
  return texts.join(separatorOfGroups(groups))
}

/** What stands between groups: in parentheses a comma parts nothing but the names there. */
export function separatorOfGroups(groups: Together[]): string {
  return separatorOf(groups.flatMap(({ organization, names }) => organization ?? names))
}

/** As people look for them: by code points. */
export function sorted(texts: string[]): string[] {
  return sortedBy(texts, (text) => text)
}

export function sortedBy<T>(items: T[], by: (item: T) => string): T[] {
  return [...items].sort((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0))
}
