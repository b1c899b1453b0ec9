import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ladderBps } from './ladder.ts'

const ladder = { scores: [2, 3, 5, 8], bps: [0, 1_000, 5_000, 10_000] }

test('default: each root takes its step of what is left', () => {
  expect([1, 2, 3, 4, 5, 8].map((roots) => ladderBps(ladder, roots))).toEqual([
    0, 0, 1_000, 1_900, 5_950, 10_000,
  ])
})

test('behavior: more faults never cost less, and a ladder of nothing costs nothing', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 300 }), (shares, roots) => {
      const rising = { scores: [1, 2, 3, 4], bps: shares.sort((a, b) => a - b) }
      expect(ladderBps(rising, roots + 1)).toBeGreaterThanOrEqual(ladderBps(rising, roots))
      expect(ladderBps({ scores: [1, 2, 3, 4], bps: [0, 0, 0, 0] }, roots)).toBe(0)
    }),
  )
})
