import { fromHex, parseNetworkId, serializeReport, toHex } from '@cairn/protocol'
import type { Gateway } from './gateway.ts'

/** A report that must not be taken, and why. */
export interface BadReport {
  readonly code: string
  readonly bytes: Uint8Array
}

/** The order of P-256 (SEC 2, secp256r1). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const oneHour = 3_600_000

/** One of every kind, made from reports that would else be good. */
export function badReports(
  gateway: Gateway,
  { epoch, nowMs }: { epoch: number; nowMs: number },
): BadReport[] {
  const good = () => gateway.report(epoch)
  const stranger = parseNetworkId(`0x${'ee'.repeat(28)}`)
  return [
    { code: 'wrong_network', bytes: gateway.report(epoch, { network: stranger }).bytes },
    { code: 'wrong_epoch', bytes: gateway.report(epoch + 5).bytes },
    { code: 'clock_skew', bytes: gateway.report(epoch, { timeMs: nowMs - oneHour }).bytes },
    { code: 'clock_skew', bytes: gateway.report(epoch, { timeMs: nowMs + oneHour }).bytes },
    { code: 'unknown_device', bytes: gateway.report(epoch, { device: 999 }).bytes },
    { code: 'bad_signature', bytes: gateway.report(epoch, { device: gateway.index + 1 }).bytes },
    { code: 'high_s', bytes: withFlippedS(good()) },
    { code: 'bad_signature', bytes: withOtherSignature(good()) },
    { code: 'body_mismatch', bytes: withOtherBody(good()) },
    { code: 'malformed_report', bytes: good().bytes.subarray(1) },
    { code: 'malformed_report', bytes: Uint8Array.of(0xa0) },
    { code: 'oversized_report', bytes: new Uint8Array(200_000) },
  ]
}

type Built = ReturnType<Gateway['report']>

/** The other of the two signatures that the curve allows for one report. */
function withFlippedS({ report }: Built): Uint8Array {
  const s = order - BigInt(toHex(report.signature.subarray(32)))
  const signature = report.signature.slice()
  signature.set(fromHex(`0x${s.toString(16).padStart(64, '0')}`), 32)
  return serializeReport({ ...report, signature })
}

function withOtherSignature({ report }: Built): Uint8Array {
  const signature = report.signature.slice()
  signature[5]! ^= 1
  return serializeReport({ ...report, signature })
}

function withOtherBody({ report }: Built): Uint8Array {
  const observations = report.observations.map((bytes) => bytes.slice())
  observations[0]![3]! ^= 1
  return serializeReport({ ...report, observations })
}
