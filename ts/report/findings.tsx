/** What a careful reader should know about the data. */

import type { JSX } from 'preact'

import type { Finding } from '../../index.js'
import { toldTogether } from '../study/findings.js'
import { counted, NODES } from '../study/groupings.js'
import type { Study } from '../study/study.js'
import { Members } from './members.js'

/** The codes that the addon knows; there may be more of a later one. */
type Known = keyof { [Code in Finding['code'] as string extends Code ? never : Code]: string }

/** Codes in words, all of them. */
export const TITLES: Record<Known, string> = {
  NO_QUORUM_SETS: 'No quorum set at all',
  ABBREVIATED_KEYS: 'Keys that look abbreviated',
  UNKNOWN_QUORUM_SET: 'Unknown quorum set',
  UNKNOWN_VALIDATOR: 'Named, but not listed',
  DUPLICATE_NODE: 'Listed twice',
  DUPLICATE_ENTRY: 'Named twice',
  ZERO_THRESHOLD: 'Threshold of zero',
  UNREACHABLE_THRESHOLD: 'Threshold that is never met',
  LOW_THRESHOLD: 'Threshold of at most half',
  NESTING_TOO_DEEP: 'Nested too deep',
  SELF_EXCLUDED: 'Does not name itself',
  ONE_NODE_QUORUM: 'A quorum all by itself',
  NO_QUORUM: 'No quorum',
  NO_SPLITTING_SET: 'No splitting set',
  NOT_EXACT: 'Not proven in time',
  NO_HISTORY_DATA: 'No history data',
  HISTORY_WITHOUT_URL: 'Good archives without an address',
  VALIDATOR_IN_TWO_ORGANIZATIONS: 'In two organizations',
  VERDICT_DEPENDS_ON_UNKNOWN_NODES: 'The verdict hangs on unknown nodes',
  UNKNOWN_FAULTY_NODE: 'Taken to be down, but not there',
  UNKNOWN_ILL_BEHAVED_NODE: 'Taken to behave ill, but not there',
  NO_GROUP_DATA: 'No data to group by',
  REPORTED_DOWN: 'Reported as down',
  VALIDATORS_NOT_USED: 'Validators that only give names',
  OWN_KEY_UNKNOWN: 'Own key not known'
}

export function Findings({ study }: { study: Study }): JSX.Element {
  const { findings } = study
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">What is odd in the data</h2>
      {findings.length === 0 ? <p>Nothing.</p> : null}
      <ul class="findings">
        {toldTogether(findings).map(({ code, message, nodes }, index) => (
          <li key={index}>
            <h3>
              {titleOf(code)} <code>{code}</code>
            </h3>
            <p>{message}</p>
            {nodes.length === 0 ? null : (
              <div>
                {counted(nodes.length, NODES)}: <Members study={study} members={nodes} grouping={NODES} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function titleOf(code: string): string {
  return new Map<string, string>(Object.entries(TITLES)).get(code) ?? code
}
