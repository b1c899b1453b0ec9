import { type DeviceKey, type Hex, toHex } from '@cairn/protocol'

/** A device key as the contracts take it. */
export function encodeDeviceKey({ x, y }: DeviceKey): { x: Hex; y: Hex } {
  return { x: toHex(x), y: toHex(y) }
}

/** A P-256 signature, r ‖ s in 64 bytes, as the contracts take it. */
export function encodeP256Signature(signature: Uint8Array): { r: Hex; s: Hex } {
  return { r: toHex(signature.subarray(0, 32)), s: toHex(signature.subarray(32, 64)) }
}
