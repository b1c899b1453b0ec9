import { fromHex, type Hex } from '@cairn/protocol'
import { systemClock } from '@cairn/runtime'
import { createIngest } from './create-ingest.ts'
import { fakeChain, quiet, signingKey, timeline } from './fixtures.ts'

/** An ingest in a process of its own, to be killed: takes its set-up from the environment and sends its port to the parent. */
const { dataDir, keys, genesisMs } = JSON.parse(process.env.CAIRN_CRASH_CHILD!) as {
  dataDir: string
  keys: { x: Hex; y: Hex }[]
  genesisMs: number
}
const devices = keys.map(({ x, y }) => ({ key: { x: fromHex(x), y: fromHex(y) } }))
const ingest = createIngest({
  chain: fakeChain(devices, { timeline: { ...timeline, genesisMs, epochMs: 86_400_000 } }),
  clock: systemClock(),
  log: quiet,
  signingKey,
  dataDir,
  http: { host: '127.0.0.1', port: 0 },
  threads: 1,
  limits: { devicePerSecond: 1e6, deviceBurst: 1e6, reportsPerDevice: 1e6, groupIntervalMs: 1 },
})
const { port } = await ingest.start()
process.send?.({ port })
