import { type ChainReader, type FollowedNetwork, followNetwork, localAccount } from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import { type ProcessNetwork, type ServiceName, serviceNames } from '@cairn/testing'
import { candidates } from '@cairn/verifier'
import { createClient, http } from 'viem'
import { getBlockNumber } from 'viem/actions'
import type { Epoch } from './simulated-device.ts'

/** The chain as it is now, read from outside the services. */
export interface NetworkView extends ChainReader {
  readonly followed: FollowedNetwork
  /** Lower case; of a service that sends transactions. */
  addressOf(name: ServiceName): Hex
  epochAt(nowMs: number): Epoch | undefined
  /** Transactions that are sent and not in a block: of one sender, or of all. */
  pending(from?: Hex): Promise<number>
  /** Votes that a verifier may cast now and has not: it fetches, settles or sends. */
  dueVotes(name: ServiceName): number
  blockNumber(): Promise<number>
}

/** Who holds which account of the local chain, by its place. */
const accountPlaces: Record<ServiceName, number> = {
  chain: 0,
  ingest: 1,
  'verifier-1': 2,
  'verifier-2': 3,
  'verifier-3': 4,
  watcher: 5,
}

/** Connects to the network of processes. */
export async function openNetworkView({ rpcUrl, network, deployment }: ProcessNetwork): Promise<NetworkView> {
  const client = createClient({ transport: http(rpcUrl, { retryCount: 1, timeout: 3_000 }) })
  const followed = followNetwork({ client, deployment, network })
  await followed.sync()
  const addresses = new Map(
    serviceNames.map((name) => [name, localAccount(accountPlaces[name]).address.toLowerCase() as Hex]),
  )
  const { timeline } = followed.history
  const genesisMs = Number(timeline.genesis) * 1000
  const epochMs = timeline.epochSeconds * 1000
  return {
    client,
    deployment,
    followed,
    addressOf: (name) => addresses.get(name)!,
    epochAt(nowMs) {
      if (nowMs < genesisMs) return undefined
      const epoch = Math.floor((nowMs - genesisMs) / epochMs)
      const startMs = genesisMs + epoch * epochMs
      return { epoch, startMs, endMs: startMs + epochMs }
    },
    async pending(from) {
      const content = (await client.request({ method: 'txpool_content' } as never)) as TxpoolContent
      const senders = { ...content.pending, ...content.queued }
      return Object.entries(senders)
        .filter(([sender]) => from === undefined || sender.toLowerCase() === from)
        .reduce((sum, [, transactions]) => sum + Object.keys(transactions).length, 0)
    },
    dueVotes(name) {
      return candidates(followed.history, addresses.get(name)!, Date.now() / 1000).length
    },
    blockNumber: async () => Number(await getBlockNumber(client, { cacheTime: 0 })),
  }
}

interface TxpoolContent {
  readonly pending: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly queued: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}
