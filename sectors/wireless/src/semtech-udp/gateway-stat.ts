import { type JsonFields, optional, parseInteger, parseObject, parseScaled, U32 } from './json-fields.ts'
import { parseStatusTimeMs, serializeStatusTime } from './time-text.ts'

/**
 * A gateway's periodic status (`stat`), all values integers. Claims of the gateway about itself: nothing in the
 * protocol proves them. Lora-net/packet_forwarder:PROTOCOL.TXT §4, `temp` from Lora-net/sx1302_hal.
 */
export type GatewayStat = {
  /** `time`: the gateway's clock, Unix milliseconds (whole seconds on the wire). */
  readonly timeMs?: number
  /** `lati` in millionths of a degree, north positive. */
  readonly latitudeMicroDeg?: number
  /** `long` in millionths of a degree, east positive. */
  readonly longitudeMicroDeg?: number
  /** `alti` in metres. */
  readonly altitudeM?: number
  /** `rxnb`: packets received by radio since the last status. */
  readonly received?: number
  /** `rxok`: of these, with a valid CRC. */
  readonly receivedOk?: number
  /** `rxfw`: of these, forwarded. */
  readonly forwarded?: number
  /** `ackr`: datagrams acknowledged by the server, tenths of a percent. */
  readonly ackedPermille?: number
  /** `dwnb`: downlink datagrams received. */
  readonly downlinks?: number
  /** `txnb`: packets emitted. */
  readonly emitted?: number
  /** `temp`: tenths of a degree Celsius. */
  readonly temperatureDeciC?: number
}

const scaled =
  (name: string, scale: number, min: number, max: number) =>
  (fields: JsonFields): number | undefined =>
    optional(fields, name, () => parseScaled(fields, name, scale, { min: min * scale, max: max * scale }))

const count =
  (name: string) =>
  (fields: JsonFields): number | undefined =>
    optional(fields, name, () => parseInteger(fields, name, U32))

const READERS: { readonly [K in keyof GatewayStat]-?: (fields: JsonFields) => number | undefined } = {
  timeMs: (fields) => optional(fields, 'time', () => parseStatusTimeMs(fields, 'time')),
  latitudeMicroDeg: scaled('lati', 1_000_000, -90, 90),
  longitudeMicroDeg: scaled('long', 1_000_000, -180, 180),
  altitudeM: scaled('alti', 1, -10_000, 100_000),
  received: count('rxnb'),
  receivedOk: count('rxok'),
  forwarded: count('rxfw'),
  // Acknowledgements of the previous interval may arrive late, so forwarders do report a little more than 100 %.
  ackedPermille: scaled('ackr', 10, 0, 1000),
  downlinks: count('dwnb'),
  emitted: count('txnb'),
  temperatureDeciC: scaled('temp', 10, -300, 300),
}

/** Parses `stat`; every field is optional, unknown ones are ignored. Throws `SemtechUdpError` naming the field. */
export const parseGatewayStat = (value: unknown): GatewayStat => {
  const fields = parseObject(value, 'stat')
  const stat: Partial<Record<keyof GatewayStat, number>> = {}
  for (const [name, read] of Object.entries(READERS)) {
    const found = read(fields)
    if (found !== undefined) stat[name as keyof GatewayStat] = found
  }
  return stat as GatewayStat
}

const divided = (value: number | undefined, by: number): number | undefined =>
  value === undefined ? undefined : value / by

/** The JSON form of {@link GatewayStat}. */
export const gatewayStatToJson = (stat: GatewayStat): Record<string, unknown> => ({
  time: stat.timeMs === undefined ? undefined : serializeStatusTime(stat.timeMs),
  lati: divided(stat.latitudeMicroDeg, 1_000_000),
  long: divided(stat.longitudeMicroDeg, 1_000_000),
  alti: stat.altitudeM,
  rxnb: stat.received,
  rxok: stat.receivedOk,
  rxfw: stat.forwarded,
  ackr: divided(stat.ackedPermille, 10),
  dwnb: stat.downlinks,
  txnb: stat.emitted,
  temp: divided(stat.temperatureDeciC, 10),
})
