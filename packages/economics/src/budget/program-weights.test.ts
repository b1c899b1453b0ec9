import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EconomicsError } from '../economics-error.ts'
import { splitBudget, weightsAt } from './program-weights.ts'

const sunset = [
  { epoch: 100, weightsBps: [9_000, 1_000] },
  { epoch: 200, weightsBps: [0, 10_000] },
]

describe('weightsAt', () => {
  test.for([
    [0, [9_000, 1_000]],
    [100, [9_000, 1_000]],
    [101, [9_000, 1_000]],
    [102, [8_820, 1_180]],
    [150, [4_500, 5_500]],
    [199, [180, 9_820]],
    [200, [0, 10_000]],
    [4_000_000_000, [0, 10_000]],
  ] as const)('default: coverage sunsets into usage; epoch %i: %o', ([epoch, weights]) => {
    expect(weightsAt(sunset, epoch)).toEqual(weights)
  })

  test('behavior: a line moves in at most 64 steps, and on every epoch when it is short', () => {
    const steps = (length: number) => {
      const points = [sunset[0]!, { epoch: 100 + length, weightsBps: [0, 10_000] }]
      const epochs = Array.from({ length }, (_, passed) => 100 + passed)
      return new Set(epochs.map((epoch) => weightsAt(points, epoch)[0])).size
    }
    expect([1, 64, 65, 128, 1_000, 6_400].map(steps)).toEqual([1, 64, 33, 64, 63, 64])
  })

  test('behavior: the last program that has weight at either end has the rest', () => {
    const points = [
      { epoch: 0, weightsBps: [3_333, 6_667, 0, 0] },
      { epoch: 7, weightsBps: [10_000, 0, 0, 0] },
    ]
    expect(weightsAt(points, 3)).toEqual([6_190, 3_810, 0, 0])
  })

  test('behavior: weights always sum to 10 000, and a budget is never split into more than itself', () => {
    const point = fc
      .array(fc.integer({ min: 0, max: 1000 }), { minLength: 3, maxLength: 3 })
      .map((weights) => [...weights, 10_000 - weights.reduce((sum, weight) => sum + weight, 0)])
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 1_000 }),
        fc.bigInt({ min: 0n, max: 1n << 96n }),
        (weights, epoch, budget) => {
          const points = weights.map((weightsBps, index) => ({ epoch: index * 173, weightsBps }))
          const at = weightsAt(points, epoch)
          expect(at.reduce((sum, weight) => sum + weight, 0)).toBe(10_000)
          expect(at.every((weight) => weight >= 0)).toBe(true)
          const split = splitBudget(budget, at).reduce((sum, part) => sum + part, 0n)
          expect(split <= budget && budget - split < 4n).toBe(true)
        },
      ),
    )
  })

  test.for([
    ['no points', []],
    ['weights of 9 999', [{ epoch: 0, weightsBps: [9_999] }]],
    ['a weight below zero', [{ epoch: 0, weightsBps: [-1, 10_001] }]],
    ['points of unlike length', [...sunset, { epoch: 300, weightsBps: [10_000] }]],
    ['nine points', Array.from({ length: 9 }, (_, epoch) => ({ epoch, weightsBps: [10_000] }))],
    ['points out of order', [sunset[1]!, sunset[0]!]],
    ['five programs', [{ epoch: 0, weightsBps: [2000, 2000, 2000, 2000, 2000] }]],
  ] as const)('error: %s', ([, points]) => {
    expect(() => weightsAt(points, 0)).toThrow(EconomicsError)
  })
})
