import { BaseError } from '@cairn/protocol'

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

const SHOWN_CHARS = 80

/** A value as one bounded line, so that hostile input cannot flood a log. JSON containers are named by kind: printing them could cost more than parsing them did. */
const show = (value: unknown): string => {
  if (Array.isArray(value)) return `array of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'object'
  const text = String(value)
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text
}

/**
 * The only error the Semtech UDP codec, server and forwarder throw or report. `field` is a path such as
 * `rxpk[3].freq`, `value` is what was found (containers by kind), `fix` says what the sender or caller should do.
 */
export class SemtechUdpError extends BaseError {
  override readonly name = 'SemtechUdpError'
  declare readonly code: SemtechUdpErrorCode
  declare readonly field: string
  declare readonly value: string

  constructor(
    code: SemtechUdpErrorCode,
    detail: { field: string; value: unknown; problem: string; fix: string; cause?: unknown },
  ) {
    const { field, problem, fix, cause } = detail
    const value = show(detail.value)
    const shown = typeof detail.value === 'string' ? JSON.stringify(value) : value
    super({ code, field, value, message: `Semtech UDP ${field} is ${shown}: ${problem}`, fix, cause })
  }
}
