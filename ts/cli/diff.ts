/** `diff`: what changed between two snapshots of a network, in words. */

import {
  DIRECTIONS,
  FIGURES,
  setsChangedAlike,
  sidedWords,
  valueWords,
  type Change,
  type Sided
} from '../study/changes.js'
import { checkOf } from '../study/check.js'
import { comparisonOf, type Comparison } from '../study/comparison.js'
import type { Directory } from '../study/directory.js'
import { GROUPINGS, groupingOf, NODES, type Grouping } from '../study/groupings.js'
import { membersWords } from '../study/members.js'
import { namingOf, type Naming } from '../study/naming.js'
import { differenceWords, renamed } from '../study/quorum-set-changes.js'
import { study } from '../study/study.js'
import { toldApart, type Reading } from './input.js'
import type { Answer, Look } from './output.js'
import { concerned, doubtForPrograms, doubtsText } from './said.js'
import type { Session } from './session.js'
import { paragraph, table } from './table.js'

type Member = Extract<Change, { member: string }>
type Figure = Extract<Change, { what: string }>
type Found = Extract<Change, { code: string }>

/** Members of a line about who came or went. */
const MOST_LISTED = 30

export async function diff(session: Session, older: Reading, newer: Reading): Promise<Answer> {
  const [oldTitle, newTitle] = toldApart(older, newer)
  const before = await study(session, { ...older, title: oldTitle }, 1)
  const after = await study(session, { ...newer, title: newTitle })
  // Files come from anywhere: one that says nothing of who is down may be of another kind than the other.
  const comparison = comparisonOf(before, after, 'unknown')
  const { changes, doubts, notCompared, unproven, checks, engine } = comparison
  const { check } = session.options
  const directories = older.directory.beside(newer.directory)
  const old = namingOf(session.options, directories.old)
  const now = namingOf(session.options, directories.now)
  const called = { old: old.title(before.title), new: now.title(after.title) }
  const forProgram = ({ side, words }: Sided) => ({ side, message: words })
  const isOfOld = (change: Change) =>
    'change' in change && (change.change === 'left' || change.change === 'gone')
  const named = changes.map((change) => forPrograms(change, isOfOld(change) ? old : now))
  return {
    text: (look) =>
      text(look, {
        ...{ comparison, called },
        old: { naming: old, directory: directories.old },
        now: { naming: now, directory: directories.now }
      }),
    json: {
      old: { title: before.title, sources: before.sources },
      new: { title: after.title, sources: after.sources },
      doubts: doubts.map((doubt) =>
        doubtForPrograms({ side: doubt.side }, doubt, doubt.side === 'old' ? old : now)
      ),
      notCompared: notCompared.map(forProgram),
      changes: named,
      unproven: unproven.map(forProgram),
      engine
    },
    rows: named.map(row),
    columns: Object.keys(EMPTY_ROW),
    records: named,
    unproven: unproven.map((line) => sidedWords(line, called)),
    verdict: typeof check === 'string' ? checks[check] : checkOf(after)
  }
}

/** What the members of one snapshot are called, and which of them are groups. */
interface Side {
  naming: Naming
  directory: Directory
}

interface Told {
  comparison: Comparison
  old: Side
  now: Side
  /** What the files are called. */
  called: { old: string; new: string }
}

function text(look: Look, { comparison, old, now, called }: Told): string {
  const { changes, doubts, notCompared, unproven } = comparison
  const { colors } = look
  const title = colors.bold(`${called.old} → ${called.new}`)
  const doubtful = doubts.flatMap((doubt) => {
    const { naming } = doubt.side === 'old' ? old : now
    return doubtsText(look, [{ words: sidedWords(doubt, called), nodes: doubt.nodes }], naming)
  })
  const without = notCompared.map((said) =>
    paragraph(look, `${colors.magenta('NOT COMPARED:')} ${sidedWords(said, called)}`)
  )
  const open =
    unproven.length === 0
      ? []
      : [
          [
            colors.magenta('NOT exact: what is not proven may have changed, too.'),
            ...unproven.map((line) => paragraph(look, sidedWords(line, called), 2, 4))
          ].join('\n')
        ]
  const nothing =
    open.length + without.length === 0 ? 'Nothing changed.' : 'Nothing else is known to have changed.'
  if (changes.length === 0) return [title, ...doubtful, ...without, nothing, ...open].join('\n\n')
  const figures = (kind: Figure['kind']) => changes.filter((change): change is Figure => change.kind === kind)
  const members = (kind: Member['kind']) => changes.filter((change): change is Member => change.kind === kind)
  const found = (way: Found['change']) =>
    changes.filter((change): change is Found => change.kind === 'finding' && change.change === way)
  const quorumSets = (way: Member['change']) =>
    moves(
      look,
      members('quorumSet').filter(({ change }) => change === way),
      old,
      now
    )
  return [
    title,
    ...doubtful,
    ...without,
    ...section(look, 'Verdicts', figureTable(look, figures('verdict'))),
    ...section(look, 'Sizes', figureTable(look, figures('size'))),
    ...section(look, 'Top tier', moves(look, members('topTier'), old, now)),
    ...section(look, 'Listed', moves(look, members('listed'), old, now)),
    ...section(look, 'Other quorum sets than before', changedSets(look, changes, now)),
    ...section(look, 'Quorum sets that are not known any more', quorumSets('lost')),
    ...section(look, 'Quorum sets that were not known before', quorumSets('found')),
    ...section(look, 'New findings', findings(look, found('new'), now.naming)),
    ...section(look, 'Findings that are gone', findings(look, found('gone'), old.naming)),
    ...open
  ].join('\n\n')
}

