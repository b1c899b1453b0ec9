import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { disputesAbi } from '../generated/disputes.ts'

/** What {@link timeoutDispute} needs. */
export interface TimeoutDisputeArgs {
  readonly id: bigint
}

/** Ends a dispute whose clock ran out, for the side that did not have to move. Anybody. */
export function timeoutDispute(deployment: Deployment, { id }: TimeoutDisputeArgs): Call {
  return encodeCall({
    contract: 'Disputes',
    to: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'timeout',
    args: [id],
  })
}
