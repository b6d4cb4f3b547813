/** The options of the commands, each defined once: how it is called, what it may be, and what help says of it. */

import { InvalidArgumentError, Option } from 'commander'

/** How answers are written. */
export const FORMATS = ['table', 'json', 'ndjson', 'csv'] as const
export type Format = (typeof FORMATS)[number]

/** What the command line says, as far as a command has the option. */
export interface Options {
  organizations?: string
  groupBy?: string
  /** Absent: `dead`, and it is a doubt where `free` would have another verdict. */
  unknown?: 'dead' | 'free'
  scope: 'core' | 'all'
  /** Keys or names as they were typed, later keys. Absent: where it matters, the nodes that are not validating. */
  faulty?: string[]
  /** The same of ill-behaved nodes. */
  illBehaved?: string[]
  /** A key or name as it was typed. */
  reachableFrom?: string
  candidates?: 'stellar-core'
  countOneNodeQuorums?: boolean
  /** `Infinity` for all. */
  limit?: number
  /** Seconds. */
  timeout?: number
  anytime?: boolean
  threads?: number
  progress?: boolean
  /** A folder. */
  certificate?: string
  /** What is changed: `NODE=FILE`, files of nodes, nodes, `NODE=ORGANIZATION`. */
  set?: string[]
  add?: string[]
  remove?: string[]
  move?: string[]
  /** Whose configuration it is: its key. */
  node?: string
  /** Where the configuration would be used. */
  network?: string
  /** What changes at once; absent: organizations. */
  unit?: string
  /** A file, or a node by key or name. */
  quorumSet?: string
  floorBlocking?: number
  floorSplitting?: number
  format: Format
  /** Absent: names in what is for people, keys in what is for programs. */
  names?: boolean
  /** Of `diff` also `changed` or `worse`. */
  check?: boolean | 'changed' | 'worse'
}

/** The headings that help puts options under. */
const READING = 'How the network is read:'
const ANSWER = 'What is answered:'
const CHANGE = 'What is changed:'
const RUN = 'How it runs:'
const OUTPUT = 'Output:'

/** Makes each option anew, as commander keeps state in them. */
export const OPTIONS = {
  organizations: () =>
    option(
      '--organizations <file|url|->',
      'the organizations, where they do not come with the nodes',
      READING
    ).argParser(source),
  unknown: () =>
    option('--unknown <policy>', 'nodes with an unknown quorum set: in no quorum, or in any', READING)
      .choices(['dead', 'free'])
      .default(undefined, 'dead'),
  faulty: () =>
    option('--faulty <key|name,...>', 'nodes that are down; may be given several times', READING).argParser(
      oneMore
    ),
  faultyByDefault: () =>
    option(
      '--faulty <key|name,...>',
      'nodes that are down, for the filtered figures (default: those that are not validating; `none`: nobody)',
      READING
    ).argParser(oneMore),
  faultyIfDown: () =>
    option(
      '--faulty <key|name,...>',
      'nodes that are down (default: those that are not validating; `none`: nobody)',
      READING
    ).argParser(oneMore),
  countOneNodeQuorums: () =>
    option(
      '--count-one-node-quorums',
      'do not leave out nodes that are a quorum all by themselves and that nobody else names',
      READING
    ),
  reachableFrom: () =>
    option(
      '--reachable-from <key|name>',
      'the network that this node sees: those whom it names, whom these name, and so on',
      READING
    ).argParser(something),
  illBehaved: () =>
    option(
      '--ill-behaved <key|name,...>',
      'nodes that may do anything; may be given several times (`none`: nobody)',
      ANSWER
    )
      .argParser(oneMore)
      .makeOptionMandatory(),
  candidates: () =>
    option(
      '--candidates <whose>',
      'ask about the groups that stellar-core asks about instead; --group-by then only names them',
      ANSWER
    ).choices(['stellar-core']),
  groupBy: () =>
    option(
      '--group-by <attribute>',
      'count organization, country, isp, or any attribute (geoData.countryCode)',
      ANSWER
    ).argParser(something),
  groupsToAskAbout: () =>
    option(
      '--group-by <attribute>',
      'ask about each organization, country, isp, or group of any attribute (geoData.countryCode); default: about each node',
      ANSWER
    ).argParser(something),
  noGroupBy: () =>
    option('--group-by <attribute>', 'is not for `history`', ANSWER)
      .argParser(() => {
        throw new InvalidArgumentError(
          'history counts nodes, organizations, countries and providers, as networks with the same hash may differ in all else.'
        )
      })
      .hideHelp(),
  scope: () =>
    option('--scope <scope>', 'splits between nodes of the core, or between any two nodes', ANSWER)
      .choices(['core', 'all'])
      .default('core'),
  limit: () =>
    option('--limit <number|all>', 'list the minimal sets, at most so many', ANSWER).argParser((text) =>
      text === 'all' ? Infinity : whole(text)
    ),
  set: () =>
    option(
      '--set <node=file>',
      'the quorum set of a node, as JSON or as its stellar-core.cfg; may be given several times',
      CHANGE
    ).argParser(another),
  add: () =>
    option('--add <file>', 'nodes that come, as JSON; may be given several times', CHANGE).argParser(another),
  remove: () =>
    option('--remove <key|name,...>', 'nodes that go; may be given several times', CHANGE).argParser(another),
  move: () =>
    option(
      '--move <node=organization>',
      'the organization of a node, by its id; may be given several times',
      CHANGE
    ).argParser(another),
  node: () =>
    option(
      '--node <key>',
      'the key of the node: one that validates counts itself in; with --network also its name',
      READING
    ).argParser(something),
  network: () =>
    option(
      '--network <file|url|->',
      'what the configuration would do to this network, as plan says it of the node alone',
      READING
    ).argParser(something),
  unit: () =>
    option('--unit <attribute>', 'what changes at once: node, organization, or any attribute', ANSWER)
      .argParser(something)
      .default(undefined, 'organization'),
  quorumSet: () =>
    option(
      '--quorum-set <file|node>',
      'what is adopted: a quorum set as JSON, a stellar-core.cfg, or what a node asks for (default: what most of the core ask for)',
      ANSWER
    ).argParser(something),
  floorBlocking: () =>
    option('--floor-blocking <number>', 'no state may be halted by fewer', ANSWER).argParser((text) =>
      whole(text)
    ),
  floorSplitting: () =>
    option('--floor-splitting <number>', 'no state may be split by fewer', ANSWER).argParser((text) =>
      whole(text)
    ),
  timeout: () => option('--timeout <seconds>', 'give up after so long', RUN).argParser(positive),
  anytime: () => option('--anytime', 'when the time is up, print the bounds proven so far', RUN),
  threads: () =>
    option('--threads <number>', 'the most threads that work on it (default: all processors)', RUN).argParser(
      (text) => whole(text, 1)
    ),
  progress: () => option('--no-progress', 'no progress on the terminal', RUN),
  certificate: () =>
    option('--certificate <folder>', 'write what proves the answer, for `verify`', OUTPUT).argParser(
      something
    ),
  format: () =>
    option('-f, --format <format>', 'how it is written', OUTPUT).choices(FORMATS).default('table'),
  names: () => option('--names', 'names instead of keys, also in what is for programs', OUTPUT),
  noNames: () => option('--no-names', 'keys instead of names, also in what is for people', OUTPUT),
  check: () => option('--check', 'exit with status 1 if the answer says unsafe', OUTPUT),
  checkOfLatest: () => option('--check', 'exit with status 1 if the latest snapshot is unsafe', OUTPUT),
  checkOfChanges: () =>
    option(
      '--check [what]',
      'exit with status 1 if the later network is unsafe, or if something has changed, or become worse',
      OUTPUT
    )
      .choices(CHECKS_OF_CHANGES)
      .argParser((text) => {
        if (CHECKS_OF_CHANGES.includes(text)) return text
        throw new InvalidArgumentError(
          'Expected changed or worse, or nothing: --check by itself stands behind the files.'
        )
      })
}

