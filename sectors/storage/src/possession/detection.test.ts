import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CERTAIN_PPB, detectionPpb, meanPeriodsToDetectMilli, periodsToDetect } from './detection.ts'

const gone = (missing: bigint, total = 1_000n, challenges = 5) => ({ missing, total, challenges })

test('default: five challenges a day find one percent in 4.9 % of the days, and in 78 % of the months', () => {
  expect(detectionPpb(gone(10n), 1) / CERTAIN_PPB).toBeCloseTo(0.049, 4)
  expect(detectionPpb(gone(10n), 30) / CERTAIN_PPB).toBeCloseTo(0.77855, 5)
  expect(detectionPpb(gone(100n), 1) / CERTAIN_PPB).toBeCloseTo(0.40951, 5)
  expect(meanPeriodsToDetectMilli(gone(10n))).toBe(20_405n)
  expect(periodsToDetect(gone(10n), 990_000_000)).toBe(92)
})

test('behavior: as the formula in floating point', () => {
  const missing = fc.bigInt({ min: 1n, max: 1_000_000n })
  const challenges = fc.integer({ min: 1, max: 64 })
  fc.assert(
    fc.property(missing, challenges, fc.integer({ min: 1, max: 5_000 }), (lost, asked, periods) => {
      const total = 1_000_000n
      const exact = -Math.expm1(asked * periods * Math.log1p(-Number(lost) / Number(total)))
      const found = detectionPpb(gone(lost, total, asked), periods)
      expect(Math.abs(found - exact * CERTAIN_PPB)).toBeLessThan(2)
    }),
  )
})

test('behavior: the periods that are needed are the least', () => {
  const missing = fc.bigInt({ min: 1n, max: 1_000n })
  fc.assert(
    fc.property(missing, fc.integer({ min: 1, max: CERTAIN_PPB - 1 }), (lost, confidence) => {
      const needed = periodsToDetect(gone(lost), confidence)!
      expect(detectionPpb(gone(lost), needed)).toBeGreaterThanOrEqual(confidence)
      if (needed > 0) expect(detectionPpb(gone(lost), needed - 1)).toBeLessThan(confidence)
    }),
  )
})

test('behavior: nothing missing is never found, all of it at once', () => {
  expect(detectionPpb(gone(0n), 1_000_000)).toBe(0)
  expect(periodsToDetect(gone(0n), 1)).toBeUndefined()
  expect(meanPeriodsToDetectMilli(gone(0n))).toBeUndefined()
  expect(detectionPpb(gone(1_000n), 1)).toBe(CERTAIN_PPB)
  expect(meanPeriodsToDetectMilli(gone(1_000n))).toBe(1_000n)
})

test('behavior: one leaf of a petabyte takes long, and is computed as fast', () => {
  const of = { missing: 1n, total: 1n << 45n, challenges: 5 }
  expect(detectionPpb(of, 1_000_000)).toBe(142)
  expect(periodsToDetect(of, 500_000_000)).toBeGreaterThan(4_000_000_000_000)
})

test('error: what is no case', () => {
  const error = expect.objectContaining({ code: 'no_detection_case' })
  expect(() => detectionPpb(gone(1_001n), 1)).toThrow(error)
  expect(() => detectionPpb(gone(0n, 0n), 1)).toThrow(error)
  expect(() => detectionPpb(gone(1n, 10n, 0), 1)).toThrow(error)
  expect(() => detectionPpb(gone(1n), -1)).toThrow(error)
  expect(() => detectionPpb(gone(1n), Number.NaN)).toThrow(error)
  expect(() => periodsToDetect(gone(1n), CERTAIN_PPB)).toThrow(error)
})
