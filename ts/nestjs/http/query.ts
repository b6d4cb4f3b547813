/** Options of an analysis from the query of its URL. What is misspelled is refused, as in the core package. */

import { applyDecorators, BadRequestException } from '@nestjs/common'
import { ApiQuery, type ApiQueryOptions } from '@nestjs/swagger'

import type {
  AnalysisOptions,
  CriticalGroupsOptions,
  IntactNodesOptions,
  NodeOptions,
  QuorumSet,
  SuggestOptions
} from '../../../index.js'

/** The longest list that is sent. */
const MOST_SETS = 10_000
/** The highest floor that the core package takes. */
const HIGHEST_FLOOR = 2 ** 32 - 1

/** What a query may say. */
type Asked = AnalysisOptions &
  Partial<
    NodeOptions & IntactNodesOptions & CriticalGroupsOptions & Pick<SuggestOptions, 'unit' | 'quorumSet'>
  > & {
    floorBlocking?: number
    floorSplitting?: number
  }

interface Parameter {
  describe: ApiQueryOptions
  /** What must be said, where something must. */
  required?: string
  read(name: string, value: unknown): Asked
}

const PARAMETERS: Record<string, Parameter> = {
  group_by: {
    describe: {
      description:
        'Count groups instead of nodes: `organization`, `country`, `isp`, or the dotted path of any attribute of nodes',
      schema: { type: 'string', minLength: 1 },
      example: 'organization'
    },
    read: (name, value) => ({ groupBy: text(name, value) })
  },
  reachable_from: {
    describe: {
      description:
        'Public key of a node: the network is read as it sees it, without all that neither it nor anybody whom it reaches names',
      schema: { type: 'string', minLength: 1 }
    },
    read: (name, value) => ({ reachableFrom: text(name, value) })
  },
  unknown_nodes: {
    describe: {
      description: 'How nodes without a quorum set are read: in no quorum, or free to join any',
      schema: { type: 'string', enum: ['dead', 'free'], default: 'dead' }
    },
    read: (name, value) => ({ unknownNodes: oneOf(name, value, ['dead', 'free']) })
  },
  scope: {
    describe: {
      description: 'Splits among core nodes only, or of any two nodes',
      schema: { type: 'string', enum: ['core', 'all'], default: 'core' }
    },
    read: (name, value) => ({ scope: oneOf(name, value, ['core', 'all']) })
  },
  faulty_nodes: {
    describe: {
      description: 'A node taken as crashed; may be repeated',
      schema: { type: 'array', items: { type: 'string' } }
    },
    read: (name, value) => ({ faultyNodes: texts(name, value) })
  },
  node: {
    describe: { description: 'Public key of the node', schema: { type: 'string', minLength: 1 } },
    required: 'the public key of a node',
    read: (name, value) => ({ node: text(name, value) })
  },
  ill_behaved: {
    describe: {
      description: 'A node that may do anything; may be repeated',
      schema: { type: 'array', items: { type: 'string' } }
    },
    read: (name, value) => ({ illBehaved: texts(name, value) })
  },
  candidates: {
    describe: {
      description:
        'The groups that stellar-core asks about: validators of innermost inner quorum sets, and single nodes. Absent: those of `group_by`',
      schema: { type: 'string', enum: ['stellar-core'] }
    },
    read: (name, value) => ({ candidates: oneOf(name, value, ['stellar-core']) })
  },
  ignore_one_node_quorums: {
    describe: {
      description: 'Leave out nodes that are a quorum all by themselves and that no other live node names',
      schema: { type: 'string', enum: ['true', 'false'], default: 'false' }
    },
    read: (name, value) => ({ ignoreOneNodeQuorums: oneOf(name, value, ['true', 'false']) === 'true' })
  },
  unit: {
    describe: {
      description:
        'What changes at once: `node`, or the nodes of an `organization`, of a `country`, of an `isp`, or of a group by the dotted path of any attribute',
      schema: { type: 'string', minLength: 1, default: 'node' },
      example: 'organization'
    },
    read: (name, value) => ({ unit: text(name, value) })
  },
  quorum_set: {
    describe: {
      description:
        'What is adopted: the JSON text of a quorum set, or the public key of a node, for what it asks for. Absent: what most members of the core ask for',
      schema: { type: 'string', minLength: 1 }
    },
    read: (name, value) => ({ quorumSet: keyOrJson(name, value) })
  },
  floor_blocking: {
    describe: {
      description: 'No state on the way may be halted by fewer, counted as `group_by` says',
      schema: { type: 'integer', minimum: 0, maximum: HIGHEST_FLOOR }
    },
    read: (name, value) => ({ floorBlocking: count(name, value, HIGHEST_FLOOR) })
  },
  floor_splitting: {
    describe: {
      description: 'No state on the way may be split by fewer, counted as `group_by` says',
      schema: { type: 'integer', minimum: 0, maximum: HIGHEST_FLOOR }
    },
    read: (name, value) => ({ floorSplitting: count(name, value, HIGHEST_FLOOR) })
  },
  anytime: {
    describe: {
      description:
        'When the time runs out, answer with what is known by then, which says what of it is not proven, instead of 504',
      schema: { type: 'string', enum: ['true', 'false'], default: 'false' }
    },
    read: (name, value) => ({ anytime: oneOf(name, value, ['true', 'false']) === 'true' })
  },
  limit: {
    describe: {
      description:
        'List the minimal sets, at most this many, and take the time to count them all; 0 only counts. Absent: counted where that is easy',
      schema: { type: 'integer', minimum: 0, maximum: MOST_SETS }
    },
    read: (name, value) => ({ limit: count(name, value, MOST_SETS) })
  }
}

