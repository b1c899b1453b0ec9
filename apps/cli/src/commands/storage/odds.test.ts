import { tmpdir } from 'node:os'
import { runCairn } from '@cairn/testing'
import { expect, test } from 'vitest'

const odds = async (...args: string[]) =>
  runCairn<Record<string, unknown>>({ home: tmpdir(), args: ['storage', 'odds', ...args] })

test('default: one percent missing, five challenges a day', async () => {
  const { exitCode, value } = await odds('--missing', '1%', '--challenges', '5', '--period', '1d')
  expect(exitCode).toBe(0)
  expect(value).toMatchObject({ missing: 10_000_000, total: 1_000_000_000, meanPeriodsMilli: 20_405 })
})

test('error: what is no share, time or number of challenges', async () => {
  expect((await odds('--missing', '101%')).exitCode).toBe(2)
  expect((await odds('--missing', '0.01')).exitCode).toBe(2)
  expect((await odds('--period', 'daily')).exitCode).toBe(2)
  expect((await odds('--challenges', '65')).exitCode).toBe(2)
})
