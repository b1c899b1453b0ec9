import { expect, test } from 'vitest'
import { derivePayout, derivePots } from './payouts.ts'

test('behavior: a program without weight pays nothing for its work, and rolls nothing over', () => {
  const pots = derivePots([700n, 0n, 300n, 0n], [0n, 0n, 0n, 0n], [10n, 8n, 0n, 0n])
  expect(derivePayout(5n, [5n, 8n, 0n, 0n], pots)).toBe(355n)
  expect(pots.rollover).toEqual([0n, 0n, 300n, 0n])
})
