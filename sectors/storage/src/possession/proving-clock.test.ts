import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deriveProvingPeriod, periodAt } from './proving-clock.ts'
import { vectors } from './vectors.fixture.ts'

test('default: the vectors', () => {
  for (const { clock, periods } of vectors.clocks) {
    for (const period of periods) expect(deriveProvingPeriod(clock, period.period)).toEqual(period)
  }
})

test('behavior: periods follow each other, and each has all its stretches', () => {
  const clock = fc
    .record({
      genesis: fc.integer({ min: 1, max: 4_000_000_000 }),
      epochSeconds: fc.integer({ min: 1, max: 86_400 }),
      windowEpochs: fc.integer({ min: 1, max: 200 }),
      rest: fc.integer({ min: 2, max: 200 }),
    })
    .map(({ rest, ...terms }) => ({ ...terms, periodEpochs: terms.windowEpochs + rest }))
  fc.assert(
    fc.property(clock, fc.integer({ min: 0, max: 10_000 }), (terms, number) => {
      const { opensAt, frozenFrom, windowStart, onTimeUntil, endsAt } = deriveProvingPeriod(terms, number)
      expect(opensAt).toBeLessThan(frozenFrom)
      expect(frozenFrom).toBeLessThan(windowStart)
      expect(windowStart).toBeLessThanOrEqual(onTimeUntil)
      expect(onTimeUntil).toBeLessThan(endsAt)
      expect(deriveProvingPeriod(terms, number + 1).opensAt).toBe(endsAt)
      expect(periodAt(terms, opensAt)).toBe(number)
      expect(periodAt(terms, endsAt - 1)).toBe(number)
    }),
  )
})

test('behavior: before genesis it is the first period', () => {
  expect(periodAt({ genesis: 500, epochSeconds: 10, periodEpochs: 3, windowEpochs: 1 }, 3)).toBe(0)
})

test('error: terms without room to remove', () => {
  const clock = { genesis: 500, epochSeconds: 10, periodEpochs: 5, windowEpochs: 4 }
  expect(() => periodAt(clock, 600)).toThrow(expect.objectContaining({ code: 'bad_terms' }))
})
