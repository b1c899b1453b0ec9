import type { NetworkId, Receipt } from '@cairn/protocol'
import type { Logger } from '@cairn/runtime'
import { createBackoff } from './backoff.ts'
import { type Fetch, fetchJson } from './ingest/bounded-fetch.ts'
import { IngestError } from './ingest/ingest-error.ts'

/** Gives receipts to watchers, who compare them with what ingests commit. Receipts stay on disk whatever becomes of it. */
export interface ReceiptForwarder {
  add(receipts: readonly Receipt[]): void
  /** Sends what waits, once to each watcher that may be asked. */
  round(signal: AbortSignal): Promise<void>
  status(): { url: string; waiting: number; forwarded: number; lastProblem: string | undefined }[]
}

export interface ReceiptForwarderOptions {
  readonly watchers: readonly string[]
  readonly network: NetworkId
  readonly fetch: Fetch
  readonly ownNow: () => number
  readonly random: () => number
  readonly log: Logger
}

const perRequest = 256
/** Receipts that wait for a watcher; beyond, the oldest are passed over. */
const mostWaiting = 65_536
const timeoutMs = 15_000

/** Sends `{"receipts": […]}` to `POST <watcher>/v1/networks/{network}/receipts`. */
export function createReceiptForwarder(options: ReceiptForwarderOptions): ReceiptForwarder {
  const { network, fetch, ownNow, log } = options
  const watchers = options.watchers.map((url) => ({
    url,
    target: `${url.replace(/\/$/, '')}/v1/networks/${network}/receipts`,
    backoff: createBackoff(options.random),
    waiting: [] as Receipt[],
    forwarded: 0,
    lastProblem: undefined as string | undefined,
  }))
  type Watcher = (typeof watchers)[number]

  const send = async (watcher: Watcher, signal: AbortSignal): Promise<void> => {
    const batch = watcher.waiting.slice(0, perRequest)
    try {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ receipts: batch }),
      }
      await fetchJson(fetch, { url: watcher.target, init, timeoutMs, maxBytes: 1 << 20, signal })
      watcher.forwarded += batch.length
    } catch (error) {
      if (signal.aborted || !(error instanceof IngestError)) throw error
      watcher.backoff.fail(ownNow(), error.retryAfterMs)
      watcher.lastProblem = error.message
      log.warn({ watcher: watcher.url, code: error.code }, 'watcher failed')
      if (!isFinal(error)) return
    }
    // Only what was sent leaves the queue: more may have come meanwhile.
    watcher.waiting.splice(0, batch.length)
  }

  return {
    add(receipts) {
      for (const watcher of watchers) {
        watcher.waiting.push(...receipts)
        const tooMany = watcher.waiting.length - mostWaiting
        if (tooMany > 0) watcher.waiting.splice(0, tooMany)
      }
    },
    async round(signal) {
      for (const watcher of watchers) {
        while (watcher.waiting.length > 0 && watcher.backoff.isReady(ownNow()) && !signal.aborted) {
          const failures = watcher.backoff.failures()
          await send(watcher, signal)
          if (watcher.backoff.failures() === failures) watcher.backoff.succeed()
        }
      }
    },
    status: () =>
      watchers.map(({ url, waiting, forwarded, lastProblem }) => ({
        url,
        waiting: waiting.length,
        forwarded,
        lastProblem,
      })),
  }
}

/** A watcher that refuses receipts for what they are would refuse them for ever. */
const isFinal = ({ status }: IngestError): boolean =>
  status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429
