import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { creditsAbi } from '../generated/credits.ts'

/** Asks for credits back; they are paid by {@link refundCredits} after the network's delay. */
export function requestRefund(
  deployment: Deployment,
  { network, credits }: { readonly network: NetworkId; readonly credits: bigint },
): Call {
  return encodeCall({
    contract: 'Credits',
    to: deployment.addresses.credits,
    abi: creditsAbi,
    functionName: 'requestRefund',
    args: [network, credits],
  })
}

/** Pays the sender what it asked for, or what is left of it, in the tokens it was bought with. */
export function refundCredits(deployment: Deployment, { network }: { readonly network: NetworkId }): Call {
  return encodeCall({
    contract: 'Credits',
    to: deployment.addresses.credits,
    abi: creditsAbi,
    functionName: 'refund',
    args: [network],
  })
}
