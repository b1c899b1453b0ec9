import { IngestError } from '../ingest-error.ts'

/** The media type of a body of reports. */
export const reportsMediaType = 'application/vnd.cairn.reports'

/**
 * The reports of a request body or stream frame, `(length u32 ‖ report bytes)` for each, as views. They are not parsed: a
 * length above what a report may have is refused with the report, not with the body.
 *
 * @throws IngestError (`malformed_body`) for a length that leads beyond the end, or more than `mostReports`
 */
export function parseBatch(body: Uint8Array, mostReports: number): Uint8Array[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const reports: Uint8Array[] = []
  for (let at = 0; at < body.length; ) {
    if (body.length - at < 4)
      throw malformed(at, `${body.length - at} bytes are left where a length of 4 should be`)
    const length = view.getUint32(at)
    if (length > body.length - at - 4) {
      throw malformed(at, `a length of ${length} leads beyond the end, ${body.length - at - 4} bytes further`)
    }
    if (reports.length === mostReports) throw malformed(at, `there are more than ${mostReports} reports`)
    reports.push(new Uint8Array(body.buffer, body.byteOffset + at + 4, length))
    at += 4 + length
  }
  return reports
}

const malformed = (at: number, what: string): IngestError =>
  new IngestError(
    'malformed_body',
    `The body is not a list of reports: at byte ${at} ${what}.`,
    'Write each report as its length in 4 bytes, big-endian, then its bytes, with nothing between and after.',
  )
