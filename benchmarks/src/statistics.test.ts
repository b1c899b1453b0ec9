import { describe, expect, it } from 'vitest'
import { alternate, median, ratioOf } from './statistics.ts'

describe('statistics', () => {
  it('default: the median of odd and even counts', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(median([7])).toBe(7)
  })

  it('behavior: the two sides take turns', async () => {
    const order: string[] = []
    const side = (name: string, value: number) => async () => {
      order.push(name)
      return value
    }
    const samples = await alternate(2, side('ours', 1), side('peer', 2))
    expect(order).toEqual(['peer', 'ours', 'peer', 'ours'])
    expect(samples).toEqual({ ours: [1, 1], peer: [2, 2] })
  })

  it('behavior: a round in which everything was slow does not change the ratio', () => {
    expect(ratioOf({ ours: [80, 8, 80], peer: [100, 10, 100] })).toBeCloseTo(0.8)
  })
})
