import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TOKEN } from '../arithmetic/units.ts'
import { EconomicsError } from '../economics-error.ts'
import { type BurnPolicy, deriveAnchor, impactCeiling, reviewPolicy } from './burn-policy.ts'
import { publishedBurns } from './published-burns.fixture.ts'

const start: BurnPolicy = { perEpoch: 47_435n * TOKEN, direction: 0, capBps: 1_000n }
const unit = 100n * TOKEN
const anchorAt = (epoch: number) =>
  deriveAnchor(
    publishedBurns.slice(epoch - 12, epoch),
    publishedBurns.slice(Math.max(0, epoch - 24), epoch - 12),
  )

/** nickypockets/RENDER_RNP20_Tools, reports/policy_values.csv, computed in floating point: epoch, mean burn, anchor, policy. */
const published = [
  [12, 3451.824346831667, 3451.824346831667, 43_100n],
  [24, 2035.1735333508332, 1199.9252843365214, 35_900n],
  [36, 3611.433299805, 6408.520091879609, 27_600n],
  [48, 8390.119464828334, 19492.01294618739, 27_600n],
  [60, 12834.535480255834, 19633.248571069806, 27_600n],
  [72, 9089.8975007725, 6437.804991201999, 25_100n],
  [84, 13819.342543493332, 21009.502947439716, 25_100n],
  [96, 12561.802119832502, 15288.6959723087, 25_100n],
] as const

describe("Render's policy, replayed on its burns", () => {
  test('default: eight reviews from 47 435 on come to the published policies', () => {
    let policy = start
    for (const [epoch, , , perEpoch] of published) {
      policy = reviewPolicy(policy, anchorAt(epoch).anchor, unit).policy
      expect([epoch, policy.perEpoch]).toEqual([epoch, perEpoch * TOKEN])
    }
  })

  test('behavior: cuts go by 1.1, 1.2, 1.3, and by 1.1 again after a pause', () => {
    let policy = start
    const steps = published.map(([epoch]) => {
      const review = reviewPolicy(policy, anchorAt(epoch).anchor, unit)
      policy = review.policy
      return review.stepBps
    })
    expect(steps).toEqual([-1_000n, -2_000n, -3_000n, 0n, 0n, -1_000n, 0n, 0n])
  })

  test('behavior: means and anchors agree with the published ones to twelve digits', () => {
    for (const [epoch, mean, anchor] of published.slice(0, -1)) {
      const derived = anchorAt(epoch)
      expect(Number(derived.mean) / 1e18 / mean).toBeCloseTo(1, 12)
      expect(Number(derived.anchor) / 1e18 / anchor).toBeCloseTo(1, 12)
    }
  })

  test('behavior: the anchor of epoch 96 does not reproduce from burns alone: 11 418.7, published 15 288.7 with the growth of operators', () => {
    const { mean, anchor } = anchorAt(96)
    expect(Number(mean) / 1e18 / 12561.802119832502).toBeCloseTo(1, 12)
    expect((Number(anchor) / 1e18).toFixed(1)).toBe('11418.7')
    // Both hold the policy: 25 100 is between one and three times either.
    expect(reviewPolicy({ ...start, perEpoch: 25_100n * TOKEN }, anchor, unit).reason).toBe('within_band')
  })
})

describe("RNP-020's worked examples", () => {
  test('default: 12 125 burned, −15.13 %, factors 1.576 and 1.005 give 16 298.9, published as 16 293; both hold 15 000', () => {
    const expected = (12_125n * TOKEN * 8_487n * 1_576n * 1_005n) / (10_000n * 1_000n * 1_000n)
    expect((Number(expected) / 1e18).toFixed(1)).toBe('16298.9')
    for (const anchor of [expected, 16_293n * TOKEN]) {
      const review = reviewPolicy({ ...start, perEpoch: 15_000n * TOKEN }, anchor, unit)
      expect(review).toMatchObject({ reason: 'within_buffer', policy: { perEpoch: 15_000n * TOKEN } })
    }
  })

  test('behavior: the ceiling example does not reproduce: its $376k at $1.9 with Y = 1.3 give 117 097, published as 96k, 22 % less', () => {
    const ceiling = impactCeiling({
      volumeUsd: 376_000n * TOKEN,
      price: (19n * TOKEN) / 10n,
      impact: TOKEN,
      volatility: TOKEN,
      coefficient: (13n * TOKEN) / 10n,
    })
    expect(ceiling / TOKEN).toBe(117_097n)
  })

  test('behavior: a raise within the cap goes all the way, in steps of 5 %', () => {
    const review = reviewPolicy(
      { perEpoch: 10_000n * TOKEN, direction: 1, capBps: 1_000n },
      11_800n * TOKEN,
      unit,
    )
    expect(review).toEqual({
      policy: { perEpoch: 11_500n * TOKEN, direction: 1, capBps: 2_000n },
      stepBps: 1_500n,
      reason: 'moved',
    })
  })
})

describe('reviewPolicy', () => {
  test('behavior: a policy never moves past the anchor, nor the wrong way', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1_000n, max: 10n ** 9n }),
        fc.bigInt({ min: 0n, max: 10n ** 9n }),
        fc.constantFrom(-1, 0, 1),
        fc.bigInt({ min: 1n, max: 10n }),
        (perEpoch, anchor, direction, cap) => {
          const policy = {
            perEpoch: perEpoch * TOKEN,
            direction: direction as -1 | 0 | 1,
            capBps: cap * 1_000n,
          }
          const { policy: next } = reviewPolicy(policy, anchor * TOKEN, TOKEN)
          if (anchor > perEpoch) {
            expect(next.perEpoch >= policy.perEpoch && next.perEpoch <= (anchor + 1n) * TOKEN).toBe(true)
          } else expect(next.perEpoch <= policy.perEpoch).toBe(true)
        },
      ),
    )
  })

  test('error: a policy of zero is refused', () => {
    expect(() => reviewPolicy({ ...start, perEpoch: 0n }, 1n, unit)).toThrow(EconomicsError)
  })
})
