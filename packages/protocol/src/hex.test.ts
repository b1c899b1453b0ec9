import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareBytes, concatBytes, equalBytes, fromHex, HexError, parseHex, toHex } from './hex.ts'

const bytes = fc.uint8Array({ maxLength: 80 })

describe('toHex and fromHex', () => {
  test('default: what Buffer writes and reads', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(toHex(value)).toBe(`0x${Buffer.from(value).toString('hex')}`)
        expect(fromHex(toHex(value))).toEqual(value)
        expect(fromHex(toHex(value).toUpperCase().replace('0X', '0x'))).toEqual(value)
      }),
    )
  })

  test.for(['', '0', '00', '0X00', '0x0', '0xg0', '0x0g', '0x /', '0x@@', '0x``', '0x0é'])(
    'error: %j is malformed_hex',
    (text) => {
      expect(() => fromHex(text)).toThrow(
        expect.objectContaining({ name: 'HexError', code: 'malformed_hex' }),
      )
    },
  )
})

describe('parseHex', () => {
  test('default: lower case of exactly that many bytes', () => {
    expect(parseHex('0xABcd', 2, 'id')).toBe('0xabcd')
  })

  test.for([undefined, 1, null, {}, '0xab', '0xabcdef', '0xabcg', 'ab0xcd', '0Xabcd', 'xxabcd'])(
    'error: %j is malformed_hex, with the field',
    (value) => {
      expect(() => parseHex(value, 2, 'id')).toThrow(HexError)
      expect(() => parseHex(value, 2, 'id')).toThrow(expect.objectContaining({ field: 'id' }))
    },
  )
})

describe('bytes', () => {
  test('default: equal, in order and concatenated as Buffer has it', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(equalBytes(a, b)).toBe(Buffer.from(a).equals(b))
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b))
        expect(equalBytes(a, a.slice())).toBe(true)
        expect(concatBytes(a, b)).toEqual(new Uint8Array(Buffer.concat([a, b])))
      }),
    )
  })

  test('behavior: a prefix comes before what it begins', () => {
    expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBeLessThan(0)
  })
})
