import { expect, test } from 'vitest'
import { createTokenBucket } from './token-bucket.ts'

const takeMany = (bucket: { take: (nowMs: number) => boolean }, count: number, nowMs: number): number =>
  Array.from({ length: count }, () => bucket.take(nowMs)).filter(Boolean).length

test('default: a burst, then the average', () => {
  const bucket = createTokenBucket(10, 20, 0)
  expect(takeMany(bucket, 30, 0)).toBe(20)
  expect(takeMany(bucket, 30, 99)).toBe(0)
  expect(takeMany(bucket, 30, 100)).toBe(1)
  expect(takeMany(bucket, 300, 60_000)).toBe(20)
})

test('behavior: a clock set back neither refills nor blocks for good', () => {
  const bucket = createTokenBucket(1, 1, 10_000)
  expect(bucket.take(10_000)).toBe(true)
  expect(bucket.take(0)).toBe(false)
  expect(bucket.take(1000)).toBe(true)
})

test('behavior: no limit', () => {
  expect(takeMany(createTokenBucket(Infinity, Infinity, 0), 1000, 0)).toBe(1000)
})
