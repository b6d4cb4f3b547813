/** Bodies of requests, for the description of the interface. They are checked where they are read: in the core package. */

import { applyDecorators } from '@nestjs/common'
import {
  ApiBody,
  ApiExtraModels,
  ApiProperty,
  ApiPropertyOptional,
  ApiSchema,
  getSchemaPath
} from '@nestjs/swagger'

const text = { type: 'string' } as const
const textOrNull = { type: 'string', nullable: true } as const

@ApiSchema({ name: 'QuorumSet' })
class QuorumSetBody {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'How many entries must be satisfied'
  })
  threshold!: number

  @ApiPropertyOptional({
    type: 'array',
    items: text,
    description: 'Entries that are validators: public keys'
  })
  validators?: string[]

  @ApiPropertyOptional({
    type: () => [QuorumSetBody],
    description: 'Entries that are quorum sets, nested at most 32 deep'
  })
  innerQuorumSets?: QuorumSetBody[]
}

@ApiSchema({ name: 'GeoData' })
class GeoDataBody {
  @ApiPropertyOptional(textOrNull)
  countryName?: string | null

  @ApiPropertyOptional(textOrNull)
  countryCode?: string | null
}

@ApiSchema({ name: 'Node', description: 'A crawled node. Any other attribute may be named by `group_by`.' })
class NodeBody {
  @ApiProperty({ ...text, description: 'Names the node' })
  publicKey!: string

  @ApiPropertyOptional(textOrNull)
  name?: string | null

  @ApiPropertyOptional({
    nullable: true,
    allOf: [{ $ref: getSchemaPath(QuorumSetBody) }],
    description: 'null or absent: unknown'
  })
  quorumSet?: QuorumSetBody | null

  @ApiPropertyOptional({
    ...textOrNull,
    description: 'Names the organization where no node has an `organizationId` and none are listed'
  })
  homeDomain?: string | null

  @ApiPropertyOptional({ ...textOrNull, description: 'The organization, where none are listed' })
  organizationId?: string | null

  @ApiPropertyOptional({ nullable: true, allOf: [{ $ref: getSchemaPath(GeoDataBody) }] })
  geoData?: GeoDataBody | null

  @ApiPropertyOptional({ ...textOrNull, description: 'The internet provider' })
  isp?: string | null

  @ApiPropertyOptional({ type: Boolean, nullable: true, description: 'Absent or null counts as true' })
  historyArchiveHasError?: boolean | null
}

@ApiSchema({ name: 'Organization' })
class OrganizationBody {
  @ApiProperty(text)
  id!: string

  @ApiPropertyOptional(textOrNull)
  name?: string | null

  @ApiProperty({ type: 'array', items: text, description: 'Public keys' })
  validators!: string[]
}

@ApiSchema({ name: 'Network' })
class NetworkBody {
  @ApiProperty({ type: [NodeBody] })
  nodes!: NodeBody[]

  @ApiPropertyOptional({ type: [OrganizationBody], nullable: true })
  organizations?: OrganizationBody[] | null
}

/** Describes the body of an analysis. */
export function ApiNetworkBody(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(QuorumSetBody, GeoDataBody, NodeBody, OrganizationBody, NetworkBody),
    ApiBody({
      required: true,
      schema: { $ref: getSchemaPath(NetworkBody) },
      description:
        'A network as explorers publish it. What stellar-core answers to `quorum?transitive=true&fullkeys=true`, an array of nodes, and ' +
        'the format of python-fbas are recognised as well.'
    })
  )
}
