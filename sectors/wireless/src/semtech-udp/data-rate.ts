import { invalidField, type JsonFields, parseOneOf, readField } from './json-fields.ts'

/**
 * A data rate with its modulation. LoRa: spreading factor 5 to 12 and bandwidth 125, 250 or 500 kHz; FSK: bits per
 * second, 500 to 250 000 (Lora-net/lora_gateway:libloragw/inc/loragw_hal.h, `DR_FSK_MIN`, `DR_FSK_MAX`).
 */
export type DataRate =
  | { readonly modulation: 'LORA'; readonly spreadingFactor: number; readonly bandwidthHz: number }
  | { readonly modulation: 'FSK'; readonly bitrateBps: number }

/** LoRa coding rates of the protocol; `OFF` is what the reference forwarder writes for CR 0, a false sync. */
export type CodingRate = '4/5' | '4/6' | '4/7' | '4/8' | 'OFF'

const CODING_RATES: readonly CodingRate[] = ['4/5', '4/6', '4/7', '4/8', 'OFF']
const FSK_BITRATE = { min: 500, max: 250_000 }

/** Reads `modu` and `datr` together, since the second means something else for each value of the first. */
export const parseDataRate = (fields: JsonFields): DataRate => {
  const modulation = parseOneOf(fields, 'modu', ['LORA', 'FSK'])
  const datr = readField(fields, 'datr')
  if (modulation === 'FSK') {
    if (!Number.isInteger(datr) || (datr as number) < FSK_BITRATE.min || (datr as number) > FSK_BITRATE.max)
      throw invalidField(fields, 'datr', `a bit rate from ${FSK_BITRATE.min} to ${FSK_BITRATE.max}`)
    return { modulation, bitrateBps: datr as number }
  }
  const match = typeof datr === 'string' ? /^SF([5-9]|1[0-2])BW(125|250|500)$/.exec(datr) : null
  if (match === null)
    throw invalidField(fields, 'datr', 'SF5 to SF12 with BW125, BW250 or BW500, such as SF7BW125,')
  return { modulation, spreadingFactor: Number(match[1]), bandwidthHz: Number(match[2]) * 1000 }
}

/** The value of `datr`: a string for LoRa, a number for FSK. */
export const serializeDataRate = (rate: DataRate): string | number =>
  rate.modulation === 'FSK' ? rate.bitrateBps : `SF${rate.spreadingFactor}BW${rate.bandwidthHz / 1000}`

/** Reads `codr`. */
export const parseCodingRate = (fields: JsonFields): CodingRate => parseOneOf(fields, 'codr', CODING_RATES)
