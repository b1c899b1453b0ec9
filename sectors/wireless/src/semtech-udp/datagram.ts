import { SemtechUdpError } from './error.ts'
import { GATEWAY_EUI_BYTES, type GatewayEui, gatewayEuiBytes, readGatewayEui } from './gateway-eui.ts'
import { type GatewayStat, gatewayStatToJson, parseGatewayStat } from './gateway-stat.ts'
import { hasField, invalidField, type JsonFields, parseObject } from './json-fields.ts'
import { parseRxpk, type Rxpk, rxpkToJson } from './rxpk.ts'
import { parseTxAck, type TxAck, txAckToJson } from './tx-ack.ts'
import { parseTxpk, type Txpk, txpkToJson } from './txpk.ts'

/** The largest payload of a UDP datagram over IPv4: 65 535 − 20 (IP) − 8 (UDP). */
export const MAX_DATAGRAM_BYTES = 65_507

/** The most `rxpk` of one PUSH_DATA: eight times what the reference forwarder fetches at once (`NB_PKT_MAX` 8). */
export const MAX_RXPK = 64

/** The protocol revisions that share this layout; revision 2 added TX_ACK. */
export type ProtocolVersion = 1 | 2

type Header = {
  readonly version: ProtocolVersion /** 0 to 65 535, big-endian on the wire. */
  readonly token: number
}

/** From the gateway: packets it heard, its status, or both. */
export type PushData = Header & {
  readonly kind: 'PUSH_DATA'
  readonly gatewayEui: GatewayEui
  readonly rxpk: readonly Rxpk[]
  readonly stat?: GatewayStat
}
/** To the gateway: a PUSH_DATA with this token arrived. */
export type PushAck = Header & { readonly kind: 'PUSH_ACK' }
/** From the gateway: keeps the return path through NAT open. */
export type PullData = Header & { readonly kind: 'PULL_DATA'; readonly gatewayEui: GatewayEui }
/** To the gateway: the return path is open. */
export type PullAck = Header & { readonly kind: 'PULL_ACK' }
/** To the gateway: a packet to emit. */
export type PullResp = Header & { readonly kind: 'PULL_RESP'; readonly txpk: Txpk }
/** From the gateway: what became of the PULL_RESP with this token. */
export type TxAckDatagram = Header & {
  readonly kind: 'TX_ACK'
  readonly gatewayEui: GatewayEui
  readonly ack: TxAck
}

/**
 * A datagram of the Semtech UDP protocol, also called GWMP (Lora-net/packet_forwarder:PROTOCOL.TXT,
 * Lora-net/sx1302_hal:packet_forwarder/PROTOCOL.md). It has no authentication: an EUI here is a claim.
 */
export type Datagram = PushData | PushAck | PullData | PullAck | PullResp | TxAckDatagram

const IDENTIFIERS = ['PUSH_DATA', 'PUSH_ACK', 'PULL_DATA', 'PULL_RESP', 'PULL_ACK', 'TX_ACK'] as const
const HEADER_BYTES = 4
const WITH_EUI_BYTES = HEADER_BYTES + GATEWAY_EUI_BYTES

const requireLength = (bytes: Uint8Array, kind: Datagram['kind'], min: number, exact: boolean): void => {
  if (bytes.length >= min && (!exact || bytes.length === min)) return
  throw new SemtechUdpError(bytes.length < min ? 'DATAGRAM_TRUNCATED' : 'DATAGRAM_TRAILING_BYTES', {
    field: 'datagram',
    value: `${bytes.length} bytes`,
    problem: `a ${kind} has ${exact ? 'exactly' : 'at least'} ${min}.`,
    fix: 'Send the layout of PROTOCOL.TXT §3 and §5.',
  })
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

const parseJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(UTF8.decode(body))
  } catch (cause) {
    throw new SemtechUdpError('JSON_INVALID', {
      field: 'body',
      value: `${body.length} bytes`,
      problem: 'it is not one JSON text in UTF-8.',
      fix: 'Send a JSON object after the header.',
      cause,
    })
  }
}

const parseRxpks = (body: JsonFields): Rxpk[] => {
  if (!hasField(body, 'rxpk')) return []
  const list = body.object.rxpk
  if (!Array.isArray(list)) throw invalidField(body, 'rxpk', 'an array')
  if (list.length > MAX_RXPK)
    throw new SemtechUdpError('TOO_MANY_PACKETS', {
      field: 'body.rxpk',
      value: list,
      problem: `at most ${MAX_RXPK} packets fit one PUSH_DATA.`,
      fix: 'Split the packets over several datagrams.',
    })
  return list.map((entry, i) => parseRxpk(entry, `rxpk[${i}]`))
}

const parsePushBody = (body: Uint8Array): Pick<PushData, 'rxpk' | 'stat'> => {
  const fields = parseObject(parseJson(body), 'body')
  const rxpk = parseRxpks(fields)
  return hasField(fields, 'stat') ? { rxpk, stat: parseGatewayStat(fields.object.stat) } : { rxpk }
}

/** C forwarders may count the string terminator into the length, so trailing NULs are no part of the body. */
const withoutTrailingNuls = (body: Uint8Array): Uint8Array => {
  let end = body.length
  while (end > 0 && body[end - 1] === 0) end--
  return body.subarray(0, end)
}

