/** The commands: what each is called, which options it has, and what help says. */

import { existsSync } from 'node:fs'

import { Argument, Command, Option } from 'commander'

import { health } from '../../index.js'
import { analyze } from './analyze.js'
import { merged, verify, writeCertificate } from './certificate.js'
import { changed, changesAnything, configured, meantBy } from './change.js'
import { completions } from './completion.js'
import { convert, TARGETS } from './convert.js'
import { diff } from './diff.js'
import { unlessHalted, withDownAsFaulty } from './down.js'
import { explore, type ExploreOptions } from './explore.js'
import { Failure, failureOf, STATUS, type Status } from './failure.js'
import { findings } from './findings.js'
import { history, type HistoryOptions } from './history.js'
import { FORMATS } from './history/records.js'
import type { Reading } from './input.js'
import { intersection } from './intersection.js'
import { CRITICAL, EVERY_NODE, INTACT, ONE_NODE, SUGGESTION, TOP_TIER } from '../study/kinds.js'
import { namingOf } from '../study/naming.js'
import { critical, intact } from './misbehaviour.js'
import { didYouMean } from './nearest.js'
import { node, nodes } from './node.js'
import { config, plan } from './plan.js'
import {
  duration,
  OPTIONS,
  place,
  port,
  positive,
  something,
  source,
  type OptionName,
  type Options
} from './options.js'
import { jsonText, print, say, write, type Answer } from './output.js'
import { report, type ReportOptions } from './report.js'
import { Session, type Question } from './session.js'
import { BLOCKING, HISTORY_CRITICAL, QUORUMS, sets, SPLITTING } from './sets.js'
import { suggest } from './suggest.js'
import { symmetric } from './symmetric.js'
import { topTier } from './top-tier.js'
import { watch, type WatchOptions } from './watch.js'
import { FORMATS as LINES } from './watch/lines.js'
import { WEBHOOK_URL } from './watch/listeners.js'

const READING: OptionName[] = ['organizations', 'reachableFrom', 'unknown', 'countOneNodeQuorums']
/** The same where what one node sees may be another part of the network in every state. */
const READING_STATES: OptionName[] = ['organizations', 'unknown', 'countOneNodeQuorums', 'faulty']
/** What changes at once, and what states must not be. */
const STATES: OptionName[] = ['unit', 'groupBy', 'floorBlocking', 'floorSplitting', 'scope', 'check']
const CHANGE: OptionName[] = ['set', 'add', 'remove', 'move']
const RUN: OptionName[] = ['timeout', 'anytime', 'threads', 'progress']
const OUTPUT: OptionName[] = ['format', 'names', 'noNames']

/** Lines about what is not proven. */
const MOST_SAID = 6

const NODES = 'file, URL of an explorer, or - for standard input; the example if none is given'
const ORGANIZATIONS = 'the organizations, where they do not come with the nodes'

const EXAMPLES = `
Examples:
  stellar-fbas                                        the example: Stellar's network of November 2025
  stellar-fbas nodes.json organizations.json          everything about a snapshot
  stellar-fbas https://explorer.example/api/v1        ... about what an explorer's endpoint says now
  curl -s localhost:11626/quorum?transitive=true\\&fullkeys=true | stellar-fbas -
                                                      ... about what a stellar-core node sees
  stellar-fbas splitting-sets nodes.json --group-by country
  stellar-fbas quorums nodes.json --limit 1000 --format csv > quorums.csv
  stellar-fbas intersection nodes.json --check || alert
  stellar-fbas diff monday.json tuesday.json
  stellar-fbas history snapshots/ --output history.csv
  stellar-fbas watch https://explorer.example/api/v1 --every 5m --serve 9464 --run ./alert.sh
  stellar-fbas plan nodes.json --set 'My node=set.json' --floor-splitting 3
  stellar-fbas suggest nodes.json --quorum-set 'My node'
  stellar-fbas report nodes.json --output report.html
  stellar-fbas explore nodes.json                     a page in the browser to try out what changes would do
  stellar-fbas analyze nodes.json --certificate proofs && stellar-fbas verify nodes.json proofs
  source <(stellar-fbas completion bash)              completes commands and options by Tab

Exit status:
  0    fine
  1    with --check: the network can split by itself, has halted, or, for single questions, the answer is 0;
       diff --check changed, --check worse: something has changed, or become worse;
       verify: a claim is not proven
  2    bad input or command line
  3    the time limit ran out before everything was proven, or with --check: the verdict is not proven, the data
       does not say, or it hangs on nodes whose quorum sets are unknown (--unknown decides)
  70   a defect of this package, or of how it is installed
  74   the answer could not be written
  130  ended by Ctrl-C, after printing what is proven so far; 143 by SIGTERM, 129 by SIGHUP
`

