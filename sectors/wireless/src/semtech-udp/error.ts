/** What went wrong with a Semtech UDP datagram or exchange; stable, for logs and metrics. */
export type SemtechUdpErrorCode =
  | 'DATAGRAM_TOO_LARGE'
  | 'DATAGRAM_TRUNCATED'
  | 'DATAGRAM_TRAILING_BYTES'
  | 'VERSION_UNSUPPORTED'
  | 'IDENTIFIER_UNKNOWN'
  | 'JSON_INVALID'
  | 'FIELD_MISSING'
  | 'FIELD_INVALID'
  | 'TOO_MANY_PACKETS'
  | 'SIZE_MISMATCH'
  | 'NO_PULL_ROUTE'
  | 'DOWNLINK_QUEUE_FULL'
  | 'DOWNLINK_TIMEOUT'
  | 'ACK_TIMEOUT'
  | 'TX_ACK_UNEXPECTED'
  | 'HANDLER_FAILED'
  | 'SOCKET_FAILED'
  | 'CLOSED'

const SHOWN_VALUE_CHARS = 80

/** A value as one bounded line, so that hostile input cannot flood a log. */
const show = (value: unknown): string => {
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, SHOWN_VALUE_CHARS)) : String(value)
  return text.length > SHOWN_VALUE_CHARS ? `${text.slice(0, SHOWN_VALUE_CHARS)}…` : text
}

/** JSON containers are named by kind: printing them could cost more than parsing them did. */
const summarize = (value: unknown): unknown => {
  if (Array.isArray(value)) return `array of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'object'
  return value
}

/**
 * The only error the Semtech UDP codec, server and forwarder throw or report. `field` is a path such as
 * `rxpk[3].freq`, `value` is what was found (containers summarized), `fix` says what the sender or caller should do.
 */
export class SemtechUdpError extends Error {
  override readonly name = 'SemtechUdpError'
  readonly code: SemtechUdpErrorCode
  readonly field: string
  readonly value: unknown
  readonly fix: string

  constructor(
    code: SemtechUdpErrorCode,
    detail: { field: string; value: unknown; problem: string; fix: string; cause?: unknown },
  ) {
    const value = summarize(detail.value)
    const options = detail.cause === undefined ? undefined : { cause: detail.cause }
    super(`Semtech UDP ${detail.field} is ${show(value)}: ${detail.problem} ${detail.fix}`, options)
    this.code = code
    this.field = detail.field
    this.value = value
    this.fix = detail.fix
  }
}
