// What is read: command lines about small networks, each with what holds its outcome against the truth.

import assert from 'node:assert/strict'

import type { QuorumSet } from '../../index.js'
import type { Ended } from '../cli/command.js'
import type { Runner } from '../cli/runner.js'
import { About, GROUPINGS } from './about.js'
import { findingsIn, holdAnalyzed } from './analyzed.js'
import { holdAsked, type Asked } from './asked.js'
import { askedOf, configurationOf, holdChanged, holdConfiguration, type Asked as Changed } from './changed.js'
import { holdChanges, holdChangesForPrograms, holdChangeStatus } from './changes.js'
import { holdClaims, type Format } from './claims.js'
import { blocksOf } from './blocks.js'
import { holdFindingsTold } from './findings.js'
import {
  holdCritical,
  holdCriticalForPrograms,
  holdCriticalRows,
  holdIntact,
  holdIntactForPrograms,
  holdIntactRows
} from './misbehaving.js'
import { changeOf, networkOf } from './networks.js'
import {
  holdNode,
  holdNodeForPrograms,
  holdNodeRows,
  holdNodes,
  holdNodesForPrograms,
  type AskedOfNode
} from './nodes.js'
import {
  Change,
  holdPlan,
  holdPlanForPrograms,
  holdPlanRows,
  type AskedOfPlan,
  type Planned
} from './plans.js'
import {
  holdAnalysis,
  holdAnswer,
  holdFiguresForPrograms,
  holdFindingRows,
  holdFindingsForPrograms,
  holdRows
} from './programs.js'
import { holdRecord } from './records.js'
import { holdStatus } from './statuses.js'
import {
  adoptionOf,
  holdSuggestion,
  holdSuggestionForPrograms,
  holdSuggestionRows,
  type Adoption,
  type AskedOfSuggestion
} from './suggestions.js'

/** A command line, and what holds its outcome against the truth. */
export interface Read {
  name: string
  args: string[]
  hold: (outcome: Ended) => void
}

/** Runs them; what was not so, in full. */
export async function wrongIn(program: string, runner: Runner, reads: Read[]): Promise<string[]> {
  const outcomes = await runner.run(
    reads.map(({ args }) => args),
    program
  )
  return reads.flatMap(({ name, args, hold }, index) => {
    const outcome = outcomes[index] as Ended
    try {
      hold(outcome)
      return []
    } catch (error) {
      return [`${name}: ${args.join(' ')}\n${(error as Error).message}\n${outcome.stdout}${outcome.stderr}`]
    }
  })
}

/** What is read has colors. */
export const COLORS = { FORCE_COLOR: '1' }

/** How unknown nodes are read: as nobody chose, or chosen. */
export const chosen = (seed: number) =>
  [undefined, undefined, 'free', 'dead'][(seed >> 1) % 4] as 'free' | 'dead' | undefined

const abouts = new Map<string, About>()
/** What is so of a network, read as that of another seed is; worked out once. */
export function about(seed: number, isCutShort = false, readAs = seed): About {
  const how = chosen(readAs)
  const key = `${seed} ${isCutShort} ${how}`
  const known = abouts.get(key) ?? new About(networkOf(seed), how, isCutShort)
  abouts.set(key, known)
  return known
}

/** The file of a network, and how it is read. */
export const read = (seed: number) => [
  `${seed}.json`,
  ...(chosen(seed) === undefined ? [] : ['--unknown', chosen(seed) ?? ''])
]

export const CUT_SHORT = ['--anytime', '--timeout', '0.000001']
const SETS = ['blocking-sets', 'splitting-sets', 'quorums', 'history-critical']
const QUESTIONS = ['intersection', 'top-tier', 'symmetric', ...SETS]

/** What a question is asked about, and the command line for it. */
function asking(command: string, seed: number): { asked: Asked; args: string[] } {
  const isOfSets = SETS.includes(command)
  const grouping = isOfSets || command === 'top-tier' ? (GROUPINGS[(seed >> 3) % 4] ?? 'node') : 'node'
  const isListed = isOfSets && seed % 3 === 0
  const args = [
    ...[command, ...read(seed)],
    ...(grouping === 'node' ? [] : ['--group-by', grouping]),
    ...(isListed ? ['--limit', 'all'] : [])
  ]
  return { asked: { command, grouping, isListed }, args }
}

