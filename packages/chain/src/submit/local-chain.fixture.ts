import { type AnvilOptions, type LocalChain, startAnvil, systemClock } from '@cairn/runtime'
import { type Client, createClient, http, type LocalAccount } from 'viem'
import { localAccount } from '../local-account.ts'
import {
  createSubmitter,
  type SubmitIncident,
  type Submitter,
  type SubmitterOptions,
} from './create-submitter.ts'

/** A chain of its own for a test file. */
export interface TestChain {
  readonly chain: LocalChain
  readonly client: Client
  account(index: number): LocalAccount
  submitter(index: number, options?: Partial<SubmitterOptions>): Submitter
  /** Everything submitters met with, in order. */
  readonly incidents: SubmitIncident[]
  rpc<T = unknown>(method: string, ...params: unknown[]): Promise<T>
}

/** Starts a local chain. Stop it with `chain.kill()`. */
export async function startTestChain(options: AnvilOptions = {}): Promise<TestChain> {
  const chain = await startAnvil(options)
  const client: Client = createClient({ transport: http(chain.url), cacheTime: 0 })
  const incidents: SubmitIncident[] = []
  return {
    chain,
    client,
    account: localAccount,
    incidents,
    submitter: (index, more = {}) =>
      createSubmitter({
        client,
        account: localAccount(index),
        clock: systemClock(),
        pollMs: 10,
        onIncident: (incident) => incidents.push(incident),
        ...more,
      }),
    rpc: (method, ...params) => client.request({ method, params } as never) as never,
  }
}
