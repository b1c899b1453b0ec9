import { threadExecutor } from '@cairn/recompute'
import { type Executor, inlineExecutor, type Settled, type SettleInput, settle } from '@cairn/settlement'
import type { Row } from '../row.ts'
import { alternate, median, ratioOf } from '../statistics.ts'
import { benchMeans, epochOf, OBSERVATIONS_PER_REPORT, signaturesOf } from '../workloads/epoch-workload.ts'

const THREADS = 2
const FULL = { devices: 1_000_000, rounds: 1 }
const SHORT = { devices: 30_000, rounds: 3 }

/** What a second thread is worth when an epoch closes: signatures, verdicts and trees, from evidence to root. */
export const epochClose: Row = {
  name: 'epoch-close',
  unit: 's',
  against: 'the same epoch in one thread, the sum of its parts, by the clock',
  budget: { atLeast: 1.7 },
  workload: `settle() of one epoch of the template sector: one signed report of ${OBSERVATIONS_PER_REPORT} readings a device, ${THREADS} threads; ${SHORT.devices} devices and ${SHORT.rounds} rounds in turns, with --full ${FULL.devices} devices and ${FULL.rounds} round. The ratio is the time of one thread over that of two`,
  commands: {
    ours: 'npm run bench -- epoch-close (--full)',
    peer: 'settle(input, means) in the same process',
  },
  async measure({ full }) {
    const { devices, rounds } = full ? FULL : SHORT
    const means = benchMeans()
    const threads = threadExecutor(new URL('../threads/settle-thread.ts', import.meta.url), THREADS)
    try {
      const warmUp = epochOf(1000, await signaturesOf(1000))
      await settleTimed(warmUp, inlineExecutor(means))
      await settleTimed(warmUp, threads)
      const input = epochOf(devices, await signaturesOf(devices))
      const roots = new Set<string>()
      const cpu = { ours: [] as number[], peer: [] as number[] }
      const side = (executor: Executor, used: number[]) => async () => {
        const run = await settleTimed(input, executor)
        roots.add(run.rootId)
        used.push(run.cpuSeconds)
        return run.seconds
      }
      const samples = await alternate(rounds, side(threads, cpu.ours), side(inlineExecutor(means), cpu.peer))
      if (roots.size !== 1) throw new Error(`one and two threads settled to ${[...roots].join(' and ')}`)
      return {
        value: median(samples.ours),
        ratio: 1 / ratioOf(samples),
        samples: {
          'ours, s': samples.ours,
          'peer, s': samples.peer,
          'ours, CPU s': cpu.ours,
          'peer, CPU s': cpu.peer,
        },
        note: `${devices} devices, ${OBSERVATIONS_PER_REPORT * devices} observations. Two threads can only gain what the machine has free: read the load along with it`,
      }
    } finally {
      await threads.close()
    }
  },
}

async function settleTimed(input: SettleInput, executor: Executor) {
  const cpuBefore = process.cpuUsage()
  const start = performance.now()
  const { rootId }: Settled = await settle(input, benchMeans(), { executor })
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  return { rootId, seconds, cpuSeconds: (user + system) / 1e6 }
}
