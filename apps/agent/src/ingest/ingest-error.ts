import { BaseError } from '@cairn/protocol'

/** What is wrong with an ingest or its answer, as opposed to a report. */
export type IngestErrorCode =
  | 'ingest_unreachable'
  | 'ingest_timed_out'
  | 'ingest_refused'
  | 'malformed_answer'
  | 'oversized_answer'
  | 'false_receipt'

/** Thrown by the ingest client; the agent goes on with another ingest. */
export class IngestError extends BaseError {
  override readonly name = 'IngestError'
  declare readonly code: IngestErrorCode
  /** How long the ingest asks to be left alone, ms. */
  readonly retryAfterMs: number | undefined
  /** The HTTP status of `ingest_refused`. */
  readonly status: number | undefined

  constructor(
    code: IngestErrorCode,
    detail: {
      url: string
      message: string
      fix: string
      cause?: unknown
      retryAfterMs?: number | undefined
      status?: number
    },
  ) {
    const { url, message, fix, cause } = detail
    super({ code, message, fix, field: 'ingest', value: url, cause })
    this.retryAfterMs = detail.retryAfterMs
    this.status = detail.status
  }
}
