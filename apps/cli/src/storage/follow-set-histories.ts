import { type ChainFollower, type FollowedEvent, followChain } from '@cairn/chain'
import { deviceId } from '@cairn/protocol'
import type { StorageNetwork } from './customer-rails.ts'
import { deriveSetHistories, historyEvents } from './set-histories.ts'
import type { GatewayChain } from './storage-seam.ts'

/**
 * Follows the data sets of the devices that are asked for. Events of others are not kept: who asks for a device that was not followed has the chain read from the
 * deployment on again.
 */
export function followSetHistories(open: StorageNetwork): GatewayChain['readHistories'] {
  const { client, deployment, followed } = open
  const { network } = open.file
  let devices: ReadonlySet<number> = new Set()
  let events: readonly FollowedEvent[] = []
  let follower: ChainFollower | undefined

  const isOfNetwork = ({ args }: FollowedEvent) => String(args.network).toLowerCase() === network
  /** Of sets and rails of the devices, and beacons. */
  const keepOwn = (more: readonly FollowedEvent[]) => {
    const ids = new Set([...devices].map((device) => deviceId(network, device)))
    const all = [...events, ...more]
    const begun = all.filter((event) => {
      const { eventName, args } = event
      if (eventName === 'RailOpened') return ids.has(args.deviceId as bigint)
      return eventName === 'DataSetCreated' && isOfNetwork(event) && devices.has(args.device as number)
    })
    const sets = new Set(begun.map(({ args }) => args.set))
    const rails = new Set(begun.map(({ args }) => args.rail))
    const isOwn = (event: FollowedEvent) => {
      const { eventName, args } = event
      if (eventName === 'ChallengeCaptured') return isOfNetwork(event)
      return eventName === 'SignerSet' ? rails.has(args.rail) : sets.has(args.set)
    }
    events = [...events, ...more.filter(isOwn)]
  }
  const follow = () => {
    events = []
    return followChain({
      client,
      addresses: [deployment.addresses.possessionProofs, deployment.addresses.storageRails],
      ...historyEvents,
      fromBlock: deployment.block,
      onEvents: keepOwn,
      onRollback(last) {
        events = events.filter(({ blockNumber }) => blockNumber <= last)
      },
    })
  }
  return async (asked) => {
    await followed.sync()
    if (follower === undefined || asked.some(({ device }) => !devices.has(device))) {
      devices = new Set(asked.map(({ device }) => device))
      follower = follow()
    }
    const { headTimestamp } = await follower.sync()
    const { timeline } = followed.history
    return {
      now: headTimestamp,
      byDevice: new Map(
        asked.map((of) => [of.device, deriveSetHistories(events, { network, ...of }, timeline)]),
      ),
    }
  }
}
