import { createIngest, type Ingest, type IngestFault, openChainPort } from '@cairn/ingest'
import { fromHex } from '@cairn/protocol'
import { type Logger, systemClock } from '@cairn/runtime'
import type { Hex, LocalAccount } from 'viem'
import { submitterFor } from '../account.ts'
import type { OpenNetwork } from '../open-network.ts'

export interface RunIngestOptions {
  readonly account: LocalAccount
  /** The account's private key: group commits are signed with it many times a second. */
  readonly privateKey: Hex
  readonly dataDir: string
  readonly http: { readonly host: string; readonly port: number }
  readonly log: Logger
  readonly fault?: IngestFault | undefined
}

/** An ingest on an opened network. */
export async function prepareIngest(
  open: OpenNetwork,
  { account, privateKey, ...options }: RunIngestOptions,
): Promise<Ingest> {
  const clock = systemClock()
  const { client, deployment, followed } = open
  const submitter = submitterFor(client, account)
  const stopped = new AbortController()
  const { signal } = stopped
  const chain = await openChainPort({ client, deployment, followed, submitter, clock, signal })
  const marginMs = Math.min(1000, chain.timeline.sealMs / 4)
  const ingest = createIngest({
    chain,
    clock,
    signingKey: fromHex(privateKey),
    limits: { marginMs, sealPollMs: 500 },
    ...options,
  })
  return {
    ...ingest,
    // It waits a while for a transaction on its way; what is left then would be followed for ever on a chain that has stopped.
    stop: () => ingest.stop().finally(() => stopped.abort(new Error('The ingest has stopped.'))),
  }
}
