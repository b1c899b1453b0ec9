import { type AnvilOptions, type LocalChain, startAnvil, systemClock } from '@cairn/runtime'
import { type Client, createClient, http, type LocalAccount } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import {
  createSubmitter,
  type SubmitIncident,
  type Submitter,
  type SubmitterOptions,
} from './create-submitter.ts'

/** The mnemonic whose accounts anvil funds by default. */
const mnemonic = 'test test test test test test test test test test test junk'

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
  const account = (addressIndex: number) => mnemonicToAccount(mnemonic, { addressIndex })
  return {
    chain,
    client,
    account,
    incidents,
    submitter: (index, more = {}) =>
      createSubmitter({
        client,
        account: account(index),
        clock: systemClock(),
        pollMs: 10,
        onIncident: (incident) => incidents.push(incident),
        ...more,
      }),
    rpc: (method, ...params) => client.request({ method, params } as never) as never,
  }
}
