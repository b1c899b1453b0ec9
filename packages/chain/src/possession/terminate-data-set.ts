import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'

/** By the device's owner, at any time: this period is the last that owes a proof. */
export function terminateDataSet(deployment: Deployment, { set }: { readonly set: bigint }): Call {
  return encodeCall({
    contract: 'PossessionProofs',
    to: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'terminate',
    args: [set],
  })
}
