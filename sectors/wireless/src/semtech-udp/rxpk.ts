import { serializeBase64 } from './base64.ts'
import {
  type CodingRate,
  type DataRate,
  parseCodingRate,
  parseDataRate,
  serializeDataRate,
} from './data-rate.ts'
import {
  hasField,
  invalidField,
  type JsonFields,
  optional,
  parseInteger,
  parseObject,
  parseOneOf,
  parseScaled,
  type Range,
  U32,
} from './json-fields.ts'
import { parseRadioPayload } from './radio-payload.ts'
import { parsePacketTimeUs, serializePacketTime } from './time-text.ts'

/** The physical-layer CRC of a received packet. */
export type CrcStatus = 'ok' | 'bad' | 'none'

/**
 * One packet received by radio (`rxpk`), all values integers. Names and meaning:
 * Lora-net/packet_forwarder:PROTOCOL.TXT §4 and Lora-net/sx1302_hal:packet_forwarder/PROTOCOL.md §4.
 */
export type Rxpk = {
  /** `tmst`: the concentrator's counter when reception ended, microseconds, wraps at 2^32 (71.6 minutes). */
  readonly tmst: number
  /** `time`: Unix microseconds, UTC; only gateways with a clock disciplined by GNSS send it. */
  readonly timeUs?: number
  /** `tmms`: milliseconds since the GPS epoch (6 January 1980), no leap seconds. */
  readonly tmms?: number
  /** `ftime`: the fine timestamp, nanoseconds since the last GPS second; bounded as u32 because v2 gateways exceed 10^9. */
  readonly fineTimeNs?: number
  readonly frequencyHz: number
  /** `foff`: the transmitter's offset from the channel. */
  readonly frequencyOffsetHz?: number
  /** `chan`: the concentrator's IF channel. */
  readonly channel?: number
  /** `rfch`: the concentrator's RF chain. */
  readonly rfChain?: number
  readonly crcStatus: CrcStatus
  readonly dataRate: DataRate
  /** `codr`: LoRa only. */
  readonly codingRate?: CodingRate
  /** `rssi` (or `rssic`) of the channel, tenths of a dBm. */
  readonly rssiDeciDbm: number
  /** `rssis`: RSSI of the signal alone, tenths of a dBm. */
  readonly signalRssiDeciDbm?: number
  /** `lsnr`: tenths of a dB; LoRa only. */
  readonly snrDeciDb?: number
  /** `rsig[].ant`: the antenna that heard the packet best, where the gateway has several. */
  readonly antenna?: number
  readonly payload: Uint8Array
}

const FREQUENCY_HZ: Range = { min: 100_000_000, max: 3_000_000_000 }
const RSSI_DECI_DBM: Range = { min: -2000, max: 500 }
const SNR_DECI_DB: Range = { min: -600, max: 600 }
const OFFSET_HZ: Range = { min: -1_000_000, max: 1_000_000 }
const SMALL: Range = { min: 0, max: 255 }
const GPS_MS: Range = { min: 0, max: Number.MAX_SAFE_INTEGER }
const MAX_ANTENNAS = 16
const CRC_OF_STAT = { 1: 'ok', '-1': 'bad', 0: 'none' } as const
const STAT_OF_CRC: Readonly<Record<CrcStatus, number>> = { ok: 1, bad: -1, none: 0 }

type Signal = Pick<
  Rxpk,
  | 'channel'
  | 'rssiDeciDbm'
  | 'signalRssiDeciDbm'
  | 'snrDeciDb'
  | 'frequencyOffsetHz'
  | 'fineTimeNs'
  | 'antenna'
>

/** Leaves `undefined` members out, so that parsed values compare equal to written ones. */
const compact = <T extends object>(members: { [K in keyof T]: T[K] | undefined }): T => {
  // A fresh object, since V8 turns one whose members are deleted into a slow dictionary.
  const value: Partial<T> = {}
  for (const key in members) {
    const member = members[key]
    if (member !== undefined) value[key] = member
  }
  return value as T
}

const parseSignal = (fields: JsonFields, rssiField: 'rssi' | 'rssic', isLora: boolean): Signal =>
  compact<Signal>({
    channel: optional(fields, 'chan', () => parseInteger(fields, 'chan', SMALL)),
    rssiDeciDbm: parseScaled(fields, rssiField, 10, RSSI_DECI_DBM),
    signalRssiDeciDbm: optional(fields, 'rssis', () => parseScaled(fields, 'rssis', 10, RSSI_DECI_DBM)),
    snrDeciDb: isLora ? parseScaled(fields, 'lsnr', 10, SNR_DECI_DB) : undefined,
    frequencyOffsetHz: optional(fields, 'foff', () => parseScaled(fields, 'foff', 1, OFFSET_HZ)),
    fineTimeNs: optional(fields, 'ftime', () => parseInteger(fields, 'ftime', U32)),
    antenna: rssiField === 'rssic' ? parseInteger(fields, 'ant', SMALL) : undefined,
  })

