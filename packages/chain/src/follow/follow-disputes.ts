import type { NetworkId } from '@cairn/protocol'
import type { Client } from 'viem'
import type { Deployment } from '../deployment.ts'
import { disputesAbi } from '../generated/disputes.ts'
import { createDisputeHistory, type DisputeEvent, type DisputeHistory } from '../history/dispute-history.ts'
import { type ChainFollower, followChain } from './follow-chain.ts'

/** What {@link followDisputes} needs. */
export interface FollowDisputesOptions {
  readonly client: Client
  readonly deployment: Deployment
  readonly network: NetworkId
  readonly maxRange?: number
  readonly journalBlocks?: number
}

/** The disputes of a network, kept up with the chain: call `sync`, then ask `disputes`. */
export interface FollowedDisputes extends ChainFollower {
  readonly disputes: Pick<DisputeHistory, 'get' | 'all' | 'open' | 'showings'>
}

/** Follows the disputes about a network's roots. Apart from {@link followNetwork}: only who watches or answers needs them. */
export function followDisputes({
  client,
  deployment,
  network,
  ...limits
}: FollowDisputesOptions): FollowedDisputes {
  const disputes = createDisputeHistory(network)
  const follower = followChain({
    ...limits,
    client,
    addresses: [deployment.addresses.disputes],
    abi: disputesAbi,
    fromBlock: deployment.block,
    onEvents(events) {
      for (const event of events as unknown as readonly DisputeEvent[]) disputes.apply(event)
    },
    onRollback: (last) => disputes.rollback(last),
  })
  return {
    disputes,
    get position() {
      return follower.position
    },
    sync: () => follower.sync(),
  }
}
