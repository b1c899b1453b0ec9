import { tmpdir } from 'node:os'
import { runCairn } from '@cairn/testing'
import { expect, test } from 'vitest'
import type { StorageSimulation } from '../storage/storage-tools.ts'

test('default: few seeds, whose numbers agree with the formula', async () => {
  const args = ['simulate', 'storage', '--seeds', '5', '--first-seed', '3']
  const { exitCode, value } = await runCairn<StorageSimulation>({ home: tmpdir(), args })
  expect(value.detections.map(({ isWithinBand }) => isWithinBand)).not.toContain(undefined)
  expect(exitCode).toBe(value.detections.every(({ isWithinBand }) => isWithinBand) ? 0 : 3)
  expect(value.unseen.every(({ missed }) => missed === 0)).toBe(true)
  expect(value.standings.filter(({ honest }) => honest).every(({ everNone }) => everNone === 0)).toBe(true)
}, 60_000)
