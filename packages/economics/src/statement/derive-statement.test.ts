import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TOKEN } from '../arithmetic/units.ts'
import { deriveStatement, type RangeFacts } from './derive-statement.ts'

const facts: RangeFacts = {
  first: 3,
  last: 5,
  emitted: 100n * TOKEN,
  spent: [
    { payer: 'a', credits: 40_000_000n, burned: 15n * TOKEN, paid: 5n * TOKEN },
    { payer: 'b', credits: 10_000_000n, burned: 5n * TOKEN, paid: 0n },
    { payer: 'a', credits: 10_000_000n, burned: 5n * TOKEN, paid: 0n },
  ],
  earned: [
    { owner: 'x', tokens: 30n * TOKEN },
    { owner: 'x', tokens: 30n * TOKEN },
    { owner: 'y', tokens: 20n * TOKEN },
  ],
  work: 4_000n,
  price: { value: 200_000_000n, decimals: 8 },
}

describe('deriveStatement', () => {
  test('default: dollars burned per dollar emitted, and what else a reader asks', () => {
    expect(deriveStatement(facts)).toEqual({
      first: 3,
      last: 5,
      emitted: 100n * TOKEN,
      burned: 25n * TOKEN,
      paid: 5n * TOKEN,
      netIssuance: 75n * TOKEN,
      spentCredits: 60_000_000n,
      burnedCredits: 50_000_000n,
      emittedCredits: 200_000_000n,
      revenueCoverBps: 2_500n,
      work: 4_000n,
      creditsPerMillionWork: 50_000_000_000n,
      payerConcentrationBps: 7_222n,
      ownerConcentrationBps: 6_250n,
    })
  })

  test('behavior: where there is no price, no work, no payer, nothing is made up', () => {
    const { revenueCoverBps, emittedCredits, creditsPerMillionWork, payerConcentrationBps, burned } =
      deriveStatement({ ...facts, price: undefined, spent: [], work: 0n })
    expect([revenueCoverBps, emittedCredits, creditsPerMillionWork, payerConcentrationBps]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(burned).toBe(0n)
  })

  test('behavior: shares stay within a whole, and their order does not matter', () => {
    const amount = fc.bigInt({ min: 0n, max: 1n << 100n })
    const part = fc.record({
      payer: fc.constantFrom('a', 'b', 'c'),
      credits: amount,
      burned: amount,
      paid: amount,
    })
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (spent) => {
        const one = deriveStatement({ ...facts, spent })
        expect(one.burnedCredits <= one.spentCredits).toBe(true)
        expect((one.payerConcentrationBps ?? 0n) <= 10_000n).toBe(true)
        expect(deriveStatement({ ...facts, spent: [...spent].reverse() })).toEqual(one)
      }),
    )
  })
})
