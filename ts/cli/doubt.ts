/**
 * Whether a verdict of `--check` hangs on nodes whose quorum set is unknown.
 *
 * They are taken to be in no quorum. Where they may join any, a network that looks safe may not be; who is told "safe" must not have to know
 * that. Whoever says `--unknown` has decided, and is told the verdict of that reading.
 */

import { say } from './output.js'
import type { Question } from './session.js'

const UNKNOWN_NODES = ['UNKNOWN_QUORUM_SET', 'UNKNOWN_VALIDATOR']

/** Asks once more with the cautious reading where the first finds it safe and the second may not; what comes of it is said. */
export function doubted(ask: Question): Question {
  return async (session, reading, naming) => {
    const answer = await ask(session, reading, naming)
    const { options, end } = session
    const isDecided = !options.check || options.unknown !== undefined || end !== undefined
    const mayDiffer = reading.network.findings.some(({ code }) => UNKNOWN_NODES.includes(code))
    if (isDecided || !mayDiffer || answer.verdict !== 'safe') return answer
    // What it proves is about another reading than that of the answer.
    session.options = { ...options, unknown: 'free', certificate: undefined }
    const { verdict } = await ask(session, reading, naming)
    session.options = options
    if (verdict === 'safe') return answer
    const other = verdict === 'unsafe' ? 'it is unsafe' : 'it is not known what it is'
    say(`${other} if nodes whose quorum sets are unknown may join any quorum (--unknown decides)`)
    return { ...answer, verdict: 'unknown' }
  }
}
