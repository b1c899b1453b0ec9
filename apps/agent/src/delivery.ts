import { type Hex, serializeReport } from '@cairn/protocol'
import type { Logger } from '@cairn/runtime'
import { type Backoff, createBackoff } from './backoff.ts'
import type { DeadLetters } from './dead-letters.ts'
import { type IngestClient, SEND_LIMITS, type SendResult } from './ingest/ingest-client.ts'
import { IngestError } from './ingest/ingest-error.ts'
import type { NetworkClock } from './ingest/network-clock.ts'
import { type ReceiptCheck, verifyReceipt } from './ingest/receipt-check.ts'
import type { Outbox } from './outbox/outbox.ts'
import { type PendingReport, reportKey } from './outbox/outbox-state.ts'
import type { ReceiptStore, StoredReceipt } from './receipt-store.ts'
import { epochAt, epochStartMs, type Timeline } from './timeline.ts'

/** An ingest that the agent may use. */
export interface IngestEndpoint {
  readonly url: string
  /** Its account, from the chain. With it, receipts signed by anybody else are refused. */
  readonly address?: Hex
}

export interface DeliveryOptions {
  /** In the order of preference. */
  readonly ingests: readonly { readonly endpoint: IngestEndpoint; readonly client: IngestClient }[]
  readonly outbox: Outbox
  readonly receipts: ReceiptStore
  readonly deadLetters: DeadLetters
  readonly check: ReceiptCheck
  readonly clock: NetworkClock
  /** The agent's own clock, for round trips and waits. */
  readonly ownNow: () => number
  readonly timeline: Timeline
  /** How long after an epoch's end its reports are still offered, ms. */
  readonly lateMs: number
  readonly random: () => number
  readonly log: Logger
  /** Called with receipts once they are durable. */
  readonly onReceipts: (receipts: readonly StoredReceipt[]) => void
}

export interface IngestStatus {
  readonly url: string
  readonly accepted: number
  /** Rejections by code. */
  readonly rejected: Readonly<Record<string, number>>
  /** Failures since the last success. */
  readonly failures: number
  /** When it is asked next, own clock, ms; 0 when at once. */
  readonly readyAtMs: number
  /** What went wrong last, and what to do. */
  readonly lastProblem: string | undefined
}

/** Brings reports to ingests, and what they answer to where it belongs. */
export interface Delivery {
  /** Offers everything that is pending, once to each ingest that may be asked. */
  round(signal: AbortSignal): Promise<void>
  /** Asks every ingest for its clock. */
  syncClock(signal: AbortSignal): Promise<void>
  status(): IngestStatus[]
}

type Refusal = Extract<SendResult, { status: 'rejected' }>

interface Peer {
  readonly endpoint: IngestEndpoint
  readonly client: IngestClient
  readonly backoff: Backoff
  /** Reports it will not take, by {@link reportKey}. */
  readonly refusals: Map<string, Refusal>
  readonly rejected: Record<string, number>
  accepted: number
  lastProblem: string | undefined
}

/** What to do with a report that was rejected. */
type Consequence = 'build again' | 'wait' | 'ask others'

const consequences: Readonly<Record<string, Consequence>> = {
  wrong_epoch: 'build again',
  sealed: 'build again',
  clock_skew: 'build again',
  // Not this report: an equal one gets its receipt again. Another one has its sequence, after the outbox was lost.
  duplicate_sequence: 'build again',
  rate_limited: 'wait',
}

/** Whoever gives receipts that prove nothing is asked as rarely as it can be. */
const distrustMs = 600_000

export function createDelivery(options: DeliveryOptions): Delivery {
  const { outbox, clock, ownNow, log } = options
  const peers = options.ingests.map(
    ({ endpoint, client }): Peer => ({
      endpoint,
      client,
      backoff: createBackoff(options.random),
      refusals: new Map(),
      rejected: {},
      accepted: 0,
      lastProblem: undefined,
    }),
  )

  const fail = (peer: Peer, error: unknown): void => {
    if (!(error instanceof IngestError)) throw error
    const atLeastMs = error.code === 'false_receipt' ? distrustMs : error.retryAfterMs
    peer.backoff.fail(ownNow(), atLeastMs)
    peer.lastProblem = error.message
    log.warn(
      { ingest: peer.endpoint.url, code: error.code, failures: peer.backoff.failures() },
      'ingest failed',
    )
  }
  const readClock = async (peer: Peer, signal: AbortSignal): Promise<void> => {
    const sentMs = ownNow()
    const serverMs = await peer.client.clock(signal)
    clock.learn(peer.endpoint.url, serverMs, sentMs, ownNow())
  }
  /** Offers one batch; false when the ingest should be left alone for now. */
  const offer = async (
    peer: Peer,
    batch: readonly PendingReport[],
    signal: AbortSignal,
  ): Promise<boolean> => {
    const results = await peer.client.send(batch.map(bytesOf), signal)
    const mayGoOn = await takeAnswers(options, peer, batch, results)
    // A clock that disagrees is the one cause that asking helps against; the reports are built again by the new time.
    if (results.some(isAboutTime)) await readClock(peer, signal)
    return mayGoOn
  }

  return {
    async round(signal) {
      await returnStale(options)
      for (const peer of peers) {
        try {
          while (peer.backoff.isReady(ownNow())) {
            const batch = nextBatch(outbox.reports(), peer.refusals)
            if (batch.length === 0 || !(await offer(peer, batch, signal))) break
          }
        } catch (error) {
          if (signal.aborted) return
          fail(peer, error)
        }
      }
      await setAsideRefused(options, peers)
    },
    async syncClock(signal) {
      const ready = peers.filter(({ backoff }) => backoff.isReady(ownNow()))
      await Promise.all(
        ready.map((peer) =>
          readClock(peer, signal).catch((error) => {
            if (!signal.aborted) fail(peer, error)
          }),
        ),
      )
    },
    status: () =>
      peers.map(({ endpoint: { url }, accepted, rejected, backoff, lastProblem }) => ({
        url,
        accepted,
        rejected: { ...rejected },
        failures: backoff.failures(),
        readyAtMs: backoff.readyAtMs(),
        lastProblem,
      })),
  }
}

