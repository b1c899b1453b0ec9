import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'

/** By the device's owner: up to 256 pieces are to go. They stay under challenge until `removePieces` is called in a later period. */
export function scheduleRemovals(
  deployment: Deployment,
  { set, pieces }: { readonly set: bigint; readonly pieces: readonly number[] },
): Call {
  return encodeCall({
    contract: 'PossessionProofs',
    to: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'scheduleRemovals',
    args: [set, pieces],
  })
}
