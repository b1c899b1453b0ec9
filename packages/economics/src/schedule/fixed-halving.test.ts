import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TOKEN } from '../arithmetic/units.ts'
import { EconomicsError } from '../economics-error.ts'
import { exponentialDecay } from './exponential-decay.ts'
import { fixedHalving } from './fixed-halving.ts'
import { emissionOf } from './schedule.ts'

describe('fixedHalving', () => {
  // The same numbers as contracts/test/FixedEmission.t.sol.
  test.for([
    [0, 0n],
    [1, 100n],
    [10, 1000n],
    [11, 1050n],
    [20, 1500n],
    [29, 1725n],
    [30, 1750n],
    [31, 1750n],
    [0xffff_ffff, 1750n],
  ] as const)('default: before epoch %i it emitted %i, as the contract does', ([epoch, emitted]) => {
    const schedule = fixedHalving({ perEpoch: 100n, halvingEpochs: 10, maxHalvings: 2 })
    expect(schedule.cumulative(epoch)).toBe(emitted)
    expect(schedule.total).toBe(1750n)
  })

  test('behavior: it is the sum of its epochs', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 24n }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 127 }),
        fc.integer({ min: 0, max: 300 }),
        (perEpoch, halvingEpochs, maxHalvings, epoch) => {
          const schedule = fixedHalving({ perEpoch, halvingEpochs, maxHalvings })
          let sum = 0n
          for (let each = 0; each < epoch; each++) {
            const halvings = Math.floor(each / halvingEpochs)
            if (halvings <= maxHalvings) sum += perEpoch >> BigInt(halvings)
          }
          expect(schedule.cumulative(epoch)).toBe(sum)
        },
      ),
    )
  })

  test('behavior: it is exponential decay with the rate of a half', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 20n }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 0, max: 127 }),
        fc.integer({ min: 0, max: 200_000 }),
        (perEpoch, halvingEpochs, maxHalvings, epoch) => {
          const halving = fixedHalving({ perEpoch, halvingEpochs, maxHalvings })
          const decay = exponentialDecay({
            perEpoch,
            rate: { numerator: 1n, denominator: 2n },
            stepEpochs: halvingEpochs,
            steps: maxHalvings + 1,
          })
          expect(decay.total).toBe(halving.total)
          expect(decay.cumulative(epoch)).toBe(halving.cumulative(epoch))
        },
      ),
    )
  })

  test('error: a total above 96 bits is refused', () => {
    const options = { perEpoch: 1n << 96n, halvingEpochs: 1, maxHalvings: 0 }
    expect(() => fixedHalving(options)).toThrow(expect.objectContaining({ code: 'schedule_too_large' }))
    expect(fixedHalving({ ...options, perEpoch: (1n << 96n) - 1n }).total).toBe((1n << 96n) - 1n)
  })

  test.for([
    { perEpoch: 0n, halvingEpochs: 1, maxHalvings: 0 },
    { perEpoch: 1n, halvingEpochs: 0, maxHalvings: 0 },
    { perEpoch: 1n, halvingEpochs: 1, maxHalvings: 128 },
    { perEpoch: 1n, halvingEpochs: 1.5, maxHalvings: 1 },
  ])('error: %o is refused', (options) => {
    expect(() => fixedHalving(options)).toThrow(EconomicsError)
  })
})

/** HIP-20's table (helium/HIP, 0020-hnt-max-supply.md): years as epochs, halving every two, counted from its year 1. */
describe("Helium's halving table", () => {
  const schedule = fixedHalving({ perEpoch: 60_000_000n * TOKEN, halvingEpochs: 2, maxHalvings: 24 })
  const supply = (year: number) => schedule.cumulative(year - 1)

  test('default: the published rows', () => {
    expect(supply(7)).toBe(210_000_000n * TOKEN)
    expect(supply(9)).toBe(225_000_000n * TOKEN)
    expect(supply(50) / TOKEN).toBe(239_999_989n)
    // Published rounded, as 3.6.
    expect(emissionOf(schedule, 49, 49)).toBe(3_576278686523437500n)
  })

  test('behavior: every year mints 60 M over 2^⌊(year − 1) / 2⌋, and all 50 years stay below the maximum supply', () => {
    for (let year = 1; year <= 50; year++) {
      expect(emissionOf(schedule, year - 1, year - 1)).toBe(
        (60_000_000n * TOKEN) >> BigInt(Math.floor((year - 1) / 2)),
      )
    }
    expect(schedule.total).toBeLessThan(240_000_000n * TOKEN)
  })
})
