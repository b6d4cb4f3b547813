/**
 * What people mean by the nodes and attributes that they name.
 *
 * A node is its public key, its name, or what tables call it; an attribute is its path, or what is counted by it. The case of letters does not
 * matter where no other spelling fits. What may mean two things is refused, and so is what means nothing: an analysis without the node that
 * somebody wanted down would answer another question.
 */

import { Failure } from './failure.js'
import { GROUPINGS } from '../study/groupings.js'
import { listOf } from '../study/listing.js'
import type { Reading } from './input.js'
import { didYouMean } from './nearest.js'

/** Most candidates that are listed. */
const MOST_LISTED = 5

/** Things by what people call them. */
class Names {
  readonly #spelled = new Set<string>()
  readonly #exact = new Map<string, Set<string>>()
  readonly #anyCase = new Map<string, Set<string>>()

  add(name: string, thing: string): void {
    this.#spelled.add(name.trim())
    for (const [names, text] of [
      [this.#exact, plain(name)],
      [this.#anyCase, plain(name).toLowerCase()]
    ] as const) {
      names.set(text, (names.get(text) ?? new Set()).add(thing))
    }
  }

  /** What a text may mean; nothing where it fits nothing. */
  meaning(text: string): string[] {
    const found = this.#exact.get(plain(text)) ?? this.#anyCase.get(plain(text).toLowerCase())
    return [...(found ?? [])]
  }

  /** All of them as they are spelled. */
  all(): Iterable<string> {
    return this.#spelled
  }
}

/** The public key of the one node that a text names. */
export function nodeNamed(option: string, text: string, readings: Reading[]): string {
  const [key, ...others] = nodesNamed(option, [text], readings)
  if (key !== undefined && others.length === 0) return key
  throw new Failure(`${option} ${text}: expected one node`)
}

/** The public keys of the nodes that the texts of an option name, each one node or several with commas between them. */
export function nodesNamed(option: string, texts: string[], readings: Reading[]): string[] {
  const { names, meaning } = callings(readings)
  // Whoever calls a node so does not change what it means.
  if (texts.length === 1 && texts[0] === 'none') return []
  return [...new Set(texts.flatMap((text) => listed(text)))]

  function listed(text: string): string[] {
    const parts = text.split(',')
    const ways = waysToRead(parts, (part) => meaning(part).length > 0)
    const [way] = ways.found
    if (way === undefined) {
      const unknown = parts[ways.reached]?.trim() ?? text
      throw new Failure(`${option} ${unknown}: no node is called so${didYouMean(unknown, names.all())}`)
    }
    if (ways.found.length > 1) {
      throw new Failure(
        `${option} ${text}: there are nodes whose names have commas in them; give each node by itself, or its key`
      )
    }
    return way.map((name) => {
      const [key = '', ...others] = meaning(name)
      if (others.length === 0) return key
      throw ambiguous(`${option} ${name}`, [key, ...others])
    })
  }
}

/**
 * The public keys of those nodes among the ones that an option names that this network has, by what they are called there. Where a text is no name,
 * its parts between commas may be.
 */
export function nodesNamedIn(reading: Reading, option: string, texts: string[]): Map<string, string> {
  const { meaning } = callings([reading])
  const called = texts.flatMap((text) => (meaning(text).length > 0 ? [text] : namesIn(text)))
  const found = called.flatMap((name): [string, string][] => {
    const [key, ...others] = meaning(name)
    if (key === undefined) return []
    if (others.length > 0) throw ambiguous(`${option} ${name}`, [key, ...others])
    return [[name, key]]
  })
  return new Map(found)
}

/** What stands between commas. */
export function namesIn(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** What the nodes of some networks are called, and whom a text may mean. */
function callings(readings: Reading[]) {
  const names = new Names()
  const keys = new Set<string>()
  for (const { network, nodes, directory } of readings) {
    // Also those that are only named by others.
    for (const { label, isNode } of network.groups()) if (isNode) keys.add(label)
    for (const { publicKey, name } of nodes) {
      names.add(directory.name(publicKey), publicKey)
      if (name != null && name.trim() !== '') names.add(name, publicKey)
    }
  }
  for (const key of keys) names.add(key, key)
  // A key is nobody's name.
  const meaning = (text: string): string[] => (keys.has(text) ? [text] : names.meaning(text))
  return { names, meaning }
}

/** What `--group-by` or another option names: what is counted, or an attribute that some node has. */
export function attributeNamed(
  text: string,
  { nodes }: Pick<Reading, 'nodes'>,
  option = '--group-by'
): string {
  const attributes = new Set<string>()
  for (const node of nodes) for (const path of pathsIn(node)) attributes.add(path)
  if (attributes.has(text) || GROUPINGS.some(({ key }) => key === text)) return text
  const names = new Names()
  for (const path of attributes) names.add(path, path)
  for (const { key, one, many } of GROUPINGS) for (const name of [key, one, many]) names.add(name, key)
  const [meant, ...others] = names.meaning(text)
  if (meant === undefined)
    throw new Failure(`${option} ${text}: no node has it${didYouMean(text, names.all())}`)
  if (others.length > 0) throw ambiguous(`${option} ${text}`, [meant, ...others])
  return meant
}

/** Spaces beside commas are nobody's name. */
function plain(text: string): string {
  return text.trim().replace(/\s*,\s*/g, ',')
}

function ambiguous(what: string, candidates: string[]): Failure {
  const told = candidates.sort().slice(0, MOST_LISTED)
  return new Failure(`${what}: may be any of ${listOf(told, candidates.length - told.length)}`)
}

/**
 * Names may have commas in them, so parts between commas belong together where together they are a name.
 *
 * @returns Up to two ways to read all parts, and how many parts at the beginning can be read at most.
 */
function waysToRead(parts: string[], isName: (text: string) => boolean) {
  const found: string[][][] = [[[]]]
  let reached = 0
  for (let end = 1; end <= parts.length; end++) {
    // A comma too many says nothing.
    const skipped = parts[end - 1]?.trim() === '' && parts.length > 1 ? (found[end - 1] ?? []) : []
    const ways = [...skipped]
    for (let begin = 0; begin < end; begin++) {
      const name = parts.slice(begin, end).join(',').trim()
      const before = found[begin] ?? []
      if (before.length > 0 && isName(name)) ways.push(...before.map((way) => [...way, name]))
    }
    found[end] = ways.slice(0, 2)
    if (ways.length > 0) reached = end
  }
  return { found: found[parts.length] ?? [], reached }
}

/** The paths of everything about a node that can name its group. */
function* pathsIn(value: object, before: string[] = []): Generator<string> {
  for (const [name, inner] of Object.entries(value)) {
    if (before.length === 0 && (name === 'publicKey' || name === 'quorumSet')) continue
    const path = [...before, name]
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) yield* pathsIn(inner, path)
    else if (['number', 'boolean'].includes(typeof inner) || (typeof inner === 'string' && inner !== ''))
      yield path.join('.')
  }
}
