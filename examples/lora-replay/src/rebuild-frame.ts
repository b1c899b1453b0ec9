import { createHash } from 'node:crypto'
import type { Reception, Uplink } from './uplink.ts'

/**
 * What builds the frame, passed in by whoever composes the replay: the wireless sector's `buildDataFrame` with a cipher,
 * or another implementation to compare it with.
 */
export type BuildFrame = (plan: {
  readonly direction: 'up'
  readonly confirmed: boolean
  readonly devAddr: string
  readonly fCnt: number
  readonly fPort: number
  readonly payload: Uint8Array
  readonly payloadKey: Uint8Array
  readonly integrity: { readonly version: '1.0'; readonly nwkSKey: Uint8Array }
}) => Uint8Array

/** Stands in every key and every stand-in byte of a replay, so that none can be mistaken for the device's own. */
export const TEST_KEY_LABEL = 'cairn lora-replay test key, not a secret'

const derive = (purpose: string, { deviceEui }: Uplink, session: number): Buffer => {
  const join = session === 0 ? '' : `|session ${session}`
  return createHash('sha256').update(`${TEST_KEY_LABEL}|${purpose}|${deviceEui}${join}`).digest()
}

/** The keys and address a replayed device uses; derived from a label, known to everyone. */
export type TestSession = {
  readonly devAddr: string
  readonly nwkSKey: Uint8Array
  readonly appSKey: Uint8Array
}

/**
 * A session of an uplink's device, counted from 0: keys change when a device joins again. The recorded DevAddr is kept, a
 * missing one derived.
 */
export const deriveTestSession = (uplink: Uplink, session = 0): TestSession => ({
  devAddr: uplink.devAddr ?? derive('devAddr', uplink, session).toString('hex', 0, 4),
  nwkSKey: new Uint8Array(derive('nwkSKey', uplink, session).subarray(0, 16)),
  appSKey: new Uint8Array(derive('appSKey', uplink, session).subarray(0, 16)),
})

/** The recorded payload, or as many stand-in bytes as were recorded: SHA-256 of label, device and counter, repeated. */
const payloadOf = (uplink: Uplink): Uint8Array => {
  if ('bytes' in uplink.payload) return uplink.payload.bytes
  const digest = derive(`payload ${uplink.fCnt}`, uplink, 0)
  return Uint8Array.from({ length: uplink.payload.sizeBytes }, (_, i) => digest[i % digest.length]!)
}

/**
 * The PHYPayload of a recorded uplink, rebuilt: no trace holds the original bytes. Counter, port and size are the
 * recorded ones; encryption and MIC (LoRaWAN 1.0) are under {@link deriveTestSession}'s keys. The same uplink gives the
 * same bytes.
 */
export const rebuildFrame = (uplink: Uplink, build: BuildFrame, session = 0): Uint8Array => {
  const { devAddr, nwkSKey, appSKey } = deriveTestSession(uplink, session)
  return build({
    direction: 'up',
    confirmed: false,
    devAddr,
    fCnt: uplink.fCnt,
    fPort: uplink.port,
    payload: payloadOf(uplink),
    payloadKey: uplink.port === 0 ? nwkSKey : appSKey,
    integrity: { version: '1.0', nwkSKey },
  })
}

/**
 * What a packet forwarder would have sent for a reception, in the form of the wireless sector's `Rxpk`. The concentrator counter was not recorded: the time of the
 * reception (or of the uplink) in microseconds, modulo 2^32, stands for it.
 */
export const rebuildRxpk = (uplink: Uplink, reception: Reception, phyPayload: Uint8Array) => {
  const timeUs = (reception.timeMs ?? uplink.timeMs) * 1000
  return {
    tmst: timeUs % 0x1_0000_0000,
    ...(reception.timeMs === undefined ? {} : { timeUs }),
    frequencyHz: reception.frequencyHz,
    crcStatus: 'ok' as const,
    dataRate: {
      modulation: 'LORA' as const,
      spreadingFactor: reception.spreadingFactor,
      bandwidthHz: reception.bandwidthHz,
    },
    codingRate: '4/5' as const,
    rssiDeciDbm: reception.rssiDeciDbm,
    snrDeciDb: reception.snrDeciDb,
    payload: phyPayload,
  }
}
