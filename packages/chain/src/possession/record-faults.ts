import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'

/** Writes down the faults of all periods that are over; anybody. */
export function recordFaults(deployment: Deployment, { set }: { readonly set: bigint }): Call {
  return encodeCall({
    contract: 'PossessionProofs',
    to: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'recordFaults',
    args: [set],
  })
}
