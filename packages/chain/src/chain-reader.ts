import type { Client } from 'viem'
import type { Deployment } from './deployment.ts'

/** What a read needs: a connection and where the contracts are. Reads ask about the newest block, never an older one: not every endpoint keeps old state. */
export interface ChainReader {
  readonly client: Client
  readonly deployment: Deployment
}
