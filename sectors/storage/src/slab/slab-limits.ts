import type { ErasureCode } from '../erasure/erasure-code.ts'
import { MAX_ROW_BYTES } from '../wire/slab-descriptor.ts'

/** Bytes that a slab of this code can hold. */
export const slabCapacityBytes = ({ dataRows }: ErasureCode): number => dataRows * MAX_ROW_BYTES

/** How many rows must be durable and receipted before a write is acknowledged: k + ⌈3 (n − k) / 4⌉ (spec 10, "Slabs"). */
export const acknowledgedRows = ({ dataRows, rows }: ErasureCode): number =>
  dataRows + Math.ceil((3 * (rows - dataRows)) / 4)
