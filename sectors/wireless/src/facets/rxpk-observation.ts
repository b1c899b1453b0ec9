import { encodePacket, parsePacket } from '../packet-observation.ts'
import type { Rxpk } from '../semtech-udp/rxpk.ts'

/** Why a received packet becomes no observation. */
export type UnreportableRxpk = 'notLora' | 'crcNotOk' | 'notLorawan'

/** The packet as an observation, or why there is none. Only what the sector can parse is worth a device's signature. */
export function observationOf(rxpk: Rxpk, receivedMs: number): Uint8Array | UnreportableRxpk {
  const { dataRate, crcStatus, snrDeciDb, tmst, frequencyHz, rssiDeciDbm, payload } = rxpk
  if (dataRate.modulation !== 'LORA' || snrDeciDb === undefined) return 'notLora'
  if (crcStatus !== 'ok') return 'crcNotOk'
  const { spreadingFactor, bandwidthHz } = dataRate
  const bytes = encodePacket({
    receivedMs,
    tmst,
    frequencyHz,
    rssiDeciDbm,
    snrDeciDb,
    spreadingFactor,
    bandwidthHz,
    phyPayload: payload,
  })
  try {
    parsePacket(bytes)
    return bytes
  } catch {
    return 'notLorawan'
  }
}
