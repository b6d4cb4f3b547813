/**
 * Says whom nodes name, of those that are drawn: in words for people, and as the ids of those elements of the picture that the page marks when somebody points at a
 * node.
 */

import type { QuorumSet } from '../../../index.js'
import { NODES } from '../../study/groupings.js'
import { listOf } from '../../study/listing.js'
import type { Study } from '../../study/study.js'
import { rule } from '../../study/rule.js'
import type { End, Trust } from './trust.js'

/** Names of a sentence. */
const MOST_NAMED = 40

export interface Told {
  /** Ids of elements: of a cluster where all of its other nodes are trusted. */
  trusts: string[]
  text: string
}

/** What there is to say of some nodes: of one, or of all of an organization. */
export function toldOf(keys: string[], trust: Trust, { nodes, directory }: Study): Told {
  const { namedBy, clusters } = trust
  const own = new Set(keys)
  const trusts: string[] = []
  const names: string[] = []
  for (const [cluster, { name, nodes: members }] of clusters.entries()) {
    const others = members.filter((key) => !own.has(key))
    const named = others.filter((other) => keys.some((key) => namedBy.get(key)?.has(other)))
    if (named.length === 0) continue
    if (named.length === others.length) trusts.push(referenceTo({ cluster }, trust))
    else trusts.push(...named.map((node) => referenceTo({ cluster, node }, trust)))
    names.push(namesOf(named.length, others.length, members.length, name))
  }
  const whom = listOf(names.slice(0, MOST_NAMED), names.length - MOST_NAMED)
  const quorumSets = nodes.filter(({ publicKey }) => own.has(publicKey)).map(({ quorumSet }) => quorumSet)
  const members = listOf(keys.map((key) => directory.name(key)))
  const text = [
    ...(keys.length > 1 ? [`${keys.length} ${NODES.many}: ${members}.`] : []),
    asks(quorumSets),
    `Of others that are drawn, ${keys.length > 1 ? 'they name' : 'it names'} ${names.length === 0 ? 'nobody' : whom}.`
  ]
  return { trusts, text: text.join(' ') }
}

/** Who of a cluster is named, in numbers that nobody takes for a threshold. `others`: of its `all`, those that are not told about. */
function namesOf(named: number, others: number, all: number, name: string): string {
  if (named === all) return name
  const number = named.toLocaleString('en')
  if (named === others) return `the other ${named === 1 ? NODES.one : number} of ${name}`
  return `${number} ${others < all ? 'other ' : ''}${named === 1 ? NODES.one : NODES.many} of ${name}`
}

/** The id of an element of the picture. */
export function referenceTo({ cluster, node }: End, { clusters }: Trust): string {
  return node === undefined
    ? `cluster-${cluster}`
    : `node-${cluster}-${clusters[cluster]?.nodes.indexOf(node)}`
}

function asks(quorumSets: (QuorumSet | null | undefined)[]): string {
  const rules = new Set(
    quorumSets.map((quorumSet) => (quorumSet == null ? 'nothing that is known' : rule(quorumSet)))
  )
  const [only] = rules
  return rules.size === 1 ? `Asks for ${only}.` : 'Its nodes ask for different things.'
}
