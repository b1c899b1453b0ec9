import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TOKEN } from '../arithmetic/units.ts'
import { EconomicsError } from '../economics-error.ts'
import {
  burnForCredits,
  CREDITS_PER_USD,
  creditsForBurn,
  splitPayment,
  tokensForCredits,
  usageRewardLimit,
} from './credits.ts'

const price = fc.record({
  value: fc.bigInt({ min: 1n, max: (1n << 96n) - 1n }),
  decimals: fc.integer({ min: 0, max: 18 }),
})
const amount = fc.bigInt({ min: 0n, max: (1n << 96n) - 1n })

describe('credits', () => {
  test('default: a token at $1.14 with 8 decimals is 1 140 000 credits, and $1 000 cost 877.192982…', () => {
    const at = { value: 114_000_000n, decimals: 8 }
    expect(creditsForBurn(TOKEN, at)).toBe(1_140_000n)
    expect(burnForCredits(1_000n * CREDITS_PER_USD, at)).toBe(877_192_982_456_140_350_878n)
    expect(tokensForCredits(1_000n * CREDITS_PER_USD, at)).toBe(877_192_982_456_140_350_877n)
  })

  test('behavior: rounding never profits the payer', () => {
    fc.assert(
      fc.property(amount, price, (tokens, at) => {
        const credits = creditsForBurn(tokens, at)
        const scale = TOKEN * 10n ** BigInt(at.decimals)
        expect(credits * scale).toBeLessThanOrEqual(tokens * at.value * CREDITS_PER_USD)
        expect(tokensForCredits(credits, at)).toBeLessThanOrEqual(tokens)
        const needed = burnForCredits(tokens, at)
        expect(creditsForBurn(needed, at)).toBeGreaterThanOrEqual(tokens)
        if (needed > 0n) expect(creditsForBurn(needed - 1n, at)).toBeLessThan(tokens)
      }),
    )
  })

  test('behavior: many small burns never buy more than one large one', () => {
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 20 }), price, (parts, at) => {
        const whole = parts.reduce((sum, part) => sum + part, 0n)
        const credits = parts.reduce((sum, part) => sum + creditsForBurn(part, at), 0n)
        expect(credits).toBeLessThanOrEqual(creditsForBurn(whole, at))
        const burned = parts.reduce((sum, part) => sum + burnForCredits(part, at), 0n)
        expect(burned).toBeGreaterThanOrEqual(burnForCredits(whole, at))
      }),
    )
  })

  test('behavior: a payment splits without rest, and the seller never gets more than the share', () => {
    fc.assert(
      fc.property(amount, fc.bigInt({ min: 0n, max: 10_000n }), (tokens, sellerBps) => {
        const { burned, seller } = splitPayment(tokens, sellerBps)
        expect(burned + seller).toBe(tokens)
        expect(seller * 10_000n).toBeLessThanOrEqual(tokens * sellerBps)
        expect(usageRewardLimit(burned, sellerBps)).toBeLessThanOrEqual(burned)
      }),
    )
  })

  test('behavior: a quarter minted again and three quarters gone (Hivemapper MIP-15)', () => {
    expect(splitPayment(1_000n, 2_500n)).toEqual({ burned: 750n, seller: 250n })
  })

  test('error: shares above one are refused', () => {
    expect(() => splitPayment(1n, 10_001n)).toThrow(EconomicsError)
    expect(() => usageRewardLimit(1n, -1n)).toThrow(EconomicsError)
  })
})
