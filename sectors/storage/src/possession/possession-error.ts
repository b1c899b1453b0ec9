import { BaseError } from '@cairn/protocol'

/**
 * Thrown for what can not be proven or computed. Codes: `no_detection_case`, `bad_terms`, `no_leaves`, `no_such_piece`, `piece_differs`.
 */
export class PossessionError extends BaseError {
  override readonly name = 'PossessionError'
}
