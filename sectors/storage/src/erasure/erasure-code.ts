import { ErasureError } from './erasure-error.ts'

/** How data are spread: rows 0 … dataRows − 1 are the data, the others make up for any that are lost. */
export interface ErasureCode {
  /** k: any so many rows give back all others. */
  readonly dataRows: number
  /** n, at most 255. */
  readonly rows: number
}

/** Rows of an object as large as this are kept with its description: spreading it would cost more than it saves. */
export const MAX_INLINE_BYTES = 4 * 1024

/** Up to which size of object a code is used; the last one has no end. Each survives the loss of a third of its rows or more. */
export const CODES_BY_SIZE: readonly { readonly upToBytes: number; readonly code: ErasureCode }[] = [
  { upToBytes: 64 * 1024, code: { dataRows: 4, rows: 6 } },
  { upToBytes: 1024 * 1024, code: { dataRows: 8, rows: 12 } },
  { upToBytes: 64 * 1024 * 1024, code: { dataRows: 10, rows: 16 } },
  { upToBytes: Number.MAX_SAFE_INTEGER, code: { dataRows: 29, rows: 80 } },
]

/**
 * The code for an object of `sizeBytes`, from what `operators` can honour with one row each: the one of its size, else the
 * largest below that they are enough for. `inline` for tiny objects; undefined where they are enough for none.
 */
export const chooseErasureCode = (
  sizeBytes: number,
  operators: number,
): ErasureCode | 'inline' | undefined => {
  if (sizeBytes <= MAX_INLINE_BYTES) return 'inline'
  const bySize = CODES_BY_SIZE.findIndex(({ upToBytes }) => sizeBytes <= upToBytes)
  return CODES_BY_SIZE.slice(0, bySize + 1).findLast(({ code }) => code.rows <= operators)?.code
}

/** @throws ErasureError `impossible_code` unless 1 ≤ dataRows ≤ rows ≤ 255 */
export const requireErasureCode = ({ dataRows, rows }: ErasureCode): void => {
  if (
    Number.isInteger(dataRows) &&
    Number.isInteger(rows) &&
    1 <= dataRows &&
    dataRows <= rows &&
    rows <= 255
  )
    return
  throw new ErasureError({
    code: 'impossible_code',
    message: `There is no code of ${dataRows} data rows in ${rows}: the field has 256 elements, and a code needs 1 ≤ data rows ≤ rows ≤ 255.`,
    fix: 'Choose one of the codes by size, or cut the object into several.',
    field: 'rows',
    value: `${dataRows}/${rows}`,
  })
}
