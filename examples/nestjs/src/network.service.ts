// The network that the application knows. An explorer has it from its crawler; here it is two files, by default the package's example.

import { readFile } from 'node:fs/promises'

import { Injectable, Module } from '@nestjs/common'

export interface Network {
  nodes: string
  organizations: string
  /** Public keys of nodes that do not validate at the moment. */
  faultyNodes: string[]
}

@Injectable()
export class NetworkService {
  private readonly files = {
    nodes: process.env['NETWORK_FILE'] ?? example('stellar-2025-11.json'),
    organizations: process.env['ORGANIZATIONS_FILE'] ?? example('organizations-2025-11.json')
  }

  /** As text: it is parsed off the main thread. */
  async current(): Promise<Network> {
    const [nodes, organizations] = await Promise.all([
      readFile(this.files.nodes, 'utf8'),
      readFile(this.files.organizations, 'utf8')
    ])
    const crawled = JSON.parse(nodes) as { publicKey: string; isValidating?: boolean | null }[]
    const faulty = crawled.filter(({ isValidating }) => isValidating === false)
    return { nodes, organizations, faultyNodes: faulty.map(({ publicKey }) => publicKey) }
  }
}

function example(name: string): string {
  return require.resolve(`stellar-fbas/examples/network/${name}`)
}

@Module({ providers: [NetworkService], exports: [NetworkService] })
export class NetworkModule {}
