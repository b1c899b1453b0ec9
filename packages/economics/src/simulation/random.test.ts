import { expect, test } from 'vitest'
import { seededRandom, splitMix64, xoshiro128 } from './random.ts'

test('default: xoshiro128** from the state 1, 2, 3, 4, as its reference code prints it', () => {
  const { next } = xoshiro128([1, 2, 3, 4])
  expect(Array.from({ length: 10 }, next)).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ])
})

test('default: SplitMix64 from 1234567, as published', () => {
  const outputs: bigint[] = []
  let state = 1234567n
  for (let step = 0; step < 3; step++) {
    const { output, state: after } = splitMix64(state)
    outputs.push(output)
    state = after
  }
  expect(outputs).toEqual([6457827717110365317n, 3203168211198807973n, 9817491932198370423n])
})

test('behavior: the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: bigint) => Array.from({ length: 100 }, seededRandom(seed).next)
  expect(draw(7n)).toEqual(draw(7n))
  expect(draw(7n)).not.toEqual(draw(8n))
})

test('behavior: uniform numbers are in [0, 1) with mean ½, normal ones have mean 0 and variance 1', () => {
  const { uniform, normal } = seededRandom(1n)
  const count = 50_000
  let sum = 0
  for (let i = 0; i < count; i++) {
    const each = uniform()
    if (each < 0 || each >= 1) throw new Error(`${each} is not in [0, 1)`)
    sum += each
  }
  expect(sum / count).toBeCloseTo(0.5, 2)
  const normals = Array.from({ length: count }, normal)
  const mean = normals.reduce((total, each) => total + each, 0) / count
  const variance = normals.reduce((total, each) => total + (each - mean) ** 2, 0) / count
  expect(Math.abs(mean)).toBeLessThan(0.02)
  expect(Math.abs(variance - 1)).toBeLessThan(0.03)
})
