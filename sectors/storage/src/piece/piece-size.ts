import { PieceError } from './piece-error.ts'

/** Bytes of a node, of a leaf too. */
export const NODE_BYTES = 32

/** Raw bytes that Fr32 turns into four leaves. */
export const QUAD_BYTES = 127

/** The highest tree a piece may have: 2^50 bytes of leaves, as Filecoin's PDPVerifier allows (MAX_PIECE_SIZE_LOG2). */
export const MAX_PIECE_HEIGHT = 45

/** The raw bytes that fill a tree of `height` ≥ 2. */
export const pieceCapacityBytes = (height: number): number => QUAD_BYTES * 2 ** (height - 2)

/**
 * The height of the smallest tree that holds `sizeBytes` raw bytes: 2 and up.
 *
 * @throws PieceError `empty_piece`, `piece_too_large`
 */
export const derivePieceHeight = (sizeBytes: number): number => {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 1) {
    throw new PieceError({
      code: 'empty_piece',
      message: `A piece of ${sizeBytes} bytes has no leaf that could be asked for.`,
      fix: 'Commit to at least one byte.',
      field: 'sizeBytes',
      value: String(sizeBytes),
    })
  }
  let height = 2
  while (pieceCapacityBytes(height) < sizeBytes) height++
  if (height > MAX_PIECE_HEIGHT) {
    throw new PieceError({
      code: 'piece_too_large',
      message: `A piece of ${sizeBytes} bytes needs a tree of height ${height}; the highest is ${MAX_PIECE_HEIGHT}, which holds ${pieceCapacityBytes(MAX_PIECE_HEIGHT)} bytes.`,
      fix: 'Split the data into several pieces.',
      field: 'sizeBytes',
      value: String(sizeBytes),
      meta: { limit: pieceCapacityBytes(MAX_PIECE_HEIGHT) },
    })
  }
  return height
}
