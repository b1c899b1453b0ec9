import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { paymentsAbi } from '../generated/payments.ts'

/** What {@link setVoucherSigner} needs. */
export interface SetVoucherSignerArgs {
  readonly network: NetworkId
  readonly signer: Address
  /** Unix seconds; an earlier end than before takes effect after the network's refund delay. */
  readonly until: bigint
}

/** Lets another key sign the sender's vouchers. */
export function setVoucherSigner(
  deployment: Deployment,
  { network, signer, until }: SetVoucherSignerArgs,
): Call {
  return encodeCall({
    contract: 'Payments',
    to: deployment.addresses.payments,
    abi: paymentsAbi,
    functionName: 'setSigner',
    args: [network, signer, until],
  })
}
