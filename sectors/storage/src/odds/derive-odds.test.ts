import { expect, test } from 'vitest'
import { deriveOdds } from './derive-odds.ts'

test('default: one percent missing, five challenges a day', () => {
  const odds = deriveOdds({ missing: 10n, total: 1_000n, challenges: 5, periodSeconds: 86_400 })
  expect(odds.meanPeriodsMilli).toBe(20_405n)
  expect(odds.meanSeconds).toBe(1_762_992n)
  expect(odds.within.map(({ days, periods }) => [days, periods])).toEqual([
    [1, 1],
    [7, 7],
    [30, 30],
    [90, 90],
    [365, 365],
  ])
  expect(odds.within[2]!.ppb / 1e9).toBeCloseTo(0.77855, 5)
  expect(odds.until.find(({ ppb }) => ppb === 990_000_000)).toEqual({
    ppb: 990_000_000,
    periods: 92,
    seconds: 92 * 86_400,
  })
})

test('behavior: a period longer than a day is counted once, and nothing missing is never found', () => {
  const odds = deriveOdds({ missing: 0n, total: 8n, challenges: 5, periodSeconds: 864_000 })
  expect(odds.within[0]).toEqual({ days: 1, periods: 1, ppb: 0 })
  expect(odds).toMatchObject({ meanPeriodsMilli: undefined, meanSeconds: undefined })
  expect(odds.until.every(({ periods, seconds }) => periods === undefined && seconds === undefined)).toBe(
    true,
  )
})

test('error: more is missing than there is', () => {
  const wrong = () => deriveOdds({ missing: 9n, total: 8n, challenges: 5, periodSeconds: 86_400 })
  expect(wrong).toThrow(expect.objectContaining({ code: 'no_detection_case' }))
})
