import { mkdtemp, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { createIngest } from '@cairn/ingest'
import { type Clock, createLogger, systemClock } from '@cairn/runtime'
import { EPOCH_MS, network, snapshotOf } from '../workloads/epoch-workload.ts'

/**
 * Process of the rows `ingest-*`: an ingest before a chain in memory, its log on the disk that benchmarks/.cache is on. It sends its port, and whenever it is sent something the CPU time it
 * has used; a disconnect ends it.
 */
const deviceCount = Number(process.argv[2])
const dataDir = await mkdtemp(fileURLToPath(new URL('../../.cache/ingest-', import.meta.url)))
const snapshot = snapshotOf(deviceCount)
const clock: Clock = { ...systemClock(), now: () => EPOCH_MS + performance.now() }

const ingest = createIngest({
  chain: {
    network,
    domain: { chainId: 31_337, verifyingContract: `0x${'c0'.repeat(20)}` },
    timeline: { genesisMs: 0, epochMs: 3_600_000, sealMs: 60_000, lateMs: 60_000 },
    snapshot: async () => snapshot,
    capacity: async () => ({ reports: 2 ** 31, bytes: 2 ** 40 }),
    committed: async () => undefined,
    commit: async () => {},
  },
  clock,
  log: createLogger({ name: 'benchmark', level: 'silent' }),
  signingKey: new Uint8Array(32).fill(7),
  dataDir,
  http: { host: '127.0.0.1', port: 0 },
  threads: 2,
})
const { port } = await ingest.start()

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send!({ cpuSeconds: (user + system) / 1e6, peakRssBytes: 1024 * process.resourceUsage().maxRSS })
})
process.on('disconnect', async () => {
  await ingest.stop()
  await rm(dataDir, { recursive: true, force: true })
  process.exit()
})
process.send!({ port })
