import type { ReportHeader } from './report-header.ts'

/** A parsed report. Its byte arrays are views of the bytes it was parsed from: keep those unchanged. */
export interface Report {
  readonly header: ReportHeader
  /** The 83 bytes that are signed. */
  readonly headerBytes: Uint8Array
  /** r ‖ s, 64 bytes, not checked in any way. */
  readonly signature: Uint8Array
  /** As many as the header counts, each of at most 1 024 bytes. */
  readonly observations: readonly Uint8Array[]
}
