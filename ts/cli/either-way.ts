/**
 * Which nodes of a change are of unknown quorum set, and whether an order is safe with them read as free to join any quorum, too. Each round is asked
 * about as a change of its own: from what the network is before it to what it is after it, any order must do.
 */

import { changeNetwork, FbasNetwork, type FbasNode, type Plan } from '../../index.js'
import { unknownIn } from '../study/doubts.js'
import type { Reading } from './input.js'

/** The nodes of unknown quorum set in either network. */
export function unknownBetween(before: Reading, after: Reading): string[] {
  return [...new Set([...unknownBeside(before, after), ...unknownBeside(after, before)])].sort()
}

/** The nodes of unknown quorum set, but those that the other network lists: of them it is known that they are not there. */
function unknownBeside({ network, nodes }: Reading, other: Reading): string[] {
  const absent = new Set(absentFrom(nodes, other.nodes))
  return unknownIn(network.findings, nodes).filter((key) => !absent.has(key))
}

/** The nodes that only the other network lists. */
export function absentFrom(nodes: FbasNode[], others: FbasNode[]): string[] {
  const listed = new Set(nodes.map(({ publicKey }) => publicKey))
  return others.map(({ publicKey }) => publicKey).filter((key) => !listed.has(key))
}

/** Both networks with the nodes that only the other one lists, as nodes that are in no quorum however unknown nodes are read. */
export function withAbsent(before: Reading, after: Reading): Promise<[FbasNetwork, FbasNetwork]> {
  return Promise.all([withAbsentOf(before, after), withAbsentOf(after, before)])
}

function withAbsentOf({ network, nodes }: Reading, other: Reading): Promise<FbasNetwork> {
  const nothing = { threshold: 1, validators: [], innerQuorumSets: [] }
  const set = Object.fromEntries(absentFrom(nodes, other.nodes).map((key) => [key, nothing]))
  return changeNetwork(network.withNodesOf(other.network), null, { set })
}

/**
 * Whether all states on the way from one network to the other are safe; null: that was not proven in time.
 *
 * @param ends Both list the same nodes.
 * @param rounds The nodes of each round. Whoever is in none may have changed or not in every state.
 * @param asked Asks about a change; `left` is how many are yet to be asked about.
 */
export async function isSafeInRounds(
  ends: [FbasNetwork, FbasNetwork],
  rounds: string[][],
  asked: (ends: [FbasNetwork, FbasNetwork], left: number) => Promise<Pick<Plan, 'anyOrderIsSafe'>>
): Promise<boolean | null> {
  const [before, after] = ends
  const was = new Map(before.nodes().map(({ publicKey, quorumSet }) => [publicKey, quorumSet]))
  const state = (waiting: Set<string>) =>
    FbasNetwork.load(
      after.nodes().map((node) => {
        const quorumSet = waiting.has(node.publicKey) ? was.get(node.publicKey) : node.quorumSet
        return { ...node, quorumSet: quorumSet ?? null }
      }),
      after.organizations()
    )
  const inRounds = new Set(rounds.flat())
  const others = [...was.keys()].filter((key) => !inRounds.has(key))
  for (const [index, round] of rounds.entries()) {
    const later = rounds.slice(index + 1).flat()
    const states = await Promise.all(
      [[...round, ...later, ...others], later].map((keys) => state(new Set(keys)))
    )
    const { anyOrderIsSafe } = await asked(states as [FbasNetwork, FbasNetwork], rounds.length - index)
    if (anyOrderIsSafe !== true) return anyOrderIsSafe
  }
  return true
}
