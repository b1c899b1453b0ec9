import { BaseError } from './errors/base-error.ts'
import { describeValue } from './errors/describe-value.ts'

/** Bytes as text: `0x`, then two digits for each byte. What this package returns is in lower case. */
export type Hex = `0x${string}`

/** Thrown for text that is not hex. Code: `malformed_hex`. */
export class HexError extends BaseError {
  override readonly name = 'HexError'
}

const digits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
const prefix = Uint8Array.of(0x30, 0x78)
const ascii = new TextDecoder()

/** The characters of a short text, used again by the next: most of what is written is a hash or a signature. */
const shortCodes = new Uint8Array(2 + 2 * 65)

/**
 * `bytes` as hex, in lower case.
 *
 * Its digits are decoded at once: text that is put together piece by piece stays a tree of its pieces until somebody reads it.
 */
export const toHex = (bytes: Uint8Array): Hex => {
  const length = 2 + 2 * bytes.length
  const codes = length <= shortCodes.length ? shortCodes : new Uint8Array(length)
  codes.set(prefix)
  for (let i = 0; i < bytes.length; i++) {
    codes[2 * i + 2] = digits[bytes[i]! >> 4]!
    codes[2 * i + 3] = digits[bytes[i]! & 15]!
  }
  return ascii.decode(codes.subarray(0, length)) as Hex
}

/**
 * The bytes that `hex` writes, in either case.
 *
 * @throws HexError (`malformed_hex`) without `0x`, with an odd number of digits, or with another character.
 */
export const fromHex = (hex: string): Uint8Array => {
  if (!hex.startsWith('0x') || hex.length % 2 !== 0) {
    throw malformed(hex, 'It must begin with 0x and have two digits for each byte.')
  }
  const bytes = new Uint8Array(hex.length / 2 - 1)
  for (let i = 0; i < bytes.length; i++) {
    const high = digitOf(hex.charCodeAt(2 * i + 2))
    const low = digitOf(hex.charCodeAt(2 * i + 3))
    if (high < 0 || low < 0)
      throw malformed(hex, `Its digits ${2 * i} and ${2 * i + 1} are not both 0-9 or a-f.`)
    bytes[i] = (high << 4) | low
  }
  return bytes
}

/**
 * `value` as lower-case hex of exactly `length` bytes. `field` names it in the error.
 *
 * @throws HexError (`malformed_hex`) for anything else.
 */
export const parseHex = (value: unknown, length: number, field: string): Hex => {
  if (typeof value !== 'string' || value.length !== 2 + 2 * length) {
    throw malformed(value, `It must be a string of 0x and ${2 * length} hex digits (${length} bytes).`, field)
  }
  for (let i = 2; i < value.length; i++) {
    if (digitOf(value.charCodeAt(i)) < 0)
      throw malformed(value, `Its digit ${i - 2} is not 0-9 or a-f.`, field)
  }
  if (!value.startsWith('0x')) throw malformed(value, 'It must begin with 0x.', field)
  return value.toLowerCase() as Hex
}

/** Whether both hold the same bytes. Not in constant time: nothing here is secret. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Below 0, 0 or above 0 as `a` comes before, with or after `b`: bytewise, a prefix before what it begins. */
export const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** The parts one after the other, in an array of its own. */
export const concatBytes = (...parts: readonly Uint8Array[]): Uint8Array => {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

const digitOf = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

const malformed = (value: unknown, expected: string, field = 'hex'): HexError =>
  new HexError({
    code: 'malformed_hex',
    message: `The ${field} ${describeValue(value)} is not hex of the right form. ${expected}`,
    fix: 'Pass the bytes as toHex writes them.',
    field,
    value: describeValue(value),
  })
