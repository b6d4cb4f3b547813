/**
 * How each figure was proven: what was checked, and what the rest hangs on. It claims no more than the addon says: every witness is checked
 * against the definition before it is returned, and that nothing smaller exists rests on counting arguments and on refutations by the solver.
 */

import type { JSX } from 'preact'

import { leftOutBeside, leftOutIn } from '../study/doubts.js'
import { isHistoryMissing } from '../study/figures.js'
import { counted, NODES } from '../study/groupings.js'
import { isExactly, isOpen, sizeOf, sizeText, sizeWords, tierSizeOf, type Size } from '../study/sizes.js'
import type { Counted, Study } from '../study/study.js'
import { symmetryDoubt } from '../study/symmetry.js'

const SMALLEST =
  'That nothing smaller exists rests on counting arguments, checked in whole numbers, or on a refutation by the SAT solver; the answer does not say which of the two.'

interface Proof {
  figure: string
  value: string
  how: string
}

export function Proofs({ study }: { study: Study }): JSX.Element {
  return (
    <section aria-labelledby="proofs">
      <h2 id="proofs">How each figure was proven</h2>
      <p>
        Every example named here was checked against the definition, on the network as given, before it was
        returned; this takes no solver, only counting. What has no example, like “nothing smaller exists”, was
        proven by refuting the opposite.
      </p>
      <details>
        <summary>figure by figure</summary>
        <table class="proofs">
          <thead>
            <tr>
              <th scope="col">figure</th>
              <th scope="col">value</th>
              <th scope="col">proof</th>
            </tr>
          </thead>
          <tbody>
            {proofsOf(study).map(({ figure, value, how }) => (
              <tr key={figure}>
                <th scope="row">{figure}</th>
                <td>{value}</td>
                <td>{how}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  )
}

function proofsOf(study: Study): Proof[] {
  const { kind } = study.intersection
  if (kind === 'nothing known') return [intersection(study)]
  if (kind === 'no quorum') return [intersection(study), symmetric(study)]
  return [
    intersection(study),
    {
      figure: 'Top tier',
      value: withData(study)
        .map(({ topTier, grouping }) => sizeWords(tierSizeOf(topTier), grouping))
        .join(', '),
      how: withData(study).every(({ topTier }) => topTier.isExact)
        ? 'Each member is in some minimal quorum. That nobody else is in one rests on counting arguments, checked in whole numbers, or on refutations by the SAT solver. The answer is the tier itself; it does not list the quorums.'
        : 'Each member is in some minimal quorum. There was no time to prove that nobody else is.'
    },
    symmetric(study),
    smallest(
      study,
      'Smallest quorum',
      ({ quorums }) => sizeOf(quorums),
      'The set is a quorum: each member’s quorum set is satisfied inside it.'
    ),
    smallest(
      study,
      'Smallest blocking set',
      ({ blockingSets }) => sizeOf(blockingSets),
      'Without the set, the largest quorum inside the rest is empty; removing nodes that are not satisfied until nothing changes shows it.'
    ),
    ...(study.faultyNodes.length > 0
      ? [
          smallest(
            study,
            'Smallest blocking set, filtered',
            ({ blockingSetsFiltered }) => sizeOf(blockingSetsFiltered),
            `The same with ${counted(study.faultyNodes.length, NODES)} taken as down.`
          )
        ]
      : []),
    smallest(
      study,
      'Smallest splitting set',
      ({ splittingSets }) => sizeOf(splittingSets),
      'Two quorums were found that meet only inside the set, its members taken as Byzantine; the picture shows them.'
    ),
    isHistoryMissing(study)
      ? {
          figure: 'Smallest history-critical set',
          value: 'no data',
          how: 'The data says of no archive whether it is good.'
        }
      : smallest(
          study,
          'Smallest history-critical set',
          ({ historyCritical }) => sizeOf(historyCritical),
          'A quorum was found all of whose good archives are in the set.'
        )
  ]
}

/** What is counted and there is data on. Where nothing else was asked for, each node stands for itself. */
function withData({ counted }: Study): Counted[] {
  const known = counted.filter(({ data }) => data.kind !== 'missing')
  return known.length === 0 ? counted : known
}

function intersection(study: Study): Proof {
  const figure = 'Quorum intersection'
  switch (study.intersection.kind) {
    case 'nothing known':
      return { figure, value: 'not known', how: 'The data has no usable quorum set of any node.' }
    case 'no quorum':
      return {
        figure,
        value: 'no quorum',
        how:
          leftOutIn(study.findings).length === 0
            ? 'Removing nodes that are not satisfied until nothing changes leaves nobody.'
            : 'Without those that are left out, removing nodes that are not satisfied until nothing changes leaves nobody.'
      }
    case 'open':
      return {
        figure,
        value: 'not proven',
        how: 'No two disjoint quorums were found, nor was it proven that there are none.'
      }
    case 'intersect':
      return {
        figure,
        value: 'yes',
        how: 'A quorum was found. That no two are disjoint was proven by refuting that there are two: by counting, or by the SAT solver.'
      }
    case 'disjoint':
      return {
        figure,
        value: 'no',
        how: 'Two quorums without a common node were found and checked; they are named above.'
      }
  }
}

function symmetric(study: Study): Proof {
  const { symmetricTopTier, core } = study
  const aside = leftOutBeside(study).length === 0 ? '' : ', those aside that are left out,'
  const how =
    symmetricTopTier !== null
      ? `Exactly the nodes that this quorum set names have it as theirs, in standard form, and the rest of the network${aside} contains no quorum: both read off the data.`
      : core.length === 0
        ? 'There is no core.'
        : 'No quorum set in the core is shared by exactly the nodes that it names and needed by every quorum: read off the data.'
  return {
    figure: 'Symmetric top tier',
    value: symmetricTopTier === null ? 'no' : 'yes',
    how: how + symmetryDoubt(study, 'there is one')
  }
}

function smallest(study: Study, figure: string, of: (counted: Counted) => Size, witness: string): Proof {
  const sizes = withData(study).map((counted) => ({ grouping: counted.grouping, size: of(counted) }))
  const value = sizes.map(({ grouping, size }) => `${grouping.many} ${sizeText(size)}`).join(', ')
  const withSet = sizes.filter(
    ({ size }) => size.kind === 'exactly' || (isOpen(size) && size.atMost !== null)
  )
  const none = sizes.filter(({ size }) => size.kind === 'none')
  const zero = sizes.filter(({ size }) => isExactly(size, 0))
  const open = sizes.filter(({ size }) => isOpen(size))
  const positive = sizes.length - none.length - zero.length - open.length
  const how = [
    ...(withSet.length > 0 ? [witness] : []),
    ...(positive > 0 ? [SMALLEST] : []),
    ...(zero.length > 0 ? ['Nothing is smaller than 0.'] : []),
    ...(none.length > 0
      ? [
          `That no such set exists (${none.map(({ grouping }) => grouping.many).join(', ')}) was proven by refuting that there is one.`
        ]
      : []),
    ...open.map(({ grouping, size }) => `NOT proven smallest: ${sizeWords(size, grouping)}.`)
  ]
  return { figure, value, how: how.join(' ') }
}
