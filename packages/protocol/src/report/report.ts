import type { ReportHeader } from './report-header.ts'

/** What a report says of itself, and its signature. The byte arrays are views of the bytes they were parsed from: keep those unchanged. */
export interface SignedHeader {
  readonly header: ReportHeader
  /** The 83 bytes that are signed. */
  readonly headerBytes: Uint8Array
  /** r ‖ s, 64 bytes, not checked in any way. */
  readonly signature: Uint8Array
}

/** A parsed report. */
export interface Report extends SignedHeader {
  /** As many as the header counts, each of at most 1 024 bytes; views as well. */
  readonly observations: readonly Uint8Array[]
}
