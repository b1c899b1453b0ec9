import { BaseError } from '@cairn/protocol'

/** Why a whole request was refused, as opposed to a report in it. */
export type IngestErrorCode =
  | 'malformed_body'
  | 'body_too_large'
  | 'body_timeout'
  | 'wrong_content_type'
  | 'unknown_network'
  | 'not_found'
  | 'not_published'
  | 'overloaded'
  | 'unavailable'

/** Thrown while a request is served; the HTTP interface answers with code, message and fix. */
export class IngestError extends BaseError {
  override readonly name = 'IngestError'
  declare readonly code: IngestErrorCode

  constructor(code: IngestErrorCode, message: string, fix: string, cause?: unknown) {
    super({ code, message, fix, cause })
  }
}

/** The request was right and the ingest can not serve it at the moment. */
export const unavailable = (what: string, cause?: unknown): IngestError =>
  new IngestError(
    'unavailable',
    `The ingest can not take reports: ${what}.`,
    'Send them to another ingest of the network, or again in some seconds. A report that got no receipt may be sent again unchanged.',
    cause,
  )

export const overloaded = (what: string): IngestError =>
  new IngestError(
    'overloaded',
    `The ingest has more requests in flight than it keeps: ${what}.`,
    'Wait for the answers to earlier requests, then send this one again unchanged, or use another ingest of the network.',
  )
