import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TOKEN, WAD } from '../arithmetic/units.ts'
import { EconomicsError } from '../economics-error.ts'
import { type BandInput, bindingPrice, deriveBand, overflow, sellersPart } from './band.ts'
import { netEmission, smoothBurn } from './net-emission.ts'

/** HIP-149's constants: half and three times what is paid; 70 % of the 89.27 % that reach its sellers (helium-program-library, backstop.rs). */
const limits = { floorBps: 5_000n, capBps: 30_000n, netEmissionCap: 1_644n * TOKEN }
const reach = (8_927n * 70n * WAD) / 1_000_000n
/** $9,100 in tokens at `price` (18 decimals). */
const paid = (price: bigint): bigint => (9_100n * TOKEN * WAD) / price
const cents = (amount: bigint): bigint => (amount * WAD) / 100n

const input = (price: bigint, smoothedBurn: bigint): BandInput => ({
  scheduled: 20_548n * TOKEN,
  smoothedBurn,
  paidAtFloorPrice: paid(price),
  paidAtPrice: paid(price),
  paidDirectly: 0n,
  reach,
})

describe("HIP-149's vectors", () => {
  test('default: inside the band nothing binds', () => {
    const band = deriveBand(limits, input(cents(100n), 1_644n * TOKEN))
    expect(band.topUp).toBe(0n)
    expect(band.cap).toBe(27_300n * TOKEN)
    expect(sellersPart(band.rewards, reach)).toBeLessThan(band.cap!)
  })

  test('behavior: at $0.10 and a steady burn, sellers reach half of what was paid', () => {
    const band = deriveBand(limits, input(cents(10n), 91_000n * TOKEN))
    const delivered = sellersPart(band.rewards, reach)
    // Published: 45 500 ± 50.
    expect(45_500n * TOKEN - delivered).toBeLessThanOrEqual(1n)
  })

  test('behavior: just after a crash the top-up is what was burned beyond the net emission', () => {
    const band = deriveBand(limits, input(cents(10n), 9_100n * TOKEN))
    expect(band.topUp).toBe(7_456n * TOKEN)
    expect(band.reEmitted + band.topUp).toBe(9_100n * TOKEN)
  })

  test('behavior: at $2.50 the cap is 10 920, and of 13 870 the 2 950 above it are kept', () => {
    const { cap, topUp } = deriveBand(limits, input(cents(250n), 1_644n * TOKEN))
    expect(topUp).toBe(0n)
    expect(cap).toBe(10_920n * TOKEN)
    expect(overflow(13_870n * TOKEN, cap, 20_000n * TOKEN)).toBe(2_950n * TOKEN)
    expect(overflow(13_870n * TOKEN, 27_300n * TOKEN, 20_000n * TOKEN)).toBe(0n)
  })

  test('behavior: the cap is at the price itself, not at the lower price of the floor', () => {
    const given = { ...input(cents(100n), 1_644n * TOKEN), paidAtFloorPrice: paid(cents(90n)) }
    expect(deriveBand(limits, given).cap).toBe(27_300n * TOKEN)
  })

  test('behavior: an overflow is never more than there is, and a cap of zero keeps nothing', () => {
    expect(overflow(70_000n * TOKEN, 1n, 10_000n * TOKEN)).toBe(10_000n * TOKEN)
    expect(overflow(20_000n * TOKEN, 0n, 20_000n * TOKEN)).toBe(0n)
  })

  test('behavior: without reach only the net emission is paid', () => {
    const band = deriveBand(limits, { ...input(cents(10n), 91_000n * TOKEN), reach: 0n })
    expect(band).toMatchObject({ topUp: 0n, rewards: (20_548n + 1_644n) * TOKEN })
  })

  test('behavior: floor and cap never bind both', () => {
    for (const price of [5n, 10n, 20n, 33n, 100n, 197n, 250n, 500n]) {
      const band = deriveBand(limits, input(cents(price), 91_000n * TOKEN))
      expect(band.topUp > 0n && sellersPart(band.rewards, reach) > band.cap!).toBe(false)
    }
  })

  test('behavior: the floor binds below $0.3281 and the cap above $1.9686, published as $0.33 and $1.97', () => {
    const baseline = sellersPart((20_548n + 1_644n) * TOKEN, reach)
    expect(Number(baseline / 10n ** 17n) / 10).toBe(13_867.5)
    expect(bindingPrice(9_100n * TOKEN, limits.floorBps, baseline) / 10n ** 14n).toBe(3_281n)
    expect(bindingPrice(9_100n * TOKEN, limits.capBps, baseline) / 10n ** 14n).toBe(19_686n)
  })
})

