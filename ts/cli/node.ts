/** `node` and `nodes`: who can halt a node or split it off, on whom it depends, who depends on it, and what is wrong in its quorum set. */

import type { AnalysisOptions, Finding, NodeResult } from '../../index.js'
import { NOTHING_KNOWN } from '../study/answers.js'
import { checkedBothWays } from '../study/check.js'
import { doubtsIn, isNothingKnown, leftOutIn, ofUnknown, READ_AS, unknownIn } from '../study/doubts.js'
import { counted, groupingOf, NODES, ORGANIZATIONS } from '../study/groupings.js'
import { jsonOf, type Naming } from '../study/naming.js'
import {
  checkOfNode,
  doubtedSizes,
  isAway,
  KINDS_OF_NODE,
  othersOf,
  placeOf,
  proofOfNode,
  remarksOn,
  saidOfNode,
  setsOfNode,
  sizesOfNode,
  unprovenOfNode,
  type Away,
  type Place,
  type Remark
} from '../study/one-node.js'
import { sizeText } from '../study/sizes.js'
import { readingOf } from '../study/study.js'
import type { Reading } from './input.js'
import type { Answer, Look, Row } from './output.js'
import { answerText, findingsOf } from './said.js'
import { OTHER_WAY, type Session } from './session.js'
import { paragraph, table } from './table.js'
import { nodeNamed } from './understood.js'

/** Nodes that a list of them names. */
const MOST_NAMED = 12

/** `node`: all that concerns one node, which goes by its key or name. */
export async function node(
  session: Session,
  reading: Reading,
  naming: Naming,
  called: string
): Promise<Answer> {
  const { options } = session
  const { network, directory } = reading
  const grouping = groupingOf(options.groupBy)
  const key = nodeNamed('node', called, [reading])
  const asked = (reading: AnalysisOptions) =>
    session.ask(`${directory.name(key)}, counting ${grouping.many}`, 1, (bounds) =>
      network.analyzeNode({ ...commonOf(session), ...bounds, node: key, ...reading })
    )
  const result = await asked({})
  const findings = findingsOf(network, result)
  const doubts = doubtsIn(findings, options.unknown ?? 'dead')
  const away = awayFrom(session, findings)
  const sets = setsOfNode(result, grouping, directory, options.scope, findings)
  const listed = (look: Look, words: string, members: string[], of = grouping) => {
    if (members.length === 0) return paragraph(look, words, 2, 4)
    return paragraph(look, `${words.replace(/\.$/, '')}: ${naming.list(members, of, MOST_NAMED)}`, 2, 4)
  }
  const said = saidOfNode(result, away, findings)
  const text = (look: Look) => {
    if (isNothingKnown(findings)) return answerText(look, said, findings, options, naming)
    const section = (heading: string, lines: string[]) => [look.colors.bold(heading), ...lines].join('\n')
    const remarks = (all: Remark[]) =>
      all.map(({ words, members, grouping }) => listed(look, words, members, grouping))
    const others = section('Others', remarks(othersOf(result, away)))
    if (isAway(placeOf(result, away))) return answerText(look, said, findings, options, naming, [others])
    return answerText(look, { ...said, proof: proofOfNode(result) }, findings, options, naming, [
      ...sets.map(({ kind, isInDoubt, words, members }) =>
        section(`${kind.heading}${isInDoubt ? ' (in doubt)' : ''}`, [listed(look, words, members)])
      ),
      section('Its quorum set', remarks(remarksOn(result, findings))),
      others
    ])
  }
  return {
    text: (look) => [look.colors.bold(naming.name(key)), text(look)].join('\n'),
    json: jsonOf(result, naming, grouping),
    rows: [rowOf(result, naming, isNothingKnown(findings) ? undefined : placeOf(result, away))],
    unproven: unprovenOfNode(result, grouping),
    verdict: await checkedBothWays(
      checkOfNode(result, findings),
      doubts,
      options.unknown !== undefined,
      async () => checkOfNode(await asked(OTHER_WAY), findings)
    )
  }
}

