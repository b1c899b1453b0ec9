import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EconomicsError } from '../economics-error.ts'
import { type PriceLimits, verifyPrice } from './price.ts'

const limits: PriceLimits = {
  decimals: 8,
  maxAgeSeconds: 600,
  maxDeviationBps: 5_000n,
  forgetSeconds: 86_400,
  maxConfidenceBps: 200n,
}
const reading = { answer: 100_000_000n, decimals: 8, updatedAt: 1_000, confidence: 0n }

describe('verifyPrice', () => {
  test('default: a fresh, positive answer is used; credits are minted at the answer less twice its confidence', () => {
    const verdict = verifyPrice(limits, { ...reading, confidence: 1_000_000n }, 1_600)
    expect(verdict).toEqual({ usable: true, price: 100_000_000n, lowPrice: 98_000_000n, decimals: 8 })
  })

  test.for([
    ['not_positive', { answer: 0n }],
    ['not_positive', { answer: -1n }],
    ['decimals_changed', { decimals: 18 }],
    ['too_large', { answer: 1n << 96n }],
    ['from_the_future', { updatedAt: 1_601 }],
    ['stale', { updatedAt: 999 }],
    ['uncertain', { confidence: 2_000_001n }],
    ['uncertain', { confidence: -1n }],
  ] as const)('behavior: dormant, not halted: %s for %o', ([reason, change]) => {
    expect(verifyPrice(limits, { ...reading, ...change }, 1_600)).toEqual({ usable: false, reason })
  })

  test('behavior: a confidence of half the answer leaves nothing to mint at', () => {
    const wide = { ...limits, maxConfidenceBps: 10_000n }
    expect(verifyPrice(wide, { ...reading, confidence: 50_000_000n }, 1_600)).toMatchObject({
      reason: 'uncertain',
    })
  })

  test('behavior: a jump of ten times is not believed until the old price is forgotten', () => {
    const accepted = { answer: 10_000_000n, updatedAt: 900 }
    expect(verifyPrice(limits, reading, 1_600, accepted)).toEqual({ usable: false, reason: 'deviates' })
    const later = { ...reading, updatedAt: 87_300 }
    expect(verifyPrice(limits, later, 87_300, accepted)).toMatchObject({ usable: true })
    expect(verifyPrice(limits, later, 87_299 + 0, { ...accepted, updatedAt: 901 })).toMatchObject({
      usable: false,
    })
  })

  test('behavior: a move of exactly the limit is believed', () => {
    const accepted = { answer: 200_000_000n, updatedAt: 900 }
    expect(verifyPrice(limits, reading, 1_600, accepted)).toMatchObject({ usable: true })
    expect(verifyPrice(limits, { ...reading, answer: 99_999_999n }, 1_600, accepted)).toMatchObject({
      reason: 'deviates',
    })
  })

  test('behavior: it never throws for a reading, and a usable price is positive and fresh', () => {
    fc.assert(
      fc.property(
        fc.record({
          answer: fc.bigInt({ min: -(1n << 255n), max: (1n << 255n) - 1n }),
          decimals: fc.integer({ min: 0, max: 255 }),
          updatedAt: fc.integer({ min: 0, max: 4_000 }),
          confidence: fc.bigInt({ min: 0n, max: 1n << 128n }),
        }),
        (given) => {
          const verdict = verifyPrice(limits, given, 2_000)
          if (!verdict.usable) return
          expect(verdict.lowPrice > 0n && verdict.lowPrice <= verdict.price).toBe(true)
          expect(2_000 - given.updatedAt).toBeLessThanOrEqual(600)
        },
      ),
    )
  })

  test('error: limits out of bounds', () => {
    expect(() => verifyPrice({ ...limits, decimals: 19 }, reading, 0)).toThrow(EconomicsError)
    expect(() => verifyPrice({ ...limits, maxDeviationBps: 0n }, reading, 0)).toThrow(EconomicsError)
  })
})
