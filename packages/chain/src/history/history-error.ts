import { BaseError } from '@cairn/protocol'

/** A history was told events it can not use, or asked too early. Codes: `history_empty`, `history_disorder`, `history_forgotten`. */
export class HistoryError extends BaseError {
  override readonly name = 'HistoryError'
}
