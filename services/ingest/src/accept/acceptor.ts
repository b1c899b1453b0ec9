import { equalBytes, type Receipt, recordHash, type SignedHeader } from '@cairn/protocol'
import { type Clock, sha256 } from '@cairn/runtime'
import type { ChainPort } from '../chain-port.ts'
import type { EpochBook, EpochRegistry } from '../epoch-book.ts'
import { unavailable } from '../ingest-error.ts'
import type { IngestLimits } from '../limits.ts'
import type { EpochLog } from '../log/epoch-log.ts'
import { type Rejection, rejections } from '../rejection.ts'
import { type CheckResults, checkVerdict } from './check-job.ts'
import type { CheckPool } from './check-pool.ts'
import { screenDevice, screenForm, screenTime } from './screen-report.ts'
import type { Source } from './source.ts'
import { createTokenBuckets } from './token-buckets.ts'

/** What a device gets for a report. */
export type Answer = { readonly status: 'accepted'; readonly receipt: Receipt } | Rejection

/** Takes reports in: nothing is answered as accepted before it is durable. */
export interface Acceptor {
  /**
   * An answer for each report, in order. Bytes must not change until then.
   *
   * @throws IngestError (`unavailable`) when chain, log or checking threads fail; then none of the reports may be taken for
   *   accepted, and all may be sent again
   */
  accept(reports: readonly Uint8Array[], source: Source): Promise<Answer[]>
}

/** What an {@link Acceptor} needs. */
export interface AcceptorOptions {
  readonly chain: ChainPort
  readonly book: EpochBook
  readonly pool: Pick<CheckPool, 'check'>
  readonly clock: Clock
  readonly limits: IngestLimits
}

/** A report in an epoch's log, maybe not durable yet. */
interface Placed {
  readonly log: EpochLog
  readonly index: number
}

/** A report on its way through the checks. */
interface Staged {
  /** Where its answer goes. */
  readonly at: number
  readonly bytes: Uint8Array
  readonly report: SignedHeader
  readonly log: EpochLog
  readonly registry: EpochRegistry
}

/** How many times as many wrong reports as one connection all connections of an address may send together. */
const connectionsWorth = 16

