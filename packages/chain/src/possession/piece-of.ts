import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'
import type { PieceRecord } from './add-pieces.ts'

/** A piece of a set that was not removed. */
export async function readPieceOf(
  { client, deployment }: ChainReader,
  { set, piece }: { readonly set: bigint; readonly piece: number },
): Promise<PieceRecord> {
  return readContract(client, {
    address: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'pieceOf',
    args: [set, piece],
  })
}
