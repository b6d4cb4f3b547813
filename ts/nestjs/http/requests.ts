/** Bodies of requests, for the description of the interface. They are checked where they are read: in the core package. */

import { applyDecorators } from '@nestjs/common'
import * as swagger from '@nestjs/swagger'
import { ApiBody, ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger'

const text = { type: 'string' } as const
/** The bounds are on bytes; here they can be on characters only. */
const key = { type: 'string', minLength: 1, maxLength: 1024 } as const
const textOrNull = { type: 'string', nullable: true } as const

/**
 * How a quorum set is described. What it holds beside its threshold and its entries is passed over where it cannot be entries: a list that
 * has something in it may be, and an object with a property that lists them. The decorator has no word for further properties, but hands on
 * what it is given. @nestjs/swagger 7, for Nest 10, has no such decorator: there the description says less.
 */
function QuorumSetSchema(description: string): ClassDecorator {
  const { ApiSchema } = swagger as Partial<typeof swagger>
  if (ApiSchema === undefined) return () => {}
  const entries = [
    'validators',
    'v',
    'members',
    'innerQuorumSets',
    'inner_quorum_sets',
    'innerSets',
    'inner_sets'
  ].map((name) => ({
    required: [name]
  }))
  const noEntries = { type: 'object', not: { anyOf: entries } }
  const passedOver = {
    anyOf: [
      textOrNull,
      { type: 'number' },
      { type: 'boolean' },
      { type: 'array', items: {}, maxItems: 0 },
      noEntries
    ]
  }
  const schema = { description, additionalProperties: passedOver }
  return ApiSchema(schema)
}

@QuorumSetSchema(
  'A threshold and entries. Inner sets are read under the names `innerSets`, `inner_sets` and `inner_quorum_sets` as well; ' +
    'other lists and objects that may be entries are refused.'
)
class FbasQuorumSet {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'How many entries must be satisfied'
  })
  threshold!: number

  @ApiProperty({ type: 'array', items: key, description: 'Entries that are validators: public keys' })
  validators!: string[]

  @ApiPropertyOptional({
    type: () => [FbasQuorumSet],
    nullable: true,
    description: 'Entries that are quorum sets, nested at most 32 deep'
  })
  innerQuorumSets?: FbasQuorumSet[] | null
}

class FbasGeoData {
  @ApiPropertyOptional(textOrNull)
  countryName?: string | null

  @ApiPropertyOptional(textOrNull)
  countryCode?: string | null
}

class FbasNode {
  @ApiProperty({ ...key, description: 'Names the node' })
  publicKey!: string

  @ApiPropertyOptional(textOrNull)
  name?: string | null

  @ApiPropertyOptional({
    nullable: true,
    allOf: [{ $ref: getSchemaPath(FbasQuorumSet) }],
    description: 'null or absent: unknown'
  })
  quorumSet?: FbasQuorumSet | null

  @ApiPropertyOptional({
    ...textOrNull,
    description: 'Names the organization where no node has an `organizationId` and none are listed'
  })
  homeDomain?: string | null

  @ApiPropertyOptional({ ...textOrNull, description: 'The organization, where none are listed' })
  organizationId?: string | null

  @ApiPropertyOptional({ nullable: true, allOf: [{ $ref: getSchemaPath(FbasGeoData) }] })
  geoData?: FbasGeoData | null

  @ApiPropertyOptional({ ...textOrNull, description: 'The internet provider' })
  isp?: string | null

  @ApiPropertyOptional({ type: Boolean, nullable: true, description: 'Absent or null counts as true' })
  historyArchiveHasError?: boolean | null
}

class FbasOrganization {
  @ApiProperty(key)
  id!: string

  @ApiPropertyOptional(textOrNull)
  name?: string | null

  @ApiProperty({ type: 'array', items: key, description: 'Public keys' })
  validators!: string[]
}

class FbasNetwork {
  @ApiProperty({
    type: [FbasNode],
    description: 'Any further attribute of a node may be named by `group_by`'
  })
  nodes!: FbasNode[]

  @ApiPropertyOptional({ type: [FbasOrganization], nullable: true })
  organizations?: FbasOrganization[] | null
}

@QuorumSetSchema('A threshold and entries; other lists and objects that may be entries are refused.')
class FbasStellarCoreQuorumSet {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'The threshold'
  })
  t!: number

  @ApiProperty({
    type: 'array',
    items: { anyOf: [key, { $ref: getSchemaPath(FbasStellarCoreQuorumSet) }] },
    description: 'Public keys, and inner quorum sets'
  })
  v!: (string | FbasStellarCoreQuorumSet)[]
}

class FbasStellarCoreNode {
  @ApiProperty({ ...key, description: 'The public key' })
  node!: string

  @ApiPropertyOptional({ nullable: true, allOf: [{ $ref: getSchemaPath(FbasStellarCoreQuorumSet) }] })
  qset?: FbasStellarCoreQuorumSet | null
}

/** What stellar-core answers to `quorum?transitive=true&fullkeys=true`. */
class FbasStellarCoreQuorum {
  @ApiProperty({ type: [FbasStellarCoreNode] })
  nodes!: FbasStellarCoreNode[]
}

const FORMATS = [FbasNetwork, FbasStellarCoreQuorum]
const PARTS = [
  FbasQuorumSet,
  FbasGeoData,
  FbasNode,
  FbasOrganization,
  FbasStellarCoreQuorumSet,
  FbasStellarCoreNode
]

/** A network in any of the formats; not in that of python-fbas, whose references within the body OpenAPI has no words for. */
const anyFormat = () => ({
  anyOf: [
    ...FORMATS.map((format) => ({ $ref: getSchemaPath(format) })),
    { type: 'array', items: { $ref: getSchemaPath(FbasNode) } }
  ]
})
const A_NETWORK =
  'A network as explorers publish it, with its organizations or as an array of nodes; what stellar-core answers to ' +
  '`quorum?transitive=true&fullkeys=true`. The format of python-fbas is recognised as well.'

/** Describes the body of an analysis. */
export function ApiNetworkBody(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(...FORMATS, ...PARTS),
    ApiBody({ required: true, schema: anyFormat(), description: A_NETWORK })
  )
}

/** Describes the body of a question about two networks. */
export function ApiTwoNetworksBody(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(...FORMATS, ...PARTS),
    ApiBody({
      required: true,
      schema: {
        type: 'object',
        required: ['before', 'after'],
        properties: { before: anyFormat(), after: anyFormat() },
        additionalProperties: false
      },
      description: `The earlier and the later network. ${A_NETWORK}`
    })
  )
}
