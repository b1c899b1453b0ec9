import { SIGNATURE_BYTES } from '../crypto.ts'
import { cborMajor, headBytes, writeHead } from './cbor-head.ts'
import type { Report } from './report.ts'
import {
  countMismatch,
  malformedReport,
  oversizedObservation,
  oversizedReport,
  tooManyObservations,
} from './report-error.ts'
import { parseHeader } from './report-header.ts'
import { REPORT_LIMITS } from './report-limits.ts'
import { wireForm, wireOffset } from './wire-form.ts'

/**
 * A report in the wire form of spec 2. What it returns, `parseReport` takes.
 *
 * @throws ReportError with the codes of `parseReport` for parts that would not make a report.
 */
export const serializeReport = ({
  headerBytes,
  signature,
  observations,
}: Pick<Report, 'headerBytes' | 'signature' | 'observations'>): Uint8Array => {
  const { count } = parseHeader(headerBytes)
  if (signature.length !== SIGNATURE_BYTES) {
    throw malformedReport(wireOffset.signature, `a signature of 64 bytes, not ${signature.length}`)
  }
  const bytes = new Uint8Array(measure(observations))
  if (observations.length !== count) throw countMismatch(count, observations.length)
  bytes.set(wireForm.opening)
  bytes.set(headerBytes, wireOffset.header)
  bytes.set(wireForm.beforeSignature, wireOffset.afterHeader)
  bytes.set(signature, wireOffset.signature)
  let offset = writeHead(bytes, wireOffset.body, cborMajor.array, count)
  for (const observation of observations) {
    offset = writeHead(bytes, offset, cborMajor.bytes, observation.length)
    bytes.set(observation, offset)
    offset += observation.length
  }
  return bytes
}

/** The report's length, once every limit is kept. */
const measure = (observations: readonly Uint8Array[]): number => {
  const count = observations.length
  if (count > REPORT_LIMITS.observations) throw tooManyObservations(count, REPORT_LIMITS.observations)
  let sizeBytes = wireOffset.body + headBytes(count)
  for (const [position, { length }] of observations.entries()) {
    if (length > REPORT_LIMITS.observationBytes) {
      throw oversizedObservation(position, length, REPORT_LIMITS.observationBytes)
    }
    sizeBytes += headBytes(length) + length
  }
  if (sizeBytes > REPORT_LIMITS.reportBytes) throw oversizedReport(sizeBytes, REPORT_LIMITS.reportBytes)
  return sizeBytes
}
