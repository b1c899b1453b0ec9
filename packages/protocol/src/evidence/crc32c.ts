/** The Castagnoli polynomial, bits reversed (RFC 3720, section 12.1). */
const polynomial = 0x82f63b78

/** `tables[k * 256 + b]`: what byte b does to the register when k more bytes follow it. */
const tables = (() => {
  const entries = new Uint32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let register = byte
    for (let bit = 0; bit < 8; bit++) register = (register >>> 1) ^ (register & 1 ? polynomial : 0)
    entries[byte] = register
  }
  for (let i = 256; i < entries.length; i++) {
    const shorter = entries[i - 256]!
    entries[i] = (shorter >>> 8) ^ entries[shorter & 0xff]!
  }
  return entries
})()

/**
 * CRC-32C of `bytes` as a u32 (RFC 3720, appendix B.4 has vectors). Eight bytes a step, so a log is read back faster
 * than its disk delivers it.
 *
 * @param before the CRC of the bytes in front of these, to go on from
 */
export const crc32c = (bytes: Uint8Array, before = 0): number => {
  let register = ~before
  const stepsEnd = bytes.length - (bytes.length % 8)
  let i = 0
  for (; i < stepsEnd; i += 8) {
    register =
      tables[7 * 256 + ((register ^ bytes[i]!) & 0xff)]! ^
      tables[6 * 256 + (((register >>> 8) ^ bytes[i + 1]!) & 0xff)]! ^
      tables[5 * 256 + (((register >>> 16) ^ bytes[i + 2]!) & 0xff)]! ^
      tables[4 * 256 + ((register >>> 24) ^ bytes[i + 3]!)]! ^
      tables[3 * 256 + bytes[i + 4]!]! ^
      tables[2 * 256 + bytes[i + 5]!]! ^
      tables[256 + bytes[i + 6]!]! ^
      tables[bytes[i + 7]!]!
  }
  for (; i < bytes.length; i++) register = (register >>> 8) ^ tables[(register ^ bytes[i]!) & 0xff]!
  return ~register >>> 0
}
