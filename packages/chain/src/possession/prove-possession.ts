import type { Hex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'

/** One leaf that was asked for, with its path: `LeafProof` of the contracts. */
export interface LeafProof {
  /** 32 bytes. */
  readonly leaf: Hex
  /** Siblings from the leaf up. */
  readonly path: readonly Hex[]
}

/** What {@link provePossession} needs. */
export interface ProvePossessionArgs {
  readonly set: bigint
  readonly proofs: readonly LeafProof[]
}

/** Proves the period in its window: a proof for each challenge, in order. Anybody. */
export function provePossession(deployment: Deployment, { set, proofs }: ProvePossessionArgs): Call {
  return encodeCall({
    contract: 'PossessionProofs',
    to: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'prove',
    args: [set, proofs],
  })
}
