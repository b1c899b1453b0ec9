import { BaseError } from '@cairn/protocol'

/**
 * Thrown for what can not be a piece or its name. Codes: `empty_piece`, `piece_too_large`, `piece_finished`, `no_such_leaf`,
 * `wrong_segment`, `malformed_piece_cid`.
 */
export class PieceError extends BaseError {
  override readonly name = 'PieceError'
}
