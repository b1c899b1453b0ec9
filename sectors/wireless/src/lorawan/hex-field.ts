import { LorawanError } from './error.ts'

/**
 * Identifiers travel least significant byte first and are written, as everywhere else, most significant first. Reads
 * `length` bytes at `offset` as lower-case hex in the written order.
 */
export const readReversedHex = (bytes: Uint8Array, offset: number, length: number): string => {
  let text = ''
  for (let i = offset + length - 1; i >= offset; i--) text += bytes[i]!.toString(16).padStart(2, '0')
  return text
}

/** The inverse of {@link readReversedHex}; throws `LorawanError` `FIELD_INVALID` unless `text` has `length` bytes of hex. */
export const reversedHexBytes = (text: string, length: number, field: string): Uint8Array => {
  if (text.length !== 2 * length || !/^[0-9a-fA-F]*$/.test(text))
    throw new LorawanError('FIELD_INVALID', {
      field,
      value: text,
      problem: `${2 * length} hex digits are expected.`,
      fix: 'Write it most significant byte first, without separators.',
    })
  return Uint8Array.from({ length }, (_, i) =>
    Number.parseInt(text.slice(text.length - 2 * i - 2).slice(0, 2), 16),
  )
}

/** `value` as `length` bytes, least significant first; throws unless it is an integer that fits. */
export const littleEndian = (value: number, length: 1 | 2 | 4, field: string): Uint8Array => {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * length))
    throw new LorawanError('FIELD_INVALID', {
      field,
      value,
      problem: `an integer from 0 to 2^${8 * length} − 1 is expected.`,
      fix: 'Pass a value that fits the field.',
    })
  return Uint8Array.from({ length }, (_, i) => Math.floor(value / 2 ** (8 * i)) & 0xff)
}

/** One byte string after another. */
export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
