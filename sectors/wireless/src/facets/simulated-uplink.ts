import { nodeAes128 } from '../lorawan/block-cipher.ts'
import { buildDataFrame } from '../lorawan/build-data-frame.ts'
import { createCipherCache } from '../lorawan/cipher-cache.ts'

/** What a simulated end device sends. */
export interface SimulatedUplink {
  /** Number of the end device, from 0. */
  readonly endDevice: number
  /** The whole frame counter. */
  readonly fCnt: number
  readonly direction?: 'up' | 'down'
  /** Application payload, at most 222 bytes. */
  readonly payload: Uint8Array
}

const cipher = createCipherCache(nodeAes128, 256)

/**
 * A well-formed LoRaWAN 1.0 data frame of a simulated end device, with a MIC under keys that say "simulated". DevAddrs are of
 * NetID 000000, which is kept for experiments, so no tenant's traffic looks like it.
 */
export function buildSimulatedUplink({
  endDevice,
  fCnt,
  direction = 'up',
  payload,
}: SimulatedUplink): Uint8Array {
  const key = keyOf(endDevice)
  return buildDataFrame(cipher, {
    direction,
    confirmed: false,
    devAddr: (endDevice & 0x1ffffff).toString(16).padStart(8, '0'),
    fCnt,
    fPort: 1,
    payload,
    payloadKey: key,
    integrity: { version: '1.0', nwkSKey: key },
  })
}

function keyOf(endDevice: number): Uint8Array {
  const key = new TextEncoder().encode('simulated-key-00')
  new DataView(key.buffer).setUint32(12, endDevice)
  return key
}
