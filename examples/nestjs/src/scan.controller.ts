// What an explorer does after each crawl: the eighteen figures, by whichever analyser's turn it is.

import { Controller, HttpCode, InternalServerErrorException, Param, Post } from '@nestjs/common'
import { FbasRollout } from 'stellar-fbas/nestjs'

import { NetworkService } from './network.service.js'

@Controller('api/v1/scans')
export class ScanController {
  constructor(
    private readonly network: NetworkService,
    private readonly rollout: FbasRollout
  ) {}

  @Post(':id/analysis')
  @HttpCode(200)
  async analyse(@Param('id') id: string) {
    const { nodes, organizations, faultyNodes } = await this.network.current()
    const result = await this.rollout.performAnalysis(nodes, organizations, { key: id, faultyNodes })
    if (result.isErr()) throw new InternalServerErrorException(result.error.message)
    return result.value
  }
}
