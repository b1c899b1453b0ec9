import { cborMajor, headBytes, readHead } from './cbor-head.ts'
import type { Report, SignedHeader } from './report.ts'
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
 * Reads a report in the wire form of spec 2, which is the only form there is: `serializeReport` gives back the same bytes.
 *
 * It looks at the form only. Whether the body root matches, the signature verifies and the device is registered is for
 * the caller. The result's arrays are views of `bytes`; nothing is copied, and the work is O(bytes).
 *
 * @throws ReportError: `oversized_report`, `malformed_report` (with `meta.offset`), `wrong_version`,
 *   `too_many_observations`, `count_mismatch`, `oversized_observation`.
 */
export const parseReport = (bytes: Uint8Array): Report => {
  const observations: Uint8Array[] = []
  const { header, headerBytes, signature } = parseForm(bytes, (start, end) => {
    observations.push(view(bytes, start, end))
  })
  return { header, headerBytes, signature, observations }
}

/**
 * What a device signed of a report, for those who do not read its observations: an ingest holds thousands of reports while
 * others check them. It takes the same bytes as {@link parseReport} and throws the same errors.
 */
export const parseSignedHeader = (bytes: Uint8Array): SignedHeader => parseForm(bytes, () => {})

/** The same; `visit` is told where each observation begins and ends. */
export const parseForm = (bytes: Uint8Array, visit: (start: number, end: number) => void): SignedHeader => {
  if (bytes.length > REPORT_LIMITS.reportBytes) throw oversizedReport(bytes.length, REPORT_LIMITS.reportBytes)
  requireConstant(bytes, 0, wireForm.opening, 'the opening of a report')
  requireConstant(
    bytes,
    wireOffset.afterHeader,
    wireForm.beforeSignature,
    'the head of a signature of 64 bytes',
  )
  if (bytes.length < wireOffset.body) throw malformedReport(bytes.length, 'the rest of the signature')
  const headerBytes = view(bytes, wireOffset.header, wireOffset.afterHeader)
  const header = parseHeader(headerBytes)
  const signature = view(bytes, wireOffset.signature, wireOffset.body)
  visitBody(bytes, header.count, visit)
  return { header, headerBytes, signature }
}

const visitBody = (
  bytes: Uint8Array,
  headerCount: number,
  visit: (start: number, end: number) => void,
): void => {
  const count = readHead(bytes, wireOffset.body, cborMajor.array, 'an array of observations')
  if (count > REPORT_LIMITS.observations) throw tooManyObservations(count, REPORT_LIMITS.observations)
  if (count !== headerCount) throw countMismatch(headerCount, count)
  let offset = wireOffset.body + headBytes(count)
  for (let position = 0; position < count; position++) {
    const length = readHead(bytes, offset, cborMajor.bytes, 'a byte string')
    if (length > REPORT_LIMITS.observationBytes) {
      throw oversizedObservation(position, length, REPORT_LIMITS.observationBytes)
    }
    const start = offset + headBytes(length)
    offset = start + length
    if (offset > bytes.length) throw malformedReport(bytes.length, `the rest of observation ${position}`)
    visit(start, offset)
  }
  if (offset !== bytes.length) throw malformedReport(offset, 'the end of the report')
}

const requireConstant = (bytes: Uint8Array, start: number, constant: Uint8Array, what: string): void => {
  for (let i = 0; i < constant.length; i++) {
    if (bytes[start + i] === constant[i]) continue
    throw malformedReport(Math.min(start + i, bytes.length), what)
  }
}

/** Not `subarray`, which makes a Buffer of a Buffer. */
const view = (bytes: Uint8Array, start: number, end: number): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start)
