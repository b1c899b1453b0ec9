import { parseReceipt, type Receipt } from '@cairn/protocol'
import { type ManualClock, manualClock } from '@cairn/runtime'
import { expect, onTestFinished } from 'vitest'
import type { Answer } from './accept/acceptor.ts'
import { createIngest, type IngestOptions } from './create-ingest.ts'
import {
  type FakeChain,
  fakeChain,
  joinBatch,
  makeDevices,
  network,
  quiet,
  signingKey,
  temporaryFolder,
  timeline,
} from './fixtures.ts'

/** The devices that the chain of a test knows. */
export const devices = makeDevices(4)
/** The first of them. */
export const device = devices[0]!

/** An ingest that listens, until the test is over. */
export interface Running {
  readonly chain: FakeChain
  readonly clock: ManualClock
  readonly url: string
  stop(): Promise<void>
  post(reports: readonly Uint8Array[]): Promise<Answer[]>
  get(path: string): Promise<Response>
}

/** Starts an ingest on a chain in memory and a clock that stands still, 5 s into epoch 0. */
export async function startIngest(
  options: Partial<IngestOptions> & { chain?: FakeChain; clock?: ManualClock } = {},
): Promise<Running> {
  const chain = options.chain ?? fakeChain(devices)
  const clock = options.clock ?? manualClock(timeline.genesisMs + 5_000)
  const ingest = createIngest({
    signingKey,
    log: quiet,
    http: { host: '127.0.0.1', port: 0 },
    threads: 1,
    ...options,
    dataDir: options.dataDir ?? (await temporaryFolder(onTestFinished)),
    chain,
    clock,
    limits: { groupIntervalMs: 0, sealPollMs: 1, ...options.limits },
  })
  const { url } = await ingest.start()
  onTestFinished(() => ingest.stop())
  const base = `${url}/v1/networks/${network}`
  return {
    chain,
    clock,
    url,
    stop: () => ingest.stop(),
    async post(reports) {
      const response = await fetch(`${base}/reports`, {
        method: 'POST',
        headers: { 'content-type': 'application/vnd.cairn.reports' },
        body: joinBatch(reports),
      })
      expect(response.status).toBe(200)
      return ((await response.json()) as { results: Answer[] }).results
    },
    get: (path) => fetch(path.startsWith('/') ? `${url}${path}` : `${base}/${path}`),
  }
}

/** The receipt of a report that has to be accepted. */
export const receiptOf = (answer: Answer | undefined): Receipt => {
  expect(answer).toMatchObject({ status: 'accepted' })
  return parseReceipt((answer as { receipt: unknown }).receipt)
}
/** How a report fared, in a word. */
export const codeOf = (answer: Answer | undefined) =>
  answer?.status === 'rejected' ? answer.code : 'accepted'

/** Moves time on by `ms` and the margin, then in small steps, for the sealer sleeps on the clock, until `until` holds. */
export async function advance(clock: ManualClock, ms: number, until: () => boolean | Promise<boolean>) {
  clock.advance(ms + 1_000)
  const step = () => {
    clock.advance(1)
    return until()
  }
  await expect.poll(step, { interval: 2, timeout: 15_000 }).toBe(true)
}
