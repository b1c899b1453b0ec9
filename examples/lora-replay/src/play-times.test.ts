import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { derivePlayTimes } from './play-times.ts'

test('default: times are compressed in proportion', () => {
  expect(derivePlayTimes([1000, 2000, 5000], 1000)).toEqual([0, 250, 1000])
})

describe('behavior', () => {
  test('a pause of months counts as a minute', () => {
    expect(derivePlayTimes([0, 60_000, 9e9], 100)).toEqual([0, 50, 100])
  })

  test('time that goes back stands still', () => {
    expect(derivePlayTimes([1000, 500, 1500], 100)).toEqual([0, 0, 100])
  })

  test('order is kept within the duration', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e9)), (timesMs) => {
        const played = derivePlayTimes(timesMs, 1000)
        expect(played).toEqual(played.toSorted((a, b) => a - b))
        expect(played.every((ms) => ms >= 0 && ms <= 1000.001)).toBe(true)
      }),
    )
  })
})
