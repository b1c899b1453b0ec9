import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc32c } from './crc32c.ts'

/** One bit at a time, as the polynomial division is defined. */
const bitwise = (bytes: Uint8Array): number => {
  let register = 0xffff_ffff
  for (const byte of bytes) {
    register ^= byte
    for (let bit = 0; bit < 8; bit++) register = (register >>> 1) ^ (register & 1 ? 0x82f63b78 : 0)
  }
  return ~register >>> 0
}

describe('crc32c', () => {
  // "123456789" is the check value of the CRC catalogues, the others are RFC 3720, appendix B.4.
  test.for([
    ['"123456789"', new TextEncoder().encode('123456789'), 0xe3069283],
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    ['nothing', new Uint8Array(), 0],
  ] as const)('default: %s', ([, bytes, checksum]) => {
    expect(crc32c(bytes)).toBe(checksum)
  })

  test('behavior: any bytes, at any offset', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(9), (bytes, offset) => {
        expect(crc32c(bytes.subarray(offset))).toBe(bitwise(bytes.subarray(offset)))
      }),
    )
  })

  test('behavior: goes on from where another ended', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
        expect(crc32c(second, crc32c(first))).toBe(crc32c(Uint8Array.from([...first, ...second])))
      }),
    )
  })
})
