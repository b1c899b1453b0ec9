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
  against: 'the same epoch in one thread: the sum of its parts, in CPU seconds',
  budget: { atLeast: 1.7 },
  workload: `settle() of one epoch of the template sector: one signed report of ${OBSERVATIONS_PER_REPORT} readings a device, ${THREADS} threads; ${SHORT.devices} devices and ${SHORT.rounds} rounds in turns, with --full ${FULL.devices} devices and ${FULL.rounds} round. Time is CPU time, for two threads that of the calling thread and half of all others' (garbage collection and copying included), which is what the clock shows where both cores are free; by the clock beside. The ratio is the time of one thread over that of two`,
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
      const clock: Record<'ours' | 'peer', number[]> = { ours: [], peer: [] }
      const side = (executor: Executor, shares: number, of: 'ours' | 'peer') => async () => {
        const run = await settleTimed(input, executor)
        roots.add(run.rootId)
        clock[of].push(run.clockSeconds)
        return run.callerCpuSeconds + run.otherCpuSeconds / shares
      }
      const samples = await alternate(
        rounds,
        side(threads, THREADS, 'ours'),
        side(inlineExecutor(means), 1, 'peer'),
      )
      if (roots.size !== 1) throw new Error(`one and two threads settled to ${[...roots].join(' and ')}`)
      return {
        value: median(samples.ours),
        ratio: 1 / ratioOf(samples),
        samples: {
          'ours, s of CPU': samples.ours,
          'peer, s of CPU': samples.peer,
          'ours, s by the clock': clock.ours,
          'peer, s by the clock': clock.peer,
        },
        note: `${devices} devices, ${OBSERVATIONS_PER_REPORT * devices} observations; by the clock the ratio is ${(1 / ratioOf(clock)).toFixed(2)}, with as much of the machine as was free`,
      }
    } finally {
      await threads.close()
    }
  },
}

async function settleTimed(input: SettleInput, executor: Executor) {
  const before = { all: process.cpuUsage(), caller: process.threadCpuUsage(), clock: performance.now() }
  const { rootId }: Settled = await settle(input, benchMeans(), { executor })
  const clockSeconds = (performance.now() - before.clock) / 1000
  const callerCpuSeconds = secondsOf(process.threadCpuUsage(before.caller))
  const otherCpuSeconds = secondsOf(process.cpuUsage(before.all)) - callerCpuSeconds
  return { rootId, clockSeconds, callerCpuSeconds, otherCpuSeconds }
}

const secondsOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1e6