const ALWAYS = [
  'group_by',
  'reachable_from',
  'unknown_nodes',
  'scope',
  'faulty_nodes',
  'ignore_one_node_quorums'
]

/** The parameters that an endpoint takes. */
export const QUERY_OF_TOP_TIER = ALWAYS
/** The parameters that an endpoint takes whose answer has minimal sets. */
export const QUERY_OF_SETS = [...ALWAYS, 'limit']

/** Those of the endpoints about single nodes and about misconfigured groups. */
export const QUERY_OF_NODE = [...ALWAYS, 'node']
export const QUERY_OF_INTACT = [...ALWAYS.filter((name) => name !== 'group_by'), 'ill_behaved']
export const QUERY_OF_CRITICAL = [...ALWAYS, 'candidates']

/** Those of the endpoints about two networks: what one node sees may be another part in either. */
export const QUERY_OF_COMPARISON = [...ALWAYS.filter((name) => name !== 'reachable_from'), 'anytime']
export const QUERY_OF_PLAN = [...QUERY_OF_COMPARISON, 'unit', 'floor_blocking', 'floor_splitting']

/** That of the endpoint about who has to adopt a quorum set. */
export const QUERY_OF_SUGGESTION = [...QUERY_OF_PLAN, 'quorum_set']

/** What is usual in a comparison, where everything is asked at once. */
export const USUAL_IN_COMPARISON: Described = {
  group_by: {
    description:
      'Count by this alone: `node`, `organization`, `country`, `isp`, or the dotted path of any attribute of nodes. Absent: by the first four'
  },
  unknown_nodes: {
    description:
      'How nodes without a quorum set are read: in no quorum, or free to join any. Absent: in no quorum, and what hangs on that is in doubt',
    schema: { type: 'string', enum: ['dead', 'free'] }
  },
  faulty_nodes: {
    description:
      'A node taken as crashed in both; may be repeated. Absent: in each the nodes whose `isValidating` is false'
  },
  ignore_one_node_quorums: { schema: { type: 'string', enum: ['true', 'false'], default: 'true' } }
}

type Described = Record<string, ApiQueryOptions>

/** Describes the parameters; `otherwise` says what is other at an endpoint. */
export function ApiAnalysisQuery(names: string[], otherwise: Described = {}): MethodDecorator {
  return applyDecorators(
    ...names.map((name) =>
      ApiQuery({
        name,
        required: PARAMETERS[name]?.required !== undefined,
        ...PARAMETERS[name]?.describe,
        ...otherwise[name]
      } as ApiQueryOptions)
    )
  )
}

/** The options that a query asks for. */
export function optionsOf(query: Record<string, unknown>, names: string[]): Asked {
  for (const name of names) {
    const expected = PARAMETERS[name]?.required
    if (expected !== undefined && query[name] === undefined) throw refused(name, expected, null)
  }
  const options: Asked[] = Object.entries(query).map(([name, value]) => {
    const parameter = names.includes(name) ? PARAMETERS[name] : undefined
    if (parameter === undefined) throw refused(name, `one of ${names.join(', ')}`, name)
    return parameter.read(name, value)
  })
  return Object.assign({}, ...options) as Asked
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw refused(name, 'one value', value)
}

/** A text that is an object of JSON, or means itself. */
function keyOrJson(name: string, value: unknown): QuorumSet | string {
  const said = text(name, value)
  if (!said.startsWith('{')) return said
  try {
    return JSON.parse(said) as QuorumSet
  } catch {
    throw refused(name, 'the JSON text of a quorum set, or a public key', said)
  }
}

function texts(name: string, value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map((one) => text(name, one))
}

function oneOf<const Choice extends string>(name: string, value: unknown, choices: Choice[]): Choice {
  if (choices.includes(value as Choice)) return value as Choice
  throw refused(name, choices.join(' or '), value)
}

function count(name: string, value: unknown, most: number): number {
  const number = /^\d+$/.test(String(value)) ? Number(value) : NaN
  if (number <= most) return number
  throw refused(name, `a whole number from 0 to ${most}`, value)
}

function refused(name: string, expected: string, found: unknown): BadRequestException {
  return new BadRequestException(`query.${name}: expected ${expected}, found ${JSON.stringify(found)}`)
}