const parseHeader = (bytes: Uint8Array): Header & { kind: Datagram['kind'] } => {
  if (bytes.length > MAX_DATAGRAM_BYTES)
    throw new SemtechUdpError('DATAGRAM_TOO_LARGE', {
      field: 'datagram',
      value: `${bytes.length} bytes`,
      problem: `UDP carries at most ${MAX_DATAGRAM_BYTES}.`,
      fix: 'Pass one datagram at a time.',
    })
  requireLength(bytes, 'PUSH_ACK', HEADER_BYTES, false)
  const version = bytes[0]!
  if (version !== 1 && version !== 2)
    throw new SemtechUdpError('VERSION_UNSUPPORTED', {
      field: 'version',
      value: version,
      problem: 'versions 1 and 2 are known.',
      fix: 'Point only Semtech UDP packet forwarders at this port.',
    })
  const kind = IDENTIFIERS[bytes[3]!]
  if (kind === undefined)
    throw new SemtechUdpError('IDENTIFIER_UNKNOWN', {
      field: 'identifier',
      value: bytes[3],
      problem: 'identifiers 0 to 5 are known.',
      fix: 'Point only Semtech UDP packet forwarders at this port.',
    })
  return { kind, version, token: (bytes[1]! << 8) | bytes[2]! }
}

/**
 * Parses one UDP payload, at most {@link MAX_DATAGRAM_BYTES}. Throws `SemtechUdpError` on anything malformed; unknown
 * JSON fields are ignored, since newer concentrator libraries keep adding some.
 */
export const parseDatagram = (bytes: Uint8Array): Datagram => {
  const { kind, ...header } = parseHeader(bytes)
  switch (kind) {
    case 'PUSH_ACK':
    case 'PULL_ACK':
      requireLength(bytes, kind, HEADER_BYTES, true)
      return { kind, ...header }
    case 'PULL_DATA':
      requireLength(bytes, kind, WITH_EUI_BYTES, true)
      return { kind, ...header, gatewayEui: readGatewayEui(bytes, HEADER_BYTES) }
    case 'PULL_RESP': {
      const body = parseObject(parseJson(withoutTrailingNuls(bytes.subarray(HEADER_BYTES))), 'body')
      return { kind, ...header, txpk: parseTxpk(body.object.txpk) }
    }
    case 'PUSH_DATA': {
      requireLength(bytes, kind, WITH_EUI_BYTES, false)
      const body = parsePushBody(withoutTrailingNuls(bytes.subarray(WITH_EUI_BYTES)))
      return { kind, ...header, gatewayEui: readGatewayEui(bytes, HEADER_BYTES), ...body }
    }
    case 'TX_ACK': {
      requireLength(bytes, kind, WITH_EUI_BYTES, false)
      const body = withoutTrailingNuls(bytes.subarray(WITH_EUI_BYTES))
      const ack = parseTxAck(body.length === 0 ? undefined : parseJson(body))
      return { kind, ...header, gatewayEui: readGatewayEui(bytes, HEADER_BYTES), ack }
    }
  }
}

/**
 * The gateway a datagram claims to come from, read from its fixed bytes alone, so that a rate limit can be applied
 * before any JSON is parsed; undefined where the kind carries no EUI or the bytes are too few.
 */
export const peekGatewayEui = (bytes: Uint8Array): GatewayEui | undefined => {
  const kind = IDENTIFIERS[bytes[3] ?? 255]
  if (kind !== 'PUSH_DATA' && kind !== 'PULL_DATA' && kind !== 'TX_ACK') return undefined
  return bytes.length < WITH_EUI_BYTES ? undefined : readGatewayEui(bytes, HEADER_BYTES)
}

const jsonOf = (datagram: Datagram): Record<string, unknown> | undefined => {
  if (datagram.kind === 'PULL_RESP') return { txpk: txpkToJson(datagram.txpk) }
  if (datagram.kind === 'TX_ACK') return txAckToJson(datagram.ack)
  if (datagram.kind !== 'PUSH_DATA') return undefined
  return {
    ...(datagram.rxpk.length === 0 ? {} : { rxpk: datagram.rxpk.map(rxpkToJson) }),
    ...(datagram.stat === undefined ? {} : { stat: gatewayStatToJson(datagram.stat) }),
  }
}

/**
 * The bytes of a datagram; `parseDatagram` gives the same value back. Throws `SemtechUdpError` `DATAGRAM_TOO_LARGE`
 * where the packets do not fit one datagram, and `TOO_MANY_PACKETS` over {@link MAX_RXPK}.
 */
export const serializeDatagram = (datagram: Datagram): Uint8Array => {
  if (datagram.kind === 'PUSH_DATA' && datagram.rxpk.length > MAX_RXPK)
    throw new SemtechUdpError('TOO_MANY_PACKETS', {
      field: 'rxpk',
      value: datagram.rxpk,
      problem: `at most ${MAX_RXPK} packets fit one PUSH_DATA.`,
      fix: 'Split the packets over several datagrams.',
    })
  const eui = 'gatewayEui' in datagram ? gatewayEuiBytes(datagram.gatewayEui) : new Uint8Array(0)
  const json = jsonOf(datagram)
  const body = json === undefined ? new Uint8Array(0) : new TextEncoder().encode(JSON.stringify(json))
  const bytes = new Uint8Array(HEADER_BYTES + eui.length + body.length)
  if (bytes.length > MAX_DATAGRAM_BYTES)
    throw new SemtechUdpError('DATAGRAM_TOO_LARGE', {
      field: 'datagram',
      value: `${bytes.length} bytes`,
      problem: `UDP carries at most ${MAX_DATAGRAM_BYTES}.`,
      fix: 'Split the packets over several datagrams.',
    })
  bytes.set([
    datagram.version,
    datagram.token >> 8,
    datagram.token & 0xff,
    IDENTIFIERS.indexOf(datagram.kind),
  ])
  bytes.set(eui, HEADER_BYTES)
  bytes.set(body, HEADER_BYTES + eui.length)
  return bytes
}
