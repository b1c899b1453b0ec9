import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRange } from './parse-range.ts'

test.for([
  ['bytes=0-0', 10, { start: 0, end: 1 }],
  ['bytes=2-', 10, { start: 2, end: 10 }],
  ['bytes=-3', 10, { start: 7, end: 10 }],
  ['bytes=-30', 10, { start: 0, end: 10 }],
  ['bytes=9-99', 10, { start: 9, end: 10 }],
  ['bytes=10-', 10, 'unsatisfiable'],
  ['bytes=-0', 10, 'unsatisfiable'],
  ['bytes=-1', 0, 'unsatisfiable'],
  ['bytes=0-', 0, 'unsatisfiable'],
  ['bytes=5-4', 10, undefined],
  ['bytes=0-1,3-4', 10, undefined],
  ['bytes=-', 10, undefined],
  ['lines=0-1', 10, undefined],
  [undefined, 10, undefined],
] as const)('default: %s of %i bytes', ([header, size, range]) => {
  expect(parseRange(header, size)).toEqual(range)
})

test('behavior: whatever the header, a range lies within the object and is not empty', () => {
  const part = fc.oneof(fc.constantFrom('bytes=', '-', ',', ' '), fc.nat().map(String), fc.string())
  const header = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(header, fc.nat(), (text, size) => {
      const range = parseRange(text, size)
      if (range === undefined || range === 'unsatisfiable') return
      expect(range.start).toBeGreaterThanOrEqual(0)
      expect(range.start).toBeLessThan(range.end)
      expect(range.end).toBeLessThanOrEqual(size)
    }),
    { numRuns: 2000 },
  )
})
