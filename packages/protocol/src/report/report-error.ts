import { BaseError } from '../errors/base-error.ts'

/** Why bytes are not a report. The same words go on the wire, in an ingest's refusals. */
export type ReportErrorCode =
  | 'oversized_report'
  | 'malformed_report'
  | 'wrong_version'
  | 'too_many_observations'
  | 'oversized_observation'
  | 'count_mismatch'

/** Thrown for bytes that are not a report of spec 2, and for parts that would not make one. `meta.offset` is in bytes. */
export class ReportError extends BaseError {
  override readonly name = 'ReportError'
  declare readonly code: ReportErrorCode
}

/** The wire form is broken at `offset`: `expected` should stand there. */
export const malformedReport = (offset: number, expected: string): ReportError =>
  new ReportError({
    code: 'malformed_report',
    message: `The bytes are not a report: at byte ${offset} there should be ${expected}.`,
    fix: 'Write reports with serializeReport, or compare with the wire form in specs/2-report.md.',
    field: 'report',
    meta: { offset },
  })

/** `count` observations, in the header or the body, are more than a report may carry. */
export const tooManyObservations = (count: number, limit: number): ReportError =>
  new ReportError({
    code: 'too_many_observations',
    message: `The report has ${count} observations; it may have ${limit}.`,
    fix: 'Spread them over several reports with different sequence numbers.',
    field: 'count',
    value: String(count),
    meta: { limit },
  })

/** Observation number `position` is longer than it may be. */
export const oversizedObservation = (position: number, sizeBytes: number, limit: number): ReportError =>
  new ReportError({
    code: 'oversized_observation',
    message: `Observation ${position} has ${sizeBytes} bytes; it may have ${limit}.`,
    fix: 'Split it, or report a digest of what it holds and serve the rest elsewhere.',
    field: 'observation',
    value: String(sizeBytes),
    meta: { position, limit },
  })

/** The whole report is longer than it may be. */
export const oversizedReport = (sizeBytes: number, limit: number): ReportError =>
  new ReportError({
    code: 'oversized_report',
    message: `The report has ${sizeBytes} bytes; it may have ${limit}.`,
    fix: 'Spread the observations over several reports with different sequence numbers.',
    field: 'report',
    value: String(sizeBytes),
    meta: { limit },
  })

/** The header counts another number of observations than the body has. */
export const countMismatch = (headerCount: number, bodyCount: number): ReportError =>
  new ReportError({
    code: 'count_mismatch',
    message: `The header says ${headerCount} observations and the body has ${bodyCount}.`,
    fix: 'Build the header from the observations it signs, as buildReport does.',
    field: 'count',
    value: String(headerCount),
    meta: { headerCount, bodyCount },
  })

/** The header is of a version this code does not know. */
export const wrongVersion = (version: number, known: number): ReportError =>
  new ReportError({
    code: 'wrong_version',
    message: `The report is of version ${version}; this software knows version ${known}.`,
    fix: 'Bring the older side up to date: a network runs one version of the report at a time.',
    field: 'version',
    value: String(version),
    meta: { known },
  })