const canBeChecked = (command: string) => command !== 'top-tier' && command !== 'symmetric'

const GIVEN = (seed: number) => (seed >> 2) % 3 === 0 && about(seed).faulty.length > 0

/** Of a node, of every node, of intact nodes and critical groups: those that the data calls down may be named as such. */
function whoIsDown(seed: number, isCutShort: boolean): { args: string[]; about: About; isGiven: boolean } {
  const all = about(seed, isCutShort)
  const isGiven = GIVEN(seed)
  return {
    args: isGiven ? ['--faulty', all.faulty.join(',')] : [],
    about: isGiven ? all.whileDown() : all,
    isGiven
  }
}

const groupingOf = (seed: number) => GROUPINGS[(seed >> 3) % 4] ?? 'node'
const groupBy = (grouping: string) => (grouping === 'node' ? [] : ['--group-by', grouping])

/** Which node is asked about: another one for every seed. */
function askedOfNode(seed: number): { asked: AskedOfNode; args: string[] } {
  const { keys } = about(seed).population
  const node = seed % keys.length
  const scope = seed % 5 === 0 ? 'all' : 'core'
  const grouping = groupingOf(seed)
  return {
    asked: { node, grouping, scope },
    args: [...groupBy(grouping), ...(scope === 'all' ? ['--scope', 'all'] : [])]
  }
}

const changes = new Map<string, Planned>()

/** The change that is planned, and what is asked of it. */
function planOf(seed: number, isCutShort: boolean): { planned: Planned; asked: AskedOfPlan; args: string[] } {
  const { before, after } = changeOf(seed)
  const floor = (shift: number) => [0, 0, 2, 3][(seed >> shift) % 4] ?? 0
  const floors = { blocking: floor(3), splitting: floor(4) }
  const unit = seed % 3 === 0 ? 'organization' : seed % 3 === 1 ? 'node' : groupingOf(seed)
  const counting = seed % 4 === 0 ? groupingOf(seed + 8) : unit
  const how = chosen(seed)
  const asked = { unit, counting, floors, chosen: how, isCutShort }
  const title = (side: string) => `${seed}-${side}.json`
  const change = new Change(before, after, unit, counting, floors)
  const known = changes.get(String(seed)) ?? {
    change,
    both: new About(change.network, how, false),
    old: { about: new About(before, how, false), title: title('before') },
    now: { about: new About(after, how, false), title: title('after') }
  }
  changes.set(String(seed), known)
  return {
    planned: known,
    asked,
    args: [
      ...['plan', title('before'), title('after')],
      ...(how === undefined ? [] : ['--unknown', how]),
      ...(unit === 'organization' ? [] : ['--unit', unit]),
      ...(counting === unit ? [] : ['--group-by', counting]),
      ...(floors.blocking === 0 ? [] : ['--floor-blocking', String(floors.blocking)]),
      ...(floors.splitting === 0 ? [] : ['--floor-splitting', String(floors.splitting)])
    ]
  }
}

const adoptions = new Map<string, Adoption>()

/** What is adopted, and what is asked of it. */
function suggestionOf(
  seed: number,
  isCutShort: boolean
): { adoption: Adoption; asked: AskedOfSuggestion; args: string[] } {
  const floor = (shift: number) => [0, 0, 0, 2][(seed >> shift) % 4] ?? 0
  const floors = { blocking: floor(3), splitting: floor(4) }
  const unit = seed % 3 === 0 ? 'organization' : seed % 3 === 1 ? 'node' : groupingOf(seed)
  const counting = seed % 4 === 0 ? groupingOf(seed + 8) : unit
  const asked = { unit, counting, floors, chosen: chosen(seed), isCutShort }
  const network = networkOf(seed)
  // What nothing can satisfy is refused.
  const models = network.nodes.filter(
    ({ quorumSet }) =>
      quorumSet != null &&
      quorumSet.threshold > 0 &&
      quorumSet.threshold <= quorumSet.validators.length + quorumSet.innerQuorumSets.length
  )
  const model = seed % 2 === 0 ? undefined : models[seed % Math.max(1, models.length)]?.publicKey
  const key = `${seed} ${isCutShort}`
  const adoption = adoptions.get(key) ?? adoptionOf(network, `${seed}.json`, model, asked)
  adoptions.set(key, adoption)
  return {
    adoption,
    asked,
    args: [
      ...['suggest', ...read(seed)],
      ...(model === undefined ? [] : ['--quorum-set', model]),
      ...(unit === 'organization' ? [] : ['--unit', unit]),
      ...(counting === unit ? [] : ['--group-by', counting]),
      ...(floors.blocking === 0 ? [] : ['--floor-blocking', String(floors.blocking)]),
      ...(floors.splitting === 0 ? [] : ['--floor-splitting', String(floors.splitting)])
    ]
  }
}

