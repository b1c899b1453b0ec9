import { serializeBase64 } from './base64.ts'
import {
  type CodingRate,
  type DataRate,
  parseCodingRate,
  parseDataRate,
  serializeDataRate,
} from './data-rate.ts'
import { SemtechUdpError } from './error.ts'
import {
  hasField,
  type JsonFields,
  optional,
  parseFlag,
  parseInteger,
  parseObject,
  parseScaled,
  U32,
} from './json-fields.ts'
import { parseRadioPayload } from './radio-payload.ts'

/** When the gateway emits: at once, at a value of its concentrator counter, or at a GPS time (milliseconds). */
export type TxTiming =
  | { readonly kind: 'immediate' }
  | { readonly kind: 'counter'; readonly tmst: number }
  | { readonly kind: 'gps'; readonly tmms: number }

/**
 * A packet for the gateway to emit (`txpk`), all values integers.
 * Lora-net/sx1302_hal:packet_forwarder/PROTOCOL.md §6.
 */
export type Txpk = {
  readonly timing: TxTiming
  readonly frequencyHz: number
  /** `rfch`: the RF chain that emits. */
  readonly rfChain: number
  /** `powe`; absent means the gateway's default. */
  readonly powerDbm?: number
  readonly dataRate: DataRate
  /** `codr`: LoRa only. */
  readonly codingRate?: CodingRate
  /** `fdev`: FSK only. */
  readonly frequencyDeviationHz?: number
  /** `ipol`: true for LoRaWAN downlinks, false for what other gateways shall hear. */
  readonly invertPolarity: boolean
  /** `prea`: preamble symbols; absent means the gateway's default (8). */
  readonly preambleSymbols?: number
  /** `ncrc`: true leaves the physical-layer CRC out, as LoRaWAN downlinks do. */
  readonly noCrc: boolean
  readonly payload: Uint8Array
}

const parseTiming = (fields: JsonFields): TxTiming => {
  // Precedence of the protocol document: imme ignores tmst and tmms, tmst ignores tmms.
  if (parseFlag(fields, 'imme', false)) return { kind: 'immediate' }
  if (hasField(fields, 'tmst')) return { kind: 'counter', tmst: parseInteger(fields, 'tmst', U32) }
  if (hasField(fields, 'tmms'))
    return { kind: 'gps', tmms: parseInteger(fields, 'tmms', { min: 0, max: Number.MAX_SAFE_INTEGER }) }
  throw new SemtechUdpError('FIELD_MISSING', {
    field: `${fields.path}.tmst`,
    value: undefined,
    problem: 'nothing says when to emit.',
    fix: 'Send imme, tmst or tmms.',
  })
}

/** Parses `txpk`; unknown fields are ignored. Throws `SemtechUdpError` naming the field. */
export const parseTxpk = (value: unknown): Txpk => {
  const fields = parseObject(value, 'txpk')
  const dataRate = parseDataRate(fields)
  const powerDbm = optional(fields, 'powe', () => parseInteger(fields, 'powe', { min: -30, max: 40 }))
  const preamble = optional(fields, 'prea', () => parseInteger(fields, 'prea', { min: 0, max: 0xffff }))
  return {
    timing: parseTiming(fields),
    frequencyHz: parseScaled(fields, 'freq', 1_000_000, { min: 100_000_000, max: 3_000_000_000 }),
    rfChain: optional(fields, 'rfch', () => parseInteger(fields, 'rfch', { min: 0, max: 255 })) ?? 0,
    ...(powerDbm === undefined ? {} : { powerDbm }),
    dataRate,
    ...(dataRate.modulation === 'LORA'
      ? { codingRate: parseCodingRate(fields) }
      : { frequencyDeviationHz: parseInteger(fields, 'fdev', { min: 0, max: 250_000 }) }),
    invertPolarity: parseFlag(fields, 'ipol', false),
    ...(preamble === undefined ? {} : { preambleSymbols: preamble }),
    noCrc: parseFlag(fields, 'ncrc', false),
    payload: parseRadioPayload(fields),
  }
}

/** The JSON form of {@link Txpk}. */
export const txpkToJson = (txpk: Txpk): Record<string, unknown> => ({
  imme: txpk.timing.kind === 'immediate' ? true : undefined,
  tmst: txpk.timing.kind === 'counter' ? txpk.timing.tmst : undefined,
  tmms: txpk.timing.kind === 'gps' ? txpk.timing.tmms : undefined,
  freq: txpk.frequencyHz / 1_000_000,
  rfch: txpk.rfChain,
  powe: txpk.powerDbm,
  modu: txpk.dataRate.modulation,
  datr: serializeDataRate(txpk.dataRate),
  codr: txpk.codingRate,
  fdev: txpk.frequencyDeviationHz,
  ipol: txpk.invertPolarity,
  prea: txpk.preambleSymbols,
  ncrc: txpk.noCrc ? true : undefined,
  size: txpk.payload.length,
  data: serializeBase64(txpk.payload),
})
