import { BaseError } from '@cairn/protocol'

/** Thrown for what can not be coded. Codes: `impossible_code`, `wrong_rows`, `uneven_rows`, `too_few_rows`, `wrong_row_index`. */
export class ErasureError extends BaseError {
  override readonly name = 'ErasureError'
}
