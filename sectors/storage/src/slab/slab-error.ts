import { BaseError } from '@cairn/protocol'

/** Codes `too_few_operators`, `too_few_receipts`, `too_few_rows`, `slab_too_large`, `lost_row`, `missing_lists`. */
export class SlabError extends BaseError {
  override readonly name = 'SlabError'
}
