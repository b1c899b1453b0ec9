import { lowS } from '../crypto.ts'
import { bodyRoot } from './body-root.ts'
import type { Report } from './report.ts'
import { encodeHeader, type ReportHeader } from './report-header.ts'
import { serializeReport } from './serialize-report.ts'
import { signedContent } from './signed-content.ts'

/** ES256 over the signed content: r ‖ s, 64 bytes. The secure element, or what stands in for it. */
export type SignP256 = (signedContent: Uint8Array) => Uint8Array

/** What a device decides about a report; count and body root follow from the observations. */
export type ReportFields = Omit<ReportHeader, 'count' | 'bodyRoot'>

/**
 * A signed report over `observations`, and the bytes to send. The signature is brought to low s, since hardware does not.
 *
 * @throws ReportError as `serializeReport` does; SignatureError when `sign` returns something else than a signature.
 */
export const buildReport = (
  fields: ReportFields,
  observations: readonly Uint8Array[],
  sign: SignP256,
): { readonly bytes: Uint8Array; readonly report: Report } => {
  const header: ReportHeader = { ...fields, count: observations.length, bodyRoot: bodyRoot(observations) }
  const headerBytes = encodeHeader(header)
  const signature = lowS(sign(signedContent(headerBytes)))
  const report: Report = { header, headerBytes, signature, observations }
  return { bytes: serializeReport(report), report }
}
