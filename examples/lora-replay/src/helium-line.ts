import { z } from 'zod'
import { deriveGatewayEui, type Reception, type TraceLine } from './uplink.ts'

const u16 = z.int().min(0).max(0xffff)
const timeMs = z.int().min(0)

const hotspot = z.object({
  id: z.string().min(1).max(64),
  /** Megahertz, a 32-bit float widened, e.g. 868.2999877929688. */
  frequency: z.number().min(100).max(3000),
  rssi: z.number().min(-200).max(50),
  snr: z.number().min(-60).max(60),
  spreading: z.string().regex(/^SF(7|8|9|10|11|12)BW(125|250|500)$/),
  reported_at: timeMs,
})

const line = z.object({
  dev_eui: z.string().regex(/^[0-9A-Fa-f]{16}$/),
  devaddr: z.string().regex(/^[0-9A-Fa-f]{8}$/),
  fcnt: u16,
  port: z.int().min(0).max(255),
  payload_size: z.int().min(0).max(242),
  reported_at: timeMs,
  hotspots: z.array(hotspot).min(1).max(64),
})

/** LoRaWAN channels are multiples of 100 Hz; a 32-bit float of megahertz is up to 31 Hz off near 868 MHz. */
const channelHz = (megahertz: number): number => Math.round(megahertz * 10_000) * 100

const toReception = (heard: z.infer<typeof hotspot>): Reception => {
  const [spreadingFactor, bandwidthKhz] = heard.spreading.slice(2).split('BW').map(Number) as [number, number]
  return {
    gatewayId: heard.id,
    gatewayEui: deriveGatewayEui(heard.id),
    rssiDeciDbm: Math.round(heard.rssi * 10),
    snrDeciDb: Math.round(heard.snr * 10) + 0,
    frequencyHz: channelHz(heard.frequency),
    spreadingFactor,
    bandwidthHz: bandwidthKhz * 1000,
    timeMs: heard.reported_at,
  }
}

/** The recorded DevAddr is in wire order: reversed, every one starts with 48, as Helium's addresses do. */
const reverseHex = (hex: string): string => hex.toLowerCase().match(/../g)!.reverse().join('')

/**
 * Parses a line of a Helium HTTP integration as recorded by CampusIoT/datasets (`Helium/`, ODbL-1.0). Throws `ZodError`
 * on anything else.
 */
export const parseHeliumLine = (json: unknown): TraceLine => {
  const parsed = line.parse(json)
  return {
    kind: 'uplink',
    uplink: {
      deviceEui: parsed.dev_eui.toLowerCase(),
      devAddr: reverseHex(parsed.devaddr),
      fCnt: parsed.fcnt,
      port: parsed.port,
      payload: { sizeBytes: parsed.payload_size },
      timeMs: parsed.reported_at,
      receptions: parsed.hotspots.map(toReception),
    },
  }
}
