/** What the page is made from, for programs: the network as `stellar-fbas` reads it, with everything that was answered about it. */

import { headlineOf } from '../study/headline.js'
import { ORGANIZATIONS } from '../study/groupings.js'
import { factsOf, type Study } from '../study/study.js'
import { verdictsOn } from '../study/verdicts.js'
import { embedded } from './embedded.js'

/** The data as it lies in the page. */
export function dataOf(study: Study, date: string | undefined): string {
  const { title, sources, engine, nodes, directory } = study
  const organizations = directory
    .groups(ORGANIZATIONS)
    .filter(({ isNode }) => !isNode)
    .map(({ label, nodes }) => ({
      id: label,
      name: directory.name(label, ORGANIZATIONS),
      validators: nodes
    }))
  const answers = {
    ...{ title, date, sources, engine },
    headline: headlineOf(study).words,
    verdicts: verdictsOn(study).map(({ key, mood, answer }) => ({ key, mood, answer })),
    ...factsOf(study),
    ...{ unknownNodes: study.unknownNodes, scope: study.scope },
    faultyNodes: [...study.faultyNodes].sort(),
    ...{ core: study.core, symmetricTopTier: study.symmetricTopTier },
    counting: Object.fromEntries(
      study.counted.map(({ grouping, data, ...answers }) => [grouping.key, { data, ...answers }])
    ),
    findings: study.findings
  }
  return embedded({ nodes, organizations, report: answers }, (key, value: unknown) => {
    // Times differ from run to run; numbers of sets may be larger than numbers of JavaScript.
    if (key === 'executionTimeMs') return undefined
    return typeof value === 'bigint' ? value.toString() : value
  })
}
