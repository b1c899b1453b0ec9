import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'

/** Removes what was scheduled in earlier periods, `most` of it and never more than 128; anybody, until the period freezes. */
export function removePieces(
  deployment: Deployment,
  { set, most }: { readonly set: bigint; readonly most: number },
): Call {
  return encodeCall({
    contract: 'PossessionProofs',
    to: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'removePieces',
    args: [set, most],
  })
}
