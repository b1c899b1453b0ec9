import { describe, expect, test } from 'vitest'
import { expectVerdicts } from './expect-verdicts.ts'

const rules = { maxCopies: 2, carryEpochs: 8 }
const counts = (...copies: [epoch: number, device: number][]) =>
  Object.fromEntries(
    expectVerdicts(
      copies.map(([epoch, device]) => ({ epoch, device })),
      rules,
    ),
  )

test('default: each device is paid once for a frame', () => {
  expect(counts([0, 1], [0, 2])).toEqual({ 0: 2 })
})

describe('behavior', () => {
  test('a second reception by the same device is a duplicate', () => {
    expect(counts([0, 1], [0, 1], [0, 2])).toEqual({ 0: 2, 101: 1 })
  })

  test('devices beyond the copies that are bought go unpaid', () => {
    expect(counts([0, 1], [0, 2], [0, 3])).toEqual({ 0: 2, 104: 1 })
  })

  test('later epochs are paid nothing, until the frame is forgotten', () => {
    expect(counts([0, 1], [3, 1], [3, 2])).toEqual({ 0: 1, 103: 2 })
    expect(counts([0, 1], [8, 2], [16, 3])).toEqual({ 0: 1, 103: 2 })
    expect(counts([0, 1], [9, 2])).toEqual({ 0: 2 })
  })
})
