/**
 * Decides how commands read the nodes that the data itself reports as down, where `--faulty` is not given.
 *
 * Where the question is who can halt the network now, they are taken as down. Where the question is whether the network can split, they are
 * taken as up, as they may come back: to leave them out would hide two quorums that share no node. But a network that has no quorum without
 * them is not called safe. Where nodes of unknown quorum set may have kept it running, it is called neither safe nor unsafe.
 */

import { hasQuorum, notValidating } from '../study/study.js'
import { say } from './output.js'
import type { Question } from './session.js'

/** Takes them as faulty, and says so. */
export function withDownAsFaulty(ask: Question): Question {
  return async (session, reading, naming) => {
    const down = notValidating(reading)
    if (session.options.faulty === undefined && down.length > 0) {
      const { length } = down
      const nodes =
        length === 1
          ? '1 node that the data reports as down is'
          : `${length} nodes that the data reports as down are`
      say(`${nodes} taken as down (--faulty none: as up)`)
      session.options = { ...session.options, faulty: down }
    }
    return ask(session, reading, naming)
  }
}

/** Counts on them, but calls no network safe that has no quorum without them. */
export function unlessHalted(ask: Question): Question {
  return async (session, reading, naming) => {
    const answer = await ask(session, reading, naming)
    const { network } = reading
    const { options } = session
    const down = notValidating(reading)
    if (options.faulty !== undefined || down.length === 0) return answer
    const asRead = { ...options, unknown: options.unknown ?? 'dead' }
    if (await hasQuorum(network, asRead, down)) return answer
    const hangs = await hasQuorum(network, options, down)
    // Where there is no quorum anyway, or nothing is known of one, they are not who halted it.
    if (!(await hasQuorum(network, hangs ? asRead : options, []))) return answer
    const unless = hangs
      ? ', unless nodes whose quorum sets are unknown may join any (--unknown decides)'
      : ''
    say(
      `it has halted: without the nodes that the data reports as down no quorum is left (--faulty none: as up)${unless}`
    )
    // What is unsafe without that is so whoever is up.
    return { ...answer, verdict: hangs && answer.verdict !== 'unsafe' ? 'unknown' : 'unsafe' }
  }
}
