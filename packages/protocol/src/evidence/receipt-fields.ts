import { type Hex, HexError, parseHex } from '../hex.ts'
import { IdentityError } from '../identity.ts'
import { ReceiptError } from './receipt-error.ts'

/** An object's fields, still unknown. @throws ReceiptError for what is no object. */
export const parseFields = (value: unknown, field: string): Readonly<Record<string, unknown>> => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw new ReceiptError(field, value, 'an object')
}

/** An integer from 0 to 2^32 − 1. @throws ReceiptError for anything else. */
export const parseU32 = (value: unknown, field: string): number => {
  if (typeof value === 'number' && value >>> 0 === value) return value >>> 0
  throw new ReceiptError(field, value, 'an integer from 0 to 4294967295')
}

/** Hex of exactly `length` bytes, in lower case. @throws ReceiptError for anything else. */
export const parseBytes = (value: unknown, length: number, field: string): Hex =>
  parseField(value, field, `0x and ${2 * length} hex digits`, (text) => parseHex(text, length, field))

/** What `parse` makes of `value`. @throws ReceiptError where `parse` throws for malformed hex or a malformed id. */
export const parseField = <Value>(
  value: unknown,
  field: string,
  expected: string,
  parse: (value: unknown) => Value,
): Value => {
  try {
    return parse(value)
  } catch (cause) {
    if (cause instanceof HexError || cause instanceof IdentityError) {
      throw new ReceiptError(field, value, expected, cause)
    }
    throw cause
  }
}
