import { type ChainReader, decodeContractError, readPieceOf, revertDataOf } from '@cairn/chain'
import { fromHex } from '@cairn/protocol'

/** A piece of a set; undefined before it is there, and after it was removed. */
export async function readStandingPiece(
  reader: ChainReader,
  set: bigint,
  piece: number,
): Promise<{ readonly root: Uint8Array; readonly leaves: number } | undefined> {
  try {
    const { root, leaves } = await readPieceOf(reader, { set, piece })
    return { root: fromHex(root), leaves: Number(leaves) }
  } catch (error) {
    const reason = revertDataOf(error)
    if (reason === undefined || decodeContractError(reason).name !== 'PieceUnknown') throw error
    return undefined
  }
}