const CHECKS_OF_CHANGES = ['changed', 'worse']

export type OptionName = keyof typeof OPTIONS

function option(flags: string, description: string, heading: string): Option {
  return new Option(flags, description).helpGroup(heading)
}

/** Where something is read from. Empty it is a variable that is not set. */
export function source(text: string): string {
  if (text === '') throw new InvalidArgumentError('Expected a file, an address, or - for standard input.')
  return text
}

/** What may not be empty. */
export function something(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected something.')
  return text
}

function oneMore(text: string, before: string[] = []): string[] {
  if (text.replaceAll(',', '').trim() === '') {
    throw new InvalidArgumentError('Expected public keys or names, or `none` for nobody.')
  }
  return [...before, text]
}

function another(text: string, before: string[] = []): string[] {
  return [...before, something(text)]
}

function whole(text: string, least = 0): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > 2 ** 32 - 1) {
    throw new InvalidArgumentError(`Expected a whole number from ${least}.`)
  }
  return value
}

export function positive(text: string): number {
  const value = Number(text)
  if (!/^\d*\.?\d+$/.test(text) || value <= 0 || value > 1e6) {
    throw new InvalidArgumentError('Expected a number of seconds.')
  }
  return value
}

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds. */
export function duration(text: string): number {
  const [, number = '', unit = ''] = /^(\d*\.?\d+)([smhd])$/.exec(text) ?? []
  const value = Number(number) * (UNITS[unit as keyof typeof UNITS] ?? NaN)
  // Timers of Node.js end with 2^31 milliseconds.
  if (!(value >= 1 && value < 2 ** 31))
    throw new InvalidArgumentError('Expected a time such as 30s, 5m or 1h.')
  return value
}

/** Where to serve on this machine. */
export function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('Expected a port.')
  return Number(text)
}

/** Where to serve. */
export function place(text: string): { host: string; port: number } {
  const [, host = '127.0.0.1', port = ''] = /^(?:\[?([^\[\]]+)\]?:)?(\d{1,5})$/.exec(text) ?? []
  if (port === '' || Number(port) > 65_535)
    throw new InvalidArgumentError('Expected a port, or a host and a port such as 0.0.0.0:9464.')
  return { host, port: Number(port) }
}