/** The program. `done` takes the exit status, `help` what somebody asked for about the program itself. */
export function program(done: (status: Status) => void, help: (text: string) => void): Command {
  const program = new Command('stellar-fbas')
    .description("Exact analysis of Stellar's federated Byzantine agreement system.")
    .version(health().version)
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride()
    .configureOutput({ writeOut: help })
    .addHelpText('after', EXAMPLES)

  question(
    'analyze',
    analyze,
    'everything, with the verdicts in plain words (the default)',
    [...(['faultyByDefault', 'groupBy', 'scope', 'check', 'certificate'] satisfies OptionName[])],
    { isDefault: true }
  )
  question('intersection', unlessHalted(intersection), 'whether every two quorums share a node', [
    'faulty',
    'check',
    'certificate'
  ])
  question('top-tier', topTier, TOP_TIER.fewest, ['faulty', 'groupBy', 'certificate'])
  const ofSets: OptionName[] = ['faulty', 'groupBy', 'limit', 'check', 'certificate']
  question('blocking-sets', withDownAsFaulty(asked(BLOCKING)), BLOCKING.kind.fewest, [
    'faultyIfDown',
    ...ofSets.slice(1)
  ])
  question('splitting-sets', asked(SPLITTING), SPLITTING.kind.fewest, [...ofSets, 'scope'])
  question('quorums', unlessHalted(asked(QUORUMS)), QUORUMS.kind.fewest, ofSets)
  question('history-critical', asked(HISTORY_CRITICAL), HISTORY_CRITICAL.kind.fewest, ofSets)
  question('symmetric', symmetric, 'the quorum set that the whole top tier shares, if it does', ['faulty'])
  command('node', ONE_NODE.fewest, [...READING, 'faulty', 'groupBy', 'scope', 'check', ...RUN, ...OUTPUT])
    .addArgument(new Argument('<node>', 'the node: its public key or its name').argParser(something))
    .addArgument(from('[nodes]', NODES))
    .addArgument(from('[organizations]', ORGANIZATIONS))
    .action(
      (called: string, nodes: string | undefined, organizations: string | undefined, options: Options) =>
        answered(options, async (session) => {
          const reading = await readingFor(session, nodes, organizations)
          const naming = namingOf(options, reading.directory)
          const ask: Question = (session, reading, naming) => node(session, reading, naming, called)
          return unlessHalted(ask)(session, reading, naming)
        })
    )
  question('nodes', unlessHalted(nodes), EVERY_NODE.fewest, ['faulty', 'groupBy', 'scope'])
  question('intact', unlessHalted(intact), INTACT.fewest, ['faulty', 'illBehaved'])
  question('critical', unlessHalted(critical), CRITICAL.fewest, [
    'faulty',
    'groupsToAskAbout',
    'candidates',
    'check',
    'certificate'
  ])
  question('findings', findings, 'what is odd in the data', ['faultyByDefault', 'scope'])

  const difference = command('diff', 'what changed between two snapshots', [
    ...READING,
    ...(['faultyByDefault', 'scope', 'checkOfChanges'] satisfies OptionName[]),
    ...RUN,
    ...OUTPUT
  ])
    .addArgument(from('<old>', 'the earlier snapshot: file, URL, or -'))
    .addArgument(from('<new>', 'the later snapshot'))
    .addOption(
      new Option('--old-organizations <file|url>', 'the organizations of the earlier one')
        .argParser(source)
        .helpGroup('How the network is read:')
    )
    .addOption(
      new Option('--new-organizations <file|url>', 'the organizations of the later one')
        .argParser(source)
        .helpGroup('How the network is read:')
    )
  difference.action(
    (old: string, now: string, options: Options & { oldOrganizations?: string; newOrganizations?: string }) =>
      answered(options, async (session) => {
        onceAtMost(old, now, options.organizations, options.oldOrganizations, options.newOrganizations)
        const older = await session.read(old, options.oldOrganizations ?? options.organizations)
        const newer = await session.read(now, options.newOrganizations ?? options.organizations)
        session.understand(older, newer)
        return diff(session, older, newer)
      })
  )

  command('history', 'the figures of many snapshots, in the order of time', [
    ...READING,
    ...(['faultyByDefault', 'scope', 'threads', 'progress', 'checkOfLatest'] satisfies OptionName[])
  ])
    .addOption(OPTIONS.noGroupBy())
    .addArgument(
      new Argument(
        '<paths...>',
        'snapshots: files, folders, and patterns such as "2021-*.json.gz"'
      ).argParser((path: string, before: string[] = []) => [...before, source(path)])
    )
    .addOption(
      new Option(
        '--timeout <seconds>',
        'the most time for each network; what is not proven then has its bounds'
      )
        .argParser(positive)
        .helpGroup('How it runs:')
    )
    .addOption(
      new Option(
        '-f, --format <format>',
        'how it is written (default: as the name of --output ends, or ndjson)'
      )
        .choices(FORMATS)
        .helpGroup('Output:')
    )
    .addOption(
      writtenTo('where to, - for standard output (the default); started again with the same file, it goes on')
    )
    .addOption(
      new Option('--report <file>', 'write a page over time to look at: one HTML file; - for standard output')
        .argParser(something)
        .helpGroup('Output:')
    )
    .addOption(titled('what the page calls the network'))
    .action(async (paths: string[], options: HistoryOptions) => done(await history(paths, options)))

  command('watch', 'one network, again and again: tells how it is, and once of what became worse', [
    ...READING,
    ...(['scope', 'threads'] satisfies OptionName[])
  ])
    .addArgument(from('<nodes>', 'file, or URL of an explorer'))
    .addArgument(from('[organizations]', ORGANIZATIONS))
    .addOption(
      new Option('--every <time>', 'how often: 30s, 5m, 1h')
        .argParser(duration)
        .default(300_000, '5m')
        .conflicts('once')
        .helpGroup('How it runs:')
    )
    .addOption(new Option('--once', 'look once, and end').helpGroup('How it runs:'))
    .addOption(
      new Option(
        '--timeout <seconds>',
        'the most time for each scan; what is not proven then has its bounds (default: until the next scan)'
      )
        .argParser(positive)
        .helpGroup('How it runs:')
    )
    .addOption(
      new Option('--state <file>', 'where it remembers how it was and whom it told, over its end')
        .argParser(something)
        .helpGroup('How it runs:')
    )
    .addOption(
      new Option(
        '--serve <[host:]port>',
        'serve /metrics for Prometheus and /health; on this machine alone without a host'
      )
        .argParser(place)
        .helpGroup('Who is told:')
    )
    .addOption(
      new Option(
        '--run <command>',
        'run it when something became worse; it reads JSON, and has the variables FBAS_...'
      )
        .argParser(something)
        .helpGroup('Who is told:')
    )
    .addOption(
      new Option('--webhook <url>', 'post the same JSON there; FBAS_WEBHOOK_AUTHORIZATION has the header')
        .env(WEBHOOK_URL)
        .argParser(something)
        .helpGroup('Who is told:')
    )
    .addOption(
      new Option('-f, --format <format>', 'how it is written')
        .choices(LINES)
        .default('lines')
        .helpGroup('Output:')
    )
    .action(async (nodes: string, organizations: string | undefined, options: WatchOptions) =>
      done(await watch(nodes, organizations, options))
    )

  command('change', 'the network in which some nodes come, go, move or have other quorum sets', [
    'organizations',
    ...CHANGE
  ])
    .addArgument(from('<nodes>', 'the network: file, URL of an explorer, or -'))
    .addArgument(from('[organizations]', ORGANIZATIONS))
    .action(async (nodes: string, organizations: string | undefined, options: Options) => {
      if (!changesAnything(options))
        throw new Failure('nothing to change: --set, --add, --remove or --move says what')
      const reading = await readingFor(new Session(options), nodes, organizations)
      const later = await changed(reading, options)
      await print(
        `${jsonText({ nodes: later.nodes, ...(later.organizations === undefined ? {} : { organizations: later.organizations }) }, 2)}\n`
      )
      done(STATUS.fine)
    })

  command('config', "the quorum set that a node's configuration means", [
    ...(['node', 'network'] satisfies OptionName[]),
    ...READING_STATES,
    ...STATES.filter((name) => name !== 'unit'),
    ...RUN,
    ...OUTPUT
  ])
    .addArgument(
      from('<configuration>', "stellar-core.cfg, or MobileCoin's network.toml or its JSON: a file")
    )
    .action(async (configuration: string, options: Options, command: Command) => {
      const { network, node } = options
      if (network === undefined) {
        for (const option of command.options) {
          const name = option.attributeName()
          if (name !== 'node' && command.getOptionValueSource(name) === 'cli')
            throw new Failure(`${option.long ?? name} is about a network: --network names it`)
        }
        await print(`${jsonText(await meantBy(configuration, node), 2)}\n`)
        return done(STATUS.fine)
      }
      if (node === undefined) throw new Failure('--network: --node says which node has the configuration')
      onceAtMost(network, options.organizations)
      await answered({ ...options, unit: 'node' }, async (session) => {
        const before = await session.read(network)
        session.understand(before)
        return config(session, before, await configured(before, configuration, node))
      })
    })

  command('plan', 'whether a change is safe, and in which order it can be rolled out', [
    ...CHANGE,
    ...READING_STATES,
    ...STATES,
    ...RUN,
    ...OUTPUT
  ])
    .addArgument(from('<before>', 'the network as it is: file, URL, or -'))
    .addArgument(from('[after]', 'as it shall be; without it, --set, --add, --remove and --move say so'))
    .action((before: string, after: string | undefined, options: Options) =>
      answered(options, async (session) => {
        if ((after !== undefined) === changesAnything(options)) {
          throw new Failure(
            'expected either a second network, or what is changed: --set, --add, --remove, --move'
          )
        }
        onceAtMost(before, after, options.organizations)
        const earlier = await session.read(before)
        const later = after === undefined ? await changed(earlier, options) : await session.read(after)
        session.understand(earlier, later)
        return plan(session, earlier, later)
      })
    )

  command('suggest', SUGGESTION.fewest, [...READING_STATES, 'quorumSet', ...STATES, ...RUN, ...OUTPUT])
    .addArgument(from('[nodes]', NODES))
    .addArgument(from('[organizations]', ORGANIZATIONS))
    .action((nodes: string | undefined, organizations: string | undefined, options: Options) =>
      answered(options, async (session) => {
        const reading = await readingFor(session, nodes, organizations)
        return unlessHalted(suggest)(session, reading, namingOf(options, reading.directory))
      })
    )

  command('verify', 'whether a certificate proves what it claims', [
    'organizations',
    'reachableFrom',
    'timeout',
    ...OUTPUT
  ])
    .addArgument(from('<nodes>', 'the network: file, URL of an explorer, or -'))
    .addArgument(from('<certificate>', 'the certificate: a file, or the folder that --certificate wrote'))
    .action(async (nodes: string, certificate: string, options: Options) =>
      // What is not proven is no answer, so this checks in any case.
      answered({ ...options, check: true }, async (session) => {
        onceAtMost(nodes, options.organizations)
        return verify(session, await session.read(nodes), certificate)
      })
    )

  command('convert', 'the same network in another format', ['organizations', 'reachableFrom'])
    .addArgument(from('[nodes]', NODES))
    .addArgument(from('[organizations]', ORGANIZATIONS))
    .addOption(
      new Option('--to <format>', 'what is written').choices(TARGETS).default('nodes').helpGroup('Output:')
    )
    .addOption(
      new Option('--preprocess', 'without nodes and references that no quorum can rest on').helpGroup(
        'Output:'
      )
    )
    .action(async (nodes, organizations, options) => {
      const session = new Session(options)
      await convert(await readingFor(session, nodes, organizations), options.to, options.preprocess === true)
      done(STATUS.fine)
    })

  command('report', 'a report to look at: one HTML file, or the picture of the network alone', [
    ...READING,
    ...(['faultyByDefault', 'scope', 'check'] satisfies OptionName[]),
    ...RUN
  ])
    .addArgument(from('[nodes]', NODES))
    .addArgument(from('[organizations]', ORGANIZATIONS))
    .addOption(writtenTo('where to, - for standard output (default: "stellar-fbas-report.html")'))
    .addOption(new Option('--svg', 'only the picture, as SVG').helpGroup('Output:'))
    .addOption(
      new Option('--show <set>', 'what the picture alone shows')
        .choices(['top-tier', 'blocking', 'splitting', 'history-critical'])
        .default(undefined, 'top-tier')
        .helpGroup('Output:')
    )
    .addOption(titled('what the network is called'))
    .addOption(
      new Option(
        '--date <text>',
        'what the data is of; without it, the same input gives the same file'
      ).helpGroup('Output:')
    )
    .action(async (nodes: string | undefined, organizations: string | undefined, options: ReportOptions) => {
      if (options.show !== undefined && !options.svg)
        throw new Failure('--show is for --svg: the page shows them all')
      const session = new Session({ ...options, names: true, format: 'table' })
      const reading = await readingFor(session, nodes, organizations)
      const { unproven, verdict, write } = await report(session, reading, options)
      done(await finished(session, { unproven, verdict }, write))
    })

  command('explore', 'a page to try out what happens if nodes fail or quorum sets change, in the browser', [
    ...READING,
    ...(['faultyByDefault', 'scope'] satisfies OptionName[])
  ])
    .addArgument(from('[nodes]', NODES))
    .addArgument(from('[organizations]', ORGANIZATIONS))
    .addOption(writtenTo('write it as one HTML file instead of serving it; - for standard output'))
    .addOption(
      new Option('--port <number>', 'serve it there, on this machine alone (default: a free port)')
        .argParser(port)
        .conflicts('output')
        .helpGroup('Output:')
    )
    .addOption(
      new Option('--no-open', 'do not open it in a browser: only say where it is').helpGroup('Output:')
    )
    .addOption(titled('what the network is called'))
    .action(async (nodes: string | undefined, organizations: string | undefined, options: ExploreOptions) => {
      const session = new Session({ ...options, names: true, format: 'table' })
      const reading = await readingFor(session, nodes, organizations)
      await explore(session, reading, options)
      done(STATUS.fine)
    })

  completions(program, () => done(STATUS.fine))
  return program

  function command(name: string, description: string, options: OptionName[], more = {}): Command {
    const command = program.command(name, more).description(description)
    for (const name of options) command.addOption(OPTIONS[name]())
    return command
  }

  /** A command that asks one question about one network. */
  function question(
    name: string,
    ask: Question,
    description: string,
    options: OptionName[],
    more = {}
  ): void {
    command(name, description, [...READING, ...options, ...RUN, ...OUTPUT], more)
      .addArgument(from('[nodes]', NODES))
      .addArgument(from('[organizations]', ORGANIZATIONS))
      .action((nodes: string | undefined, organizations: string | undefined, options: Options) =>
        answered(options, async (session) => {
          if (program.args[0] === nodes) refuseNoCommand(nodes)
          const reading = await readingFor(session, nodes, organizations)
          return ask(session, reading, namingOf(options, reading.directory))
        })
      )
  }

  /** The first word of the command line may be meant for a command where it is taken for a file. */
  function refuseNoCommand(word = ''): void {
    if (!/^[a-z][a-z-]*$/i.test(word) || existsSync(word)) return
    const known = program.commands.map((command) => command.name())
    throw new Failure(`${word}: neither a command nor a file${didYouMean(word, known)}`)
  }

  /** The network that a command is about. */
  async function readingFor(session: Session, nodes?: string, organizations?: string): Promise<Reading> {
    const { options } = session
    if (isChecked(options) && nodes === undefined) {
      throw new Failure('--check needs a network: a file, an address, or - for standard input')
    }
    if (organizations !== undefined && options.organizations !== undefined) {
      throw new Failure('organizations are named twice, as an argument and by --organizations')
    }
    onceAtMost(nodes, organizations, options.organizations)
    const reading = await session.read(nodes, organizations)
    session.understand(reading)
    return reading
  }

  async function answered(options: Options, ask: (session: Session) => Promise<Answer>): Promise<void> {
    const session = new Session(options)
    const answer = await ask(session)
    done(
      await finished(session, answer, async () => {
        await write(answer, options.format)
        if (options.certificate !== undefined) {
          await writeCertificate(options.certificate, merged(session.certificates))
        }
      })
    )
  }
}

