import type { Hex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'

/** A piece as the contract keeps it: `Piece` of the contracts. */
export interface PieceRecord {
  /** The piece commitment, 32 bytes. */
  readonly root: Hex
  /** Leaves of 32 bytes that are challenged; what pads them to a power of two is not. */
  readonly leaves: bigint
}

/** What {@link addPieces} needs. */
export interface AddPiecesArgs {
  readonly set: bigint
  readonly pieces: readonly PieceRecord[]
}

/** By the device's owner: adds up to 256 pieces behind the others. They are challenged from the first period that freezes afterwards. */
export function addPieces(deployment: Deployment, { set, pieces }: AddPiecesArgs): Call {
  return encodeCall({
    contract: 'PossessionProofs',
    to: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'addPieces',
    args: [set, pieces],
  })
}
