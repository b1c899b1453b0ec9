import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { creditsAbi } from '../generated/credits.ts'

/** How a network sells credits: `CreditTerms` of the contracts (spec 8). */
export interface CreditTerms {
  readonly price: {
    /** Dollars per token. */
    readonly feed: Address
    /** Half-width of the feed's confidence interval, in its unit; the zero address where there is none. */
    readonly confidenceFeed: Address
    /** Of the feed, 0 to 18. */
    readonly decimals: number
    readonly maxAgeSeconds: number
    /** An accepted price this old is not compared with any more. */
    readonly forgetSeconds: number
    /** Of the last accepted price. */
    readonly maxDeviationBps: number
    /** Of the answer. */
    readonly maxConfidenceBps: number
  }
  /** Between asking for a refund and getting it. */
  readonly refundSeconds: number
  /** Of what is spent on each program, the seller's part; the rest is burned. */
  readonly sellerBps: readonly [number, number, number, number]
}

/** By the network's owner. */
export function setCreditTerms(
  deployment: Deployment,
  { network, terms }: { readonly network: NetworkId; readonly terms: CreditTerms },
): Call {
  return encodeCall({
    contract: 'Credits',
    to: deployment.addresses.credits,
    abi: creditsAbi,
    functionName: 'setTerms',
    args: [network, terms],
  })
}
