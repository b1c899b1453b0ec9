import { TreeError } from './tree-error.ts'

const hashBytes = 32

/** Whether `value` is an unsigned integer of `bits` bits. */
export const fitsUint = (value: number, bits: 16 | 32): boolean =>
  Number.isInteger(value) && value >= 0 && value < 2 ** bits

/** Whether `value` fits an amount of a leaf (96 bits of work, 128 of payout) or a sum (128). */
export const fitsAmount = (value: bigint, bits: 96 | 128): boolean =>
  value >= 0n && value >> BigInt(bits) === 0n

/** `value` when it is an integer of `bits` bits; throws TreeError `leaf_value` with the field's name otherwise. */
export const requireUint = (value: number, bits: 16 | 32, field: string): number => {
  if (fitsUint(value, bits)) return value
  throw outOfBounds(field, value, `an unsigned integer of ${bits} bits`)
}

/** `value` when it fits `bits` bits; throws TreeError `leaf_value` with the field's name otherwise. */
export const requireAmount = (value: bigint, bits: 96 | 128, field: string): bigint => {
  if (fitsAmount(value, bits)) return value
  throw outOfBounds(field, value, `an unsigned integer of ${bits} bits`)
}

/** `hash` when it has 32 bytes; throws TreeError `leaf_value` with the field's name otherwise. */
export const requireHash = (hash: Uint8Array, field: string): Uint8Array => {
  if (hash.length === hashBytes) return hash
  throw outOfBounds(field, `${hash.length} bytes`, '32 bytes')
}

/** The unsigned big-endian integer in `bytes`. */
export const readUint = (bytes: Uint8Array): bigint => {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}

/** Writes 16 bytes at `offset`, big-endian. Throws TreeError `leaf_value` with the field's name. */
export const setUint128 = (view: DataView, offset: number, value: bigint, field: string): void => {
  requireAmount(value, 128, field)
  view.setBigUint64(offset, value >> 64n)
  view.setBigUint64(offset + 8, value)
}

/** Writes 12 bytes at `offset`, big-endian. Throws TreeError `leaf_value` with the field's name. */
export const setUint96 = (view: DataView, offset: number, value: bigint, field: string): void => {
  requireAmount(value, 96, field)
  view.setUint32(offset, Number(value >> 64n))
  view.setBigUint64(offset + 4, value)
}

const outOfBounds = (field: string, value: number | bigint | string, expected: string): TreeError =>
  new TreeError({
    code: 'leaf_value',
    message: `The ${field} of a leaf or node is ${value}; expected ${expected}.`,
    fix: 'Correct the value where it is derived: leaves and nodes have fixed widths (spec 5).',
    field,
    value: `${value}`,
  })
