import { describe, expect, test } from 'vitest'
import { createTokenBuckets } from './token-buckets.ts'

describe('createTokenBuckets', () => {
  test('default: a burst at once, then as many as come back', () => {
    const buckets = createTokenBuckets<string>({ perSecond: 2, burst: 3 })
    const take = (nowMs: number) => buckets.take('a', nowMs)
    expect([0, 0, 0, 0].map(take)).toEqual([true, true, true, false])
    expect([499, 500, 500, 1_000].map(take)).toEqual([false, true, false, true])
  })

  test('behavior: keys do not share, and looking takes nothing', () => {
    const buckets = createTokenBuckets<string>({ perSecond: 1, burst: 1 })
    expect(buckets.take('a', 0)).toBe(true)
    expect([buckets.has('a', 0), buckets.has('b', 0), buckets.has('b', 0)]).toEqual([false, true, true])
    expect(buckets.size).toBe(1)
  })

  test('behavior: a clock that goes back gives nothing', () => {
    const buckets = createTokenBuckets<string>({ perSecond: 1, burst: 1 })
    buckets.take('a', 10_000)
    expect(buckets.has('a', 0)).toBe(false)
  })

  test('behavior: the key taken from longest ago is forgotten first', () => {
    const buckets = createTokenBuckets<string>({ perSecond: 0, burst: 2 }, 2)
    for (const key of ['a', 'b', 'a', 'c']) buckets.take(key, 0)
    expect(buckets.size).toBe(2)
    expect([buckets.has('a', 0), buckets.take('b', 0), buckets.take('b', 0)]).toEqual([false, true, true])
  })
  test('behavior: a bucket is kept until it is full again, and not for long after', () => {
    const buckets = createTokenBuckets<number>({ perSecond: 1, burst: 4 })
    let kept = 0
    for (let key = 0; key < 1_000; key++) {
      const nowMs = 100 * key
      for (let i = 0; i < 4; i++) expect(buckets.take(key, nowMs)).toBe(true)
      expect([key, key - 9].map((other) => buckets.has(other, nowMs))).toEqual([false, key < 9])
      kept = Math.max(kept, buckets.size)
    }
    expect(kept).toBe(80)
  })
})
