/**
 * The groupings by which sets are counted (nodes, organizations, countries, providers, any attribute) and their names. The addon says who
 * belongs to what.
 */

/** A way to count. */
export interface Grouping {
  /** What an analysis result calls it: `node`, or what `--group-by` says. */
  key: string
  groupBy: string | undefined
  one: string
  many: string
}

export const NODES: Grouping = { key: 'node', groupBy: undefined, one: 'node', many: 'nodes' }
export const ORGANIZATIONS: Grouping = named('organization', 'organization', 'organizations')
export const COUNTRIES: Grouping = named('country', 'country', 'countries')
export const PROVIDERS: Grouping = named('isp', 'provider', 'providers')

/** The four that explorers show. */
export const GROUPINGS = [NODES, ORGANIZATIONS, COUNTRIES, PROVIDERS]

/** The grouping that `groupBy` means: one of the four, or the dotted path of any attribute. */
export function groupingOf(groupBy: string | undefined): Grouping {
  const known = GROUPINGS.find(({ key }) => key === (groupBy ?? NODES.key))
  return known ?? named(groupBy ?? '', `${groupBy} group`, `${groupBy} groups`)
}

/** Made once, when a number needs it: that takes longer than all else that is done with a number, and is felt when a command begins. */
let grouping: Intl.NumberFormat | undefined

/** A number of what is counted, in words. */
export function counted(count: number, { one, many }: Pick<Grouping, 'one' | 'many'>): string {
  return `${written(count)} ${count === 1 ? one : many}`
}

function written(count: number): string {
  if (count < 1000) return String(count)
  grouping ??= new Intl.NumberFormat('en')
  return grouping.format(count)
}

/** With a capital letter at the beginning. */
export function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** With a full stop at the end, which a name there may bring along: "Amazon.com, Inc.". */
export function ended(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}

/** Words one after another, with this one before the last. */
export function enumerated(words: string[], conjunction: 'and' | 'or'): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`
}

/** One of what is counted, none in particular. */
export function any({ one }: Pick<Grouping, 'one'>): string {
  return `${/^[aeiou]/i.test(one) ? 'an' : 'a'} ${one}`
}

function named(groupBy: string, one: string, many: string): Grouping {
  return { key: groupBy, groupBy, one, many }
}
