import type { NetworkId } from '@cairn/protocol'
import { type Client, padHex } from 'viem'
import type { Deployment } from '../deployment.ts'
import { type HistoryEvent, historyAbi, historyContracts, timedEvents } from '../history/history-abi.ts'
import { createNetworkHistory, type NetworkHistory } from '../history/network-history.ts'
import { type ChainFollower, followChain } from './follow-chain.ts'

/** What {@link followNetwork} needs. */
export interface FollowNetworkOptions {
  readonly client: Client
  readonly deployment: Deployment
  readonly network: NetworkId
  /** Told of every event after the history knows it. */
  readonly onEvents?: (events: readonly HistoryEvent[]) => void | Promise<void>
  /** Told of a reorg after the history was rolled back to block `last`. */
  readonly onRollback?: (last: number) => void | Promise<void>
  readonly maxRange?: number
  readonly journalBlocks?: number
}

/** A network's history that keeps up with the chain: call `sync`, then ask `history`. */
export interface FollowedNetwork extends ChainFollower {
  readonly history: NetworkHistory
}

/** Follows everything about one network. */
export function followNetwork(options: FollowNetworkOptions): FollowedNetwork {
  const { client, deployment, network, onEvents, onRollback, ...limits } = options
  const history = createNetworkHistory(network)
  const follower = followChain({
    ...limits,
    client,
    addresses: historyContracts.map((name) => deployment.addresses[name]),
    abi: historyAbi,
    firstTopics: [padHex(network, { dir: 'right', size: 32 })],
    fromBlock: deployment.block,
    timed: timedEvents,
    async onEvents(events) {
      const known = events as unknown as readonly HistoryEvent[]
      for (const event of known) history.apply(event)
      await onEvents?.(known)
    },
    async onRollback(last) {
      history.rollback(last)
      await onRollback?.(last)
    },
  })
  return {
    history,
    get position() {
      return follower.position
    },
    sync: () => follower.sync(),
  }
}
