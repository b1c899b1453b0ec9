import {
  deriveBodyRoots,
  emptySpans,
  equalBytes,
  fromHex,
  isLowS,
  noteReport,
  recordHash,
  reportHash,
  type SignedHeader,
  signedContent,
  toHex,
} from '@cairn/protocol'
import { INVALID, type Job, type JobEpoch, reportBytes } from './job.ts'
import type { Means } from './settle-input.ts'

/** Reports whose bodies are hashed together: few enough that what they leave behind is small. */
const REPORTS_AT_ONCE = 512

/** Phase 1: form, network, epoch, registration and signature of reports `from` … `to` (spec 2). */
export function checkReports(job: Job, from: number, to: number, means: Means): void {
  const network = fromHex(job.network)
  for (const epoch of job.epochs) {
    const end = Math.min(to, epoch.endReport)
    for (let first = Math.max(from, epoch.firstReport); first < end; first += REPORTS_AT_ONCE) {
      const spans = emptySpans()
      const signed: Uint8Array[] = []
      for (let i = first; i < Math.min(first + REPORTS_AT_ONCE, end); i++) {
        const report = noteReport(reportBytes(job, i), spans)
        const { header } = report
        job.records.set(recordHash(report.headerBytes, report.signature, means.sha256), 32 * i)
        job.device[i] = header.device
        job.sequence[i] = header.sequence
        job.timeMs[i] = header.timeMs
        job.observations[i] = header.count
        job.invalid[i] = invalidity(report, network, epoch, means)
        job.quarantined[i] = isQuarantined(report, epoch, means) ? 1 : 0
        signed.push(header.bodyRoot)
      }
      const roots = deriveBodyRoots(job.bytes.buffer, spans)
      for (let i = 0; i < signed.length; i++)
        job.bodyBroken[first + i] = equalBytes(roots.subarray(32 * i, 32 * i + 32), signed[i]!) ? 0 : 1
    }
  }
}

function isQuarantined({ headerBytes }: SignedHeader, { snapshot }: JobEpoch, { sha256 }: Means): boolean {
  return snapshot.quarantined.size > 0 && snapshot.quarantined.has(toHex(reportHash(headerBytes, sha256)))
}

function invalidity(
  report: SignedHeader,
  network: Uint8Array,
  { epoch, snapshot }: JobEpoch,
  means: Means,
): number {
  const { header, headerBytes, signature } = report
  if (!equalBytes(headerBytes.subarray(1, 29), network)) return INVALID.wrongNetwork
  if (header.epoch !== epoch) return INVALID.wrongEpoch
  if (header.device >= snapshot.deviceCount) return INVALID.unknownDevice
  if (snapshot.revoked[header.device] === 1) return INVALID.revokedDevice
  const at = 64 * header.device
  const key = { x: snapshot.keys.slice(at, at + 32), y: snapshot.keys.slice(at + 32, at + 64) }
  const signed = isLowS(signature) && means.verifyP256(key, signedContent(headerBytes), signature.slice())
  return signed ? 0 : INVALID.badSignature
}
