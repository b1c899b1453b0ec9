import { hasField, parseInteger, parseObject, parseOneOf } from './json-fields.ts'

/**
 * Why a gateway refused a downlink. `UNKNOWN` is the reference forwarder's default branch
 * (Lora-net/packet_forwarder:lora_pkt_fwd/src/lora_pkt_fwd.c, `send_tx_ack`).
 */
export type TxError =
  | 'TOO_LATE'
  | 'TOO_EARLY'
  | 'COLLISION_PACKET'
  | 'COLLISION_BEACON'
  | 'TX_FREQ'
  | 'TX_POWER'
  | 'GPS_UNLOCKED'
  | 'UNKNOWN'

/** What the gateway says of a downlink: accepted (perhaps at another power) or refused. */
export type TxAck =
  | { readonly accepted: true; readonly actualPowerDbm?: number }
  | { readonly accepted: false; readonly error: TxError }

const TX_ERRORS: readonly TxError[] = [
  'TOO_LATE',
  'TOO_EARLY',
  'COLLISION_PACKET',
  'COLLISION_BEACON',
  'TX_FREQ',
  'TX_POWER',
  'GPS_UNLOCKED',
  'UNKNOWN',
]

/** Parses the body of a TX_ACK; `undefined` is the empty body, which means accepted. */
export const parseTxAck = (body: unknown): TxAck => {
  if (body === undefined) return { accepted: true }
  const root = parseObject(body, 'body')
  const fields = parseObject(root.object.txpk_ack, 'txpk_ack')
  if (hasField(fields, 'error')) {
    const error = parseOneOf(fields, 'error', ['NONE', ...TX_ERRORS])
    if (error !== 'NONE') return { accepted: false, error }
  }
  if (!hasField(fields, 'warn')) return { accepted: true }
  // Since protocol 1.5 a power the gateway cannot reach is a warning with the power it used instead.
  parseOneOf(fields, 'warn', ['TX_POWER'])
  return { accepted: true, actualPowerDbm: parseInteger(fields, 'value', { min: -100, max: 100 }) }
}

/** The JSON form of {@link TxAck}; `undefined` stands for the empty body. */
export const txAckToJson = (ack: TxAck): Record<string, unknown> | undefined => {
  if (!ack.accepted) return { txpk_ack: { error: ack.error } }
  if (ack.actualPowerDbm === undefined) return undefined
  return { txpk_ack: { warn: 'TX_POWER', value: ack.actualPowerDbm } }
}