function asked(kind: Parameters<typeof sets>[0]): Question {
  return (...question) => sets(kind, ...question)
}

function isChecked({ check = false }: Options): boolean {
  return check !== false
}

/** Standard input can be read once. */
function onceAtMost(...sources: (string | undefined)[]): void {
  if (sources.filter((source) => source === '-').length > 1) {
    throw new Failure('standard input can be only one of what is read')
  }
}

/** Where a page or a file goes. */
function writtenTo(what: string): Option {
  return new Option('-o, --output <file>', what).argParser(something).helpGroup('Output:')
}

/** What is called so on a page. */
function titled(what: string): Option {
  return new Option('--title <text>', what).helpGroup('Output:')
}

function from(name: string, description: string): Argument {
  return new Argument(name, description).argParser(source)
}

/** Writes an answer as far as its end allows, and the status that comes of it. */
async function finished(
  session: Session,
  { unproven, verdict }: Pick<Answer, 'unproven' | 'verdict'>,
  write: () => Promise<void>
): Promise<Status> {
  const { anytime } = session.options
  const check = isChecked(session.options)
  if (session.end === 'timeout' && unproven.length > 0) {
    say(
      lines(
        'the time limit ran out before this was proven:',
        unproven,
        'with --anytime, what is known is printed'
      )
    )
    return STATUS.notProven
  }
  let isCut = false
  try {
    await write()
  } catch (error) {
    // Sets that are written as they are found: those that are written are right.
    isCut = session.end !== undefined || failureOf(error).status === STATUS.notProven
    if (!isCut) throw error
    const why =
      session.end === undefined || session.end === 'timeout' ? 'the time limit ran out' : session.end
    say(
      unproven.length === 0
        ? `${why}: there may be more`
        : lines(`${why}: there may be more; not proven:`, unproven)
    )
  }
  if (session.end !== undefined && session.end !== 'timeout') return STATUS[session.end]
  if (isCut && !anytime) return STATUS.notProven
  if (check && verdict === 'unsafe') return STATUS.unsafe
  return check && verdict === 'unknown' ? STATUS.notProven : STATUS.fine
}

/** Some lines under a first, not too many. */
function lines(first: string, all: string[], ...last: string[]): string {
  const more = all.length > MOST_SAID ? [`and ${all.length - MOST_SAID} more`] : []
  return [first, ...all.slice(0, MOST_SAID), ...more, ...last].join('\n  ')
}
