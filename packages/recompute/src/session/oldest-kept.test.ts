import { expect, test } from 'vitest'
import { oldestKept } from './oldest-kept.ts'

/** A network whose slots are of these epochs, the first `settled` of them covered by a final root. */
const network = (epochs: readonly number[], settled: number) =>
  ({
    slots: { list: epochs.map((epoch, slot) => ({ slot, epoch })) },
    roots: { standing: settled === 0 ? [] : [{ state: 'final', root: { evidenceEnd: settled } }] },
  }) as unknown as Parameters<typeof oldestKept>[0]

test('default: the evidence of the last epochs that have any is kept, and everything while there is little', () => {
  expect(oldestKept(network([0, 1, 1, 2, 3_000, 3_001], 6), 3)).toBe(2)
  expect(oldestKept(network([0, 1, 1, 2, 3_000, 3_001], 6), 5)).toBe(0)
  expect(oldestKept(network([], 0), 5)).toBe(0)
})

test('behavior: evidence that no final root covers is kept however old it is', () => {
  expect(oldestKept(network([0, 1, 2, 3_000, 3_001], 1), 2)).toBe(1)
  expect(oldestKept(network([0, 1, 2, 3_000, 3_001], 0), 2)).toBe(0)
  expect(oldestKept(network([0, 5, 6, 4, 7], 1), 2)).toBe(4)
})
