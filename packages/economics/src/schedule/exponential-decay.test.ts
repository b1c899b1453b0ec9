import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TOKEN } from '../arithmetic/units.ts'
import { EconomicsError } from '../economics-error.ts'
import { DECAY_STEPS_MAX, decayAmounts, exponentialDecay } from './exponential-decay.ts'

const arbitrary = fc.record({
  perEpoch: fc.bigInt({ min: 1n, max: 10n ** 22n }),
  rate: fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.bigInt({ min: 1n, max: 10n ** 18n }))
    .map(([numerator, more]) => ({ numerator, denominator: numerator + more })),
  stepEpochs: fc.integer({ min: 1, max: 100 }),
  steps: fc.integer({ min: 1, max: 64 }),
})

describe('exponentialDecay', () => {
  test('default: a weekly pool that keeps 85 % each year of 52 weeks (DIMO-Network/rewards-api)', () => {
    const schedule = exponentialDecay({
      perEpoch: 1_105_000n * TOKEN,
      rate: { numerator: 85n, denominator: 100n },
      stepEpochs: 52,
      steps: 40,
    })
    expect(schedule.cumulative(52)).toBe(57_460_000n * TOKEN)
    expect(schedule.cumulative(53) - schedule.cumulative(52)).toBe(939_250n * TOKEN)
    expect(schedule.cumulative(105) - schedule.cumulative(104)).toBe(798_362_500_000_000_000_000_000n)
  })

  test('behavior: it begins at nothing, never falls, emits less and less, and ends at its total', () => {
    fc.assert(
      fc.property(arbitrary, (options) => {
        const { cumulative, total } = exponentialDecay(options)
        const end = options.stepEpochs * options.steps
        expect(cumulative(0)).toBe(0n)
        expect(cumulative(end)).toBe(total)
        expect(cumulative(0xffff_ffff)).toBe(total)
        let last = options.perEpoch
        for (let epoch = 0; epoch < Math.min(end, 300); epoch++) {
          const emitted = cumulative(epoch + 1) - cumulative(epoch)
          expect(emitted >= 0n && emitted <= last).toBe(true)
          last = emitted
        }
      }),
      { numRuns: 50 },
    )
  })

  test.for([
    { perEpoch: 0n },
    { perEpoch: 1n << 96n },
    { rate: { numerator: 1n, denominator: 1n } },
    { rate: { numerator: 0n, denominator: 0n } },
    { rate: { numerator: 1n, denominator: 1n << 64n } },
    { stepEpochs: 0 },
    { steps: 0 },
    { steps: DECAY_STEPS_MAX + 1 },
  ])('error: %o is refused', (change) => {
    const options = { perEpoch: 1n, rate: { numerator: 1n, denominator: 2n }, stepEpochs: 1, steps: 1 }
    expect(() => exponentialDecay({ ...options, ...change })).toThrow(EconomicsError)
  })
})

/** io.net's hourly emission (docs.iog.net, token-emission-schedule): 8 % of 500 M in the first year's hours, less 0.0013886952395979300 % each hour. */
describe("io.net's decay", () => {
  const rate = { numerator: 10n ** 22n - 138_869_523_959_793_000n, denominator: 10n ** 22n }
  const first = (500_000_000n * TOKEN * 8n) / 100n / 8760n
  const hours = 175_319

  test('default: the published first hours', () => {
    const published = ['4566.21', '4566.15', '4566.08', '4566.02', '4565.96', '4565.89']
    const amounts = [...decayAmounts(first, rate, published.length)]
    expect(amounts.map((amount) => (Number(amount) / 1e18).toFixed(2))).toEqual(published)
  })

  test('behavior: all hours together emit 300 M, and 0.00044 of a token more than that', () => {
    let sum = 0n
    for (const amount of decayAmounts(first, rate, hours)) sum += amount
    expect(sum - 300_000_000n * TOKEN).toBe(440_932_488_743_948n)
  })

  test('behavior: the last hour is 0.701 % a year of the first supply, where the document says about 0.68 %', () => {
    let last = 0n
    for (const amount of decayAmounts(first, rate, hours)) last = amount
    expect(Number((last * 8760n * 10_000_000n) / (500_000_000n * TOKEN)) / 100_000).toBe(0.70102)
  })

  test('behavior: a contract takes it in months of 730 hours, which emit 0.49 % more in all', () => {
    const monthly = exponentialDecay({
      perEpoch: first,
      // What 730 hours leave.
      rate: { numerator: 989_913_666_076_933n, denominator: 10n ** 15n },
      stepEpochs: 730,
      steps: 240,
    })
    expect(Number((monthly.total * 10_000n) / (300_000_000n * TOKEN))).toBe(10_049)
  })
})
