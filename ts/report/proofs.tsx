/**
 * How each figure was proven: what was checked, and what the rest hangs on. It claims no more than the addon says: every witness is checked
 * against the definition before it is returned, and that nothing smaller exists rests on counting arguments and on refutations by the solver.
 */

import type { JSX } from 'preact'

import { counted } from '../study/groupings.js'
import { sizeText, sizeWords, type Size } from '../study/sizes.js'
import { factsOf, type Counted, type Study } from '../study/study.js'

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
    </section>
  )
}

function proofsOf(study: Study): Proof[] {
  const { hasQuorum } = factsOf(study)
  return [
    intersection(study),
    {
      figure: 'Top tier',
      value: study.counted
        .map(
          ({ topTier, grouping }) => `${topTier.isExact ? '' : '≥ '}${counted(topTier.topTierSize, grouping)}`
        )
        .join(', '),
      how: study.counted.every(({ topTier }) => topTier.isExact)
        ? 'Each member is in some minimal quorum. That nobody else is in one rests on counting arguments, checked in whole numbers, or on refutations by the SAT solver. The answer is the tier itself; it does not list the quorums.'
        : 'Each member is in some minimal quorum. There was no time to prove that nobody else is.'
    },
    symmetric(study),
    smallest(
      study,
      'Smallest quorum',
      ({ quorums }) => quorums,
      'The set is a quorum: each member’s quorum set is satisfied inside it.'
    ),
    smallest(
      study,
      'Smallest blocking set',
      ({ blockingSets }) => blockingSets,
      'Without the set, the largest quorum inside the rest is empty; removing nodes that are not satisfied until nothing changes shows it.'
    ),
    ...(study.faultyNodes.length > 0
      ? [
          smallest(
            study,
            'Smallest blocking set, filtered',
            ({ blockingSetsFiltered }) => blockingSetsFiltered,
            `The same with ${counted(study.faultyNodes.length, { one: 'node', many: 'nodes' })} taken as down.`
          )
        ]
      : []),
    smallest(
      study,
      'Smallest splitting set',
      ({ splittingSets }) => splittingSets,
      'Two quorums were found that meet only inside the set, its members taken as Byzantine; the picture shows them.'
    ),
    ...(hasQuorum
      ? [
          smallest(
            study,
            'Smallest history-critical set',
            ({ historyCritical }) => historyCritical,
            'A quorum was found all of whose good archives are in the set.'
          )
        ]
      : [])
  ]
}

function intersection(study: Study): Proof {
  const { hasQuorum, hasQuorumIntersection } = factsOf(study)
  const figure = 'Quorum intersection'
  if (!hasQuorum) {
    return {
      figure,
      value: 'no quorum',
      how: 'Removing nodes that are not satisfied until nothing changes leaves nobody.'
    }
  }
  if (hasQuorumIntersection === undefined) {
    return {
      figure,
      value: 'not proven',
      how: 'No two disjoint quorums were found, nor was it proven that there are none.'
    }
  }
  return hasQuorumIntersection
    ? {
        figure,
        value: 'yes',
        how: 'A quorum was found. That no two are disjoint was proven by refuting that there are two: by counting, or by the SAT solver.'
      }
    : {
        figure,
        value: 'no',
        how: 'Two quorums without a common node were found and checked; they are named above.'
      }
}

function symmetric({ symmetricTopTier, core }: Study): Proof {
  return {
    figure: 'Symmetric top tier',
    value: symmetricTopTier ? 'yes' : 'no',
    how: symmetricTopTier
      ? 'Exactly the nodes that this quorum set names have it as theirs, in standard form, and the rest of the network contains no quorum: both read off the data.'
      : core.length === 0
        ? 'There is no core.'
        : 'No quorum set in the core is shared by exactly the nodes that it names and needed by every quorum: read off the data.'
  }
}

function smallest(study: Study, figure: string, of: (counted: Counted) => Size, witness: string): Proof {
  const sizes = study.counted.map((counted) => ({ grouping: counted.grouping, size: of(counted) }))
  const value = sizes.map(({ grouping, size }) => `${grouping.many} ${sizeText(size)}`).join(', ')
  const exact = sizes.filter(({ size }) => size.isExact)
  const none = exact.filter(({ size }) => size.minSize === null)
  const zero = exact.filter(({ size }) => size.minSize === 0)
  const open = sizes.filter(({ size }) => !size.isExact)
  const how = [
    ...(none.length < sizes.length && sizes.some(({ size }) => size.minSize !== null) ? [witness] : []),
    ...(exact.length > none.length + zero.length ? [SMALLEST] : []),
    ...(zero.length > 0 ? ['Nothing is smaller than 0.'] : []),
    ...(none.length > 0
      ? [
          `That no such set exists (${none.map(({ grouping }) => grouping.many).join(', ')}) was proven as well.`
        ]
      : []),
    ...open.map(
      ({ grouping, size }) =>
        `Not proven smallest: ${sizeWords(size, grouping)}, of which the lower bound is proven.`
    )
  ]
  return { figure, value, how: how.join(' ') }
}
