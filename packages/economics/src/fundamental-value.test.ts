import { expect, test } from 'vitest'
import { fundamentalValue } from './fundamental-value.ts'

// Revenue 1 000 a year, 10 % a year.
test.for([
  [0n, 10_000n],
  [2_500n, 7_500n],
  [10_000n, 0n],
] as const)('default: with %i basis points minted again, all tokens are worth %i', ([remintBps, value]) => {
  expect(fundamentalValue({ annualRevenue: 1_000n, remintBps, discountBps: 1_000n })).toBe(value)
})

test('behavior: it is where a simulated burn and mint stands still', () => {
  // M' = −(1 − s)·u with u = (M/V)·y, and V stays: the price V/M then grows by ρ.
  const [revenue, remint, discount] = [1_000, 0.25, 0.1]
  const value = Number(fundamentalValue({ annualRevenue: 1_000n, remintBps: 2_500n, discountBps: 1_000n }))
  let supply = 1_000
  const start = value / supply
  for (let step = 0; step < 10_000; step++) supply -= ((1 - remint) * (supply / value) * revenue) / 10_000
  expect(value / supply / start).toBeCloseTo(Math.exp(discount), 4)
})

test('error: a discount of zero is refused', () => {
  expect(() => fundamentalValue({ annualRevenue: 1n, remintBps: 0n, discountBps: 0n })).toThrow()
})
