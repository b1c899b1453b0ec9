import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { disputesAbi } from '../generated/disputes.ts'

/** What {@link withdrawDispute} needs. */
export interface WithdrawDisputeArgs {
  readonly id: bigint
}

/** The challenger takes its bond back when the root was removed meanwhile. */
export function withdrawDispute(deployment: Deployment, { id }: WithdrawDisputeArgs): Call {
  return encodeCall({
    contract: 'Disputes',
    to: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'withdrawDispute',
    args: [id],
  })
}
