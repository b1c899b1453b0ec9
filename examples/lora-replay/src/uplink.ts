import { createHash } from 'node:crypto'

/** One gateway's reception of an uplink; radio values in the units of the wireless sector's `Rxpk`. */
export type Reception = {
  /** As recorded: base58 (Helium) or 32 hex digits (Saint-Eynard, pseudonymized at the source). */
  readonly gatewayId: string
  /** An EUI-64 standing for the id, see {@link deriveGatewayEui}; 16 hex digits. */
  readonly gatewayEui: string
  /** Tenths of a dBm. */
  readonly rssiDeciDbm: number
  /** Tenths of a dB. */
  readonly snrDeciDb: number
  readonly frequencyHz: number
  readonly spreadingFactor: number
  readonly bandwidthHz: number
  /** When the gateway says it heard the frame, Unix milliseconds; two in five Saint-Eynard receptions lack it. */
  readonly timeMs?: number
}

/** One recorded LoRaWAN uplink with every reception of it, in the order recorded. A gateway may occur twice. */
export type Uplink = {
  /** 16 lower-case hex digits. */
  readonly deviceEui: string
  /** Eight lower-case hex digits, most significant byte first; absent from the Saint-Eynard trace. */
  readonly devAddr?: string
  readonly fCnt: number
  readonly port: number
  /** The decrypted application payload where it was recorded, else only its size. */
  readonly payload: { readonly bytes: Uint8Array } | { readonly sizeBytes: number }
  /** When the network reported the frame, Unix milliseconds. */
  readonly timeMs: number
  readonly receptions: readonly Reception[]
}

/** A line of a trace. Status messages tell a device's battery, not a frame, and carry nothing to replay. */
export type TraceLine =
  | { readonly kind: 'uplink'; readonly uplink: Uplink }
  | { readonly kind: 'status'; readonly timeMs: number }

/** The recorded ids are no EUI-64, so gateways are replayed under the first eight bytes of SHA-256 of the id. */
export const deriveGatewayEui = (gatewayId: string): string =>
  createHash('sha256').update(gatewayId).digest('hex').slice(0, 16)
