import type { Row } from '../row.ts'
import { median } from '../statistics.ts'
import { runProcess } from '../threads/run-process.ts'
import { OBSERVATIONS_PER_REPORT } from '../workloads/epoch-workload.ts'

const SMALL = 10_000
const LARGE = 1_000_000
const SMALL_ROUNDS = 3

/** Whether a large network's epoch costs more per observation than a small one's. */
export const epochCloseGrowth: Row = {
  name: 'epoch-close-growth',
  unit: 'µs of CPU/observation',
  against: `the same for ${SMALL} devices`,
  budget: { atMost: 1.25 },
  workload: `settle() of one epoch of ${LARGE} and of ${SMALL} devices (median of ${SMALL_ROUNDS}), ${OBSERVATIONS_PER_REPORT} readings each, one thread, a fresh process each time, CPU time of the whole process. Signatures are not checked: they cost the same each, and would hide everything else`,
  commands: {
    ours: `node benchmarks/src/threads/close-process.ts ${LARGE}`,
    peer: `node benchmarks/src/threads/close-process.ts ${SMALL}`,
  },
  async measure() {
    const small: number[] = []
    for (let round = 0; round < SMALL_ROUNDS; round++) small.push((await close(SMALL)).microseconds)
    const large = await close(LARGE)
    return {
      value: large.microseconds,
      ratio: large.microseconds / median(small),
      samples: {
        [`µs/observation, ${LARGE} devices`]: [large.microseconds],
        [`µs/observation, ${SMALL} devices`]: small,
        [`peak memory, MB, ${LARGE} devices`]: [large.peakMb],
      },
    }
  },
}

async function close(devices: number) {
  const module = new URL('../threads/close-process.ts', import.meta.url)
  const { cpuSeconds, peakRssBytes } = await runProcess<{ cpuSeconds: number; peakRssBytes: number }>(
    module,
    `${devices}`,
  )
  return {
    microseconds: (cpuSeconds * 1e6) / (OBSERVATIONS_PER_REPORT * devices),
    peakMb: peakRssBytes / 1e6,
  }
}
