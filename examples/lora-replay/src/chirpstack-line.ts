import { z } from 'zod'
import { deriveGatewayEui, type Reception, type TraceLine } from './uplink.ts'

const timeMs = z.int().min(0)

const status = z.object({ _topic: z.literal('application/status'), _timestamp: timeMs })

const heardBy = z.object({
  gatewayID: z.string().regex(/^[0-9a-f]{32}$/),
  rssi: z.number().min(-200).max(50),
  loRaSNR: z.number().min(-60).max(60),
  time: z.iso.datetime().optional(),
})

const uplink = z.object({
  _topic: z.literal('application/rx'),
  _timestamp: timeMs,
  devEUI: z.string().regex(/^[0-9A-Fa-f]{16}$/),
  fCnt: z.int().min(0).max(0xffff_ffff),
  fPort: z.int().min(0).max(255),
  /** Hex here, where ChirpStack itself writes base64. */
  data: z.string().regex(/^([0-9a-f]{2}){0,242}$/),
  txInfo: z.object({ frequency: z.int().min(100_000_000).max(3_000_000_000), dr: z.int().min(0).max(6) }),
  rxInfo: z.array(heardBy).min(1).max(64),
})

const line = z.discriminatedUnion('_topic', [status, uplink])

/** Uplink data rates 0 to 6 of EU863-870 (LoRa Alliance RP002, §2.4.3). */
const EU868 = [12, 11, 10, 9, 8, 7, 7].map((spreadingFactor, dataRate) => ({
  spreadingFactor,
  bandwidthHz: dataRate === 6 ? 250_000 : 125_000,
}))

const toReception = (
  heard: z.infer<typeof heardBy>,
  txInfo: z.infer<typeof uplink>['txInfo'],
): Reception => ({
  gatewayId: heard.gatewayID,
  gatewayEui: deriveGatewayEui(heard.gatewayID),
  rssiDeciDbm: Math.round(heard.rssi * 10),
  snrDeciDb: Math.round(heard.loRaSNR * 10) + 0,
  frequencyHz: txInfo.frequency,
  ...EU868[txInfo.dr]!,
  ...(heard.time === undefined ? {} : { timeMs: Date.parse(heard.time) }),
})

/**
 * Parses a line of a ChirpStack v3 application as recorded by CampusIoT/datasets (`SaintEynard/`, ODbL-1.0). Throws
 * `ZodError` on anything else.
 */
export const parseChirpstackLine = (json: unknown): TraceLine => {
  const parsed = line.parse(json)
  if (parsed._topic === 'application/status') return { kind: 'status', timeMs: parsed._timestamp }
  return {
    kind: 'uplink',
    uplink: {
      deviceEui: parsed.devEUI.toLowerCase(),
      fCnt: parsed.fCnt,
      port: parsed.fPort,
      payload: { bytes: new Uint8Array(Buffer.from(parsed.data, 'hex')) },
      timeMs: parsed._timestamp,
      receptions: parsed.rxInfo.map((heard) => toReception(heard, parsed.txInfo)),
    },
  }
}
