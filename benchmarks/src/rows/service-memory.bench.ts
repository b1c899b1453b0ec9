import type { Row } from '../row.ts'
import { startIngestLoad } from '../workloads/ingest-load.ts'
import { LINES, startCommand, startLocalNetwork } from '../workloads/local-network.ts'

const INGEST_LIMIT_MB = 512
/** Enough that V8's heaps have found their size: what still grows by then would show in the last rounds. */
const INGEST_ROUNDS = 5
const REPORTS_PER_ROUND = 8000
const NETWORK_LIMIT_MB = 1024
const UPLINKS_PER_SECOND = 200

/** What services need of a machine's memory while they work. */
export const serviceMemory: readonly Row[] = [
  {
    name: 'service-memory-ingest',
    unit: 'MB',
    against: `limit of ${INGEST_LIMIT_MB} MB`,
    budget: { atMost: 1 },
    workload: `peak resident memory of an ingest in a process of its own, two checking threads, that was sent ${INGEST_ROUNDS} × ${REPORTS_PER_ROUND} reports of 64 observations, 8 requests of 256 at a time; the samples are the peaks so far after each round`,
    commands: { ours: 'npm run bench -- service-memory-ingest', peer: 'none: an absolute limit' },
    async measure() {
      const load = await startIngestLoad({
        rounds: INGEST_ROUNDS,
        reportsPerRound: REPORTS_PER_ROUND,
        observationsEach: 64,
      })
      try {
        const peaks: number[] = []
        for (let round = 0; round < INGEST_ROUNDS; round++) peaks.push((await load.send()).peakRssBytes / 1e6)
        const value = Math.max(...peaks)
        return { value, ratio: value / INGEST_LIMIT_MB, samples: { 'ours, MB': peaks } }
      } finally {
        load.close()
      }
    },
  },
  {
    name: 'service-memory-network',
    unit: 'MB',
    against: `limit of ${NETWORK_LIMIT_MB} MB`,
    budget: { atMost: 1 },
    workload: `resident memory of all processes of a local network (chain, ingest, three verifiers, agent, simulated gateways) when its first paid epoch is final, at ${UPLINKS_PER_SECOND} uplinks/s`,
    commands: {
      ours: startCommand('--rate', `${UPLINKS_PER_SECOND}`),
      peer: 'none: an absolute limit',
    },
    async measure() {
      const network = await startLocalNetwork('--rate', `${UPLINKS_PER_SECOND}`)
      try {
        await network.secondsTo(LINES.paid, 360)
        const resident = await network.residentMb()
        const value = Object.values(resident).reduce((sum, mb) => sum + mb, 0)
        const samples = Object.fromEntries(Object.entries(resident).map(([process, mb]) => [process, [mb]]))
        return { value, ratio: value / NETWORK_LIMIT_MB, samples }
      } finally {
        await network.stop()
      }
    },
  },
]
