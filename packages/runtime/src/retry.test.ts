import { expect, test } from 'vitest'
import { retry } from './retry.ts'

const quick = { minDelayMs: 0, maxDelayMs: 0 }

test('default: tries again until it succeeds', async () => {
  const failures: number[] = []
  const result = await retry(
    async (attempt) => {
      if (attempt < 3) throw new Error('not yet')
      return attempt
    },
    { ...quick, onFailure: (_, attempt) => failures.push(attempt) },
  )
  expect(result).toBe(3)
  expect(failures).toEqual([1, 2])
})

test('error: gives up after the last attempt, and at once where it can not help', async () => {
  let runs = 0
  const fail = async () => {
    runs += 1
    throw new Error('broken')
  }
  await expect(retry(fail, { ...quick, attempts: 2 })).rejects.toThrow('broken')
  expect(runs).toBe(2)
  await expect(retry(fail, { ...quick, isTransient: () => false })).rejects.toThrow('broken')
  expect(runs).toBe(3)
})
