import { generateKeyPairSync, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLowS, lowS } from './crypto.ts'
import { fromHex, toHex } from './hex.ts'

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const withS = (s: bigint) => fromHex(`0x${'11'.repeat(32)}${s.toString(16).padStart(64, '0')}`)
const sOf = (signature: Uint8Array) => BigInt(toHex(signature.subarray(32)))

describe('isLowS', () => {
  test('default: s up to n/2, as integers compare', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }), (s) => {
        expect(isLowS(withS(s))).toBe(s <= order / 2n)
      }),
    )
  })

  test('behavior: the boundary is n/2 itself', () => {
    expect(isLowS(withS(order / 2n))).toBe(true)
    expect(isLowS(withS(order / 2n + 1n))).toBe(false)
  })

  test.for([0, 63, 65])('behavior: false for %i bytes', (length) => {
    expect(isLowS(new Uint8Array(length))).toBe(false)
  })
})

describe('lowS', () => {
  test('default: node signs with both, and verifies what it became', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const seen = new Set<boolean>()
    for (let i = 0; i < 64; i++) {
      const message = Uint8Array.of(i)
      const signature = new Uint8Array(
        sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
      )
      const low = lowS(signature)
      seen.add(isLowS(signature))
      expect(isLowS(low)).toBe(true)
      expect(verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, low)).toBe(true)
    }
    expect([...seen].sort()).toEqual([false, true])
  })

  test('behavior: s becomes n − s where that is lower, r stays', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: order - 1n }), (s) => {
        const low = lowS(withS(s))
        expect(sOf(low)).toBe(s <= order / 2n ? s : order - s)
        expect(low.subarray(0, 32)).toEqual(new Uint8Array(32).fill(0x11))
        expect(lowS(low)).toBe(low)
      }),
    )
  })

  test.for([withS(order), withS((1n << 256n) - 1n), new Uint8Array(70), new Uint8Array()])(
    'error: malformed_signature for what is none',
    (signature) => {
      expect(() => lowS(signature)).toThrow(expect.objectContaining({ code: 'malformed_signature' }))
    },
  )
})
