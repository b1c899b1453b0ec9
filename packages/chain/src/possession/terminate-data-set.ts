import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'

/** What {@link terminateDataSet} needs. */
export interface TerminateDataSetArgs {
  readonly set: bigint
  /** The last period that owes a proof; the current one where it is earlier, or not given. */
  readonly lastPeriod?: number
}

/** By the device's owner, at any time, and again for a sooner end: no later period owes a proof. */
export function terminateDataSet(
  deployment: Deployment,
  { set, lastPeriod = 0 }: TerminateDataSetArgs,
): Call {
  return encodeCall({
    contract: 'PossessionProofs',
    to: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'terminate',
    args: [set, lastPeriod],
  })
}
