/**
 * A network that is asked each question once: who is down is what people change most, and most answers do not depend on it. An answer that is not
 * proven is not kept, as there may be more time for it later.
 */

import type { AnalysisOptions, Finding, FullAnalysis } from '../../index.js'
import type { AskedNetwork } from '../study/study.js'

type Part = 'topTier' | 'blockingSets' | 'splittingSets' | 'quorums' | 'historyCritical'
type Answer = Partial<Pick<FullAnalysis, Part>> & { isExact?: boolean; findings?: Finding[] }
type Method = (options?: AnalysisOptions | null) => Promise<Answer>

export function remembering(network: AskedNetwork): AskedNetwork {
  const answers = new Map<string, Answer>()
  const once = <Name extends keyof AskedNetwork>(name: Name): AskedNetwork[Name] => {
    const ask: Method = network[name].bind(network)
    const asked: Method = async (options) => {
      // How long it may take and who calls it off is no part of a question.
      const { timeoutMs: _time, anytime: _anytime, signal: _signal, ...question } = options ?? {}
      const text = JSON.stringify([name, question])
      const known = answers.get(text)
      if (known !== undefined) return known
      const answer = await ask(options)
      // With somebody down there is no end of questions.
      if (isProven(answer) && (question.faultyNodes ?? []).length === 0) answers.set(text, answer)
      return answer
    }
    return asked as AskedNetwork[Name]
  }
  return {
    analyzeCore: once('analyzeCore'),
    analyzeFull: once('analyzeFull'),
    analyzeBlockingSets: once('analyzeBlockingSets'),
    analyzeSymmetricTopTier: once('analyzeSymmetricTopTier')
  }
}

function isProven({ isExact, findings = [], quorums, ...full }: Answer): boolean {
  const parts = [full.topTier, full.blockingSets, full.splittingSets, full.historyCritical, quorums]
  return (
    [{ isExact }, ...parts].every((part) => part?.isExact !== false) &&
    quorums?.isIntersectionExact !== false &&
    // What the other reading of unknown nodes says may be open as well.
    findings.every(({ code }) => code !== 'NOT_EXACT')
  )
}
