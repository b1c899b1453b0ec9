import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNetworkClock } from './network-clock.ts'

test('default: half of the round trip is taken off', () => {
  const clock = createNetworkClock(() => 1_000)
  expect(clock.now()).toBe(1_000)
  clock.learn('a', 6_000, 900, 1_100)
  expect(clock.offsetMs()).toBe(5_000)
  expect(clock.now()).toBe(6_000)
  clock.learn('a', 900, 900, 900)
  expect(clock.offsetMs()).toBe(0)
})

test('behavior: answers that took too long, or came before they were asked for, teach nothing', () => {
  const clock = createNetworkClock(() => 0)
  clock.learn('a', 99_999, 0, 10_001)
  clock.learn('b', 99_999, 10, 9)
  expect(clock.offsetMs()).toBe(0)
})

test('behavior: the offset lies between those of the honest majority', () => {
  const honest = fc.integer({ min: -500, max: 500 })
  fc.assert(
    fc.property(
      fc.array(honest, { minLength: 2, maxLength: 8 }),
      fc.array(fc.maxSafeNat(), { maxLength: 8 }),
      (truths, lies) => {
        const clock = createNetworkClock(() => 0)
        lies.slice(0, truths.length - 1).forEach((lie, i) => {
          clock.learn(`liar ${i}`, lie, 0, 0)
        })
        truths.forEach((truth, i) => {
          clock.learn(`honest ${i}`, truth, 0, 0)
        })
        expect(clock.offsetMs()).toBeGreaterThanOrEqual(Math.min(...truths))
        expect(clock.offsetMs()).toBeLessThanOrEqual(Math.max(...truths))
      },
    ),
  )
})