function section(look: Look, title: string, content: string): string[] {
  return content === '' ? [] : [`${look.colors.bold(title)}\n${content}`]
}

function figureTable(look: Look, figures: Figure[]): string {
  if (figures.length === 0) return ''
  const hasCounting = figures.some(({ counting }) => counting !== undefined)
  const tint = { better: look.colors.green, worse: look.colors.red, other: (text: string) => text }
  const rows = figures.map(({ counting, what, old, new: now, direction }) => [
    ...(hasCounting ? [groupingOf(counting).many] : []),
    FIGURES[what] ?? what,
    valueWords(old),
    valueWords(now),
    tint[direction](DIRECTIONS[direction])
  ])
  return table(look, [...(hasCounting ? ['counting'] : []), 'what', 'old', 'new', 'which is'], rows)
}

/** Nodes in whose quorum sets the same changed, with what that is. */
function changedSets(look: Look, changes: Change[], { naming, directory }: Side): string {
  return setsChangedAlike(changes, (keys) => naming.listFully(keys))
    .map(({ members, words }) => {
      const who = membersWords({ kind: 'exactly', size: members.length }, members, NODES, directory)
      return [
        paragraph(look, `${look.colors.yellow('~')} ${who}: ${listed(naming, members, NODES)}`, 2, 4),
        ...words.map((line) => paragraph(look, line, 6, 8))
      ].join('\n')
    })
    .join('\n')
}

function listed(naming: Naming, labels: string[], grouping: Grouping): string {
  return labels.length > MOST_LISTED
    ? naming.list(labels, grouping, MOST_LISTED)
    : naming.listFully(labels, grouping)
}

/** Who came and who went, a line for each way of counting. */
function moves(look: Look, members: Member[], old: Side, now: Side): string {
  const lines = new Map<string, Member[]>()
  for (const member of members) {
    const key = `${member.change} ${'counting' in member ? member.counting : ''}`
    lines.set(key, [...(lines.get(key) ?? []), member])
  }
  const { green, red, yellow } = look.colors
  const signs = {
    ...{ joined: green('+'), left: red('-'), changed: yellow('~') },
    ...{ lost: yellow('?'), found: yellow('~') }
  }
  return [...lines.values()]
    .map((members) => {
      const [{ change, ...first } = { change: 'changed' as const }] = members
      const grouping = 'counting' in first ? groupingOf(first.counting) : NODES
      const { naming, directory } = change === 'left' ? old : now
      const labels = members.map(({ member }) => member)
      const who = membersWords({ kind: 'exactly', size: labels.length }, labels, grouping, directory)
      return paragraph(look, `${signs[change]} ${who}: ${listed(naming, labels, grouping)}`, 2, 4)
    })
    .join('\n')
}

function findings(look: Look, found: Found[], naming: Naming): string {
  return found
    .map(({ code, message, nodes }) =>
      paragraph(look, `${look.colors.yellow(code)} ${message}${concerned(nodes, naming)}`, 2, 4)
    )
    .join('\n')
}

function forPrograms(change: Change, naming: Naming): Change {
  if (change.kind === 'finding')
    return { ...change, nodes: change.nodes.map((node) => naming.forPrograms(node)) }
  if (!('member' in change)) return change
  const grouping = change.kind === 'quorumSet' ? NODES : GROUPINGS.find(({ key }) => key === change.counting)
  const member = naming.forPrograms(change.member, grouping)
  return 'difference' in change
    ? { ...change, member, difference: renamed(change.difference, (key) => naming.forPrograms(key)) }
    : { ...change, member }
}

/** Every change with the same columns. */
const EMPTY_ROW = {
  kind: '',
  counting: '',
  change: '',
  what: '',
  old: '',
  new: '',
  member: '',
  direction: ''
}

function row(change: Change) {
  if ('difference' in change) {
    const { difference, ...rest } = change
    const what = differenceWords(difference, (keys) => keys.join(' ')).join('; ')
    return { ...EMPTY_ROW, ...rest, what }
  }
  if (change.kind !== 'finding') return { ...EMPTY_ROW, ...change }
  const { kind, change: way, code, nodes } = change
  return { ...EMPTY_ROW, kind, change: way, what: code, member: nodes.join(' ') }
}
