import { isLowS, parseSignedHeader, ReportError, type SignedHeader } from '@cairn/protocol'
import type { ChainPort } from '../chain-port.ts'
import type { EpochBook, EpochRegistry } from '../epoch-book.ts'
import { epochAt, epochEndMs, epochStartMs } from '../epoch-times.ts'
import type { IngestLimits } from '../limits.ts'
import { type Rejection, rejections } from '../rejection.ts'

/** What the report's device signed, or why the bytes are no report. */
export function screenForm(bytes: Uint8Array): SignedHeader | Rejection {
  try {
    return parseSignedHeader(bytes)
  } catch (error) {
    if (!(error instanceof ReportError)) throw error
    const message = error.message.split('\n\n')[0] ?? error.message
    return { status: 'rejected', code: error.code, message, fix: error.fix }
  }
}

/** What {@link screenTime} goes by. */
export interface TimeContext {
  readonly chain: Pick<ChainPort, 'network' | 'timeline'>
  readonly book: Pick<EpochBook, 'isOpen' | 'known'>
  readonly limits: Pick<IngestLimits, 'skewMs'>
  readonly nowMs: number
}

/** Whether the report is for this network and an epoch that is open, and its time fits that epoch. */
export function screenTime({ header }: SignedHeader, context: TimeContext): Rejection | undefined {
  const { chain, book, limits, nowMs } = context
  if (header.network !== chain.network) return rejections.wrongNetwork(header.network, chain.network)
  const { timeline } = chain
  if (!book.isOpen(header.epoch, nowMs)) {
    const open = epochAt(timeline, nowMs)
    return book.known(header.epoch) !== undefined
      ? rejections.sealed(header.epoch, open)
      : rejections.wrongEpoch(header.epoch, open, epochStartMs(timeline, header.epoch))
  }
  const fromMs = epochStartMs(timeline, header.epoch) - limits.skewMs
  const untilMs = epochEndMs(timeline, header.epoch) + limits.skewMs
  if (header.timeMs < fromMs || header.timeMs > untilMs) {
    return rejections.clockSkew(header.timeMs, nowMs, fromMs, untilMs)
  }
  return undefined
}

/** Whether the device may report in its epoch, and the signature is in the one form that counts. */
export function screenDevice(
  { header, signature }: SignedHeader,
  { snapshot }: EpochRegistry,
): Rejection | undefined {
  const device = header.device < snapshot.deviceCount ? snapshot.device(header.device) : undefined
  if (device === undefined) {
    return rejections.unknownDevice(header.device, snapshot.deviceCount, header.epoch)
  }
  if (device.revoked) return rejections.revokedDevice(header.device, header.epoch)
  return isLowS(signature) ? undefined : rejections.highS()
}
