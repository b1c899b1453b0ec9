import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { governedFeedAbi } from '../generated/governed-feed.ts'

/** By the owner of a governed feed: dollars per token times 10^decimals. */
export function sayPrice({ feed, answer }: { readonly feed: Address; readonly answer: bigint }): Call {
  return encodeCall({
    contract: 'GovernedFeed',
    to: feed,
    abi: governedFeedAbi,
    functionName: 'say',
    args: [answer],
  })
}