/** `nodes`: a row for each node. */
export async function nodes(
  session: Session,
  { network, directory, nodes: given }: Reading,
  naming: Naming
): Promise<Answer> {
  const { options } = session
  const grouping = groupingOf(options.groupBy)
  const result = await session.ask(`every node, counting ${grouping.many}`, 1, (bounds) =>
    network.analyzeNodes({ ...commonOf(session), ...bounds })
  )
  const findings = findingsOf(network, result)
  const away = awayFrom(session, findings)
  const sizes = Object.values(KINDS_OF_NODE).map(({ column }) => column)
  const isAnyInDoubt =
    options.unknown === undefined && result.nodes.some((one) => doubtedSizes(one).length > 0)
  const doubt = isAnyInDoubt ? ['in doubt'] : []
  const header = ['node', 'organization', 'is', ...sizes, 'dependents', ...doubt]
  const cells = result.nodes.map((one) => {
    const place = placeOf(one, away)
    const organization = directory.labelOf(one.publicKey, ORGANIZATIONS)
    return [
      naming.name(one.publicKey),
      directory.isAlone(organization, ORGANIZATIONS) ? '' : naming.name(organization, ORGANIZATIONS),
      place,
      ...Object.values(sizesOfNode(one)).map((size) => (isAway(place) ? '' : sizeText(size))),
      isAway(place) ? '' : String(one.dependents.length),
      ...(isAnyInDoubt
        ? [
            doubtedSizes(one)
              .map((kind) => KINDS_OF_NODE[kind].column)
              .join(', ')
          ]
        : [])
    ]
  })
  const sorted = cells.sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0))
  const isNothing = isNothingKnown(findings)
  const text = (look: Look) => {
    if (isNothing) return answerText(look, NOTHING_KNOWN, findings, options, naming)
    const listed = new Set(given.map(({ publicKey }) => publicKey))
    const unknown = unknownIn(findings, given).length
    const unlisted = result.nodes.filter(({ publicKey }) => !listed.has(publicKey)).length
    const begins = counted(result.nodes.length, NODES)
    const are = unlisted === 1 ? 'is' : 'are'
    const meaning = [
      ...(unlisted === 0 ? [] : [`${unlisted} of them ${are} only named in quorum sets.`]),
      ...(options.unknown === undefined || unknown === 0
        ? []
        : [`${ofUnknown(unknown)} ${unknown === 1 ? 'is' : 'are'} read as ${READ_AS[options.unknown]}.`]),
      ...(grouping.key === NODES.key ? [] : [`Sizes count ${grouping.many}.`]),
      ...(isAnyInDoubt ? [IN_DOUBT] : [])
    ].join(' ')
    const said = { mood: 'neutral', begins, rest: '', meaning } as const
    return answerText(look, said, findings, options, naming, [table(look, header, sorted, [3, 4, 5, 6])])
  }
  return {
    text,
    json: {
      ...(jsonOf({ findings: result.findings, engine: result.engine }, naming) as object),
      nodes: result.nodes.map((one) => jsonOf(one, naming, grouping))
    },
    rows: result.nodes.map((one) => rowOf(one, naming, isNothing ? undefined : placeOf(one, away))),
    columns: COLUMNS,
    unproven: result.nodes.flatMap((one) =>
      unprovenOfNode(one, grouping).map((line) => `${naming.name(one.publicKey)}: ${line}`)
    ),
    verdict: 'unknown'
  }
}

/** What hangs on unknown nodes. */
const IN_DOUBT =
  'Nodes of unknown quorum set are read as in no quorum. Read as free to join any, what is in doubt is another number, or there was no time to find out.'

const COLUMNS = [
  ...[
    'node',
    'is',
    'isInQuorum',
    'isInCore',
    'isInTopTier',
    'haltingMinSize',
    'vBlockingMinSize',
    'splittingMinSize'
  ],
  ...['dependents', 'trustedBy', 'reach', 'namesItself', 'deadValidators', 'stoppedBy', 'inDoubt']
]

/**
 * What a spreadsheet can hold: numbers of others, not who they are. Of a node that takes no part nothing but who names it is asked.
 *
 * @param place Absent: nothing is known of the network.
 */
function rowOf(one: NodeResult, naming: Naming, place: Place | undefined): Row {
  const known = <T>(value: T) => (place === undefined ? null : value)
  const asked = <T>(value: T) => (isAway(place) ? null : known(value))
  return {
    node: naming.forPrograms(one.publicKey),
    is: place ?? null,
    isInQuorum: known(one.isInQuorum),
    isInCore: known(one.isInCore),
    isInTopTier: known(one.isInTopTier),
    haltingMinSize: asked(one.halting.minSize),
    vBlockingMinSize: asked(one.vBlocking.minSize),
    splittingMinSize: asked(one.splitting.minSize),
    dependents: asked(one.dependents.length),
    trustedBy: known(one.trustedBy.length),
    reach: asked(one.reach.length),
    namesItself: asked(one.quorumSet === null ? null : one.namesItself),
    deadValidators: asked(one.deadValidators.length),
    stoppedBy: asked(one.stoppedBy.length),
    inDoubt: doubtedSizes(one).join(' ')
  }
}

function awayFrom({ options }: Session, findings: Finding[]): Away {
  return { leftOut: leftOutIn(findings), down: options.faulty ?? [] }
}

function commonOf({ options }: Session) {
  const { groupBy } = groupingOf(options.groupBy)
  return { ...readingOf(options), groupBy, faultyNodes: options.faulty, scope: options.scope }
}