export function createAcceptor({ chain, book, pool, clock, limits }: AcceptorOptions): Acceptor {
  const devices = createTokenBuckets<number>({ perSecond: limits.devicePerSecond, burst: limits.deviceBurst })
  const rate = { perSecond: limits.invalidPerSecond, burst: limits.invalidBurst }
  const perConnection = createTokenBuckets<Source>(rate, 2 * limits.connections)
  const perAddress = createTokenBuckets<string>(
    { perSecond: rate.perSecond * connectionsWorth, burst: rate.burst * connectionsWorth },
    65_536,
  )

  /** All that can be known before the signature is checked. */
  const screen = async (
    reports: readonly Uint8Array[],
    source: Source,
    outcomes: (Rejection | Placed)[],
  ): Promise<Staged[]> => {
    const nowMs = clock.now()
    const timely: { at: number; report: SignedHeader }[] = []
    for (let at = 0; at < reports.length; at++) {
      const report = screenForm(reports[at]!)
      if ('status' in report) {
        outcomes[at] = report
        continue
      }
      const refusal = screenTime(report, { chain, book, limits, nowMs })
      const placed =
        refusal?.code === 'sealed' ? findPlaced(book.known(report.header.epoch), report) : undefined
      if (refusal === undefined) timely.push({ at, report })
      else outcomes[at] = placed ?? refusal
    }
    const epochs = await openAll(book, timely)
    const staged: Staged[] = []
    for (const { at, report } of timely) {
      const { log, registry } = epochs.get(report.header.epoch)!
      const refusal = screenDevice(report, registry)
      const outcome = refusal ?? findPlaced(log, report) ?? screenRates(report, source, log)
      if (outcome === undefined) staged.push({ at, bytes: reports[at]!, report, log, registry })
      else outcomes[at] = outcome
    }
    return staged
  }

  /** A report that is not from the device takes nothing from the device's tokens, or strangers could silence it. */
  const screenRates = ({ header }: SignedHeader, source: Source, log: EpochLog): Rejection | undefined => {
    const nowMs = clock.now()
    if (!devices.has(header.device, nowMs)) {
      return rejections.deviceRate(header.device, limits.devicePerSecond, limits.deviceBurst)
    }
    if (!perConnection.has(source, nowMs) || !perAddress.has(source.address, nowMs)) {
      return rejections.sourceRate(limits.invalidPerSecond)
    }
    if (log.index.reportsOf(header.device) < limits.reportsPerDevice) return undefined
    return rejections.deviceFull(header.device, limits.reportsPerDevice, header.epoch)
  }

  /** Gives a checked report its index. Nothing may be awaited between this and the append to the log. */
  const admit = ({ report, bytes, log, registry }: Staged, hash: Uint8Array): Rejection | Placed => {
    const { device, epoch, sequence } = report.header
    const { index } = log
    const found = findPlaced(log, report, hash)
    if (found !== undefined) return found
    if (log.isClosed) return rejections.sealed(epoch, epoch + 1)
    const { reports: most, bytes: mostBytes } = registry.capacity
    if (index.count + 1 > most || index.sizeBytes + bytes.length > mostBytes) {
      return rejections.epochFull(epoch, most, mostBytes)
    }
    if (index.reportsOf(device) >= limits.reportsPerDevice) {
      return rejections.deviceFull(device, limits.reportsPerDevice, epoch)
    }
    if (!devices.take(device, clock.now())) {
      return rejections.deviceRate(device, limits.devicePerSecond, limits.deviceBurst)
    }
    return { log, index: index.add({ device, sequence, hash, sizeBytes: bytes.length }) }
  }

  const settle = (staged: readonly Staged[], results: CheckResults, source: Source, outcomes: unknown[]) => {
    const appended = new Map<EpochLog, Uint8Array[]>()
    for (let i = 0; i < staged.length; i++) {
      const item = staged[i]!
      const verdict = results.verdicts[i]
      if (verdict === checkVerdict.valid) {
        const count = item.log.index.count
        outcomes[item.at] = admit(item, results.hashes.subarray(32 * i, 32 * i + 32))
        if (item.log.index.count === count) continue
        const reports = appended.get(item.log)
        if (reports === undefined) appended.set(item.log, [item.bytes])
        else reports.push(item.bytes)
        continue
      }
      perConnection.take(source, clock.now())
      perAddress.take(source.address, clock.now())
      const { device, epoch } = item.report.header
      outcomes[item.at] =
        verdict === checkVerdict.badSignature
          ? rejections.badSignature(device, epoch)
          : rejections.bodyMismatch()
    }
    for (const [log, reports] of appended) log.writer.append(reports)
  }

  return {
    async accept(reports, source) {
      const outcomes: (Rejection | Placed)[] = new Array(reports.length)
      const staged = await screen(reports, source, outcomes)
      if (staged.length > 0) {
        const items = staged.map(({ bytes, report: { header }, registry }) => ({
          bytes,
          key: registry.snapshot.device(header.device)!.key,
        }))
        const results = await pool.check(source, items).catch((cause: unknown) => {
          throw unavailable('its checking threads ended', cause)
        })
        settle(staged, results, source, outcomes)
      }
      await allDurable(outcomes)
      return outcomes.map((outcome) =>
        'status' in outcome
          ? outcome
          : { status: 'accepted', receipt: outcome.log.receipts.receipt(outcome.index) },
      )
    },
  }
}

/** The place of exactly this report, a rejection when another one has its identity, undefined when none has. */
function findPlaced(
  log: EpochLog | undefined,
  { header, headerBytes, signature }: SignedHeader,
  hash?: Uint8Array,
): Rejection | Placed | undefined {
  const index = log?.index.find(header.device, header.sequence) ?? -1
  if (log === undefined || index < 0) return undefined
  const isSame = equalBytes(log.index.hashes(index, 1), hash ?? recordHash(headerBytes, signature, sha256))
  return isSame ? { log, index } : rejections.duplicateSequence(header.device, header.epoch, header.sequence)
}

/** Logs and registries of the epochs that these reports are for: mostly one, two around the end of an epoch. */
async function openAll(book: EpochBook, reports: readonly { report: SignedHeader }[]) {
  const opened = new Map<number, { log: EpochLog; registry: EpochRegistry }>()
  for (const epoch of new Set(reports.map(({ report }) => report.header.epoch))) {
    const [log, registry] = await Promise.all([book.log(epoch), book.registry(epoch)])
    opened.set(epoch, { log, registry })
  }
  return opened
}

async function allDurable(outcomes: readonly (Rejection | Placed)[]): Promise<void> {
  const counts = new Map<EpochLog, number>()
  for (const outcome of outcomes) {
    if ('status' in outcome) continue
    counts.set(outcome.log, Math.max(counts.get(outcome.log) ?? 0, outcome.index + 1))
  }
  try {
    for (const [log, count] of counts) await log.writer.whenDurable(count)
  } catch (cause) {
    throw unavailable('its log can not be written', cause)
  }
}
