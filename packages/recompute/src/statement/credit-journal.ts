import { type ChainReader, creditsAbi, type FollowedEvent, followChain, settlementAbi } from '@cairn/chain'
import type { Price, RangeFacts } from '@cairn/economics'
import type { Hex, NetworkId } from '@cairn/protocol'
import { padHex } from 'viem'

type Spending = RangeFacts['spent'][number] & { readonly epoch: number }

/** A root that became final, and the block in which it did: where another chain has taken its place, what was spent before may be another. */
export interface FinalRoot {
  readonly rootId: Hex
  readonly blockHash: Hex
}

/** What customers of a network spent, at which prices, and which roots became final meanwhile: as the chain tells it, kept up with by `sync`. */
export interface CreditJournal {
  sync(): Promise<void>
  /** In the order they became final. */
  readonly finals: readonly FinalRoot[]
  spentIn(first: number, last: number): RangeFacts['spent']
  /**
   * The last price that the network had accepted when the root became final, of those that its feed said by `time` (Unix seconds), in the unit of the terms
   * then. What happens after a root is final changes nothing about it, so its statement is the same whenever it is asked for.
   */
  priceAt(rootId: Hex, time: number): Price | undefined
}

const kept = new Set(['TermsSet', 'PriceAccepted', 'CreditsSpent', 'RootFinalised'])

/** Makes a journal that has read nothing yet. */
export function createCreditJournal({ client, deployment }: ChainReader, network: NetworkId): CreditJournal {
  let events: FollowedEvent[] = []
  const { credits, settlement } = deployment.addresses
  const follower = followChain({
    client,
    addresses: [credits, settlement],
    abi: [...creditsAbi, ...settlementAbi],
    firstTopics: [padHex(network, { dir: 'right', size: 32 })],
    fromBlock: deployment.block,
    onEvents(more) {
      for (const event of more) if (kept.has(event.eventName)) events.push(event)
    },
    onRollback(last) {
      events = events.filter(({ blockNumber }) => blockNumber <= last)
    },
  })
  return {
    sync: async () => void (await follower.sync()),
    get finals() {
      return events
        .filter(isFinalised)
        .map(({ args, blockHash }) => ({ rootId: args.rootId as Hex, blockHash }))
    },
    spentIn: (first, last) =>
      events
        .filter(({ eventName }) => eventName === 'CreditsSpent')
        .map(({ args }) => args as unknown as Spending)
        .filter(({ epoch }) => epoch >= first && epoch <= last),
    priceAt(rootId, time) {
      const end = events.findIndex((event) => isFinalised(event) && event.args.rootId === rootId)
      return lastPrice(end === -1 ? events : events.slice(0, end), time)
    },
  }
}

const isFinalised = ({ eventName }: FollowedEvent): boolean => eventName === 'RootFinalised'

function lastPrice(events: readonly FollowedEvent[], time: number): Price | undefined {
  let decimals: number | undefined
  let price: Price | undefined
  for (const { eventName, args } of events) {
    if (eventName === 'TermsSet') decimals = (args.terms as { price: { decimals: number } }).price.decimals
    if (eventName !== 'PriceAccepted' || decimals === undefined) continue
    if (Number(args.updatedAt) <= time) price = { value: args.answer as bigint, decimals }
  }
  return price
}