describe('deriveBand', () => {
  const amount = fc.bigInt({ min: 0n, max: 1n << 96n })
  const arbitrary = fc.record({
    scheduled: amount,
    smoothedBurn: amount,
    paidAtFloorPrice: fc.option(amount, { nil: undefined }),
    paidAtPrice: fc.option(amount, { nil: undefined }),
    paidDirectly: amount,
    reach: fc.bigInt({ min: 0n, max: WAD }),
  })

  test('behavior: what is emitted again never passes the recent burn, and the floor lifts nobody above it', () => {
    fc.assert(
      fc.property(arbitrary, (given) => {
        const band = deriveBand(limits, given)
        expect(band.reEmitted + band.topUp).toBeLessThanOrEqual(given.smoothedBurn)
        expect(band.rewards).toBe(given.scheduled + band.reEmitted + band.topUp)
        if (band.topUp > 0n) {
          const got = given.paidDirectly + sellersPart(band.rewards, given.reach)
          expect(got).toBeLessThanOrEqual(given.paidAtFloorPrice! / 2n)
        }
      }),
    )
  })

  test('behavior: a demand no price can mean tops up nothing', () => {
    const given = { ...input(cents(10n), 91_000n * TOKEN), paidAtFloorPrice: 1n << 200n }
    expect(deriveBand(limits, given).topUp).toBe(0n)
  })

  test('behavior: without a price the band rests and the schedule goes on', () => {
    const given = {
      ...input(cents(10n), 91_000n * TOKEN),
      paidAtFloorPrice: undefined,
      paidAtPrice: undefined,
    }
    expect(deriveBand(limits, given)).toEqual({
      reEmitted: 1_644n * TOKEN,
      topUp: 0n,
      rewards: 22_192n * TOKEN,
      cap: undefined,
    })
    expect(overflow(1n, undefined, 1n)).toBe(0n)
  })

  test('error: a cap at or below the floor is refused', () => {
    expect(() => deriveBand({ ...limits, capBps: 5_000n }, input(WAD, 0n))).toThrow(EconomicsError)
    expect(deriveBand({ ...limits, capBps: 0n }, input(WAD, 0n)).cap).toBeUndefined()
  })
})

describe('net emission', () => {
  test('default: six sevenths of the last target and a seventh of the burn, at most 1 % of 60 M over 365 days', () => {
    // helium/docs, hnt-token.mdx; amounts with 8 decimals as there.
    const cap = 164_383_561_643n
    expect((60_000_000n * 10n ** 8n) / 365n / 100n).toBe(cap)
    expect(smoothBurn(700n, 1400n)).toBe(800n)
    expect(netEmission(smoothBurn(700n, 1400n), cap)).toBe(800n)
    expect(netEmission(cap + 1n, cap)).toBe(cap)
  })

  test('behavior: with a steady burn the target comes within six of it and never above', () => {
    let target = 0n
    for (let epoch = 0; epoch < 400; epoch++) target = smoothBurn(target, 9_100n)
    expect(target).toBeLessThanOrEqual(9_100n)
    expect(target).toBeGreaterThanOrEqual(9_100n - 7n)
  })

  test('behavior: targets never add up to more than what was burned', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 24n }), { maxLength: 200 }), (burns) => {
        let target = 0n
        let burned = 0n
        let emitted = 0n
        for (const burn of burns) {
          target = smoothBurn(target, burn)
          burned += burn
          emitted += target
          expect(emitted).toBeLessThanOrEqual(burned)
        }
      }),
    )
  })
})
