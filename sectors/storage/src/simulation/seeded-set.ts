import { fromHex, keccak256 } from '@cairn/protocol'
import { derivePieceIndex, type PieceIndex } from '../piece/piece-hasher.ts'
import { verifyPiecePath } from '../piece/piece-path.ts'
import { answerChallenges, challengedLeaves, type HeldPiece } from '../possession/answer-challenges.ts'
import { deriveLeafChallenges } from '../possession/leaf-challenges.ts'

/** Pieces of a simulated set, and bytes of each: small, so that a run is many periods of many seeds. */
export const PIECES = 100
export const PIECE_BYTES = 508

/** A piece with its bytes. */
export interface StoredPiece {
  readonly data: Uint8Array
  readonly index: PieceIndex
}

/** 32 bytes that follow from a name. */
export const seededBytes = (name: string): Uint8Array =>
  keccak256(new TextEncoder().encode(`cairn simulate ${name}`))

/** A number in [0, 1) that follows from a name: of models, never of money. */
export const seededFraction = (name: string): number =>
  new DataView(seededBytes(name).buffer).getUint32(0) / 2 ** 32

/** A set's pieces, whose trees and indexes are real. */
export const createSet = (name: string): readonly StoredPiece[] =>
  Array.from({ length: PIECES }, (_, piece) => {
    const data = new Uint8Array(PIECE_BYTES)
    for (let offset = 0; offset < PIECE_BYTES; offset += 32) {
      data.set(seededBytes(`${name} ${piece} ${offset}`).subarray(0, PIECE_BYTES - offset), offset)
    }
    return { data, index: derivePieceIndex(data) }
  })

/** How an operator comes to the bytes of a piece when it is challenged; undefined where it can not. */
export type OpenPiece = (piece: number) => Uint8Array | undefined

/**
 * Whether the period is proven: real challenges, real proofs out of what the operator opens, and every path checked
 * against the commitment, as the contract does.
 */
export const provePeriod = async (
  set: readonly StoredPiece[],
  { beacon, challenges }: { readonly beacon: Uint8Array; readonly challenges: number },
  open: OpenPiece,
): Promise<boolean> => {
  const leaves = set.map(({ index }) => challengedLeaves(index))
  const asked = deriveLeafChallenges({ beacon, set: 0n, challenges }, leaves)
  try {
    const proofs = await answerChallenges(asked, async (piece): Promise<HeldPiece | undefined> => {
      const data = open(piece)
      if (data === undefined) return undefined
      const { index } = set[piece]!
      const read: HeldPiece['read'] = async ({ offset, lengthBytes }) =>
        data.subarray(offset, offset + lengthBytes)
      return { root: index.root, index, read }
    })
    return proofs.every(({ leaf, path }, i) => {
      const { piece, leaf: place } = asked[i]!
      return verifyPiecePath(set[piece]!.index.root, fromHex(leaf), place, path.map(fromHex))
    })
  } catch (error) {
    // What an operator without the bytes meets: a piece that is gone, or bytes that are others.
    const code = (error as { readonly code?: string }).code
    if (code === 'no_such_piece' || code === 'wrong_segment') return false
    throw error
  }
}
