import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { creditsAbi } from '../generated/credits.ts'

/** What {@link buyCredits} needs. */
export interface BuyCreditsArgs {
  readonly network: NetworkId
  /** Whose account they go to. */
  readonly payer: Address
  /** Millionths of a dollar. */
  readonly credits: bigint
  /** The most tokens, in their smallest unit, that the sender gives for them. */
  readonly maxTokens: bigint
}

/** Buys credits at the feed's price. The token's allowance for the Credits contract comes first: `approve`. */
export function buyCredits(
  deployment: Deployment,
  { network, payer, credits, maxTokens }: BuyCreditsArgs,
): Call {
  return encodeCall({
    contract: 'Credits',
    to: deployment.addresses.credits,
    abi: creditsAbi,
    functionName: 'buy',
    args: [network, payer, credits, maxTokens],
  })
}
