import type { Row } from '../row.ts'
import { median } from '../statistics.ts'
import { runProcess } from '../threads/run-process.ts'

const DEVICES = 1_000_000
const LIMIT_MB = 500
const ROUNDS = 2

/** What the trees of a large network's root need of a verifier's memory, the program itself included. */
export const rewardTreesMemory: Row = {
  name: 'reward-trees-memory',
  unit: 'MB',
  against: `limit of ${LIMIT_MB} MB`,
  budget: { atMost: 1 },
  workload: `peak resident memory (getrusage) of a fresh process that builds payout and work tree of ${DEVICES} devices and their inputs, median of ${ROUNDS}`,
  commands: {
    ours: `/usr/bin/time -v node benchmarks/src/threads/reward-trees-process.ts ${DEVICES}`,
    peer: 'none: an absolute limit',
  },
  async measure() {
    const module = new URL('../threads/reward-trees-process.ts', import.meta.url)
    const samples: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const { peakRssBytes } = await runProcess<{ peakRssBytes: number }>(module, `${DEVICES}`)
      samples.push(peakRssBytes / 1e6)
    }
    const value = median(samples)
    return { value, ratio: value / LIMIT_MB, samples: { 'ours, MB': samples } }
  },
}