/** How the command line is told of the same change. */
function changedOf(seed: number): Changed {
  const { before, after } = changeOf(seed)
  return askedOf(before, after, `${seed}-change`)
}

/** The quorum set of some node of the network. */
function someSetOf(seed: number): QuorumSet {
  const sets = networkOf(seed).nodes.flatMap(({ quorumSet }) => quorumSet ?? [])
  return sets[seed % Math.max(1, sets.length)] ?? { threshold: 1, validators: ['ANNE'], innerQuorumSets: [] }
}

/** What is read, by the names of files. */
export function filesOf(seed: number): [string, unknown][] {
  const { before, after } = changeOf(seed)
  return [
    [`${seed}.json`, networkOf(seed)],
    [`${seed}-before.json`, before],
    [`${seed}-after.json`, after],
    ...changedOf(seed).files,
    [`${seed}-configuration.json`, configurationOf(someSetOf(seed))]
  ]
}

/** Everything that is read of networks with these seeds, the cheapest to notice first. */
export function readsOf(seeds: number[]): [string, Read[]][] {
  const each = (of: (seed: number) => Omit<Read, 'name'>) =>
    seeds.map((seed) => ({ name: `seed ${seed}`, ...of(seed) }))
  /** What goes well and says nothing but its answer. */
  const alone =
    (hold: (text: string) => void) =>
    ({ stdout, stderr, status }: Ended) => {
      assert.deepEqual([stderr, status], ['', 0])
      hold(stdout)
    }
  const analyze = (isCutShort: boolean) =>
    each((seed) => ({
      args: ['analyze', ...read(seed), '--check', ...(isCutShort ? CUT_SHORT : [])],
      hold: ({ stdout, stderr, status }) => {
        assert.equal(stderr, '')
        holdAnalyzed(about(seed, isCutShort), stdout, `${seed}.json`)
        holdStatus(about(seed, isCutShort), status)
      }
    }))
  const analyzeCounting = (isCutShort: boolean) =>
    each((seed) => {
      const grouping = GROUPINGS[seed % 4] ?? 'node'
      const of = about(seed, isCutShort).counting(grouping)
      return {
        args: ['analyze', ...read(seed), '--group-by', grouping, '--check', ...(isCutShort ? CUT_SHORT : [])],
        hold: ({ stdout, stderr, status }) => {
          assert.equal(stderr, '')
          holdAnalyzed(of, stdout, `${seed}.json`)
          holdStatus(of, status)
        }
      }
    })
  const question = (command: string, isCutShort: boolean) =>
    each((seed) => {
      const { asked, args } = asking(command, seed)
      const check = canBeChecked(command) ? ['--check'] : []
      return {
        args: [...args, ...check, ...(isCutShort ? CUT_SHORT : [])],
        hold: (ended) => holdAsked(about(seed, isCutShort), asked, ended)
      }
    })
  const forPrograms = (command: string) =>
    each((seed) => {
      const { asked, args } = asking(command, seed)
      const [format, hold] = seed % 2 === 0 ? (['json', holdAnswer] as const) : (['csv', holdRows] as const)
      return {
        args: [...args, '--format', format],
        hold: ({ stdout, status }) => {
          assert.equal(status, 0)
          hold(about(seed), asked, stdout)
        }
      }
    })
  const formats: [Format, (seed: number, text: string) => void, (seed: number, text: string) => void][] = [
    [
      'table',
      () => {},
      (seed, text) => holdFindingsTold(about(seed), findingsIn(about(seed), blocksOf(text)))
    ],
    [
      'json',
      (seed, text) => holdAnalysis(about(seed), text, `${seed}.json`),
      (seed, text) => holdFindingsForPrograms(about(seed), text)
    ],
    [
      'csv',
      (seed, text) => holdFiguresForPrograms(about(seed), text),
      (seed, text) => holdFindingRows(about(seed), text)
    ]
  ]
  // Another one of its kind, or of the next.
  const laterThan = (seed: number) =>
    seeds[(seeds.indexOf(seed) + (seed % 2 === 0 ? 12 : 1)) % seeds.length] as number
  const differences = (isCutShort: boolean, format: Format) =>
    each((seed) => {
      const later = laterThan(seed)
      const how = chosen(seed)
      const side = (other: number) => ({ about: about(other, isCutShort, seed), title: `${other}.json` })
      return {
        args: [
          ...['diff', `${seed}.json`, `${later}.json`, '--check'],
          ...(how === undefined ? [] : ['--unknown', how]),
          ...(isCutShort ? CUT_SHORT : []),
          ...(format === 'table' ? [] : ['--format', format])
        ],
        hold: ({ stdout, stderr, status }) => {
          assert.equal(stderr, '')
          if (format === 'table') holdChanges(side(seed), side(later), stdout)
          else holdChangesForPrograms(side(seed), side(later), format, stdout)
          holdStatus(side(later).about, status)
        }
      }
    })
  const checksOfChanges = (check: 'changed' | 'worse') =>
    each((seed) => {
      const how = chosen(seed)
      // Of a change of a network often only little is another thing than before, or nothing.
      const sides = seed % 2 === 0 ? [`${seed}-before`, `${seed}-after`] : [seed, laterThan(seed)]
      return {
        args: [
          ...['diff', ...sides.map((side) => `${side}.json`), '--check', check, '--format', 'json'],
          ...(how === undefined ? [] : ['--unknown', how]),
          ...cut(seed % 3 === 0)
        ],
        hold: ({ stdout, stderr, status }) => {
          assert.equal(stderr, '')
          holdChangeStatus(check, how !== undefined, stdout, status)
        }
      }
    })
  const cut = (isCutShort: boolean) => (isCutShort ? CUT_SHORT : [])
  const node = (isCutShort: boolean) =>
    each((seed) => {
      const { asked, args } = askedOfNode(seed)
      const { about, isGiven, args: down } = whoIsDown(seed, isCutShort)
      const key = about.population.keys[asked.node] ?? ''
      return {
        args: ['node', key, ...read(seed), ...args, ...down, '--check', ...cut(isCutShort)],
        hold: (ended) => holdNode(about, asked, isGiven, ended)
      }
    })
  const nodes = (isCutShort: boolean) =>
    each((seed) => {
      const { asked, args } = askedOfNode(seed)
      const { about, isGiven, args: down } = whoIsDown(seed, isCutShort)
      return {
        args: ['nodes', ...read(seed), ...args, ...down, ...cut(isCutShort)],
        hold: (ended) => holdNodes(about, asked, isGiven, ended)
      }
    })
  const intact = (isCutShort: boolean) =>
    each((seed) => {
      const { ill, args } = illBehaved(seed)
      const { about, isGiven, args: down } = whoIsDown(seed, isCutShort)
      return {
        args: ['intact', ...read(seed), ...args, ...down, ...cut(isCutShort)],
        hold: (ended) => holdIntact(about, ill, isGiven, ended)
      }
    })
  const illBehaved = (seed: number) => {
    const { keys } = about(seed).population
    const ill = seed % 4 === 0 ? 0 : ((seed * 2654435761) % 2 ** keys.length) & ((seed * 40503) >> 3)
    const named = keys.filter((_, index) => (ill >> index) & 1)
    return { ill, args: ['--ill-behaved', named.length === 0 ? 'none' : named.join(',')] }
  }
  const askedOfGroups = (seed: number) => {
    const isStellarCore = seed % 2 === 1
    const grouping = groupingOf(seed)
    return {
      asked: { grouping, isStellarCore },
      args: [...groupBy(grouping), ...(isStellarCore ? ['--candidates', 'stellar-core'] : [])]
    }
  }
  const critical = (isCutShort: boolean) =>
    each((seed) => {
      const { asked, args } = askedOfGroups(seed)
      const { about, isGiven, args: down } = whoIsDown(seed, isCutShort)
      return {
        args: ['critical', ...read(seed), ...args, ...down, '--check', ...cut(isCutShort)],
        hold: (ended) => holdCritical(about, asked, isGiven, ended)
      }
    })
  const plans = (isCutShort: boolean) =>
    each((seed) => {
      const { planned, asked, args } = planOf(seed, isCutShort)
      return {
        args: [...args, '--check', ...cut(isCutShort)],
        hold: (ended) => holdPlan(planned, asked, ended)
      }
    })
  const suggestions = (isCutShort: boolean) =>
    each((seed) => {
      const { adoption, asked, args } = suggestionOf(seed, isCutShort)
      return {
        args: [...args, '--check', ...cut(isCutShort)],
        hold: (ended) => holdSuggestion(adoption, asked, ended)
      }
    })
  /** The same for programs, without `--check`, which fails for nobody then. */
  const otherwise = (seed: number): Omit<Read, 'name'>[] => {
    const format = seed % 2 === 0 ? 'json' : 'csv'
    const isJson = format === 'json'
    const { about, args: down } = whoIsDown(seed, false)
    const of = askedOfNode(seed)
    const ill = illBehaved(seed)
    const groups = askedOfGroups(seed)
    const plan = planOf(seed, false)
    const suggestion = suggestionOf(seed, false)
    const key = about.population.keys[of.asked.node] ?? ''
    const all = [...about.population.keys.keys()]
    const read_ = (args: string[], json: (text: string) => void, csv: (text: string) => void) => ({
      args: [...args, '--format', format],
      hold: ({ stdout, status }: Ended) => {
        assert.equal(status, 0)
        if (isJson) json(stdout)
        else csv(stdout)
      }
    })
    return [
      read_(
        ['node', key, ...read(seed), ...of.args, ...down],
        (text) => holdNodeForPrograms(about, of.asked, text),
        (text) => holdNodeRows(about, of.asked, [of.asked.node], GIVEN(seed), text)
      ),
      read_(
        ['nodes', ...read(seed), ...of.args, ...down],
        (text) => holdNodesForPrograms(about, of.asked, text),
        (text) => holdNodeRows(about, of.asked, all, GIVEN(seed), text)
      ),
      read_(
        ['intact', ...read(seed), ...ill.args, ...down],
        (text) => holdIntactForPrograms(about, ill.ill, text),
        (text) => holdIntactRows(about, ill.ill, text)
      ),
      read_(
        ['critical', ...read(seed), ...groups.args, ...down],
        (text) => holdCriticalForPrograms(about, groups.asked, text),
        (text) => holdCriticalRows(about, groups.asked, text)
      ),
      read_(
        plan.args,
        (text) => holdPlanForPrograms(plan.planned, plan.asked, text),
        (text) => holdPlanRows(plan.planned, plan.asked, text)
      ),
      read_(
        suggestion.args,
        (text) => holdSuggestionForPrograms(suggestion.adoption, suggestion.asked, text),
        (text) => holdSuggestionRows(suggestion.adoption, suggestion.asked, text)
      )
    ]
  }
  const newer = [false, true].flatMap((isCutShort): [string, Read[]][] => {
    const when = isCutShort ? ', when time ran out' : ''
    return [
      [`of a node${when}`, node(isCutShort)],
      [`of every node${when}`, nodes(isCutShort)],
      [`of intact nodes${when}`, intact(isCutShort)],
      [`of critical groups${when}`, critical(isCutShort)],
      [`of a change${when}`, plans(isCutShort)],
      [`of who has to change${when}`, suggestions(isCutShort)]
    ]
  })
  const newerForPrograms = [
    'a node',
    'every node',
    'intact nodes',
    'critical groups',
    'a change',
    'who has to change'
  ].map((what, index): [string, Read[]] => [
    `of ${what}, for programs`,
    each((seed) => otherwise(seed)[index] as Omit<Read, 'name'>)
  ])
  return [
    ['of a network as a whole', analyze(false)],
    ...newer,
    ...newerForPrograms,
    ['of a network as a whole, when time ran out', analyze(true)],
    ['of a network as a whole, counted in one way', analyzeCounting(false)],
    ['of a network as a whole, counted in one way, when time ran out', analyzeCounting(true)],
    ...QUESTIONS.map((command): [string, Read[]] => [
      `of a single question: ${command}`,
      question(command, false)
    ]),
    ['of two snapshots', differences(false, 'table')],
    ['of two snapshots, when time ran out', differences(true, 'table')],
    ['of two snapshots, whether they differ', [...checksOfChanges('changed'), ...checksOfChanges('worse')]],
    ['of two snapshots, for programs', [...differences(false, 'json'), ...differences(false, 'csv')]],
    ...QUESTIONS.map((command): [string, Read[]] => [
      `of a single question, when time ran out: ${command}`,
      question(command, true)
    ]),
    ...QUESTIONS.map((command): [string, Read[]] => [
      `of a single question, for programs: ${command}`,
      forPrograms(command)
    ]),
    ...formats.map(([format, , hold]): [string, Read[]] => [
      `of what is odd in the data: ${format}`,
      each((seed) => ({
        args: ['findings', ...read(seed), '--format', format],
        hold: alone((text) => hold(seed, text))
      }))
    ]),
    ...formats.slice(1).map(([format, hold]): [string, Read[]] => [
      `of a network as a whole, for programs: ${format}`,
      each((seed) => ({
        args: ['analyze', ...read(seed), '--format', format],
        hold: alone((text) => hold(seed, text))
      }))
    ]),
    [
      'of a network as a whole, for programs, when time ran out',
      each((seed) => ({
        args: ['analyze', ...read(seed), '--format', 'json', ...CUT_SHORT],
        hold: alone((text) => holdAnalysis(about(seed, true), text, `${seed}.json`))
      }))
    ],
    [
      'of a changed network',
      each((seed) => {
        const changed = changedOf(seed)
        return {
          args: ['change', `${seed}-before.json`, ...changed.args],
          hold: (ended) => holdChanged(changed, ended)
        }
      }).filter(({ args }) => args.length > 2)
    ],
    [
      'of a configuration',
      each((seed) => {
        const file = `${seed}-configuration.json`
        const node = [undefined, 'ANNE', 'BERT'][seed % 3]
        return {
          args: ['config', file, ...(node === undefined ? [] : ['--node', node])],
          hold: (ended) => holdConfiguration(file, someSetOf(seed), node, ended)
        }
      })
    ],
    ...(['ndjson', 'csv'] as const).map((format): [string, Read[]] => [
      `of snapshots over time: ${format}`,
      each((seed) => ({
        args: ['history', ...read(seed), '--check', '--format', format],
        hold: (ended) => holdRecord(about(seed), format, `${seed}.json`, ended)
      }))
    ]),
    [
      'of certificates',
      [
        ...each((seed) => ({
          args: ['analyze', ...read(seed), '--certificate', `certificate-${seed}`],
          hold: ({ stdout, stderr, status }) => {
            assert.match(
              stderr,
              new RegExp(
                `^certificate-${seed}/certificate.json: \\d+ claims? with (its proof|their proofs)\n$`
              )
            )
            assert.equal(status, 0)
            holdAnalyzed(about(seed), stdout, `${seed}.json`)
          }
        })),
        ...[true, false].flatMap((isOwn) =>
          each((seed) => {
            const of = isOwn ? seed : laterThan(seed)
            const format = (['table', 'json', 'csv'] as const)[seed % 3] ?? 'table'
            return {
              args: ['verify', `${of}.json`, `certificate-${seed}`, '--format', format],
              hold: (ended) => holdClaims(about(of), format, isOwn, ended)
            }
          })
        )
      ]
    ]
  ]
}
