// How the network would be without each of its organizations in turn: many networks at once, in this process or on the queue. What asks for them
// is the same either way.

import { Readable } from 'node:stream'

import { Controller, Get, Header, Res, StreamableFile } from '@nestjs/common'
import type { Response } from 'express'
import { FbasHistory, type HistorySnapshot } from 'stellar-fbas/nestjs'

import { NetworkService } from './network.service.js'

interface Outage extends HistorySnapshot {
  /** Its id; null: everybody is there. */
  organization: string | null
}

@Controller('api/v1/outages')
export class OutagesController {
  constructor(
    private readonly network: NetworkService,
    private readonly history: FbasHistory
  ) {}

  /** A line of JSON for each, as soon as it is there. Who goes away ends the history at once, whether or not somebody works on the queue. */
  @Get()
  @Header('content-type', 'application/x-ndjson')
  outages(@Res({ passthrough: true }) response: Response): StreamableFile {
    const stop = new AbortController()
    // The stream alone ends it only with the next result. After the last one there is nothing to end.
    response.once('close', () => stop.abort())
    return new StreamableFile(Readable.from(this.lines(stop.signal)))
  }

  private async *lines(signal: AbortSignal): AsyncGenerator<string> {
    for await (const { snapshot, outcome } of this.history.analyze(this.snapshots(), { signal })) {
      const { organization } = snapshot
      const line = outcome.match(
        (record) => ({
          organization,
          verdict: record.verdict,
          nodes: record['node.blockingSetsFilteredMinSize'],
          organizations: record['organization.blockingSetsFilteredMinSize']
        }),
        ({ code, message }) => ({ organization, code, message })
      )
      yield `${JSON.stringify(line)}\n`
    }
  }

  /** Taken no faster than results are. */
  private async *snapshots(): AsyncGenerator<Outage> {
    const { nodes, organizations } = await this.network.current()
    yield { organization: null, nodes, organizations }
    const crawled = JSON.parse(nodes) as { publicKey: string }[]
    for (const { id, validators } of JSON.parse(organizations) as { id: string; validators: string[] }[]) {
      const without = crawled.map((node) =>
        validators.includes(node.publicKey) ? { ...node, isValidating: false } : node
      )
      yield { organization: id, nodes: JSON.stringify(without), organizations }
    }
  }
}