const bytesOf = (report: PendingReport): Uint8Array =>
  serializeReport({ ...report, observations: report.observations.map(({ bytes }) => bytes) })

const isAboutTime = (result: SendResult): boolean =>
  result.status === 'rejected' && ['wrong_epoch', 'sealed', 'clock_skew'].includes(result.code)

/** The oldest reports that the ingest did not refuse yet, as many as one request holds. */
function nextBatch(
  reports: readonly PendingReport[],
  refusals: ReadonlyMap<string, Refusal>,
): PendingReport[] {
  const batch: PendingReport[] = []
  let sizeBytes = 0
  for (const report of reports) {
    if (refusals.has(reportKey(report.header))) continue
    // An upper bound: heads of observations and what is around the body.
    sizeBytes += 512 + report.observations.reduce((sum, { bytes }) => sum + bytes.length + 3, 0)
    if (batch.length === SEND_LIMITS.reports || sizeBytes > SEND_LIMITS.bytes) break
    batch.push(report)
  }
  return batch
}

/** Puts every answer where it belongs; false when the ingest should be left alone for now. */
async function takeAnswers(
  { outbox, receipts, check, ownNow, onReceipts }: DeliveryOptions,
  peer: Peer,
  batch: readonly PendingReport[],
  results: readonly SendResult[],
): Promise<boolean> {
  const settled: PendingReport[] = []
  const returned: PendingReport[] = []
  const stored: StoredReceipt[] = []
  let distrust: unknown
  let isLimited = false
  for (const [i, result] of results.entries()) {
    const report = batch[i]!
    if (result.status === 'accepted') {
      try {
        await verifyReceipt(result.receipt, report, peer.endpoint, check)
        settled.push(report)
        stored.push({ ingest: peer.endpoint.url, receipt: result.receipt })
      } catch (error) {
        distrust = error
      }
      continue
    }
    peer.rejected[result.code] = (peer.rejected[result.code] ?? 0) + 1
    peer.lastProblem = `${result.message} ${result.fix}`
    const consequence = consequences[result.code] ?? 'ask others'
    if (consequence === 'build again') returned.push(report)
    else if (consequence === 'wait') isLimited = true
    else peer.refusals.set(reportKey(report.header), result)
  }
  await receipts.add(stored)
  await outbox.endReports(settled, 'settled')
  await outbox.endReports(returned, 'returned')
  peer.accepted += settled.length
  onReceipts(stored)
  if (distrust !== undefined) throw distrust
  if (isLimited) peer.backoff.fail(ownNow())
  else peer.backoff.succeed()
  return !isLimited
}

/** Reports of epochs that no ingest can take any more give their observations back. */
async function returnStale({ outbox, clock, timeline, lateMs }: DeliveryOptions): Promise<void> {
  const epoch = epochAt(timeline, clock.now() - lateMs)
  if (epoch === undefined) return
  const openFromMs = epochStartMs(timeline, epoch)
  const stale = outbox.reports().filter(({ header }) => epochStartMs(timeline, header.epoch) < openFromMs)
  await outbox.endReports(stale, 'returned')
}

/** Reports that every ingest refused for good are set aside; with one that is only full, they wait for the epoch's end. */
async function setAsideRefused(
  { outbox, deadLetters, log }: DeliveryOptions,
  peers: readonly Peer[],
): Promise<void> {
  const pending = new Map(outbox.reports().map((report) => [reportKey(report.header), report]))
  for (const { refusals } of peers)
    for (const key of refusals.keys()) if (!pending.has(key)) refusals.delete(key)
  for (const [key, report] of pending) {
    const refusals = peers.map(({ refusals }) => refusals.get(key))
    const last = refusals.at(-1)
    if (
      last === undefined ||
      refusals.some((refusal) => refusal === undefined || refusal.code === 'epoch_full')
    )
      continue
    const { code, message, fix } = last
    log.warn(
      { code, message, device: report.header.device, sequence: report.header.sequence },
      'report set aside',
    )
    await deadLetters.add(report.observations, { code, message, fix })
    await outbox.endReports([report], 'settled')
  }
}
