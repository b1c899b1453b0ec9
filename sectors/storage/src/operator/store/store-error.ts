import { BaseError } from '@cairn/protocol'

/**
 * Thrown by the row store. Codes: `store_full` (the limit that the operator set), `disk_full`, `no_such_row`, `damaged_row`, `row_differs` (a bundle names a row
 * that is not here as it says), `store_closed`.
 */
export class StoreError extends BaseError {
  override readonly name = 'StoreError'
}

/** No room. @param code whose limit it is */
export const noRoom = (code: 'store_full' | 'disk_full', cause?: unknown): StoreError =>
  new StoreError({
    code,
    message:
      code === 'store_full'
        ? 'The row would not fit into the space that this operator offers.'
        : 'The row would not fit on the disk of this operator.',
    fix: 'Put the row with another operator. The operator makes room with a larger --capacity, or another disk.',
    cause,
  })

/** A row that is not held. */
export const noRow = (slab: string, row: number): StoreError =>
  new StoreError({
    code: 'no_such_row',
    message: `Row ${row} of slab ${slab} is not held here.`,
    fix: 'Ask another holder for another row of the slab.',
    field: 'row',
    value: `${slab}/${row}`,
  })