/** Higher SNR is better, then higher RSSI; the first of equals stays, so the order in the datagram decides. */
const better = (a: Signal, b: Signal): boolean =>
  (a.snrDeciDb ?? 0) !== (b.snrDeciDb ?? 0)
    ? (a.snrDeciDb ?? 0) > (b.snrDeciDb ?? 0)
    : a.rssiDeciDbm > b.rssiDeciDbm

/** `rsig` holds one entry per antenna (v2 gateways); it replaces the fields of the same meaning on the packet itself. */
const parseBestSignal = (fields: JsonFields, isLora: boolean): Signal => {
  if (!hasField(fields, 'rsig')) return parseSignal(fields, 'rssi', isLora)
  const list = fields.object.rsig
  if (!Array.isArray(list) || list.length > MAX_ANTENNAS)
    throw invalidField(fields, 'rsig', `an array of at most ${MAX_ANTENNAS} antennas`)
  let best: Signal | undefined
  for (const [i, entry] of list.entries()) {
    const signal = parseSignal(parseObject(entry, `${fields.path}.rsig[${i}]`), 'rssic', isLora)
    if (best === undefined || better(signal, best)) best = signal
  }
  return best ?? parseSignal(fields, 'rssi', isLora)
}

/** Parses one element of `rxpk`; unknown fields are ignored. Throws `SemtechUdpError` naming the field. */
export const parseRxpk = (value: unknown, path: string): Rxpk => {
  const fields = parseObject(value, path)
  const dataRate = parseDataRate(fields)
  const isLora = dataRate.modulation === 'LORA'
  return compact<Rxpk>({
    tmst: parseInteger(fields, 'tmst', U32),
    timeUs: optional(fields, 'time', () => parsePacketTimeUs(fields, 'time')),
    tmms: optional(fields, 'tmms', () => parseInteger(fields, 'tmms', GPS_MS)),
    frequencyHz: parseScaled(fields, 'freq', 1_000_000, FREQUENCY_HZ),
    rfChain: optional(fields, 'rfch', () => parseInteger(fields, 'rfch', SMALL)),
    crcStatus: CRC_OF_STAT[parseOneOf(fields, 'stat', [1, -1, 0])],
    dataRate,
    codingRate: isLora ? parseCodingRate(fields) : undefined,
    payload: parseRadioPayload(fields),
    fineTimeNs: undefined,
    frequencyOffsetHz: undefined,
    channel: undefined,
    signalRssiDeciDbm: undefined,
    snrDeciDb: undefined,
    antenna: undefined,
    ...parseBestSignal(fields, isLora),
  })
}

const signalJson = (rxpk: Rxpk, rssiField: 'rssi' | 'rssic'): Record<string, unknown> => ({
  ant: rxpk.antenna,
  chan: rxpk.channel,
  [rssiField]: rxpk.rssiDeciDbm / 10,
  rssis: rxpk.signalRssiDeciDbm === undefined ? undefined : rxpk.signalRssiDeciDbm / 10,
  lsnr: rxpk.snrDeciDb === undefined ? undefined : rxpk.snrDeciDb / 10,
  foff: rxpk.frequencyOffsetHz,
  ftime: rxpk.fineTimeNs,
})

/** The JSON form of {@link Rxpk}; a packet with an antenna is written with a one-element `rsig`. */
export const rxpkToJson = (rxpk: Rxpk): Record<string, unknown> => ({
  time: rxpk.timeUs === undefined ? undefined : serializePacketTime(rxpk.timeUs),
  tmms: rxpk.tmms,
  tmst: rxpk.tmst,
  freq: rxpk.frequencyHz / 1_000_000,
  rfch: rxpk.rfChain,
  stat: STAT_OF_CRC[rxpk.crcStatus],
  modu: rxpk.dataRate.modulation,
  datr: serializeDataRate(rxpk.dataRate),
  codr: rxpk.codingRate,
  ...(rxpk.antenna === undefined ? signalJson(rxpk, 'rssi') : { rsig: [signalJson(rxpk, 'rssic')] }),
  size: rxpk.payload.length,
  data: serializeBase64(rxpk.payload),
})
