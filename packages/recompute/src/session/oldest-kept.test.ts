import { expect, test } from 'vitest'
import { oldestKept } from './oldest-kept.ts'

const timeline = { genesis: 0n, epochSeconds: 10 } as Parameters<typeof oldestKept>[0]['history']['timeline']

/** A network whose slots are of these epochs, the first `settled` of them covered by a final root. */
const network = (epochs: readonly number[], settled: number, now: number) => ({
  now,
  history: {
    timeline,
    slots: { list: epochs.map((epoch) => ({ epoch })) },
    roots: { standing: settled === 0 ? [] : [{ state: 'final', root: { evidenceEnd: settled } }] },
  } as unknown as Parameters<typeof oldestKept>[0]['history'],
})

test('default: evidence that is settled is kept for the retention', () => {
  expect(oldestKept(network([0, 1, 2], 3, 1_000), 20)).toBe(80)
  expect(oldestKept(network([0, 1, 2], 3, 100), 20)).toBe(0)
})

test('behavior: evidence that no final root covers is kept however old it is', () => {
  expect(oldestKept(network([0, 1, 2], 1, 1_000), 20)).toBe(1)
  expect(oldestKept(network([0, 1, 2], 0, 1_000), 20)).toBe(0)
})
