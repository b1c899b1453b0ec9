import {
  type ChainReader,
  type FollowedEvent,
  followChain,
  possessionProofsAbi,
  type Rail,
  readActsFor,
  readRail,
  readRailAccountOf,
  storageRailsAbi,
} from '@cairn/chain'
import { deviceId, type Hex, type NetworkId } from '@cairn/protocol'

/** A rail with its number. */
export interface NumberedRail extends Rail {
  readonly id: bigint
}

/** The rails to one device, as the chain's events have them. */
export interface FollowedRails {
  /** As they stand; what was read is used again for as long as was said, or for less. */
  read(mostAgeMs?: number): Promise<readonly NumberedRail[]>
  /** Rails, of anybody, that make a lost one again now with a device that the account acts for. */
  repairsOf(account: Hex): Promise<readonly NumberedRail[]>
  /** Pieces that were removed from a set. */
  removedOf(set: bigint): readonly number[]
}

/** Which device, and for how long an answer is good. */
export interface FollowRailsOptions {
  readonly network: NetworkId
  readonly device: number
  readonly nowMs: () => number
  readonly goodForMs: number
}

const openedAbi = storageRailsAbi.filter(
  (item) => item.type === 'event' && (item.name === 'RailOpened' || item.name === 'RailSucceeded'),
)
const removedAbi = possessionProofsAbi.filter((item) => item.type === 'event' && item.name === 'PieceRemoved')

/** Accounts whose repairs are remembered. */
const MOST_REMEMBERED = 1_000

/** Follows the rails of a device; nothing is read yet. */
export function followRails(reader: ChainReader, options: FollowRailsOptions): FollowedRails {
  const { network, device, nowMs, goodForMs } = options
  const { client, deployment } = reader
  const own = deviceId(network, device)
  let events: readonly FollowedEvent[] = []
  let known: { readonly rails: Promise<readonly NumberedRail[]>; readonly atMs: number } | undefined
  const follower = followChain({
    client,
    addresses: [deployment.addresses.storageRails, deployment.addresses.possessionProofs],
    abi: [...openedAbi, ...removedAbi],
    fromBlock: deployment.block,
    onEvents(more) {
      events = [
        ...events,
        ...more.filter(({ eventName, args }) => eventName !== 'RailOpened' || args.deviceId === own),
      ]
    },
    onRollback(last) {
      events = events.filter(({ blockNumber }) => blockNumber <= last)
    },
  })
  const readAll = async () => {
    await follower.sync()
    const ids = events
      .filter(({ eventName }) => eventName === 'RailOpened')
      .map(({ args }) => args.rail as bigint)
    return Promise.all(ids.map(async (id) => ({ id, ...(await readRail(reader, { rail: id })) })))
  }
  /** Repairs that are over: they never go on. */
  const over = new Set<bigint>()
  const readRepairs = async (account: Hex): Promise<readonly NumberedRail[]> => {
    await follower.sync()
    const found: NumberedRail[] = []
    for (const { eventName, args } of events) {
      const id = args.rail as bigint
      if (eventName !== 'RailSucceeded' || over.has(id)) continue
      const rail = { id, ...(await readRail(reader, { rail: id })) }
      if (rail.state !== 'repairing') over.add(id)
      else if (await readActsFor(reader, { network: rail.network, device: rail.device, account })) {
        const { period } = await readRailAccountOf(reader, { rail: id })
        if (rail.network === network && period <= rail.repairUntil) found.push(rail)
      }
    }
    return found
  }
  const repairs = new Map<Hex, { readonly rails: Promise<readonly NumberedRail[]>; readonly atMs: number }>()
  return {
    repairsOf(account) {
      const before = repairs.get(account)
      if (before !== undefined && nowMs() - before.atMs < goodForMs) return before.rails
      if (repairs.size >= MOST_REMEMBERED) repairs.clear()
      const rails = readRepairs(account)
      repairs.set(account, { rails, atMs: nowMs() })
      rails.catch(() => repairs.delete(account))
      return rails
    },
    read(mostAgeMs = goodForMs) {
      if (known !== undefined && nowMs() - known.atMs < Math.min(mostAgeMs, goodForMs)) return known.rails
      const rails = readAll()
      const reading = { rails, atMs: nowMs() }
      known = reading
      rails.catch(() => {
        if (known === reading) known = undefined
      })
      return rails
    },
    removedOf: (set) =>
      events
        .filter(({ eventName, args }) => eventName === 'PieceRemoved' && args.set === set)
        .map(({ args }) => Number(args.piece)),
  }
}
