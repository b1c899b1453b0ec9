import { malformedReport } from './report-error.ts'

/** CBOR major types (RFC 8949 §3.1), already shifted to their place in the first byte. */
export const cborMajor = { bytes: 0x40, array: 0x80 } as const

/** Bytes of a head with this argument in its shortest form (RFC 8949 §4.2.1): the value alone says how many. */
export const headBytes = (value: number): number => {
  if (value < 24) return 1
  if (value < 0x100) return 2
  if (value < 0x1_0000) return 3
  return value < 0x1_0000_0000 ? 5 : 9
}

/**
 * The argument of the head at `offset`; the item's content follows after {@link headBytes} of it. Only the shortest
 * form is taken, and no indefinite length. An argument above 2^53 comes back rounded: it is above every limit anyway.
 *
 * @throws ReportError (`malformed_report`); `what` names the item.
 */
export const readHead = (bytes: Uint8Array, offset: number, major: number, what: string): number => {
  const first = bytes[offset]
  if (first === undefined || (first & 0xe0) !== major) throw malformedReport(offset, what)
  const short = first & 0x1f
  if (short < 24) return short
  if (short > 27) throw malformedReport(offset, `${what} of a definite length`)
  const width = 1 << (short - 24)
  if (offset + 1 + width > bytes.length)
    throw malformedReport(bytes.length, `the rest of the head of ${what}`)
  let value = 0
  for (let i = 1; i <= width; i++) value = value * 256 + bytes[offset + i]!
  if (headBytes(value) !== 1 + width)
    throw malformedReport(offset, `${what} with its length in shortest form`)
  return value
}

/** Writes a head with an argument below 2^16 and returns the offset after it. */
export const writeHead = (bytes: Uint8Array, offset: number, major: number, value: number): number => {
  const width = headBytes(value)
  if (width === 1) bytes[offset] = major | value
  else if (width === 2) {
    bytes[offset] = major | 24
    bytes[offset + 1] = value
  } else {
    bytes[offset] = major | 25
    bytes[offset + 1] = value >>> 8
    bytes[offset + 2] = value
  }
  return offset + width
}
