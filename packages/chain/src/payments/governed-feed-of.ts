import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { governedFeedAbi } from '../generated/governed-feed.ts'

/** A price that an owner says. */
export interface GovernedFeed {
  readonly owner: Address
  /** Dollars per token times 10^decimals. */
  readonly answer: bigint
  /** When it was said, Unix seconds. */
  readonly updatedAt: number
}

/** What a governed feed says; reverts for a feed that has no owner. */
export async function readGovernedFeed(
  { client }: Pick<ChainReader, 'client'>,
  { feed }: { readonly feed: Address },
): Promise<GovernedFeed> {
  const contract = { address: feed, abi: governedFeedAbi } as const
  const [owner, [, answer, , updatedAt]] = await Promise.all([
    readContract(client, { ...contract, functionName: 'owner' }),
    readContract(client, { ...contract, functionName: 'latestRoundData' }),
  ])
  return { owner, answer, updatedAt: Number(updatedAt) }
}
