import { BaseError } from '@cairn/protocol'

/** Parameters of the wireless rules, set by governance. All integers. */
export interface WirelessParams {
  /** Bytes of PHYPayload that make one unit of work. */
  readonly unitBytes: number
  /** Receptions of one uplink that are paid: a tenant buys at most this many copies. */
  readonly maxCopies: number
  /** How far a reception's time may lie outside the epoch. */
  readonly receiveToleranceMs: number
  /** Uplink channels of the region, as [lowest, highest] centre frequencies. */
  readonly frequencyRangesHz: readonly (readonly [number, number])[]
  readonly minRssiDeciDbm: number
  readonly maxRssiDeciDbm: number
  /** How far below the demodulation floor of its spreading factor a packet may claim to have been heard. */
  readonly snrSlackDeciDb: number
}

/** EU868 (LoRaWAN Regional Parameters RP002), Helium's 24-byte unit. */
export const DEFAULT_PARAMS: WirelessParams = {
  unitBytes: 24,
  maxCopies: 16,
  receiveToleranceMs: 60_000,
  frequencyRangesHz: [[863_000_000, 870_000_000]],
  minRssiDeciDbm: -1500,
  maxRssiDeciDbm: 0,
  snrSlackDeciDb: 60,
}

export class WirelessParamsError extends BaseError {}

const RANGES: Record<Exclude<keyof WirelessParams, 'frequencyRangesHz'>, readonly [number, number]> = {
  unitBytes: [1, 255],
  maxCopies: [1, 1000],
  receiveToleranceMs: [0, 86_400_000],
  minRssiDeciDbm: [-2000, 0],
  maxRssiDeciDbm: [-2000, 500],
  snrSlackDeciDb: [0, 500],
}

/** @throws WirelessParamsError naming the first parameter that is missing, of the wrong kind or out of range */
export function parseParams(json: unknown): WirelessParams {
  if (typeof json !== 'object' || json === null) throw wrong('params', json, 'an object')
  const given = json as Record<string, unknown>
  const integers = Object.fromEntries(
    Object.entries(RANGES).map(([name, [least, most]]) => [
      name,
      parseInteger(name, given[name], least, most),
    ]),
  ) as unknown as Omit<WirelessParams, 'frequencyRangesHz'>
  for (const name of Object.keys(given)) {
    if (!(name in DEFAULT_PARAMS)) throw wrong(name, given[name], 'no such parameter')
  }
  return { ...integers, frequencyRangesHz: parseFrequencies(given.frequencyRangesHz) }
}

function parseFrequencies(value: unknown): WirelessParams['frequencyRangesHz'] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 16)
    throw wrong('frequencyRangesHz', value, '1 to 16 ranges [lowest, highest]')
  return value.map((range) => {
    if (!Array.isArray(range) || range.length !== 2)
      throw wrong('frequencyRangesHz', range, 'a range [lowest, highest] in Hz')
    const lowest = parseInteger('frequencyRangesHz', range[0], 0, 2 ** 32 - 1)
    return [lowest, parseInteger('frequencyRangesHz', range[1], lowest, 2 ** 32 - 1)] as const
  })
}

function parseInteger(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most)
    return value
  throw wrong(name, value, `an integer from ${least} to ${most}`)
}

function wrong(field: string, value: unknown, expected: string): WirelessParamsError {
  return new WirelessParamsError({
    code: 'wrong_parameter',
    field,
    value: String(value),
    message: `The wireless parameter "${field}" is ${JSON.stringify(value) ?? 'missing'}; expected ${expected}.`,
    fix: 'Start from the default parameters and change single values.',
  })
}
